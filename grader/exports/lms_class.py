"""A class as another system exports it, and whose grades belong into which of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import RequestError, file_errors_as
from grader.files.csv import TableError, csv_rows
from grader.gradebook.folder import Graded, Tell, read_graded
from grader.gradebook.store import Gradebook
from grader.handin.names import key_of
from grader.handin.roster import HEADINGS, POINTS_POSSIBLE, Columns, heading_key
from grader.model import Course, Exercise, Grade, Member


@dataclass(frozen=True)
class LmsClass:
    """A class as another system exports it: its columns, and a row for each student."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    members: tuple[Member, ...]
    """Who each row is."""
    fields: frozenset[str]
    """What is known of them: `group`, `status`, ..."""
    possible: Mapping[str, str] = field(default_factory=dict)
    """Canvas's points possible, by column."""
    _index: dict[str, int] = field(default_factory=dict)

    def find(self, student: str) -> dict[str, str] | None:
        """Return a student's row: by number, login, name, email address or what stands before its @."""
        at = self._index.get(key_of(student))
        return None if at is None else self.rows[at]

    def match(self, students: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the rows of those students who have one to themselves; nobody gets what may be another's."""
        return {student: self.rows[at] for student, at in self._places(students).items()}

    def know(self, members: Iterable[Member]) -> LmsClass:
        """Return the class with what else its students are called, as a gradebook knows them."""
        index = dict(self._index)
        for member in members:
            places = {index[key] for name in member.names if (key := key_of(name)) in index}
            if len(places) == 1:
                index.setdefault(key_of(member.student), places.pop())
        return replace(self, _index=index)

    def dropped(self, students: Iterable[str], before: Collection[str]) -> set[str]:
        """Return those who have left the class: as its list says, where it says so of anybody, else as was known `before`."""
        if "status" not in self.fields:
            return {*before}
        said = {student: self.members[at].is_dropped for student, at in self._places(students).items()}
        return {student for student in students if said.get(student, student in before)}

    def named_grades(self, grades: Sequence[Grade]) -> tuple[Grade, ...]:
        """Return grades with the names and groups of this list."""
        found = {
            student: self.members[at]
            for student, at in self._places({item.student for item in grades}).items()
        }
        return tuple(
            replace(grade, name=known.name or grade.name, group=known.group or grade.group)
            if (known := found.get(grade.student)) is not None
            else grade
            for grade in grades
        )

    def _places(self, students: Iterable[str]) -> dict[str, int]:
        found = {student: at for student in students if (at := self._index.get(key_of(student))) is not None}
        claims = Counter(found.values())
        return {student: at for student, at in found.items() if claims[at] == 1}

    def require(self, *names: str) -> None:
        """Hold that these columns are there.

        Raises:
            RequestError: one is missing.
        """
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise RequestError("export.no_column", {"file": self.file, "columns": ", ".join(missing)})

    def named(self, *names: str) -> tuple[str, ...]:
        """Return the columns of these fields, in this order, under the headings that they have."""
        found = ((name, self._heading(name)) for name in names)
        return tuple(dict.fromkeys(heading for _, heading in found if heading is not None))

    def _heading(self, name: str) -> str | None:
        called = {heading_key(column): column for column in reversed(self.columns)}
        return next((called[heading] for heading in HEADINGS[name] if heading in called), None)


def read_lms_class(content: bytes | str, file: str) -> LmsClass:
    """Read the CSV file that another system exported.

    Raises:
        RequestError: it is no table.
    """
    try:
        lines = [cells for _, cells in csv_rows(content)]
    except TableError as error:
        place = f"{file}, line {error.line}" if error.line else file
        raise RequestError("request.no_table", {"file": place, "why": error.why}) from error
    head = [name.strip() for name in lines[0]] if lines else []
    if not any(head):
        raise RequestError("export.no_column", {"file": file, "columns": "?"})
    columns = Columns(head, lines[1:])
    possible: dict[str, str] = {}
    students = []
    for line in lines[1:]:
        row = dict(zip(columns.headings, [*line, *[""] * len(head)], strict=False))
        if line and POINTS_POSSIBLE in line[0]:
            possible = row
        elif (member := columns.member(line)) is not None:
            students.append((row, member))
    rows, members = tuple(row for row, _ in students), tuple(member for _, member in students)
    return LmsClass(file, columns.headings, rows, members, columns.fields, possible, _index_of(members))


def read_lms_file(path: Path | None) -> LmsClass | None:
    """Read a class as another system exported it; None where no file is named.

    Raises:
        RequestError: it cannot be read as a table.
    """
    if path is None:
        return None
    with file_errors_as(RequestError, "request.unreadable", path):
        content = path.read_bytes()
    return read_lms_class(content, str(path))


def read_graded_class(
    course: Course, folder: Path, tell: Tell, roster: Path | None
) -> tuple[Graded, LmsClass | None]:
    """Return the grades that count and the class as a file has it, which says by what else its students are called.

    Raises:
        RequestError: there is no gradebook, or nothing in it; or the file cannot be read as a table.
        GradebookError: the gradebook cannot be opened, or is another course's.
    """
    lms_class = read_lms_file(roster)
    if lms_class is None:
        return read_graded(course, folder, tell), None
    known = lms_class

    def dropped(gradebook: Gradebook) -> set[str]:
        nonlocal known
        known = known.know(gradebook.members().values())
        return known.dropped(gradebook.students(), gradebook.dropped())

    graded = read_graded(course, folder, tell, dropped=dropped)
    return replace(graded, grades=known.named_grades(graded.grades)), known


def _index_of(members: Sequence[Member]) -> dict[str, int]:
    """Return the places of the rows by each name that tells one student from all others; what tells better wins."""
    index: dict[str, int] = {}
    kinds: tuple[Callable[[Member], tuple[str, ...]], ...] = (
        lambda member: (member.student, *member.others),
        lambda member: (member.lms_id,),
        lambda member: member.names,
    )
    for names_of in kinds:
        places: dict[str, set[int]] = {}
        for at, member in enumerate(members):
            for name in names_of(member):
                places.setdefault(key_of(name), set()).add(at)
        for name, found in places.items():
            if name and len(found) == 1:
                index.setdefault(name, *found)
    return index


def own_columns(
    exercises: Sequence[Exercise], lms_class: LmsClass, titles: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Return the class's column for each exercise that has one: it is titled by the exercise's id, slug or title.

    `titles` has what may be the title in the heading of each column that may be one.

    Raises:
        RequestError: two columns are; which one is meant is not guessed.
    """
    own: dict[str, str] = {}
    for exercise in exercises:
        names = {key_of(name) for name in (exercise.id, exercise.slug, *exercise.title.values())}
        names |= {key_of(f"{exercise.id} {title}") for title in exercise.title.values()}
        found = [
            column
            for column, title in titles.items()
            if column not in own.values() and names & {key_of(name) for name in title}
        ]
        if len(found) > 1:
            values = {"file": lms_class.file, "exercise": exercise.id, "columns": ", ".join(found)}
            raise RequestError("export.two_columns", values)
        if found:
            own[exercise.id] = found[0]
    return own


def has_points(row: Mapping[str, Grade]) -> bool:
    """Return whether anything of a student's has points: who has none has no place in an import."""
    return any(not grade.is_open for grade in row.values())


def others(found: Iterable[str], written: Iterable[str]) -> tuple[str, ...]:
    """Return the students who are not in a file."""
    known = set(written)
    return tuple(student for student in found if student not in known)
