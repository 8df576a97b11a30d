"""Canvas's gradebook import.

Published: https://community.canvaslms.com/t5/Instructor-Guide/tkb-p/Instructor ("How do I import grades in the
Gradebook?"), and what its import reads: https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb.
Columns Student (or LastName, FirstName), ID, the SIS columns and Section, then one an assignment whose heading ends in
its number; a row "Points Possible" below the headings. `EX` is an excused student, `N/A` one who was not assigned it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.errors import RequestError
from grader.exports.lms_class import LmsClass, has_points, others, own_columns
from grader.exports.request import Export, waiting_note
from grader.messages.sentences import points_text
from grader.model import Course, Exercise, Explanation, Grade
from grader.reports.files import csv_text, safe_cell
from grader.reports.students import by_student

_IDENTITY = (
    "Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section",
)  # fmt: skip
_NUMBER = re.compile(r"\s*\(\d+\)$")
_DECIDED = {"EX", "N/A"}
"""What Canvas itself says in the place of points: an import of points would take it back."""


def canvas_csv(course: Course, grades: Sequence[Grade], lms_class: LmsClass | None) -> Export:
    """Return a file that Canvas's gradebook imports: the students of the roster who have grades.

    A column of the roster is taken for an exercise when its heading, without the number in brackets, is the exercise's
    id, slug or title; otherwise the import makes a new assignment. Where something is ungraded, or excused in Canvas, the
    roster's own value stays, so that an import changes nothing there.

    Raises:
        RequestError: it is no export of Canvas's gradebook, or two columns are titled alike; or there is no roster.
    """
    if lms_class is None:
        raise RequestError("export.no_roster")
    lms_class.require(
        *(("LastName", "FirstName") if "LastName" in lms_class.columns else ("Student",)), "ID", "Section"
    )
    identity = [name for name in lms_class.columns if name in _IDENTITY]
    found = by_student(grades)
    exercises = [item for item in course.exercises if any(item.id in row for row in found.values())]
    titles = {
        column: [_NUMBER.sub("", column)]
        for column in lms_class.columns
        if column not in _IDENTITY and "read only" not in lms_class.possible.get(column, "")
    }
    own = own_columns(exercises, lms_class, titles)
    headings = [own.get(exercise.id) or _new_heading(exercise) for exercise in exercises]
    possible = [
        lms_class.possible.get(heading) or points_text(exercise.points)
        for exercise, heading in zip(exercises, headings, strict=True)
    ]
    rows = [[*identity, *headings], ["    Points Possible", *[""] * (len(identity) - 1), *possible]]
    matched = {student: row for student, row in lms_class.match(found).items() if has_points(found[student])}
    for student, known in matched.items():
        cells = [
            _cell(found[student].get(exercise.id), known.get(heading, ""))
            for exercise, heading in zip(exercises, headings, strict=True)
        ]
        rows.append([safe_cell(cell) for cell in [*(known[name] for name in identity), *cells]])
    notes = [
        Explanation(
            "export.other_points", {"column": heading, "canvas": points, "here": points_text(exercise.points)}
        )
        for exercise, heading, points in zip(exercises, headings, possible, strict=True)
        if _amount(points) != exercise.points
    ]
    return Export(csv_text(rows), others(found, matched), (*notes, *waiting_note(grades)))


def _cell(grade: Grade | None, known: str) -> str:
    if known.strip().upper() in _DECIDED:
        return known
    return known if grade is None or grade.is_open else points_text(grade.points)


def _new_heading(exercise: Exercise) -> str:
    # Canvas takes a number in brackets at the end for an assignment's.
    return re.sub(r"\((\d+)\)$", r"\1", f"{exercise.id} {exercise.title.in_language('en')}")


def _amount(points: str) -> float | None:
    try:
        return float(points.replace(",", "."))
    except ValueError:
        return None
