"""A moment as an instructor writes it: a time with its zone, or a date."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

# Where the clocks go back at midnight the day ends when they show it again.
END_OF_DAY = time(23, 59, 59, fold=1)


def parse_moment(text: str, zone: tzinfo, on_day: time = END_OF_DAY) -> datetime | None:
    """Return an ISO 8601 time with its zone; a date alone is that day's end in `zone`, or another time of it.

    None where it is neither.
    """
    try:
        return datetime.combine(date.fromisoformat(text), on_day, zone)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment
