"""`grader override`, `comment`, `extend`, `withdraw`: what is decided by hand."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text as RichText

from grader.commands.graded import existing_gradebook, write_reports
from grader.commands.options import (
    Context,
    complete_exercise,
    complete_student,
    output_option,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.gradebook.store import Gradebook
from grader.messages.sentences import points_text, text
from grader.model import Exercise, Grade
from grader.reports.students import cell_text

__all__ = ["comment", "extend", "override", "withdraw"]


def _student_and_exercise(command: Callable[..., Any]) -> Callable[..., Any]:
    student = click.argument("student", shell_complete=complete_student)
    exercise = click.argument("exercise", shell_complete=complete_exercise)
    return student(exercise(command))


def author_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names who decides."""
    return click.option(
        "--author",
        metavar=say("metavar.name"),
        default=lambda: os.environ.get("GRADER_AUTHOR") or _user(),
        help=say("option.author"),
    )(command)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container's user may have no name.
        return str(os.getuid())


def why_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that gives the reason."""
    return click.option(
        "--why",
        metavar=say("metavar.why"),
        required=True,
        callback=_not_empty,
        help=say("option.why"),
    )(command)


def _not_empty(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.strip():
        raise RequestError("request.empty_option", {"option": f"--{parameter.name}"})
    return value.strip()


@click.command(help=say("help.override"))
@_student_and_exercise
@click.option(
    "--points",
    metavar=say("metavar.points"),
    type=float,
    required=True,
    help=say("help.override.points"),
)
@why_option
@author_option
@output_option
@shared_options
@click.pass_context
def override(
    ctx: click.Context, student: str, exercise: str, points: float, why: str, author: str, output: Path
) -> None:
    """Set points by hand."""

    def decide(gradebook: Gradebook, name: str, chosen: Exercise) -> str:
        if not 0 <= points <= 10 * chosen.points:
            values = {"points": f"{points:g}", "most": points_text(10 * chosen.points)}
            raise RequestError("request.bad_points", values)
        gradebook.adjust("override", name, chosen.id, points=round(points, 6), why=why, author=author)
        return "cli.overridden"

    _decide(ctx.obj, student, exercise, output, decide, points=points_text(points))


@click.command(help=say("help.comment"))
@_student_and_exercise
@click.argument("comment", callback=_not_empty)
@author_option
@output_option
@shared_options
@click.pass_context
def comment(ctx: click.Context, student: str, exercise: str, comment: str, author: str, output: Path) -> None:
    """Write a comment."""

    def decide(gradebook: Gradebook, name: str, chosen: Exercise) -> str:
        gradebook.adjust("comment", name, chosen.id, why=comment, author=author)
        return "cli.commented"

    _decide(ctx.obj, student, exercise, output, decide)


@click.command(help=say("help.extend"))
@_student_and_exercise
@click.option(
    "--until",
    metavar=say("metavar.time"),
    required=True,
    help=say("help.extend.until"),
)
@why_option
@author_option
@output_option
@shared_options
@click.pass_context
def extend(
    ctx: click.Context, student: str, exercise: str, until: str, why: str, author: str, output: Path
) -> None:
    """Give more time."""
    moment = _moment(until)

    def decide(gradebook: Gradebook, name: str, chosen: Exercise) -> str:
        gradebook.adjust("extension", name, chosen.id, until=moment, why=why, author=author)
        return "cli.extended"

    _decide(ctx.obj, student, exercise, output, decide, until=moment.isoformat(timespec="minutes"))


@click.command(help=say("help.withdraw"))
@click.argument("number", type=int)
@author_option
@output_option
@shared_options
@click.pass_context
def withdraw(ctx: click.Context, number: int, author: str, output: Path) -> None:
    """Take a decision back."""
    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course, is_written=True) as gradebook:
        taken = gradebook.withdraw(number, author=author)
        grades = write_reports(course, gradebook, output)
        values = {"number": number, "points": _points(grades, taken.student, taken.exercise)}
        _print(
            text("cli.withdrawn", context.language, student=taken.student, exercise=taken.exercise, **values)
        )


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RequestError("request.bad_moment", {"given": value})
    return moment.astimezone(UTC)


def _decide(
    context: Context,
    student: str,
    exercise: str,
    output: Path,
    decide: Callable[[Gradebook, str, Exercise], str],
    **values: Any,
) -> None:
    """Record a decision, write the reports anew and print what counts now."""
    course = context.course()
    chosen = find_exercise(course, exercise)
    with existing_gradebook(output, course, is_written=True) as gradebook:
        known = gradebook.students()
        if student not in known:
            near = ", ".join(name for name in known if name.casefold().startswith(student[:2].casefold()))
            raise RequestError(
                "request.no_student", {"student": student, "near": near or ", ".join(known[:5])}
            )
        key = decide(gradebook, student, chosen)
        points = _points(write_reports(course, gradebook, output), student, chosen.id)
    _print(text(key, context.language, student=student, exercise=chosen.id, now=points, **values))


def _points(grades: Sequence[Grade], student: str, exercise: str) -> str:
    return next(
        (
            f"{cell_text(grade)}/{points_text(grade.possible)}"
            for grade in grades
            if (grade.student, grade.exercise) == (student, exercise)
        ),
        "–",
    )


def _print(sentence: str) -> None:
    Console(highlight=False, soft_wrap=True).print(RichText(sentence))
