"""A class's grades by student: rows, totals, cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grader.messages.sentences import points_text
from grader.model import Grade, Verdict
from grader.reports.signs import SIGNS


def cell_text(grade: Grade) -> str:
    """Return an exercise's points, with a letter for what went wrong beside wrong values.

    `L` says that points were lost for lateness, `*` that they were set by hand, `…` that more wait for a person.
    """
    standing = grade.standing
    if standing is not None and standing.override is not None:
        return f"{points_text(grade.points)}*"
    if grade.is_open:
        return "!"
    if grade.verdict is Verdict.NOT_ATTEMPTED and grade.points == 0:
        return "·" if grade.path else "–"
    waits = SIGNS[Verdict.WAITING].letter if grade.waiting and grade.verdict is not Verdict.WAITING else ""
    late = "L" if standing is not None and standing.late is not None and standing.late.percent else ""
    return f"{points_text(grade.points)}{SIGNS[grade.verdict].letter}{waits}{late}"


def points_now(grades: Iterable[Grade], student: str, exercise: str) -> str:
    """Return what a student has for an exercise, of what is possible."""
    place = (student, exercise)
    found = (grade for grade in grades if (grade.student, grade.exercise) == place)
    return next((f"{cell_text(grade)}/{points_text(grade.possible)}" for grade in found), "–")


def by_student(grades: Iterable[Grade]) -> dict[str, dict[str, Grade]]:
    """Return each student's grades by exercise, the students sorted."""
    rows: dict[str, dict[str, Grade]] = {}
    for grade in sorted(grades, key=lambda grade: grade.student):
        rows.setdefault(grade.student, {})[grade.exercise] = grade
    return rows


def shown_names(grades: Iterable[Grade]) -> dict[str, str]:
    """Return the students as they are shown, with their names beside their ids."""
    return {grade.student: grade.shown_student for grade in grades}


def totals(grades: Iterable[Grade]) -> dict[str, float]:
    """Return each student's points together; what is ungraded adds nothing and is marked where it is shown."""
    sums: dict[str, float] = {}
    for grade in grades:
        earned = 0.0 if grade.is_open else grade.points
        sums[grade.student] = sums.get(grade.student, 0.0) + earned
    return sums


def total_text(row: Mapping[str, Grade]) -> str:
    """Return a student's points together, with a sign where something is ungraded or waits for a person."""
    total = sum(totals(row.values()).values())
    is_open = any(grade.is_open for grade in row.values())
    waits = any(grade.waiting for grade in row.values())
    return f"{points_text(total)}{'?' if is_open else '…' if waits else ''}"
