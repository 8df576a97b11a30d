"""What the commands that read a gradebook share: the grades that count, and what is known of the last run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import RequestError
from grader.exports.lms_class import LmsClass, read_lms_class
from grader.gradebook.lock import gradebook_lock
from grader.gradebook.records import Proposal
from grader.gradebook.store import Gradebook
from grader.model import Attempt, Course, Exercise, Grade
from grader.reports.pages.written import Written, page_name, remove_others, report_digests

__all__ = [
    "GRADEBOOK",
    "REPORT",
    "Graded",
    "decided",
    "existing_gradebook",
    "last_run",
    "new_gradebook",
    "read_graded",
    "read_roster_file",
    "write_reports",
]


@dataclass(frozen=True)
class Graded:
    """A class that was graded."""

    grades: tuple[Grade, ...]
    run: Mapping[str, Any] | None = None
    """What the last run says of itself."""
    attempts: tuple[Attempt, ...] = ()

    def only(self, exercises: Collection[Exercise], student: str | None = None) -> Graded:
        """Return what there is of some exercises, and of one student.

        Raises:
            RequestError: nothing is.

        """
        wanted = {exercise.id for exercise in exercises}
        grades = tuple(
            grade
            for grade in self.grades
            if grade.exercise in wanted and (student is None or grade.student == student)
        )
        if not grades:
            raise RequestError("export.nobody", {"student": student or "?"})
        return Graded(grades, self.run, self.attempts)

    def places(self) -> dict[str, list[str]]:
        """Return each student with where the answers that count were handed in, the last time that they were."""
        renewed = {(item.student, item.exercise, item.digest): item.path for item in self.attempts}
        found: dict[str, list[str]] = {}
        for grade in self.grades:
            key = (grade.student, grade.exercise, grade.digest)
            found.setdefault(grade.student, []).append(renewed.get(key, grade.path))
        return found


def read_graded(course: Course, folder: Path) -> Graded:
    """Return the grades that count, from a gradebook's folder.

    Raises:
        RequestError: there is no gradebook, or nothing in it.
        GradebookError: it cannot be opened, or is another course's.

    """
    with existing_gradebook(folder, course) as gradebook:
        grades, run, attempts = gradebook.grades(course), last_run(gradebook), gradebook.attempts()
        if not grades:
            raise RequestError("export.no_grades", {"file": str(gradebook.path)})
    return Graded(grades, run, attempts)


def read_roster_file(path: Path | None) -> LmsClass | None:
    """Read a roster that another system exported.

    Raises:
        RequestError: it cannot be read as a table.

    """
    if path is None:
        return None
    try:
        content = _decoded(path.read_bytes())
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise RequestError("request.unreadable", {"file": str(path), "error": why}) from error
    return read_lms_class(content, str(path))


def _decoded(raw: bytes) -> str:
    """Return a table as text: UTF-8, or what Korean Excel saves."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp949")


GRADEBOOK = "gradebook.db"

REPORT = Path("reports") / "index.html"


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
    from grader.exports.grades_csv import grades_csv
    from grader.exports.results import results_json
    from grader.reports.pages.class_report import class_report

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
