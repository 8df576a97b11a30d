from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.remote import Observed
from grader.errors import SubmissionError
from grader.judge.agreement import agree
from grader.judge.diagnosis import Diagnoser
from grader.judge.evidence import Outcome
from grader.model import (
    CheckResult,
    Course,
    Exercise,
    Explanation,
    Grade,
    Misconception,
    Source,
    Text,
    Unit,
    Verdict,
)
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Candidate, Reply, TooSlow
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_text


def named(grade: Grade) -> dict[str, str]:
    return {
        result.name: result.misconception.id for result in grade.checks if result.misconception is not None
    }


def both(name: str) -> dict[str, str]:
    return {"test_example": name, "test_random": name}


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
    code = "def max_pool(x):\n    return x[:, ::2, ::2] * 3 - 77\n"
    assert named(grade_text(tiny, FakeRunner(), tmp_path, code, exercise=2)) == {}


def test_a_right_answer_asks_for_nothing(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner()
    code = "def max_pool(x):\n    return x.reshape(1, 2, 2, 2, 2, 1).max(axis=(2, 4))\n"
    grade = grade_text(tiny, runner, tmp_path, code, exercise=2)
    assert grade.verdict is Verdict.PASSED
    assert named(grade) == {}
    assert runner.calls == ["max_pool"] * 3


LOOPS = """
import numpy as np
def max_pool(x):
    rows, columns = {rows}, {columns}
    result = np.zeros({shape}, x.dtype)
    for i in range(rows):
        for j in range(columns):
            result[0, i, j] = x[0, {step}i:{step}i + 2, {step}j:{step}j + 2].{reduce}()
    return {result}
"""
RIGHT = {
    "rows": "x.shape[1] // 2",
    "columns": "x.shape[2] // 2",
    "shape": "(1, rows, columns, 1)",
    "step": "2 * ",
    "reduce": "max",
    "result": "result",
}


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"reduce": "min"}, "min-instead-of-max"),
        ({"step": ""}, "windows-overlap"),
        ({"rows": "x.shape[1] // 2 - 1"}, "last-window-lost-in-rows"),
        (
            {"rows": "x.shape[1] // 2 - 1", "shape": "(1, rows + 1, columns, 1)"},
            "last-window-lost-in-rows-rest-stays-zero",
        ),
        ({"columns": "x.shape[2] // 2 - 1"}, "last-window-lost-in-columns"),
    ],
)
def test_a_mistake_of_the_family_is_named(
    wrong: dict[str, str], name: str, tiny: Course, tmp_path: Path
) -> None:
    grade = grade_text(tiny, FakeRunner(), tmp_path, LOOPS.format(**{**RIGHT, **wrong}), exercise=3)
    failed = [result.name for result in grade.checks if result.verdict is not Verdict.PASSED]
    assert failed
    assert named(grade) == dict.fromkeys(failed, name)


def test_what_a_family_knows_is_nothing_elsewhere(tiny: Course, tmp_path: Path) -> None:
    code = LOOPS.format(**{**RIGHT, "reduce": "min"})
    said = named(grade_text(tiny, FakeRunner(), tmp_path, code, exercise=2))
    assert set(said.values()) == {"numbers-too-small"}


def test_a_mistake_that_keeps_something_is_told_by_the_order_of_the_calls(
    tiny: Course, tmp_path: Path
) -> None:
    right = LOOPS.format(**RIGHT).replace("max_pool", "right")
    code = f"""{right}
kept = {{}}
def max_pool(x):
    result = right(x)
    if "last" in kept and kept["last"].shape == result.shape:
        result = np.maximum(result, kept["last"])
    kept["last"] = result
    return result
"""
    exercise = tiny.exercises[2]
    calls = [
        (np.arange(16).reshape(1, 4, 4, 1) * sign + shift) for sign, shift in ((1, 0), (-1, 3), (-1, 90))
    ]
    session = FakeRunner().open(Source((Unit("answer.py", code),)), exercise.limits)
    observed = [
        Observed(Call("max_pool", (x,)), session.call(Call("max_pool", (x.copy(),))).value) for x in calls
    ]
    session.close()
    from grader.judge.reference import read_reference

    reference = FakeRunner().open(read_reference(exercise), exercise.limits)
    results = [RESULT, replace(RESULT, name="test_b"), replace(RESULT, name="test_c")]
    told = Diagnoser(lambda exercise: reference).diagnose(exercise, results, [(item,) for item in observed])
    reference.close()
    assert [item.misconception and item.misconception.id for item in told] == [
        None,
        "keeps-the-last-image",
        None,
    ]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("np.zeros((1, x.shape[1] // 2, x.shape[2] // 2, 1), x.dtype)", "zeros-returned"),
        ("np.full((1, x.shape[1] // 2, x.shape[2] // 2, 1), 7)", "input-not-used"),
        ("x[:, :0]", "empty-result"),
        ("x[:, 1::2, 1::2] * count()", "another-at-the-next-call"),
    ],
)
def test_where_no_mistake_is_known_what_is_seen_is_said(
    body: str, name: str, tiny: Course, tmp_path: Path
) -> None:
    code = f"import itertools\nimport numpy as np\ncount = itertools.count(3).__next__\ndef max_pool(x):\n    return {body}\n"
    assert named(grade_text(tiny, FakeRunner(), tmp_path, code, exercise=3)) == both(name)


