"""Who is who: which folders and files are one student's, and what that student is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from unicodedata import normalize

from grader.handin.names import key_of, shown_name
from grader.handin.records import Intake, Person
from grader.handin.roster import Roster
from grader.model import Member

_ALIKE = 0.85
"""How much of a name on the roster a stranger's has, in letters: 김민준 and 김민중, Ann Kim and An Kim differ in one."""
_MOST_STRANGERS = 50
"""Of more of them the roster is another class's, and no name like theirs is looked for."""


@dataclass(slots=True)
class _Student:
    """People that are one student."""

    people: list[Person]
    member: Member | None = None

    @property
    def lms_id(self) -> str:
        return self.people[0].lms_id

    @property
    def shown(self) -> str:
        """Return the name of the first of them, fit to be printed."""
        return shown_name(self.people[0].name)


@dataclass(frozen=True, slots=True)
class Students:
    """The class."""

    names: Mapping[Person, str]
    """What each person is called from now on."""
    aliases: Mapping[str, str]
    """Any name of a student, by `key_of` -> what the student is called."""
    everybody: tuple[str, ...]
    """All students, sorted, with those who handed in nothing; each group in its members' place."""
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Whose each group's files are."""
    people: Mapping[str, str] = field(default_factory=dict)
    """The aliases, without the groups."""


def settle_students(intake: Intake, roster: Roster | None, others: Collection[Person] = ()) -> Students:
    """Decide who is one student; `others` are people who are none.

    The same id in the LMS is one student; without ids the same name is, whatever its case, spaces and composition.
    Different ids are different students, also under one name: their names get the id. With a roster, who is found in
    it gets the name there.
    """
    people: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in (item for item in intake.people if item not in others):
        key = ("id", person.lms_id) if person.lms_id else ("name", key_of(person.name))
        people[key].append(person)
    found = [_Student(same) for same in people.values()]
    if roster is not None:
        found = _with_members(intake, found, roster)
    members = roster.members if roster else ()
    names = _named(intake, found, members, is_roster=roster is not None and roster.is_whole)
    for one in found:
        if len({person.name for person in one.people}) > 1:
            spellings = sorted({shown_name(person.name) for person in one.people})
            quoted = ", ".join(f'"{name}"' for name in spellings)
            intake.note("submissions.merged", student=names[one.people[0]], names=quoted)
    everybody = {*names.values(), *(member.student for member in members)}
    return Students(names, _aliases(names, members, everybody), tuple(sorted(everybody)))


def _with_members(intake: Intake, found: list[_Student], roster: Roster) -> list[_Student]:
    """Find the students in the roster, and return them with those merged that are the same member."""
    by_member: dict[str, list[_Student]] = defaultdict(list)
    by_id = {member.lms_id for member in roster.members if member.lms_id} & {one.lms_id for one in found}
    for one in found:
        members = {member for person in one.people for member in roster.find(person)}
        # Who is there under their own id is not somebody else of that name, too.
        members = {item for item in members if item.lms_id not in by_id or item.lms_id == one.lms_id}
        if len(members) == 1:
            (one.member,) = members
            by_member[one.member.student].append(one)
        elif members:
            known = ", ".join(sorted(member.student for member in members))
            intake.note("submissions.roster_many", student=one.shown, known=known)
    for student, (first, *others) in by_member.items():
        if len({one.lms_id for one in (first, *others) if one.lms_id}) > 1:
            # Two ids of the LMS are two people; which of them is meant, the roster does not say.
            for one in (first, *others):
                one.member = None
                intake.note("submissions.roster_many", student=one.shown, known=student)
            continue
        for one in others:
            first.people += one.people
            found.remove(one)
    return found


def _named(
    intake: Intake, found: list[_Student], members: tuple[Member, ...], *, is_roster: bool
) -> dict[Person, str]:
    """Return a name for each person; no two get the same."""
    names: dict[Person, str] = {}
    taken = {key_of(member.student) for member in members}
    strangers: dict[str, list[tuple[str, _Student]]] = defaultdict(list)
    """Those who are no member, by the key of their name."""
    for one in found:
        if one.member is not None:
            names |= dict.fromkeys(one.people, one.member.student)
            continue
        name = min(shown_name(person.name) for person in one.people) or "?"
        strangers[key_of(name)].append((name, one))
    for key, namesakes in strangers.items() if is_roster else ():
        near = _like(key, members) if len(strangers) <= _MOST_STRANGERS else ""
        for name, _ in namesakes:
            if near:
                intake.note("submissions.not_on_roster_near", student=name, near=near)
            else:
                intake.note("submissions.not_on_roster", student=name)
    for key, namesakes in strangers.items():
        for number, (name, one) in enumerate(namesakes, start=1):
            student = name
            if len(namesakes) > 1 or key in taken:
                student = f"{name}_{one.lms_id or number}"
                while key_of(student) in taken | strangers.keys():
                    student += "'"
                intake.note("submissions.same_name", name=name, student=student)
            taken.add(key_of(student))
            names |= dict.fromkeys(one.people, student)
    return names


def _like(key: str, members: tuple[Member, ...]) -> str:
    """Return the member whose name a stranger's may be misspelt, or nothing; a number is another one, and no slip."""
    if any(map(str.isdigit, key)):
        return ""
    # Apart into letters: a syllable of Korean is right or wrong as a whole.
    known = {normalize("NFD", key_of(name)): member.shown for member in members for name in member.names}
    key = normalize("NFD", key)
    near = [] if key in known else get_close_matches(key, known, 1, _ALIKE)
    return known[near[0]] if near else ""


def _aliases(names: Mapping[Person, str], members: tuple[Member, ...], everybody: set[str]) -> dict[str, str]:
    """Return the students by every name that means only one of them; what a student is called goes before all else."""
    students: dict[str, set[str]] = defaultdict(set)
    for person, student in names.items():
        for name in (person.name, shown_name(person.name), person.lms_id):
            students[key_of(name)].add(student)
    for member in members:
        for name in (*member.names, member.lms_id):
            students[key_of(name)].add(member.student)
    unique = {name: min(owners) for name, owners in students.items() if name and len(owners) == 1}
    return unique | {key_of(student): student for student in everybody}
