"""The scores that instructors gave by hand in nbgrader: listed, and taken over as overrides in our gradebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.names import parse_exercise_name, question_id
from grader.gradebook.store import Gradebook
from grader.messages.sentences import text
from grader.model import Course, Exercise, Grade, Language
from grader.nbgrader.book import is_built, nbgrader_gradebook, places_of
from grader.nbgrader.scores_to import is_bonus, is_question, our_extra, percent_off

AUTHOR = "nbgrader"
"""The author of these overrides: nbgrader does not keep who gave a score."""
_SAME = 1e-6
"""Points that differ by no more than this are the same."""


@dataclass(frozen=True, slots=True)
class ManualScore:
    """What an instructor gave a cell by hand in nbgrader."""

    student: str
    assignment: str
    notebook: str
    exercise: str | None
    """The exercise's id; None where the notebook is not one of the course's."""
    cell: str
    check: str | None
    """The check of the cell; None for a cell of the instructor's own."""
    visible: bool
    auto_score: float | None
    manual_score: float | None
    """The points in place of the automatic score; None where that counts."""
    extra_credit: float
    """The points that are added to the score."""
    max_score: float
    question: str | None = None
    """The id of the question that the cell answers."""
    comment: str = ""
    """What the instructor wrote below a question's answer."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Points that an exercise has in nbgrader by hand, and what became of them in our gradebook."""

    student: str
    exercise: str
    points: float
    """The points, less what lateness takes off."""
    before: float | None
    """The points that counted in our gradebook until now; None for a student that it does not know."""
    is_new: bool
    """Whether the points became an override or a score now."""
    question: str | None = None
    """The question that has the points, and not the exercise."""


def read_manual_scores(course: Course, folder: Path) -> tuple[ManualScore, ...]:
    """Return what instructors gave by hand in the nbgrader course in `folder`, by student and exercise.

    Raises:
        RequestError: nbgrader has no gradebook there.
        GradebookError: it cannot be read.
    """
    scores: list[ManualScore] = []
    with nbgrader_gradebook(folder) as gradebook:
        places = places_of(course, gradebook, ())
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    exercise = parse_exercise_name(course, notebook.name)
                    if exercise is not None and places[exercise.id][0].name != assignment.name:
                        # The exercise was imported from it, and is built beside it.
                        exercise = None
                    scores += _manual_scores(submission, notebook, exercise)
    scores.sort(key=lambda item: (item.student, item.exercise or "", item.notebook, item.cell))
    return tuple(scores)


def _manual_scores(submission: Any, notebook: Any, exercise: Exercise | None) -> Iterator[ManualScore]:
    ours = our_extra(notebook)
    is_original = exercise is not None and not is_built(exercise, notebook.notebook)
    comments = {item.name: item.manual_comment or "" for item in notebook.comments}
    for grade in sorted(notebook.grades, key=lambda item: str(item.name)):
        # That of a bonus check is what the check earned.
        extra = 0.0 if is_bonus(grade) else float(grade.extra_credit or 0)
        if ours and extra:
            # This part of it stands for an override of ours, which no instructor gave in nbgrader.
            extra, ours = round(extra - ours, 6), 0.0
        if grade.manual_score is None and not extra:
            continue
        question = _question(exercise, grade.name)
        is_check = exercise is not None and (_is_check(grade.name) or (is_original and question is None))
        yield ManualScore(
            student=submission.student.id,
            assignment=submission.assignment.name,
            notebook=notebook.name,
            exercise=None if exercise is None else exercise.id,
            cell=grade.name,
            check=grade.name.removeprefix("hidden_") if is_check else None,
            question=question,
            comment=comments.get(grade.name, ""),
            visible=not grade.name.startswith("hidden_"),
            auto_score=grade.auto_score,
            manual_score=grade.manual_score,
            extra_credit=extra,
            max_score=float(grade.max_score),
        )


