"""The reference is graded as a class would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.course.files import files_of, name_in_course
from grader.errors import CourseError, Fault, RunnerError
from grader.judge.judge import Judge
from grader.model import Exercise, Explanation, Verdict

__all__ = ["check_reference"]


def check_reference(
    judge: Judge,
    exercises: Sequence[Exercise],
    on_exercise: Callable[[Exercise], None] = lambda exercise: None,
) -> None:
    """Run every check against the reference; the judge then holds the reference's answers.

    Raises:
        CourseError: with every check that the reference does not pass.
        RunnerError: the sandbox failed.

    """
    faults = []
    for exercise in exercises:
        grade = judge.grade_reference(exercise)
        for result in grade.checks:
            why = result.explanation
            if why is not None and why.key.startswith("runner.") and why.key != "runner.reference_died":
                raise RunnerError(why.key, why.values)
            if result.verdict is not Verdict.PASSED:
                values = {"check": result.name, "verdict": result.verdict.value, "why": result.explanation}
                file = name_in_course(files_of(exercise).solution)
                faults.append(Fault(file, "", Explanation("course.reference_fails", values)))
        on_exercise(exercise)
    if faults:
        raise CourseError(tuple(faults))
