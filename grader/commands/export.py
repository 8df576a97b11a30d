"""`grader export`: the gradebook as files that other systems take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from grader.commands.options import (
    Choice,
    Context,
    exercises_option,
    graded_option,
    help_language,
    isolation_option,
    say,
    shared_options,
)
from grader.errors import RequestError, file_errors_as
from grader.exports.formats import FORMATS
from grader.messages.sentences import explain, text
from grader.model import Language

_ABOUT_FORMATS = "\n".join(
    f"    {name:21}  {text(format_.about, help_language())}" for name, format_ in FORMATS.items()
)


@click.command(help=say("help.export", formats=_ABOUT_FORMATS))
@click.argument("format_", metavar="FORMAT", type=Choice(list(FORMATS)))
@click.option("--output", type=click.Path(path_type=Path), help=say("help.export.output"))
@graded_option
@click.option("--roster", type=click.Path(path_type=Path), help=say("help.export.roster"))
@click.option("--excel", is_flag=True, help=say("help.export.excel"))
@click.option("--feedback", is_flag=True, help=say("help.export.feedback"))
@click.option("--student", metavar=say("metavar.name"), help=say("help.export.student"))
@click.option("--notes", type=click.Path(dir_okay=False, path_type=Path), help=say("help.export.notes"))
@exercises_option
@isolation_option
@click.option("--source", metavar=say("metavar.address"), help=say("help.export.source"))
@shared_options
@click.pass_context
def export(
    ctx: click.Context,
    format_: str,
    output: Path | None,
    graded: Path,
    roster: Path | None,
    excel: bool,
    feedback: bool,
    student: str | None,
    notes: Path | None,
    exercises: tuple[str, ...],
    isolation: str,
    source: str | None,
) -> None:
    """Write one format."""
    from grader.course.names import find_exercises
    from grader.exports.lms_class import read_graded_class
    from grader.exports.request import ExportRequest
    from grader.gradebook.folder import existing_gradebook, find_student

    context: Context = ctx.obj
    course = context.course()
    kind = FORMATS[format_]
    asked = ExportRequest(
        course,
        find_exercises(course, exercises),
        context.language,
        student=student,
        has_feedback=feedback,
        notes=_lines(notes),
        isolation=isolation,
        source=source,
    )
    if kind.reads_grades:
        if student is not None:
            with existing_gradebook(graded, course, context.tell) as gradebook:
                student = find_student(gradebook, student)
        found, lms_class = read_graded_class(course, graded, context.tell, roster)
        found = found.only(asked.exercises, student)
        asked = replace(
            asked,
            exercises=tuple(item for item in asked.exercises if item in found.course.exercises),
            grades=found.grades,
            run=found.run,
            lms_class=lms_class,
            student=student,
        )
    made = kind.make(asked)
    content = made.content
    if excel and kind.may_be_marked and isinstance(content, str):
        content = f"\ufeff{content}"
    if output is None and kind.file is not None:
        output = Path(kind.file)
    _write(output, content, context.language)
    for note in made.notes:
        click.echo(explain(note, context.language), err=True)
    if made.missing:
        click.echo(text("export.missing", context.language, students=", ".join(made.missing)), err=True)
        ctx.exit(2)


def _lines(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    with file_errors_as(RequestError, "request.unreadable", path):
        return tuple(path.read_text(encoding="utf-8").splitlines())


def _write(output: Path | None, content: str | bytes | Mapping[str, str] | None, language: Language) -> None:
    """Write a file, or a folder's files; a file goes to the terminal where no place is named."""
    from grader.files.write import write_file

    if content is None:
        return
    if isinstance(content, Mapping):
        if output is None:
            raise RequestError("export.no_folder")
        for name, file in content.items():
            write_file(output / name, file)
    elif output is None:
        click.echo(content, nl=False)
        return
    else:
        write_file(output, content)
    click.echo(text("cli.written", language, files=str(output)))