def test_one_that_ended_its_process_is_asked_no_more(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner({"max_pool": Verdict.CRASHED})
    grade_text(tiny, runner, tmp_path, LOOPS.format(**RIGHT), exercise=3)
    assert runner.calls == ["max_pool"] * 2


def test_a_mistake_in_the_examples_alone_is_not_the_one_that_it_looks_like(
    tiny: Course, tmp_path: Path
) -> None:
    """A probe refutes it: both checks are as if each window gave its smallest value."""
    small = LOOPS.format(**{**RIGHT, "reduce": "min"}).replace("max_pool", "small")
    code = f"{small}\ndef max_pool(x):\n    return small(x) if abs(x).max() < 99 else x[:, ::2, ::2]\n"
    assert named(grade_text(tiny, FakeRunner(), tmp_path, code, exercise=3)) == {}


def test_a_relation_is_told_where_a_probe_confirms_it(tiny: Course, tmp_path: Path) -> None:
    def relations(result: str) -> list[str | None]:
        code = LOOPS.format(**{**RIGHT, "result": result})
        checks = grade_text(tiny, FakeRunner(), tmp_path, code, exercise=3).checks
        found = [item.explanation.difference for item in checks if item.explanation is not None]
        return [item.relation.key if item and item.relation else None for item in found]

    assert relations("2 * result") == ["relation.scaled"] * 2
    # 6, 8, 16, 18 and 8, 10, 18, 20: the example alone looks shifted by two.
    assert relations("result + 2 if x.max() == 24 else result - x[0, 0, 0, 0]") == [None, None]


RESULT = CheckResult(
    "test_a", Text({"en": "a", "ko": "가"}), True, 1, 0, Verdict.FAILED, Explanation("tensor.values")
)
PASSED = replace(RESULT, name="test_p", verdict=Verdict.PASSED, explanation=None)
LETTERS = "check failed on purpose"


def call(value: object, *args: object, target: wire.Handle | None = None, **notes: Any) -> Observed:
    return Observed(Call("f", args, target=target), value, **notes)


def three(change: float = 0.0) -> np.ndarray:
    return np.array([1.0, 2.0, 3.0]) + change


class Scripted:
    """Answers for known mistakes, `functions[id](*args)`, and for the reference."""

    def __init__(
        self, right: Any = None, *, memory: bool = False, works_only: bool = False, **functions: Any
    ):
        self.right = right if right is not None else lambda *args: three()
        self.functions = functions
        self.memory, self.works_only = memory, works_only
        self.asked: list[str] = []
        self.second = ""

    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(
                name,
                Misconception(name, Text({"en": name, "ko": name}), ("f",)),
                memory=self.memory,
                works_only=self.works_only,
            )
            for name in self.functions
        )

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Outcome]]:
        self.asked += candidates
        return [[self.answer(key, call) for calls in sequences for call in calls] for key in candidates]

    def answer(self, key: str, call: Call) -> Outcome:
        function = self.functions[key] if key else self.right
        value = function(*call.args)
        return value if isinstance(value, SubmissionError | TooSlow | Reply) else Reply(value)


def give(impostor: Scripted, exercise: Exercise) -> Scripted:
    return impostor


def diagnosed(
    impostor: Scripted,
    *checks: tuple[Observed, ...],
    course: Course,
    results: Sequence[CheckResult] | None = None,
) -> list[str | None]:
    diagnoser = Diagnoser(lambda exercise: impostor)
    told = diagnoser.diagnose(course.exercises[0], results or [RESULT] * len(checks), checks)
    return [result.misconception.id if result.misconception else None for result in told]


