"""`grader override`, `comment`, `extend`, `withdraw`: what is decided by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

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
from grader.messages.sentences import points_text, text

__all__ = ["comment", "extend", "override", "withdraw"]


def _student_and_exercise(command: Callable[..., Any]) -> Callable[..., Any]:
    student = click.argument("student", shell_complete=complete_student)
    exercise = click.argument("exercise", shell_complete=complete_exercise)
    return student(exercise(command))


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
    made = {"points": round(points, 6), "why": why, "author": author}
    _decide(ctx.obj, output, "override", student, exercise, made, points=points_text(points))


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
@click.argument("comment", callback=not_empty)
@author_option
@output_option
@shared_options
@click.pass_context
def comment(ctx: click.Context, student: str, exercise: str, comment: str, author: str, output: Path) -> None:
    """Write a comment."""
    _decide(ctx.obj, output, "comment", student, exercise, {"why": comment, "author": author})


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
    made = {"until": moment, "why": why, "author": author}
    _decide(ctx.obj, output, "extension", student, exercise, made, until=moment.isoformat(timespec="minutes"))


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
    from grader.exports.class_files import write_reports
    from grader.gradebook.folder import existing_gradebook
    from grader.reports.students import points_now

    context: Context = ctx.obj
    course = context.course()
    with existing_gradebook(output, course, is_written=True) as gradebook:
        taken = gradebook.withdraw(number, author=author)
        grades = write_reports(course, gradebook, output)
    values = {"number": number, "student": taken.student, "exercise": taken.exercise}
    now = points_now(grades, taken.student, taken.exercise)
    print_line(text("cli.withdrawn", context.language, points=now, **values))


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RequestError("request.bad_moment", {"given": value})
    return moment.astimezone(UTC)


_MADE = {"override": "cli.overridden", "comment": "cli.commented", "extension": "cli.extended"}


def _decide(
    context: Context,
    output: Path,
    kind: Literal["override", "comment", "extension"],
    student: str,
    exercise: str,
    made: dict[str, Any],
    **shown: str,
) -> None:
    """Record a decision, write the reports anew and print what counts now."""
    from grader.course.names import find_exercise
    from grader.exports.class_files import write_reports
    from grader.gradebook.folder import existing_gradebook, require_student
    from grader.reports.students import points_now

    course = context.course()
    chosen = find_exercise(course, exercise)
    most = 10 * chosen.points
    if not 0 <= made.get("points", 0) <= most:
        values = {"points": f"{made['points']:g}", "most": points_text(most)}
        raise RequestError("request.bad_points", values)
    with existing_gradebook(output, course, is_written=True) as gradebook:
        require_student(gradebook, student)
        gradebook.adjust(kind, student, chosen.id, **made)
        grades = write_reports(course, gradebook, output)
    now = points_now(grades, student, chosen.id)
    print_line(text(_MADE[kind], context.language, student=student, exercise=chosen.id, now=now, **shown))
