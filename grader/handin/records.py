"""What is known of a class's files while they are looked through: people, files, and which files may be submissions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, TYPE_CHECKING

from grader.answers.regular import open_regular
from grader.course.files import files_of
from grader.errors import reason
from grader.handin.archives import Spent
from grader.handin.names import key_of
from grader.model import Course, Explanation, Member, Submission

if TYPE_CHECKING:
    from grader.answers.split import Split


@dataclass(frozen=True, slots=True)
class ClassSubmissions:
    """A class's submissions, and everything that an instructor should know of how they were found."""

    submissions: tuple[Submission, ...]
    """They are sorted by student and exercise, then by attempt, the last one last. One without a path says that a
    student handed in nothing for an exercise."""
    notes: tuple[Explanation, ...]
    members: tuple[Member, ...] = ()
    """What a roster and a manifest know of the class."""
    fields: frozenset[str] = frozenset()
    """What they know of each: `group`, `status`, ..."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a folder or file names them; several may turn out to be one student."""

    name: str
    """The name as it is on the disk or in the zip."""
    lms_id: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A file or a folder that was handed in."""

    path: Path
    shown: str
    """The path below the folder or zip that was given, fit to be printed."""
    is_folder: bool = False
    date: datetime | None = None
    """The date of a file in the zip that it came in, else on the disk."""
    whole: Path | None = None
    """The notebook that it is a part of."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose a file is, and what the folders and zips around it say of it."""

    person: Person
    zip: Item | None = None
    """The student's own zip that it lies in. The dates inside are the student's to write: that of the zip counts."""
    hint: str | None = None
    """The exercise that its folder or zip means."""
    attempt: int = 0
    """Which attempt it is, where a folder or the LMS counts them; else 0."""
    stated_at: datetime | None = None
    """When it was handed in, as a name or a timestamp states it."""
    is_trusted: bool = True
    """Whether names of folders and timestamps can be believed: those that a student made cannot."""
    is_timed: bool = True
    """Whether the dates of files mean anything: those of an LMS's zip are the download's."""
    may_be_numbered: bool = False
    """Whether a number at a name's end may be the LMS's."""
    depth: int = 0
    """How many folders it lies below the student's own."""
    zip_depth: int = 0
    """How many zips it lies in."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file that may be a submission."""

    item: Item
    origin: Origin
    name: str
    """Its name without what an LMS put before it."""
    exercise: str | None
    """The exercise that its name means."""
    own_name: str
    """Its name as the student had it, without what an LMS put before it."""
    folder: Path
    """Where it was handed in; the item may be a part of it that lies elsewhere."""
    may_answer: bool = True
    """Whether it may be an answer, and not only a module that one imports."""

    @property
    def lay_at(self) -> Path:
        """Return where it was handed in: what lies elsewhere now was in a zip, or is a part of a notebook."""
        whole = self.item.whole or self.item.path
        return whole if self.origin.zip is None else self.origin.zip.path / whole.name

    @property
    def submitted_at(self) -> datetime | None:
        """Return when it was handed in, by the best that is known."""
        return self.origin.stated_at or (
            (self.origin.zip or self.item).date if self.origin.is_timed else None
        )


@dataclass(slots=True)
class Intake:
    """What was found so far, and what all forms need to find it."""

    course: Course
    zone: tzinfo
    unpack_into: Path
    wanted: str | None = None
    """The exercise that is asked for, where it is a single one."""
    commit_times: bool = False
    """Whether a clone was handed in when its last commit says so: that is the student's to write."""
    notes: list[Explanation] = field(default_factory=list)
    zip_dates: dict[Path, datetime | None] = field(default_factory=dict)
    """The files that were in zips, with their dates there."""
    people: dict[Person, None] = field(default_factory=dict)
    """The people in the order in which they were met."""
    candidates: list[Candidate] = field(default_factory=list)
    root: Path | None = None
    """The folder that was given, or that the class's zip was unpacked to."""
    spent: dict[Person, Spent] = field(default_factory=lambda: defaultdict(Spent))
    """What each person's zips have taken of what they may take together."""
    unreadable: list[tuple[Person, Path]] = field(default_factory=list)
    """The folders and zips that could not be read, each with whose it is: that is not the student's fault."""
    failures: dict[Path, str] = field(default_factory=dict)
    """Why these could not be read."""
    roster_names: tuple[str, ...] = ()
    """What the roster calls its students."""
    splits: dict[tuple[Path, str | None], Split | Explanation | OSError] = field(default_factory=dict)
    """What each file answers whose name is no exercise, where one may be asked for, or why nobody can tell."""
    is_lms: bool = False
    """Whether an LMS named the files, for one of its assignments."""
    is_nbgrader: bool = False
    """Whether the class's folder is nbgrader's `submitted/`."""
    check_names: frozenset[str] = field(init=False)
    """What the course calls its visible checks: students hand them in beside their answers."""

    def __post_init__(self) -> None:
        self.check_names = frozenset(files_of(item).visible_checks.name for item in self.course.exercises)

    def note(self, key: str, **values: object) -> None:
        """Add a note."""
        self.notes.append(Explanation(key, values))

    def cannot_read(self, person: Person, path: Path, error: OSError) -> None:
        """Keep that something of a person's cannot be read: what it may hold is to be ungraded."""
        self.unreadable.append((person, path))
        self.failures[path] = reason(error)

    def below(self, path: Path) -> Path | None:
        """Return the folder below which no link leads to what was handed in; None for what lies in neither."""
        places = [self.unpack_into, *([self.root] if self.root else [])]
        return next((place for place in places if place in path.parents), None)

    def open(self, path: Path) -> IO[bytes]:
        """Open a file that was handed in.

        Raises:
            OSError: it cannot be read; links, pipes and devices are not.
        """
        return open_regular(path, self.below(path))

    def add_person(self, name: str, lms_id: str = "") -> Person:
        """Return the person of that name and id, who is a student of the class from now on."""
        person = Person(name, lms_id)
        self.people.setdefault(person)
        return person

    def add_account(self, account: str, *names: str) -> Person:
        """Return the person with an account, under the first of account and names that the roster knows.

        Without a roster a folder that has the account's name is the same person's.
        """
        known = (name for name in (account, *names) if key_of(name) in self.roster_names)
        return self.add_person(next(known, account), account if self.roster_names else "")
