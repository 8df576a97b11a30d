"""Who is who: which folders and files are one student's, and what that student is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.handin.names import key_of, shown_name
from grader.handin.records import Intake, Person
from grader.handin.roster import Member, Roster

__all__ = ["Students", "settle_students"]


@dataclass(slots=True)
class _Group:
    """People that are one student."""

    people: list[Person] = field(default_factory=list)
    member: Member | None = None

    @property
    def lms_id(self) -> str:
        return self.people[0].lms_id


@dataclass(frozen=True, slots=True)
class Students:
    """The class."""

    names: Mapping[Person, str]
    """What each person is called from now on."""
    aliases: Mapping[str, str]
    """Any name of a student, by `key_of` -> what they are called."""
    everybody: tuple[str, ...]
    """Sorted; with those who handed in nothing."""


def settle_students(intake: Intake, roster: Roster | None) -> Students:
    """Decide who is one student.

    The same id in the LMS is one student; without ids the same name is, whatever its case, spaces and composition.
    Different ids are different students, also under one name: their names get the id. With a roster, who is found in
    it gets the name there.
    """
    groups: dict[tuple[str, str], _Group] = {}
    for person in intake.people:
        key = ("id", person.lms_id) if person.lms_id else ("name", key_of(person.name))
        groups.setdefault(key, _Group()).people.append(person)
    merged = _with_members(intake, list(groups.values()), roster)
    names = _named(intake, merged, roster)
    for group in merged:
        spellings = sorted({shown_name(person.name) for person in group.people})
        if len({person.name for person in group.people}) > 1:
            student = names[group.people[0]]
            intake.note(
                "submissions.merged", student=student, names=", ".join(f'"{name}"' for name in spellings)
            )
    members = roster.members if roster else ()
    everybody = set(names.values()) | {member.student for member in members}
    return Students(names, _aliases(names, members), tuple(sorted(everybody)))


def _with_members(intake: Intake, groups: list[_Group], roster: Roster | None) -> list[_Group]:
    """Find the groups in the roster, and merge those that are the same member."""
    if roster is None:
        return groups
    found: dict[str, list[_Group]] = {}
    by_id = {member.lms_id for member in roster.members if member.lms_id} & {group.lms_id for group in groups}
    for group in groups:
        members = {member for person in group.people for member in roster.find(person)}
        # Who is there under their own id is not somebody else of that name, too.
        members = {item for item in members if item.lms_id not in by_id or item.lms_id == group.lms_id}
        if len(members) == 1:
            (group.member,) = members
            found.setdefault(group.member.student, []).append(group)
        elif members:
            known = ", ".join(sorted(member.student for member in members))
            intake.note("submissions.roster_many", student=shown_name(group.people[0].name), known=known)
    for student, same in found.items():
        if len({group.lms_id for group in same if group.lms_id}) > 1:
            # Two ids of the LMS are two people; which of them is meant, the roster does not say.
            for group in same:
                group.member = None
                intake.note(
                    "submissions.roster_many", student=shown_name(group.people[0].name), known=student
                )
            continue
        for group in same[1:]:
            same[0].people += group.people
            groups.remove(group)
    return groups


def _named(intake: Intake, groups: Iterable[_Group], roster: Roster | None) -> dict[Person, str]:
    """Return a name for each person; no two groups get the same."""
    names: dict[Person, str] = {}
    taken = {key_of(member.student) for member in (roster.members if roster else ())}
    unknown: dict[str, list[_Group]] = {}
    for group in groups:
        if group.member is not None:
            names |= dict.fromkeys(group.people, group.member.student)
            continue
        name = min(shown_name(person.name) for person in group.people) or "?"
        unknown.setdefault(key_of(name), []).append(group)
        if roster is not None:
            intake.note("submissions.not_on_roster", student=name)
    for key, same in unknown.items():
        for number, group in enumerate(same, start=1):
            name = min(shown_name(person.name) for person in group.people) or "?"
            if len(same) > 1 or key in taken:
                told = f"{name}_{group.lms_id or number}"
                while key_of(told) in taken | unknown.keys():
                    told += "'"
                intake.note("submissions.same_name", name=name, student=told)
                name = told
            taken.add(key_of(name))
            names |= dict.fromkeys(group.people, name)
    return names


def _aliases(names: Mapping[Person, str], members: tuple[Member, ...]) -> dict[str, str]:
    """Return the students by every name that means only one of them."""
    meant: dict[str, set[str]] = {}
    for person, student in names.items():
        for name in (person.name, shown_name(person.name), person.lms_id):
            meant.setdefault(key_of(name), set()).add(student)
    for member in members:
        for name in (*member.names, key_of(member.lms_id)):
            meant.setdefault(name, set()).add(member.student)
    aliases = {name: min(students) for name, students in meant.items() if name and len(students) == 1}
    own = {key_of(student): student for student in {*names.values(), *(item.student for item in members)}}
    return aliases | own
