"""`grader start`: a student's folder, from what the course gives out."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.commands.options import Context, print_line, say, shared_options
from grader.messages.sentences import language_from_environment, text
from grader.model import Explanation


@click.command(help=say("help.start"))
@click.argument("source", metavar="COURSE.zip", type=click.Path(path_type=Path))
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@shared_options
@click.pass_context
def start(ctx: click.Context, source: Path, directory: Path | None) -> None:
    """Begin a student's folder."""
    from grader.practice.begin import begin

    context: Context = ctx.obj
    begun = begin(source, directory, context.chosen_language)
    if context.chosen_language is None:
        context.chosen_language = language_from_environment() or begun.course.language
    language = context.language
    values = {
        "title": begun.course.title.in_language(language),
        "folder": str(begun.folder if begun.folder.name else begun.folder.resolve()),
        "exercises": Explanation("count.exercises", {"count": len(begun.course.exercises)}),
    }
    print_line(text("practice.begun", language, **values), "green")
    if begun.kept:
        print_line(text("practice.kept", language, files=", ".join(begun.kept)), "yellow")
    first = begun.course.exercises[0].id
    if begun.folder.resolve() == Path.cwd():
        print_line(text("practice.begin_here", language, exercise=first))
    else:
        print_line(
            text("practice.begin_with", language, folder=shlex.quote(str(begun.folder)), exercise=first)
        )
