"""The scores in grader's gradebook -> nbgrader's gradebook.

nbgrader has no points for a whole notebook, so an override is written as extra credit of the first check's cell: the override
less the points of the checks. The comment says how much of the extra credit is ours, so that it can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry

from grader.course.names import parse_exercise_name
from grader.errors import RequestError
from grader.model import CheckResult, Course, Grade, Language, Verdict
from grader.nbgrader.book import nbgrader_gradebook, places_of
from grader.nbgrader.check_cells import cell_names, cell_points
from grader.nbgrader.late import due_of, late_of
from grader.reports.cells import grade_text

_DATABASE = "gradebook.db"
_SAME = 1e-6
"""Points that differ by no more than this are the same."""
_EXTRA = re.compile(r"<!-- grader: extra credit (-?[0-9.]+) -->")


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of the grades; a grade is named by student and exercise."""

    written: int
    """How many grades were written."""
    ungraded: tuple[tuple[str, str], ...] = ()
    """The grades without a score; nbgrader says that they need one."""
    kept: tuple[tuple[str, str], ...] = ()
    """The grades in whose place nbgrader keeps a score that was given by hand."""
    added: tuple[str, ...] = ()
    """The students that nbgrader did not know. Empty where it knew none at all."""


def gradebook_of(path: Path) -> Path:
    """Return the file of our gradebook: the file itself, or the one in a folder of results.

    Raises:
        RequestError: there is none.
    """
    file = path / _DATABASE if path.is_dir() else path
    if not file.is_file():
        raise RequestError("nbgrader.no_gradebook", {"file": str(file)})
    return file


def write_scores(course: Course, grades: Sequence[Grade], folder: Path, language: Language) -> Synced:
    """Write grades into the gradebook of the nbgrader course in `folder`.

    A check's points become its cell's automatic score, the feedback becomes the comment of the exercise's first solution. A
    manual score stays and is marked as to be looked at again, as after `nbgrader autograde`.

    Raises:
        RequestError: nbgrader does not know an exercise's notebook or knows two, or other checks are in it; nothing was
            written.
        GradebookError: nbgrader's gradebook cannot be read or written.
    """
    with nbgrader_gradebook(folder) as gradebook:
        handed_in = {grade.exercise for grade in grades if grade.path}
        places = places_of(course, gradebook, handed_in)
        wanted = [exercise for exercise in course.exercises if exercise.id in handed_in]
        missing = [exercise.exercise_folder.name for exercise in wanted if exercise.id not in places]
        if missing:
            raise RequestError(
                "nbgrader.not_generated", {"folder": str(folder), "assignments": ", ".join(missing)}
            )
        known = [grade for grade in grades if grade.exercise in places]
        for grade in known:
            _compare_cells(grade, *places[grade.exercise])
        return _write_all(course, gradebook, known, places, language)


def _write_all(
    course: Course,
    gradebook: Any,
    grades: Sequence[Grade],
    places: dict[str, tuple[Any, Any]],
    language: Language,
) -> Synced:
    ungraded, kept = [], []
    known = {student.id for student in gradebook.students}
    handed_in = [grade for grade in grades if grade.path]
    for grade in handed_in:
        assignment, notebook = places[grade.exercise]
        gradebook.update_or_create_student(grade.student)
        _set_due(course, gradebook, assignment)
        submission = _submission(gradebook, assignment, grade)
        submitted = gradebook.find_submission_notebook(notebook.name, assignment.name, grade.student)
        if grade.verdict is Verdict.UNGRADED:
            ungraded.append((grade.student, grade.exercise))
        extra_before = our_extra(submitted)
        has_manual = _write_grade(submitted, grade)
        extra_credit = sum(cell.extra_credit or 0.0 for cell in submitted.grades if not is_bonus(cell))
        is_by_hand = has_manual or abs(extra_credit - extra_before) > _SAME
        if has_manual or (is_by_hand and _override_of(grade) is not None):
            kept.append((grade.student, grade.exercise))
        gradebook.db.commit()
        extra = _write_extra(submitted, grade, extra_before, is_by_hand=is_by_hand)
        _write_comment(submitted, notebook, grade, extra, language)
        gradebook.db.commit()
        share = percent_off(course, grade, submission, is_by_hand=is_by_hand) / 100
        submitted.late_submission_penalty = submitted.score * share or None
        gradebook.db.commit()
    for grade in grades:
        if not grade.path:
            _write_nothing(gradebook, *places[grade.exercise], grade.student)
    added = sorted({grade.student for grade in handed_in} - known) if known else []
    return Synced(len(handed_in), tuple(ungraded), tuple(kept), tuple(added))


def _write_nothing(gradebook: Any, assignment: Any, notebook: Any, student: str) -> None:
    """Give no points for a notebook that is missing from a submission, as nbgrader does; no submission is made for it."""
    try:
        submitted = gradebook.find_submission_notebook(notebook.name, assignment.name, student)
    except MissingEntry:
        return
    for cell in submitted.grades:
        cell.auto_score, cell.needs_manual_grade = 0.0, cell.manual_score is not None
    gradebook.db.commit()


def _compare_cells(grade: Grade, assignment: Any, notebook: Any) -> None:
    """Raise `RequestError` where nbgrader's cells are not the grade's checks."""
    cells = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    for check, name in zip(grade.checks, cell_names(grade.checks), strict=True):
        if cells.get(name) != cell_points(check.points, is_bonus=check.kind == "bonus"):
            values = {"cell": name, "notebook": f"{assignment.name}/{notebook.name}"}
            raise RequestError("nbgrader.stale_cell", values)


