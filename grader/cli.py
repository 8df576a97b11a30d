"""The command line: parse, call one function, print."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text as RichText

from grader.course import find_course, find_exercise, load_course
from grader.errors import CourseError, Fault, GraderError, RequestError
from grader.gradebook import Gradebook
from grader.grading import Outcome, check_one, grade_all
from grader.messages import explain, language_from_environment, text
from grader.model import Course, Exercise, Explanation, Grade, Language, Verdict
from grader.reports.feedback import render_grade
from grader.reports.files import grades_csv, results_json, write_file
from grader.reports.html import class_report
from grader.reports.tables import class_table
from grader.runner.sandbox import Isolation, Protections
from grader.submissions import SUFFIXES, find_submissions

__all__ = ["main"]

_ISOLATION_HELP = {
    "en": "How student code is confined. `full` needs bubblewrap and user namespaces; `reduced` (Landlock and seccomp "
    "alone) is for machines that forbid them; `none` is for code you trust.",
    "ko": "학생 코드를 격리하는 수준. `full`은 bubblewrap과 사용자 네임스페이스가 필요하고, 이를 쓸 수 없는 컴퓨터에서는 "
    "`reduced`(Landlock과 seccomp만 사용), 믿을 수 있는 코드에만 `none`을 씁니다.",
}


def _help_language() -> Language:
    return language_from_environment() or "en"


def _say(en: str, ko: str) -> str:
    """Return a help text in the reader's language; help is made when the program starts."""
    return ko if _help_language() == "ko" else en


class _Context:
    """What all commands share: where the course is, and the reader's language."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.chosen_language: Language | None = None

    def course(self) -> Course:
        start = self.folder if self.folder is not None else find_course(Path.cwd())
        course = load_course(start)
        if self.chosen_language is None:
            self.chosen_language = language_from_environment() or course.language
        return course

    @property
    def language(self) -> Language:
        return self.chosen_language or language_from_environment() or "en"


def _remember(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    context = ctx.ensure_object(_Context)
    if value is not None and parameter.name == "course":
        context.folder = value
    elif value is not None:
        context.chosen_language = value


def _shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that may stand before a command and after it."""
    folder = click.option(
        "--course",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=_remember,
        help=_say(
            "The course's folder [default: the nearest above that holds course.yml].",
            "강좌 폴더 [기본값: course.yml이 있는 가장 가까운 상위 폴더].",
        ),
    )
    language = click.option(
        "--lang",
        type=click.Choice(["en", "ko"]),
        expose_value=False,
        callback=_remember,
        help=_say(
            "Language [default: GRADER_LANG, the locale, the course's].",
            "언어 [기본값: GRADER_LANG, 로캘, 강좌의 언어 순].",
        ),
    )
    return folder(language(command))


class _Group(click.Group):
    """Turns our own errors into a message and exit code 2, in one place."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GraderError as error:
            context = ctx.obj
            language = context.language if isinstance(context, _Context) else _help_language()
            print_error(error, language)
            ctx.exit(2)


def print_error(error: GraderError, language: Language) -> None:
    """Print what is wrong, where, and the remedy, to stderr."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    label = RichText(f"{text('cli.error', language)}: ", style="bold red")
    if isinstance(error, CourseError):
        for fault in error.faults:
            console.print(label + RichText(_fault_text(fault, language), style="default"))
        return
    explanation = getattr(error, "explanation", None)
    sentence = explain(explanation, language) if isinstance(explanation, Explanation) else str(error)
    console.print(label + RichText(sentence, style="default"))


