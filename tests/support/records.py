"""Records that several tests look at: a small class with one grade of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader.model import (
    Adjustment,
    CheckResult,
    Course,
    Difference,
    Exercise,
    Explanation,
    Grade,
    InputWindow,
    Late,
    Limits,
    RunnerSettings,
    Standing,
    TensorView,
    Text,
    Verdict,
    WrongPlace,
)

EXERCISE = Exercise(
    number=1,
    slug="double",
    title=Text({"en": "Twice", "ko": "두 배"}),
    points=4,
    functions=("double",),
    banned={},
    limits=Limits(),
    exercise_folder=Path("exercises/ex01_double"),
    solution_folder=Path("solutions/ex01_double"),
)
COURSE = Course(
    root=Path("."),
    id="tiny",
    title=Text({"en": "Tiny <course>", "ko": "작은 <강좌>"}),
    languages=("ko", "en"),
    exercises=(EXERCISE, replace(EXERCISE, number=2, slug="halve")),
    runner=RunnerSettings(),
)
DIFFERENCE = Difference(
    "values",
    TensorView("tensor", (1, 2, 2, 1), "int64", ("5", "7", "13", "0")),
    TensorView("tensor", (1, 2, 2, 1), "int64", ("5", "7", "13", "15")),
    wrong=(3,),
    wrong_count=1,
    total=4,
    first=(WrongPlace((0, 1, 1, 0), "0", "15"),),
    largest_error="15",
    largest_at=(0, 1, 1, 0),
    largest_relative="100",
    relative_at=(0, 1, 1, 0),
)
WINDOW = InputWindow((-1, 1), (2, 4), TensorView("tensor", (1, 2, 2, 1), "int64", ("·", "·", "4711", "815")))
PASSED = CheckResult("test_a", Text({"en": "doubles", "ko": "두 배로 만든다"}), True, 1, 1, Verdict.PASSED)
WRONG = CheckResult(
    "test_b",
    Text({"en": "doubles images", "ko": "이미지를 두 배로 만든다"}),
    True,
    1,
    0,
    Verdict.FAILED,
    Explanation("tensor.values", {}, DIFFERENCE),
    call="double(int64 1x2x2x1)",
    output="seen <b>here</b>",
)
WINDOWED = replace(
    WRONG, explanation=Explanation("tensor.values", {}, replace(DIFFERENCE, window=WINDOW)), output=""
)
HIDDEN_WRONG = replace(
    WRONG,
    name="test_c",
    title=Text({"en": "keeps negatives", "ko": "음수도 동작한다"}),
    visible=False,
    output="secret 4242",
)
HIDDEN_ERROR = replace(
    HIDDEN_WRONG,
    name="test_d",
    verdict=Verdict.ERROR,
    explanation=Explanation(
        "submission.raised",
        {"type": "Leak4242Error", "message": "x was 4242", "place": "ex01.py:3", "denied": False},
    ),
)
GRADE = Grade(
    student="ann",
    exercise="ex01",
    points=1,
    possible=4,
    verdict=Verdict.ERROR,
    checks=(PASSED, WRONG, HIDDEN_WRONG, HIDDEN_ERROR),
    path="ann/ex01.py",
)
_MADE_AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OVERRIDE = Adjustment(1, "override", "ann", "ex01", "looked <b>again", "kim", _MADE_AT, points=2.5)
COMMENT = Adjustment(2, "comment", "ann", "ex01", "well <i>explained", "lee", _MADE_AT)
EXTENSION = Adjustment(
    3,
    "extension",
    "ann",
    "ex01",
    "in hospital",
    "kim",
    _MADE_AT,
    until=datetime(2026, 11, 21, 15, 0, tzinfo=UTC),
)
LATE = replace(
    GRADE,
    points=0.8,
    submitted_at=datetime(2026, 11, 23, 14, 0, tzinfo=UTC),
    standing=Standing(earned=1, attempt=2, attempts=3, late=Late(169200.0, 2, 20.0), extension=EXTENSION),
)
assert LATE.standing is not None
DECIDED = replace(LATE, points=2.5, standing=replace(LATE.standing, override=OVERRIDE, comments=(COMMENT,)))
EVIL_NAME = "<script>alert(1)</script>"
CLASS = (
    GRADE,
    replace(GRADE, exercise="ex02", points=4, verdict=Verdict.PASSED, checks=(PASSED,)),
    replace(GRADE, student="=1+1", verdict=Verdict.UNGRADED, checks=(), points=0),
    replace(
        GRADE, student="=1+1", exercise="ex02", verdict=Verdict.NOT_ATTEMPTED, checks=(), points=0, path=""
    ),
    replace(GRADE, student=EVIL_NAME, verdict=Verdict.TIMEOUT, points=2.5),
    replace(GRADE, student=EVIL_NAME, exercise="ex02", verdict=Verdict.NOT_ATTEMPTED, points=0, checks=()),
)
RUN = {
    "grader": "0",
    "finished_at": "2026-11-23T00:00:00+00:00",
    "seconds": 1.0,
    "isolation": "full",
    "landlock": 7,
    "seccomp": True,
    "namespaces": True,
}
