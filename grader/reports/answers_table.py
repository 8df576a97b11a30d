"""A student's answers in the terminal: one line for each exercise."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.text import Text as RichText

from grader.messages.sentences import points_text, text, time_text
from grader.model import Course, Exercise, Grade, Language, Verdict
from grader.reports.hidden import hidden_points_text
from grader.reports.rows import Column, Rows
from grader.reports.signs import SIGNS
from grader.reports.views import notes_of, student_grade, student_view
from grader.scoring import hidden_points


def answers_table(course: Course, grades: Mapping[str, Grade], language: Language) -> RenderableType:
    """Return a line for each exercise of a course: its points, when it is due, and what is next."""
    columns = [
        Column(text(key, language), is_number=key == "cli.points", is_folded=key == "practice.next")
        for key in ("report.exercise", "cli.points", "readme.due", "practice.next")
    ]
    table = Rows(columns, [_row(item, grades.get(item.id), language) for item in course.exercises])
    hidden = sum(hidden_points(item, grades[item.id]) for item in course.exercises if item.id in grades)
    return Group(table, f"\n{hidden_points_text(hidden, language)}") if hidden else table


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
        return text("practice.state_absent", language, exercise=exercise.id, file=f"{exercise.id}.py")
    shown = student_grade(grade)
    if shown.verdict.is_fine:
        return text("practice.state_done", language)
    if shown.verdict is Verdict.NOT_ATTEMPTED:
        return text("practice.state_untouched", language)
    for view in student_view(grade.checks, notes_of(grade)):
        if not view.verdict.is_fine and view.kind != "bonus":
            return f"{view.title.in_language(language)} [{view.verdict_text.in_language(language)}]"
    return ""
