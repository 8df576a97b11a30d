"""`grader grade`: a class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Choice,
    Context,
    exercises_option,
    isolation_option,
    jobs_option,
    output_option,
    say,
    shared_options,
    terminal,
)
from grader.errors import RequestError
from grader.handin.form_names import FORM_NAMES
from grader.messages.printable import printable
from grader.messages.sentences import explain, points_text, text
from grader.model import Explanation, Grade, Isolation, Language, Verdict

if TYPE_CHECKING:
    from grader.grading.executor import Executor
    from grader.grading.plan import Plan


@click.command(help=say("help.grade"))
@click.argument("source", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "form",
    type=Choice(FORM_NAMES),
    default="auto",
    show_default=True,
    help=say("help.grade.from"),
)
@click.option("--roster", type=click.Path(dir_okay=False, path_type=Path), help=say("help.grade.roster"))
@click.option("--groups", type=click.Path(dir_okay=False, path_type=Path), help=say("help.grade.groups"))
@click.option("--manifest", type=click.Path(dir_okay=False, path_type=Path), help=say("help.grade.manifest"))
@click.option("--commit-times", is_flag=True, help=say("help.grade.commit_times"))
@click.option("--student", metavar=say("metavar.name"), help=say("help.grade.student"))
@exercises_option
@output_option
@jobs_option(say("help.grade.jobs"))
@click.option("--force", is_flag=True, help=say("option.force"))
@click.option("--json", "as_json", is_flag=True, help=say("help.grade.json"))
@click.option("--cluster", metavar=say("metavar.address"), help=say("help.grade.cluster"))
@click.option("--any-environment", is_flag=True, help=say("help.grade.any_environment"))
@isolation_option
@shared_options
@click.pass_context
def grade(
    ctx: click.Context,
    source: Path,
    form: str,
    roster: Path | None,
    groups: Path | None,
    manifest: Path | None,
    commit_times: bool,
    student: str | None,
    exercises: tuple[str, ...],
    output: Path,
    jobs: int,
    force: bool,
    as_json: bool,
    cluster: str | None,
    any_environment: bool,
    isolation: Isolation,
) -> None:
    """Grade a class."""
    from grader.course.files import require_solutions
    from grader.course.names import find_exercises
    from grader.exports.class_files import REPORT, write_reports
    from grader.gradebook.folder import GRADEBOOK, decided, new_gradebook
    from grader.grading.local import LocalSlots
    from grader.grading.plan import no_longer_there, plan_class
    from grader.grading.run import grade_class
    from grader.handin.find import find_submissions
    from grader.reports.class_summary import class_summary, write_notes
    from grader.reports.class_table import class_table
    from grader.reports.progress import JsonProgress, class_progress
    from grader.verify.todo import left_to_write

    context: Context = ctx.obj
    course = context.course(isolation)
    language = context.language
    require_solutions(course.exercises)
    wanted = {exercise.id for exercise in find_exercises(course, exercises)}
    found = find_submissions(
        course,
        source,
        unpack_into=output / "handed-in",
        form=form,
        exercises=sorted(wanted) if exercises else (),
        roster=roster,
        groups=groups,
        manifest=manifest,
        student=student,
        commit_times=commit_times,
    )
    submissions = [submission for submission in found.submissions if submission.exercise in wanted]
    done: list[Grade] = []
    with (
        new_gradebook(output, course, context.tell) as gradebook,
        class_progress(language, as_json=as_json) as progress,
    ):
        waiting = decided(gradebook)
        if waiting is not None:
            raise RequestError("request.proposal_waits", {"run": waiting.run})
        plan = plan_class(course, submissions, gradebook, isolation=isolation, force=force)
        executor = (
            LocalSlots(jobs, isolation)
            if cluster is None
            else _cluster(cluster, isolation, context.tell, accepts_any=any_environment)
        )
        tell_again(plan, language)
        if left := left_to_write(course, [item for item in course.exercises if item.id in plan.exercises]):
            context.tell(left)

        def on_grade(result: Grade) -> None:
            if result.path:
                done.append(result)
                progress.grade(result)

        try:
            progress.start(submissions=plan.files, kept=plan.kept, exercises=len(plan.exercises))
            outcome = grade_class(
                course,
                plan,
                gradebook,
                {"isolation": isolation, "jobs": jobs, "source": printable(str(source))},
                executor,
                on_grade=on_grade,
                on_reference=lambda exercise: progress.reference(exercise.id),
            )
        except KeyboardInterrupt as error:
            values = {"file": output / GRADEBOOK, "done": len(done), "count": plan.files}
            raise KeyboardInterrupt(Explanation("cli.interrupted", values)) from error
        gradebook.know(found.members, found.fields)
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
        console = terminal()
        shown = [item for item in everything if item.exercise in wanted]
        console.print(class_table(course, shown, language))
        # An override of the whole exercise waits for nobody.
        unread = [
            check.points
            for item in shown
            for check in item.checks
            if item.waiting and check.verdict is Verdict.WAITING
        ]
        if unread:
            points = points_text(sum(unread))
            console.print(text("cli.waiting", language, count=len(unread), points=points))
        for line in class_summary(outcome, plan.kept, notes, output, language):
            console.print(line)
    if ungraded:
        ctx.exit(2)


def tell_again(plan: Plan, language: Language) -> None:
    """Say how many files are graded again, and what was changed that their grades depend on."""
    if plan.reasons:
        what = ", ".join(explain(reason, language) for reason in plan.reasons)
        click.echo(text("cli.again", language, count=plan.again, what=what), err=True)


def _cluster(
    address: str, isolation: Isolation, tell: Callable[[Explanation], None], *, accepts_any: bool
) -> Executor:
    try:
        from grader.grading.cluster import Cluster
    except ModuleNotFoundError as error:
        raise RequestError("request.no_dask", {"module": str(error.name)}) from error
    return Cluster(address, isolation, accepts_any=accepts_any, on_note=tell)
