"""The queue of a class: the order, second tries, and what is kept when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.errors import CourseError, Fault, RunnerError
from grader.grading.executor import Lost
from grader.grading.queue import MOST_LOSSES, MOST_TRIES, grade_all
from grader.judge.evidence import Evidence
from grader.model import Course, Explanation, Grade, Submission, Verdict
from tests.support.executor import FakeExecutor

ANN, BEN, CEM = (Submission(name, "ex01", Path(f"{name}.py")) for name in ("ann", "ben", "cem"))


def passed(submission: Submission) -> Grade:
    return Grade(submission.student, submission.exercise, 6, 6, Verdict.PASSED, ())


def first(*answers: Lost | Verdict) -> Callable[[Submission], Grade | Lost]:
    """Return what gives ann these answers, one at each try, and passes afterwards; everybody else passes."""
    left = list(answers)

    def grade(submission: Submission) -> Grade | Lost:
        if submission.student != "ann" or not left:
            return passed(submission)
        answer = left.pop(0)
        if isinstance(answer, Lost):
            return answer
        return Grade("ann", submission.exercise, 0, 6, answer, ())

    return grade


def verdicts(course: Course, executor: FakeExecutor, *submissions: Submission) -> dict[str, Verdict]:
    kept: list[Grade] = []
    outcome = grade_all(course, submissions, executor, on_grades=kept.extend)
    assert outcome.grades == tuple(kept)
    assert len(kept) == len(submissions)
    return {grade.student: grade.verdict for grade in kept}


def handed(executor: FakeExecutor) -> list[str]:
    return [submission.student for submission in executor.submissions]


@pytest.mark.parametrize(
    ("answers", "tries", "verdict"),
    [
        ([Lost("exit code -9")], 2, Verdict.PASSED),
        ([Lost("exit code -9")] * MOST_TRIES, 2, Verdict.UNGRADED),
        ([Verdict.UNGRADED], 2, Verdict.PASSED),
        ([Verdict.UNGRADED] * MOST_TRIES, 2, Verdict.UNGRADED),
        ([Verdict.UNGRADED, Lost("exit code -9")], 2, Verdict.UNGRADED),
        ([Lost("exit code -9"), Verdict.UNGRADED], 2, Verdict.UNGRADED),
        ([Lost("gone", is_suspect=False)] * (MOST_LOSSES - 1), MOST_LOSSES, Verdict.PASSED),
        ([Lost("gone", is_suspect=False)] * MOST_LOSSES, MOST_LOSSES, Verdict.UNGRADED),
        ([Verdict.FAILED], 1, Verdict.FAILED),
    ],
)
def test_what_is_lost_or_ungraded_gets_another_try(
    answers: list[Lost | Verdict], tries: int, verdict: Verdict, tiny: Course
) -> None:
    executor = FakeExecutor(first(*answers))
    assert verdicts(tiny, executor, ANN, BEN) == {"ann": verdict, "ben": Verdict.PASSED}
    assert handed(executor) == ["ann"] * tries + ["ben"]


def test_a_submission_that_is_lost_for_good_says_why(tiny: Course) -> None:
    executor = FakeExecutor(lambda submission: Lost("exit code -9"))
    (grade,) = grade_all(tiny, [ANN], executor).grades
    assert grade.notes == (Explanation("submission.judge_died", {"error": "exit code -9"}),)
    assert (grade.path, grade.possible) == ("ann.py", 6)


def test_the_next_one_is_graded_while_mistakes_are_named(tiny: Course) -> None:
    executor = FakeExecutor(passed)
    verdicts(tiny, executor, ANN, BEN)
    assert executor.events == ["start", "hand ann", "hand ben", "diagnose ann", "diagnose ben", "end"]


def test_no_more_are_handed_over_than_there_is_room_for(tiny: Course) -> None:
    executor = FakeExecutor(passed, room=2)
    verdicts(tiny, executor, ANN, BEN, CEM)
    assert executor.events[:5] == ["start", "hand ann", "hand ben", "hand cem", "diagnose ann"]


def test_exercises_are_graded_one_after_another(tiny: Course) -> None:
    executor = FakeExecutor(passed)
    later = Submission("dan", "ex02", Path("dan.py"))
    verdicts(tiny, executor, later, ANN, BEN)
    assert handed(executor) == ["ann", "ben", "dan"]


def test_where_nothing_is_handed_in_nothing_is_started(tiny: Course) -> None:
    executor = FakeExecutor(passed)
    assert verdicts(tiny, executor, Submission("ann", "ex01", None)) == {"ann": Verdict.NOT_ATTEMPTED}
    assert executor.events == []


def test_without_mistakes_named_the_points_stand(tiny: Course) -> None:
    class Mute(FakeExecutor):
        def diagnosed(self, grade: Grade, evidence: Evidence) -> Grade:
            raise RunnerError("runner.died", {"error": "the reference"})

    assert verdicts(tiny, Mute(first(Verdict.FAILED)), ANN) == {"ann": Verdict.FAILED}


def test_nobody_is_graded_in_a_course_that_fails(tiny: Course) -> None:
    class Broken(FakeExecutor):
        @contextmanager
        def start(self, *_: object) -> Iterator[Callable[[Grade, Evidence], Grade]]:
            raise CourseError((Fault("course.yml", "", Explanation("course.reference_fails")),))
            yield self.diagnosed

    kept: list[Grade] = []
    with pytest.raises(CourseError):
        grade_all(tiny, [ANN, Submission("ben", "ex01", None)], Broken(passed), on_grades=kept.extend)
    assert kept == []


def test_what_stops_the_run_ends_the_executor(tiny: Course) -> None:
    def grade(submission: Submission) -> Grade:
        if submission is BEN:
            raise KeyboardInterrupt
        return passed(submission)

    executor, kept = FakeExecutor(grade), list[Grade]()
    with pytest.raises(KeyboardInterrupt):
        grade_all(tiny, [ANN, BEN, CEM], executor, on_grades=kept.extend)
    assert [grade.student for grade in kept] == ["ann"]
    assert executor.events[-1] == "end"
