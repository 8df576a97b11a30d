"""The code that is compared: the answers of a class, and what every student was given."""

from __future__ import annotations

from pathlib import Path

from grader.answers.file import read_submission
from grader.errors import SubmissionError
from grader.model import Exercise, Submission

__all__ = ["given_code", "read_answers"]

MOST_CHARACTERS = 200_000
"""A longer answer is left out: nobody writes it by hand, and reading its tokens would take minutes."""


def read_answers(submissions: list[Submission], left_out: list[str]) -> dict[str, str]:
    """Return student -> code, for one exercise; `student/file` of what could not be read is added to `left_out`."""
    answers = {}
    for submission in submissions:
        if submission.path is None:
            continue
        code = _code(submission.path)
        if code is None:
            left_out.append(f"{submission.student}/{submission.path.name}")
        else:
            answers[submission.student] = code
    return answers


def given_code(exercise: Exercise) -> list[str]:
    """Return what every student was given: the stub and the visible checks."""
    files = sorted(exercise.exercise_folder.glob("*.py"))
    return [code for path in files if (code := _code(path)) is not None]


def _code(path: Path) -> str | None:
    """Return a file's code, a notebook's cells one after another; None where it cannot be read or is too long."""
    try:
        source = read_submission(path)
    except (SubmissionError, OSError):
        return None
    # Reading a notebook puts its own tools before its cells: no student wrote them.
    code = "\n".join(unit.code for unit in source.units if not unit.name.endswith("[tools]"))
    return code if len(code) <= MOST_CHARACTERS else None
