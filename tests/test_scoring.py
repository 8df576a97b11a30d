from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from grader.model import CheckResult, Late, LatePolicy, Text, Verdict
from grader.scoring import lateness, score

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
