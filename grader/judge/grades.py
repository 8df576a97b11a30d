"""A grade is made of what came of a submission's checks, or of the reason why none was run."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader.answers.pictures import pictures_below
from grader.answers.questions import answers_of
from grader.messages.printable import printable
from grader.model import CheckResult, Exercise, Explanation, Grade, Submission, Verdict
from grader.scoring import question_result, score


def grade_of(
    submission: Submission,
    results: Sequence[CheckResult],
    *,
    notes: tuple[Explanation, ...] = (),
    digest: str = "",
    seconds: float = 0.0,
) -> Grade:
    """Return the grade that the results of a submission's checks make."""
    points, verdict = score(tuple(results))
    return Grade(
        student=submission.student,
        exercise=submission.exercise,
        points=points,
        possible=round(sum(result.points for result in results if result.kind != "bonus"), 6),
        verdict=verdict,
        checks=tuple(results),
        notes=notes,
        path="" if submission.path is None else printable(str(submission.path)),
        digest=digest,
        seconds=seconds,
        graded_at=datetime.now(UTC),
        submitted_at=submission.submitted_at,
    )


def question_results(exercise: Exercise, raw: bytes, name: str) -> list[CheckResult]:
    """Return what came of an exercise's questions in a file of this name: answers that wait for a person."""
    answers = answers_of(exercise, raw, name)
    results = []
    for question in exercise.questions:
        answer = answers.get(question.id, "")
        result = question_result(question, printable(answer))
        if question.kind == "plot":
            # It needs NumPy, which nobody waits for who has no plots.
            from grader.checks.attachments import attached

            result = replace(result, attachments=attached(pictures_below(answer, raw)))
        results.append(result)
    return results


def not_handed_in(submission: Submission, exercise: Exercise) -> Grade:
    """Return the grade of a student who handed in nothing for an exercise."""
    return _without_checks(submission, exercise, Verdict.NOT_ATTEMPTED, Explanation("submission.nothing"))


def ungraded(submission: Submission, exercise: Exercise, explanation: Explanation) -> Grade:
    """Return the grade of a submission that could not be graded through no fault of its own."""
    return _without_checks(submission, exercise, Verdict.UNGRADED, explanation)


def our_failure(error: Exception) -> Explanation:
    """Return what is said of an exception of this program's own."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    values = {
        "type": type(error).__name__,
        "message": printable(str(error)[:500]),
        "place": f"{Path(place.filename).name}:{place.lineno}",
    }
    return Explanation("submission.judge_raised", values)


def _without_checks(
    submission: Submission, exercise: Exercise, verdict: Verdict, explanation: Explanation
) -> Grade:
    made = grade_of(submission, (), notes=(explanation,))
    return replace(made, possible=exercise.points, verdict=verdict)
