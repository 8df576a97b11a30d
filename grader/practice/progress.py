"""What a student has reached: the last check of each exercise and the hints that were taken, in one small file.

It is the student's own note. No grade depends on it, and what is damaged in it costs no more than itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from grader.errors import RequestError, reason
from grader.files.write import write_file
from grader.model import Course, Explanation, Grade, Text, Verdict

FILE_NAME = ".grader/progress.json"
"""Below the student's folder."""
_MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the last check of an exercise."""

    at: datetime
    points: float
    possible: float
    """What the checks that ran give together."""
    verdict: Verdict
    digest: str
    """SHA-256 of the file as it was then."""
    open: tuple[Text, ...] = ()
    """What the checks look at that did not pass."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is remembered of one course."""

    course: str
    student: str = ""
    """The name under which the student hands in."""
    checked: dict[str, Checked] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    """Exercise -> how many of its hints were taken."""
    format: int = 1


_PROGRESS: TypeAdapter[Progress] = TypeAdapter(Progress)


def read_progress(course: Course, folder: Path) -> tuple[Progress, tuple[Explanation, ...]]:
    """Return what is remembered, and a note where there is a file of it that cannot be used."""
    path, fresh = folder / FILE_NAME, Progress(course.id)
    try:
        with path.open("rb") as file:
            progress = _PROGRESS.validate_json(file.read(_MOST_BYTES))
    except FileNotFoundError:
        return fresh, ()
    except OSError as error:
        return fresh, (Explanation("practice.unreadable", {"file": str(path), "error": reason(error)}),)
    except (ValueError, RecursionError):
        return fresh, (Explanation("practice.damaged", {"file": str(path)}),)
    if progress.format != fresh.format:
        return fresh, (Explanation("practice.damaged", {"file": str(path)}),)
    if progress.course != course.id:
        values = {"file": str(path), "course": progress.course}
        return fresh, (Explanation("practice.other_course", values),)
    return progress, ()


def write_progress(folder: Path, progress: Progress) -> tuple[Explanation, ...]:
    """Remember it, whole or not at all; return a note where it cannot be written, which stops nothing else."""
    try:
        write_file(folder / FILE_NAME, _PROGRESS.dump_json(progress, indent=1), "practice.unwritable")
    except RequestError as error:
        return (error.explanation,)
    return ()


def remember_grade(course: Course, folder: Path, grade: Grade, digest: str) -> tuple[Explanation, ...]:
    """Remember what came of a check of a file with that digest; return notes."""
    missed = [item for item in grade.checks if not item.verdict.is_fine and item.kind == "check"]
    checked = Checked(
        at=grade.graded_at or datetime.now(UTC),
        points=grade.points,
        possible=grade.possible,
        verdict=grade.verdict,
        digest=digest,
        open=tuple(item.title for item in missed),
    )
    progress, notes = read_progress(course, folder)
    progress = replace(progress, checked={**progress.checked, grade.exercise: checked})
    return notes + write_progress(folder, progress)


def take_hint(
    course: Course, folder: Path, exercise: str, total: int, *, everything: bool = False
) -> tuple[range, tuple[Explanation, ...]]:
    """Return the numbers from 0 of the hints to show now, none where all were taken, and notes; remember them as taken."""
    progress, notes = read_progress(course, folder)
    taken = max(0, min(progress.hints.get(exercise, 0), total))
    now = range(0 if everything else taken, total if everything else min(taken + 1, total))
    if now and now.stop != taken:
        progress = replace(progress, hints={**progress.hints, exercise: now.stop})
        notes += write_progress(folder, progress)
    return now, notes
