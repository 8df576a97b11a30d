"""A student's answers in the terminal: one line for each exercise."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text as RichText

from grader.messages.sentences import points_text, text, time_text
from grader.model import Course, Exercise, Grade, Language, Verdict
from grader.reports.hidden import hidden_points_text
from grader.reports.signs import SIGNS
from grader.reports.views import notes_of, student_grade, student_view
from grader.scoring import hidden_points


def answers_table(course: Course, grades: Mapping[str, Grade], language: Language) -> RichText:
    """Return a line for each exercise of a course: its points, when it is due, and what is next."""
    names = ("exercise", "points", "due", "next")
    rows = [[RichText(text(f"answers.{name}", language), style="bold") for name in names]]
    rows += [_row(exercise, grades.get(exercise.id), language) for exercise in course.exercises]
    widths = [max(row[column].cell_len for row in rows) for column in range(len(names) - 1)]
    table = RichText("\n").join(_line(row, widths) for row in rows)
    hidden = sum(hidden_points(item, grades[item.id]) for item in course.exercises if item.id in grades)
    if hidden:
        table.append(f"\n\n{hidden_points_text(hidden, language)}")
    return table


def _line(row: list[RichText], widths: list[int]) -> RichText:
    """Return cells side by side, the points on the right of their column; nothing stands behind the last."""
    spaces = [" " * (width - cell.cell_len) for cell, width in zip(row, widths, strict=False)]
    name, points, due, following = row
    return RichText.assemble(name, spaces[0], "  ", spaces[1], points, "  ", due, spaces[2], "  ", following)


def _row(exercise: Exercise, grade: Grade | None, language: Language) -> list[RichText]:
    name = f"{exercise.id} {exercise.slug}"
    due = time_text(exercise.due, exercise.timezone) if exercise.due else "–"
    following = RichText(_next(exercise, grade, language))
    if grade is None:
        return [RichText(f"· {name}", style="dim"), RichText("–"), RichText(due), following]
    sign = SIGNS[student_grade(grade).verdict]
    points = "–" if grade.is_open else f"{points_text(grade.points)} / {points_text(grade.possible)}"
    return [RichText(f"{sign.mark} {name}", style=sign.style), RichText(points), RichText(due), following]


def _next(exercise: Exercise, grade: Grade | None, language: Language) -> str:
    """Return what there is to do for an exercise."""
    if grade is None:
        return text("answers.none", language, file=f"{exercise.id}.py")
    shown = student_grade(grade)
    if shown.verdict.is_fine:
        return text("answers.done", language)
    if shown.verdict is Verdict.NOT_ATTEMPTED:
        return text("answers.begin", language)
    for view in student_view(grade.checks, notes_of(grade)):
        if not view.verdict.is_fine and view.kind != "bonus":
            return f"{view.title.in_language(language)} [{view.verdict_text.in_language(language)}]"
    return ""
