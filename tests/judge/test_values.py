"""Whose fault it is that a judge cannot hold or compare a value, and what is left of one student's values for the next."""

from __future__ import annotations

import resource
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.remote import Observed
from grader.course.load import load_course
from grader.errors import SubmissionError
from grader.judge import diagnosis
from grader.judge.diagnosis import Diagnoser
from grader.judge.evidence import Outcome
from grader.judge.memory import limited_memory
from grader.judge.reference import Recordings
from grader.messages.sentences import explain
from grader.model import (
    CheckResult,
    Course,
    Explanation,
    Grade,
    Limits,
    Misconception,
    Source,
    Submission,
    Text,
    Verdict,
)
from grader.runner.call import Call
from grader.runner.process import SandboxedRunner
from grader.runner.replies import Candidate, Reply
from tests.support.fakes import FakeRunner, FakeSession, source_of
from tests.support.judging import GOOD, judging, result_of
from tests.support.sandbox import needs_sandbox

VISIBLE = "exercises/ex01_row_sums/test_ex01.py"
HIDDEN = "solutions/ex01_row_sums/test_ex01_hidden.py"


def course_with(folder: Path, body: str) -> Course:
    """Return the tiny course, whose `test_scale` is a hidden check with another body."""
    visible, hidden = folder / VISIBLE, folder / HIDDEN
    head, decorated = visible.read_text(encoding="utf-8").rsplit("@check", 1)
    visible.write_text(head, encoding="utf-8")
    decorator = decorated.partition("\n")[0]
    check = f"\n\n@check{decorator}\ndef test_scale(submission, reference):\n    {body}\n"
    hidden.write_text(hidden.read_text(encoding="utf-8") + check, encoding="utf-8")
    return load_course(folder)


def grade(
    course: Course,
    folder: Path,
    codes: list[str],
    reference: FakeRunner,
    recordings: Recordings | None = None,
) -> list[Grade]:
    """Grade answers by one judge that has proven the course."""
    grades = []
    with judging(
        course, [course.exercises[0]], FakeRunner(), reference=reference, recordings=recordings
    ) as judge:
        judge._reference.check_reference(course.exercises[0])
        for number, code in enumerate(codes):
            path = folder / f"answer{number}.py"
            path.write_text(code, encoding="utf-8")
            grades.append(judge.grade(Submission(path.stem, "ex01", path)))
    return grades


def limit() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_DATA)


def test_a_judge_has_a_limit_of_memory_of_its_own() -> None:
    before = limit()
    with limited_memory(64):
        np.ones(1 << 20)
        with pytest.raises(MemoryError):
            np.zeros(4 << 30, np.uint8)
        with pytest.raises(MemoryError):
            bytearray(4 << 30)
    assert limit() == before


def test_each_submission_has_the_same_share() -> None:
    kept = []
    for _ in range(3):
        with limited_memory(1):
            kept.append(np.zeros(700 << 20, np.uint8))
    assert len(kept) == 3


def test_a_limit_that_is_there_is_not_raised() -> None:
    before = limit()
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (100 << 30, before[1]))
        with limited_memory(1 << 20):
            assert limit()[0] == 100 << 30
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