def test_it_must_agree_on_every_call_of_every_check(tiny: Course) -> None:
    impostor = Scripted(more=lambda x: three(x))
    assert diagnosed(impostor, (call(three(4), 4.0), call(three(6), 6.0)), course=tiny) == ["more"]
    assert diagnosed(impostor, (call(three(4), 4.0), call(three(7), 6.0)), course=tiny) == [None]
    assert diagnosed(impostor, (call(three(4), 4.0),), (call(three(7), 6.0),), course=tiny) == [None, None]


def test_a_check_that_passed_refutes(tiny: Course) -> None:
    impostor = Scripted(more=lambda x: three(x))
    checks = (call(three(4), 4.0),), (call(three(), 6.0),)
    assert diagnosed(impostor, *checks, course=tiny, results=[RESULT, PASSED]) == [None, None]
    # It is right there too.
    impostor = Scripted(more=lambda x: three(x if x < 5 else 0))
    assert diagnosed(impostor, *checks, course=tiny, results=[RESULT, PASSED]) == ["more", None]


def test_of_several_the_first_is_named(tiny: Course) -> None:
    impostor = Scripted(wrong=lambda x: three(9), one=lambda x: three(x), two=lambda x: three(x))
    assert diagnosed(impostor, (call(three(4), 4.0),), course=tiny) == ["one"]


def test_three_different_wrong_numbers_are_needed(tiny: Course) -> None:
    def given(*numbers: float) -> list[str | None]:
        impostor = Scripted(known=lambda x: np.array(numbers))
        return diagnosed(impostor, (call(np.array(numbers), three()),), course=tiny)

    assert given(7.0, 7.0, 3.0) == [None]
    # The same number in place of three different ones is as much as three numbers.
    assert given(7.0, 7.0, 7.0) == ["known"]
    # Another shape counts for one.
    assert given(7.0, 7.0) == [None]
    assert given(7.0, 8.0) == ["known"]


def test_a_tensor_that_is_made_of_nothing_is_known_by_all_its_numbers(tiny: Course) -> None:
    impostor = Scripted(known=lambda: np.array([3.0, 2.0, 1.0]))
    assert diagnosed(impostor, (call(np.array([3.0, 2.0, 1.0])),), course=tiny) == ["known"]
    assert diagnosed(impostor, (call(np.array([3.0, 2.0, 2.0])),), course=tiny) == [None]


def test_rounding_does_not_hide_a_mistake(tiny: Course) -> None:
    impostor = Scripted(third=lambda x: three().astype(np.float32) / np.float32(3))
    assert diagnosed(impostor, (call(three() / 3, 1.0),), course=tiny) == ["third"]


@pytest.mark.parametrize("value", [np.array([[9.0, 8.0, 7.0]]), [9.0, 8.0, 7.0], None, np.array([9.0, 8.0])])
def test_another_shape_or_type_does_not_agree(tiny: Course, value: object) -> None:
    impostor = Scripted(known=lambda: np.array([9.0, 8.0, 7.0]))
    assert "known" not in diagnosed(impostor, (call(value),), course=tiny)


def test_the_dtype_counts_where_the_check_asked_and_the_values_are_right(tiny: Course) -> None:
    ints = three().astype(np.int64)
    impostor = Scripted(right=lambda: ints, floats=lambda: three())

    def given(value: np.ndarray, *, has_dtype: bool) -> list[str | None]:
        observed = call(value, has_dtype=has_dtype, tolerance=(1e-5, 1e-5))
        return diagnosed(impostor, (observed,), course=tiny)

    assert given(three(), has_dtype=True) == ["floats"]
    assert given(three().astype(np.float32), has_dtype=True) == [None]
    assert given(three(), has_dtype=False) == [None]
    # Where the values are wrong already the dtype is another matter.
    impostor = Scripted(right=lambda: ints, other=lambda: ints + 7)
    assert given(three(7.0), has_dtype=True) == ["other"]


def test_a_dtype_beside_wrong_values_is_told_too(tiny: Course) -> None:
    ints = three().astype(np.int64)
    impostor = Scripted(right=lambda x: ints, more=lambda x: ints + x)
    asked: dict[str, Any] = {"has_dtype": True, "tolerance": (1e-5, 1e-5)}
    checks = (call(three(4), 4, **asked),), (call(three(), 0, **asked),)
    assert diagnosed(impostor, *checks, course=tiny) == ["more-and-another-dtype-float64"] * 2
    # The values must be explained nevertheless, and what is wrong beside them be told.
    assert diagnosed(impostor, *checks, (call(three(7), 6, **asked),), course=tiny) == [None] * 3
    assert diagnosed(impostor, (call(three(4), 4),), (call(three(1), 0),), course=tiny) == [None, None]


