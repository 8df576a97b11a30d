"""The gradebook's tables, and how its records become rows and come back."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    type_coerce,
)
from sqlalchemy.schema import CreateColumn

from grader.model import (
    Adjustment,
    Attachment,
    CheckResult,
    Explanation,
    Grade,
    Member,
    Misconception,
    Text,
    Verdict,
)

SCHEMA = 3
_Notes = tuple[Explanation, ...]

METADATA = MetaData()
ABOUT = Table(
    "about", METADATA, Column("name", String, primary_key=True), Column("value", String, nullable=False)
)
RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("started_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    # counted, proposed (a regrade that nobody has decided on) or cancelled: only the grades of the first count.
    Column("state", String, nullable=False),
    Column("settings", JSON, nullable=False),
)
FILES = Table(
    "files",
    METADATA,
    Column("digest", String, primary_key=True),
    # Compressed with zlib.
    Column("content", LargeBinary, nullable=False),
)
ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("student", String, nullable=False),
    Column("exercise", String, nullable=False),
    Column("digest", ForeignKey("files.digest"), nullable=False),
    Column("path", String, nullable=False),
    Column("submitted_at", DateTime),
    # Its place among the attempts that were found together; numbers in names tell more than dates do.
    Column("position", Integer, nullable=False),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
)
GRADES = Table(
    "grades",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("student", String, nullable=False),
    Column("exercise", String, nullable=False),
    Column("verdict", String, nullable=False),
    # None where the submission is ungraded: our fault is never a zero.
    Column("points", Float),
    Column("possible", Float, nullable=False),
    Column("path", String, nullable=False),
    Column("digest", String, nullable=False),
    # What the grade depends on, as one digest: where it is the same, grading again would give the same.
    Column("key", String, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("graded_at", DateTime, nullable=False),
    Column("notes", JSON, nullable=False),
)
CHECKS = Table(
    "checks",
    METADATA,
    Column("grade", ForeignKey("grades.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", String, nullable=False),
    # By language.
    Column("title", JSON, nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("points", Float, nullable=False),
    Column("earned", Float, nullable=False),
    Column("verdict", String, nullable=False),
    # Where a check passed, as most do, there is nothing to be written as JSON.
    Column("explanation", JSON(none_as_null=True)),
    Column("call", String, nullable=False),
    Column("output", String, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("misconception", JSON(none_as_null=True)),
    # A gradebook without this column is of the same schema: it knows nothing but checks (see `later_columns`).
    Column("kind", String, nullable=False, server_default="check"),
    # Of the same schema without it: nothing was kept of pictures and files.
    Column("attachments", JSON, nullable=False, server_default="[]"),
)
ADJUSTMENTS = Table(
    "adjustments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("student", String, nullable=False),
    Column("exercise", String, nullable=False),
    Column("points", Float),
    Column("until", DateTime),
    Column("why", String, nullable=False),
    Column("author", String, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("withdrawn_at", DateTime),
    Column("withdrawn_by", String, nullable=False, default=""),
    # Of the same schema without it: nobody gave points to a question.
    Column("question", String, nullable=False, server_default=""),
)
MEMBERS = Table(
    # What rosters said of the class, the last one that said it. A gradebook without this table is of the same schema:
    # nobody is known there, and it is made when the gradebook is opened.
    "members",
    METADATA,
    Column("student", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("lms_id", String, nullable=False),
    Column("others", JSON, nullable=False),
    Column("group", String, nullable=False),
    Column("is_dropped", Boolean, nullable=False),
)
Index("grades_by_student", GRADES.c.student, GRADES.c.exercise, GRADES.c.digest, GRADES.c.id)
Index("attempts_by_student", ATTEMPTS.c.student, ATTEMPTS.c.exercise, ATTEMPTS.c.digest, unique=True)
Index("adjustments_by_student", ADJUSTMENTS.c.student, ADJUSTMENTS.c.exercise)


def add_later_columns(connection: Connection) -> None:
    """Give a gradebook's tables the columns with defaults that they were made without; no row is written anew."""
    if not _missing(connection):
        return
    # Two may open it at the same time.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    for column in _missing(connection):
        definition = CreateColumn(column).compile(connection)
        connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {definition}")


def _missing(connection: Connection) -> list[Column[Any]]:
    found = []
    for table in (CHECKS, ADJUSTMENTS):
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        found += [column for column in table.c if column.name not in there]
    return found


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Made when it is needed: what only looks at points reads no explanation.
    return TypeAdapter(kind)


