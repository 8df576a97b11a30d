"""A class of any size, made up: every student with every verdict's kind of output, the same for the same size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from grader.model import CheckResult, Course, Grade, Misconception, Text, Verdict
from tests.support.records import COURSE, EXERCISE, GRADE, HIDDEN_ERROR, HIDDEN_WRONG, PASSED, WRONG

__all__ = ["BIG_COURSE", "big_class"]

BIG_COURSE: Course = replace(
    COURSE,
    exercises=tuple(
        replace(EXERCISE, number=number, slug=f"part-{number}", points=10) for number in range(1, 15)
    ),
)
MISTAKES = [
    Misconception(
        f"mistake-{number}", Text({"en": f"Known mistake number {number}.", "ko": f"알려진 실수 {number}번."})
    )
    for number in range(12)
]


def big_class(students: int) -> Iterator[Grade]:
    """Yield the grades of a class: each student does each of 14 exercises with 9 checks, some of them well."""
    rng = np.random.default_rng(7)
    for number in range(students):
        skill = rng.uniform(0.3, 1)
        for exercise in BIG_COURSE.exercises:
            passed = rng.random(9) < skill
            wrong = [WRONG, HIDDEN_WRONG, HIDDEN_ERROR][int(rng.integers(3))]
            mistake = MISTAKES[int(rng.integers(len(MISTAKES)))]
            checks = tuple(_check(at, bool(is_right), wrong, mistake) for at, is_right in enumerate(passed))
            points = float(passed.sum()) + (1 if passed.all() else 0)
            verdict = Verdict.PASSED if passed.all() else wrong.verdict
            yield replace(
                GRADE,
                student=f"student-{number:03d}",
                exercise=exercise.id,
                points=points,
                possible=10,
                verdict=verdict,
                checks=checks,
            )


def _check(at: int, is_right: bool, wrong: CheckResult, mistake: Misconception) -> CheckResult:
    result = PASSED if is_right else replace(wrong, misconception=mistake)
    return replace(
        result, name=f"test_{at}", title=Text({"en": f"property {at}", "ko": f"성질 {at}"}), visible=at < 3
    )