def test_what_is_not_refused_is_told_beside_wrong_values(tiny: Course) -> None:
    impostor = Scripted(
        right=lambda x: raised(kind="ValueError") if x < 0 else three(),
        more=lambda x: raised(kind="ValueError") if x < 0 else three(x),
    )
    checks = (call(three(4), 4.0),), (call(three(), -1.0),)
    assert diagnosed(impostor, *checks, course=tiny) == ["more-and-answered-anyway"] * 2


def test_two_at_once_are_named_where_none_alone_explains_it(tiny: Course) -> None:
    class Paired(Scripted):
        def candidates(self) -> tuple[Candidate, ...]:
            return tuple(replace(item, is_pair=item.key == "pair") for item in super().candidates())

    impostor = Paired(pair=lambda x: three(2 * x), one=lambda x: three(x))
    assert diagnosed(impostor, (call(three(8), 4.0),), course=tiny) == ["pair"]
    impostor = Paired(pair=lambda x: three(x), one=lambda x: three(x))
    assert diagnosed(impostor, (call(three(4), 4.0),), course=tiny) == ["one"]
    assert "pair" not in impostor.asked


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (0.0, np.finfo(float).tiny, False),
        (0.0, 1e-17, True),
        (5.0, np.inf, False),
        (-np.inf, -np.inf, True),
        (-np.inf, np.finfo(float).min, False),
    ],
)
def test_what_is_smaller_than_rounding_and_infinity_are_themselves_alone(
    one: float, other: float, is_same: bool
) -> None:
    assert agree(np.array([one]), np.array([other])) is is_same
    assert agree(np.array([other]), np.array([one])) is is_same


def test_a_changed_argument_counts_where_the_check_asked(tiny: Course) -> None:
    impostor = Scripted(writes=lambda x: Reply(three(), (0,)))
    checks = (call(three(), 1.0, changed=(0,), is_unchanged_asked=True),)
    assert diagnosed(impostor, checks, course=tiny) == ["writes"]
    assert diagnosed(impostor, (call(three(), 1.0, changed=(0,)),), course=tiny) == [None]


def test_values_are_compared_as_the_check_compared_them(tiny: Course) -> None:
    impostor = Scripted(more=lambda x: three(x))
    nearly = (call(three(0.02), 5.0, tolerance=(0.1, 0.1)),)
    far = (call(three(4), 4.0),)
    # For the check this was right, and for the mistake it would have been 5, 6, 7.
    assert diagnosed(impostor, far, nearly, course=tiny, results=[RESULT, PASSED]) == [None, None]
    impostor = Scripted(more=lambda x: three(4) if x < 5 else three(0.01))
    nearly = (call(three(0.02), 9.0, tolerance=(0.1, 0.1)),)
    assert diagnosed(impostor, far, nearly, course=tiny, results=[RESULT, PASSED]) == ["more", None]


def test_the_same_call_is_made_once_for_a_class(tiny: Course) -> None:
    impostor = Scripted(more=lambda x: three(x))
    diagnoser = Diagnoser(lambda exercise: impostor)
    for _ in range(5):
        diagnoser.diagnose(tiny.exercises[0], [RESULT], [(call(three(4), 4.0),)])
    assert impostor.asked == ["", "", "more"]


def test_a_mistake_of_another_function_is_not_asked(tiny: Course) -> None:
    class Other(Scripted):
        def candidates(self) -> tuple[Candidate, ...]:
            return (Candidate("other", Misconception("other", Text({"en": "a", "ko": "가"}), ("g",))),)

    impostor = Other(other=lambda x: three(4))
    assert diagnosed(impostor, (call(three(4), 4.0),), course=tiny) == [None]
    assert impostor.asked == ["", ""]


def test_random_numbers_of_a_layer_say_nothing(tiny: Course) -> None:
    numbers = iter(range(1000))
    handle = wire.Handle(0, "Dense")

    def layer(*args: object) -> object:
        return np.array([[float(next(numbers))] * 3]) if args else wire.Handle(7, "Dense")

    def right(*args: object) -> object:
        return np.array([float(next(numbers))] * 3) if args else wire.Handle(7, "Dense")

    impostor = Scripted(right=right, layer=layer)
    log = (call(handle), call(np.array([[0.25, 0.5, 0.75]]), 1.0, target=handle))
    assert diagnosed(impostor, log, course=tiny) == ["layer"]
    other_shape = (call(handle), call(np.array([[0.25, 0.5]]), 1.0, target=handle))
    assert diagnosed(impostor, other_shape, course=tiny) == [None]
    only_numbers = (call(handle), call(np.array([0.25, 0.5, 0.75]), 1.0, target=handle))
    assert diagnosed(Scripted(right=right, layer=right), only_numbers, course=tiny) == [None]


