"""Records that several tests look at: a small class with one grade of each kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.model import (
    CheckResult,
    Course,
    Difference,
    Exercise,
    Explanation,
    Grade,
    Limits,
    RunnerSettings,
    TensorView,
    Text,
    Verdict,
    WrongPlace,
)

EXERCISE = Exercise(
    number=1,
    slug="double",
    title=Text("Twice", "두 배"),
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
    title=Text("Tiny <course>", "작은 <강좌>"),
    language="ko",
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
PASSED = CheckResult("test_a", Text("doubles", "두 배로 만든다"), True, 1, 1, Verdict.PASSED)
WRONG = CheckResult(
    "test_b",
    Text("doubles images", "이미지를 두 배로 만든다"),
    True,
    1,
    0,
    Verdict.FAILED,
    Explanation("tensor.values", {}, DIFFERENCE),
    call="double(int64 1x2x2x1)",
    output="seen <b>here</b>",
)
HIDDEN_WRONG = replace(
    WRONG,
    name="test_c",
    title=Text("keeps negatives", "음수도 동작한다"),
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
