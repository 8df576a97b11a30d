"""Scores between grader's gradebook and nbgrader's: ours are written there, an instructor's manual ones are read back."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook as NbgraderGradebook
from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config.loader import Config, PyFileConfigLoader

from grader.course import parse_exercise_name
from grader.errors import GradebookError, RequestError
from grader.model import Course, Exercise, Grade, Language, Verdict
from grader.notebook_course.build import CONFIG
from grader.notebook_course.check_cells import cell_name
from grader.notebook_course.late import due_of
from grader.reports.cells import grade_text
from grader.scoring import late_by

__all__ = ["ManualScore", "Synced", "gradebook_of", "read_manual_scores", "write_scores"]

_DATABASE = "gradebook.db"


@dataclass(frozen=True, slots=True)
class ManualScore:
    """What an instructor gave a cell by hand in nbgrader."""

    student: str
    assignment: str
    notebook: str
    exercise: str | None
    """None where the notebook is none of the course's."""
    cell: str
    check: str | None
    """The check of the cell; None for a cell of the instructor's own."""
    visible: bool
    auto_score: float | None
    manual_score: float | None
    """In place of the automatic score; None where that stands."""
    extra_credit: float
    """Added to it."""
    max_score: float


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of the grades."""

    written: int
    ungraded: tuple[tuple[str, str], ...] = ()
    """Student and exercise: nothing was recorded as a score, and nbgrader says that they need a grade."""
    kept: tuple[tuple[str, str], ...] = ()
    """Student and exercise with manual scores, which stand before ours."""


def gradebook_of(path: Path) -> Path:
    """Return the file of our gradebook: the file itself, or the one in a folder of results.

    Raises:
        RequestError: there is none.

    """
    file = path / _DATABASE if path.is_dir() else path
    if not file.is_file():
        raise RequestError("nbgrader.no_gradebook", {"file": str(file)})
    return file


@contextlib.contextmanager
def _nbgrader_gradebook(folder: Path) -> Iterator[Any]:
    """Open the gradebook of an nbgrader course, where its configuration says that it is."""
    config = Config()
    if (folder / CONFIG).is_file():
        config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    url = str(CourseDirectory(config=config, root=str(folder.resolve())).db_url)
    prefix = "sqlite:///"
    if url.startswith(prefix) and not Path(url.removeprefix(prefix)).is_file():
        raise RequestError("nbgrader.not_generated", {"folder": str(folder), "assignments": "..."})
    try:
        with NbgraderGradebook(url) as gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        values = {"file": url.removeprefix(prefix), "error": str(getattr(error, "orig", None) or error)}
        raise GradebookError("gradebook.cannot_write", values) from error


def write_scores(course: Course, grades: Sequence[Grade], folder: Path, language: Language) -> Synced:
    """Write grades into the gradebook of the nbgrader course in `folder`.

    A check's points become its cell's automatic score, the feedback the comment of the exercise's first solution. A
    manual score stays and is marked as to be looked at again, as after `nbgrader autograde`.

    Raises:
        RequestError: nbgrader does not know an exercise's notebook, or its checks are others; nothing was written.
        GradebookError: nbgrader's gradebook cannot be read or written.

    """
    with _nbgrader_gradebook(folder) as gradebook:
        places = _places(course, gradebook)
        handed_in = {grade.exercise for grade in grades if grade.path}
        wanted = [exercise for exercise in course.exercises if exercise.id in handed_in]
        missing = [exercise.exercise_folder.name for exercise in wanted if exercise.id not in places]
        if missing:
            raise RequestError(
                "nbgrader.not_generated", {"folder": str(folder), "assignments": ", ".join(missing)}
            )
        known = [grade for grade in grades if grade.exercise in places]
        for grade in known:
            _compare_cells(grade, *places[grade.exercise])
        with _quiet_sqlalchemy():
            return _write_all(course, gradebook, known, places, language)


def _write_all(
    course: Course,
    gradebook: Any,
    grades: Sequence[Grade],
    places: dict[str, tuple[Any, Any]],
    language: Language,
) -> Synced:
    written, ungraded, kept = 0, [], []
    handed_in = [grade for grade in grades if grade.path]
    for grade in handed_in:
        assignment, notebook = places[grade.exercise]
        gradebook.update_or_create_student(grade.student)
        _set_due(course, gradebook, assignment)
        submission = _submission(gradebook, assignment, grade)
        there = gradebook.find_submission_notebook(notebook.name, assignment.name, grade.student)
        if grade.verdict is Verdict.UNGRADED:
            ungraded.append((grade.student, grade.exercise))
        if _write_grade(there, grade):
            kept.append((grade.student, grade.exercise))
        solutions = [cell.name for cell in notebook.solution_cells]
        for comment in there.comments:
            if comment.name == solutions[0]:
                comment.auto_comment = grade_text(grade, language).strip()
        gradebook.db.commit()
        share = late_by(submission.total_seconds_late, course.late_policy).percent / 100
        there.late_submission_penalty = there.score * share or None
        gradebook.db.commit()
        written += 1
    for grade in grades:
        if not grade.path:
            _write_nothing(gradebook, *places[grade.exercise], grade.student)
    return Synced(written, tuple(ungraded), tuple(kept))


def _write_nothing(gradebook: Any, assignment: Any, notebook: Any, student: str) -> None:
    """Give no points for a notebook that is missing from a submission, as nbgrader does; no submission stays none."""
    try:
        there = gradebook.find_submission_notebook(notebook.name, assignment.name, student)
    except MissingEntry:
        return
    for cell in there.grades:
        cell.auto_score, cell.needs_manual_grade = 0.0, cell.manual_score is not None
    gradebook.db.commit()


def _places(course: Course, gradebook: Any) -> dict[str, tuple[Any, Any]]:
    """Return exercise -> its assignment and notebook in nbgrader."""
    places = {}
    for assignment in gradebook.assignments:
        for notebook in assignment.notebooks:
            exercise = parse_exercise_name(course, notebook.name)
            if exercise is not None:
                places[exercise.id] = (assignment, notebook)
    return places


def _compare_cells(grade: Grade, assignment: Any, notebook: Any) -> None:
    """Raise `RequestError` where nbgrader's cells are not the grade's checks."""
    cells = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    for check in grade.checks:
        name = cell_name(check.name, visible=check.visible)
        if cells.get(name) != check.points:
            raise RequestError(
                "nbgrader.stale_cell", {"cell": name, "notebook": f"{assignment.name}/{notebook.name}"}
            )


def _set_due(course: Course, gradebook: Any, assignment: Any) -> None:
    if assignment.duedate is None:
        found = [parse_exercise_name(course, notebook.name) for notebook in assignment.notebooks]
        assignment.duedate = due_of([item for item in found if item is not None])
        gradebook.db.commit()


def _submission(gradebook: Any, assignment: Any, grade: Grade) -> Any:
    """Return nbgrader's submission of a grade, made where there is none; the newest exercise's time counts."""
    submission = gradebook.update_or_create_submission(assignment.name, grade.student)
    if grade.submitted_at is not None:
        time = grade.submitted_at.astimezone(UTC).replace(tzinfo=None)
        if submission.timestamp is None or submission.timestamp < time:
            submission.timestamp = time
            gradebook.db.commit()
    return submission


def _write_grade(there: Any, grade: Grade) -> bool:
    """Write the score of each check's cell; return whether one of them has a manual score."""
    results = {cell_name(check.name, visible=check.visible): check for check in grade.checks}
    has_manual = False
    for cell in there.grades:
        result = results.get(cell.name)
        has_manual = has_manual or cell.manual_score is not None
        if grade.verdict is Verdict.UNGRADED:
            # Our fault is never a zero: what was there before stays, and somebody has to look.
            cell.needs_manual_grade = True
        elif result is not None:
            cell.auto_score = float(result.earned)
            cell.needs_manual_grade = cell.manual_score is not None
    return has_manual


def read_manual_scores(course: Course, folder: Path) -> tuple[ManualScore, ...]:
    """Return what instructors gave by hand in the nbgrader course in `folder`, by student and exercise.

    Raises:
        RequestError: there is no gradebook of nbgrader's.
        GradebookError: it cannot be read.

    """
    found: list[ManualScore] = []
    with _nbgrader_gradebook(folder) as gradebook:
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    exercise = parse_exercise_name(course, notebook.name)
                    found += _manual_scores(submission, notebook, exercise)
    return tuple(
        sorted(found, key=lambda item: (item.student, item.exercise or "", item.notebook, item.cell))
    )


def _manual_scores(submission: Any, notebook: Any, exercise: Exercise | None) -> Iterator[ManualScore]:
    for grade in notebook.grades:
        if grade.manual_score is None and not grade.extra_credit:
            continue
        is_check = exercise is not None and grade.name.removeprefix("hidden_").startswith("test_")
        yield ManualScore(
            student=submission.student.id,
            assignment=submission.assignment.name,
            notebook=notebook.name,
            exercise=None if exercise is None else exercise.id,
            cell=grade.name,
            check=grade.name.removeprefix("hidden_") if is_check else None,
            visible=not grade.name.startswith("hidden_"),
            auto_score=grade.auto_score,
            manual_score=grade.manual_score,
            extra_credit=float(grade.extra_credit or 0),
            max_score=float(grade.max_score),
        )


@contextlib.contextmanager
def _quiet_sqlalchemy() -> Iterator[None]:
    """Keep back what newer versions of SQLAlchemy warn of in nbgrader's own code."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"nbgrader\..*")
        yield
