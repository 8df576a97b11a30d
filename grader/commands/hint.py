"""`grader hint`: the next hint to an exercise."""

from __future__ import annotations

import click

from grader.commands.options import (
    Context,
    complete_exercise,
    print_line,
    print_markdown,
    say,
    shared_options,
)
from grader.messages.sentences import text
from grader.model import Course, Exercise


@click.command(help=say("help.hint"))
@click.argument("exercise", metavar=say("metavar.exercise"), shell_complete=complete_exercise)
@click.option("--all", "everything", is_flag=True, help=say("help.hint.all"))
@shared_options
@click.pass_context
def hint(ctx: click.Context, exercise: str, everything: bool) -> None:
    """Show the next hint to an exercise."""
    from grader.course.names import find_exercise

    context: Context = ctx.obj
    course = context.course()
    print_hint(context, course, find_exercise(course, exercise), everything=everything)


def print_hint(context: Context, course: Course, exercise: Exercise, *, everything: bool = False) -> None:
    """Print the next hint to an exercise, or all of them, and remember it."""
    from grader.course.statements import hints_of
    from grader.practice.answers import statement_of
    from grader.practice.progress import take_hint

    language = context.language
    path, written_in = statement_of(exercise, language)
    hints = hints_of(path.read_text(encoding="utf-8-sig"), written_in)
    total, id = len(hints), exercise.id
    if not hints:
        print_line(text("practice.no_hints", language, exercise=id))
        return
    now, notes = take_hint(course, context.student_folder(), id, total, everything=everything)
    for note in notes:
        context.tell(note)
    for number in now:
        heading = text("practice.hint", language, exercise=id, number=number + 1, total=total)
        print_line(heading, "bold")
        print_markdown(hints[number])
    if not now:
        print_line(text("practice.hints_taken", language, exercise=id, total=total))
    elif now.stop == total:
        print_line(text("practice.last_hint", language, exercise=id))
