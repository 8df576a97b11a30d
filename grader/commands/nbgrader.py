"""`grader nbgrader`: the course as an nbgrader course, and scores between the two gradebooks."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Context,
    Group,
    complete_exercise,
    course_option,
    isolation_option,
    json_option,
    print_line,
    say,
    shared_options,
)
from grader.errors import RequestError
from grader.messages.sentences import languages, text
from grader.model import Explanation, Isolation, Language

if TYPE_CHECKING:
    from grader.nbgrader.sync import Sync

_FORMAT = 1


@click.group(cls=Group, help=say("help.nbgrader"))
def nbgrader() -> None:
    """Serve an nbgrader course."""


@nbgrader.command(help=say("help.nbgrader.build"))
@click.argument(
    "directory", default="nbgrader_course", type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]"
)
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise, metavar="[EXERCISE]...")
@click.option("--assignment", metavar=say("metavar.name"), help=say("help.nbgrader.build.assignment"))
@click.option("--force", is_flag=True, help=say("help.nbgrader.build.force"))
@click.option("--lang", "chosen", metavar=say("metavar.code"), help=say("help.nbgrader.build.lang"))
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
    isolation: Isolation,
) -> None:
    """Write the notebooks and the configuration."""
    from grader.course.files import require_solutions
    from grader.course.names import find_exercises
    from grader.nbgrader.build import build_course

    context: Context = ctx.obj
    if chosen in languages():
        context.chosen_language = chosen
    course = context.course()
    if chosen is not None and chosen not in course.languages:
        known = ", ".join(course.languages)
        raise RequestError("request.no_language", {"language": chosen, "languages": known})
    wanted = find_exercises(course, exercises)
    require_solutions(wanted)
    built = build_course(
        course,
        wanted,
        directory,
        chosen or context.language,
        assignment=assignment,
        isolation=isolation,
        force=force,
    )
    notebooks = sum(map(len, built.assignments.values()))
    values = {
        "notebooks": Explanation("count.notebooks", {"count": notebooks}),
        "assignments": Explanation("count.assignments", {"count": len(built.assignments)}),
    }
    print_line(text("nbgrader.built", context.language, **values), "green")
    for file in built.files:
        keys = {"nbgrader.unchanged": built.unchanged, "nbgrader.replaced": built.replaced}
        marks = "".join(f"  {text(key, context.language)}" for key, names in keys.items() if file in names)
        print_line(f"  {directory / file}{marks}")
    released = [name for name in built.outdated if (directory / "release" / name).is_dir()]
    if released:
        line = text("nbgrader.released_before", context.language, assignments=", ".join(released))
        print_line(line, "yellow")
    first = shlex.quote(next(iter(built.assignments)))
    print_line(text("nbgrader.next", context.language, folder=str(directory), assignment=first))


@nbgrader.command(help=say("help.nbgrader.sync"))
@click.argument("graded", type=click.Path(path_type=Path))
@click.argument("nbgrader_dir", type=click.Path(file_okay=False, path_type=Path))
@click.option("--manual", is_flag=True, help=say("help.nbgrader.sync.manual"))
@json_option
@shared_options
@click.pass_context
def sync(ctx: click.Context, graded: Path, nbgrader_dir: Path, manual: bool, as_json: bool) -> None:
    """Write scores, and list or take over manual ones."""
    from grader.nbgrader.sync import sync_scores

    context: Context = ctx.obj
    course = context.course()
    done = sync_scores(course, graded, nbgrader_dir, context.language, context.tell, takes_manual=manual)
    if as_json:
        click.echo(json.dumps({"format": _FORMAT, **done.as_object()}, ensure_ascii=False, indent=1))
        return
    _print_synced(done, context.language)
    _print_taken(done, context.language)


def _print_taken(done: Sync, language: Language) -> None:
    for item in done.taken:
        unknown = item.before is None
        key = (
            "nbgrader.taken" if item.is_new else "nbgrader.not_ours_to_take" if unknown else "nbgrader.stands"
        )
        before = "–" if item.before is None else f"{item.before:g}"
        place = f"{item.exercise} {item.question}" if item.question else item.exercise
        values = {"student": item.student, "exercise": place, "points": f"{item.points:g}"}
        style = "green" if item.is_new else "yellow"
        print_line(text(key, language, before=before, **values), style)


def _print_synced(done: Sync, language: Language) -> None:
    synced = done.synced
    print_line(text("nbgrader.synced", language, count=synced.written), "green")
    for key, pairs in (("nbgrader.ungraded", synced.ungraded), ("nbgrader.kept", synced.kept)):
        if pairs:
            named = ", ".join(f"{student} {exercise}" for student, exercise in pairs)
            print_line(text(key, language, which=named), "yellow")
    if synced.added:
        named = ", ".join(synced.added)
        print_line(text("nbgrader.added", language, which=named), "yellow")
    if done.manual_scores:
        print_line(text("nbgrader.manual", language))
    for item in done.manual_scores:
        given = "–" if item.manual_score is None else f"{item.manual_score:g}"
        auto = "–" if item.auto_score is None else f"{item.auto_score:g}"
        values = {
            "auto": auto,
            "manual": given,
            "extra": f"{item.extra_credit:g}",
            "most": f"{item.max_score:g}",
        }
        line = text("nbgrader.manual_line", language, **values)
        print_line(f"  {item.student}  {item.notebook}  {item.cell}: {line}")
