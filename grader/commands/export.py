"""`grader export`: the gradebook as files that other systems take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Context,
    exercises_option,
    graded_option,
    isolation_option,
    say,
    shared_options,
)
from grader.errors import RequestError, file_errors_as
from grader.messages.sentences import explain, text
from grader.model import Course, Language

if TYPE_CHECKING:
    from grader.exports.lms_class import Export
    from grader.gradebook.folder import Graded

__all__ = ["export"]

FORMATS = (
    "csv",
    "csv-checks",
    "json",
    "junit",
    "canvas",
    "moodle",
    "gradescope",
    "gradescope-autograder",
    "github-actions",
)


@click.command(help=say("help.export"))
@click.argument("format_", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help=say("help.export.output"),
)
@graded_option
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help=say("help.export.roster"),
)
@click.option(
    "--excel",
    is_flag=True,
    help=say("help.export.excel"),
)
@click.option(
    "--feedback",
    is_flag=True,
    help=say("help.export.feedback"),
)
@click.option("--student", metavar=say("metavar.name"), help=say("help.export.student"))
@click.option(
    "--notes",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("help.export.notes"),
)
@exercises_option
@isolation_option
@click.option(
    "--source",
    metavar=say("metavar.address"),
    help=say("help.export.source"),
)
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
    from grader.course.files import require_solutions
    from grader.course.names import find_exercises
    from grader.gradebook.folder import read_graded

    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercises(course, exercises)
    if format_ == "github-actions":
        from grader.exports.github_classroom import classroom_workflow

        # No default: a package of the same name elsewhere is somebody else's program.
        if source is None:
            raise RequestError("export.no_source")
        workflow = classroom_workflow(chosen, language=context.language, isolation=isolation, source=source)
        _write(output, workflow, context.language)
        return
    if format_ == "gradescope-autograder":
        from grader.exports.gradescope_autograder import autograder_zip

        require_solutions(chosen)
        names = [exercise.id for exercise in chosen]
        content = autograder_zip(course, names, language=context.language, isolation=isolation)
        _write(output or Path("autograder.zip"), content, context.language)
        return
    found = read_graded(course, graded, context.tell).only(chosen, student)
    if format_ == "gradescope":
        missing = _gradescope(course, found, output, student, _lines(notes), context.language)
    else:
        told = context.language if feedback else None
        made = _make(format_, replace(course, exercises=chosen), found, roster, context.language, told)
        # Canvas compares its first heading letter by letter.
        mark = "\ufeff" if excel and format_ in ("csv", "csv-checks", "moodle") else ""
        _write(output, mark + made.content, context.language)
        missing = made.missing
        for note in made.notes:
            click.echo(explain(note, context.language), err=True)
    if missing:
        click.echo(text("export.missing", context.language, students=", ".join(missing)), err=True)
        ctx.exit(2)


def _make(
    format_: str,
    course: Course,
    graded: Graded,
    roster: Path | None,
    language: Language,
    feedback: Language | None,
) -> Export:
    from grader.exports.canvas import canvas_csv
    from grader.exports.grades_csv import checks_csv, grades_csv
    from grader.exports.junit import junit_xml
    from grader.exports.lms_class import Export, read_roster_file
    from grader.exports.moodle import moodle_csv
    from grader.exports.results import results_json

    grades = graded.grades
    if format_ == "csv":
        return Export(grades_csv(course, grades))
    if format_ == "csv-checks":
        return Export(checks_csv(grades))
    if format_ == "json":
        return Export(results_json(course, grades, graded.run))
    if format_ == "junit":
        return Export(junit_xml(grades, language))
    names = read_roster_file(roster)
    if format_ == "moodle":
        return moodle_csv(course, grades, names, feedback=feedback)
    if names is None:
        raise RequestError("export.no_roster")
    return canvas_csv(course, grades, names)


def _gradescope(
    course: Course,
    graded: Graded,
    output: Path | None,
    student: str | None,
    notes: tuple[str, ...],
    language: Language,
) -> tuple[str, ...]:
    from grader.exports.gradescope import gradescope_results
    from grader.files.write import write_file
    from grader.reports.files import file_stem
    from grader.reports.students import by_student

    missing = []
    taken: set[str] = set()
    if student is None and output is None:
        raise RequestError("export.no_folder")
    for name, row in by_student(graded.grades).items():
        content = gradescope_results(course, row, language, notes)
        if content is None:
            missing.append(name)
        elif student is not None:
            _write(output, content, language)
        elif output is not None:
            write_file(output / f"{file_stem(name, taken)}.json", content)
    if student is None:
        click.echo(text("cli.written", language, files=str(output)))
    return tuple(missing)


def _lines(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    with file_errors_as(RequestError, "request.unreadable", path):
        return tuple(path.read_text(encoding="utf-8").splitlines())


def _write(output: Path | None, content: str | bytes, language: Language) -> None:
    from grader.files.write import write_file

    if output is None:
        click.echo(content, nl=False)
        return
    write_file(output, content)
    click.echo(text("cli.written", language, files=str(output)))
