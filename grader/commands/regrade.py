"""`grader regrade`: grade again what changed checks touch, look at it, and then count it or not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from grader.commands.grade import tell_again
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


@click.command(help=say("help.regrade"))
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise)
@click.option("--preview", "action", flag_value="preview", help=say("help.regrade.preview"))
@click.option("--apply", "action", flag_value="apply", help=say("help.regrade.apply"))
@click.option("--cancel", "action", flag_value="cancel", help=say("help.regrade.cancel"))
@click.option("--force", is_flag=True, help=say("option.force"))
@jobs_option(say("help.regrade.jobs"))
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
    course = context.course(isolation)
    language = context.language
    with existing_gradebook(output, course, context.tell, is_written=True) as gradebook:
        waiting = decided(gradebook)
        if action != "preview":
            if waiting is None:
                raise RequestError("request.no_proposal")
            gradebook.settle(waiting.run, "counted" if action == "apply" else "cancelled")
            write_reports(course, gradebook, output)
            key = "history.applied" if action == "apply" else "history.dropped"
            click.echo(text(key, language, run=waiting.run, count=waiting.grades))
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
    from grader.grading.local import LocalSlots
    from grader.grading.plan import plan_regrade
    from grader.grading.run import grade_class
    from grader.reports.progress import class_progress

    with TemporaryDirectory(prefix="grader-") as folder:
        plan = plan_regrade(course, gradebook, wanted, Path(folder), isolation=isolation, force=force)
        tell_again(plan, language)
        with class_progress(language, as_json=False) as progress:
            progress.start(submissions=plan.files, kept=plan.kept, exercises=len(plan.exercises))
            try:
                grade_class(
                    course,
                    plan,
                    gradebook,
                    {"isolation": isolation, "jobs": jobs, "regrade": wanted},
                    LocalSlots(jobs, isolation),
                    proposed=True,
                    on_grade=progress.grade,
                    on_reference=lambda exercise: progress.reference(exercise.id),
                )
            except BaseException:
                waiting = gradebook.proposal()
                if waiting is not None:
                    gradebook.settle(waiting.run, "cancelled")
                raise
    return len(plan.work)
