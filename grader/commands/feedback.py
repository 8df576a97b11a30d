"""`grader feedback`: what each student is handed back, from the gradebook."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import Context, exercises_option, output_option, say, shared_options
from grader.messages.sentences import text


@click.command(help=say("help.feedback"))
@output_option
@click.option(
    "--zip", "archive", type=click.Path(dir_okay=False, path_type=Path), help=say("help.feedback.zip")
)
@click.option("--roster", type=click.Path(path_type=Path), help=say("help.feedback.roster"))
@exercises_option
@shared_options
@click.pass_context
def feedback(
    ctx: click.Context, output: Path, archive: Path | None, roster: Path | None, exercises: tuple[str, ...]
) -> None:
    """Write the feedback."""
    from grader.course.names import find_exercises
    from grader.exports.lms_class import read_graded_class
    from grader.exports.moodle_feedback import moodle_names
    from grader.files.write import write_file
    from grader.files.zipped import zip_of
    from grader.reports.files import file_stem
    from grader.reports.markdown import feedback_files

    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercises(course, exercises) if exercises else ()
    graded, lms_class = read_graded_class(course, output, context.tell, roster)
    if chosen:
        graded = graded.only(chosen)
    prefixes = moodle_names(graded.places(), lms_class)
    name = "-".join([course.id, *(exercise.id for exercise in chosen)])
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
        write_file(archive, zip_of(packed))
        click.echo(text("cli.written", context.language, files=str(archive)))
    else:
        click.echo(text("feedback.no_zip", context.language, file=str(archive)), err=True)
    if missing:
        click.echo(text("feedback.no_number", context.language, students=", ".join(missing)), err=True)
        ctx.exit(2)
