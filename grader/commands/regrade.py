"""`grader regrade`: grade again what changed checks touch, look at it, and then count it or not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from grader.commands.history import print_changes
from grader.commands.options import (
    Context,
    complete_exercise,
    isolation_option,
    jobs_option,
    json_option,
    output_option,
    say,
    shared_options,
)
from grader.errors import RequestError
from grader.messages.sentences import text
from grader.model import Course, Isolation, Language

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook

__all__ = ["regrade"]


@click.command(
    help=say(
        """Grade again what was handed in, after a check or a limit was mended.

        \b
        grader regrade --preview              grade what the change touches; nothing counts yet
        grader regrade --preview ex3 ex4 --force
        grader regrade --apply                count it, all at once
        grader regrade --cancel               or not

        The preview lists who goes up or down, and by which check. The files are those that the gradebook kept:
        submissions/ is not needed. Overrides stay. Exit code: 0 done, 2 not.
        """,
        """검사나 제한을 고친 뒤 제출물을 다시 채점합니다.

        \b
        grader regrade --preview              바뀐 것만 다시 채점. 아직 반영하지 않음
        grader regrade --preview ex3 ex4 --force
        grader regrade --apply                한꺼번에 반영
        grader regrade --cancel               반영하지 않고 버림

        미리 보기는 누가 어느 검사로 오르거나 내리는지 보여 줍니다. 성적부에 보관된 파일을 쓰므로 submissions/는
        필요 없습니다. 직접 정한 점수는 유지됩니다. 종료 코드: 0 완료, 2 실패.
        """,
    )
)
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise)
@click.option("--preview", "action", flag_value="preview", help=say("Grade and compare.", "채점하고 비교."))
@click.option(
    "--apply", "action", flag_value="apply", help=say("Count what was previewed.", "미리 본 것을 반영.")
)
@click.option(
    "--cancel", "action", flag_value="cancel", help=say("Drop what was previewed.", "미리 본 것을 버림.")
)
@click.option(
    "--force", is_flag=True, help=say("Grade what is unchanged too.", "바뀌지 않은 것도 다시 채점.")
)
@jobs_option(say("Slots that grade at the same time.", "동시에 채점할 슬롯 수."))
@json_option
@isolation_option
@output_option
@shared_options
@click.pass_context
def regrade(
    ctx: click.Context,
    exercises: tuple[str, ...],
    action: str | None,
    force: bool,
    jobs: int,
    as_json: bool,
    isolation: Isolation,
    output: Path,
) -> None:
    """Grade again."""
    from grader.course.names import find_exercises
    from grader.exports.class_files import write_reports
    from grader.gradebook.changes import changes_between
    from grader.gradebook.folder import decided, existing_gradebook

    context: Context = ctx.obj
    if action is None:
        raise RequestError("request.regrade_what")
    course = context.course()
    language = context.language
    with existing_gradebook(output, course, is_written=True) as gradebook:
        waiting = decided(gradebook)
        if action != "preview":
            if waiting is None:
                raise RequestError("request.no_proposal")
            gradebook.settle(waiting.run, "counted" if action == "apply" else "cancelled")
            write_reports(course, gradebook, output)
            key = "history.applied" if action == "apply" else "history.dropped"
            click.echo(text(key, language, run=waiting.run, grades=waiting.grades))
            return
        if waiting is not None:
            raise RequestError("request.proposal_waits", {"run": waiting.run})
        wanted = [exercise.id for exercise in find_exercises(course, exercises)]
        graded = _preview(course, gradebook, wanted, isolation, jobs, force, language)
        if not graded:
            click.echo(text("history.nothing_to_regrade", language), err=True)
            return
        changes = changes_between(gradebook.grades(course), gradebook.grades(course, proposed=True))
    print_changes(changes, language, as_json=as_json)
    click.echo(text("history.decide", language), err=True)


def _preview(
    course: Course,
    gradebook: Gradebook,
    wanted: list[str],
    isolation: Isolation,
    jobs: int,
    force: bool,
    language: Language,
) -> int:
    """Grade into a proposed run; return how many were graded. One that is stopped is cancelled as a whole."""
    from grader.grading.plan import plan_regrade
    from grader.grading.run import grade_class
    from grader.reports.progress import class_progress

    with TemporaryDirectory(prefix="grader-") as folder:
        plan = plan_regrade(course, gradebook, wanted, Path(folder), isolation=isolation, force=force)
        with class_progress(language, as_json=False) as progress:
            progress.start(submissions=plan.files, kept=plan.kept, exercises=len(plan.exercises))
            try:
                grade_class(
                    course,
                    plan,
                    gradebook,
                    {"isolation": isolation, "jobs": jobs, "regrade": wanted},
                    proposed=True,
                    on_grade=progress.grade,
                    on_reference=lambda exercise: progress.reference(exercise.id),
                    jobs=jobs,
                    isolation=isolation,
                )
            except BaseException:
                waiting = gradebook.proposal()
                if waiting is not None:
                    gradebook.settle(waiting.run, "cancelled")
                raise
    return len(plan.work)