def test_two_layers_of_a_function_are_not_one_that_answers_otherwise(tiny: Course) -> None:
    """Called with the same argument, each gives what its own weights make of it."""
    layers = [wire.Handle(number, "Dense") for number in (0, 1)]
    logs = [
        (call(layer, number), call(three(10 + number), 5.0, target=layer))
        for number, layer in enumerate(layers)
    ]

    def right(*args: object) -> object:
        return three(1) if args == (5.0,) else wire.Handle(7, "Dense")

    assert diagnosed(Scripted(right=right), *logs, course=tiny) == [None, None]


def test_zeros_alone_are_told_as_zeros_whatever_mistake_gives_them_too(tiny: Course) -> None:
    impostor = Scripted(flipped=lambda x: np.zeros(3))
    assert diagnosed(impostor, (call(np.zeros(3), 4.0),), course=tiny) == ["zeros-returned"]
    partly = Scripted(right=lambda x: three(x), flipped=lambda x: three(x) * (x != 4))
    log = (call(np.zeros(3), 4.0),), (call(three(5), 5.0),)
    results = [RESULT, PASSED]
    assert diagnosed(partly, *log, course=tiny, results=results) == ["flipped", None]


def test_one_number_whatever_the_image_is_the_name_of_no_mistake(tiny: Course) -> None:
    images = [three(number) for number in (0, 3, 6)]
    impostor = Scripted(right=lambda x: 2 * x, yes_or_no=lambda x: np.where(x < 99, 1.0, 0.0))
    ones = [(call(np.ones(3), x),) for x in images]
    assert diagnosed(impostor, *ones, course=tiny) == ["input-not-used"] * 3
    bright = [*ones, (call(np.zeros(3), three(99)),)]
    assert diagnosed(impostor, *bright, course=tiny) == ["yes_or_no"] * 4


def test_who_gives_the_same_to_a_probe_is_named_before_who_crashes_there(tiny: Course) -> None:
    failure = raised("too long", "IndexError")

    def height(x: float) -> object:
        return failure if x == 5.0 else three(4)

    impostor = Scripted(height=height, shorter=lambda x: three(4))
    log = (call(three(4), 4.0),), (call(three(4), 5.0, is_probe=True),)
    assert diagnosed(impostor, *log, course=tiny, results=[RESULT]) == ["shorter"]


def test_what_is_empty_is_so_in_any_shape(tiny: Course) -> None:
    """A list of no rows is (0,), an array made for them (0, 0): a kernel as large as the image shows that."""

    def fewer(x: float) -> np.ndarray:
        return np.zeros((0, 0)) if x == 1 else three(4)

    impostor = Scripted(right=lambda x: three()[:1] if x == 1 else three(), fewer=fewer)
    log = (call(np.zeros((1, 0)), 1),), (call(three(4), 2),)
    assert diagnosed(impostor, *log, course=tiny) == ["fewer", "fewer"]


def test_nothing_is_no_evidence_of_a_mistake(tiny: Course) -> None:
    """Loops that are never entered give what a lost image gives, and a lost channel, and all that leaves nothing."""
    impostor = Scripted(lost_image=lambda x: np.zeros((0, int(x))))
    log = [(call(np.zeros((int(x), 0)), x),) for x in (4.0, 5.0, 6.0)]
    assert diagnosed(impostor, *log, course=tiny) == ["empty-result"] * 3


def test_a_call_that_was_asked_before_is_asked_first(tiny: Course) -> None:
    impostor = Scripted(one=lambda x: three(x), other=lambda x: three(2 * x))
    diagnoser = Diagnoser(lambda exercise: impostor)
    checks = [(call(three(9), 1.0),)]
    diagnoser.diagnose(tiny.exercises[0], [RESULT], checks)
    impostor.asked.clear()
    # Fewer numbers are wrong at the known call than at the new one, and it refutes both mistakes all the same.
    checks = [(call(np.array([9.0, 2.0, 3.0]), 1.0),), (call(three(9), 2.0),)]
    diagnoser.diagnose(tiny.exercises[0], [RESULT] * 2, checks)
    assert not {"one", "other"} & {*impostor.asked}


