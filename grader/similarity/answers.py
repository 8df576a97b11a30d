"""The answers of a class, compared with each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.answers.file import read_submission
from grader.errors import SubmissionError
from grader.model import Exercise, Submission
from grader.similarity.winnowing import Pair, compare_all

MOST_CHARACTERS = 200_000
"""A longer answer is left out: nobody writes it by hand, and reading its tokens would take minutes."""


@dataclass(frozen=True, slots=True)
class Similar:
    """Two answers to one exercise."""

    exercise: str
    pair: Pair
    first_code: str
    second_code: str


@dataclass(slots=True)
class Compared:
    """What came of comparing a class's answers."""

    pairs: list[Similar] = field(default_factory=list)
    """Those that share most of what hardly anybody else has come first."""
    too_short: dict[str, int] = field(default_factory=dict)
    """Exercise -> how many answers are too short to be compared."""
    left_out: list[str] = field(default_factory=list)
    """The files that could not be read."""


def compare_answers(
    exercises: Iterable[Exercise], submissions: Sequence[Submission], least: float
) -> Compared:
    """Return the pairs of answers that share at least this part, of one submission each student and exercise."""
    compared = Compared()
    for exercise in exercises:
        answers = _read([item for item in submissions if item.exercise == exercise.id], compared.left_out)
        found = compare_all(answers, _given_code(exercise), least=least)
        compared.pairs += [
            Similar(exercise.id, pair, answers[pair.first], answers[pair.second]) for pair in found.pairs
        ]
        if found.too_short:
            compared.too_short[exercise.id] = len(found.too_short)
    compared.pairs.sort(
        key=lambda item: (-item.pair.rare, -item.pair.similarity, -item.pair.shared, item.exercise)
    )
    return compared


def _read(submissions: list[Submission], left_out: list[str]) -> dict[str, str]:
    """Return student -> code, for one exercise; `student/file` of what could not be read is added to `left_out`."""
    answers = {}
    for submission in submissions:
        if submission.path is None:
            continue
        code = _code(submission.path, submission.below)
        if code is None:
            left_out.append(f"{submission.student}/{submission.path.name}")
        else:
            answers[submission.student] = code
    return answers


def _given_code(exercise: Exercise) -> list[str]:
    """Return what every student was given: the stub and the visible checks."""
    files = sorted(exercise.exercise_folder.glob("*.py"))
    return [code for path in files if (code := _code(path)) is not None]


def _code(path: Path, below: Path | None = None) -> str | None:
    """Return a file's code, a notebook's cells one after another; None where it cannot be read or is too long."""
    try:
        source = read_submission(path, below)
    except (SubmissionError, OSError):
        return None
    # Reading a notebook puts its own tools before its cells: no student wrote them.
    code = "\n".join(unit.code for unit in source.units if not unit.name.endswith("[tools]"))
    return code if len(code) <= MOST_CHARACTERS else None