def _set_due(course: Course, gradebook: Any, assignment: Any) -> None:
    """Give an assignment without a due date the one of its exercises."""
    if assignment.duedate is None:
        exercises = [parse_exercise_name(course, notebook.name) for notebook in assignment.notebooks]
        assignment.duedate = due_of([exercise for exercise in exercises if exercise is not None])
        gradebook.db.commit()


def _submission(gradebook: Any, assignment: Any, grade: Grade) -> Any:
    """Return nbgrader's submission for a grade, made where there is none; its time is that of the newest exercise in it."""
    submission = gradebook.update_or_create_submission(assignment.name, grade.student)
    if grade.submitted_at is not None:
        time = grade.submitted_at.astimezone(UTC).replace(tzinfo=None)
        if submission.timestamp is None or submission.timestamp < time:
            submission.timestamp = time
            gradebook.db.commit()
    return submission


def percent_off(course: Course, grade: Grade | None, submission: Any, *, is_by_hand: bool) -> float:
    """Return how many per cent lateness takes off the points in nbgrader.

    Our gradebook decides, with extensions and with overrides, of which lateness takes nothing; `is_by_hand` says that points
    which were given by hand in nbgrader stand in place of an override. Without a grade nbgrader's own lateness counts.
    """
    standing = None if grade is None else grade.standing
    if standing is not None and standing.override is not None and not is_by_hand:
        return 0.0
    late = late_of(submission, course) if standing is None else standing.late
    return 0.0 if late is None else late.percent


def our_extra(submitted: Any) -> float:
    """Return how much of the extra credit in a notebook of nbgrader's stands for an override in our gradebook."""
    matches = (_EXTRA.search(comment.auto_comment or "") for comment in submitted.comments)
    return next((float(match[1]) for match in matches if match), 0.0)


def _write_comment(submitted: Any, notebook: Any, grade: Grade, extra: float, language: Language) -> None:
    # Below what a student writes for the checks; a question's own comment is a person's.
    first = min(notebook.solution_cells, key=lambda cell: is_question(cell.name), default=None)
    feedback = grade_text(grade, language).strip()
    if extra:
        feedback += f"\n\n<!-- grader: extra credit {extra!r} -->"
    for comment in submitted.comments:
        if first is not None and comment.name == first.name:
            comment.auto_comment = feedback


def _write_grade(submitted: Any, grade: Grade) -> bool:
    """Write the score of each check's cell; return whether one of them has a manual score."""
    results = dict(zip(cell_names(grade.checks), grade.checks, strict=True))
    has_manual = False
    for cell in submitted.grades:
        result = results.get(cell.name)
        has_manual = has_manual or (cell.manual_score is not None and not is_question(cell.name))
        if grade.verdict is Verdict.UNGRADED:
            # The fault is this program's, which is never a zero: the score stays as it was, and somebody has to look.
            cell.needs_manual_grade = True
        elif result is not None and result.kind == "question":
            _write_question(cell, result)
        elif result is not None and result.kind == "bonus":
            cell.auto_score, cell.extra_credit = 0.0, float(result.earned) or None
        elif result is not None:
            cell.auto_score = float(result.earned)
            cell.needs_manual_grade = cell.manual_score is not None
    return has_manual


def _write_question(cell: Any, result: CheckResult) -> None:
    """Write the points that a person gave in our gradebook; points that were given in nbgrader stay."""
    is_waiting = result.verdict is Verdict.WAITING
    cell.auto_score = None if is_waiting else float(result.earned)
    cell.needs_manual_grade = is_waiting and cell.manual_score is None


def is_question(name: str) -> bool:
    """Return whether a cell of nbgrader is the answer to a question."""
    return name.startswith("question_")


def is_bonus(cell: Any) -> bool:
    """Return whether a cell is that of a bonus check: its points are beyond those that can be reached."""
    return float(cell.max_score) == 0


def _override_of(grade: Grade) -> float | None:
    override = grade.standing.override if grade.standing is not None else None
    return None if override is None else override.points


def _write_extra(submitted: Any, grade: Grade, extra_before: float, *, is_by_hand: bool) -> float:
    """Write an override as extra credit, in place of `extra_before`, and return how much it is.

    Where an instructor gave points by hand in nbgrader, these count and not the override.
    """
    checks = set(cell_names(grade.checks))
    graded = [cell for cell in submitted.grades if cell.name in checks]
    cells = sorted((cell for cell in graded if not is_bonus(cell)), key=lambda cell: str(cell.name))
    if not cells:
        return 0.0
    override, extra = _override_of(grade), 0.0
    if override is not None and not is_by_hand:
        # In nbgrader a score by hand counts in place of the automatic one, and a bonus beside it.
        scores = [cell.auto_score if cell.manual_score is None else cell.manual_score for cell in cells]
        bonus = sum(cell.extra_credit or 0.0 for cell in graded if is_bonus(cell))
        extra = round(override - sum(score or 0.0 for score in scores) - bonus, 6)
    if extra or extra_before:
        cells[0].extra_credit = round((cells[0].extra_credit or 0.0) - extra_before + extra, 6) or None
    return extra
