"""`grader list`: how far each exercise is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.options import Context, json_option, print_line, print_page, say, shared_options
from grader.messages.sentences import points_text, text, time_text
from grader.model import Course, Language

if TYPE_CHECKING:
    from grader.practice.answers import Standing
    from grader.practice.progress import Checked

LIST_FORMAT = 1
_STYLES = {"done": "green", "open": "yellow", "changed": "yellow"}
_STYLES |= dict.fromkeys(("two", "unreadable", "ungraded"), "red")


@click.command("list", help=say("help.list"))
@json_option
@shared_options
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List the exercises, and how far each is."""
    from grader.practice.answers import standings
    from grader.practice.progress import read_progress

    context: Context = ctx.obj
    course = context.course()
    progress, notes = read_progress(course, context.student_folder())
    for note in notes:
        context.tell(note)
    rows = standings(course, Path(), progress, context.language)
    if as_json:
        click.echo(_json(course, rows))
    else:
        _print(course, rows, context.language)


def _print(course: Course, rows: list[Standing], language: Language) -> None:
    from rich.text import Text as RichText

    from grader.reports.rows import Column, Rows

    has_due = any(row.exercise.due for row in rows)
    numbers = ("practice.reached", "cli.points")
    keys = ["report.exercise", "", *numbers, *(["readme.due"] if has_due else []), "practice.next"]
    columns = [Column(text(key, language) if key else "", is_number=key in numbers) for key in keys]
    lines = []
    for row in rows:
        due = [time_text(row.exercise.due, course.timezone) if row.exercise.due else ""] if has_due else []
        cells = [
            row.exercise.id,
            row.exercise.title.in_language(language),
            "" if row.checked is None else _points_of(row.checked),
            points_text(row.exercise.points),
            *due,
            _next(course, row, language),
        ]
        lines.append([RichText(cell, style=_STYLES.get(row.state, "")) for cell in cells])
    print_page(Rows(columns, lines))
    count = sum(row.state == "done" for row in rows)
    print_line(text("practice.done_of", language, count=count, total=len(rows)))
    first = next((row for row in rows if row.state not in ("done", "later")), None)
    if first is None:
        print_line(text("practice.all_done", language))
    else:
        print_line(text("practice.go_on", language, exercise=first.exercise.id))


def _points_of(checked: Checked) -> str:
    return f"{points_text(checked.points)} / {points_text(checked.possible)}"


def _next(course: Course, row: Standing, language: Language) -> str:
    values: dict[str, Any] = {"file": f"{row.exercise.id}.py", "exercise": row.exercise.id}
    if row.state == "later" and row.exercise.opens is not None:
        values["time"] = time_text(row.exercise.opens, course.timezone)
    if row.state == "open" and row.checked is not None and row.checked.open:
        first, *others = row.checked.open
        values |= {"title": first.in_language(language), "count": len(others)}
        return text("practice.state_missed_more" if others else "practice.state_missed", language, **values)
    return text(f"practice.state_{row.state}", language, **values)


def _json(course: Course, rows: list[Standing]) -> str:
    document = {"format": LIST_FORMAT, "course": course.id, "exercises": [_entry(row) for row in rows]}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _entry(row: Standing) -> dict[str, Any]:
    exercise, checked = row.exercise, row.checked
    return {
        "exercise": exercise.id,
        "slug": exercise.slug,
        "title": dict(exercise.title),
        "points": exercise.points,
        "opens": exercise.opens.isoformat() if exercise.opens else None,
        "due": exercise.due.isoformat() if exercise.due else None,
        "state": row.state,
        "file": None if row.file is None else str(row.file),
        "checked": None
        if checked is None
        else {
            "at": checked.at.isoformat(),
            "points": checked.points,
            "possible": checked.possible,
            "verdict": checked.verdict,
            "open": [dict(title) for title in checked.open],
        },
        "hints": {"taken": row.hints_taken, "total": row.hints},
    }
