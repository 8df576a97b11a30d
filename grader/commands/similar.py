"""`grader similar`: whose answers are alike, for a person to look at. Grades are neither read nor changed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console

from grader.commands.options import Context, exercises_option, say, shared_options
from grader.course.names import find_exercise
from grader.handin.attempts import latest_attempts
from grader.handin.find import find_submissions
from grader.messages.sentences import text
from grader.reports.files import write_file
from grader.similarity.answers import given_code, read_answers
from grader.similarity.report import Similar, similar_json, similar_page, similar_table
from grader.similarity.winnowing import compare_all

__all__ = ["similar"]


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
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("help.similar.html"),
)
@click.option(
    "--json",
    "data",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("help.similar.json"),
)
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
) -> None:
    """Rank similar answers."""
    context: Context = ctx.obj
    course = context.course()
    chosen = [find_exercise(course, name) for name in exercises] or list(course.exercises)
    asked = [exercise.id for exercise in chosen] if exercises else []
    found: list[Similar] = []
    left_out: list[str] = []
    too_short: list[str] = []
    with TemporaryDirectory(prefix="grader-") as folder:
        handed_in = find_submissions(course, directory, unpack_into=Path(folder), exercises=asked)
        submissions = latest_attempts(handed_in.submissions)
        for exercise in chosen:
            mine = [item for item in submissions if item.exercise == exercise.id]
            answers = read_answers(mine, left_out)
            compared = compare_all(answers, given_code(exercise), least=least / 100)
            found += [
                Similar(exercise.id, pair, answers[pair.first], answers[pair.second])
                for pair in compared.pairs
            ]
            if compared.too_short:
                too_short.append(f"{exercise.id} {len(compared.too_short)}")
    found.sort(key=lambda item: (-item.pair.rare, -item.pair.similarity, -item.pair.shared, item.exercise))
    console = Console(highlight=False)
    if found:
        console.print(similar_table(found, context.language, most))
    console.print(text("similar.note" if found else "similar.none", context.language))
    if too_short:
        click.echo(text("similar.too_short", context.language, counts=", ".join(too_short)))
    if left_out:
        click.echo(text("similar.left_out", context.language, files=", ".join(left_out)), err=True)
    written = []
    if page is not None:
        write_file(page, similar_page(course, found, context.language, most))
        written.append(str(page))
    if data is not None:
        write_file(data, similar_json(course, found))
        written.append(str(data))
    if written:
        click.echo(text("cli.written", context.language, files=", ".join(written)))
