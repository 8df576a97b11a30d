"""`grader nbgrader`: the course as an nbgrader course, and scores between the two gradebooks."""

from __future__ import annotations

import json
import shlex
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from rich.console import Console
from rich.text import Text as RichText

from grader.commands.graded import GRADEBOOK, open_gradebook, write_reports
from grader.commands.options import (
    Context,
    complete_exercise,
    course_option,
    isolation_option,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.gradebook.lock import gradebook_lock
from grader.messages.sentences import text
from grader.model import Explanation, Language
from grader.runner.sandbox import Isolation

if TYPE_CHECKING:
    from grader.nbgrader.scores_from import ManualScore, Taken
    from grader.nbgrader.scores_to import Synced

__all__ = ["nbgrader"]

_FORMAT = 1


@click.group(help=say("help.nbgrader"))
def nbgrader() -> None:
    """Serve an nbgrader course."""


@nbgrader.command(help=say("help.nbgrader.build"))
@click.argument(
    "directory", default="nbgrader_course", type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]"
)
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise, metavar="[EXERCISE]...")
@click.option(
    "--assignment",
    metavar=say("metavar.name"),
    help=say("help.nbgrader.build.assignment"),
)
@click.option(
    "--force",
    is_flag=True,
    help=say("help.nbgrader.build.force"),
)
@click.option(
    "--lang",
    "chosen",
    metavar=say("metavar.code"),
    help=say("help.nbgrader.build.lang"),
)
@isolation_option
@course_option
@click.pass_context
def build(
    ctx: click.Context,
    directory: Path,
    exercises: tuple[str, ...],
    assignment: str | None,
    force: bool,
    chosen: str | None,
    isolation: str,
) -> None:
    """Write the notebooks and the configuration."""
    # nbgrader takes a second to import, which no other command has to wait for.
    from grader.nbgrader.build import build_course

    context: Context = ctx.obj
    if chosen in ("en", "ko"):
        context.chosen_language = chosen
    course = context.course()
    if chosen is not None and chosen not in course.languages:
        known = ", ".join(course.languages)
        raise RequestError("request.no_language", {"language": chosen, "languages": known})
    named = {find_exercise(course, name).id for name in exercises}
    wanted = [exercise for exercise in course.exercises if not named or exercise.id in named]
    if any(exercise.solution_folder is None for exercise in wanted):
        raise RequestError("request.no_solutions")
    built = build_course(
        course,
        wanted,
        directory,
        chosen or context.language,
        assignment=assignment,
        isolation=cast("Isolation", isolation),
        force=force,
    )
    console = Console(highlight=False, soft_wrap=True)
    notebooks = sum(map(len, built.assignments.values()))
    values = {
        "notebooks": Explanation("count.notebooks", {"count": notebooks}),
        "assignments": Explanation("count.assignments", {"count": len(built.assignments)}),
    }
    console.print(RichText(text("nbgrader.built", context.language, **values), style="green"))
    for file in built.files:
        keys = {"nbgrader.unchanged": built.unchanged, "nbgrader.replaced": built.replaced}
        marks = "".join(f"  {text(key, context.language)}" for key, names in keys.items() if file in names)
        console.print(RichText(f"  {directory / file}{marks}"))
    released = [name for name in built.outdated if (directory / "release" / name).is_dir()]
    if released:
        line = text("nbgrader.released_before", context.language, assignments=", ".join(released))
        console.print(RichText(line, style="yellow"))
    first = shlex.quote(next(iter(built.assignments)))
    console.print(RichText(text("nbgrader.next", context.language, folder=str(directory), assignment=first)))


@nbgrader.command(help=say("help.nbgrader.sync"))
@click.argument("graded", type=click.Path(path_type=Path))
@click.argument("nbgrader_dir", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--manual",
    is_flag=True,
    help=say("help.nbgrader.sync.manual"),
)
@click.option("--json", "as_json", is_flag=True, help=say("option.json"))
@shared_options
@click.pass_context
def sync(ctx: click.Context, graded: Path, nbgrader_dir: Path, manual: bool, as_json: bool) -> None:
    """Write scores, and list or take over manual ones."""
    from grader.nbgrader.scores_from import read_manual_scores, take_manual_scores
    from grader.nbgrader.scores_to import gradebook_of, write_scores

    context: Context = ctx.obj
    course = context.course()
    file = gradebook_of(graded)
    taken: tuple[Taken, ...] = ()
    with gradebook_lock(file) if manual else nullcontext(), open_gradebook(file, course) as gradebook:
        synced = write_scores(course, gradebook.grades(course), nbgrader_dir, context.language)
        scores = read_manual_scores(course, nbgrader_dir)
        if manual:
            taken = take_manual_scores(course, gradebook, nbgrader_dir, context.language)
        if any(item.is_new for item in taken) and file.name == GRADEBOOK:
            write_reports(course, gradebook, file.parent)
    if as_json:
        document = {
            "format": _FORMAT,
            **asdict(synced),
            "manual_scores": [asdict(item) for item in scores],
            "taken": [asdict(item) for item in taken],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    _print_synced(synced, scores, context.language)
    _print_taken(taken, context.language)


def _print_taken(taken: tuple[Taken, ...], language: Language) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for item in taken:
        unknown = item.before is None
        key = (
            "nbgrader.taken" if item.is_new else "nbgrader.not_ours_to_take" if unknown else "nbgrader.stands"
        )
        before = "–" if item.before is None else f"{item.before:g}"
        values = {"student": item.student, "exercise": item.exercise, "points": f"{item.points:g}"}
        style = "green" if item.is_new else "yellow"
        console.print(RichText(text(key, language, before=before, **values), style=style))


def _print_synced(synced: Synced, manual: tuple[ManualScore, ...], language: Language) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(RichText(text("nbgrader.synced", language, count=synced.written), style="green"))
    for key, pairs in (("nbgrader.ungraded", synced.ungraded), ("nbgrader.kept", synced.kept)):
        if pairs:
            named = ", ".join(f"{student} {exercise}" for student, exercise in pairs)
            console.print(RichText(text(key, language, which=named), style="yellow"))
    if synced.added:
        named = ", ".join(synced.added)
        console.print(RichText(text("nbgrader.added", language, which=named), style="yellow"))
    if manual:
        console.print(RichText(text("nbgrader.manual", language)))
    for item in manual:
        given = "–" if item.manual_score is None else f"{item.manual_score:g}"
        auto = "–" if item.auto_score is None else f"{item.auto_score:g}"
        values = {
            "auto": auto,
            "manual": given,
            "extra": f"{item.extra_credit:g}",
            "most": f"{item.max_score:g}",
        }
        line = text("nbgrader.manual_line", language, **values)
        console.print(RichText(f"  {item.student}  {item.notebook}  {item.cell}: {line}"))
