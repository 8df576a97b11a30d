"""Files for other programs: grades.csv and results.json, and the writing of them."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from grader.errors import RequestError
from grader.model import Course, Grade
from grader.reports.tables import totals

__all__ = ["RESULTS_FORMAT", "grades_csv", "results_json", "write_file"]

RESULTS_FORMAT = 1
_GRADE: TypeAdapter[Grade] = TypeAdapter(Grade)


def grades_csv(course: Course, grades: Sequence[Grade]) -> str:
    """Return a row for each student: points per exercise, empty where ungraded, and the total.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
    """
    by_place = {(grade.student, grade.exercise): grade for grade in grades}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["student", *(exercise.id for exercise in course.exercises), "total", "possible"])
    possible = sum(exercise.points for exercise in course.exercises)
    for student, total in sorted(totals(grades).items()):
        cells = []
        for exercise in course.exercises:
            grade = by_place.get((student, exercise.id))
            ungraded = grade is None or grade.is_open
            cells.append("" if ungraded or grade is None else f"{grade.points:g}")
        name = f"'{student}" if student[:1] in "=+-@\t\r" else student
        writer.writerow([name, *cells, f"{total:g}", f"{possible:g}"])
    return buffer.getvalue()


def results_json(course: Course, grades: Sequence[Grade], run: dict[str, Any]) -> str:
    """Return everything about the newest grades as JSON, for instructors: hidden checks' findings are in it."""
    document = {
        "format": RESULTS_FORMAT,
        "course": {"id": course.id, "title": {"en": course.title.en, "ko": course.title.ko}},
        "run": run,
        "exercises": [
            {
                "id": exercise.id,
                "slug": exercise.slug,
                "title": {"en": exercise.title.en, "ko": exercise.title.ko},
                "points": exercise.points,
            }
            for exercise in course.exercises
        ],
        "grades": [_grade_object(grade) for grade in grades],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _grade_object(grade: Grade) -> dict[str, Any]:
    result: dict[str, Any] = _GRADE.dump_python(grade, mode="json")
    if grade.is_open:
        result["points"] = None
    return result


def write_file(path: Path, content: str) -> None:
    """Write a file whole or not at all.

    Raises:
        RequestError: the folder or the file cannot be written.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(content)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        values = {"file": str(path), "error": error.strerror or str(error)}
        raise RequestError("request.unwritable", values) from error
