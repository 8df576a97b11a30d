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
        for view in instructor_view(grade.checks):
            rows.append(
                [
                    safe_cell(grade.student),
                    grade.exercise,
                    view.name,
                    safe_cell(view.title.in_language("en")),
                    "no" if view.hidden else "yes",
                    view.verdict.value,
                    "" if view.verdict is Verdict.UNGRADED else points_text(view.earned),
                    points_text(view.points),
                    view.mistake_id,
                    f"{view.seconds:.3f}",
                ]
            )
        if not grade.checks:
            earned = "" if grade.verdict is Verdict.UNGRADED else "0"
            about = [grade.verdict.value, earned, points_text(grade.possible), "", ""]
            rows.append([safe_cell(grade.student), grade.exercise, "", "", "", *about])
    return csv_text(rows)
