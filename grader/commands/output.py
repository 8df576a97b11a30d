"""The folder that grading writes to: the gradebook, and the files and the report made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from grader.commands.common import Context, say
from grader.errors import GraderError, RequestError
from grader.gradebook.lock import gradebook_lock
from grader.gradebook.records import Proposal
from grader.gradebook.store import Gradebook
from grader.model import Course, Grade
from grader.reports.written import Written, page_name, remove_others, report_digests

__all__ = [
    "REPORT",
    "complete_student",
    "decided",
    "existing_gradebook",
    "graded_option",
    "last_run",
    "new_gradebook",
    "output_option",
    "write_reports",
]

GRADEBOOK = "gradebook.db"
REPORT = Path("reports") / "index.html"


def output_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names the folder."""
    return click.option(
        "--output",
        "--graded",
        "output",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("graded"),
        show_default=True,
        help=say(
            "The folder of gradebook, files and report. Every command knows it as --graded.",
            "성적부, 파일, 보고서가 있는 폴더. 모든 명령에서 --graded로 지정할 수 있음.",
        ),
    )(command)


def graded_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same option to a command whose --output is the file that it writes."""
    return click.option(
        "--graded",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("graded"),
        show_default=True,
        help=say(
            "The folder of the gradebook; here --output is the file.",
            "성적부가 있는 폴더. 여기서 --output은 저장할 파일임.",
        ),
    )(command)


@contextmanager
def new_gradebook(output: Path, course: Course) -> Iterator[Gradebook]:
    """Open the gradebook for writing, or make it; a new one that got no result is removed again.

    Raises:
        GradebookError: it cannot be opened, or another process is writing into it.

    """
    path = output / GRADEBOOK
    is_new, is_new_folder = not path.exists(), not output.exists()
    is_unused = False
    with gradebook_lock(path):
        try:
            with Gradebook(path, course.id) as gradebook:
                try:
                    yield gradebook
                finally:
                    is_unused = is_new and not gradebook.students()
        finally:
            if is_unused:
                for leftover in output.glob(f"{GRADEBOOK}*"):
                    leftover.unlink()
                if is_new_folder:
                    output.rmdir()


@contextmanager
def existing_gradebook(output: Path, course: Course, *, is_written: bool = False) -> Iterator[Gradebook]:
    """Open a gradebook that must be there.

    Raises:
        RequestError: there is none.
        GradebookError: it cannot be opened, or is to be written while another process does.

    """
    path = output / GRADEBOOK
    if not path.is_file():
        raise RequestError("request.no_gradebook", {"file": str(path)})
    if not is_written:
        with Gradebook(path, course.id) as gradebook:
            yield gradebook
        return
    with gradebook_lock(path), Gradebook(path, course.id) as gradebook:
        yield gradebook


def decided(gradebook: Gradebook) -> Proposal | None:
    """Return the regrade that waits for a decision; one whose preview was killed is dropped, for it is not whole."""
    waiting = gradebook.proposal()
    if waiting is not None and not waiting.is_whole:
        gradebook.settle(waiting.run, "cancelled")
        return None
    return waiting


def complete_student(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the students that the shell may complete to."""
    try:
        course = ctx.ensure_object(Context).course()
        output = Path(ctx.params.get("output") or "graded")
        with existing_gradebook(output, course) as gradebook:
            return [name for name in gradebook.students() if name.startswith(incomplete)]
    except GraderError:
        return []


def last_run(gradebook: Gradebook) -> Mapping[str, Any] | None:
    """Return what the last run that counts and came to its end says of itself; None where there is none."""
    for run in reversed(gradebook.runs()):
        facts = run.settings.get("facts")
        if run.state == "counted" and isinstance(facts, dict):
            return facts
    return None


def write_reports(course: Course, gradebook: Gradebook, output: Path) -> tuple[Grade, ...]:
    """Write those files and pages of what counts now that are not there yet; return the grades, without their checks.

    Raises:
        RequestError: a file cannot be written.

    """
    grades, run = gradebook.standings(course), last_run(gradebook)
    digests = report_digests(course, grades, run)
    written = Written(output)
    stale = {name for name, digest in digests.items() if not written.is_current(name, digest)}
    for name, content in _files(course, gradebook, grades, run, stale) if stale else ():
        written.write(name, content, digests[name])
    reports = {name.removeprefix("reports/") for name in digests}
    remove_others(output / "reports", reports)
    written.save()
    return grades


def _files(
    course: Course,
    gradebook: Gradebook,
    grades: Sequence[Grade],
    run: Mapping[str, Any] | None,
    names: set[str],
) -> Iterator[tuple[str, str]]:
    """Yield the files of these names with their content."""
    # Most runs have no page to make: what makes them is not even imported then.
    from grader.reports.files import grades_csv
    from grader.reports.html import class_report
    from grader.reports.results import results_json

    wanted = {name.removeprefix("reports/") for name in names}
    if all(name.startswith("students/") for name in wanted):
        # Pages of students alone: the rest of the class does not matter to them.
        grades = [grade for grade in grades if page_name(grade.student) in wanted]
    whole = gradebook.with_checks(grades)
    if "grades.csv" in names:
        yield "grades.csv", grades_csv(course, whole)
    if "results.json" in names:
        yield "results.json", results_json(course, whole, run)
    for name, page in class_report(course, whole, run, wanted):
        yield f"reports/{name}", page
