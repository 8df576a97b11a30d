from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from grader.model import Adjustment, CheckResult, Late, LatePolicy, Question, Standing, Text, Verdict
from grader.scoring import given_out, hidden_points, lateness, score
from tests.support.records import COURSE, EXERCISE, GRADE, HIDDEN_WRONG, WRONG

PASSED = CheckResult("test_a", Text({"en": "a", "ko": "가"}), True, 2, 2, Verdict.PASSED)


def test_what_passed_is_added_up() -> None:
    assert score((PASSED, replace(PASSED, points=0.5, earned=0.5))) == (2.5, Verdict.PASSED)


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASSED])
def test_without_a_pass_there_are_no_points_whatever_a_result_says_it_earned(verdict: Verdict) -> None:
    assert score((PASSED, replace(PASSED, verdict=verdict, earned=2))) == (2, verdict)


def test_of_no_check_at_all_nothing_is_known() -> None:
    assert score(()) == (0, Verdict.UNGRADED)


DUE = datetime(2026, 12, 1, 23, 59, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(
    ("after", "policy", "days", "percent"),
    [
        (timedelta(minutes=1), LatePolicy(10, 50), 1, 10),
        (timedelta(minutes=30), LatePolicy(10, 50, 30), 0, 0),
        (timedelta(minutes=31), LatePolicy(10, 50, 30), 1, 10),
        (timedelta(days=1), LatePolicy(10, 50), 1, 10),
        (timedelta(days=1, seconds=1), LatePolicy(10, 50), 2, 20),
        (timedelta(days=9), LatePolicy(10, 50), 9, 50),
        (timedelta(days=9), LatePolicy(), 9, 0),
    ],
)
def test_started_days_cost_up_to_the_cap(
    after: timedelta, policy: LatePolicy, days: int, percent: float
) -> None:
    late = lateness(DUE + after, DUE, policy)
    assert late == Late(after.total_seconds(), days, percent)


@pytest.mark.parametrize("moment", [None, DUE, DUE - timedelta(days=3)])
def test_what_is_in_time_or_has_no_time_is_not_late(moment: datetime | None) -> None:
    assert lateness(moment, DUE, LatePolicy(10)) is None
    assert lateness(DUE, None, LatePolicy(10)) is None


def test_the_time_zone_of_the_file_does_not_matter() -> None:
    moment = DUE.astimezone(UTC) + timedelta(seconds=1)
    assert lateness(moment, DUE, LatePolicy(10)) == Late(1, 1, 10)
    assert lateness(DUE.astimezone(UTC), DUE, LatePolicy(10)) is None


# --- days of the course's calendar --------------------------------------------------------------------------------


NEW_YORK, SYDNEY, LORD_HOWE = map(ZoneInfo, ("America/New_York", "Australia/Sydney", "Australia/Lord_Howe"))


@pytest.mark.parametrize(
    ("zone", "due", "handed_in", "days"),
    [
        # The clocks go back on 1 November: the day has 25 hours.
        (NEW_YORK, "2026-10-31T20:00-04:00", "2026-11-01T19:30-05:00", 1),
        (NEW_YORK, "2026-10-31T20:00-04:00", "2026-11-01T20:00-05:00", 1),
        (NEW_YORK, "2026-10-31T20:00-04:00", "2026-11-01T20:01-05:00", 2),
        (NEW_YORK, "2026-10-30T20:00-04:00", "2026-11-01T19:59-05:00", 2),
        # They go forward on 8 March: the day has 23 hours.
        (NEW_YORK, "2026-03-07T20:00-05:00", "2026-03-08T20:00-04:00", 1),
        (NEW_YORK, "2026-03-07T20:00-05:00", "2026-03-08T20:30-04:00", 2),
        (SYDNEY, "2026-04-04T12:00+11:00", "2026-04-05T12:00+10:00", 1),
        (LORD_HOWE, "2026-04-04T12:00+11:00", "2026-04-05T12:00+10:30", 1),
        (LORD_HOWE, "2026-04-04T12:00+11:00", "2026-04-05T12:01+10:30", 2),
        # The next day's time comes twice, is skipped, or the due time itself comes twice.
        (NEW_YORK, "2026-10-31T01:30-04:00", "2026-11-01T01:30-05:00", 1),
        (NEW_YORK, "2026-10-31T01:30-04:00", "2026-11-01T01:31-05:00", 2),
        (NEW_YORK, "2026-03-07T02:30-05:00", "2026-03-08T03:30-04:00", 1),
        (NEW_YORK, "2026-03-07T02:30-05:00", "2026-03-08T03:31-04:00", 2),
        (NEW_YORK, "2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00", 1),
        (NEW_YORK, "2026-11-01T01:30-05:00", "2026-11-02T01:30-05:00", 1),
        (NEW_YORK, "2026-11-01T01:30-05:00", "2026-11-02T01:31-05:00", 2),
        # A due date that is written in another zone, and one that is in another day there.
        (NEW_YORK, "2026-11-01T00:00+00:00", "2026-11-02T00:30+00:00", 1),
        (NEW_YORK, "2026-11-01T09:00+09:00", "2026-11-02T10:00+09:00", 1),
        (NEW_YORK, "2026-11-01T09:00+09:00", "2026-11-02T10:01+09:00", 2),
        # Without a change of clocks nothing is special, and whole years are counted.
        (UTC, "2026-10-31T20:00+00:00", "2026-11-01T20:01+00:00", 2),
        (NEW_YORK, "2026-10-31T20:00-04:00", "2027-10-31T20:00-04:00", 365),
    ],
)
def test_a_day_ends_when_the_courses_clocks_show_the_same_time_again(
    zone: tzinfo, due: str, handed_in: str, days: int
) -> None:
    late = lateness(datetime.fromisoformat(handed_in), datetime.fromisoformat(due), LatePolicy(1), zone)
    assert late is not None
    assert (late.days, late.percent) == (days, min(days, 100))


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    # Both as the course's own clocks show them.
    first, second = (datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=NEW_YORK) for fold in (0, 1))
    assert lateness(second, first, LatePolicy(10, grace_minutes=30), NEW_YORK) == Late(3600, 1, 10)
    assert lateness(first, second, LatePolicy(10), NEW_YORK) is None


