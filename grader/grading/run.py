"""Grade a class into a gradebook: only what is new or changed, results committed as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from grader.gradebook.store import Gradebook
from grader.grading.executor import Executor, Outcome
from grader.grading.facts import run_facts
from grader.grading.fingerprint import environment_of
from grader.grading.plan import Plan, read_attempt
from grader.grading.queue import grade_all
from grader.messages.printable import printable
from grader.model import Attempt, Course, Exercise, Grade, Submission


def grade_class(
    course: Course,
    plan: Plan,
    gradebook: Gradebook,
    settings: dict[str, Any],
    executor: Executor,
    *,
    proposed: bool = False,
    on_grade: Callable[[Grade], None] = lambda grade: None,
    on_reference: Callable[[Exercise], None] = lambda exercise: None,
) -> Outcome:
    """Grade what a plan holds; each result is in the gradebook before `on_grade` hears of it.

    The run begins with its first result: a course that fails its own reference leaves no trace.

    Raises:
        CourseError: the course's checks cannot be run, or its reference does not pass them; nothing was graded.
        RunnerError: no sandbox can be started.
        GradebookError: the gradebook cannot be written; what was committed before stays.
    """
    if not plan.work:
        return Outcome((), None, 0.0)
    state: Any = "proposed" if proposed else "counted"
    planned = {_place(item.submission): item for item in plan.work}
    runs: list[int] = []

    def keep(grades: Sequence[Grade]) -> None:
        if not runs:
            versions = {"environment": environment_of(course), "checks": plan.checks}
            runs.append(gradebook.begin_run(settings | versions, state))
        items = [planned[grade.student, grade.exercise, grade.path] for grade in grades]
        graded = [replace(grade, path=item.path) for grade, item in zip(grades, items, strict=True)]
        added = []
        for grade, item in zip(graded, items, strict=True):
            key = item.key
            for student in (grade.student, *item.shared_with):
                theirs = replace(grade, student=student)
                if grade.digest != item.digest:
                    key = _changed(gradebook, theirs, item.submission, plan.fingerprints[grade.exercise])
                added.append((theirs, key))
        gradebook.add_all(runs[0], added)
        for grade in graded:
            on_grade(grade)

    submissions = [item.submission for item in plan.work]
    outcome = grade_all(course, submissions, executor, on_grades=keep, on_reference=on_reference)
    gradebook.end_run(runs[0], run_facts(outcome.protections, outcome.seconds))
    return outcome


def _place(submission: Submission) -> tuple[str, str, str]:
    path = "" if submission.path is None else printable(str(submission.path))
    return submission.student, submission.exercise, path


def _changed(gradebook: Gradebook, grade: Grade, submission: Submission, fingerprint: str) -> str:
    """Record a file that was changed between its being found and its being graded; return its grade's key."""
    content, digest, key = read_attempt(submission, fingerprint)
    if content is None or digest != grade.digest:
        return ""
    attempt = Attempt(grade.student, grade.exercise, digest, grade.path, grade.submitted_at)
    gradebook.hand_in([(attempt, content)])
    return key
