"""results.json: everything about the newest grades, as documented models; the JSON Schema is made from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from grader.model import CheckResult, Course, Explanation, Grade, Standing, Text, Verdict

RESULTS_FORMAT: Final = 2

ASKING_FORMAT: Final = 3
"""Where a check may wait for a person, or have a part of its points."""


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """The course that was graded."""

    id: str
    """As in course.yml."""
    title: Text
    """Its title."""


@dataclass(frozen=True, slots=True)
class ExerciseRecord:
    """An exercise of the course."""

    id: str
    """Its short name, `ex03`."""
    slug: str
    """The rest of its folder's name, `maxpool-2`."""
    title: Text
    """Its title."""
    points: float
    """What all of its checks and questions give together, without bonus."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The run that graded last: when, how long, and behind which protections."""

    grader: str
    """The version of this program."""
    finished_at: datetime
    """When it ended, with its time zone."""
    seconds: float
    """How long it graded."""
    isolation: Literal["full", "reduced", "none"]
    """What was asked for with --isolation."""
    landlock: int
    """The version of Landlock in force; 0 is none."""
    seccomp: bool
    """Whether the filter of system calls was in force."""
    namespaces: bool
    """Whether student code had namespaces of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRecord:
    """What came of one submission; `points` is null where it is ungraded: our fault is never a zero."""

    student: str
    """The student's name in the gradebook."""
    exercise: str
    """The exercise's `id`."""
    points: float | None
    """What counts in the end, an override and lateness included; what waits for a person is not in it."""
    possible: float
    """The points that the checks that were run give without bonus, or the exercise's where none was."""
    verdict: Verdict
    """The gravest verdict of its checks; an override does not change it."""
    checks: tuple[CheckResult, ...]
    """In the order in which they were run; empty where none was."""
    notes: tuple[Explanation, ...] = ()
    """What was left out when the file was read."""
    path: str
    """The file that was graded; empty where nothing was handed in."""
    digest: str
    """SHA-256 of that file."""
    seconds: float
    """How long it took to grade."""
    graded_at: datetime | None
    """When it was graded; null where nothing tells."""
    submitted_at: datetime | None = None
    """Null where nothing tells."""
    name: str = ""
    """The student's name, as a roster has it; empty where none does."""
    group: str = ""
    """The group with which the student hands in, where a roster says one."""
    standing: Annotated[
        Standing | None,
        Field(
            description="How `points` came of what the checks gave: attempts, lateness, what was decided by hand. Null "
            "where one answer alone was checked."
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Results:
    """Everything about the newest grades, for instructors: what hidden checks found is in it."""

    format: Annotated[
        Literal[1, 2, 3],
        Field(
            description="Grows by one when a reader of an older one would misread it: a field is gone or means something "
            "else, or has values that it could not have. New fields alone do not change it. With 1 every text has `en` and "
            "`ko`; 2 is written where the course's languages are not both of these; 3 where an exercise has questions that a "
            "person grades, or bonus checks."
        ),
    ]
    course: CourseRecord
    """Which course was graded."""
    run: RunRecord | None
    """Null where nothing is known of it any more."""
    exercises: tuple[ExerciseRecord, ...]
    """Those that are given out, in the course's order."""
    grades: tuple[GradeRecord, ...]
    """One for each student and exercise that was graded or not handed in, sorted by both."""


def results_json(course: Course, grades: Sequence[Grade], run: Mapping[str, Any] | None) -> str:
    """Return everything about the newest grades as JSON."""
    is_asking = any(check.kind != "check" for grade in grades for check in grade.checks)
    is_bilingual = {"en", "ko"} <= {*course.languages}
    document = Results(
        format=ASKING_FORMAT if is_asking else 1 if is_bilingual else RESULTS_FORMAT,
        course=CourseRecord(id=course.id, title=course.title),
        run=None if run is None else TypeAdapter(RunRecord).validate_python(run),
        exercises=tuple(
            ExerciseRecord(id=item.id, slug=item.slug, title=item.title, points=item.points)
            for item in course.exercises
        ),
        grades=tuple(_record(grade) for grade in grades),
    )
    return TypeAdapter(Results).dump_json(document, indent=1).decode() + "\n"


def _record(grade: Grade) -> GradeRecord:
    values = {item.name: getattr(grade, item.name) for item in fields(GradeRecord)}
    return GradeRecord(**values | {"points": None if grade.is_open else grade.points})


def results_schema() -> str:
    """Return the JSON Schema of results.json.

    It allows fields that it does not know: a later version of this program may add some within the same format.
    """
    # What it says of a field is the docstring below it, here and in `model.py`: the sources are read for it alone.
    described = TypeAdapter(list[Results], config=ConfigDict(use_attribute_docstrings=True))
    records = described.json_schema(mode="serialization")["$defs"]
    schema = {"$defs": records} | records.pop("Results")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
