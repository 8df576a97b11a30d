from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from grader.checks.remote import Observed
from grader.errors import SubmissionError
from grader.judge.diagnosis import Diagnoser
from grader.model import CheckResult, Course, Exercise, Explanation, Grade, Misconception, Text, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Reply
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_text


def named(grade: Grade) -> dict[str, str]:
    return {
        result.name: result.misconception.id for result in grade.checks if result.misconception is not None
    }


MEAN = """
def max_pool(x):
    return (x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]) / 4
"""


def test_a_known_wrong_answer_is_named_however_it_is_written(tiny: Course, tmp_path: Path) -> None:
    grade = grade_text(tiny, FakeRunner(), tmp_path, MEAN, exercise=2)
    failed = [result.name for result in grade.checks if result.verdict is Verdict.FAILED]
    assert failed
    assert named(grade) == dict.fromkeys(failed, "mean-instead-of-max")


def test_an_unknown_mistake_is_not_named(tiny: Course, tmp_path: Path) -> None:
    code = "def max_pool(x):\n    return x[:, ::2, ::2] * 0 - 77\n"
    assert named(grade_text(tiny, FakeRunner(), tmp_path, code, exercise=2)) == {}


def test_a_right_answer_asks_no_misconception(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner()
    code = "def max_pool(x):\n    return x.reshape(1, 2, 2, 2, 2, 1).max(axis=(2, 4))\n"
    grade = grade_text(tiny, runner, tmp_path, code, exercise=2)
    assert grade.verdict is Verdict.PASSED
    assert named(grade) == {}


RESULT = CheckResult(
    "test_a", Text({"en": "a", "ko": "가"}), True, 1, 0, Verdict.FAILED, Explanation("tensor.values")
)


def call(value: object, *args: object, target: wire.Handle | None = None) -> Observed:
    return Observed(Call("f", args, target=target), value)


REFERENCE = "what the reference returns"


class Scripted:
    """Answers for misconceptions: `functions[id](*args)`; the reference has one answer to everything."""

    def __init__(self, **functions: object) -> None:
        self.functions = functions
        self.chosen = ""
        self.generation = 1
        self.asked: list[str] = []

    def misconceptions(self) -> tuple[Misconception, ...]:
        return tuple(Misconception(name, Text({"en": name, "ko": name}), ("f",)) for name in self.functions)

    def choose(self, misconception: str) -> None:
        self.chosen = misconception

    def call(self, call: Call) -> Reply:
        self.asked.append(self.chosen)
        answer = self.functions.get(self.chosen, REFERENCE)
        value = answer(*call.args) if callable(answer) else answer
        if isinstance(value, SubmissionError):
            raise value
        return Reply(value)


def give(impostor: Scripted, exercise: Exercise) -> Scripted:
    return impostor


def diagnosed(impostor: Scripted, *checks: tuple[Observed, ...], course: Course) -> list[str | None]:
    diagnoser = Diagnoser(lambda exercise: impostor)
    results = diagnoser.diagnose(course.exercises[0], [RESULT] * len(checks), checks)
    return [result.misconception.id if result.misconception else None for result in results]


def test_it_must_agree_on_every_call_of_the_check(tiny: Course) -> None:
    impostor = Scripted(half=lambda x: x / 2)
    assert diagnosed(impostor, (call(2.0, 4.0), call(3.0, 6.0)), course=tiny) == ["half"]
    assert diagnosed(impostor, (call(2.0, 4.0), call(3.5, 6.0)), course=tiny) == [None]


def test_of_several_the_one_that_explains_more_checks_is_named(tiny: Course) -> None:
    impostor = Scripted(two=2.0, half=lambda x: x / 2)
    assert diagnosed(impostor, (call(2.0, 4.0),), (call(5.0, 10.0),), course=tiny) == ["half", "half"]


def test_rounding_does_not_hide_a_mistake(tiny: Course) -> None:
    impostor = Scripted(third=lambda x: np.float32(x) / np.float32(3))
    assert diagnosed(impostor, (call(np.array(1 / 3), 1.0),), course=tiny) == ["third"]


@pytest.mark.parametrize("value", [np.array([1, 2]), np.array([[1.0, 2.0]]), [1.0, 2.0], None])
def test_another_kind_of_number_shape_or_type_does_not_agree(tiny: Course, value: object) -> None:
    impostor = Scripted(floats=lambda: np.array([1.0, 2.0]))
    assert diagnosed(impostor, (call(value),), course=tiny) == [None]


def test_the_same_call_is_made_once_for_a_class(tiny: Course) -> None:
    impostor = Scripted(half=lambda x: x / 2)
    diagnoser = Diagnoser(lambda exercise: impostor)
    for _ in range(5):
        diagnoser.diagnose(tiny.exercises[0], [RESULT], [(call(2.0, 4.0),)])
    assert impostor.asked == ["half", ""]


def test_a_misconception_of_another_function_is_not_asked(tiny: Course) -> None:
    class Other(Scripted):
        def misconceptions(self) -> tuple[Misconception, ...]:
            return (Misconception("other", Text({"en": "a", "ko": "가"}), ("g",)),)

    impostor = Other(other=2.0)
    assert diagnosed(impostor, (call(2.0, 4.0),), course=tiny) == [None]
    assert impostor.asked == []


def test_random_numbers_of_a_layer_say_nothing(tiny: Course) -> None:
    numbers = iter(range(100))
    handle = wire.Handle(0, "Dense")
    impostor = Scripted(
        layer=lambda *args: np.array([float(next(numbers))]) if args else wire.Handle(7, "Dense")
    )
    log = (call(handle), call(np.array([0.25]), 1.0, target=handle))
    assert diagnosed(impostor, log, course=tiny) == ["layer"]
    other_shape = (call(handle), call(np.array([0.25, 0.5]), 1.0, target=handle))
    assert diagnosed(impostor, other_shape, course=tiny) == [None]


RAISED = SubmissionError(Verdict.ERROR, Explanation("submission.raised"), type_names=("IndexError",))


def test_the_same_exception_alone_is_no_evidence(tiny: Course) -> None:
    impostor = Scripted(raises=lambda x: RAISED)
    assert diagnosed(impostor, (call(RAISED, 1.0),), course=tiny) == [None]


def test_the_same_exception_counts_where_all_else_agrees(tiny: Course) -> None:
    impostor = Scripted(three=lambda x: RAISED if x == 1.0 else x * 3)
    checks = ((call(RAISED, 1.0),), (call(6.0, 2.0),))
    assert diagnosed(impostor, *checks, course=tiny) == ["three", "three"]


def test_a_misconception_that_cannot_be_asked_explains_nothing(tiny: Course) -> None:
    class Dead(Scripted):
        def choose(self, misconception: str) -> None:
            raise SubmissionError(Verdict.MEMORY, Explanation("submission.memory", {"mib": 1}))

    assert diagnosed(Dead(half=lambda x: x / 2), (call(2.0, 4.0),), course=tiny) == [None]


def test_a_slow_call_is_not_repeated_for_every_misconception(tiny: Course) -> None:
    slow = Observed(Call("f", (4.0,)), 2.0, seconds=9.0)
    for patience, expected in ((float("inf"), "half"), (0.5, None)):
        impostor = Scripted(half=lambda x: x / 2)
        diagnoser = Diagnoser(partial(give, impostor), patience=patience)
        result = diagnoser.diagnose(tiny.exercises[0], [RESULT], [(slow,)])[0]
        assert (result.misconception.id if result.misconception else None) == expected
        assert bool(impostor.asked) == (expected is not None)


def test_a_misconception_that_is_slow_is_asked_once_and_claims_nothing(tiny: Course) -> None:
    impostor = Scripted(first=lambda x: x / 2, second=lambda x: x / 2)
    diagnoser = Diagnoser(partial(give, impostor), patience=-1.0)
    instant = Observed(Call("f", (4.0,)), 2.0, seconds=-2.0)
    result = diagnoser.diagnose(tiny.exercises[0], [RESULT], [(instant,)])[0]
    assert result.misconception is None
    assert impostor.asked == ["first"]
