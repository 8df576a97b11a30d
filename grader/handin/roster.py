"""Who is in the class, and by which names and ids an LMS knows them: a class list of anybody's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from grader.handin.instructor_table import Row, Table, no_column, read_lines
from grader.handin.names import key_of, shown_name, squeezed
from grader.handin.records import Person
from grader.handin.worksheet import IDENTIFIER, MODIFIED, NOTHING, in_english
from grader.model import Explanation, Member

HEADINGS = {
    "student": ("student", "id", "student id", "학번", "학생"),
    "number": (
        "id number", "sis user id", "orgdefinedid", "sid", "user id", "student number", "id 번호", "학번", "student id",
    ),
    "login": (
        "username", "sis login id", "login id", "github username", "user name", "login", "사용자 아이디", "아이디",
    ),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail", "이메일", "이메일 주소", "전자우편"),
    "name": ("name", "full name", "student name", "display name", "이름", "성명"),
    "first": ("first name", "firstname", "given name", "이름"),
    "last": ("last name", "lastname", "surname", "family name", "성"),
    "lms_id": ("lms id", "lms", "moodle id", "canvas id", "canvas user id", "lms user id", "lms 번호"),
    "participant": ("identifier",),
    "group": ("group", "group name", "groups", "team", "조", "그룹", "모둠", "팀"),
    "status": (
        "status", "enrollment status", "enrolment status", "enrollment state", "availability", "상태", "수강 상태", "수강상태",
        "학적", "학적 상태", "학적상태",
    ),
    "role": ("role", "roles", "역할"),
    "modified": (MODIFIED.casefold(),),
}  # fmt: skip
"""What a column is called in the class lists of Moodle, Canvas, Blackboard, Brightspace, Sakai, Gradescope, GitHub Classroom
and nbgrader, and in an instructor's own; the best one first."""
KNOWN = frozenset(heading for headings in HEADINGS.values() for heading in headings)

_DROPPED = (
    "drop", "withdr", "inactive", "deleted", "removed", "suspend", "notcurrent", "unenrol", "deactivat", "onleave",
    "leaveofabsence", "휴학", "철회", "수강철회", "취소", "수강취소", "수강포기", "자퇴", "제적", "퇴학", "비활성", "정지", "일시정지", "중도",
    "미등록", "드랍", "드롭",
)  # fmt: skip
"""How the status of somebody begins who has left the class."""
_PRESENT = (
    "active", "enrol", "current", "registered", "student", "invited", "pending", "accepted", "approved", "audit", "yes", "normal",
    "재학", "수강", "재수강", "정상", "활성", "등록", "복학", "승인",
)  # fmt: skip
_STAFF = {
    "teacher", "instructor", "ta", "teaching assistant", "non-editing teacher", "observer", "designer", "manager", "grader",
    "교사", "교수", "교수자", "조교", "강사",
}  # fmt: skip
_NO_GROUP = {"no groups", "no group", "그룹 없음", "그룹없음", "-", "default group"}
_TEST_STUDENT = {"student, test", "test student"}
_BETWEEN = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
"""What each cell of a row says that tells how Canvas posts an assignment."""
POINTS_POSSIBLE = "Points Possible"


@dataclass(frozen=True)
class Roster:
    """The class's students, to be found by what a folder or file calls them."""

    members: tuple[Member, ...]
    fields: frozenset[str] = frozenset()
    """What the table has a column for: `group`, `status`, ..."""
    times: Mapping[str, str] = field(default_factory=dict)
    """By the LMS's id, when a participant handed in, as Moodle's worksheet says it."""
    notes: tuple[Explanation, ...] = ()
    is_whole: bool = True
    """Whether who is not in it is a stranger; a list of groups alone does not say who is in the class."""

    def __post_init__(self) -> None:
        index: dict[tuple[str, str], list[Member]] = defaultdict(list)
        for member in self.members:
            keys = {("id", member.lms_id), *(("name", key_of(name)) for name in member.names)}
            keys |= {("squeezed", name) for name in _squeezed(member)}
            keys |= {("parts", _parts(f"{one} {other}")) for one, other in combinations(member.names, 2)}
            for key in keys:
                index[key].append(member)
        object.__setattr__(self, "_index", index)

    def find(self, person: Person) -> list[Member]:
        """Return who a person may be: by the LMS's id, else by any name, else by the name as Canvas writes it, else by two names.

        "20231001 Kim" and "Kim (20231001)" are a number and a name of one student.
        """
        index: Mapping[tuple[str, str], list[Member]] = vars(self)["_index"]
        by_id = index.get(("id", person.lms_id)) if person.lms_id else None
        by_name = by_id or index.get(("name", key_of(person.name)))
        by_squeezed = by_name or index.get(("squeezed", squeezed(person.name)))
        return by_squeezed or index.get(("parts", _parts(person.name)), [])


