"""`grader similar`: whose answers are alike, for a person to look at. Grades are neither read nor changed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from grader.commands.options import Context, exercises_option, say, shared_options, terminal
from grader.messages.sentences import text


@click.command(help=say("help.similar"))
@click.argument("directory", type=click.Path(path_type=Path))
@exercises_option
@click.option(
    "--least",
    metavar=say("metavar.percent"),
    type=click.IntRange(1, 100),
    default=60,
    show_default=True,
    help=say("help.similar.least"),
)
@click.option(
    "--most",
    metavar=say("metavar.count"),
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help=say("help.similar.most"),
)
@click.option(
    "--html", "page", type=click.Path(dir_okay=False, path_type=Path), help=say("help.similar.html")
)
@click.option(
    "--json", "data", type=click.Path(dir_okay=False, path_type=Path), help=say("help.similar.json")
)
@click.option("--roster", type=click.Path(dir_okay=False, path_type=Path), help=say("help.grade.roster"))
@click.option("--groups", type=click.Path(dir_okay=False, path_type=Path), help=say("help.grade.groups"))
@shared_options
@click.pass_context
def similar(
    ctx: click.Context,
    directory: Path,
    exercises: tuple[str, ...],
    least: int,
    most: int,
    page: Path | None,
    data: Path | None,
    roster: Path | None,
    groups: Path | None,
) -> None:
    """Rank similar answers."""
    from grader.course.names import find_exercises
    from grader.files.write import write_file
    from grader.handin.attempts import latest_attempts
    from grader.handin.find import find_submissions
    from grader.similarity.answers import compare_answers, of_groups
    from grader.similarity.report import similar_json, similar_page, similar_table

    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercises(course, exercises)
    asked = [exercise.id for exercise in chosen] if exercises else []
    with TemporaryDirectory(prefix="grader-") as folder:
        handed_in = find_submissions(
            course, directory, unpack_into=Path(folder), exercises=asked, roster=roster, groups=groups
        )
        submissions, names = of_groups(latest_attempts(handed_in.submissions), handed_in.members)
        compared = compare_answers(chosen, submissions, least / 100)
    found, language = compared.pairs, context.language
    named = [item.named(names) for item in found]
    console = terminal()
    if found:
        console.print(similar_table(named, language, most))
    console.print(text("similar.note" if found else "similar.none", language))
    if compared.too_short:
        counts = ", ".join(f"{exercise} {count}" for exercise, count in compared.too_short.items())
        click.echo(text("similar.too_short", language, counts=counts))
    if compared.left_out:
        click.echo(text("similar.left_out", language, files=", ".join(compared.left_out)), err=True)
    if page is not None:
        write_file(page, similar_page(course, named, language, most))
    if data is not None:
        write_file(data, similar_json(course, found))
    written = [str(file) for file in (page, data) if file is not None]
    if written:
        click.echo(text("cli.written", language, files=", ".join(written)))