def utc(moment: datetime | None) -> datetime | None:
    """Return a moment as it is kept: in UTC, without saying so."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime | None) -> datetime | None:
    """Return a kept moment as what it is, one of UTC."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def grade_row(run: int, grade: Grade, key: str) -> dict[str, Any]:
    """Return a grade as a row."""
    return {
        "run": run,
        "student": grade.student,
        "exercise": grade.exercise,
        "verdict": grade.verdict.value,
        "points": None if grade.verdict is Verdict.UNGRADED else grade.points,
        "possible": grade.possible,
        "path": grade.path,
        "digest": grade.digest,
        "key": key,
        "seconds": grade.seconds,
        "graded_at": utc(grade.graded_at or datetime.now(UTC)),
        "notes": json.loads(_adapter(_Notes).dump_json(grade.notes)),
    }


def grade_of(row: Any, submitted_at: datetime | None = None, checks: Sequence[CheckResult] = ()) -> Grade:
    """Return the grade in a row, whose checks lie in rows of their own."""
    return Grade(
        student=row["student"],
        exercise=row["exercise"],
        points=row["points"] or 0.0,
        possible=row["possible"],
        verdict=Verdict(row["verdict"]),
        checks=tuple(checks),
        notes=_adapter(_Notes).validate_python(row["notes"]) if row["notes"] else (),
        path=row["path"],
        digest=row["digest"],
        seconds=row["seconds"],
        graded_at=aware(row["graded_at"]),
        submitted_at=aware(submitted_at),
        number=row["id"],
    )


def check_row(grade: int, position: int, check: CheckResult) -> dict[str, Any]:
    """Return a check's result as a row."""
    row: dict[str, Any] = {name: getattr(check, name) for name in CheckResult.__match_args__}
    row |= {"grade": grade, "position": position, "title": dict(check.title), "verdict": check.verdict.value}
    for name, kind in _WRITTEN.items():
        if row[name]:
            row[name] = json.loads(_adapter(kind).dump_json(row[name]))
    return row


_WRITTEN = {
    "explanation": Explanation,
    "misconception": Misconception,
    "attachments": tuple[Attachment, ...],
}
"""What of a check is written as JSON, unless there is nothing of it."""


class CheckReader:
    """Makes check results of rows. A class repeats itself: equal texts are read once, and kept once."""

    columns: tuple[ColumnElement[Any], ...] = tuple(
        # JSON stays text until it is known to be new.
        type_coerce(column, String) if isinstance(column.type, JSON) else column
        for column in CHECKS.c
    )

    def __init__(self) -> None:
        self._titles: dict[str, Text] = {}
        self._explanations: dict[str | None, Explanation | None] = {None: None, "null": None}
        self._misconceptions: dict[str | None, Misconception | None] = {None: None, "null": None}

    def result(self, row: Any) -> tuple[int, CheckResult]:
        """Return the number of a row's grade, and the check's result."""
        grade, _position, name, title, visible, points, earned, verdict = row[:8]
        explanation, call, output, seconds, misconception, kind, attachments = row[8:]
        if title not in self._titles:
            self._titles[title] = Text(json.loads(title))
        if explanation not in self._explanations:
            self._explanations[explanation] = _adapter(Explanation).validate_json(explanation)
        if misconception not in self._misconceptions:
            self._misconceptions[misconception] = _adapter(Misconception).validate_json(misconception)
        return grade, CheckResult(
            name,
            self._titles[title],
            visible,
            points,
            earned,
            Verdict(verdict),
            self._explanations[explanation],
            call,
            output,
            seconds,
            self._misconceptions[misconception],
            kind,
            () if attachments == "[]" else _adapter(tuple[Attachment, ...]).validate_json(attachments),
        )


def member_row(member: Member, fields: Collection[str]) -> dict[str, Any]:
    """Return what a roster with these columns says of a student as a row."""
    row = asdict(member) | {"others": [*member.others]}
    unsaid = {"group": "group", "is_dropped": "status"}
    return {
        name: value for name, value in row.items() if unsaid.get(name, name) in fields or name not in unsaid
    }


def member_of(row: Any) -> Member:
    """Return the student in a row."""
    return Member(**{**row, "others": tuple(row["others"])})


def adjustment_of(row: Any) -> Adjustment:
    """Return the adjustment in a row."""
    values: dict[str, Any] = {
        name: aware(value) if isinstance(value, datetime) else value for name, value in row.items()
    }
    return Adjustment(number=values.pop("id"), **values)
