"""What stands in for nbgrader's `Execute` and `SaveAutoGrades` when a class is autograded, and what makes a notebook whole before."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import ClearHiddenTests, Execute, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Enum, Unicode

from grader.answers.notebook import completed
from grader.course.load import load_course
from grader.course.names import parse_exercise_name
from grader.errors import CourseError, RequestError, RunnerError, SubmissionError
from grader.handin.helpers import helpers_beside
from grader.messages.sentences import sentences_of, text
from grader.model import Course, Exercise, Explanation, Grade, Isolation, Submission, Verdict
from grader.nbgrader.check_cells import cell_names, cell_points
from grader.nbgrader.late import due_of
from grader.nbgrader.resident_judge import grade_warm
from grader.nbgrader.restore import is_left_out, restore_cells
from grader.reports.cells import check_html, notes_html
from grader.reports.views import CheckView, notes_of, student_view

_WAITING = "grader_waiting"
"""Where a notebook's resources have the names of the cells whose answers wait for a person."""


class NotGraded(Exception):
    """A notebook could not be graded through no fault of its student's; nbgrader stops at it and keeps no score."""


class SubmittedNotebook(NotebookExporter):
    """Reads what `grader grade` reads: also behind a byte order mark, and without what nobody looks at."""

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a notebook from a file."""
        text = file_stream.read()
        # What is no notebook is nbformat's to name.
        with contextlib.suppress(ValueError, AttributeError, SubmissionError):
            text = completed(text.removeprefix("\ufeff"))
        notebook = nbformat.reads(text, as_version=4)
        return cast("tuple[NotebookNode, dict[str, Any]]", self.from_notebook_node(notebook, resources, **kw))


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is untyped
    """Makes the cells that nbgrader knows what they were, whatever became of them and of their metadata."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Restore a notebook."""
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(place["notebook"], place["assignment"])
            for change in restore_cells(nb, notebook):
                self.log.warning("%s: %s", place["student"], change)
        return nb, resources


class JudgeCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is untyped
    """Grades a notebook's code in the sandbox and writes into each grade cell what the score is read from."""

    course = Unicode("", help="The course's folder.").tag(config=True)
    language = Unicode("en", help="The language of the feedback.").tag(config=True)
    isolation = Enum(["full", "reduced", "none"], "full", help="How student code is confined.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Grade a notebook.

        Raises:
            NotGraded: it is not the student's fault; nbgrader names the student and goes on with the next.
        """
        place = resources["nbgrader"]
        try:
            grade = self._grade(nb, place, Path(resources["metadata"]["path"]))
        except (CourseError, RequestError, RunnerError) as error:
            self._mark_ungraded(place)
            raise NotGraded(self._reason(error)) from error
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        checks = [cell for cell in code if utils.is_grade(cell) and not utils.is_solution(cell)]
        # Where a student kept no cell of the stub's, any other of theirs has what is said of the file as a whole.
        own = [cell for cell in code if cell not in checks]
        first = next((cell for cell in own if utils.is_solution(cell)), own[0] if own else None)
        names = cell_names(grade.checks)
        told = [] if first is None else notes_of(grade)
        views = dict(zip(names, student_view(grade.checks, told), strict=True))
        for cell in checks:
            self._write(cell, views, place)
        # A question's is graded too, by a person, and need not be code.
        missing = sorted(
            views.keys() - {cell.metadata.nbgrader.grade_id for cell in nb.cells if utils.is_grade(cell)}
        )
        if missing:
            self._mark_ungraded(place)
            values = {"cells": ", ".join(missing), "notebook": place["notebook"]}
            raise NotGraded(text("nbgrader.missing_cells", self.language, **values))
        if first is not None and (notes := notes_html(grade, self.language)):
            first.outputs = [_output("display_data", notes, text("nbgrader.notes", self.language))]
        resources[_WAITING] = {name for name, view in views.items() if view.verdict is Verdict.WAITING}
        return nb, resources

    def _grade(self, nb: NotebookNode, place: dict[str, Any], folder: Path) -> Grade:
        course = load_course(Path(self.course))
        exercise, exercises = self._exercises(course, place)
        with tempfile.TemporaryDirectory(prefix="grader-") as temporary:
            path = Path(temporary, f"{place['notebook']}.ipynb")
            path.write_text(_students_code(nb), encoding="utf-8")
            with helpers_beside(course, path, folder, handed_in=self._handed_in(place)) as (answer, notes):
                submission = Submission(place["student"], exercise.id, answer)
                grade = grade_warm(course, exercises, cast("Isolation", self.isolation), submission)
            grade = replace(grade, notes=(*notes, *grade.notes))
        if grade.verdict is Verdict.UNGRADED:
            broken = [check.explanation for check in grade.checks if check.verdict is Verdict.UNGRADED]
            why = [explanation for explanation in (*broken, *grade.notes) if explanation is not None]
            first = why[0] if why else Explanation("nbgrader.no_reason")
            raise RunnerError(first.key, first.values)
        return grade

    def _handed_in(self, place: dict[str, Any]) -> Path:
        """Return the student's own folder, whose files nbgrader has copied, also what a link leads to."""
        courses = self.parent.parent.coursedir
        return Path(courses.format_path(courses.submitted_directory, place["student"], place["assignment"]))

    def _exercises(self, course: Course, place: dict[str, Any]) -> tuple[Exercise, list[Exercise]]:
        """Return the notebook's exercise, and all of its assignment's; the assignment gets their due date."""
        with Gradebook(place["db_url"]) as gradebook:
            assignment = gradebook.find_assignment(place["assignment"])
            names = [notebook.name for notebook in assignment.notebooks]
            found = [parse_exercise_name(course, name) for name in names]
            exercises = sorted((item for item in found if item is not None), key=lambda item: item.number)
            if assignment.duedate is None and (due := due_of(exercises)) is not None:
                assignment.duedate = due
                gradebook.db.commit()
        exercise = parse_exercise_name(course, place["notebook"])
        if exercise is None:
            raise RequestError("nbgrader.no_exercise", {"name": place["notebook"], "course": course.id})
        return exercise, exercises

    def _write(self, cell: NotebookNode, views: dict[str, CheckView], place: dict[str, Any]) -> None:
        """Write into a grade cell what its check came to, in the form that nbgrader reads a score from."""
        name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        language = self.language
        view = views.get(name)
        if view is None or cell_points(view.points, is_bonus=view.kind == "bonus") != points:
            self._mark_ungraded(place)
            raise NotGraded(text("nbgrader.stale_cell", language, cell=name, notebook=place["notebook"]))
        # One output, which the score is read from: the number is what nbgrader takes, the HTML is what a reader sees.
        is_bonus = view.kind == "bonus"
        if is_bonus:
            self._add_bonus(name, view.earned, place)
        earned = 0.0 if is_bonus else float(view.earned)
        score = _output("execute_result", check_html(view, language), repr(earned))
        score.execution_count = cell.execution_count = None
        cell.outputs = [score]
        # The guard has done its work, and is nothing to read above a result.
        ClearHiddenTests(parent=self).preprocess_cell(cell, {}, 0)

    def _add_bonus(self, name: str, earned: float, place: dict[str, Any]) -> None:
        """Write what a bonus check earns: its cell has no points, and the extra credit of it is this program's alone."""
        with Gradebook(place["db_url"]) as gradebook:
            grade = gradebook.find_grade(name, place["notebook"], place["assignment"], place["student"])
            grade.extra_credit = earned or None
            gradebook.db.commit()

    def _mark_ungraded(self, place: dict[str, Any]) -> None:
        """Let nbgrader say of what was not graded that it needs to be: nothing is recorded as a score."""
        with Gradebook(place["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(
                place["notebook"], place["assignment"], place["student"]
            )
            for grade in notebook.grades:
                grade.needs_manual_grade = True
            gradebook.db.commit()

    def _reason(self, error: CourseError | RequestError | RunnerError) -> str:
        return "; ".join(sentences_of(error, self.language))


class SaveScores(SaveAutoGrades):  # type: ignore[misc]  # nbgrader is untyped
    """Keeps the scores that nbgrader reads; a choice or a number that cannot be read has none, and waits for a person."""

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        if cell.metadata.nbgrader.grade_id in resources.get(_WAITING, ()):
            place = self.notebook_id, self.assignment_id, self.student_id
            grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, *place)
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()


def _students_code(nb: NotebookNode) -> str:
    """Return a notebook of what is the student's: no locked cell, nor a copy of one without its metadata."""
    locked = {cell.source.strip() for cell in nb.cells if utils.is_locked(cell)}
    cells = []
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        # The answer to a question is read by a person, and not executed.
        is_read = utils.is_grade(cell) and utils.is_solution(cell)
        source = "" if is_read or cell.source.strip() in locked else cell.source
        # What is marked as a check is left out and listed, as by `grader grade`.
        metadata = {"nbgrader": {"grade": True}} if is_left_out(cell) else {}
        # An empty cell keeps the numbers of the others.
        cells.append(nbformat.v4.new_code_cell(source, metadata=metadata))
    notebook = nbformat.v4.new_notebook(cells=cells)
    return str(nbformat.writes(notebook))


def _output(kind: str, html: str, plain: str) -> NotebookNode:
    return NotebookNode(
        output_type=kind, metadata=NotebookNode(), data=NotebookNode({"text/html": html, "text/plain": plain})
    )


_DEFAULT = Autograde()
SANITIZE = [RestoreCells, *_DEFAULT.sanitize_preprocessors]
"""In place of `Autograde.sanitize_preprocessors`."""
_OURS = {Execute: JudgeCells, SaveAutoGrades: SaveScores}
AUTOGRADE = [_OURS.get(step, step) for step in _DEFAULT.autograde_preprocessors]
"""In place of `Autograde.autograde_preprocessors`."""
