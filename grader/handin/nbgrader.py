"""nbgrader's `submitted/`: `<student>/<assignment>/<notebook>`, with a `timestamp.txt` in each assignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.course.names import parse_exercise_name
from grader.handin.names import text_of
from grader.handin.records import Intake, Item, Origin
from grader.handin.student_files import list_folder, take_folder


def read_nbgrader(intake: Intake, items: Sequence[Item]) -> Iterator[Item]:
    """Take the assignments in the students' folders; yield the files that lie beside or above them."""
    for item in items:
        if not item.is_folder:
            yield item
            continue
        person = intake.add_person(item.path.name)
        for below in list_folder(intake, item, person):
            if below.is_folder:
                exercise = parse_exercise_name(intake.course, text_of(below.path.name))
                take_folder(intake, below, Origin(person, hint=exercise.id if exercise else None, depth=1))
            else:
                yield below
