"""`grader check`: one answer."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from grader.commands.options import (
    Context,
    complete_exercise,
    isolation_option,
    json_option,
    say,
    shared_options,
    terminal,
)
from grader.errors import RequestError, file_errors_as
from grader.messages.printable import printable
from grader.messages.sentences import text
from grader.model import Course, Exercise, Explanation, Grade, Isolation, Language, Verdict
from grader.platforms import system_name


@click.command(help=say("help.check"))
@click.argument("exercise", shell_complete=complete_exercise)
@click.option("--file", "file", type=click.Path(path_type=Path), help=say("help.check.file"))
@json_option
@click.option("--summary", type=click.Path(dir_okay=False, path_type=Path), help=say("help.check.summary"))
@isolation_option
@shared_options
@click.pass_context
def check(
    ctx: click.Context,
    exercise: str,
    file: Path | None,
    as_json: bool,
    summary: Path | None,
    isolation: Isolation,
) -> None:
    """Check one answer."""
    from grader.course.names import find_exercise
    from grader.grading.facts import run_facts
    from grader.grading.one import check_one
    from grader.handin.helpers import helpers_beside
    from grader.handin.notebooks import part_for
    from grader.runner.start import runs_plainly

    context: Context = ctx.obj
    course = context.course(isolation)
    chosen = find_exercise(course, exercise)
    path = _answer(course, chosen, file)
    is_plain = runs_plainly(course, path)
    if is_plain:
        context.tell(Explanation("check.plain", {"system": system_name()}))
    with (
        part_for(course, chosen, path) as (part, notes),
        helpers_beside(course, part, path.parent) as (answer, more_notes),
    ):
        grade, protections = check_one(course, chosen, answer, isolation=isolation, is_plain=is_plain)
    grade = replace(grade, path=printable(str(path)), notes=(*notes, *more_notes, *grade.notes))
    if summary is not None:
        from grader.reports.markdown import exercise_markdown

        _append(summary, "\n".join(exercise_markdown(chosen, grade, context.language)))
    if as_json:
        from grader.exports.results import results_json

        click.echo(results_json(course, [grade], run_facts(protections, grade.seconds)), nl=False)
    else:
        _print(chosen, path, grade, context.language)
    if grade.verdict is Verdict.UNGRADED:
        ctx.exit(2)
    ctx.exit(0 if grade.verdict.is_fine else 1)


def _print(exercise: Exercise, path: Path, grade: Grade, language: Language) -> None:
    from rich.text import Text as RichText

    from grader.reports.terminal import render_grade, render_notes
    from grader.reports.views import notes_of

    console = terminal()
    title = exercise.title.in_language(language)
    heading = text("cli.checking", language, file=path.name, exercise=exercise.id, title=title)
    console.print(RichText(heading, style="bold"))
    for note in render_notes(notes_of(grade, is_instructor=True), language):
        console.print(note)
    console.print(render_grade(grade, language))
    checks = [result for result in grade.checks if result.kind != "question"]
    missed = sum(result.verdict is not Verdict.PASSED for result in checks)
    key = "cli.some_failed" if missed else "cli.all_passed"
    console.print(text(key, language, failed=missed, count=len(checks)))


def _append(file: Path, content: str) -> None:
    with file_errors_as(RequestError, "request.unwritable", file), file.open("a", encoding="utf-8") as opened:
        opened.write(f"{printable(content)}\n")


def _answer(course: Course, exercise: Exercise, file: Path | None) -> Path:
    from grader.answers.file import SUFFIXES
    from grader.course.files import files_of
    from grader.handin.notebooks import answers_in

    if file is None:
        wanted = [f"{exercise.id}{suffix}" for suffix in SUFFIXES]
        there = sorted(path for path in Path().iterdir() if path.name.lower() in wanted and path.is_file())
        if not there:
            there = answers_in(course, exercise, Path())
        if len(there) > 1:
            raise RequestError("request.two_answers", {"first": str(there[0]), "second": str(there[1])})
        if not there:
            stub = os.path.relpath(files_of(exercise).stub)
            values = {"tried": ", ".join(wanted), "stub": stub, "file": wanted[0]}
            raise RequestError("request.no_answer", values)
        file = there[0]
    if file.suffix.lower() not in SUFFIXES:
        raise RequestError("request.bad_suffix", {"file": str(file)})
    with file_errors_as(RequestError, "request.unreadable", file):
        file.open("rb").close()
    return file
