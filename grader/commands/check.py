"""`grader check`: one answer."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import cast

import click
from rich.console import Console
from rich.text import Text as RichText

from grader.answers.file import SUFFIXES
from grader.commands.options import (
    Context,
    complete_exercise,
    isolation_option,
    run_facts,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.exports.results import results_json
from grader.grading.one import check_one
from grader.handin.notebooks import notebooks_with, part_for
from grader.messages.printable import printable
from grader.messages.sentences import explain, text
from grader.model import Course, Exercise, Verdict
from grader.reports.markdown import exercise_markdown
from grader.reports.terminal import render_grade
from grader.runner.sandbox import Isolation

__all__ = ["check"]


@click.command(help=say("help.check"))
@click.argument("exercise", shell_complete=complete_exercise)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help=say("help.check.file"),
)
@click.option("--json", "as_json", is_flag=True, help=say("option.json"))
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("help.check.summary"),
)
@isolation_option
@shared_options
@click.pass_context
def check(
    ctx: click.Context,
    exercise: str,
    file: Path | None,
    as_json: bool,
    summary: Path | None,
    isolation: str,
) -> None:
    """Check one answer."""
    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercise(course, exercise)
    path = _answer(course, chosen, file)
    try:
        with part_for(course, chosen, path) as (part, notes):
            grade, protections = check_one(course, chosen, part, isolation=cast("Isolation", isolation))
        grade = replace(grade, path=printable(str(path)), notes=(*notes, *grade.notes))
    except KeyboardInterrupt:
        click.echo(text("cli.interrupted_check", context.language), err=True)
        ctx.exit(130)
    if summary is not None:
        _append(summary, "\n".join(exercise_markdown(chosen, grade, context.language)))
    if as_json:
        click.echo(results_json(course, [grade], run_facts(protections, grade.seconds)), nl=False)
    else:
        console = Console(highlight=False)
        title = chosen.title.in_language(context.language)
        console.print(
            RichText(
                text("cli.checking", context.language, file=path.name, exercise=chosen.id, title=title),
                style="bold",
            )
        )
        for note in grade.notes:
            console.print(RichText(explain(note, context.language), style="dim"))
        console.print(render_grade(grade, context.language))
        missed = sum(result.verdict is not Verdict.PASSED for result in grade.checks)
        key = "cli.some_failed" if missed else "cli.all_passed"
        console.print(text(key, context.language, failed=missed, count=len(grade.checks)))
    if grade.verdict is Verdict.UNGRADED:
        ctx.exit(2)
    ctx.exit(0 if grade.verdict is Verdict.PASSED else 1)


def _append(file: Path, content: str) -> None:
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(f"{printable(content)}\n")
    except OSError as error:
        values = {"file": str(file), "error": error.strerror or str(error)}
        raise RequestError("request.unwritable", values) from error


def _answer(course: Course, exercise: Exercise, file: Path | None) -> Path:
    """Return the file that holds the answer."""
    if file is None:
        wanted = [f"{exercise.id}{suffix}" for suffix in SUFFIXES]
        there = sorted(path for path in Path().iterdir() if path.name.lower() in wanted and path.is_file())
        if not there:
            there = notebooks_with(course, exercise, Path())
        if len(there) > 1:
            raise RequestError("request.two_answers", {"first": str(there[0]), "second": str(there[1])})
        if not there:
            stub = os.path.relpath(exercise.exercise_folder / "stub.py")
            values = {"tried": ", ".join(wanted), "stub": stub, "file": wanted[0]}
            raise RequestError("request.no_answer", values)
        file = there[0]
    if file.suffix.lower() not in SUFFIXES:
        raise RequestError("request.bad_suffix", {"file": str(file)})
    try:
        file.open("rb").close()
    except OSError as error:
        raise RequestError(
            "request.unreadable", {"file": str(file), "error": error.strerror or str(error)}
        ) from error
    return file
