"""manifest.csv: when each file was handed in, told by whoever collected them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.course.names import parse_exercise_name
from grader.handin.instructor_table import Row, Table, read_table
from grader.handin.names import key_of
from grader.handin.records import Candidate, Intake, Person
from grader.handin.times import parse_time

__all__ = ["Entry", "apply_manifest", "read_manifest"]

_COLUMNS = {
    "student": ("학생", "학번"),
    "file": ("파일",),
    "exercise": ("과제",),
    "submitted_at": ("제출 시각", "제출시각"),
    "attempt": ("시도", "회차"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what was handed in when."""

    line: int
    student: str
    file: str
    exercise: str
    submitted_at: datetime
    attempt: int


def read_manifest(intake: Intake, path: Path) -> tuple[Entry, ...]:
    """Return the rows of a manifest.

    Raises:
        CourseError: with every row that is not as it should be, by file and line.

    """
    table = read_table(path, _COLUMNS, ("student", "submitted_at"))
    entries: dict[tuple[str, str, str, int], Entry] = {}
    for row in table.rows:
        entry = _entry(intake, table, row)
        if entry is None:
            continue
        place = (key_of(entry.student), key_of(entry.file), entry.exercise, entry.attempt)
        if place in entries:
            table.fault(row, "table.twice", other=f"line {entries[place].line}")
        entries.setdefault(place, entry)
    table.check()
    return tuple(entries.values())


def _entry(intake: Intake, table: Table, row: Row) -> Entry | None:
    cells = row.cells
    before = len(table.faults)
    if "student" not in cells or "submitted_at" not in cells:
        table.fault(row, "table.no_cell", missing="student" if "student" not in cells else "submitted_at")
    if "file" not in cells and "exercise" not in cells:
        table.fault(row, "table.no_cell", missing="file, exercise")
    exercise = parse_exercise_name(intake.course, cells.get("exercise", "")[:200])
    if "exercise" in cells and exercise is None:
        table.fault(row, "table.no_exercise", given=cells["exercise"])
    submitted_at = parse_time(cells.get("submitted_at", ""), None)
    if "submitted_at" in cells and submitted_at is None:
        table.fault(row, "table.bad_time", given=cells["submitted_at"])
    attempt = cells.get("attempt", "0")
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) <= 6):
        table.fault(row, "table.bad_attempt", given=attempt)
    if len(table.faults) > before or submitted_at is None:
        return None
    file = cells.get("file", "").replace("\\", "/").removeprefix("./")
    return Entry(
        row.line, cells["student"], file, exercise.id if exercise else "", submitted_at, int(attempt)
    )


def apply_manifest(
    intake: Intake, entries: tuple[Entry, ...], students: Mapping[Person, str], aliases: Mapping[str, str]
) -> None:
    """Give the candidates the times of a manifest; a row that fits nothing is noted."""
    places: dict[str | None, list[int]] = {}
    for place, candidate in enumerate(intake.candidates):
        places.setdefault(students[candidate.person], []).append(place)
    # What is said of a file goes before what is said of all files of its exercise.
    for entry in sorted(entries, key=lambda item: bool(item.file)):
        of_student = places.get(aliases.get(key_of(entry.student)), [])
        fitting = [place for place in of_student if _fits(intake, entry, intake.candidates[place])]
        if not fitting:
            what = entry.file or entry.exercise
            intake.note("submissions.manifest_unused", line=entry.line, student=entry.student, what=what)
        for place in fitting:
            candidate = intake.candidates[place]
            number = entry.attempt if entry.file and entry.attempt else candidate.number
            intake.candidates[place] = replace(candidate, told=entry.submitted_at, number=number)


def _fits(intake: Intake, entry: Entry, candidate: Candidate) -> bool:
    if entry.file:
        shown, file = key_of(candidate.item.shown), key_of(entry.file)
        is_same = shown == file or shown.endswith(f"/{file}")
        return is_same and entry.exercise in ("", candidate.exercise or candidate.hint or entry.exercise)
    exercise = candidate.exercise or candidate.hint or intake.wanted
    return exercise == entry.exercise and entry.attempt in (0, candidate.number)