def take_manual_scores(
    course: Course, ours: Gradebook, folder: Path, language: Language
) -> tuple[Taken, ...]:
    """Make overrides of what instructors gave checks by hand in the nbgrader course in `folder`, and scores of questions'.

    An exercise's points are those that nbgrader has for its checks, less what lateness takes off. They become an override
    where they are not what counts already; what was taken over before is not taken over again, so that a later decision in
    our own gradebook stands.

    Raises:
        RequestError: nbgrader has no gradebook there.
        GradebookError: a gradebook cannot be read or written.
    """
    grades = {(grade.student, grade.exercise): grade for grade in ours.grades(course)}
    taken_before = {
        (item.student, item.exercise): item.points
        for item in ours.adjustments()
        if item.kind == "override" and item.author == AUTHOR
    }
    taken = _take_questions(course, ours, folder, language)
    if any(item.is_new for item in taken):
        grades = {(grade.student, grade.exercise): grade for grade in ours.grades(course)}
    for student, exercise, points, cells in _manual_points(course, folder, grades):
        grade = grades.get((student, exercise.id))
        before = None if grade is None else grade.points
        known = (before, taken_before.get((student, exercise.id)))
        is_new = (
            before is not None
            and not any(other is not None and abs(other - points) <= _SAME for other in known)
            and 0 <= points <= 10 * exercise.points
        )
        if is_new:
            why = text("nbgrader.why", language, cells=", ".join(cells))
            ours.adjust("override", student, exercise.id, points=points, why=why, author=AUTHOR)
        taken.append(Taken(student, exercise.id, points, before, is_new))
    return tuple(sorted(taken, key=lambda item: (item.student, item.exercise, item.question or "")))


def _take_questions(course: Course, ours: Gradebook, folder: Path, language: Language) -> list[Taken]:
    """Make scores of the points that questions were given in nbgrader, the instructor's comment their reason.

    Points that were taken over before are not taken over again, so that a later decision in our own gradebook stands.
    """
    known = ours.students()
    before: dict[tuple[str, str, str], list[float | None]] = {}
    for item in ours.adjustments():
        if item.kind == "score":
            given = before.setdefault((item.student, item.exercise, item.question), [None, None])
            given[0] = item.points if item.withdrawn_at is None else given[0]
            given[1] = item.points if item.author == AUTHOR else given[1]
    taken = []
    for score in read_manual_scores(course, folder):
        if score.question is None or score.exercise is None:
            continue
        points = (score.auto_score or 0.0) if score.manual_score is None else score.manual_score
        points = round(points + score.extra_credit, 6)
        now, last = before.get((score.student, score.exercise, score.question), [None, None])
        is_new = score.student in known and not any(
            other is not None and abs(other - points) <= _SAME for other in (now, last)
        )
        if is_new:
            why = score.comment.strip() or text("nbgrader.why", language, cells=score.cell)
            ours.adjust(
                "score",
                score.student,
                score.exercise,
                points=points,
                why=why,
                author=AUTHOR,
                question=score.question,
            )
        counted = (now or 0.0) if score.student in known else None
        taken.append(Taken(score.student, score.exercise, points, counted, is_new, score.question))
    return taken


def _manual_points(
    course: Course, folder: Path, grades: dict[tuple[str, str], Grade]
) -> Iterator[tuple[str, Exercise, float, Sequence[str]]]:
    """Yield student, exercise, points and cells where a check is scored by hand and every check's cell has a score."""
    by_hand: dict[tuple[str, str, str], list[str]] = {}
    for score in read_manual_scores(course, folder):
        if score.check is not None and score.exercise is not None:
            place = (score.student, score.assignment, score.notebook)
            by_hand.setdefault(place, []).append(score.cell)
    with nbgrader_gradebook(folder) as gradebook:
        for (student, assignment, name), cells in by_hand.items():
            exercise = parse_exercise_name(course, name)
            submission = gradebook.find_submission(assignment, student)
            notebook = gradebook.find_submission_notebook(name, assignment, student)
            # A question's points are part of the exercise's, and without them nobody knows these.
            is_original = exercise is not None and not is_built(exercise, notebook.notebook)
            checks = [
                cell
                for cell in notebook.grades
                if is_original or _is_check(cell.name) or is_question(cell.name)
            ]
            scores = [cell.auto_score if cell.manual_score is None else cell.manual_score for cell in checks]
            if exercise is None or None in scores:
                continue
            total = sum(scores) + sum(cell.extra_credit or 0.0 for cell in checks) - our_extra(notebook)
            percent = percent_off(course, grades.get((student, exercise.id)), submission, is_by_hand=True)
            yield student, exercise, round(max(total * (1 - percent / 100), 0.0), 6), cells


def _question(exercise: Exercise | None, name: str) -> str | None:
    questions = () if exercise is None else exercise.questions
    return next((item.id for item in questions if name == item.name or question_id(name) == item.id), None)


def _is_check(name: str) -> bool:
    return name.removeprefix("hidden_").startswith("test_")
