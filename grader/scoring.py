"""Results -> points; attempts, lateness and what was decided by hand -> the points that count. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count

from grader.model import (
    Adjustment,
    CheckResult,
    Course,
    Exercise,
    Explanation,
    Grade,
    Late,
    LatePolicy,
    Question,
    Standing,
    Verdict,
    counted_verdicts,
    summary_verdict,
    zone_of,
)
from grader.short_answers import is_right, read_short


def score(results: tuple[CheckResult, ...]) -> tuple[float, Verdict]:
    """Return the points of an exercise's checks together, and their gravest verdict.

    A check earns its points when it passed and nothing otherwise: no evidence, no points. An exercise with an ungraded
    check is ungraded as a whole; what its other checks earned is kept beside that. A question
    earns what a person gives it later.
    """
    earned = sum(result.earned for result in results if result.verdict is Verdict.PASSED)
    # A sum of fractions has digits that nobody gave.
    return round(earned, 6), summary_verdict(counted_verdicts(results))


def shares(points: float, count: int) -> list[float]:
    """Return the points of each case of a parametrised check; together they are exactly its points.

    They are whole hundredths, or finer down to millionths where two cases would differ by more than a twentieth. What is
    left over goes to the first cases, one part each.
    """
    if count == 1:
        return [points]
    parts = {digits: points * 10**digits for digits in range(2, 7)}
    digits = next((n for n, part in parts.items() if 20 * count <= round(part, 6) == round(part)), 6)
    each, left = divmod(round(parts[digits]), count)
    return [(each + (place < left)) / 10**digits for place in range(count)]


def hidden_points(exercise: Exercise, grade: Grade) -> float:
    """Return the points of the hidden checks, where only the visible ones were run."""
    names = {check.name for check in grade.checks}
    if not names or not all(check.visible for check in grade.checks):
        return 0.0
    unasked = sum(question.points for question in exercise.questions if question.name not in names)
    return max(0.0, round(exercise.points - grade.possible - unasked, 6))


def question_result(question: Question, answer: str, given: Adjustment | None = None) -> CheckResult:
    """Return what came of a question: it waits for a person, unless nothing was answered or points were given.

    A choice or a number waits where it cannot be read, or where the right answer is not known.
    """
    rubric = {} if question.rubric is None else {"rubric": dict(question.rubric)}
    verdict, key = (
        (Verdict.WAITING, "question.waiting")
        if answer.strip()
        else (Verdict.NOT_ATTEMPTED, "question.unanswered")
    )
    earned, values = 0.0, dict[str, str]()
    if question.is_short and verdict is Verdict.WAITING:
        read = read_short(question, answer)
        key = "question.read" if read is not None else f"question.unread_{question.kind}"
        if read is not None:
            shown = [f"{item:.12g}" if isinstance(item, float) else item for item in read]
            values = {"read": ", ".join(shown)}
        if read is not None and question.answer is not None:
            right = is_right(question, read)
            verdict, earned = (Verdict.PASSED, question.points) if right else (Verdict.FAILED, 0.0)
            key = "question.right" if right else f"{question.kind}.wrong"
    if given is not None:
        earned, key = given.points or 0.0, "question.scored"
        values = {"by": given.author, "why": given.why}
        is_full = earned >= question.points
        verdict = Verdict.PASSED if is_full else Verdict.PARTIAL if earned else Verdict.FAILED
    return CheckResult(
        name=question.name,
        title=question.title,
        visible=True,
        points=question.points,
        earned=earned,
        verdict=verdict,
        explanation=Explanation(key, values | rubric),
        output=answer,
        kind="question",
    )


def with_scores(grade: Grade, exercise: Exercise, scores: Sequence[Adjustment]) -> Grade:
    """Return a grade whose questions are as the course has them now, with the points that a person gave."""
    if not exercise.questions or not grade.checks:
        return grade
    questions = {item.name: item for item in exercise.questions}
    given = {f"question_{item.question}": item for item in scores}
    checks = tuple(
        replace(
            question_result(questions[item.name], item.output, given.get(item.name)),
            attachments=item.attachments,
        )
        if item.name in questions
        else item
        for item in grade.checks
    )
    return replace(grade, checks=checks, verdict=summary_verdict(counted_verdicts(checks)))


def _of_questions(grade: Grade, but: Collection[str] = ()) -> float:
    """Return the points of a grade's questions."""
    left_out = {f"question_{id}" for id in but}
    return sum(item.earned for item in grade.checks if item.kind == "question" and item.name not in left_out)


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

    `attempts` holds one grade for each attempt, in the order in which they were handed in, with the results of its checks
    where the exercise has questions; `last` is the last of them, `best` the one with most points after lateness, and of equals the later one. An attempt that could not be graded leaves
    open what counts, unless a better one is not possible. An override replaces the points and nothing else.
    """
    valid = {item.kind: item for item in adjustments if item.withdrawn_at is None}
    asked = {item.id for item in exercise.questions}
    scores = {
        item.question: item
        for item in adjustments
        if item.kind == "score" and item.withdrawn_at is None and item.question in asked
    }
    given = tuple(scores.values())
    override, extension = valid.get("override"), valid.get("extension")
    comments = tuple(item for item in adjustments if item.withdrawn_at is None and item.kind == "comment")
    due = extension.until if extension is not None else exercise.due
    files = sum(bool(grade.path) for grade in attempts)
    counted = []
    for number, grade in enumerate(attempts, start=1):
        late = lateness(grade.submitted_at, due, course.late_policy, zone_of(course.timezone))
        earned = grade.points - _of_questions(grade) + sum(item.points or 0.0 for item in given)
        grade = with_scores(grade, exercise, given)
        earned = round(earned + _of_questions(grade, {item.question for item in given}), 6)
        kept = earned * (1 - late.percent / 100) if late is not None else earned
        standing = Standing(
            earned=earned,
            attempt=number if grade.path else 0,
            attempts=files,
            late=late,
            extension=extension,
            comments=comments,
            scores=given,
            waiting=grade.waiting,
        )
        counted.append(replace(grade, points=round(kept, 6), standing=standing))
    chosen = _chosen(course, counted)
    if override is not None and override.points is not None and chosen.standing is not None:
        standing = replace(chosen.standing, override=override, waiting=0.0)
        chosen = replace(chosen, points=override.points, standing=standing)
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