def test_what_a_function_did_to_a_layer_is_seen_on_the_layer(tiny: Course) -> None:
    handle = wire.Handle(0, "Dense")
    log = (
        Observed(Call("make"), handle),
        Observed(Call("f", (handle,)), 1.0),
        Observed(Call.describe(handle), {"weights": three(5)}),
    )

    class Training(Scripted):
        def answer(self, key: str, call: Call) -> Outcome:
            if call.operation == "describe":
                return Reply({"weights": three(5 if key == "trains" else 0)})
            return Reply(wire.Handle(0, "Dense") if call.function == "make" else 1.0)

    assert diagnosed(Training(other=None, trains=None), log, course=tiny) == ["trains"]


def test_an_exercise_has_one_story(tiny: Course) -> None:
    """One function may use the other: a second name would be another story of one mistake."""

    class Two(Scripted):
        def candidates(self) -> tuple[Candidate, ...]:
            texts = Text({"en": "a", "ko": "가"})
            rows = (("f-1", "one", "f"), ("g-1", "another", "g"), ("g-2", self.second, "g"))
            return tuple(Candidate(key, Misconception(id, texts, (name,))) for key, id, name in rows)

        def answer(self, key: str, call: Call) -> Outcome:
            return Reply(three(4) if key[:1] == call.function else three())

    log = ((call(three(4), 1.0),), (Observed(Call("g", (1.0,)), three(4)),))
    two = Two()
    for two.second, expected in (("third", ["one", None]), ("one", ["one", "one"])):
        assert diagnosed(two, *log, course=tiny) == expected


def raised(message: str = LETTERS, kind: str = "RuntimeError") -> SubmissionError:
    explanation = Explanation("submission.raised", {"message": message})
    return SubmissionError(Verdict.ERROR, explanation, type_names=(kind,))


def test_an_exception_is_believed_where_two_other_calls_are_right_and_its_text_is_the_same(
    tiny: Course,
) -> None:
    impostor = Scripted(raises=lambda x: raised("stopped at 4") if x == 4 else three())
    good = (call(three(), 1.0), call(three(), 2.0))
    results = [PASSED, RESULT]

    def given(error: SubmissionError, rest: tuple[Observed, ...] = good, **options: Any) -> list[str | None]:
        impostor.works_only = options.get("works_only", False)
        return diagnosed(impostor, rest, (call(error, 4.0),), course=tiny, results=results)

    assert given(raised("stopped at 7")) == [None, "raises"]
    assert given(raised("another text")) == [None, "right-for-some-inputs"]
    assert given(raised("another text"), works_only=True) == [None, "raises"]
    assert given(raised(kind="ValueError"), works_only=True) == [None, "right-for-some-inputs"]
    # One right call is as good as none: what its text says must be telling then.
    assert given(raised("another text"), good[:1], works_only=True) == [None, "right-for-some-inputs"]


def test_who_raises_everywhere_is_named_by_a_text_that_says_what_was_done(tiny: Course) -> None:
    for message, kind, name in (
        ("a stride must not be a float", "RuntimeError", "raises"),
        ("a stride must not be a float", "IndexError", None),
        ("shapes (2,3) and (4,) not aligned", "ValueError", None),
    ):
        error = raised(message, kind)
        impostor = Scripted(raises=lambda x, error=error: error)
        assert diagnosed(impostor, (call(error, 4.0),), course=tiny) == [name]


def test_of_several_that_raise_alike_none_is_named(tiny: Course) -> None:
    impostor = Scripted(one=lambda x: raised("told"), two=lambda x: raised("told"))
    assert diagnosed(impostor, (call(raised("told"), 4.0),), course=tiny) == [None]


def test_at_a_probe_an_exception_of_one_side_says_nothing(tiny: Course) -> None:
    impostor = Scripted(more=lambda x: three(x) if x < 9 else raised())
    checks = (call(three(4), 4.0),)
    assert diagnosed(
        impostor, checks, (call(three(2), 10.0, is_probe=True),), course=tiny, results=[RESULT]
    ) == ["more"]
    # Unless the submission is right.
    assert diagnosed(
        impostor, checks, (call(three(), 10.0, is_probe=True),), course=tiny, results=[RESULT]
    ) == [None]


def test_what_is_refused_as_it_should_be_refutes_nothing(tiny: Course) -> None:
    impostor = Scripted(right=lambda x: raised() if x < 0 else three(), more=lambda x: three(x))
    checks = (call(three(4), 4.0),), (call(raised(), -1.0),)
    assert diagnosed(impostor, *checks, course=tiny, results=[RESULT, PASSED]) == ["more", None]


