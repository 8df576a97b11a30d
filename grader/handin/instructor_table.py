"""CSV tables that an instructor writes: manifest.csv and roster.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError, Fault, reason
from grader.files.csv import TableError, csv_rows
from grader.handin.names import key_of
from grader.model import Explanation

MOST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by their column, stripped; empty ones are left out."""

    line: int
    cells: Mapping[str, str]


class Table:
    """A table's rows, and the faults found in them."""

    def __init__(self, file: str, rows: tuple[Row, ...]) -> None:
        self.file = file
        self.rows = rows
        self.faults: list[Fault] = []

    def fault(self, row: Row, key: str, **values: str) -> None:
        """Remember what is wrong with a row."""
        self.faults.append(Fault(self.file, f"line {row.line}", Explanation(key, values)))

    def check(self) -> None:
        """Raise a CourseError with all faults, if there are any."""
        if self.faults:
            raise CourseError(tuple(self.faults))


def read_table(path: Path, columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]) -> Table:
    """Return the rows of a table; `columns` holds for each column the other names it may have.

    Other columns are not looked at.

    Raises:
        CourseError: the file cannot be read, or its first line does not name the columns.
    """
    (line, head), *lines = read_lines(path)
    found = {place: name for place, cell in enumerate(head) if (name := _column(cell, columns))}
    missing = [name for name in needed if name not in found.values()]
    if missing:
        raise no_column(path, line, head, ", ".join(missing))
    rows = []
    for line, cells in lines:
        filled = {found[place]: cell.strip() for place, cell in enumerate(cells) if place in found}
        if any(cell.strip() for cell in cells):
            rows.append(Row(line, {name: cell for name, cell in filled.items() if cell}))
    return Table(path.name, tuple(rows))


def read_lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return a table's rows with the numbers of their lines, the headings first; an empty file has one row.

    Raises:
        CourseError: the file cannot be read.
    """
    file = path.name
    try:
        raw = path.read_bytes()[: MOST_BYTES + 1]
    except OSError as error:
        raise _unusable(file, "", Explanation("course.unreadable", {"error": reason(error)})) from error
    if len(raw) > MOST_BYTES:
        raise _unusable(file, "", Explanation("table.too_large", {"mib": str(MOST_BYTES >> 20)}))
    try:
        return csv_rows(raw, strict=True) or [(1, [])]
    except TableError as error:
        place = f"line {error.line}" if error.line else ""
        raise _unusable(file, place, error.why) from error


def no_column(path: Path, line: int, head: Sequence[str], missing: str) -> CourseError:
    """Return the fault of a table whose headings do not name a column."""
    values = {"missing": missing, "given": ", ".join(head)[:200]}
    return _unusable(path.name, f"line {line}", Explanation("table.no_column", values))


def _unusable(file: str, place: str, explanation: Explanation) -> CourseError:
    return CourseError((Fault(file, place, explanation),))


def _column(cell: str, columns: Mapping[str, tuple[str, ...]]) -> str | None:
    given = key_of(cell.replace("_", " "))
    for name, others in columns.items():
        if given in (name.replace("_", " "), *others):
            return name
    return None
