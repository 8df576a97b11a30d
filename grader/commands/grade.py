"""`grader grade`: a class."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text as RichText

from grader.commands.common import (
    Context,
    complete_exercise,
    isolation_option,
    run_facts,
    say,
    shared_options,
)
from grader.commands.notes import print_notes, write_notes
from grader.course import find_exercise
from grader.errors import RequestError
from grader.gradebook import Gradebook
from grader.grading import Outcome, grade_all
from grader.handin.attempts import latest_attempts
from grader.handin.find import find_submissions
from grader.handin.records import FORMS, Form
from grader.messages import explain, text
from grader.model import Course, Explanation, Grade, Language, Verdict
from grader.reports.files import grades_csv, results_json, write_file
from grader.reports.html import class_report
from grader.reports.tables import class_table
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

        The form is found out: a folder or a zip for each student, files <student>_ex03.py, what Moodle and
        Canvas download, nbgrader's submitted/. docs/handing-in.md has the rules.

        Every result is committed to OUTPUT/gradebook.db as it comes; then grades.csv, results.json and
        reports/index.html are written. Exit code: 0 graded, 2 something could not be graded.
        """,
        """학급 전체를 채점합니다: 제출물이 들어 있는 폴더나 zip 파일.

        \b
        grader grade submissions/                       submissions/<학생>/ex03.py 또는 ex03.ipynb
        grader grade class.zip --output graded/
        grader grade moodle-download.zip --exercise ex3
        grader grade submissions/ --roster class.csv --exercise ex3 --jobs 4

        형식은 자동으로 알아냅니다: 학생별 폴더나 zip, <학생>_ex03.py 파일, Moodle과 Canvas의 일괄
        다운로드, nbgrader의 submitted/. 규칙은 docs/handing-in.md에 있습니다.

        결과는 나오는 대로 OUTPUT/gradebook.db에 저장하고, 끝나면 grades.csv, results.json,
        reports/index.html을 만듭니다. 종료 코드: 0 채점 완료, 2 채점하지 못한 것이 있음.
        """,
    )
)
@click.argument("source", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "form",
    type=click.Choice(FORMS),
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
    "--exercise",
    "exercises",
    multiple=True,
    shell_complete=complete_exercise,
    help=say("Only this exercise; may be repeated.", "이 과제만 채점. 여러 번 쓸 수 있음."),
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("graded"),
    show_default=True,
    help=say("Where gradebook, files and report go.", "성적부, 파일, 보고서를 저장할 폴더."),
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help=say(
        "Slots that grade at the same time [default: one a core].",
        "동시에 채점할 슬롯 수 [기본값: 코어당 하나].",
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
    exercises: tuple[str, ...],
    output: Path,
    jobs: int | None,
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
        form=cast("Form", form),
        exercises=sorted(wanted) if exercises else (),
        roster=roster,
        manifest=manifest,
    )
    latest = latest_attempts(found.submissions)
    submissions = [submission for submission in latest if submission.exercise in wanted]
    console = Console(highlight=False)
    count = jobs or len(os.sched_getaffinity(0))
    with _gradebook(output, course) as gradebook:
        run: list[int] = []

        def keep(result: Grade) -> None:
            # The run begins with its first result: a course that fails its own reference leaves no trace.
            if not run:
                run.append(
                    gradebook.begin_run({"isolation": isolation, "jobs": count, "grader": version("grader")})
                )
            gradebook.add(run[0], result)

        try:
            outcome = _grade_with_progress(course, submissions, wanted, count, isolation, language, keep)
        except KeyboardInterrupt:
            click.echo(text("cli.interrupted", language, file=output / "gradebook.db"), err=True)
            ctx.exit(130)
        gradebook.end_run(run[0])
        everything = gradebook.grades()
    facts = run_facts(outcome.protections, outcome.seconds)
    files = {
        output / "grades.csv": grades_csv(course, everything),
        output / "results.json": results_json(course, everything, facts),
        output / "reports" / "index.html": class_report(course, everything, facts),
    }
    for path, content in files.items():
        write_file(path, content)
    write_notes(output / "notes.txt", found.notes, language)
    console.print(class_table(course, [item for item in everything if item.exercise in wanted], language))
    _print_summary(console, outcome, found.notes, output, language)
    if any(item.verdict is Verdict.UNGRADED for item in outcome.grades):
        ctx.exit(2)


@contextmanager
def _gradebook(output: Path, course: Course) -> Iterator[Gradebook]:
    """Open the gradebook before anything is graded; a new one that got no result is removed again."""
    path = output / "gradebook.db"
    is_new, is_new_folder = not path.exists(), not output.exists()
    with Gradebook(path, course.id) as gradebook:
        try:
            yield gradebook
        finally:
            is_unused = is_new and not gradebook.grades()
    if is_unused:
        for leftover in output.glob("gradebook.db*"):
            leftover.unlink()
        if is_new_folder:
            # What a zip was unpacked to stays: it is there for the next try.
            with suppress(OSError):
                output.rmdir()


def _grade_with_progress(
    course: Course,
    submissions: Sequence[Any],
    wanted: set[str],
    jobs: int,
    isolation: str,
    language: Language,
    keep: Callable[[Grade], None],
) -> Outcome:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        used = {item.exercise for item in submissions if item.path is not None} & wanted
        reference = progress.add_task(text("cli.starting", language), total=len(used))
        grading = progress.add_task(text("cli.grading", language), total=len(submissions))

        def on_grade(result: Grade) -> None:
            keep(result)
            progress.advance(grading)

        return grade_all(
            course,
            submissions,
            jobs=jobs,
            isolation=cast("Isolation", isolation),
            on_grade=on_grade,
            on_reference=lambda exercise: progress.advance(reference),
        )


def _print_summary(
    console: Console, outcome: Outcome, notes: tuple[Explanation, ...], output: Path, language: Language
) -> None:
    graded = [item for item in outcome.grades if item.path]
    students = len({item.student for item in outcome.grades})
    rate = len(graded) / outcome.seconds if outcome.seconds else 0.0
    console.print(
        text(
            "cli.graded",
            language,
            submissions=len(graded),
            students=students,
            seconds=outcome.seconds,
            rate=rate,
        )
    )
    console.print(f"{text('cli.protections', language)}: {_protections_text(outcome.protections, language)}")
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
    return text(f"cli.protection_{protections.isolation}", language, landlock=landlock)