def _parts(name: str) -> str:
    """Return the words and numbers of a name, whatever stands between them and in whichever order."""
    return " ".join(sorted(re.findall(r"\d+|[^\W\d_]+", key_of(name))))


def _squeezed(member: Member) -> set[str]:
    """Return the name as Canvas writes it: first name last or first, without spaces and commas."""
    words = member.name.replace(",", " ").split()
    orders = {"".join(words[turn:] + words[:turn]) for turn in range(len(words))}
    return {squeezed(name) for name in orders} - {""}


def read_roster(path: Path) -> Roster:
    """Return the class's students.

    Raises:
        CourseError: it names every row that is not as it should be, by file and line.
    """
    (line, head), *rows = read_lines(path)
    columns = Columns(head, [cells for _, cells in rows])
    if not columns.names_students:
        raise no_column(path, line, head, "student")
    table = Table(path.name, ())
    lines: dict[tuple[str, str], int] = {}
    members: list[Member] = []
    times: dict[str, str] = {}
    notes: list[Explanation] = []
    for line, cells in rows:
        member = columns.member(cells)
        if member is None:
            continue
        if not member.student:
            table.fault(Row(line, {}), "table.no_cell", missing="student")
            continue
        for column, value in (("student", key_of(member.student)), ("lms_id", member.lms_id)):
            if value and (column, value) in lines:
                table.fault(Row(line, {}), "table.twice", other=f"line {lines[column, value]}")
            lines.setdefault((column, value), line)
        members.append(member)
        if (time := columns.value(cells, "modified")) not in NOTHING:
            times[member.lms_id] = time
        notes += columns.notes(member.student, cells)
    table.check()
    return Roster(tuple(members), columns.fields, times, tuple(notes))


def heading_key(heading: str) -> str:
    """Return a heading as `HEADINGS` has it."""
    return key_of(heading.replace("_", " "))


