"""A student's page: for the instructor, or for the student, as the view says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.model import Course, Exercise, Explanation, Grade, Language, Verdict
from grader.reports.adjustments import NONE, Adjustment, Adjustments, final_points, final_totals
from grader.reports.markup import render
from grader.reports.tables import cell_text
from grader.reports.views import CheckView, View, instructor_view

__all__ = ["Cell", "cell_of", "page_name", "student_page", "total_text"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One student's exercise in a table: what is written, and how full its bar is (0 to 100)."""

    text: str
    share: int | None


@dataclass(frozen=True, slots=True)
class _Part:
    """One exercise on a student's page."""

    exercise: Exercise
    grade: Grade
    cell: Cell
    adjustment: Adjustment
    notes: tuple[Explanation, ...]
    checks: tuple[CheckView, ...]


def page_name(student: str) -> str:
    """Return the path of a student's page: names are any text, and the same student keeps the same page."""
    return f"students/{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:12]}.html"


def cell_of(grade: Grade, adjustment: Adjustment = NONE) -> Cell:
    """Return what a table shows of a grade; an override is marked with a star, lateness with an L."""
    points = final_points(grade, adjustment)
    if points is None:
        return Cell(cell_text(grade), None)
    shown = cell_text(replace(grade, points=points)) if adjustment.points is None else f"{points:g}*"
    late = "L" if adjustment.late_percent else ""
    return Cell(shown + late, round(100 * points / grade.possible) if grade.possible else None)


def total_text(row: Mapping[str, Grade], adjustments: Adjustments) -> str:
    """Return a student's points together, with a question mark where something is ungraded."""
    total = sum(final_totals(row.values(), adjustments).values())
    is_open = any(
        final_points(grade, adjustments.get((grade.student, grade.exercise), NONE)) is None
        for grade in row.values()
    )
    return f"{total:g}{'?' if is_open else ''}"


def student_page(
    course: Course,
    student: str,
    row: Mapping[str, Grade],
    adjustments: Adjustments,
    view: View,
    *,
    language: Language,
) -> str:
    """Return one student's page: for the instructor, or for the student, as the view says."""
    exercises = [exercise for exercise in course.exercises if exercise.id in row]
    parts = []
    for exercise in exercises:
        grade = row[exercise.id]
        adjustment = adjustments.get((student, exercise.id), NONE)
        cell = cell_of(grade, adjustment)
        # Why we could not grade is for the instructor: its text could hold what a check is about.
        is_ours = grade.verdict is Verdict.UNGRADED and view is not instructor_view
        notes = () if is_ours else grade.notes
        parts.append(_Part(exercise, grade, cell, adjustment, notes, tuple(view(grade.checks))))
    return render(
        "student.html",
        course=course,
        language=language,
        student=student,
        instructor=view is instructor_view,
        total=total_text(row, adjustments),
        possible=sum(exercise.points for exercise in exercises),
        parts_of=parts,
    )
