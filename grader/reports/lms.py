"""What learning management systems take: Canvas's and Moodle's grade imports.

The formats, as published:

- Canvas: columns Student, ID, SIS User ID, SIS Login ID, Section, then one an assignment whose heading ends in its
  number; a row "Points Possible" below the headings. What its import reads is
  https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb.
- Moodle, "Grade import" (https://docs.moodle.org/en/Grade_import): any CSV; a column that tells the user (user name,
  ID number or email address) is mapped by hand when it is uploaded.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grader.errors import RequestError
from grader.model import Course, Exercise, Grade
from grader.reports.files import csv_text, safe_cell
from grader.reports.tables import by_student

__all__ = ["Export", "Roster", "canvas_csv", "moodle_csv", "read_roster"]

_CANVAS_COLUMNS = (
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
    "Section",
)
_MOODLE_COLUMNS = ("First name", "Last name", "ID number", "Email address", "Username")
# By what a student may be called in the folder of submissions.
_KEYS = (
    "SIS Login ID", "SIS User ID", "ID", "Student", "Username", "ID number", "Email address", "Identifier", "Full name",
)  # fmt: skip
_IDENTIFIER = re.compile(r"([^\d\s@][^\d@]*?)\s+(\d+)", re.ASCII)


@dataclass(frozen=True)
class Export:
    """A file for another system, and which students could not be put into it."""

    content: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """A class as another system exports it: its columns, and a row for each student."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    before: tuple[dict[str, str], ...] = ()
    """Rows between the headings and the students: Canvas's points possible."""
    _index: dict[str, dict[str, str]] = field(default_factory=dict)

    def find(self, student: str) -> dict[str, str] | None:
        """Return a student's row: by login, number, name, email address or what stands before its @."""
        return self._index.get(_key(student))

    def match(self, students: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the rows of those students who have one to themselves; nobody gets what may be another's."""
        found = {student: row for student in students if (row := self.find(student)) is not None}
        claims = Counter(id(row) for row in found.values())
        return {student: row for student, row in found.items() if claims[id(row)] == 1}


def _key(value: str) -> str:
    return " ".join(value.split()).casefold()


def read_roster(content: str, file: str, required: Iterable[str] = ()) -> Roster:
    """Read the CSV file that another system exported.

    Raises:
        RequestError: it holds no rows, or a column is missing.

    """
    content = content.removeprefix("\ufeff")
    head = content.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(content), delimiter=delimiter))
    except csv.Error as error:
        raise RequestError("request.unreadable", {"file": file, "error": str(error)}) from error
    columns = _in_english(tuple(name.strip() for name in lines[0]) if lines else (), lines[1:])
    missing = [name for name in required if name not in columns]
    if missing or not columns:
        raise RequestError("export.no_column", {"file": file, "columns": ", ".join(missing) or "?"})
    rows = [
        dict(zip(columns, [*line, *[""] * len(columns)], strict=False)) for line in lines[1:] if any(line)
    ]
    first = columns[0]
    is_student = [
        not (row[first].strip().startswith("Points Possible") or not row[first].strip()) for row in rows
    ]
    students = tuple(row for row, student in zip(rows, is_student, strict=True) if student)
    before = tuple(row for row, student in zip(rows, is_student, strict=True) if not student)
    return Roster(columns, students, before, _index_of(students))


