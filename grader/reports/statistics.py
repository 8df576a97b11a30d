"""The numbers of the class report: pure functions from grades to figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.model import CheckResult, Grade, Verdict
from grader.reports.signs import SIGNS
from grader.reports.views import CheckView, instructor_view

FEWEST = 5
"""A correlation of fewer students tells nothing."""


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram; `high` belongs to it in the last bar only."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """How the totals of a class are spread."""

    students: int
    mean: float
    median: float
    deviation: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """One check of an exercise, over the submissions that were handed in and graded."""

    exercise: str
    check: CheckView
    """One student's, for the check's name, title and points."""
    passed: int
    total: int
    discrimination: float | None

    @property
    def share(self) -> float:
        """Return the share that passed."""
        return self.passed / self.total if self.total else 0.0

    @property
    def flag(self) -> str:
        """Return `nobody`, `everybody` or nothing: a check that tells no student from another."""
        if self.total < 2:
            return ""
        return "nobody" if self.passed == 0 else "everybody" if self.passed == self.total else ""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One exercise as an item of a test."""

    exercise: str
    submissions: int
    difficulty: float | None
    """The mean share of its points; 1 is easy."""
    discrimination: float | None
    """Its correlation with the students' points in all other exercises."""


def histogram(values: Sequence[float], highest: float, bins: int = 10) -> tuple[Bin, ...]:
    """Return the counts of equally wide bars from 0 to the highest possible value."""
    if highest <= 0:
        return ()
    counts, edges = np.histogram(np.clip(values, 0, highest), bins=bins, range=(0, highest))
    return tuple(
        Bin(float(low), float(high), int(count))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    )


def score_figures(values: Sequence[float]) -> ScoreFigures | None:
    """Return how the totals are spread; None where there are none."""
    if not values:
        return None
    array = np.asarray(values, dtype=float)
    deviation = float(array.std(ddof=1)) if len(array) > 1 else 0.0
    return ScoreFigures(
        len(array),
        float(array.mean()),
        # The median: NumPy's own imports `numpy.ma`, which takes longer than all of a small class's figures.
        float(np.quantile(array, 0.5)),
        deviation,
        float(array.min()),
        float(array.max()),
    )


def discrimination(item: NDArray[np.float64], others: NDArray[np.float64]) -> float | None:
    """Return the corrected item-total correlation: of an item with the total of all others, where both are known.

    None where fewer than five students have both, or where all have the same.
    """
    known = ~np.isnan(item) & ~np.isnan(others)
    if int(known.sum()) < FEWEST:
        return None
    a, b = item[known], others[known]
    if np.ptp(a) < 1e-9 or np.ptp(b) < 1e-9:
        return None
    return float(np.corrcoef(a, b)[0, 1])


class _Scores:
    """Students x exercises: the shares of points; missing where nothing was handed in or nothing was graded."""

    def __init__(self, grades: Sequence[Grade]) -> None:
        self.rows = {name: row for row, name in enumerate(sorted({grade.student for grade in grades}))}
        self.columns = {
            name: column for column, name in enumerate(sorted({item.exercise for item in grades}))
        }
        self.shares = np.full((len(self.rows), len(self.columns)), np.nan)
        self.points = np.zeros((len(self.rows), len(self.columns)))
        # What lateness and a decision by hand make of it is no property of a check.
        self.earned = np.zeros((len(self.rows), len(self.columns)))
        for grade in grades:
            place = self.rows[grade.student], self.columns[grade.exercise]
            self.points[place] = np.nan if grade.is_open else grade.points
            self.earned[place] = grade.points if grade.standing is None else grade.standing.earned
            if grade.path and not grade.is_open and grade.possible:
                # A bonus makes nothing easier than everything right.
                self.shares[place] = min(1.0, grade.points / grade.possible)
        # Unknown where an exercise is ungraded: a total without it would make our fault a student's zero.
        self.totals = self.points.sum(axis=1)


def item_figures(grades: Sequence[Grade]) -> tuple[ItemFigures, ...]:
    """Return each exercise's difficulty and discrimination, over those who handed it in."""
    if not grades:
        return ()
    scores = _Scores(grades)
    figures = []
    for exercise, column in scores.columns.items():
        shares = scores.shares[:, column]
        known = shares[~np.isnan(shares)]
        others = scores.totals - scores.points[:, column]
        mean = float(known.mean()) if len(known) else None
        figures.append(ItemFigures(exercise, len(known), mean, discrimination(shares, others)))
    return tuple(figures)


def check_figures(grades: Sequence[Grade]) -> dict[str, tuple[CheckFigures, ...]]:
    """Return each exercise's checks with who passed them, in the order in which they run."""
    if not grades:
        return {}
    scores = _Scores(grades)
    found: dict[str, dict[str, CheckResult]] = {}
    outcomes: dict[tuple[str, str], NDArray[np.float64]] = {}
    for grade in grades:
        checks = found.setdefault(grade.exercise, {})
        if not grade.path:
            continue
        for result in grade.checks:
            checks.setdefault(result.name, result)
            if result.verdict in (Verdict.UNGRADED, Verdict.WAITING):
                continue
            row = outcomes.setdefault((grade.exercise, result.name), np.full(len(scores.rows), np.nan))
            is_passed = result.verdict is Verdict.PASSED
            is_part = result.verdict is Verdict.PARTIAL
            row[scores.rows[grade.student]] = result.earned / result.points if is_part else is_passed
    figures = {}
    for exercise, checks in found.items():
        rows = []
        for name, result in checks.items():
            outcome = outcomes.get((exercise, name), np.full(len(scores.rows), np.nan))
            known = outcome[~np.isnan(outcome)]
            column = scores.columns[exercise]
            elsewhere = scores.totals - scores.points[:, column]
            others = elsewhere + scores.earned[:, column] - outcome * result.points
            (view,) = instructor_view([result])
            rows.append(
                CheckFigures(
                    exercise, view, int((known == 1).sum()), len(known), discrimination(outcome, others)
                )
            )
        figures[exercise] = tuple(rows)
    return figures


def verdict_counts(grades: Sequence[Grade]) -> tuple[tuple[Verdict, int], ...]:
    """Return how many exercises of all students got each verdict, in the order of `SIGNS`."""
    counts = Counter(grade.verdict for grade in grades)
    return tuple((verdict, counts[verdict]) for verdict in SIGNS if counts[verdict])