@needs_sandbox
def test_a_runner_that_a_judge_starts_has_not_the_judges_limit(tiny: Course) -> None:
    code = "import resource\ndef f():\n    return resource.getrlimit(resource.RLIMIT_DATA)[0]\n"
    with limited_memory(1), SandboxedRunner(tiny.runner, isolation="full", slot=905) as runner:
        session = runner.open(source_of(code), Limits(memory_mib=16 << 10))
        assert session.call(Call("f")).value > 16 << 30 > limit()[0]
        session.close()


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ("['x' * 1000000] + [''] * 750", "import numpy; numpy.asarray([*submission.scale(2)] * 20)"),
        ("4000000000", "bytearray(submission.scale(2))"),
        ("[]", "next(iter(submission.scale(2)))"),
        ("10 ** 4000", "float(submission.scale(2))"),
        ("10 ** 4000", "import numpy; numpy.int64(submission.scale(2))"),
        ("'\\x1b[2J\\ud800'", "int(submission.scale(2))"),
    ],
    ids=["texts", "bytes", "nothing", "float", "int64", "controls"],
)
def test_a_value_that_a_check_cannot_hold_is_the_students(value: str, body: str, tiny_copy: Path) -> None:
    course = course_with(tiny_copy, body if "scale" not in body else f"if submission.scale(2) != 4: {body}")
    code = GOOD.replace("return x * factor", f"return {value}")
    assert code != GOOD
    bad, good = grade(course, tiny_copy, [code, GOOD], FakeRunner())
    result = result_of(bad, "scale")
    assert (result.verdict, result.explanation and result.explanation.key) == (
        Verdict.FAILED,
        "check.unusable",
    )
    assert result.explanation is not None
    assert explain(result.explanation, "en").isprintable()
    assert good.verdict is Verdict.PASSED


class Picky(FakeRunner):
    """A reference that dies of all but one argument."""

    def open(self, source: Source, limits: Limits, *, data: str = "") -> FakeSession:
        session = super().open(source, limits, data=data)
        answer: Callable[..., Reply] = session.call

        def call(call: Call, seconds: float = float("inf")) -> Reply:
            if call.function == "scale" and call.args[0] not in self.known:
                raise SubmissionError(Verdict.TIMEOUT, Explanation("submission.timeout", {"seconds": 1}))
            return answer(call, seconds)

        session.call = call  # type: ignore[method-assign]  # it is what the judge calls
        return session

    known: tuple[Any, ...] = (2, 4)


AGAIN = "reference.scale(submission.scale(2))"
OTHER = GOOD.replace("return x * factor", "return 10 ** 9")


def test_a_reference_that_dies_of_a_students_value_is_not_to_blame(tiny_copy: Path) -> None:
    course = course_with(tiny_copy, AGAIN)
    bad, good = grade(course, tiny_copy, [OTHER, GOOD], Picky())
    result = result_of(bad, "scale")
    assert (result.verdict, result.explanation) == (Verdict.FAILED, Explanation("check.reference_died"))
    assert bad.verdict is not Verdict.UNGRADED
    assert good.verdict is Verdict.PASSED


def test_a_reference_that_dies_of_its_own_values_is_to_blame(tiny_copy: Path) -> None:
    course = course_with(tiny_copy, AGAIN)
    reference = Picky()
    reference.known = ()
    (good,) = grade(course, tiny_copy, [GOOD], reference)
    assert result_of(good, "scale").verdict is Verdict.UNGRADED


def test_what_the_reference_answers_to_a_students_value_is_not_kept(tiny_copy: Path) -> None:
    course = course_with(tiny_copy, AGAIN)
    recordings: Recordings = {}
    reference = FakeRunner()
    grade(course, tiny_copy, [GOOD], reference, recordings)
    known, calls = len(recordings), len(reference.calls)
    reference = FakeRunner()
    grade(course, tiny_copy, [OTHER, OTHER.replace("9", "8"), GOOD, GOOD], reference, recordings)
    assert len(recordings) == known
    assert len(reference.calls) == 2 <= calls


def test_calls_with_values_of_many_students_do_not_fill_the_memory(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "_MOST_HELD", 1 << 20)

    class Impostor:
        def candidates(self) -> tuple[Candidate, ...]:
            return (Candidate("a", Misconception("a", Text({"en": "a", "ko": "가"}), ("f",))),)

        def ask(
            self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
        ) -> list[list[Outcome]]:
            return [[Reply(1) for sequence in sequences for _ in sequence] for _ in candidates]

    diagnoser = Diagnoser(lambda exercise: Impostor())
    result = CheckResult("test_a", Text({"en": "a", "ko": "가"}), True, 1, 0, Verdict.FAILED)
    for number in range(40):
        calls = (Observed(Call("f", (np.full(1 << 14, number),)), 2),)
        diagnoser.diagnose(replace(tiny.exercises[0], seed=None), [result], [calls])
    assert len(diagnoser._answers) < 20
