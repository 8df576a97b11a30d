"""What an author has not written yet: the lines of a course that say `TODO(author)`, in the order of writing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from grader.course.files import files_of
from grader.course.yaml import FILE_NAME
from grader.errors import Fault
from grader.model import Course, Exercise, Explanation

# A student's `TODO` in a stub is no author's.
_TODO = re.compile(r"TODO\(author\):?\s*(.*?)(?:[\"'], \w+[:=].*|(?:-->|[\s\"'|)}\],])*)$")


def course_todo(course: Course) -> tuple[Fault, ...]:
    """Return what is left to write in course.yml."""
    return tuple(_todo(course, course.root / FILE_NAME))


def exercise_todo(course: Course, exercise: Exercise) -> tuple[Fault, ...]:
    """Return what is left to write in an exercise's files."""
    files = files_of(exercise)
    paths = [*files.statements.values(), files.stub, files.solution, files.visible_checks]
    paths += [files.hidden_checks, files.misconceptions, *files.family]
    return tuple(todo for path in paths if path.is_file() for todo in _todo(course, path))


def left_to_write(course: Course, exercises: Iterable[Exercise]) -> Explanation | None:
    """Return how many lines of course.yml and these exercises are left to write, and which is the first; None of none."""
    left = [*course_todo(course), *chain(*(exercise_todo(course, item) for item in exercises))]
    if not left:
        return None
    return Explanation("course.todo", {"count": len(left), "place": f"{left[0].file}, {left[0].place}"})


def _todo(course: Course, path: Path) -> Iterator[Fault]:
    file = path.relative_to(course.root).as_posix()
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if found := _TODO.search(line):
            yield Fault(file, f"line {number}", Explanation("verify.todo", {"what": found[1]}))
