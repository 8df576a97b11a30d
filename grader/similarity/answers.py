"""The answers of a class, compared with each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.answers.file import read_submission
from grader.errors import SubmissionError
from grader.model import Exercise, Member, Submission
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

    def named(self, names: Mapping[str, str]) -> Similar:
        """Return them with their students as they are shown."""
        first, second = (names.get(item, item) for item in (self.pair.first, self.pair.second))
        return replace(self, pair=replace(self.pair, first=first, second=second))


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


def of_groups(
    submissions: Iterable[Submission], members: Iterable[Member]
) -> tuple[tuple[Submission, ...], dict[str, str]]:
    """Return the submissions with a group's file once, as all its members'; and what each is shown as, with their names."""
    names = {member.student: member.shown for member in members}
    owners: dict[tuple[str, Path], list[Submission]] = {}
    for item in submissions:
        if item.path is not None:
            owners.setdefault((item.exercise, item.path), []).append(item)
    together, shown = [], {}
    for first, *others in owners.values():
        students = [item.student for item in (first, *others)]
        label = ", ".join(students)
        together.append(replace(first, student=label))
        shown[label] = ", ".join(names.get(student, student) for student in students)
    return tuple(together), shown


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
    code = "\n".join(unit.code for unit in (*source.units, *source.helpers))
    return code if len(code) <= MOST_CHARACTERS else None
