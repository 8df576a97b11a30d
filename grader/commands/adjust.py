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
        metavar=say("NAME", "이름"),
        default=lambda: os.environ.get("GRADER_AUTHOR") or _user(),
        help=say(
            "Who decides [default: GRADER_AUTHOR, the user's name].",
            "결정한 사람 [기본값: GRADER_AUTHOR, 사용자 이름].",
        ),
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
        metavar=say("TEXT", "이유"),
        required=True,
        callback=_not_empty,
        help=say("The reason, kept on record.", "기록에 남는 이유."),
    )(command)


def _not_empty(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.strip():
        raise RequestError("request.empty_option", {"option": f"--{parameter.name}"})
    return value.strip()


@click.command(
    help=say(
        """Set the points of a student's exercise by hand.

        \b
        grader override kim-minjun ex3 --points 8 --why "the bias was a typo in the statement"

        The points hold whatever is graded later, and are marked wherever they are shown. The last override
        counts; `grader withdraw` takes one back. Exit code: 0 recorded, 2 not.
        """,
        """학생의 과제 점수를 직접 정합니다.

        \b
        grader override kim-minjun ex3 --points 8 --why "문제 설명에 오타가 있었음"

        이후 다시 채점해도 이 점수가 유지되며, 어디서나 직접 정한 점수라고 표시됩니다. 마지막 것이 적용되고,
        `grader withdraw`로 취소합니다. 종료 코드: 0 기록함, 2 기록하지 못함.
        """,
    )
)
@_student_and_exercise
@click.option(
    "--points",
    metavar=say("POINTS", "점수"),
    type=float,
    required=True,
    help=say("The points that count.", "적용할 점수."),
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


@click.command(
    help=say(
        """Write a comment to a student's exercise.

        \b
        grader comment kim-minjun ex3 "Beautiful use of strides."

        It is shown beside the grade and kept through every regrade. Exit code: 0 recorded, 2 not.
        """,
        """학생의 과제에 의견을 남깁니다.

        \b
        grader comment kim-minjun ex3 "stride를 잘 활용했습니다."

        점수 옆에 표시되고, 다시 채점해도 남습니다. 종료 코드: 0 기록함, 2 기록하지 못함.
        """,
    )
)
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


@click.command(
    help=say(
        """Give a student more time for an exercise.

        \b
        grader extend kim-minjun ex3 --until 2026-12-05T23:59:00+09:00 --why "ill"

        The moment takes the place of the exercise's due date. Exit code: 0 recorded, 2 not.
        """,
        """학생의 과제 마감을 연장합니다.

        \b
        grader extend kim-minjun ex3 --until 2026-12-05T23:59:00+09:00 --why "질병"

        이 시각이 과제의 마감을 대신합니다. 종료 코드: 0 기록함, 2 기록하지 못함.
        """,
    )
)
@_student_and_exercise
@click.option(
    "--until",
    metavar=say("TIME", "시각"),
    required=True,
    help=say("A moment with its time zone (ISO 8601).", "시간대가 있는 시각(ISO 8601)."),
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


@click.command(
    help=say(
        """Take back an override, a comment or an extension, by its number in `grader history`.

        \b
        grader withdraw 12

        It stays on record. Exit code: 0 withdrawn, 2 not.
        """,
        """직접 정한 점수, 의견, 연장을 취소합니다. 번호는 `grader history`에 나옵니다.

        \b
        grader withdraw 12

        기록에는 남습니다. 종료 코드: 0 취소함, 2 취소하지 못함.
        """,
    )
)
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
