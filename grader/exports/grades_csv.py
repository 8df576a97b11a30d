"""grades.csv and checks.csv."""

from __future__ import annotations

from collections.abc import Sequence

from grader.messages.sentences import points_text
from grader.model import Course, Grade, Verdict
from grader.reports.files import csv_text, safe_cell
from grader.reports.students import by_student, totals
from grader.reports.views import instructor_view


def grades_csv(course: Course, grades: Sequence[Grade]) -> str:
    """Return a row for each student: points per exercise and the total; empty where ungraded, the total too."""
    known = _known(grades)
    # Only where anything waits: who reads the table of another class finds its columns as they were.
    waits = ["waiting"] if any(grade.waiting for grade in grades) else []
    rows = [["student", *known, *(exercise.id for exercise in course.exercises), "total", "possible", *waits]]
    possible = points_text(sum(exercise.points for exercise in course.exercises))
    sums = totals(grades)
    for student, row in by_student(grades).items():
        found = [row.get(exercise.id) for exercise in course.exercises]
        cells = ["" if grade is None or grade.is_open else points_text(grade.points) for grade in found]
        total = "" if any(grade.is_open for grade in row.values()) else points_text(sums[student])
        about = next(iter(row.values()))
        waiting = points_text(sum(grade.waiting for grade in row.values()))
        rows.append([*_about(about, known), *cells, total, possible, *([waiting] if waits else [])])
    return csv_text(rows)


def _known(grades: Sequence[Grade]) -> list[str]:
    """Return the columns beside the student: what a roster says of anybody."""
    return [name for name in ("name", "group") if any(getattr(grade, name) for grade in grades)]


def _about(grade: Grade, known: Sequence[str]) -> list[str]:
    return [safe_cell(getattr(grade, name)) for name in ("student", *known)]


def checks_csv(grades: Sequence[Grade]) -> str:
    """Return a row for each student's each check, or one without a check where none was run; no points if ungraded."""
    known = _known(grades)
    columns = "exercise check title visible verdict earned possible misconception seconds".split()
    rows: list[list[str]] = [["student", *known, *columns]]
    for grade in grades:
        for view in instructor_view(grade.checks):
            rows.append(
                [
                    *_about(grade, known),
                    grade.exercise,
                    view.name,
                    safe_cell(view.title.in_language("en")),
                    "no" if view.hidden else "yes",
                    view.verdict.value,
                    "" if view.verdict in (Verdict.UNGRADED, Verdict.WAITING) else points_text(view.earned),
                    # A bonus earns beyond what is possible.
                    "0" if view.kind == "bonus" else points_text(view.points),
                    view.mistake_id,
                    f"{view.seconds:.3f}",
                ]
            )
        if not grade.checks:
            earned = "" if grade.verdict is Verdict.UNGRADED else "0"
            about = [grade.verdict.value, earned, points_text(grade.possible), "", ""]
            rows.append([*_about(grade, known), grade.exercise, "", "", "", *about])
    return csv_text(rows)
