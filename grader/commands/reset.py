"""`grader reset`: an exercise from the beginning."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from grader.commands.options import Context, answered, complete_exercise, print_line, say, shared_options
from grader.errors import RequestError
from grader.messages.sentences import text


@click.command(help=say("help.reset"))
@click.argument("exercise", metavar=say("metavar.exercise"), shell_complete=complete_exercise)
@click.option("--yes", is_flag=True, help=say("help.reset.yes"))
@shared_options
@click.pass_context
def reset(ctx: click.Context, exercise: str, yes: bool) -> None:
    """Put the stub back."""
    from grader.answers.notebook import is_notebook
    from grader.course.names import find_exercise
    from grader.practice.stub import as_given_out, file_to_reset, put_back

    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercise(course, exercise)
    language = context.language
    file = file_to_reset(course, chosen, Path())
    content = as_given_out(course, chosen, file, language)
    question = partial(click.confirm, text("practice.sure", language, file=file.name))
    nobody = RequestError("practice.say_yes", {"file": file.name})
    if file.exists() and not yes and not answered(question, nobody):
        print_line(text("practice.nothing_done", language))
        ctx.exit(1)
    backup = put_back(file, content, datetime.now())
    if backup is not None:
        print_line(text("practice.backup", language, file=file.name, backup=backup.name))
    print_line(text("practice.stub_is_back", language, file=file.name, exercise=chosen.id), "green")
    if backup is not None and is_notebook(file.name):
        print_line(text("practice.reload", language, file=file.name))
