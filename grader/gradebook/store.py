"""An open gradebook. Takes and returns records; a result is committed when it exists."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    CursorResult,
    Engine,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.schema import CreateTable

from grader.errors import GradebookError, RequestError, file_errors_as
from grader.gradebook.attempts import in_order, newest_grades
from grader.gradebook.migrate import MIGRATED, migrate
from grader.gradebook.records import Key, Proposal, RunRecord, RunState
from grader.gradebook.tables import (
    ABOUT,
    ADJUSTMENTS,
    ATTEMPTS,
    CHECKS,
    FILES,
    GRADES,
    MEMBERS,
    METADATA,
    RUNS,
    SCHEMA,
    CheckReader,
    add_later_columns,
    adjustment_of,
    aware,
    check_row,
    grade_of,
    grade_row,
    member_of,
    member_row,
    utc,
)
from grader.model import (
    Adjustment,
    AdjustmentKind,
    Attempt,
    CheckResult,
    Course,
    Grade,
    Member,
    Verdict,
)
from grader.scoring import standing_grade, with_scores

LOCK_SECONDS = 10.0
"""How long to wait for another process that writes."""

MOST_NUMBERS = 10_000
"""In one question: SQLite takes 32766."""


class Gradebook:
    """An open gradebook."""

    def __init__(self, path: Path, course_id: str) -> None:
        """Open the file, or make it; one of the version before is brought up to date, with a copy beside it.

        Raises:
            GradebookError: it cannot be opened, belongs to another course, or is of a version that is not read.
        """
        self.path = path
        self.backup: Path | None = None
        """The copy of what the gradebook was, where an earlier version's was brought up to date."""
        self._engine = _engine(path)
        try:
            if self._schema(course_id) == MIGRATED:
                self._engine.dispose()
                self.backup = migrate(path)
        except GradebookError:
            self._engine.dispose()
            raise
        with self._guarded("gradebook.cannot_open"), self._engine.begin() as connection:
            # Two may open a gradebook that was made before this table was.
            connection.execute(CreateTable(MEMBERS, if_not_exists=True))
            METADATA.create_all(connection)
            add_later_columns(connection)
            about = {row.name: row.value for row in connection.execute(select(ABOUT))}
            if not about:
                rows = [{"name": "schema", "value": str(SCHEMA)}, {"name": "course", "value": course_id}]
                connection.execute(insert(ABOUT), rows)

    def _schema(self, course_id: str) -> str | None:
        """Return the schema of the file, None where it is new."""
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            if not inspect(connection).has_table(ABOUT.name):
                return None
            about = {row.name: row.value for row in connection.execute(select(ABOUT))}
        if not about:
            return None
        schema = about.get("schema", "")
        values = {"file": str(self.path), "there": about.get("course"), "here": course_id}
        values |= {"schema": schema, "known": SCHEMA}
        if schema not in (MIGRATED, str(SCHEMA)):
            is_newer = schema.isdigit() and int(schema) > SCHEMA
            raise GradebookError(f"gradebook.{'newer' if is_newer else 'other'}_schema", values)
        if about.get("course") != course_id:
            raise GradebookError("gradebook.other_course", values)
        return str(schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    @contextmanager
    def _guarded(self, key: str = "gradebook.cannot_write") -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            original = getattr(error, "orig", None) if isinstance(error, DatabaseError) else None
            raise GradebookError(key, {"file": str(self.path), "error": str(original or error)}) from error

    # --- what a run writes ---------------------------------------------------------------------------------------

    def begin_run(self, settings: dict[str, Any], state: RunState = "counted") -> int:
        """Record that a run begins; return its number."""
        with self._guarded(), self._engine.begin() as connection:
            row = {"started_at": _now(), "settings": settings, "state": state}
            return _number(connection.execute(insert(RUNS).values(row)))

    def end_run(self, run: int, facts: dict[str, Any] | None = None) -> None:
        """Record that a run has graded all it was asked to, and what is reported of it."""
        with self._guarded(), self._engine.begin() as connection:
            settings = connection.execute(select(RUNS.c.settings).where(RUNS.c.id == run)).scalar_one()
            values = {"finished_at": _now(), "settings": settings | {"facts": facts} if facts else settings}
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(values))

    def hand_in(self, files: Sequence[tuple[Attempt, bytes]]) -> None:
        """Record attempts with their content, as a whole; of one that is known only where and when are renewed.

        Of one student and exercise they are given in the order in which they were handed in.
        """
        now = _now()
        with self._guarded(), self._engine.begin() as connection:
            kept = {row.digest for row in connection.execute(select(FILES.c.digest))}
            known = {
                (row.student, row.exercise, row.digest): row
                for row in connection.execute(select(ATTEMPTS)).all()
            }
            new_files: dict[str, bytes] = {}
            new, changed, same = [], [], []
            for position, (attempt, content) in enumerate(files):
                if attempt.digest not in kept:
                    new_files[attempt.digest] = content
                row: dict[str, Any] = {"path": attempt.path, "submitted_at": utc(attempt.submitted_at)}
                row |= {"position": position}
                before = known.get((attempt.student, attempt.exercise, attempt.digest))
                if before is None:
                    names = {"student": attempt.student, "exercise": attempt.exercise}
                    new.append(names | {"digest": attempt.digest, "first_seen": now} | row)
                elif row == {name: getattr(before, name) for name in row}:
                    same.append(before.id)
                else:
                    changed.append({"number": before.id} | row)
            if new_files:
                rows = [{"digest": key, "content": zlib.compress(value)} for key, value in new_files.items()]
                connection.execute(insert(FILES), rows)
            if new:
                connection.execute(insert(ATTEMPTS).values(last_seen=now), new)
            if changed:
                renewed = update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("number")).values(last_seen=now)
                connection.execute(renewed, changed)
            # Most of a class is as it was: one statement says so of thousands.
            for numbers in _portions(same):
                seen = update(ATTEMPTS).where(ATTEMPTS.c.id.in_(numbers))
                connection.execute(seen.values(last_seen=now))

    def add(self, run: int, grade: Grade, key: str = "") -> None:
        """Commit a grade with its checks; `key` is what it depends on, empty where it may not be kept."""
        self.add_all(run, [(grade, key)])

    def add_all(self, run: int, grades: Sequence[tuple[Grade, str]]) -> None:
        """Commit grades with their checks, all as a whole: a commit costs as much as several grades."""
        rows, checks = [], []
        with self._guarded(), self._engine.begin() as connection:
            # Nobody else writes (`gradebook_lock`); the numbers are those that SQLite would give.
            last = connection.execute(select(func.max(GRADES.c.id))).scalar() or 0
            for number, (grade, key) in enumerate(grades, start=last + 1):
                rows.append({"id": number} | grade_row(run, grade, key))
                checks += [check_row(number, position, check) for position, check in enumerate(grade.checks)]
            connection.execute(insert(GRADES), rows)
            if checks:
                connection.execute(insert(CHECKS), checks)

    def know(self, members: Iterable[Member], fields: Collection[str]) -> None:
        """Record what a roster with these columns says of its students; what it has no column for stays as it was."""
        known = self.members()
        rows = {item.student: member_row(item, fields) for item in members}
        with self._guarded(), self._engine.begin() as connection:
            for student, row in rows.items():
                if student not in known:
                    row = {"group": "", "is_dropped": False} | row
                    connection.execute(insert(MEMBERS).values(row))
                elif member_row(known[student], fields) != row:
                    connection.execute(update(MEMBERS).where(MEMBERS.c.student == student).values(row))

    # --- what is asked of it -------------------------------------------------------------------------------------

    def keys(self) -> dict[Key, tuple[str, int]]:
        """Return for each attempt what its newest grade depends on, and that grade's run; nothing for one that is ungraded."""
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            names = ("student", "exercise", "digest", "key", "run")
            query = select(*(GRADES.c[name] for name in names)).where(
                GRADES.c.id.in_(newest_grades(None)), GRADES.c.verdict != Verdict.UNGRADED.value
            )
            return {row[:3]: (row.key, row.run) for row in connection.execute(query)}

    def timeouts(self) -> dict[Key, list[CheckResult]]:
        """Return for each attempt the checks of its newest grade that ran into a limit of time."""
        reader = CheckReader()
        found: dict[Key, list[CheckResult]] = defaultdict(list)
        place = (GRADES.c.student, GRADES.c.exercise, GRADES.c.digest)
        query = select(*reader.columns, *place).join(GRADES, GRADES.c.id == CHECKS.c.grade)
        query = query.where(GRADES.c.id.in_(newest_grades(None)), CHECKS.c.verdict == Verdict.TIMEOUT.value)
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            for *check, student, exercise, digest in connection.execute(query):
                found[student, exercise, digest].append(reader.result(check)[1])
        return found

    def members(self) -> dict[str, Member]:
        """Return what is known of the class's students, by what they are called here."""
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            found = map(member_of, connection.execute(select(MEMBERS)).mappings())
            return {member.student: member for member in found}

    def shown(self, student: str) -> str:
        """Return a student with the name beside the id."""
        return self.members().get(student, Member(student)).shown

    def dropped(self) -> set[str]:
        """Return the students who have left the class."""
        return {member.student for member in self.members().values() if member.is_dropped}

    def grades(
        self,
        course: Course,
        *,
        until: int | None = None,
        proposed: bool = False,
        dropped: Collection[str] | None = None,
    ) -> tuple[Grade, ...]:
        """Return the grade that counts of every student and exercise, sorted by both.

        `until` leaves out runs after that one; `proposed` takes a proposed regrade for counted. Who has left the class is
        not in it: `dropped`, or whom the last roster says.
        """
        return self.with_checks(
            course, self.standings(course, until=until, proposed=proposed, dropped=dropped)
        )

    def standings(
        self,
        course: Course,
        *,
        until: int | None = None,
        proposed: bool = False,
        dropped: Collection[str] | None = None,
    ) -> tuple[Grade, ...]:
        """Return what `grades` does without reading the checks, which are most of a gradebook.

        Those of exercises with questions are read, for what waits for a person is part of a standing.
        """
        members = self.members()
        left = self.dropped() if dropped is None else dropped
        exercises = {exercise.id: exercise for exercise in course.exercises}
        adjustments: dict[tuple[str, str], list[Adjustment]] = defaultdict(list)
        for item in self.adjustments():
            adjustments[item.student, item.exercise].append(item)
        handed_in: dict[tuple[str, str], list[Any]] = defaultdict(list)
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            names = ("student", "exercise", "digest", "position", "submitted_at", "last_seen")
            for row in connection.execute(select(*(ATTEMPTS.c[name] for name in names))):
                handed_in[row.student, row.exercise].append(row)
            newest = newest_grades(until, proposed=proposed)
            rows = connection.execute(select(GRADES).where(GRADES.c.id.in_(newest))).mappings().all()
        asked = {exercise.id for exercise in course.exercises if exercise.questions}
        checks = self._checks([row["id"] for row in rows if row["exercise"] in asked])
        attempts: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for found in rows:
            attempts[found["student"], found["exercise"]].append(found)
        found_grades = (
            standing_grade(
                course,
                exercises[place[1]],
                [
                    grade_of(found, moment, checks.get(found["id"], ()))
                    for found, moment in in_order(attempts[place], handed_in[place])
                ],
                adjustments[place],
            )
            for place in sorted(attempts)
            if place[1] in exercises and place[0] not in left
        )
        return tuple(
            replace(grade, name=known.name, group=known.group)
            if (known := members.get(grade.student)) is not None
            else grade
            for grade in found_grades
        )

    def with_checks(self, course: Course, grades: Sequence[Grade]) -> tuple[Grade, ...]:
        """Return grades of this gradebook with their checks, and the questions among them as they stand."""
        exercises = {exercise.id: exercise for exercise in course.exercises}
        checks = self._checks([grade.number for grade in grades])
        return tuple(
            with_scores(
                replace(grade, checks=tuple(checks.get(grade.number, ()))),
                exercises[grade.exercise],
                grade.standing.scores if grade.standing is not None else (),
            )
            for grade in grades
        )

    def _checks(self, numbers: Iterable[int]) -> dict[int, list[CheckResult]]:
        """Return grade -> its checks, of grades with these numbers."""
        reader = CheckReader()
        checks: dict[int, list[CheckResult]] = defaultdict(list)
        numbers = sorted(numbers)
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            for portion in _portions(numbers):
                query = select(*reader.columns).where(CHECKS.c.grade.in_(portion))
                for row in connection.execute(query.order_by(CHECKS.c.grade, CHECKS.c.position)):
                    number, result = reader.result(row)
                    checks[number].append(result)
        return checks

    def attempts(self) -> tuple[Attempt, ...]:
        """Return every attempt, in the order in which they were first seen."""
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            return tuple(
                Attempt(row.student, row.exercise, row.digest, row.path, aware(row.submitted_at))
                for row in connection.execute(select(ATTEMPTS).order_by(ATTEMPTS.c.id))
            )

    def content(self, digest: str) -> bytes:
        """Return a file that was handed in.

        Raises:
            KeyError: there is none with this digest.
        """
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            content = connection.execute(select(FILES.c.content).where(FILES.c.digest == digest)).scalar()
        if content is None:
            raise KeyError(digest)
        return zlib.decompress(content)

    def past_grades(self, student: str) -> tuple[tuple[RunRecord, Grade], ...]:
        """Return every grade that a student ever got, with its run, the oldest first; checks are left out."""
        runs = {run.number: run for run in self.runs()}
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            query = select(GRADES).where(GRADES.c.student == student).order_by(GRADES.c.id)
            return tuple((runs[row["run"]], grade_of(row)) for row in connection.execute(query).mappings())

    def runs(self) -> tuple[RunRecord, ...]:
        """Return every run, the oldest first."""
        counts = select(GRADES.c.run, func.count().label("grades")).group_by(GRADES.c.run).subquery()
        query = select(RUNS, counts.c.grades).outerjoin(counts, counts.c.run == RUNS.c.id).order_by(RUNS.c.id)
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            return tuple(
                RunRecord(
                    row.id,
                    row.started_at.replace(tzinfo=UTC),
                    aware(row.finished_at),
                    row.state,
                    row.settings,
                    row.grades or 0,
                )
                for row in connection.execute(query)
            )

    # --- a regrade that waits for a decision ---------------------------------------------------------------------

    def proposal(self) -> Proposal | None:
        """Return the regrade that waits for a decision."""
        for run in self.runs():
            if run.state == "proposed":
                return Proposal(run.number, run.grades, run.finished_at is not None)
        return None

    def settle(self, run: int, state: RunState) -> None:
        """Count a proposed run, or cancel it: all of it at once."""
        with self._guarded(), self._engine.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(state=state))

    # --- what is decided by hand ---------------------------------------------------------------------------------

    def adjust(
        self,
        kind: AdjustmentKind,
        student: str,
        exercise: str,
        *,
        why: str,
        author: str,
        points: float | None = None,
        until: datetime | None = None,
        question: str = "",
    ) -> int:
        """Record a decision; an earlier one of the same kind, but a comment, is thereby replaced, and stays on record."""
        row: dict[str, Any] = {
            "kind": kind,
            "student": student,
            "exercise": exercise,
            "why": why,
            "author": author,
            "question": question,
        }
        row |= {"points": points, "until": utc(until), "made_at": _now(), "withdrawn_by": ""}
        with self._guarded(), self._engine.begin() as connection:
            return _number(connection.execute(insert(ADJUSTMENTS).values(row)))

    def withdraw(self, number: int, *, author: str) -> Adjustment:
        """Take a decision back; it stays on record.

        Raises:
            RequestError: there is none with this number, or it was withdrawn before.
        """
        found = next((item for item in self.adjustments() if item.number == number), None)
        if found is None or found.withdrawn_at is not None:
            raise RequestError("request.no_adjustment", {"number": number})
        with self._guarded(), self._engine.begin() as connection:
            values = {"withdrawn_at": _now(), "withdrawn_by": author}
            connection.execute(update(ADJUSTMENTS).where(ADJUSTMENTS.c.id == number).values(values))
        return found

    def adjustments(self, student: str | None = None) -> tuple[Adjustment, ...]:
        """Return what was decided by hand, withdrawn decisions too, the oldest first."""
        query = select(ADJUSTMENTS).order_by(ADJUSTMENTS.c.id)
        if student is not None:
            query = query.where(ADJUSTMENTS.c.student == student)
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            return tuple(adjustment_of(row) for row in connection.execute(query).mappings())

    def students(self) -> tuple[str, ...]:
        """Return every student that was ever graded, sorted."""
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            return tuple(sorted(connection.execute(select(GRADES.c.student).distinct()).scalars()))


def _portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield numbers by as many as may be asked for at once."""
    for at in range(0, len(numbers), MOST_NUMBERS):
        yield numbers[at : at + MOST_NUMBERS]


def _engine(path: Path) -> Engine:
    # The file is made first: a folder that is not there or not writable is then a plain error with its reason.
    with file_errors_as(GradebookError, "gradebook.cannot_open", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_SECONDS})

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        # A committed result survives a killed process; readers do not wait for the writer.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine


def _number(result: CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
