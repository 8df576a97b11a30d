"""Moodle's grade import.

The format, as published in "Grade import" (https://docs.moodle.org/en/Grade_import): any CSV; a column that tells the user
(user name, ID number or email address) is mapped by hand when it is uploaded. What it reads is
https://github.com/moodle/moodle/blob/main/grade/import/csv/classes/load_data.php: `-` is no grade, while an empty cell of a
new grade item is stored as 0; a row whose user is empty is given to the user above it; a user that is not known stops the
import.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from grader.errors import RequestError
from grader.exports.lms_class import LmsClass, has_points, others, own_columns
from grader.exports.request import Export, waiting_note
from grader.messages.sentences import points_text
from grader.model import Course, Exercise, Explanation, Grade, Language
from grader.reports.files import csv_text, safe_cell
from grader.reports.standing import remarks
from grader.reports.students import by_student

_NAMES = ("first", "last")
_IDENTITY = ("number", "email", "login")
_NO_GRADE = "-"
_POINTS = re.compile(r"\d+([.,]\d+)?")
_MOST_POINTS = 100
"""Above which Moodle refuses a grade, unless its administrators allow more (`gradepointmax`)."""


def moodle_csv(
    course: Course, grades: Sequence[Grade], lms_class: LmsClass | None, *, feedback: Language | None = None
) -> Export:
    """Return a file for Moodle's grade import; without a roster the folder's name stands for the user name.

    Where something is ungraded the roster's own value stays, or there is no grade. `feedback` adds a column beside each
    exercise's: what there is to say of it besides its checks, in this language.

    Raises:
        RequestError: nothing in the roster tells who is who, or two columns are titled alike.
    """
    found = by_student(grades)
    exercises = [item for item in course.exercises if any(item.id in row for row in found.values())]
    graded = [student for student, row in found.items() if has_points(row)]
    columns, matched = _users(graded, lms_class)
    own = _own_headings(exercises, lms_class)
    headings = [
        own.get(exercise.id) or f"{exercise.id} {exercise.title.in_language('en')}" for exercise in exercises
    ]
    rows: list[list[str]] = [[*columns]]
    for heading in headings:
        rows[0] += [heading, *([f"{heading} feedback"] if feedback else [])]
    for student, known in matched.items():
        cells = [known.get(name, "") for name in columns]
        for exercise, heading in zip(exercises, headings, strict=True):
            grade = found[student].get(exercise.id)
            cells.append(
                known.get(heading) or _NO_GRADE
                if grade is None or grade.is_open
                else points_text(grade.points)
            )
            if feedback:
                cells.append(_feedback(grade, exercise, feedback))
        rows.append([safe_cell(cell) for cell in cells])
    points = [grade.points for student in matched for grade in found[student].values() if not grade.is_open]
    too_many = max(points, default=0) > _MOST_POINTS
    most = {exercise.id: exercise.points for exercise in exercises}
    notes = []
    if too_many:
        notes.append(Explanation("export.moodle_points", {"points": _MOST_POINTS}))
    elif any(grade.points > most[grade.exercise] for row in found.values() for grade in row.values()):
        notes.append(Explanation("export.moodle_above"))
    waiting = waiting_note(grades)
    return Export(csv_text(rows), others(found, matched), (*notes, *waiting))


def _users(
    students: Sequence[str], lms_class: LmsClass | None
) -> tuple[tuple[str, ...], Mapping[str, Mapping[str, str]]]:
    """Return the columns that tell who a row is for, and the rows of the students who are told by all of them."""
    if lms_class is None:
        return ("Username",), {name: {"Username": name} for name in students}
    identity = lms_class.named(*_IDENTITY)
    if not identity:
        raise RequestError(
            "export.no_identity", {"file": lms_class.file, "columns": "ID number, Email address, Username"}
        )
    matched = lms_class.match(students)
    empty = {name: sum(not row.get(name, "").strip() for row in matched.values()) for name in identity}
    # A column with gaps may be mapped by mistake; where each has some, those who are in the fullest one are written.
    least = min(empty.values())
    kept = [name for name in identity if empty[name] == least][: None if least == 0 else 1]
    known = {
        student: row for student, row in matched.items() if all(row.get(name, "").strip() for name in kept)
    }
    return (*lms_class.named(*_NAMES), *kept), known


def _own_headings(exercises: Sequence[Exercise], lms_class: LmsClass | None) -> dict[str, str]:
    """Return the headings of exercises in Moodle's own export of grades: `Assignment: TITLE (Real)`.

    In other languages both words are others. Beside points there are percentages, letters and feedback, under the same title:
    points are plain numbers.
    """
    if lms_class is None:
        return {}
    titles = {}
    for column in lms_class.columns:
        cells = {row.get(column, "").strip() for row in lms_class.rows} - {"", _NO_GRADE}
        has_points = bool(cells) and all(_POINTS.fullmatch(cell) for cell in cells)
        title = re.sub(r"\s*\([^()]*\)$" if has_points else r"\s*\(Real\)$", "", column)
        titles[column] = [part for name in (title, column) for part in (name, name.partition(": ")[2])]
    return own_columns(exercises, lms_class, titles)


def _feedback(grade: Grade | None, exercise: Exercise, language: Language) -> str:
    if grade is None:
        return ""
    said = remarks(grade, exercise, instructor=False)
    # Moodle reads it as HTML.
    return html.escape(
        ". ".join(remark.text.in_language(language).removesuffix(".") for remark in said), quote=False
    )