def _fault_text(fault: Fault, language: Language) -> str:
    place = f"{fault.file}: {fault.place}" if fault.place else fault.file
    values = dict(fault.explanation.values)
    why = values.get("why")
    if isinstance(why, Explanation):
        values["why"] = explain(why, language)
    return f"{place}: {text(fault.explanation.key, language, **values)}"


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_say(
        """Auto-graded homework for tensor courses.

        \b
        Students:     grader check ex3
        Instructors:  grader grade submissions/

        Shell completion (bash): eval "$(_GRADER_COMPLETE=bash_source grader)"
        """,
        """텐서 강좌를 위한 자동 채점 도구.

        \b
        학생:    grader check ex3
        교수자:  grader grade submissions/

        셸 자동 완성(bash): eval "$(_GRADER_COMPLETE=bash_source grader)"
        """,
    ),
)
@_shared_options
@click.version_option(version("grader"), "--version", "-V")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run `grader`."""
    ctx.ensure_object(_Context)


def _complete_exercise(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    try:
        course = ctx.ensure_object(_Context).course()
    except GraderError:
        return []
    return [exercise.id for exercise in course.exercises if exercise.id.startswith(incomplete)]


def _isolation_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--isolation",
        type=click.Choice(["full", "reduced", "none"]),
        default="full",
        show_default=True,
        help=_ISOLATION_HELP[_help_language()],
    )(command)


@main.command(
    help=_say(
        """Check your answer to one exercise.

        \b
        grader check ex3                    checks ./ex03.py or ./ex03.ipynb
        grader check maxpool-2 --file my.py
        grader check 3 --json

        Exit code: 0 all passed, 1 some check failed, 2 it could not be checked.
        """,
        """과제 하나의 답안을 채점합니다.

        \b
        grader check ex3                    ./ex03.py 또는 ./ex03.ipynb 채점
        grader check maxpool-2 --file my.py
        grader check 3 --json

        종료 코드: 0 모두 통과, 1 통과하지 못한 검사 있음, 2 채점할 수 없음.
        """,
    )
)
@click.argument("exercise", shell_complete=_complete_exercise)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help=_say("The answer [default: ./exNN.py or .ipynb].", "답안 파일 [기본값: ./exNN.py 또는 .ipynb]."),
)
@click.option(
    "--json", "as_json", is_flag=True, help=_say("Print the result as JSON.", "결과를 JSON으로 출력.")
)
@_isolation_option
@_shared_options
@click.pass_context
def check(ctx: click.Context, exercise: str, file: Path | None, as_json: bool, isolation: str) -> None:
    """Check one answer."""
    context: _Context = ctx.obj
    course = context.course()
    chosen = find_exercise(course, exercise)
    path = _answer(course, chosen, file)
    try:
        grade, protections = check_one(course, chosen, path, isolation=cast("Isolation", isolation))
    except KeyboardInterrupt:
        click.echo(text("cli.interrupted_check", context.language), err=True)
        ctx.exit(130)
    if as_json:
        click.echo(results_json(course, [grade], _run_facts(protections, grade.seconds)), nl=False)
    else:
        console = Console(highlight=False)
        title = chosen.title.in_language(context.language)
        console.print(
            RichText(
                text("cli.checking", context.language, file=path.name, exercise=chosen.id, title=title),
                style="bold",
            )
        )
        for note in grade.notes:
            console.print(RichText(explain(note, context.language), style="dim"))
        console.print(render_grade(grade, context.language))
        missed = sum(result.verdict is not Verdict.PASSED for result in grade.checks)
        key = "cli.some_failed" if missed else "cli.all_passed"
        console.print(text(key, context.language, failed=missed, total=len(grade.checks)))
    if grade.verdict is Verdict.UNGRADED:
        ctx.exit(2)
    ctx.exit(0 if grade.verdict is Verdict.PASSED else 1)


def _answer(course: Course, exercise: Exercise, file: Path | None) -> Path:
    """Return the file that holds the answer."""
    if file is None:
        candidates = [Path(f"{exercise.id}{suffix}") for suffix in SUFFIXES]
        there = [path for path in candidates if path.is_file()]
        if len(there) > 1:
            raise RequestError("request.two_answers", {"first": str(there[0]), "second": str(there[1])})
        if not there:
            stub = os.path.relpath(exercise.exercise_folder / "stub.py")
            values = {"tried": ", ".join(map(str, candidates)), "stub": stub, "file": str(candidates[0])}
            raise RequestError("request.no_answer", values)
        file = there[0]
    if file.suffix not in SUFFIXES:
        raise RequestError("request.bad_suffix", {"file": str(file)})
    try:
        file.open("rb").close()
    except OSError as error:
        raise RequestError(
            "request.unreadable", {"file": str(file), "error": error.strerror or str(error)}
        ) from error
    return file


def _run_facts(protections: Protections | None, seconds: float) -> dict[str, Any]:
    return {
        "grader": version("grader"),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "isolation": protections.isolation if protections else "none",
        "landlock": protections.landlock if protections else 0,
        "seccomp": bool(protections and protections.seccomp),
        "namespaces": bool(protections and protections.namespaces),
    }


@main.command(
    help=_say(
        """Grade a class: DIRECTORY/<student>/exNN.py or .ipynb.

        \b
        grader grade submissions/
        grader grade submissions/ --exercise ex3 --jobs 4 --output graded/

        Every result is committed to OUTPUT/gradebook.db as it comes; then grades.csv, results.json and
        reports/index.html are written. Exit code: 0 graded, 2 something could not be graded.
        """,
        """학급 전체를 채점합니다: DIRECTORY/<학생>/exNN.py 또는 .ipynb.

        \b
        grader grade submissions/
        grader grade submissions/ --exercise ex3 --jobs 4 --output graded/

        결과는 나오는 대로 OUTPUT/gradebook.db에 저장하고, 끝나면 grades.csv, results.json,
        reports/index.html을 만듭니다. 종료 코드: 0 채점 완료, 2 채점하지 못한 것이 있음.
        """,
    )
)
@click.argument("directory", type=click.Path(path_type=Path))
@click.option(
    "--exercise",
    "exercises",
    multiple=True,
    shell_complete=_complete_exercise,
    help=_say("Only this exercise; may be repeated.", "이 과제만 채점. 여러 번 쓸 수 있음."),
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("graded"),
    show_default=True,
    help=_say("Where gradebook, files and report go.", "성적부, 파일, 보고서를 저장할 폴더."),
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help=_say(
        "Slots that grade at the same time [default: one a core].",
        "동시에 채점할 슬롯 수 [기본값: 코어당 하나].",
    ),
)
@_isolation_option
@_shared_options
@click.pass_context
def grade(
    ctx: click.Context,
    directory: Path,
    exercises: tuple[str, ...],
    output: Path,
    jobs: int | None,
    isolation: str,
) -> None:
    """Grade a class."""
    context: _Context = ctx.obj
    course = context.course()
    language = context.language
    if any(exercise.solution_folder is None for exercise in course.exercises):
        raise RequestError("request.no_solutions")
    wanted = {find_exercise(course, name).id for name in exercises} or {item.id for item in course.exercises}
    found = find_submissions(course, directory)
    submissions = [submission for submission in found.submissions if submission.exercise in wanted]
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
            outcome = _grade_with_progress(
                console, course, submissions, wanted, count, isolation, language, keep
            )
        except KeyboardInterrupt:
            click.echo(text("cli.interrupted", language, file=output / "gradebook.db"), err=True)
            ctx.exit(130)
        gradebook.end_run(run[0])
        everything = gradebook.grades()
    facts = _run_facts(outcome.protections, outcome.seconds)
    files = {
        output / "grades.csv": grades_csv(course, everything),
        output / "results.json": results_json(course, everything, facts),
        output / "reports" / "index.html": class_report(course, everything, facts),
    }
    for path, content in files.items():
        write_file(path, content)
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
            output.rmdir()


def _grade_with_progress(
    console: Console,
    course: Course,
    submissions: Sequence[Any],
    wanted: set[str],
    jobs: int,
    isolation: str,
    language: Language,
    keep: Callable[[Grade], None],
) -> Outcome:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
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
    if notes:
        console.print(text("cli.notes", language))
        for note in notes:
            console.print(RichText(f"  {explain(note, language)}"))
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


if __name__ == "__main__":
    main()