class Columns:
    """What the columns of a class list are."""

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.headings = in_english(head, rows, KNOWN)
        """As they are, those of a grading worksheet in English."""
        keys = [*map(heading_key, self.headings)]
        headings = dict(HEADINGS)
        if {"student", "id"} <= {*keys} and {"section", "sis user id", "sis login id"} & {*keys}:
            # Canvas's gradebook: its students are names, its ids numbers of its own.
            headings |= {"student": (), "name": ("student",), "lms_id": ("id",)}
        if "github username" in keys:
            headings |= {"number": ("identifier",), "participant": ()}
        if {*headings["last"]} & {*keys}:
            headings["name"] = tuple(name for name in headings["name"] if name not in headings["first"])
        self._places = {
            name: [at for heading in known for at, key in enumerate(keys) if key == heading]
            for name, known in headings.items()
        }
        self._is_worksheet = bool(self._places["participant"])
        self._is_strict = (
            bool(self._places["student"]) and not self._is_worksheet and not self._places["last"]
        )
        names = Counter(key_of(self._name(cells)) for cells in rows)
        self._namesakes = {name for name, count in names.items() if count > 1}
        self.fields = frozenset(name for name, places in self._places.items() if places)
        # A worksheet's own status says what was handed in; who has left the class may stand there all the same.
        if self._is_worksheet and not any(self._is_dropped(cells) for cells in rows):
            own = all(keys[at] in ("status", "상태") for at in self._places["status"])
            self.fields -= {"status"} if own else set()

    @property
    def names_students(self) -> bool:
        """Return whether some column tells students apart."""
        return bool(self.fields & {"student", "number", "login", "email", "participant"})

    def value(self, cells: Sequence[str], name: str) -> str:
        """Return what a row says in the best of a field's columns that it fills."""
        return next(iter(self._values(cells, name)), "")

    def _values(self, cells: Sequence[str], name: str) -> Iterator[str]:
        for place in self._places[name]:
            # Brightspace writes # before numbers, others ="..." around them, lest Excel takes them for its own.
            cell = cells[place].strip() if place < len(cells) else ""
            cell = re.sub(r'^="(.*)"$', r"\1", cell)
            if name in ("number", "login", "student"):
                cell = cell.removeprefix("#")
            if cell:
                yield shown_name(cell)

    def _name(self, cells: Sequence[str]) -> str:
        first, last = self.value(cells, "first"), self.value(cells, "last")
        # Korean, Chinese and Japanese names are written without a space, the family name first.
        is_eastern = re.fullmatch(r"[\u3040-\u9fff\uac00-\ud7a3]+", first + last)
        return self.value(cells, "name") or (f"{last}{first}" if is_eastern else f"{first} {last}".strip())

    def member(self, cells: Sequence[str]) -> Member | None:
        """Return the student of a row, without a name for the gradebook where the row has none; None where it is nobody's."""
        if all(_BETWEEN.fullmatch(cell) for cell in cells) or (cells and POINTS_POSSIBLE in cells[0]):
            return None
        ids = [*self._values(cells, "number"), *self._values(cells, "login")]
        name = self._name(cells)
        email = self.value(cells, "email") or next((item for item in ids if "@" in item), "")
        if key_of(self.value(cells, "role")) in _STAFF or (key_of(name) in _TEST_STUDENT and not ids[1:]):
            return None
        participant = IDENTIFIER.fullmatch(self.value(cells, "participant"))
        lms_id = self.value(cells, "lms_id") or (participant[2] if participant else "")
        own = [*self._values(cells, "student")]
        student = next(iter(own), "")
        if not student and not self._is_strict:
            unique = f"{name}_{lms_id}" if key_of(name) in self._namesakes else name
            student = next(filter(None, (*ids, email, unique, lms_id)), "")
        first, last = self.value(cells, "first"), self.value(cells, "last")
        family, comma, given = (part.strip() for part in name.partition(","))
        if comma:
            first, last = given, family
        orders = (
            (f"{first} {last}", f"{last} {first}", f"{last}{first}", f"{last}, {first}")
            if first and last
            else ()
        )
        group = self.value(cells, "group")
        others = dict.fromkeys((*own, *ids, *orders))
        return Member(
            student,
            name,
            email,
            lms_id,
            tuple(item for item in others if item not in (student, name)),
            "" if key_of(group) in _NO_GROUP or "," in group else group,
            self._is_dropped(cells),
        )

    def _is_dropped(self, cells: Sequence[str]) -> bool:
        found = [squeezed(status) for status in self._values(cells, "status")]
        return any(status == "no" or status.startswith(_DROPPED) for status in found)

    def notes(self, student: str, cells: Sequence[str]) -> Iterator[Explanation]:
        """Yield what of a student's row cannot be told."""
        group, status = self.value(cells, "group"), self.value(cells, "status")
        if "," in group:
            yield Explanation("submissions.several_groups", {"student": student, "groups": group})
        is_known = self._is_worksheet or self._is_dropped(cells) or squeezed(status).startswith(_PRESENT)
        if status and not is_known:
            yield Explanation("submissions.unknown_status", {"student": student, "status": status})


def with_groups(roster: Roster, groups: Roster) -> Roster:
    """Return a roster whose students are in the groups that an LMS's list of them says.

    A row of the list that fits no student is a note.
    """
    found: dict[str, str] = {}
    notes = []
    for item in groups.members:
        people = [Person(name, item.lms_id) for name in item.names]
        fitting = next((known for person in people if len(known := roster.find(person)) == 1), None)
        if fitting is not None:
            found[fitting[0].student] = item.group
        elif item.group:
            notes.append(
                Explanation("submissions.not_on_roster_group", {"student": item.student, "group": item.group})
            )
    members = tuple(replace(item, group=found.get(item.student, item.group)) for item in roster.members)
    return Roster(members, roster.fields | {"group"}, roster.times, (*roster.notes, *groups.notes, *notes))
