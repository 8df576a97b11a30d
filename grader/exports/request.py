"""What an export is asked for, and what it gives: a format is a function from the one to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader.model import Course, Exercise, Explanation, Grade, Language

if TYPE_CHECKING:
    from grader.exports.lms_class import LmsClass


@dataclass(frozen=True)
class ExportRequest:
    """What may be asked of an export; each format takes what it needs."""

    course: Course
    exercises: tuple[Exercise, ...]
    """Those that are asked for, in the course's order."""
    language: Language
    grades: tuple[Grade, ...] = ()
    run: Mapping[str, Any] | None = None
    """What the last run says of itself."""
    lms_class: LmsClass | None = None
    student: str | None = None
    """The only one who is asked for."""
    has_feedback: bool = False
    """Whether what there is to say besides the checks has columns of its own."""
    notes: tuple[str, ...] = ()
    """Sentences for the student."""
    isolation: str = "full"
    source: str | None = None
    """What pip installs this program from."""

    @property
    def part(self) -> Course:
        """Return the course with the exercises that are asked for alone."""
        return replace(self.course, exercises=self.exercises)


@dataclass(frozen=True)
class Export:
    """What another system takes, which students could not be put into it, and what its user should know."""

    content: str | bytes | Mapping[str, str] | None
    """A file, or the files of a folder by their names; None where its only student could not be put into it."""
    missing: tuple[str, ...] = ()
    notes: tuple[Explanation, ...] = ()


def waiting_note(grades: Sequence[Grade]) -> tuple[Explanation, ...]:
    """Return what to say of grades that go out without the points that wait for a person."""
    count = sum(bool(grade.waiting) for grade in grades)
    return (Explanation("export.waiting", {"count": count}),) if count else ()
