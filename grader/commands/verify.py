"""`grader verify`: prove the course."""

from __future__ import annotations

import os
import time
from typing import cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.syntax import Syntax
from rich.text import Text as RichText

from grader.commands.options import (
    Context,
    complete_exercise,
    fault_text,
    isolation_option,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.messages.sentences import text
from grader.reports.verification import verification_json, verification_table
from grader.runner.sandbox import Isolation
from grader.verify.course import verify_course
from grader.verify.exercise import Options

__all__ = ["verify"]


@click.command(help=say("help.verify"))
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise)
@click.option(
    "--runs",
    metavar=say("metavar.times"),
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help=say("help.verify.runs"),
)
@click.option(
    "--mutants/--no-mutants",
    default=True,
    help=say("help.verify.mutants"),
)
@click.option(
    "--jobs",
    metavar=say("metavar.count"),
    type=click.IntRange(min=1),
    default=None,
    help=say("help.verify.jobs"),
)
@click.option("--json", "as_json", is_flag=True, help=say("option.json"))
@isolation_option
@shared_options
@click.pass_context
def verify(
    ctx: click.Context,
    exercises: tuple[str, ...],
    runs: int,
    mutants: bool,
    jobs: int | None,
    as_json: bool,
    isolation: str,
) -> None:
    """Prove the course."""
    context: Context = ctx.obj
    course = context.course()
    language = context.language
    if any(exercise.solution_folder is None for exercise in course.exercises):
        raise RequestError("request.no_solutions")
    chosen = [find_exercise(course, name) for name in exercises] or list(course.exercises)
    options = Options(runs=runs, mutants=mutants, isolation=cast("Isolation", isolation))
    console = Console(highlight=False)
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(text("verify.working", language), total=len(chosen))
            reports = verify_course(
                course,
                chosen,
                options,
                jobs=jobs or len(os.sched_getaffinity(0)),
                on_exercise=lambda report: progress.advance(task),
            )
    except KeyboardInterrupt:
        click.echo(text("cli.interrupted_check", language), err=True)
        ctx.exit(130)
    faults = [fault for report in reports for fault in report.faults]
    if as_json:
        click.echo(verification_json(course, reports, language), nl=False)
        ctx.exit(1 if faults else 0)
    console.print(verification_table(course, reports, language))
    for report in reports:
        folder = next(item.exercise_folder.name for item in course.exercises if item.id == report.exercise)
        for mutant in report.survivors:
            values = {"file": f"solutions/{folder}/solution.py", "line": mutant.line, "operator": mutant.id}
            console.print(RichText(text("verify.survivor", language, **values), style="yellow"))
            console.print(Syntax(mutant.diff, "diff", background_color="default"))
    if faults:
        console.print(text("verify.some_short", language, count=len(faults)), style="bold red")
        for fault in faults:
            console.print(RichText(f"  {fault_text(fault, language)}"), soft_wrap=True)
        ctx.exit(1)
    seconds = time.monotonic() - started
    console.print(text("verify.all_good", language, count=len(reports), seconds=seconds), style="green")
