"""The class in the terminal: students x exercises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as RichText

from grader.messages import text
from grader.model import Course, Grade, Language, Verdict
from grader.reports.feedback import STYLES

__all__ = ["by_student", "cell_text", "class_table", "total_text", "totals"]

_LETTERS = {
    Verdict.UNGRADED: "!",
    Verdict.FORBIDDEN: "F",
    Verdict.TIMEOUT: "T",
    Verdict.MEMORY: "M",
    Verdict.CRASHED: "C",
    Verdict.ERROR: "E",
}


def cell_text(grade: Grade) -> str:
    """Return an exercise's points, with a letter for what went wrong beside wrong values.

    `L` says that points were lost for lateness, `*` that they were set by hand.
    """
    standing = grade.standing
    if standing is not None and standing.override is not None:
        return f"{grade.points:g}*"
    if grade.is_open:
        return "!"
    if grade.verdict is Verdict.NOT_ATTEMPTED and grade.points == 0:
        return "·" if grade.path else "–"
    late = "L" if standing is not None and standing.late is not None and standing.late.percent else ""
    return f"{grade.points:g}{_LETTERS.get(grade.verdict, '')}{late}"


def by_student(grades: Iterable[Grade]) -> dict[str, dict[str, Grade]]:
    """Return each student's grades by exercise, the students sorted."""
    rows: dict[str, dict[str, Grade]] = {}
    for grade in sorted(grades, key=lambda grade: grade.student):
        rows.setdefault(grade.student, {})[grade.exercise] = grade
    return rows


def totals(grades: Iterable[Grade]) -> dict[str, float]:
    """Return each student's points together; what is ungraded adds nothing and is marked where it is shown."""
    sums: dict[str, float] = {}
    for grade in grades:
        earned = 0.0 if grade.is_open else grade.points
        sums[grade.student] = sums.get(grade.student, 0.0) + earned
    return sums


def total_text(row: Mapping[str, Grade]) -> str:
    """Return a student's points together, with a question mark where something is ungraded."""
    total = sum(totals(row.values()).values())
    return f"{total:g}{'?' if any(grade.is_open for grade in row.values()) else ''}"


def class_table(course: Course, grades: Sequence[Grade], language: Language) -> RenderableType:
    """Return the table of a class, and below it what its signs mean."""
    exercises = [item for item in course.exercises if any(grade.exercise == item.id for grade in grades)]
    table = Table(
        title=text("cli.class_title", language, course=course.title.in_language(language)),
        # Narrow enough for fourteen exercises in a terminal of 80 columns.
        box=box.SIMPLE_HEAD,
        padding=(0, 0, 0, 1),
        pad_edge=False,
    )
    table.add_column(text("cli.student", language), no_wrap=True)
    for exercise in exercises:
        table.add_column(exercise.id.removeprefix("ex"), justify="right", no_wrap=True)
    table.add_column(text("cli.total", language), justify="right", style="bold", no_wrap=True)
    for student, row in by_student(grades).items():
        cells = []
        for exercise in exercises:
            grade = row.get(exercise.id)
            style = "" if grade is None else STYLES[grade.verdict]
            cells.append(RichText("" if grade is None else cell_text(grade), style=style))
        # A student's name is text, never markup.
        table.add_row(RichText(student), *cells, total_text(row))
    # What belongs together stays on one line.
    signs = "  ".join(sign.replace(" ", "\u00a0") for sign in text("cli.legend", language).split(" | "))
    return Group(table, RichText(signs, style="dim"))
