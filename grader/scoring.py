"""Results -> points; attempts, lateness and what was decided by hand -> the points that count. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count

from grader.model import (
    Adjustment,
    CheckResult,
    Course,
    Exercise,
    Grade,
    Late,
    LatePolicy,
    Standing,
    Verdict,
    summary_verdict,
    zone_of,
)


def score(results: tuple[CheckResult, ...]) -> tuple[float, Verdict]:
    """Return the points of an exercise's checks together, and their gravest verdict.

    A check earns its points when it passed and nothing otherwise: no evidence, no points. An exercise with an ungraded
    check is ungraded as a whole; what its other checks earned is kept beside that.
    """
    earned = sum(result.earned for result in results if result.verdict is Verdict.PASSED)
    return earned, summary_verdict([result.verdict for result in results])


def lateness(
    submitted_at: datetime | None, due: datetime | None, policy: LatePolicy, zone: tzinfo = UTC
) -> Late | None:
    """Return how late something was; None where it was not, or where nothing tells.

    Days are counted from the due date, each to the same time on the clocks of `zone`, and a started one counts whole; within
    the grace minutes nothing is lost, and after them the grace is not given back.
    """
    if submitted_at is None or due is None:
        return None
    # Moments of one zone are compared as its clocks show them, which they may do twice: in UTC everything is there once.
    submitted_at = submitted_at.astimezone(UTC)
    seconds = (submitted_at - due.astimezone(UTC)).total_seconds()
    if seconds <= 0:
        return None
    is_graced = seconds <= 60 * policy.grace_minutes
    days = 0 if is_graced else _days_late(submitted_at, due.astimezone(zone))
    return Late(seconds, days, min(days * policy.percent_per_day, policy.max_percent))


def _days_late(submitted_at: datetime, due: datetime) -> int:
    first = max(1, (submitted_at.astimezone(due.tzinfo).date() - due.date()).days - 1)
    return next(days for days in count(first) if submitted_at <= _days_after(due, days))


def _days_after(moment: datetime, days: int) -> datetime:
    """Return when the clocks show the same time so many days later.

    A time that they show twice is the second one, and one that they skip is as long after midnight as it would have been.
    """
    same_time = moment + timedelta(days)
    return max(same_time.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def standing_grade(
    course: Course, exercise: Exercise, attempts: Sequence[Grade], adjustments: Sequence[Adjustment]
) -> Grade:
    """Return the grade that counts, of the grades of one student's attempts at one exercise.

    `attempts` holds one grade for each attempt, in the order in which they were handed in; `last` is the last of them, `best` the one with most points after lateness, and of equals the later one. An attempt that could not be graded leaves
    open what counts, unless a better one is not possible. An override replaces the points and nothing else.
    """
    valid = {item.kind: item for item in adjustments if item.withdrawn_at is None}
    override, extension = valid.get("override"), valid.get("extension")
    comments = tuple(item for item in adjustments if item.withdrawn_at is None and item.kind == "comment")
    due = extension.until if extension is not None else exercise.due
    files = sum(bool(grade.path) for grade in attempts)
    counted = []
    for number, grade in enumerate(attempts, start=1):
        late = lateness(grade.submitted_at, due, course.late_policy, zone_of(course.timezone))
        kept = grade.points * (1 - late.percent / 100) if late is not None else grade.points
        standing = Standing(
            earned=grade.points,
            attempt=number if grade.path else 0,
            attempts=files,
            late=late,
            extension=extension,
            comments=comments,
        )
        counted.append(replace(grade, points=round(kept, 6), standing=standing))
    chosen = _chosen(course, counted)
    if override is not None and override.points is not None and chosen.standing is not None:
        chosen = replace(chosen, points=override.points, standing=replace(chosen.standing, override=override))
    return chosen


def given_out(course: Course, grades: Sequence[Grade], now: datetime) -> tuple[Course, tuple[Grade, ...]]:
    """Return the course with the exercises that are given out by now, and a class's grades in them.

    An exercise is given out once it opens, is due, or anybody has handed it in. Before that nobody lacks an answer, so that
    nothing is a zero; points that were set by hand count for whom they were set.
    """
    known = {grade.exercise for grade in grades if grade.path}
    known |= {
        exercise.id
        for exercise in course.exercises
        if any(moment is not None and moment <= now for moment in (exercise.opens, exercise.due))
    }
    counted = tuple(
        grade
        for grade in grades
        if grade.exercise in known or (grade.standing is not None and grade.standing.override is not None)
    )
    known |= {grade.exercise for grade in counted}
    exercises = tuple(exercise for exercise in course.exercises if exercise.id in known)
    return replace(course, exercises=exercises), counted


def _chosen(course: Course, grades: Sequence[Grade]) -> Grade:
    if course.attempts == "last":
        return grades[-1]
    best = max(reversed(grades), key=lambda grade: grade.points if not grade.is_open else -1)
    unsettled = [grade for grade in grades if grade.is_open]
    return unsettled[-1] if unsettled and best.points < best.possible else best
