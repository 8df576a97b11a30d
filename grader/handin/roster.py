"""roster.csv: who is in the class, and by which names and ids an LMS knows them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from grader.handin.instructor_table import read_table
from grader.handin.names import key_of, shown_name, squeezed
from grader.handin.records import Person

_COLUMNS = {
    "student": ("id", "student id", "identifier", "학번", "학생"),
    "name": ("full name", "이름", "성명"),
    "email": ("e-mail", "email address", "이메일"),
    "github_username": (),
    "lms_id": ("lms", "moodle id", "canvas id", "lms 번호"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One row: a student of the class."""

    student: str
    """What the gradebook and the reports call the student."""
    name: str = ""
    email: str = ""
    github_username: str = ""
    lms_id: str = ""

    @property
    def names(self) -> set[str]:
        """Return what a folder or file may call the student, by `key_of`."""
        names = (self.student, self.name, self.email, self.email.partition("@")[0], self.github_username)
        return {key_of(name) for name in names if name}

    @property
    def squeezed(self) -> set[str]:
        """Return the name as Canvas writes it: first name last or first, without spaces and commas."""
        words = self.name.replace(",", " ").split()
        orders = {"".join(words[turn:] + words[:turn]) for turn in range(len(words))}
        return {squeezed(name) for name in orders} - {""}


class Roster:
    """The class's students, to be found by what a folder or file calls them."""

    def __init__(self, members: tuple[Member, ...]) -> None:
        self.members = members
        self._by_id = {member.lms_id: [member] for member in members if member.lms_id}
        self._by_name: dict[str, list[Member]] = defaultdict(list)
        self._by_squeezed: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            for name in member.names:
                self._by_name[name].append(member)
            for name in member.squeezed:
                self._by_squeezed[name].append(member)

    def find(self, person: Person) -> list[Member]:
        """Return who a person may be: by the LMS's id, else by any name, else by the name as Canvas writes it."""
        by_id = self._by_id.get(person.lms_id)
        by_name = by_id or self._by_name.get(key_of(person.name))
        return by_name or self._by_squeezed.get(squeezed(person.name), [])


def read_roster(path: Path) -> Roster:
    """Return the class's students.

    Raises:
        CourseError: it names every row that is not as it should be, by file and line.
    """
    table = read_table(path, _COLUMNS, ("student",))
    members: list[Member] = []
    lines: dict[tuple[str, str], int] = {}
    for row in table.rows:
        if "student" not in row.cells:
            table.fault(row, "table.no_cell", missing="student")
            continue
        member = Member(**{**row.cells, "student": shown_name(row.cells["student"])})
        for column, value in (("student", key_of(member.student)), ("lms_id", member.lms_id)):
            if value and (column, value) in lines:
                table.fault(row, "table.twice", other=f"line {lines[column, value]}")
            lines.setdefault((column, value), row.line)
        members.append(member)
    table.check()
    return Roster(tuple(members))
