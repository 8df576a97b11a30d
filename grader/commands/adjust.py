"""`grader override`, `comment`, `extend`, `withdraw`: what is decided by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from grader.commands.options import (
    Context,
    author_option,
    complete_exercise,
    complete_student,
    not_empty,
    output_option,
    print_line,
    say,
    shared_options,
    why_option,
)
from grader.errors import RequestError
from grader.messages.sentences import points_count, points_text, text, time_text
from grader.model import AdjustmentKind, Exercise, Question, zone_of


def _student_and_exercise(command: Callable[..., Any]) -> Callable[..., Any]:
    student = click.argument("student", shell_complete=complete_student)
    exercise = click.argument("exercise", shell_complete=complete_exercise)
    return student(exercise(command))


@click.command(help=say("help.override"))
@_student_and_exercise
@click.option(
    "--points", metavar=say("metavar.points"), type=float, required=True, help=say("help.override.points")
)
@click.option("--question", metavar=say("metavar.question"), help=say("help.override.question"))
@why_option
@author_option
@output_option
@shared_options
@click.pass_context
def override(
    ctx: click.Context,
    student: str,
    exercise: str,
    points: float,
    question: str | None,
    why: str,
    author: str,
    output: Path,
) -> None:
    """Set points by hand."""
    made: dict[str, Any] = {"points": round(points, 6), "why": why, "author": author}
    shown: dict[str, Any] = {"points": points_text(points), "count": points_count(points)}
    if question is None:
        _decide(ctx.obj, output, "override", student, exercise, made, **shown)
    else:
        made["question"] = question
        _decide(ctx.obj, output, "score", student, exercise, made, question=question, **shown)


@click.command(help=say("help.comment"))
@_student_and_exercise
@click.argument("comment", callback=not_empty)
@author_option
@output_option
@shared_options
@click.pass_context
def comment(ctx: click.Context, student: str, exercise: str, comment: str, author: str, output: Path) -> None:
    """Write a comment."""
    _decide(ctx.obj, output, "comment", student, exercise, {"why": comment, "author": author})


@click.command(help=say("help.extend"))
@_student_and_exercise
@click.option("--until", metavar=say("metavar.time"), required=True, help=say("help.extend.until"))
@why_option
@author_option
@output_option
@shared_options
@click.pass_context
def extend(
    ctx: click.Context, student: str, exercise: str, until: str, why: str, author: str, output: Path
) -> None:
    """Give more time."""
    from grader.course.times import parse_moment

    course = ctx.obj.course()
    moment = parse_moment(until, zone_of(course.timezone))
    if moment is None:
        raise RequestError("request.bad_moment", {"given": until})
    made = {"until": moment, "why": why, "author": author}
    _decide(ctx.obj, output, "extension", student, exercise, made, until=time_text(moment, course.timezone))


@click.command(help=say("help.withdraw"))
@click.argument("number", type=int)
@author_option
@output_option
@shared_options
@click.pass_context
def withdraw(ctx: click.Context, number: int, author: str, output: Path) -> None:
    """Take a decision back."""
    from grader.exports.class_files import write_reports
    from grader.gradebook.folder import existing_gradebook
    from grader.reports.students import points_now

    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course, context.tell, is_written=True) as gradebook:
        taken = gradebook.withdraw(number, author=author)
        grades = write_reports(course, gradebook, output)
        values = {"number": number, "student": gradebook.shown(taken.student), "exercise": taken.exercise}
    now = points_now(grades, taken.student, taken.exercise)
    print_line(text("cli.withdrawn", context.language, points=now, **values))


_MADE = {
    "override": "cli.overridden",
    "score": "cli.scored",
    "comment": "cli.commented",
    "extension": "cli.extended",
}


def _decide(
    context: Context,
    output: Path,
    kind: AdjustmentKind,
    student: str,
    exercise: str,
    made: dict[str, Any],
    **shown: Any,
) -> None:
    """Record a decision, write the reports anew and print what counts now."""
    from grader.course.names import find_exercise
    from grader.exports.class_files import write_reports
    from grader.gradebook.folder import existing_gradebook, find_student
    from grader.reports.students import points_now

    course = context.course()
    chosen = find_exercise(course, exercise)
    most = 10 * chosen.points
    if kind == "score":
        most = _question(chosen, made["question"]).points
    if not 0 <= made.get("points", 0) <= most:
        values = {"points": f"{made['points']:g}", "most": points_text(most)}
        raise RequestError("request.bad_points", values)
    with existing_gradebook(output, course, context.tell, is_written=True) as gradebook:
        student = find_student(gradebook, student)
        gradebook.adjust(kind, student, chosen.id, **made)
        shown["student"] = gradebook.shown(student)
        grades = write_reports(course, gradebook, output)
    now = points_now(grades, student, chosen.id)
    print_line(text(_MADE[kind], context.language, exercise=chosen.id, now=now, **shown))


def _question(exercise: Exercise, id: str) -> Question:
    """Return the question of this id.

    Raises:
        RequestError: the exercise has none.
    """
    for question in exercise.questions:
        if question.id == id:
            return question
    known = ", ".join(question.id for question in exercise.questions) or "–"
    raise RequestError("request.no_question", {"exercise": exercise.id, "question": id, "known": known})
