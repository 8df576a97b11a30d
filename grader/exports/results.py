"""results.json: everything about the newest grades, as documented models; the JSON Schema is made from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.exports.schema_texts import SCHEMA_TEXTS
from grader.model import CheckResult, Course, Explanation, Grade, Standing, Text, Verdict

__all__ = ["RESULTS_FORMAT", "Results", "results_json", "results_schema"]

RESULTS_FORMAT = 2


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CourseRecord(_Record):
    """The course that was graded."""

    id: str
    title: Text


class ExerciseRecord(_Record):
    """An exercise of the course."""

    id: str = Field(description="Its short name, `ex03`.")
    slug: str
    title: Text
    points: float


class RunRecord(BaseModel):
    """The run that graded last: when, how long, and behind which protections."""

    model_config = ConfigDict(extra="allow", frozen=True)

    grader: str = Field(description="The version of this program.")
    finished_at: datetime
    seconds: float
    isolation: Literal["full", "reduced", "none"]
    landlock: int = Field(description="The version of Landlock in force; 0 is none.")
    seccomp: bool
    namespaces: bool


class GradeRecord(_Record):
    """What came of one submission; `points` is null where it is ungraded: our fault is never a zero."""

    student: str
    exercise: str
    points: float | None = Field(description="What counts in the end, an override and lateness included.")
    possible: float
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    notes: tuple[Explanation, ...] = ()
    path: str = Field(description="The file that was graded; empty where nothing was handed in.")
    digest: str = Field(description="SHA-256 of that file.")
    seconds: float
    graded_at: datetime | None
    submitted_at: datetime | None = Field(default=None, description="Null where nothing tells.")
    standing: Standing | None = Field(
        default=None,
        description="How `points` came of what the checks gave: attempts, lateness, what was decided by hand. Null "
        "where one answer alone was checked.",
    )


class Results(_Record):
    """Everything about the newest grades, for instructors: what hidden checks found is in it."""

    format: Literal[1, 2] = Field(
        description="Grows by one when a reader of an older one would misread it: a field is gone or means something else, "
        "or has values that it could not have. New fields alone do not change it. With 1 every text has `en` and `ko`; "
        "2 is written where the course's languages are not both of these."
    )
    course: CourseRecord
    run: RunRecord | None = Field(description="Null where nothing is known of it any more.")
    exercises: tuple[ExerciseRecord, ...]
    grades: tuple[GradeRecord, ...]


def results_json(course: Course, grades: Sequence[Grade], run: Mapping[str, Any] | None) -> str:
    """Return everything about the newest grades as JSON."""
    document = Results(
        format=1 if {"en", "ko"} <= {*course.languages} else RESULTS_FORMAT,
        course=CourseRecord(id=course.id, title=course.title),
        run=None if run is None else RunRecord.model_validate(run),
        exercises=tuple(
            ExerciseRecord(id=item.id, slug=item.slug, title=item.title, points=item.points)
            for item in course.exercises
        ),
        grades=tuple(_record(grade) for grade in grades),
    )
    return document.model_dump_json(indent=1, ensure_ascii=False) + "\n"


def _record(grade: Grade) -> GradeRecord:
    # The grade's own values are right already: nothing is parsed again.
    return GradeRecord.model_construct(
        student=grade.student,
        exercise=grade.exercise,
        points=None if grade.is_open else grade.points,
        possible=grade.possible,
        verdict=grade.verdict,
        checks=grade.checks,
        notes=grade.notes,
        path=grade.path,
        digest=grade.digest,
        seconds=grade.seconds,
        graded_at=grade.graded_at,
        submitted_at=grade.submitted_at,
        standing=grade.standing,
    )


def results_schema() -> str:
    """Return the JSON Schema of results.json.

    It allows fields that it does not know: a later version of this program may add some within the same format.
    """
    schema = Results.model_json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for name, record in [(schema["title"], schema), *schema["$defs"].items()]:
        if record.get("additionalProperties") is False:
            del record["additionalProperties"]
        for field, sentence in SCHEMA_TEXTS.get(name, {}).items():
            record["properties"][field]["description"] = sentence
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
