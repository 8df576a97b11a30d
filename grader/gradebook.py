"""The gradebook: one SQLite file. Takes and returns records; a result is committed when it exists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    CursorResult,
    DateTime,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from grader.errors import GradebookError
from grader.model import CheckResult, Explanation, Grade, Misconception, Text, Verdict

__all__ = ["Gradebook"]

SCHEMA = 1
LOCK_SECONDS = 10.0
"""How long to wait for another process that writes."""

_METADATA = MetaData()
_ABOUT = Table(
    "about",
    _METADATA,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
_RUNS = Table(
    "runs",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("started_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    Column("settings", JSON, nullable=False),
)
_GRADES = Table(
    "grades",
    _METADATA,
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
    Column("seconds", Float, nullable=False),
    Column("graded_at", DateTime, nullable=False),
    Column("notes", JSON, nullable=False),
)
_CHECKS = Table(
    "checks",
    _METADATA,
    Column("grade", ForeignKey("grades.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("title_en", String, nullable=False),
    Column("title_ko", String, nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("points", Float, nullable=False),
    Column("earned", Float, nullable=False),
    Column("verdict", String, nullable=False),
    Column("explanation", JSON),
    Column("call", String, nullable=False),
    Column("output", String, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("misconception", JSON),
)
Index("grades_by_student", _GRADES.c.student, _GRADES.c.exercise, _GRADES.c.id)

_EXPLANATION: TypeAdapter[Explanation] = TypeAdapter(Explanation)
_MISCONCEPTION: TypeAdapter[Misconception] = TypeAdapter(Misconception)
_NOTES: TypeAdapter[tuple[Explanation, ...]] = TypeAdapter(tuple[Explanation, ...])


class Gradebook:
    """An open gradebook."""

    def __init__(self, path: Path, course_id: str) -> None:
        self.path = path
        self._engine = _engine(path)
        with self._guarded("gradebook.cannot_open"), self._engine.begin() as connection:
            _METADATA.create_all(connection)
            about = {row.name: row.value for row in connection.execute(select(_ABOUT))}
            if not about:
                rows = [{"name": "schema", "value": str(SCHEMA)}, {"name": "course", "value": course_id}]
                connection.execute(insert(_ABOUT), rows)
        if about and about.get("course") != course_id:
            self._engine.dispose()
            values = {"file": str(path), "there": about.get("course"), "here": course_id}
            raise GradebookError("gradebook.other_course", values)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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

    def begin_run(self, settings: dict[str, Any]) -> int:
        """Record that a run begins; return its number."""
        with self._guarded(), self._engine.begin() as connection:
            result = connection.execute(insert(_RUNS).values(started_at=_now(), settings=settings))
            return _number(result)

    def end_run(self, run: int) -> None:
        """Record that a run has graded all it was asked to."""
        with self._guarded(), self._engine.begin() as connection:
            connection.execute(update(_RUNS).where(_RUNS.c.id == run).values(finished_at=_now()))

    def add(self, run: int, grade: Grade) -> None:
        """Commit a grade with its checks, as a whole."""
        with self._guarded(), self._engine.begin() as connection:
            result = connection.execute(
                insert(_GRADES).values(
                    run=run,
                    student=grade.student,
                    exercise=grade.exercise,
                    verdict=grade.verdict.value,
                    points=None if grade.verdict is Verdict.UNGRADED else grade.points,
                    possible=grade.possible,
                    path=grade.path,
                    digest=grade.digest,
                    seconds=grade.seconds,
                    graded_at=(grade.graded_at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None),
                    notes=json.loads(_NOTES.dump_json(grade.notes)),
                )
            )
            number = _number(result)
            if grade.checks:
                rows = [_check_row(number, position, check) for position, check in enumerate(grade.checks)]
                connection.execute(insert(_CHECKS), rows)

    def grades(self) -> tuple[Grade, ...]:
        """Return the newest grade of every student and exercise, sorted by both."""
        newest = select(func.max(_GRADES.c.id)).group_by(_GRADES.c.student, _GRADES.c.exercise)
        with self._guarded("gradebook.cannot_open"), self._engine.connect() as connection:
            rows = connection.execute(
                select(_GRADES)
                .where(_GRADES.c.id.in_(newest))
                .order_by(_GRADES.c.student, _GRADES.c.exercise)
            ).mappings()
            grades = {row["id"]: row for row in rows}
            checks: dict[int, list[CheckResult]] = {number: [] for number in grades}
            query = (
                select(_CHECKS)
                .where(_CHECKS.c.grade.in_(newest))
                .order_by(_CHECKS.c.grade, _CHECKS.c.position)
            )
            for row in connection.execute(query).mappings():
                checks[row["grade"]].append(_check(row))
        return tuple(_grade(row, tuple(checks[number])) for number, row in grades.items())


def _engine(path: Path) -> Engine:
    # The file is made first: a folder that is not there or not writable is then a plain error with its reason.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        values = {"file": str(path), "error": error.strerror or str(error)}
        raise GradebookError("gradebook.cannot_open", values) from error
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


def _check_row(grade: int, position: int, check: CheckResult) -> dict[str, Any]:
    explanation = None if check.explanation is None else json.loads(_EXPLANATION.dump_json(check.explanation))
    misconception = None
    if check.misconception is not None:
        misconception = json.loads(_MISCONCEPTION.dump_json(check.misconception))
    return {
        "grade": grade,
        "position": position,
        "name": check.name,
        "title_en": check.title.en,
        "title_ko": check.title.ko,
        "visible": check.visible,
        "points": check.points,
        "earned": check.earned,
        "verdict": check.verdict.value,
        "explanation": explanation,
        "call": check.call,
        "output": check.output,
        "seconds": check.seconds,
        "misconception": misconception,
    }


def _check(row: Any) -> CheckResult:
    explanation, misconception = row["explanation"], row["misconception"]
    return CheckResult(
        name=row["name"],
        title=Text(row["title_en"], row["title_ko"]),
        visible=row["visible"],
        points=row["points"],
        earned=row["earned"],
        verdict=Verdict(row["verdict"]),
        explanation=None if explanation is None else _EXPLANATION.validate_python(explanation),
        call=row["call"],
        output=row["output"],
        seconds=row["seconds"],
        misconception=None if misconception is None else _MISCONCEPTION.validate_python(misconception),
    )


def _grade(row: Any, checks: tuple[CheckResult, ...]) -> Grade:
    return Grade(
        student=row["student"],
        exercise=row["exercise"],
        points=row["points"] or 0.0,
        possible=row["possible"],
        verdict=Verdict(row["verdict"]),
        checks=checks,
        notes=_NOTES.validate_python(row["notes"]),
        path=row["path"],
        digest=row["digest"],
        seconds=row["seconds"],
        graded_at=row["graded_at"].replace(tzinfo=UTC),
    )
