"""A student's page: for the instructor, or for the student, as the view says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.messages.sentences import in_every_language
from grader.model import Course, Exercise, Grade, Language, Text
from grader.reports.next_step import step_to_mend
from grader.reports.pages.markup import render
from grader.reports.standing import Remark, is_remarkable, remarks
from grader.reports.students import cell_text, total_text
from grader.reports.views import CheckView, Note, View, instructor_view, notes_of, student_grade


@dataclass(frozen=True, slots=True)
class Cell:
    """One student's exercise in a table: what is written, and how full its bar is (0 to 100)."""

    text: str
    share: int | None

    @property
    def shade(self) -> int | None:
        """Return how dark it is, of ten; None where there is nothing to say."""
        return None if self.share is None else shade(self.share / 100)


@dataclass(frozen=True, slots=True)
class _Part:
    exercise: Exercise
    grade: Grade
    cell: Cell
    remarks: tuple[Remark, ...]
    remarkable: bool
    notes: list[Note]
    checks: tuple[CheckView, ...]
    step: Text | None
    """What its student does next; an instructor is told nothing."""


def shade(share: float) -> int:
    """Return the shade of a share, 0 to 10. Only all of it is the darkest, and only nothing the lightest."""
    return 0 if share <= 0 else 10 if share >= 1 else min(9, max(1, round(10 * share)))


def cell_of(grade: Grade) -> Cell:
    """Return what a table shows of a grade."""
    is_absent = not grade.path and grade.points == 0
    share = (
        None
        if grade.is_open or is_absent or not grade.possible
        else min(100, round(100 * grade.points / grade.possible))
    )
    return Cell(cell_text(grade), share)


def student_page(
    course: Course, student: str, row: Mapping[str, Grade], view: View, *, language: Language
) -> str:
    """Return one student's page: for the instructor, or for the student, as the view says."""
    exercises = [exercise for exercise in course.exercises if exercise.id in row]
    instructor = view is instructor_view
    parts = []
    for exercise in exercises:
        grade = row[exercise.id] if instructor else student_grade(row[exercise.id])
        notes = notes_of(grade, is_instructor=instructor)
        said = remarks(grade, exercise, instructor=instructor)
        parts.append(
            _Part(
                exercise,
                grade,
                cell_of(grade),
                said,
                is_remarkable(grade),
                notes,
                tuple(view(grade.checks, notes)),
                None if instructor else step_to_mend(grade),
            )
        )
    first = next(iter(row.values()), None)
    title = student if first is None else first.shown_student
    return render(
        "student.html",
        course=course,
        page_title=in_every_language(lambda language: f"{title} · {course.title.in_language(language)}"),
        language=language,
        student=title,
        instructor=instructor,
        total=total_text(row),
        possible=sum(exercise.points for exercise in exercises),
        parts_of=parts,
    )