# --- what is given out --------------------------------------------------------------------------------------------


NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOTHING = replace(GRADE, verdict=Verdict.NOT_ATTEMPTED, points=0, checks=(), path="", standing=None)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("opens", "due", "is_given_out"),
    [
        (None, None, False),
        (NOW + HOUR, None, False),
        (NOW + HOUR, NOW + 2 * HOUR, False),
        (None, NOW + HOUR, False),
        (NOW, None, True),
        (NOW - HOUR, NOW + HOUR, True),
        (None, NOW - HOUR, True),
    ],
)
def test_an_exercise_is_given_out_once_it_opens_or_is_due(
    opens: datetime | None, due: datetime | None, is_given_out: bool
) -> None:
    first, second = COURSE.exercises
    course = replace(COURSE, exercises=(first, replace(second, opens=opens, due=due)))
    grades = (replace(GRADE, exercise="ex01"), replace(NOTHING, exercise="ex02"))
    part, counted = given_out(course, grades, NOW)
    assert [exercise.id for exercise in part.exercises] == ["ex01", "ex02"][: 1 + is_given_out]
    assert counted == grades[: 1 + is_given_out]


def test_what_anybody_has_handed_in_is_given_out_to_all() -> None:
    first = replace(COURSE.exercises[0], opens=NOW + HOUR)
    grades = (replace(GRADE, student="ann"), replace(NOTHING, student="ben", exercise=GRADE.exercise))
    course = replace(COURSE, exercises=(first,))
    assert given_out(course, grades, NOW) == (course, grades)


def test_points_by_hand_count_before_and_for_nobody_else() -> None:
    override = Adjustment(1, "override", "ann", GRADE.exercise, "oral", "kim", NOW, points=3)
    by_hand = replace(NOTHING, student="ann", points=3, standing=Standing(0, 0, 0, override=override))
    part, counted = given_out(COURSE, (by_hand, replace(NOTHING, student="ben")), NOW)
    assert [exercise.id for exercise in part.exercises] == [GRADE.exercise]
    assert counted == (by_hand,)


def test_hidden_points_are_those_of_checks_that_were_not_run() -> None:
    exercise = replace(EXERCISE, points=10)
    visible = replace(GRADE, checks=(PASSED, WRONG), possible=4)
    assert hidden_points(exercise, visible) == 6
    assert hidden_points(exercise, replace(visible, checks=(PASSED, HIDDEN_WRONG))) == 0
    assert hidden_points(exercise, replace(visible, checks=())) == 0
    asking = replace(exercise, questions=(Question("why", Text({"en": "Why?"}), "text", 2.5),))
    assert hidden_points(asking, visible) == 3.5
