"""Groups: what one of a group hands in, or the group under its own name, is every member's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.handin.attempts import Candidates
from grader.handin.manifest import Entry
from grader.handin.names import key_of, shown_name, squeezed
from grader.handin.records import Intake, Person
from grader.handin.roster import Roster, read_roster, with_groups
from grader.handin.students import Students, settle_students
from grader.model import Member, Submission


def read_class(roster: Path | None, groups: Path | None) -> Roster | None:
    """Return the class's students from a roster and an LMS's list of groups, either of which may be missing.

    Raises:
        CourseError: it names every row that is not as it should be, by file and line.
    """
    if groups is None:
        return None if roster is None else read_roster(roster)
    if roster is None:
        return replace(read_roster(groups), is_whole=False)
    return with_groups(read_roster(roster), read_roster(groups))


@dataclass(frozen=True)
class Groups:
    """The class's groups."""

    said: Mapping[str, str]
    """By what a roster and a manifest call their students; the manifest goes before."""
    called: Mapping[Person, str]
    """The people whose names are those of groups."""

    def settle(self, intake: Intake, roster: Roster | None) -> Students:
        """Decide who is one student, each group in its members' place; a student whom nobody else names is there, too."""
        students = settle_students(intake, roster, self.called)
        # The same student may be named in several ways.
        groups = {
            students.aliases.get(key_of(name), shown_name(name)): group for name, group in self.said.items()
        }
        members: dict[str, set[str]] = {}
        for student, group in groups.items():
            members.setdefault(key_of(group), set()).add(student)
        for group in self.called.values():
            # The manifest has put all of its members elsewhere.
            members.setdefault(key_of(group), {shown_name(group)})
        shown = {key_of(group): shown_name(group) for group in self.said.values()}
        taken = {key_of(student) for student in (*students.everybody, *groups)}
        units = {
            key: f"{shown[key]} ({', '.join(sorted(who))})" if key in taken else shown[key]
            for key, who in members.items()
            if len(who) > 1 or key in map(key_of, self.called.values())
        }
        unit_of = {student: units[key] for key in units for student in members[key]}
        persons = {person: units[key_of(group)] for person, group in self.called.items()}
        aliases = {name: unit_of.get(student, student) for name, student in students.aliases.items()}
        return Students(
            {person: unit_of.get(name, name) for person, name in students.names.items()} | persons,
            units | {key_of(name): unit for name, unit in unit_of.items()} | aliases,
            tuple(sorted({unit_of.get(name, name) for name in students.everybody} | {*units.values()})),
            {unit: tuple(sorted(members[key])) for key, unit in units.items()},
            students.aliases,
        )

    def known(self, roster: Roster | None, students: Students) -> tuple[Member, ...]:
        """Return what is known of the class, with those whom only a manifest puts into a group."""
        known = {} if roster is None else {member.student: member for member in roster.members}
        for student, group in self.said.items():
            # A name of somebody on the roster, perhaps.
            found = students.people.get(key_of(student), shown_name(student))
            known[found] = replace(known.get(found, Member(found)), group=group)
        return tuple(known.values())


def find_groups(intake: Intake, roster: Roster | None, entries: Sequence[Entry]) -> Groups:
    """Return the groups that a roster and a manifest name, and who of those who handed in is one.

    Who is called as a student is that student, though a group may have the same name.
    """
    members = () if roster is None else roster.members
    said = {member.student: member.group for member in members if member.group}
    said |= {entry.student: entry.group for entry in entries if entry.group}
    students = {key_of(name) for member in members for name in member.names} | {key_of(name) for name in said}
    names: dict[str, set[str]] = {}
    for group in said.values():
        for name in (key_of(group), squeezed(group)):
            names.setdefault(name, set()).add(group)
    called = {}
    for person in intake.people:
        # As it is, else as Canvas writes it; which one of several is meant, that does not say.
        found = names.get(key_of(person.name)) or names.get(squeezed(person.name), set())
        if len({*map(key_of, found)}) == 1 and key_of(person.name) not in students:
            called[person] = min(found)
    return Groups(said, called)


def for_each_member(
    intake: Intake, students: Students, candidates: Candidates, submissions: Iterable[Submission]
) -> tuple[Submission, ...]:
    """Return the submissions with each group's once for every member; that several of a group handed in is noted."""
    for (group, exercise), found in candidates.items():
        people = sorted({shown_name(item.origin.person.name) for item in found})
        if group in students.members and len(people) > 1:
            values = {"group": group, "exercise": exercise, "students": ", ".join(people)}
            intake.note("submissions.group_several", **values)
    each = [
        replace(item, student=student)
        for item in submissions
        for student in students.members.get(item.student, (item.student,))
    ]
    return tuple(sorted(each, key=lambda item: (item.student, item.exercise)))