def _in_english(columns: tuple[str, ...], lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return a table's headings, those of a grading worksheet as an English Moodle writes them.

    In every language its first column numbers the participants ("참여자 123"), and their full names are in the second.
    """
    cells = [line[0].strip() for line in lines if any(line)]
    words = {matched[1] if (matched := _IDENTIFIER.fullmatch(cell)) else "" for cell in cells}
    if len(columns) < 2 or len(words) != 1 or "" in words:
        return columns
    names = ["Identifier", "Full name", *columns[2:]]
    for place in range(2, len(names)):
        found = [line[place] for line in lines if len(line) > place and line[place].strip()]
        if "Email address" not in names and found and all("@" in cell for cell in found):
            names[place] = "Email address"
    return tuple(names)


def _index_of(rows: Sequence[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return the rows by each name that tells one student from all others; better columns win."""
    index: dict[str, dict[str, str]] = {}
    for column in (*_KEYS, "email", "name"):
        names: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            for value in _names(row, column):
                names.setdefault(_key(value), []).append(row)
        for name, found in names.items():
            if name and len(found) == 1:
                index.setdefault(name, found[0])
    return index


def _names(row: dict[str, str], column: str) -> list[str]:
    if column == "email":
        return [row.get("Email address", "").partition("@")[0], row.get("SIS Login ID", "").partition("@")[0]]
    if column == "name":
        first, last = row.get("First name", ""), row.get("Last name", "")
        student = row.get("Student", "")
        turned = " ".join(reversed(student.split(", ", 1))) if ", " in student else ""
        return [f"{first} {last}".strip(), f"{last} {first}".strip(), turned]
    return [row.get(column, "")]


def canvas_csv(course: Course, grades: Sequence[Grade], roster: Roster) -> Export:
    """Return a file that Canvas's gradebook imports: the students of the roster who have grades.

    A column of the roster is taken for an exercise when its heading, without the number in brackets, is the exercise's
    id, slug or title; otherwise the import makes a new assignment. Where something is ungraded the roster's own value
    stays, so that an import changes nothing there.
    """
    identity = [name for name in _CANVAS_COLUMNS if name in roster.columns]
    found = by_student(grades)
    exercises = [item for item in course.exercises if any(item.id in row for row in found.values())]
    headings: dict[str, str] = {}
    for exercise in exercises:
        headings[exercise.id] = _canvas_heading(exercise, roster, set(headings.values()))
    rows = [[*identity, *headings.values()]]
    possible = roster.before[-1] if roster.before else {}
    points = [possible.get(headings[exercise.id]) or f"{exercise.points:g}" for exercise in exercises]
    rows.append(["    Points Possible", *[""] * (len(identity) - 1), *points])
    matched = roster.match(found)
    for student, known in matched.items():
        row = found[student]
        cells = [
            _points(row.get(exercise.id)) or known.get(headings[exercise.id], "") for exercise in exercises
        ]
        rows.append([safe_cell(known[name]) for name in identity] + [safe_cell(cell) for cell in cells])
    return Export(csv_text(rows), _others(found, matched))


def _others(found: Iterable[str], matched: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(student for student in found if student not in matched)


def _canvas_heading(exercise: Exercise, roster: Roster, taken: set[str]) -> str:
    names = {_key(name) for name in (exercise.id, exercise.slug, exercise.title.en, exercise.title.ko)}
    names |= {_key(f"{exercise.id} {title}") for title in (exercise.title.en, exercise.title.ko)}
    for column in roster.columns:
        if (
            column not in _CANVAS_COLUMNS
            and column not in taken
            and _key(re.sub(r"\s*\(\d+\)$", "", column)) in names
        ):
            return column
    return f"{exercise.id} {exercise.title.en}"


def moodle_csv(course: Course, grades: Sequence[Grade], roster: Roster | None) -> Export:
    """Return a file for Moodle's grade import; without a roster the folder's name stands for the user name."""
    columns = ("Username",) if roster is None else tuple(n for n in _MOODLE_COLUMNS if n in roster.columns)
    if not columns:
        columns = ("Username",)
    found = by_student(grades)
    exercises = [item for item in course.exercises if any(item.id in row for row in found.values())]
    rows: list[list[str]] = [[*columns, *(f"{item.id} {item.title.en}" for item in exercises)]]
    matched = {name: {"Username": name} for name in found} if roster is None else roster.match(found)
    for student, known in matched.items():
        cells = [_points(found[student].get(item.id)) for item in exercises]
        rows.append([*(safe_cell(known.get(name, "")) for name in columns), *cells])
    return Export(csv_text(rows), _others(found, matched))


def _points(grade: Grade | None) -> str:
    return "" if grade is None or grade.is_open else f"{grade.points:g}"
