"""What is known of a class's files while they are found: people, files, and which may be submissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from grader.model import Course, Explanation, Submission

if TYPE_CHECKING:
    from grader.answers.split import Split

__all__ = ["FORMS", "Candidate", "Clock", "Form", "Found", "Intake", "Item", "Person"]

Form = Literal["auto", "folders", "flat", "zip", "moodle", "canvas", "nbgrader"]
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True, slots=True)
class Found:
    """A class's submissions, and everything that an instructor should know of how they were found."""

    submissions: tuple[Submission, ...]
    """Sorted by student and exercise; attempts in order, the last one last. One without a path where nothing was
    handed in."""
    notes: tuple[Explanation, ...]

    @property
    def students(self) -> tuple[str, ...]:
        """Return the students, sorted."""
        return tuple(sorted({submission.student for submission in self.submissions}))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a folder or file names them; several may turn out to be one student."""

    name: str
    """As it is on the disk or in the zip."""
    lms_id: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """What tells when the files of a folder were handed in, where no name does."""

    zone: tzinfo
    dates: Mapping[Path, datetime | None] | None = None
    """The dates in the zip that the files came in; None for files that came in none."""
    fixed: tuple[datetime | None] | None = None
    """The time of the zip itself, where its inside is a student's to write."""

    def times(self, path: Path, modified: float) -> tuple[datetime | None, datetime | None]:
        """Return when a file was handed in, and when it was written as its own zip says."""
        if self.dates is None:
            try:
                return datetime.fromtimestamp(modified, self.zone), None
            except (ValueError, OverflowError, OSError):
                # A date that no calendar has.
                return None, None
        if self.fixed is None:
            return self.dates.get(path), None
        return self.fixed[0], self.dates.get(path)


@dataclass(frozen=True, slots=True)
class Item:
    """A file or a folder that was handed in."""

    path: Path
    shown: str
    """The way to it from what was given, fit to be printed."""
    clock: Clock
    is_folder: bool = False
    observed: datetime | None = None
    """When it was handed in, as a zip or the file system has it."""
    written: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file that may be a submission."""

    person: Person
    item: Item
    name: str
    """Its name without what an LMS put before it."""
    exercise: str | None
    """The exercise that its name means."""
    hint: str | None = None
    """The exercise that its folder or zip means."""
    number: int = 0
    """Which attempt it is, where a folder or the LMS counts them."""
    told: datetime | None = None
    """When it was handed in, as a name, a timestamp or the manifest tells."""
    is_timed: bool = True
    """Whether the dates of files mean anything: those of an LMS's zip are the download's."""

    @property
    def submitted_at(self) -> datetime | None:
        """Return when it was handed in, by the best that is known."""
        return self.told or (self.item.observed if self.is_timed else None)


@dataclass(slots=True)
class Intake:
    """What was found so far, and what all forms need to find it."""

    course: Course
    zone: tzinfo
    unpack_into: Path
    wanted: str | None = None
    """The one exercise that is asked for, if it is one."""
    notes: list[Explanation] = field(default_factory=list)
    people: dict[Person, None] = field(default_factory=dict)
    """In the order in which they were met."""
    candidates: list[Candidate] = field(default_factory=list)
    unreadable: list[tuple[Person, Path]] = field(default_factory=list)
    """Whose folder or zip could not be read: not the student's fault."""
    known: tuple[str, ...] = ()
    """What the roster calls its students."""
    splits: dict[Path, Split | Explanation | OSError] = field(default_factory=dict)
    """What notebooks answer whose names are no exercise, or why nobody can tell."""
    is_lms: bool = False
    """Whether an LMS named the files, for one of its assignments."""

    def note(self, key: str, **values: object) -> None:
        """Add a note."""
        self.notes.append(Explanation(key, values))

    def meet(self, name: str, lms_id: str = "") -> Person:
        """Return a person, who is a student of the class from now on."""
        person = Person(name, lms_id)
        self.people.setdefault(person)
        return person
