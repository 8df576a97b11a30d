from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from grader.course.times import parse_moment

SEOUL = ZoneInfo("Asia/Seoul")


def test_a_time_is_taken_as_it_is() -> None:
    moment = parse_moment("2026-12-05T23:59:00-05:00", SEOUL)
    assert moment == datetime(2026, 12, 6, 4, 59, tzinfo=UTC)
    assert parse_moment("2026-12-05 23:59Z", SEOUL) == datetime(2026, 12, 5, 23, 59, tzinfo=UTC)


def test_a_date_is_the_end_of_that_day() -> None:
    assert parse_moment("2026-12-05", SEOUL) == datetime(2026, 12, 5, 14, 59, 59, tzinfo=UTC)
    assert parse_moment("2026-12-05", SEOUL, time.min) == datetime(2026, 12, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("America/New_York", "2026-11-01", datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)),
        ("America/New_York", "2026-03-08", datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC)),
        # The clocks went back at midnight, so that the last hour came twice.
        ("America/Asuncion", "2023-03-25", datetime(2023, 3, 26, 3, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_once(zone: str, day: str, end: datetime) -> None:
    moment = parse_moment(day, ZoneInfo(zone))
    assert moment is not None
    assert moment.astimezone(UTC) == end


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-12-05T23:59:00", "2026-02-30", "2026-12", "5.12.2026"]
)
def test_anything_else_is_no_moment(text: str) -> None:
    assert parse_moment(text, SEOUL) is None
