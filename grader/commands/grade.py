"""`grader grade`: a class."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
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
from grader.grading.executor import Outcome
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


@click.command(
    help=say(
        """Grade a class: a folder or a zip of what was handed in.

        \b
        grader grade submissions/                       submissions/<student>/ex03.py or ex03.ipynb
        grader grade class.zip --output graded/
        grader grade moodle-download.zip --exercise ex3
        grader grade submissions/ --roster class.csv --exercise ex3 --jobs 4
        grader grade submissions/ --cluster tcp://scheduler:8786

        The form is found out: a folder or a zip for each student, files <student>_ex03.py, what Moodle and
        Canvas download, nbgrader's submitted/. docs/handing-in.md has the rules.

        Only what is new or changed is graded: kill it anywhere, run it again, and it goes on.
        Every result is committed to OUTPUT/gradebook.db as it comes; then grades.csv, results.json and
        reports/index.html are written. Exit code: 0 graded, 2 something could not be graded.
        """,
        """학급 전체를 채점합니다: 제출물이 들어 있는 폴더나 zip 파일.

        \b
        grader grade submissions/                       submissions/<학생>/ex03.py 또는 ex03.ipynb
        grader grade class.zip --output graded/
        grader grade moodle-download.zip --exercise ex3
        grader grade submissions/ --roster class.csv --exercise ex3 --jobs 4
        grader grade submissions/ --cluster tcp://scheduler:8786

        형식은 자동으로 알아냅니다: 학생별 폴더나 zip, <학생>_ex03.py 파일, Moodle과 Canvas의 일괄
        다운로드, nbgrader의 submitted/. 규칙은 docs/handing-in.md에 있습니다.

        새로 낸 것과 바뀐 것만 채점하므로, 언제 중단해도 다시 실행하면 이어집니다.
        결과는 나오는 대로 OUTPUT/gradebook.db에 저장하고, 끝나면 grades.csv, results.json,
        reports/index.html을 만듭니다. 종료 코드: 0 채점 완료, 2 채점하지 못한 것이 있음.
        """,
    )
)
@click.argument("source", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "form",
    type=click.Choice(tuple(FORMS)),
    default="auto",
    show_default=True,
    help=say("The form of what was handed in.", "제출물의 형식."),
)
@click.option(
    "--roster",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say(
        "Who is in the class (CSV) [default: roster.csv beside the submissions].",
        "학급 명단(CSV) [기본값: 제출물과 함께 있는 roster.csv].",
    ),
)
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say(
        "When each file was handed in (CSV) [default: manifest.csv beside the submissions].",
        "파일별 제출 시각(CSV) [기본값: 제출물과 함께 있는 manifest.csv].",
    ),
)
@click.option(
    "--student",
    metavar=say("NAME", "이름"),
    help=say(
        "All of it is this student's; --from, --roster and --manifest then mean nothing.",
        "전부 이 학생의 제출물임. 이때 --from, --roster, --manifest는 쓰이지 않음.",
    ),
)
@exercises_option
@output_option
@click.option(
    "--jobs",
    metavar=say("COUNT", "개수"),
    type=click.IntRange(min=1),
    default=None,
    help=say(
        "Slots that grade at the same time [default: one a core].",
        "동시에 채점할 슬롯 수 [기본값: 코어당 하나].",
    ),
)
@click.option(
    "--force",
    is_flag=True,
    help=say("Grade what is unchanged too.", "바뀌지 않은 제출물도 다시 채점."),
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=say("Print one JSON object a line while grading.", "채점하면서 한 줄에 하나씩 JSON 객체를 출력."),
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help=say(
        "Grade on the workers of a Dask scheduler, tcp://host:8786.",
        "Dask 스케줄러(tcp://host:8786)의 워커에서 채점.",
    ),
)
@click.option(
    "--any-environment",
    is_flag=True,
    help=say(
        "Let workers grade whose Python or packages differ from this machine's.",
        "Python이나 패키지 버전이 이 컴퓨터와 다른 워커도 사용.",
    ),
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
                facts=lambda outcome: run_facts(outcome.protections, outcome.seconds),
                on_grade=on_grade,
                on_reference=lambda exercise: progress.reference(exercise.id),
                grade_all=_grade_all(cluster, any_environment, language),
                jobs=count,
                isolation=level,
            )
        except KeyboardInterrupt:
            values = {"file": output / "gradebook.db", "done": len(done), "total": plan.files}
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


def _grade_all(
    cluster: str | None, any_environment: bool, language: Language
) -> Callable[..., Outcome] | None:
    """Return what grades: a cluster, or None for this machine.

    Raises:
        RequestError: Dask is not installed.

    """
    if cluster is None:
        return None
    try:
        from grader.grading.cluster import grade_on_cluster
    except ModuleNotFoundError as error:
        raise RequestError("request.no_dask", {"module": str(error.name)}) from error

    def note(explanation: Explanation) -> None:
        click.echo(explain(explanation, language), err=True)

    return partial(grade_on_cluster, address=cluster, accepts_any=any_environment, on_note=note)


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
        values = {"submissions": len(graded), "students": students, "seconds": outcome.seconds, "rate": rate}
        console.print(text("cli.graded", language, **values))
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