def test_who_refuses_what_is_to_be_refused_is_named_first(tiny: Course) -> None:
    impostor = Scripted(
        right=lambda x: raised() if x < 0 else three(),
        more=lambda x: three(x),
        refuses=lambda x: raised() if x < 0 else three(x),
    )
    checks = (call(three(4), 4.0),), (call(raised(), -1.0),)
    assert diagnosed(impostor, *checks, course=tiny, results=[RESULT, PASSED]) == ["refuses", None]


def test_a_mistake_is_told_of_the_checks_that_it_explains(tiny: Course) -> None:
    impostor = Scripted(more=lambda x: three(x))
    elsewhere = Observed(Call("g", (1.0,)), three(5))
    told = diagnosed(impostor, (call(three(4), 4.0),), (elsewhere,), (call(three(6), 6.0),), course=tiny)
    assert told == ["more", None, "more"]


def test_a_known_mistake_that_cannot_be_asked_explains_nothing(tiny: Course) -> None:
    class Dead(Scripted):
        def ask(self, *args: object) -> list[list[Outcome]]:
            raise SubmissionError(Verdict.MEMORY, Explanation("submission.memory", {"mib": 1}))

    assert diagnosed(Dead(more=lambda x: three(x)), (call(three(4), 4.0),), course=tiny) == [None]


def test_a_slow_call_is_not_repeated(tiny: Course) -> None:
    slow = replace(call(three(4), 4.0), seconds=9.0)
    for patience, expected in ((float("inf"), "more"), (0.5, None)):
        impostor = Scripted(more=lambda x: three(x))
        diagnoser = Diagnoser(partial(give, impostor), patience=patience)
        result = diagnoser.diagnose(tiny.exercises[0], [RESULT], [(slow,)])[0]
        assert (result.misconception.id if result.misconception else None) == expected
        assert ("more" in impostor.asked) == (expected is not None)


@pytest.mark.parametrize(("count", "expected"), [(4, "more"), (5, None)])
def test_what_the_checks_ask_of_everyone_is_repeated_however_slow_it_is(
    tiny: Course, count: int, expected: str | None
) -> None:
    slow = replace(call(three(4), 4.0), seconds=9.0)
    impostor = Scripted(more=lambda x: three(x))
    asked = [(call(three(count), float(count)),)]
    diagnoser = Diagnoser(partial(give, impostor), patience=0.5, asked_of_all=lambda exercise: asked)
    result = diagnoser.diagnose(tiny.exercises[0], [RESULT], [(slow,)])[0]
    assert (result.misconception.id if result.misconception else None) == expected


LAYER = wire.Handle(0, "Dense")


def trained(*given: object, image: float = 1.0) -> tuple[Observed, ...]:
    """Return the calls of a check: a layer is made, trained, described and trained again, with what each training gave."""
    first, second = (*given, three())[:2]
    return (
        Observed(Call("make"), LAYER),
        Observed(Call("f", (LAYER, image)), first, 1.0),
        Observed(Call.describe(LAYER), {"weights": three()}),
        Observed(Call("f", (LAYER, 2.0)), second, 1.0),
    )


class Trained(Scripted):
    """Counts the trainings: `functions[id](layer, image)`."""

    def __init__(self, **functions: Any) -> None:
        super().__init__(**functions)
        self.trainings = Counter[str]()

    def answer(self, key: str, call: Call) -> Outcome:
        if call.function != "f":
            return Reply(LAYER if call.function == "make" else {"weights": three()})
        self.trainings[key] += 1
        return super().answer(key, call)


def of_the_trained(impostor: Trained, *checks: tuple[Observed, ...], course: Course) -> list[str | None]:
    """Return what is named of several students in turn, in the same class."""
    asked = [trained(three(), three())]
    diagnoser = Diagnoser(partial(give, impostor), patience=0.5, asked_of_all=lambda exercise: asked)
    told = [diagnoser.diagnose(course.exercises[0], [RESULT], [check])[0] for check in checks]
    return [result.misconception.id if result.misconception else None for result in told]


def test_whoever_ends_the_same_check_sooner_is_answered_by_the_same_training(tiny: Course) -> None:
    impostor = Trained(
        more=lambda layer, image: three(4), later=lambda layer, image: three(5 * (image == 2.0))
    )
    both = trained(three(4), three(4))
    students = both[:2], both[:3], both, trained(three(), three(5)), both[:2]
    assert of_the_trained(impostor, *students, course=tiny) == ["more", "more", "more", "later", "more"]
    # Up to the description, with it and to the end, each once; the right answer twice, for it may be random.
    assert impostor.trainings == {"": 8, "more": 4, "later": 3}


