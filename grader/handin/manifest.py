"""manifest.csv, or Moodle's worksheet: when each file was handed in, told by whoever collected them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.course.names import parse_exercise_name
from grader.handin.instructor_table import Row, Table, read_table
from grader.handin.names import key_of
from grader.handin.records import Candidate, Intake
from grader.handin.roster import Roster
from grader.handin.students import Students
from grader.handin.times import parse_time
from grader.handin.worksheet import worksheet_time

_COLUMNS = {
    "student": ("학생", "학번"),
    "file": ("파일",),
    "exercise": ("과제",),
    "submitted_at": ("제출 시각", "제출시각"),
    "attempt": ("시도", "회차"),
    "group": ("group name", "조", "그룹", "모둠", "팀"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what was handed in when. It has a file or an exercise; the other may be empty."""

    line: int
    student: str
    file: str
    exercise: str
    submitted_at: datetime
    attempt: int
    """Which attempt is meant; 0 where the row does not say it."""
    group: str = ""
    """The student's group."""


def read_manifest(intake: Intake, path: Path) -> tuple[Entry, ...]:
    """Return the rows of a manifest.

    Raises:
        CourseError: it names every row that is not as it should be, by file and line.
    """
    table = read_table(path, _COLUMNS, ("student", "submitted_at"))
    entries: dict[tuple[str, str, str, int], Entry] = {}
    groups: dict[str, str] = {}
    for row in table.rows:
        if (entry := _entry(intake, table, row)) is not None:
            if entry.group and groups.setdefault(key_of(entry.student), entry.group) != entry.group:
                table.fault(
                    row, "table.two_groups", student=entry.student, group=groups[key_of(entry.student)]
                )
            key = (key_of(entry.student), key_of(entry.file), entry.exercise, entry.attempt)
            if entries.setdefault(key, entry) is not entry:
                table.fault(row, "table.twice", other=f"line {entries[key].line}")
    table.check()
    return tuple(entries.values())


def _entry(intake: Intake, table: Table, row: Row) -> Entry | None:
    """Return a row as an entry; None, with its faults noted in the table, where it is not as it should be."""
    cells = row.cells
    faults_before = len(table.faults)
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
    if len(table.faults) > faults_before or submitted_at is None:
        return None
    file = cells.get("file", "").replace("\\", "/").removeprefix("./")
    exercise_id = exercise.id if exercise else ""
    group = cells.get("group", "")
    return Entry(row.line, cells["student"], file, exercise_id, submitted_at, int(attempt), group)


def apply_manifest(intake: Intake, entries: tuple[Entry, ...], students: Students) -> None:
    """Give the candidates the times of a manifest; a row that fits nothing is noted."""
    indices: dict[str | None, list[int]] = defaultdict(list)
    for index, candidate in enumerate(intake.candidates):
        indices[students.names[candidate.origin.person]].append(index)
    # What is said of a file goes before what is said of all files of its exercise.
    for entry in sorted(entries, key=lambda item: bool(item.file)):
        of_student = indices[students.aliases.get(key_of(entry.student))]
        fitting = [index for index in of_student if _fits(intake, entry, intake.candidates[index])]
        if not fitting:
            what = entry.file or entry.exercise
            intake.note("submissions.manifest_unused", line=entry.line, student=entry.student, what=what)
        for index in fitting:
            candidate = intake.candidates[index]
            attempt = entry.attempt if entry.file and entry.attempt else candidate.origin.attempt
            origin = replace(candidate.origin, stated_at=entry.submitted_at, attempt=attempt)
            # A file whose own name says nothing is for the exercise that its row says.
            exercise = candidate.exercise or (entry.exercise if entry.file else "") or None
            intake.candidates[index] = replace(candidate, origin=origin, exercise=exercise)


def apply_worksheet(intake: Intake, roster: Roster, students: Students) -> bool:
    """Give what participants handed in the times of the worksheet that numbers them; return whether there were any.

    A group's files have the time of its members. A time that cannot be read is noted.
    """
    known: dict[str, datetime | None] = {}
    for index, candidate in enumerate(intake.candidates):
        person = candidate.origin.person
        group = students.members.get(students.names[person], ())
        ids = {person.lms_id, *(member.lms_id for member in roster.members if member.student in group)}
        for number in ids & roster.times.keys() - known.keys():
            known[number] = worksheet_time(roster.times[number], intake.zone)
            if known[number] is None:
                intake.note(
                    "submissions.worksheet_time", student=students.names[person], given=roster.times[number]
                )
        times = [time for number in ids if (time := known.get(number)) is not None]
        if times and candidate.origin.stated_at is None:
            origin = replace(candidate.origin, stated_at=max(times))
            intake.candidates[index] = replace(candidate, origin=origin)
    return bool(known)


def _fits(intake: Intake, entry: Entry, candidate: Candidate) -> bool:
    """Return whether a row means a file: by its path or the end of it, else by exercise and attempt."""
    exercise = candidate.exercise or candidate.origin.hint
    if entry.file:
        is_same = f"/{key_of(candidate.item.shown)}".endswith(f"/{key_of(entry.file)}")
        return is_same and entry.exercise in ("", exercise or entry.exercise)
    return (exercise or intake.wanted) == entry.exercise and entry.attempt in (0, candidate.origin.attempt)
