from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.model import CheckResult, Explanation, Grade, Misconception, Standing, TensorView, Text, Verdict
from grader.reports.patterns import mistake_figures, same_outputs
from grader.reports.statistics import (
    check_figures,
    discrimination,
    histogram,
    item_figures,
    score_figures,
    verdict_counts,
)
from tests.support.records import CLASS, DECIDED, DIFFERENCE, GRADE, PASSED, WRONG

MISTAKE = Misconception("rows-first", Text({"en": "Rows first.", "ko": "행부터."}))


def grade(student: str, exercise: str, points: float, *checks: CheckResult) -> Grade:
    return replace(GRADE, student=student, exercise=exercise, points=points, checks=checks)


def class_of(*points: tuple[float, float]) -> list[Grade]:
    """Return students with their points in two exercises."""
    return [
        grade(f"s{number}", exercise, value)
        for number, values in enumerate(points)
        for exercise, value in zip(("ex01", "ex02"), values, strict=True)
    ]


def test_the_highest_total_belongs_to_the_last_bar() -> None:
    bins = histogram([0, 1, 9.9, 10], 10, bins=10)
    assert [item.count for item in bins] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].low, bins[-1].high) == (0, 10)


def test_nothing_to_reach_has_no_histogram() -> None:
    assert histogram([0], 0) == ()


def test_score_figures() -> None:
    figures = score_figures([2, 4, 9])
    assert figures is not None
    assert (figures.students, figures.mean, figures.median, figures.lowest, figures.highest) == (
        3,
        5,
        4,
        2,
        9,
    )
    assert figures.deviation == pytest.approx(np.std([2, 4, 9], ddof=1))
    assert score_figures([]) is None


def test_discrimination_is_the_correlation_with_everything_else() -> None:
    items = item_figures(class_of((0, 1), (1, 0), (2, 3), (3, 2), (4, 4)))
    expected = np.corrcoef([0, 1, 2, 3, 4], [1, 0, 3, 2, 4])[0, 1]
    assert items[0].discrimination == pytest.approx(expected)
    assert items[0].difficulty == pytest.approx(0.5)
    assert items[0].submissions == 5


def test_a_correlation_of_few_students_or_of_equal_ones_is_none() -> None:
    few = np.array([0.0, 1.0, 2.0, 3.0])
    assert discrimination(few, few) is None
    assert discrimination(np.ones(9), np.arange(9.0)) is None


def test_what_was_not_handed_in_or_not_graded_is_no_item() -> None:
    grades = class_of((4, 4), (2, 4))
    grades[0] = replace(grades[0], path="", points=0)
    grades[2] = replace(grades[2], verdict=Verdict.UNGRADED)
    first, second = item_figures(grades)
    assert (first.submissions, first.difficulty) == (0, None)
    assert (second.submissions, second.difficulty) == (2, 1)


def test_a_total_without_an_ungraded_exercise_is_unknown_and_not_lower() -> None:
    points = ((0, 1), (1, 0), (2, 3), (3, 2), (4, 4))
    spoilt = class_of(*points, (4, 4))
    spoilt[-1] = replace(spoilt[-1], verdict=Verdict.UNGRADED, points=0)
    assert item_figures(spoilt)[0].discrimination == item_figures(class_of(*points))[0].discrimination


def test_checks_that_nobody_or_everybody_passes_are_flagged() -> None:
    grades = [grade(name, "ex01", 1, PASSED, WRONG) for name in ("ann", "bob", "eve")]
    first, second = check_figures(grades)["ex01"]
    assert (first.flag, first.passed, first.total) == ("everybody", 3, 3)
    assert (second.flag, second.share) == ("nobody", 0)


def test_an_ungraded_check_is_not_counted_as_not_passed() -> None:
    ungraded = replace(PASSED, verdict=Verdict.UNGRADED)
    figures = check_figures([grade("ann", "ex01", 1, PASSED), grade("bob", "ex01", 0, ungraded)])
    assert (figures["ex01"][0].passed, figures["ex01"][0].total) == (1, 1)


def test_misconceptions_are_counted_by_student_and_not_by_check() -> None:
    wrong = replace(WRONG, misconception=MISTAKE)
    bare = replace(wrong, name="test_z", explanation=None)
    grades = [
        grade("ann", "ex01", 0, bare, wrong),
        grade("bob", "ex01", 0, wrong),
        *class_of((1, 1), (1, 1)),
    ]
    (figures,) = mistake_figures(grades)
    assert figures.students == ("ann", "bob")
    assert figures.share == pytest.approx(0.5)
    assert (figures.example.name, figures.example.difference) == (wrong.name, DIFFERENCE)


def test_the_same_wrong_tensor_makes_a_group_and_another_one_does_not() -> None:
    other = replace(DIFFERENCE, actual=TensorView("tensor", (1, 2, 2, 1), "int64", ("5", "7", "13", "1")))
    grades = [
        grade("ann", "ex01", 0, WRONG),
        grade("bob", "ex01", 0, WRONG),
        grade("eve", "ex01", 0, replace(WRONG, explanation=Explanation("tensor.values", {}, other))),
        grade("zoe", "ex02", 0, WRONG),
    ]
    (group,) = same_outputs(grades)
    assert (group.exercise, group.students) == ("ex01", ("ann", "bob"))


def test_verdicts_are_counted_in_their_order() -> None:
    assert verdict_counts(CLASS) == (
        (Verdict.PASSED, 1),
        (Verdict.ERROR, 1),
        (Verdict.TIMEOUT, 1),
        (Verdict.NOT_ATTEMPTED, 2),
        (Verdict.UNGRADED, 1),
    )


def test_lateness_and_decisions_are_no_property_of_a_check() -> None:
    wrong = replace(PASSED, verdict=Verdict.FAILED, earned=0)
    grades = [
        part
        for number, other in enumerate((0.0, 1.0, 2.0, 3.0, 4.0))
        for part in (
            grade(f"s{number}", "ex01", number % 2, PASSED if number % 2 else wrong),
            grade(f"s{number}", "ex02", other),
        )
    ]
    halved = [
        replace(item, points=item.points / 2, standing=Standing(earned=item.points)) for item in grades[2:4]
    ]
    (before,) = check_figures(grades)["ex01"]
    (after,) = check_figures([*grades[:2], halved[0], grades[3], *grades[4:]])["ex01"]
    assert before.discrimination is not None
    assert after.discrimination == before.discrimination


def test_what_counts_is_what_was_decided() -> None:
    item, _ = item_figures([DECIDED, *class_of((4, 4))])
    assert item.difficulty == pytest.approx((2.5 / 4 + 1) / 2)


def test_what_is_ungraded_is_no_item_until_somebody_decides() -> None:
    ungraded = replace(GRADE, verdict=Verdict.UNGRADED)
    assert item_figures([ungraded])[0].submissions == 0
    assert item_figures([replace(DECIDED, verdict=Verdict.UNGRADED)])[0].submissions == 1
