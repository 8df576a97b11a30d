"""Grading in a test: the tiny course's checks, a runner for the submission and the fake one for the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from grader.judge.collect import collected
from grader.judge.judge import Judge
from grader.judge.reference import Recordings
from grader.judge.reference_side import ReferenceSide
from grader.model import CheckResult, Course, Exercise, Grade, Isolation, Submission, Verdict
from grader.runner.sandbox import Protections
from grader.runner.session import Runner
from grader.warm.judge import WarmJudge
from tests.support.fakes import FakeRunner
from tests.support.places import TESTS

__all__ = [
    "GOOD",
    "check_one",
    "grade_files",
    "grade_text",
    "judging",
    "reference_of",
    "result_of",
    "verdicts",
]

GOOD = (TESTS / "hostile" / "passed" / "reference.py").read_text(encoding="utf-8")
"""A right answer to the first exercise."""


@contextmanager
def reference_of(
    course: Course,
    exercises: Sequence[Exercise],
    *,
    reference: Runner | None = None,
    recordings: Recordings | None = None,
) -> Iterator[ReferenceSide]:
    """Return the reference's side of these exercises, the fake runner being the reference's."""
    with (
        collected(course, exercises) as checks,
        closing(ReferenceSide(checks, lambda: reference or FakeRunner(), recordings)) as side,
    ):
        yield side


@contextmanager
def judging(
    course: Course,
    exercises: Sequence[Exercise],
    runner: Runner,
    *,
    reference: Runner | None = None,
    recordings: Recordings | None = None,
) -> Iterator[Judge]:
    """Return a judge of these exercises."""
    with reference_of(course, exercises, reference=reference, recordings=recordings) as side:
        yield Judge(runner, side)


def grade_files(
    course: Course,
    runner: Runner,
    paths: Sequence[Path],
    *,
    exercise: int = 1,
    reference: Runner | None = None,
) -> list[Grade]:
    """Grade several files for one exercise, one after another by the same judge."""
    chosen = course.exercises[exercise - 1]
    with judging(course, [chosen], runner, reference=reference) as judge:
        return [judge.grade(Submission(path.stem, chosen.id, path)) for path in paths]


def grade_text(
    course: Course,
    runner: Runner,
    folder: Path,
    code: str,
    *,
    exercise: int = 1,
    reference: Runner | None = None,
) -> Grade:
    """Grade one answer; `folder` is where it is written."""
    path = folder / "answer.py"
    path.write_text(code, encoding="utf-8")
    return grade_files(course, runner, [path], exercise=exercise, reference=reference)[0]


def verdicts(grade: Grade) -> dict[str, Verdict]:
    """Return what came of each check, by its name without `test_`."""
    return {result.name.removeprefix("test_"): result.verdict for result in grade.checks}


def result_of(grade: Grade, name: str) -> CheckResult:
    """Return one check's result."""
    return next(result for result in grade.checks if result.name == f"test_{name}")


def check_one(
    course: Course, exercise: Exercise, path: Path, *, isolation: Isolation = "full"
) -> tuple[Grade, Protections | None]:
    """Grade an answer as `grader check` does."""
    with WarmJudge(course, [exercise], isolation) as judge:
        checked = judge.check(exercise, path)
    return checked.grade, checked.protections
