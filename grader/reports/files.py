"""Files for other programs: tables, and the writing of files."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.errors import RequestError
from grader.messages import points_text
from grader.model import Course, Grade, Verdict
from grader.reports.tables import by_student, totals

__all__ = ["checks_csv", "csv_text", "grades_csv", "safe_cell", "write_file"]

# Excel takes the wide signs of an East Asian keyboard for the plain ones.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_HARMLESS = re.compile(r"[+-]?\d+(\.\d+)?|-", re.ASCII)


def safe_cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before what begins like one.

    A number with a sign stays one, and so does the dash that Canvas writes where there is no grade. See OWASP, "CSV
    Injection" (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    return f"'{value}" if value[:1] in _FORMULA and not _HARMLESS.fullmatch(value) else value


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV (RFC 4180, with plain line ends)."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def grades_csv(course: Course, grades: Sequence[Grade]) -> str:
    """Return a row for each student: points per exercise and the total; empty where ungraded, the total too."""
    rows = [["student", *(exercise.id for exercise in course.exercises), "total", "possible"]]
    possible = points_text(sum(exercise.points for exercise in course.exercises))
    sums = totals(grades)
    for student, row in by_student(grades).items():
        found = [row.get(exercise.id) for exercise in course.exercises]
        cells = ["" if grade is None or grade.is_open else points_text(grade.points) for grade in found]
        total = "" if any(grade.is_open for grade in row.values()) else points_text(sums[student])
        rows.append([safe_cell(student), *cells, total, possible])
    return csv_text(rows)


def checks_csv(grades: Sequence[Grade]) -> str:
    """Return a row for each student's each check, or one without a check where none was run; no points if ungraded."""
    rows: list[list[str]] = [
        "student exercise check title visible verdict earned possible misconception seconds".split()
    ]
    for grade in grades:
        for result in grade.checks:
            rows.append(
                [
                    safe_cell(grade.student),
                    grade.exercise,
                    result.name,
                    safe_cell(result.title.en),
                    "yes" if result.visible else "no",
                    result.verdict.value,
                    "" if result.verdict is Verdict.UNGRADED else points_text(result.earned),
                    points_text(result.points),
                    result.misconception.id if result.misconception is not None else "",
                    f"{result.seconds:.3f}",
                ]
            )
        if not grade.checks:
            earned = "" if grade.verdict is Verdict.UNGRADED else "0"
            about = [grade.verdict.value, earned, points_text(grade.possible), "", ""]
            rows.append([safe_cell(grade.student), grade.exercise, "", "", "", *about])
    return csv_text(rows)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; a text as UTF-8.

    Raises:
        RequestError: the folder or the file cannot be written.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        values = {"file": str(path), "error": error.strerror or str(error)}
        raise RequestError("request.unwritable", values) from error