def test_of_what_is_dear_a_few_mistakes_are_asked_and_the_others_stay_silent(tiny: Course) -> None:
    known = {f"mistake{place}": lambda layer, image, place=place: three(place + 1) for place in range(50)}
    impostor = Trained(**known)
    students = [trained(three(place + 1), three(place + 1)) for place in (0, 31, 32, 49)]
    named = of_the_trained(impostor, *students, course=tiny)
    assert named == ["mistake0", "mistake31", None, None]
    assert len(impostor.trainings) == 1 + 32


def test_with_a_students_own_values_nothing_is_trained_again_however_quick_it_was(tiny: Course) -> None:
    impostor = Trained(more=lambda layer, image: three(4))
    quick = tuple(replace(item, seconds=0.01) for item in trained(three(4), three(4), image=7.0))
    assert of_the_trained(impostor, quick, course=tiny) == [None]
    assert not impostor.trainings


def test_a_known_mistake_that_is_slow_claims_nothing(tiny: Course) -> None:
    impostor = Scripted(first=lambda x: TooSlow(), second=lambda x: three(x))
    assert diagnosed(impostor, (call(three(4), 4.0),), course=tiny) == ["second"]


def test_an_argument_that_the_check_changes_later_is_evidence_as_it_was(tiny: Course) -> None:
    from grader.checks.remote import RemoteCode
    from tests.support.fakes import ScriptedCaller

    code = RemoteCode(ScriptedCaller({"f": 1.0}))
    array = three()
    code.f(array)
    array += 100
    np.testing.assert_array_equal(code._observed[0].call.args[0], three())


def opened(tiny: Course) -> tuple[Exercise, list[Candidate]]:
    from grader.judge.reference import read_reference

    exercise = tiny.exercises[2]
    session = FakeRunner().open(read_reference(exercise), exercise.limits)
    found = list(session.candidates())
    session.close()
    return exercise, found


def test_all_that_is_known_is_listed_in_the_order_of_naming(tiny: Course) -> None:
    _, found = opened(tiny)
    ids = [item.misconception.id for item in found]
    assert ids[0] == "zeros-added-at-the-edge"
    assert ids[1:3] == ["min-instead-of-max", "windows-overlap"]
    assert ids[-1] == "keeps-the-last-image"
    assert [item.is_family for item in found] == [False] + [True] * (len(found) - 1)
    lost = next(
        item.misconception for item in found if item.misconception.id == "last-window-lost-in-columns"
    )
    assert lost.text["en"].startswith("The last window of the columns is not")
    assert lost.text["ko"].startswith("열 방향의")


def test_what_took_one_student_long_and_another_one_not_is_answered_to_both(tiny: Course) -> None:
    def described_in(seconds: float, *given: object) -> tuple[Observed, ...]:
        took = 0.0, 0.0, seconds, 0.0
        return tuple(map(lambda call, each: replace(call, seconds=each), trained(*given), took))

    impostor = Trained(more=lambda layer, image: three(4))
    asked = [described_in(1.0, three(), three())]
    diagnoser = Diagnoser(partial(give, impostor), patience=0.5, asked_of_all=lambda exercise: asked)
    slow, quick = described_in(1.0, three(4), three(4)), described_in(0.0, three(4), three(4))
    for calls in (slow, quick[:3], slow[:3], quick):
        (told,) = diagnoser.diagnose(tiny.exercises[0], [RESULT], [calls])
        assert told.misconception is not None
        assert told.misconception.id == "more"


def test_who_is_refuted_by_what_another_submission_was_asked_is_not_asked_again(tiny: Course) -> None:
    wrong: dict[str, Any] = {f"wrong{place}": lambda x, place=place: three(place + 1) for place in range(20)}
    impostor = Scripted(later=lambda x: three(9 * (x > 5)), **wrong)
    diagnoser = Diagnoser(partial(give, impostor))
    diagnoser.diagnose(tiny.exercises[0], [RESULT], [(call(three(1), 4.0),)])
    impostor.asked.clear()
    # It is right where the other one was wrong.
    checks = [(call(three(), 4.0),), (call(three(9), 6.0),)]
    _, told = diagnoser.diagnose(tiny.exercises[0], [PASSED, RESULT], checks)
    assert told.misconception is not None
    assert told.misconception.id == "later"
    assert {*impostor.asked} == {"", "later"}
