"""What counts beside the checks: an instructor's override, lateness, attempts. Without any, a grade counts as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from grader.model import Grade, Verdict

__all__ = [
    "NONE",
    "Adjustment",
    "Adjustments",
    "adjusted",
    "adjustments_of",
    "final_points",
    "final_totals",
    "is_ungraded",
]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is known of one student's exercise beside what the checks gave."""

    points: float | None = None
    """What counts in the end; None where it is what the checks gave."""
    reason: str = ""
    """Why an instructor changed the points."""
    by: str = ""
    """Who changed them."""
    submitted_at: datetime | None = None
    late_percent: float = 0.0
    """How much was taken off because it was late."""
    attempt: int = 0
    """Which attempt counted; 0 where attempts are not counted."""
    attempts: int = 0


Adjustments = Mapping[tuple[str, str], Adjustment]
"""(student, exercise) -> adjustment."""

NONE = Adjustment()


def final_points(grade: Grade, adjustment: Adjustment = NONE) -> float | None:
    """Return what a grade counts; None where there is no score. An override gives an ungraded exercise one."""
    if adjustment.points is not None:
        return adjustment.points
    return None if grade.verdict is Verdict.UNGRADED else grade.points


def is_ungraded(grade: Grade | None, adjustment: Adjustment = NONE) -> bool:
    """Return whether there is no score."""
    return grade is None or final_points(grade, adjustment) is None


def adjusted(grades: Iterable[Grade], adjustments: Adjustments) -> tuple[Grade, ...]:
    """Return the grades with the points that count in the end; an ungraded one stays ungraded unless overridden."""
    return tuple(
        replace(
            grade, points=final_points(grade, adjustments.get((grade.student, grade.exercise), NONE)) or 0.0
        )
        for grade in grades
    )


def final_totals(grades: Iterable[Grade], adjustments: Adjustments) -> dict[str, float]:
    """Return each student's points together; what has no score adds nothing and is marked where it is shown."""
    sums: dict[str, float] = {}
    for grade in grades:
        points = final_points(grade, adjustments.get((grade.student, grade.exercise), NONE))
        sums[grade.student] = sums.get(grade.student, 0.0) + (points or 0.0)
    return sums


def adjustments_of(grades: Iterable[Grade]) -> Adjustments:
    """Return what is known of grades that come from a gradebook."""
    found = {}
    for grade in grades:
        standing = grade.standing
        if standing is None:
            continue
        override = standing.override
        found[grade.student, grade.exercise] = Adjustment(
            points=None if override is None else override.points,
            reason="" if override is None else override.why,
            by="" if override is None else override.author,
            submitted_at=grade.submitted_at,
            late_percent=0.0 if standing.late is None else standing.late.percent,
            attempt=standing.attempt if standing.attempts > 1 else 0,
            attempts=standing.attempts,
        )
    return found
