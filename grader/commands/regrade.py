"""`grader regrade`: grade again what changed checks touch, look at it, and then count it or not."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click

from grader.commands.graded import decided, existing_gradebook, write_reports
from grader.commands.history import json_option, print_changes
from grader.commands.options import (
    Context,
    complete_exercise,
    isolation_option,
    output_option,
    run_facts,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.gradebook.changes import changes_between
from grader.gradebook.store import Gradebook
from grader.grading.local import LocalSlots
from grader.grading.plan import plan_regrade
from grader.grading.run import grade_class
from grader.messages.sentences import text
from grader.model import Course, Language
from grader.reports.progress import BarProgress, LineProgress, class_progress
from grader.runner.sandbox import Isolation

__all__ = ["regrade"]


@click.command(help=say("help.regrade"))
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise)
@click.option("--preview", "action", flag_value="preview", help=say("help.regrade.preview"))
@click.option("--apply", "action", flag_value="apply", help=say("help.regrade.apply"))
@click.option("--cancel", "action", flag_value="cancel", help=say("help.regrade.cancel"))
@click.option("--force", is_flag=True, help=say("option.force"))
@click.option(
    "--jobs",
    metavar=say("metavar.count"),
    type=click.IntRange(min=1),
    default=None,
    help=say("help.regrade.jobs"),
)
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
    jobs: int | None,
    as_json: bool,
    isolation: str,
    output: Path,
) -> None:
    """Grade again."""
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
            click.echo(text(key, language, run=waiting.run, count=waiting.grades))
            return
        if waiting is not None:
            raise RequestError("request.proposal_waits", {"run": waiting.run})
        wanted = [find_exercise(course, name).id for name in exercises] or [
            exercise.id for exercise in course.exercises
        ]
        graded = _preview(
            course, gradebook, wanted, cast("Isolation", isolation), jobs, force, language, as_json=as_json
        )
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
    jobs: int | None,
    force: bool,
    language: Language,
    *,
    as_json: bool,
) -> int:
    """Grade into a proposed run; return how many were graded. One that is stopped is cancelled as a whole."""
    with TemporaryDirectory(prefix="grader-") as folder:
        plan = plan_regrade(course, gradebook, wanted, Path(folder), isolation=isolation, force=force)
        count = jobs or len(os.sched_getaffinity(0))
        shown = class_progress(language, as_json=False)
        assert isinstance(shown, BarProgress | LineProgress)
        with shown as progress:
            progress.start(submissions=plan.files, kept=plan.kept, exercises=len(plan.exercises))
            try:
                grade_class(
                    course,
                    plan,
                    gradebook,
                    {"isolation": isolation, "jobs": count, "regrade": wanted},
                    LocalSlots(count, isolation),
                    facts=lambda outcome: run_facts(outcome.protections, outcome.seconds),
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
