"""`grader feedback`: what each student is handed back, from the gradebook."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.graded import read_graded, read_roster_file
from grader.commands.options import Context, exercises_option, output_option, say, shared_options
from grader.course.names import find_exercise
from grader.exports.moodle_feedback import moodle_names
from grader.messages.sentences import text
from grader.reports.files import feedback_zip, file_stem, write_file
from grader.reports.markdown import feedback_files

__all__ = ["feedback"]


@click.command(help=say("help.feedback"))
@output_option
@click.option(
    "--zip",
    "archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("help.feedback.zip"),
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help=say("help.feedback.roster"),
)
@exercises_option
@shared_options
@click.pass_context
def feedback(
    ctx: click.Context, output: Path, archive: Path | None, roster: Path | None, exercises: tuple[str, ...]
) -> None:
    """Write the feedback."""
    context: Context = ctx.obj
    course = context.course()
    chosen = [find_exercise(course, name) for name in exercises]
    graded = read_graded(course, output)
    if chosen:
        graded = graded.only(chosen)
    prefixes = moodle_names(graded.places(), read_roster_file(roster))
    name = "-".join([course.id, *sorted(exercise.id for exercise in chosen)])
    taken: set[str] = set()
    packed: dict[str, str] = {}
    missing = []
    count = 0
    for student, page, markdown in feedback_files(course, graded.grades, context.language):
        stem = file_stem(student, taken)
        files = {"html": page, "md": markdown}
        for suffix, content in files.items():
            write_file(output / "feedback" / f"{stem}.{suffix}", content)
        if student in prefixes:
            prefix = f"{prefixes[student]}{name}"
            packed.update({f"{prefix}.{suffix}": content for suffix, content in files.items()})
        else:
            missing.append(student)
        count += 1
    click.echo(text("feedback.written", context.language, count=count, folder=str(output / "feedback")))
    if archive is None:
        return
    if packed:
        write_file(archive, feedback_zip(packed))
        click.echo(text("cli.written", context.language, files=str(archive)))
    if missing:
        click.echo(text("feedback.no_number", context.language, students=", ".join(missing)), err=True)
        ctx.exit(2)
