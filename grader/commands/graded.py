"""What the commands that read a gradebook share: the grades that count, and what is known of the last run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.commands.output import existing_gradebook, last_run
from grader.errors import RequestError
from grader.model import Attempt, Course, Exercise, Grade
from grader.reports.roster import Roster, read_roster

__all__ = ["Graded", "read_graded", "read_roster_file"]


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


def read_roster_file(path: Path | None) -> Roster | None:
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
    return read_roster(content, str(path))


def _decoded(raw: bytes) -> str:
    """Return a table as text: UTF-8, or what Korean Excel saves."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp949")
