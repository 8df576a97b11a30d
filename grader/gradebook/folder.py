"""The folder of a class's gradebook: opened to be read or written, and the grades in it that count."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from grader.errors import RequestError
from grader.gradebook.lock import gradebook_lock
from grader.gradebook.records import Proposal
from grader.gradebook.store import Gradebook
from grader.model import Attempt, Course, Exercise, Explanation, Grade, Member
from grader.scoring import given_out

GRADEBOOK = "gradebook.db"

Tell = Callable[[Explanation], None]
"""How whoever runs a command is told that a gradebook was brought up to date."""


@dataclass(frozen=True)
class Graded:
    """A class that was graded."""

    course: Course
    """With the exercises that are given out."""
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
        return replace(self, grades=grades)

    def places(self) -> dict[str, list[str]]:
        """Return each student with where the answers that count were handed in, the last time that they were."""
        renewed = {(item.student, item.exercise, item.digest): item.path for item in self.attempts}
        found: dict[str, list[str]] = {}
        for grade in self.grades:
            key = (grade.student, grade.exercise, grade.digest)
            found.setdefault(grade.student, []).append(renewed.get(key, grade.path))
        return found


def read_graded(
    course: Course,
    folder: Path,
    tell: Tell,
    *,
    dropped: Callable[[Gradebook], Collection[str]] = lambda gradebook: gradebook.dropped(),
    now: datetime | None = None,
) -> Graded:
    """Return the grades that count, from a gradebook's folder, without those of the `dropped`.

    Those of exercises that are not given out are left out.

    Raises:
        RequestError: there is no gradebook, or nothing in it.
        GradebookError: it cannot be opened, or is another course's.
    """
    with existing_gradebook(folder, course, tell) as gradebook:
        run, attempts = last_run(gradebook), gradebook.attempts()
        grades = gradebook.grades(course, dropped=dropped(gradebook))
        part, grades = given_out(course, grades, now or datetime.now(UTC))
        if not grades:
            raise RequestError("export.no_grades", {"file": str(gradebook.path)})
    return Graded(part, grades, run, attempts)


def open_gradebook(path: Path, course: Course, tell: Tell) -> Gradebook:
    """Return a course's gradebook, and say so where an earlier version's was brought up to date."""
    gradebook = Gradebook(path, course.id)
    if gradebook.backup is not None:
        tell(Explanation("gradebook.migrated", {"file": str(path), "backup": str(gradebook.backup)}))
    return gradebook


@contextmanager
def new_gradebook(output: Path, course: Course, tell: Tell) -> Iterator[Gradebook]:
    """Open the gradebook for writing, or make it; a new one that got no result is removed again.

    Raises:
        GradebookError: it cannot be opened, or another process is writing into it.
    """
    path = output / GRADEBOOK
    is_new, is_new_folder = not path.exists(), not output.exists()
    is_unused = False
    with gradebook_lock(path):
        try:
            with open_gradebook(path, course, tell) as gradebook:
                try:
                    yield gradebook
                finally:
                    is_unused = is_new and not gradebook.students()
        finally:
            if is_unused:
                # By their names: the copy of an earlier gradebook, which was moved away, stays.
                for end in ("", "-wal", "-shm", ".lock"):
                    output.joinpath(f"{GRADEBOOK}{end}").unlink(missing_ok=True)
                if is_new_folder:
                    output.rmdir()


@contextmanager
def existing_gradebook(
    output: Path, course: Course, tell: Tell, *, is_written: bool = False
) -> Iterator[Gradebook]:
    """Open a gradebook that must be there.

    Raises:
        RequestError: there is none.
        GradebookError: it cannot be opened, or is to be written while another process does.
    """
    path = output / GRADEBOOK
    if not path.is_file():
        raise RequestError("request.no_gradebook", {"file": str(path)})
    if not is_written:
        with open_gradebook(path, course, tell) as gradebook:
            yield gradebook
        return
    with gradebook_lock(path), open_gradebook(path, course, tell) as gradebook:
        yield gradebook


def decided(gradebook: Gradebook) -> Proposal | None:
    """Return the regrade that waits for a decision; one whose preview was killed is dropped, for it is not whole."""
    waiting = gradebook.proposal()
    if waiting is not None and not waiting.is_whole:
        gradebook.settle(waiting.run, "cancelled")
        return None
    return waiting


def last_run(gradebook: Gradebook) -> Mapping[str, Any] | None:
    """Return what the last run that counts and came to its end says of itself; None where there is none."""
    for run in reversed(gradebook.runs()):
        facts = run.settings.get("facts")
        if run.state == "counted" and isinstance(facts, dict):
            return facts
    return None


def find_student(gradebook: Gradebook, given: str) -> str:
    """Return what the gradebook calls a student who is named by id, name, email address or user name.

    Raises:
        RequestError: nobody is, and it says who has a name like it; or several are.
    """
    known, members = gradebook.students(), gradebook.members()
    if given in known:
        return given
    called: dict[str, list[str]] = {_key(student): [student] for student in known}
    shown = {}
    for student in known:
        member = members.get(student, Member(student))
        shown[student] = member.shown
        for key in {_key(name) for name in member.names} - {_key(student)}:
            called.setdefault(key, []).append(student)
    found = called.get(_key(given), [])
    if len(found) > 1:
        values = {"student": given, "known": ", ".join(shown[student] for student in found)}
        raise RequestError("request.several_students", values)
    if not found:
        near = [student for key in get_close_matches(_key(given), called) for student in called[key]]
        near += [student for key in called if key.startswith(_key(given)[:2]) for student in called[key]]
        names = ", ".join(shown[student] for student in list(dict.fromkeys(near or known))[:5])
        key = "request.no_student" if near else "request.no_student_like"
        raise RequestError(key, {"student": given, "near": names})
    return found[0]


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.casefold().split()))
