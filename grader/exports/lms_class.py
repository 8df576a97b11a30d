"""A class as another system exports it, and whose grades belong into which of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import RequestError, file_errors_as
from grader.files.csv import csv_rows
from grader.model import Exercise, Grade

# By what a student may be called in the folder of submissions.
_KEYS = (
    "SIS Login ID", "SIS User ID", "ID", "Student", "Username", "ID number", "Email address", "Identifier", "Full name",
)  # fmt: skip
_ALSO = {
    "이름": "First name",
    "성": "Last name",
    "학번": "ID number",
    "ID 번호": "ID number",
    "이메일": "Email address",
    "이메일 주소": "Email address",
    "사용자 아이디": "Username",
}
"""Headings of a site in Korean, and what they are called here."""
_IDENTIFIER = re.compile(r"([^\d\s@][^\d@]*?)\s+(\d+)", re.ASCII)
_BETWEEN = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
"""What each cell of a row says that tells how Canvas posts an assignment."""
_POINTS_POSSIBLE = "Points Possible"


@dataclass(frozen=True)
class LmsClass:
    """A class as another system exports it: its columns, and a row for each student."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    possible: Mapping[str, str] = field(default_factory=dict)
    """Canvas's points possible, by column."""
    _index: dict[str, dict[str, str]] = field(default_factory=dict)

    def find(self, student: str) -> dict[str, str] | None:
        """Return a student's row: by login, number, name, email address or what stands before its @."""
        return self._index.get(_key(student))

    def match(self, students: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the rows of those students who have one to themselves; nobody gets what may be another's."""
        found = {student: row for student in students if (row := self.find(student)) is not None}
        claims = Counter(id(row) for row in found.values())
        return {student: row for student, row in found.items() if claims[id(row)] == 1}

    def require(self, *names: str) -> None:
        """Hold that these columns are there.

        Raises:
            RequestError: one is missing.
        """
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise RequestError("export.no_column", {"file": self.file, "columns": ", ".join(missing)})

    def named(self, *names: str) -> tuple[str, ...]:
        """Return the columns of these names, in this order, under the headings that they have."""
        called = {_ALSO.get(column, column): column for column in reversed(self.columns)}
        return tuple(called[name] for name in names if name in called)


def _key(value: str) -> str:
    return " ".join(value.split()).casefold()


def read_lms_class(content: bytes | str, file: str) -> LmsClass:
    """Read the CSV file that another system exported.

    Raises:
        RequestError: it is no table.
    """
    try:
        lines = [cells for _, cells in csv_rows(content)]
    except ValueError as error:
        raise RequestError("request.unreadable", {"file": file, "error": str(error)}) from error
    columns = _in_english(tuple(name.strip() for name in lines[0]) if lines else (), lines[1:])
    if not any(columns):
        raise RequestError("export.no_column", {"file": file, "columns": "?"})
    possible: dict[str, str] = {}
    students = []
    for line in lines[1:]:
        row = dict(zip(columns, [*line, *[""] * len(columns)], strict=False))
        if line and _POINTS_POSSIBLE in line[0]:
            possible = row
        elif not all(_BETWEEN.fullmatch(cell) for cell in line):
            students.append(row)
    return LmsClass(file, columns, tuple(students), possible, _index_of(students))


def read_lms_file(path: Path | None) -> LmsClass | None:
    """Read a class as another system exported it; None where no file is named.

    Raises:
        RequestError: it cannot be read as a table.
    """
    if path is None:
        return None
    with file_errors_as(RequestError, "request.unreadable", path):
        content = path.read_bytes()
    return read_lms_class(content, str(path))


def _in_english(columns: tuple[str, ...], lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return a table's headings, those of a grading worksheet as an English Moodle writes them.

    In every language its first column numbers the participants ("참여자 123"), and their full names are in the second.
    A heading that is known stays: people may be called "Student 1".
    """
    if columns and columns[0] in (*_KEYS, *_ALSO, *_ALSO.values()):
        return columns
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
    plain = [{_ALSO.get(column, column): value for column, value in row.items()} for row in rows]
    for column in (*_KEYS, "email", "name"):
        names: dict[str, list[dict[str, str]]] = {}
        for row, known in zip(rows, plain, strict=True):
            for name in {_key(value) for value in _names(known, column)}:
                names.setdefault(name, []).append(row)
        for name, found in names.items():
            if name and len(found) == 1:
                index.setdefault(name, found[0])
    return index


def _names(row: Mapping[str, str], column: str) -> Iterator[str]:
    if column == "email":
        yield row.get("Email address", "").partition("@")[0]
        yield row.get("SIS Login ID", "").partition("@")[0]
    elif column == "name":
        for first, last in (("First name", "Last name"), ("FirstName", "LastName")):
            yield f"{row.get(first, '')} {row.get(last, '')}".strip()
            yield f"{row.get(last, '')} {row.get(first, '')}".strip()
            # Korean names are written without a space.
            yield f"{row.get(last, '')}{row.get(first, '')}"
        if ", " in (student := row.get("Student", "")):
            yield " ".join(reversed(student.split(", ", 1)))
            yield "".join(student.split(", ", 1))
    else:
        yield row.get(column, "")


def own_columns(
    exercises: Sequence[Exercise], lms_class: LmsClass, titles: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Return the class's column for each exercise that has one: it is titled by the exercise's id, slug or title.

    `titles` has what may be the title in the heading of each column that may be one.

    Raises:
        RequestError: two columns are; which one is meant is not guessed.
    """
    own: dict[str, str] = {}
    for exercise in exercises:
        names = {_key(name) for name in (exercise.id, exercise.slug, *exercise.title.values())}
        names |= {_key(f"{exercise.id} {title}") for title in exercise.title.values()}
        found = [
            column
            for column, title in titles.items()
            if column not in own.values() and names & {_key(name) for name in title}
        ]
        if len(found) > 1:
            values = {"file": lms_class.file, "exercise": exercise.id, "columns": ", ".join(found)}
            raise RequestError("export.two_columns", values)
        if found:
            own[exercise.id] = found[0]
    return own


def has_points(row: Mapping[str, Grade]) -> bool:
    """Return whether anything of a student's has points: who has none has no place in an import."""
    return any(not grade.is_open for grade in row.values())


def others(found: Iterable[str], written: Iterable[str]) -> tuple[str, ...]:
    """Return the students who are not in a file."""
    known = set(written)
    return tuple(student for student in found if student not in known)
