"""`grader show`: an exercise's statement, in the terminal."""

from __future__ import annotations

import os

import click

from grader.commands.options import Context, complete_exercise, print_markdown, say, shared_options
from grader.messages.sentences import text


@click.command(help=say("help.show"))
@click.argument("exercise", metavar=say("metavar.exercise"), shell_complete=complete_exercise)
@shared_options
@click.pass_context
def show(ctx: click.Context, exercise: str) -> None:
    """Show an exercise's statement."""
    from grader.course.names import find_exercise
    from grader.course.statements import with_pictures_named
    from grader.practice.answers import statement_of

    context: Context = ctx.obj
    chosen = find_exercise(context.course(), exercise)
    path, _ = statement_of(chosen, context.language)

    def picture(name: str, target: str) -> str:
        place = target if "://" in target else os.path.relpath(path.parent / target)
        key = "practice.picture_named" if name.strip() else "practice.picture"
        return text(key, context.language, name=name, path=place)

    print_markdown(with_pictures_named(path.read_text(encoding="utf-8-sig"), picture))
