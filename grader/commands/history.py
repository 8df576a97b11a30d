"""`grader history` and `grader diff`: who changed what, and what two runs made of a class."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from grader.commands.graded import existing_gradebook
from grader.commands.options import Context, complete_student, output_option, say, shared_options
from grader.errors import RequestError
from grader.gradebook.changes import Change, changes_between, history_of
from grader.messages.sentences import points_text, text
from grader.model import Language

__all__ = ["changes_table", "diff", "history", "print_changes", "runs"]


def json_option(command: Any) -> Any:
    """Add the option that prints JSON."""
    return click.option("--json", "as_json", is_flag=True, help=say("option.json"))(command)


@click.command(help=say("help.history"))
@click.argument("student", shell_complete=complete_student)
@json_option
@output_option
@shared_options
@click.pass_context
def history(ctx: click.Context, student: str, as_json: bool, output: Path) -> None:
    """Show a student's history."""
    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course) as gradebook:
        known = gradebook.students()
        if student not in known:
            raise RequestError("request.no_student", {"student": student, "near": ", ".join(known[:5])})
        events = history_of(gradebook, student)
    if as_json:
        rows = [event.as_object() for event in events]
        click.echo(json.dumps({"student": student, "events": rows}, ensure_ascii=False, indent=1))
        return
    table = Table(title=RichText(student), box=box.SIMPLE_HEAD)
    for column in ("when", "exercise", "what", "who", "run"):
        table.add_column(text(f"history.{column}", context.language))
    for event in events:
        style = "strike dim" if event.is_withdrawn else ""
        what = text(event.key, context.language, **event.values)
        table.add_row(
            _when(event.moment), event.exercise, RichText(what, style=style), RichText(event.who), event.where
        )
    Console(highlight=False).print(table)


def _when(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


@click.command(help=say("help.runs"))
@json_option
@output_option
@shared_options
@click.pass_context
def runs(ctx: click.Context, as_json: bool, output: Path) -> None:
    """List runs."""
    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course) as gradebook:
        found = gradebook.runs()
    if as_json:
        rows = [
            {
                "run": run.number,
                "started_at": run.started_at.isoformat(),
                "finished_at": None if run.finished_at is None else run.finished_at.isoformat(),
                "state": run.state,
                "grades": run.grades,
                "settings": run.settings,
            }
            for run in found
        ]
        click.echo(json.dumps({"runs": rows}, ensure_ascii=False, indent=1))
        return
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("run", "when", "grades", "state"):
        table.add_column(text(f"history.{column}", context.language))
    for run in found:
        state = text(f"history.{run.state}", context.language)
        if run.finished_at is None:
            state += f", {text('history.interrupted', context.language)}"
        table.add_row(str(run.number), _when(run.started_at), str(run.grades), state)
    Console(highlight=False).print(table)


@click.command(help=say("help.diff"))
@click.argument("before", type=int)
@click.argument("after", type=int)
@json_option
@output_option
@shared_options
@click.pass_context
def diff(ctx: click.Context, before: int, after: int, as_json: bool, output: Path) -> None:
    """Compare two runs."""
    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course) as gradebook:
        numbers = [run.number for run in gradebook.runs()]
        for number in (before, after):
            if number not in numbers:
                values = {"run": number, "known": ", ".join(map(str, numbers))}
                raise RequestError("request.no_run", values)
        changes = changes_between(
            gradebook.grades(course, until=before), gradebook.grades(course, until=after)
        )
    print_changes(changes, context.language, as_json=as_json)


def print_changes(changes: tuple[Change, ...], language: Language, *, as_json: bool) -> None:
    """Print who goes up or down, and by which check."""
    if as_json:
        rows = [change.as_object() for change in changes]
        click.echo(json.dumps({"changes": rows}, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    if changes:
        console.print(changes_table(changes, language))
    up = sum(change.after > change.before for change in changes)
    down = sum(change.after < change.before for change in changes)
    console.print(text("history.changes", language, up=up, down=down, same=len(changes) - up - down))


def changes_table(changes: tuple[Change, ...], language: Language) -> Table:
    """Return a row for each grade that differs."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("student", "exercise", "before", "after", "checks"):
        table.add_column(text(f"history.{column}", language))
    for change in changes:
        style = "green" if change.after > change.before else "red" if change.after < change.before else ""
        checks = RichText()
        for check in change.checks:
            title = check.title.in_language(language)
            checks.append("\n" if checks else "").append(
                f"{points_text(check.before)} → {points_text(check.after)}  {title}"
            )
        table.add_row(
            RichText(change.student),
            change.exercise,
            points_text(change.before),
            RichText(points_text(change.after), style=style),
            checks,
        )
    return table
