"""`grader grade`: a class."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

import click
from rich.console import Console
from rich.text import Text as RichText

from grader.commands.graded import REPORT, decided, new_gradebook, write_reports
from grader.commands.notes import print_notes, write_notes
from grader.commands.options import (
    Context,
    exercises_option,
    isolation_option,
    output_option,
    run_facts,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.grading.executor import Executor, Outcome
from grader.grading.local import LocalSlots
from grader.grading.plan import no_longer_there, plan_class
from grader.grading.run import grade_class
from grader.handin.find import find_submissions
from grader.handin.forms import FORMS
from grader.messages.printable import printable
from grader.messages.sentences import explain, text
from grader.model import Explanation, Grade, Language, Verdict
from grader.reports.class_table import class_table
from grader.reports.progress import JsonProgress, class_progress
from grader.runner.sandbox import Isolation, Protections

__all__ = ["grade"]


@click.command(help=say("help.grade"))
@click.argument("source", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "form",
    type=click.Choice(tuple(FORMS)),
    default="auto",
    show_default=True,
    help=say("help.grade.from"),
)
@click.option(
    "--roster",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("help.grade.roster"),
)
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("help.grade.manifest"),
)
@click.option(
    "--student",
    metavar=say("metavar.name"),
    help=say("help.grade.student"),
)
@exercises_option
@output_option
@click.option(
    "--jobs",
    metavar=say("metavar.count"),
    type=click.IntRange(min=1),
    default=None,
    help=say("help.grade.jobs"),
)
@click.option(
    "--force",
    is_flag=True,
    help=say("option.force"),
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=say("help.grade.json"),
)
@click.option(
    "--cluster",
    metavar=say("metavar.address"),
    help=say("help.grade.cluster"),
)
@click.option(
    "--any-environment",
    is_flag=True,
    help=say("help.grade.any_environment"),
)
@isolation_option
@shared_options
@click.pass_context
def grade(
    ctx: click.Context,
    source: Path,
    form: str,
    roster: Path | None,
    manifest: Path | None,
    student: str | None,
    exercises: tuple[str, ...],
    output: Path,
    jobs: int | None,
    force: bool,
    as_json: bool,
    cluster: str | None,
    any_environment: bool,
    isolation: str,
) -> None:
    """Grade a class."""
    context: Context = ctx.obj
    course = context.course()
    language = context.language
    if any(exercise.solution_folder is None for exercise in course.exercises):
        raise RequestError("request.no_solutions")
    wanted = {find_exercise(course, name).id for name in exercises} or {item.id for item in course.exercises}
    found = find_submissions(
        course,
        source,
        unpack_into=output / "handed-in",
        form=form,
        exercises=sorted(wanted) if exercises else (),
        roster=roster,
        manifest=manifest,
        student=student,
    )
    submissions = [submission for submission in found.submissions if submission.exercise in wanted]
    count = jobs or len(os.sched_getaffinity(0))
    done: list[Grade] = []
    with new_gradebook(output, course) as gradebook, class_progress(language, as_json=as_json) as progress:
        waiting = decided(gradebook)
        if waiting is not None:
            raise RequestError("request.proposal_waits", {"run": waiting.run})
        level = cast("Isolation", isolation)
        plan = plan_class(course, submissions, gradebook, isolation=level, force=force)
        executor = (
            LocalSlots(count, level)
            if cluster is None
            else _cluster(cluster, level, language, accepts_any=any_environment)
        )
        if plan.reasons:
            what = ", ".join(explain(reason, language) for reason in plan.reasons)
            click.echo(text("cli.again", language, count=plan.again, what=what), err=True)
        progress.start(submissions=plan.files, kept=plan.kept, exercises=len(plan.exercises))

        def on_grade(result: Grade) -> None:
            if result.path:
                done.append(result)
                progress.grade(result)

        try:
            outcome = grade_class(
                course,
                plan,
                gradebook,
                {"isolation": isolation, "jobs": count, "source": printable(str(source))},
                executor,
                facts=lambda outcome: run_facts(outcome.protections, outcome.seconds),
                on_grade=on_grade,
                on_reference=lambda exercise: progress.reference(exercise.id),
            )
        except KeyboardInterrupt:
            values = {"file": output / "gradebook.db", "done": len(done), "count": plan.files}
            click.echo(text("cli.interrupted", language, **values), err=True)
            ctx.exit(130)
        everything = write_reports(course, gradebook, output)
        counted = [item for item in everything if student is None or item.student == student]
        notes = (*found.notes, *no_longer_there(counted, found.submissions, wanted))
        write_notes(output / "notes.txt", notes, language)
    ungraded = [item for item in outcome.grades if item.verdict is Verdict.UNGRADED]
    if isinstance(progress, JsonProgress):
        progress.event(
            "end",
            graded=len(done),
            kept=plan.kept,
            ungraded=len(ungraded),
            seconds=round(outcome.seconds, 3),
            report=str(output / REPORT),
        )
    else:
        console = Console(highlight=False)
        shown = [item for item in everything if item.exercise in wanted]
        console.print(class_table(course, shown, language))
        _print_summary(console, outcome, plan.kept, notes, output, language)
    if ungraded:
        ctx.exit(2)


def _cluster(address: str, isolation: Isolation, language: Language, *, accepts_any: bool) -> Executor:
    """Return the workers of a scheduler.

    Raises:
        RequestError: Dask is not installed.

    """
    try:
        from grader.grading.cluster import Cluster
    except ModuleNotFoundError as error:
        raise RequestError("request.no_dask", {"module": str(error.name)}) from error

    def note(explanation: Explanation) -> None:
        click.echo(explain(explanation, language), err=True)

    return Cluster(address, isolation, accepts_any=accepts_any, on_note=note)


def _print_summary(
    console: Console,
    outcome: Outcome,
    kept: int,
    notes: tuple[Explanation, ...],
    output: Path,
    language: Language,
) -> None:
    graded = [item for item in outcome.grades if item.path]
    if graded:
        students = len({item.student for item in outcome.grades})
        rate = len(graded) / outcome.seconds if outcome.seconds else 0.0
        values = {
            "submissions": Explanation("count.submissions", {"count": len(graded)}),
            "students": Explanation("count.students", {"count": students}),
        }
        console.print(text("cli.graded", language, seconds=outcome.seconds, rate=rate, **values))
        protections = _protections_text(outcome.protections, language)
        console.print(f"{text('cli.protections', language)}: {protections}")
    if kept:
        console.print(text("cli.kept", language, count=kept))
    print_notes(console, notes, output / "notes.txt", language)
    missing = [item for item in outcome.grades if item.verdict is Verdict.UNGRADED]
    if missing:
        console.print(text("cli.ungraded", language, count=len(missing)), style="bold yellow")
        for item in missing:
            reasons = [*item.notes, *(result.explanation for result in item.checks if result.explanation)]
            why = explain(reasons[0], language) if reasons else ""
            console.print(RichText(f"  {item.student} {item.exercise}: {why}"))
    written = ", ".join(str(output / name) for name in ("gradebook.db", "grades.csv", "results.json"))
    console.print(RichText(text("cli.written", language, files=written)))
    console.print(RichText(text("cli.report", language, file=output / "reports" / "index.html")))


def _protections_text(protections: Protections | None, language: Language) -> str:
    if protections is None:
        return "-"
    landlock = (
        text("cli.landlock", language, version=protections.landlock)
        if protections.landlock
        else text("cli.no_landlock", language)
    )
    if protections.isolation == "none" and protections.uid not in (os.getuid(), 0):
        return text("cli.protection_user", language, user=protections.uid)
    return text(f"cli.protection_{protections.isolation}", language, landlock=landlock)
