"""`grader verify`: prove the course."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Context,
    complete_exercise,
    isolation_option,
    jobs_option,
    json_option,
    print_error,
    print_line,
    say,
    shared_options,
    terminal,
)
from grader.errors import CourseError
from grader.messages.sentences import fault_text, text
from grader.model import Isolation, Language
from grader.platforms import require_sandbox

if TYPE_CHECKING:
    from grader.errors import Fault


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
@click.option("--mutants/--no-mutants", default=True, help=say("help.verify.mutants"))
@jobs_option(say("help.verify.jobs"))
@json_option
@isolation_option
@shared_options
@click.pass_context
def verify(
    ctx: click.Context,
    exercises: tuple[str, ...],
    runs: int,
    mutants: bool,
    jobs: int,
    as_json: bool,
    isolation: Isolation,
) -> None:
    """Prove the course."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from grader.course.files import require_solutions
    from grader.course.names import find_exercises
    from grader.course.yaml import FILE_NAME
    from grader.reports.verification import survivor_lines, verification_json, verification_table
    from grader.verify.course import verify_course
    from grader.verify.exercise import Options
    from grader.verify.todo import course_todo, exercise_todo

    context: Context = ctx.obj
    require_sandbox()
    course = context.course()
    language = context.language
    require_solutions(course.exercises)
    chosen = find_exercises(course, exercises)
    left = {FILE_NAME: course_todo(course)} | {item.id: exercise_todo(course, item) for item in chosen}
    todo = {where: lines for where, lines in left.items() if lines}
    chosen = tuple(item for item in chosen if item.id not in todo)
    options = Options(runs=runs, mutants=mutants, isolation=isolation)
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(text("verify.working", language), total=len(chosen))
            reports = verify_course(
                course, chosen, options, jobs=jobs, on_exercise=lambda report: progress.advance(task)
            )
    except CourseError as error:
        print_error(error, language)
        ctx.exit(_exit_code(error.faults, ()))
    faults = [fault for report in reports for fault in report.faults]
    if as_json:
        click.echo(verification_json(course, reports, todo, language), nl=False)
        ctx.exit(_exit_code(faults, todo))
    console = terminal()
    if reports:
        console.print(verification_table(course, reports, language))
    for line in survivor_lines(course, reports, language):
        console.print(line)
    if faults:
        console.print(text("verify.some_short", language, count=len(faults)), style="bold red")
        for fault in faults:
            print_line(f"  {fault_text(fault, language)}")
    _print_todo(todo, language, is_all=bool(exercises))
    if faults or todo:
        ctx.exit(_exit_code(faults, todo))
    seconds = time.monotonic() - started
    console.print(text("verify.all_good", language, count=len(reports), seconds=seconds), style="green")


def _exit_code(faults: Sequence[Fault], todo: Collection[str]) -> int:
    """Return 2 where no class can be graded, as `grader grade` does; 1 where the course falls short of its proof."""
    if any(fault.explanation.key.startswith("course.") for fault in faults):
        return 2
    return 1 if faults or todo else 0


def _print_todo(todo: Mapping[str, Sequence[Fault]], language: Language, *, is_all: bool) -> None:
    """Print what is left to write; of the exercises after the first one only how much, where nobody asked for them."""
    from grader.course.yaml import FILE_NAME

    first = next((where for where in todo if where != FILE_NAME), FILE_NAME)
    for where, lines in todo.items():
        is_shown = is_all or where in (FILE_NAME, first)
        key = "verify.left_to_do" if is_shown else "verify.left_later"
        print_line(text(key, language, count=len(lines), where=where), "bold yellow" if is_shown else "")
        for fault in lines if is_shown else ():
            print_line(f"  {fault_text(fault, language)}")
    if todo:
        print_line(text("verify.not_proved", language))
