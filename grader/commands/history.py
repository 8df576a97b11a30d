"""`grader history` and `grader diff`: who changed what, and what two runs made of a class."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Context,
    complete_student,
    json_option,
    output_option,
    say,
    shared_options,
    terminal,
)
from grader.errors import RequestError
from grader.model import Language

if TYPE_CHECKING:
    from grader.gradebook.changes import Change


@click.command(help=say("help.history"))
@click.argument("student", shell_complete=complete_student)
@json_option
@output_option
@shared_options
@click.pass_context
def history(ctx: click.Context, student: str, as_json: bool, output: Path) -> None:
    """Show a student's history."""
    from grader.gradebook.changes import history_of
    from grader.gradebook.folder import existing_gradebook, find_student
    from grader.reports.history import history_table

    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course, context.tell) as gradebook:
        student = find_student(gradebook, student)
        events = history_of(gradebook, student)
        title = gradebook.shown(student)
    if as_json:
        rows = [event.as_object() for event in events]
        click.echo(json.dumps({"student": student, "events": rows}, ensure_ascii=False, indent=1))
        return
    terminal().print(history_table(title, events, course.timezone, context.language))


@click.command(help=say("help.runs"))
@json_option
@output_option
@shared_options
@click.pass_context
def runs(ctx: click.Context, as_json: bool, output: Path) -> None:
    """List runs."""
    from grader.gradebook.folder import existing_gradebook
    from grader.reports.history import runs_table

    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course, context.tell) as gradebook:
        found = gradebook.runs()
    if as_json:
        rows = [run.as_object() for run in found]
        click.echo(json.dumps({"runs": rows}, ensure_ascii=False, indent=1))
        return
    terminal().print(runs_table(found, course.timezone, context.language))


@click.command(help=say("help.diff"))
@click.argument("before", type=int)
@click.argument("after", type=int)
@json_option
@output_option
@shared_options
@click.pass_context
def diff(ctx: click.Context, before: int, after: int, as_json: bool, output: Path) -> None:
    """Compare two runs."""
    from grader.gradebook.changes import changes_between
    from grader.gradebook.folder import existing_gradebook

    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course, context.tell) as gradebook:
        numbers = [run.number for run in gradebook.runs()]
        for number in (before, after):
            if number not in numbers:
                values = {"run": number, "known": ", ".join(map(str, numbers))}
                raise RequestError("request.no_run", values)
        changes = changes_between(
            gradebook.grades(course, until=before), gradebook.grades(course, until=after)
        )
    print_changes(changes, context.language, as_json=as_json)


def print_changes(changes: Sequence[Change], language: Language, *, as_json: bool) -> None:
    """Print who goes up or down, and by which check."""
    from grader.reports.history import changes_table, changes_text

    if as_json:
        rows = [change.as_object() for change in changes]
        click.echo(json.dumps({"changes": rows}, ensure_ascii=False, indent=1))
        return
    console = terminal()
    if changes:
        console.print(changes_table(changes, language))
    console.print(changes_text(changes, language))
