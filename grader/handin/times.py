"""Times as people, folders and programs write them -> aware datetimes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# ISO 8601, also in the ways in which a folder can be named: 2026-03-02T10-11-12, 20260302T101112Z, 2026-03-02 10.11.
_ISO_TIME = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)[T _](?P<hour>\d\d)[:.\-]?(?P<minute>\d\d)"
    r"(?:[:.\-]?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s?(?P<zone>Z|[+-]\d\d(?:[:\-]?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)

_OFFSET = re.compile(r"Z|[+-](?:0\d|1[0-5])(?:[0-5]\d)?")

# A longer number alone is somebody's number at the university.
_ATTEMPT = re.compile(
    r"(?:attempt|try|submission|시도|제출)[-_ ]?(\d{1,6})|(\d{1,3})", re.IGNORECASE | re.ASCII
)

_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC).timestamp()
_WIDEST_ZONE = 14 * 3600
"""Seconds that a zone's clocks may be away from UTC."""

_YEARS = range(1980, 2200)
"""Other years are taken for numbers that are not years."""


def parse_time(text: str, zone: tzinfo | None) -> datetime | None:
    """Return an ISO 8601 time; one without a zone is in `zone`. None where it is not a time, or no zone is known."""
    matched = _ISO_TIME.fullmatch(text.strip())
    if matched is None or int(matched["year"]) not in _YEARS:
        return None
    digits = "".join(matched.group("year", "month", "day", "hour", "minute")) + (matched["second"] or "00")
    fraction = (matched["fraction"] or "")[:6].ljust(6, "0")
    offset = re.sub(r"(?<=\d)[:\-]", "", matched["zone"] or "").upper()
    if not (_OFFSET.fullmatch(offset) or (zone and not offset)):
        return None
    try:
        time = datetime.fromisoformat(f"{digits[:8]}T{digits[8:]}.{fraction}{offset}")
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=zone)


def time_on_disk(seconds: float, zone: tzinfo) -> datetime | None:
    """Return the time that a file system gives in seconds since 1970; None for one that no calendar has.

    Nor is what a file gets of a zip without dates, on the first day of 1980 in any zone.
    """
    if abs(seconds - _NO_DATE) <= _WIDEST_ZONE:
        return None
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return None


def parse_timestamp(text: str, zone: tzinfo) -> datetime | None:
    """Return the time in an nbgrader `timestamp.txt`: `2026-03-02 10:11:12.345678 KST`.

    The zone is an offset, an IANA name, UTC, GMT, or the abbreviation that the course's `zone` has at that time. None for
    any other: an abbreviation can be several zones.
    """
    text = " ".join(text.split())
    time = parse_time(text, zone)
    if time is not None:
        return time
    rest, _, name = text.rpartition(" ")
    local = parse_time(rest, zone)
    if local is None or local.tzname() == name:
        return local
    if name.upper() in ("UTC", "GMT"):
        return local.replace(tzinfo=UTC)
    try:
        return local.replace(tzinfo=ZoneInfo(name)) if "/" in name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def attempt_of(name: str, zone: tzinfo) -> tuple[int, datetime | None] | None:
    """Return the number (0 where it has none) and the time of the attempt that a folder's name means; None for no attempt."""
    time = parse_time(name, zone)
    if time is not None:
        return 0, time
    matched = _ATTEMPT.fullmatch(name.strip())
    return (int(matched[1] or matched[2]), None) if matched else None
