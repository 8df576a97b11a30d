"""Times as people, folders and programs write them -> aware datetimes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["ISO_TIME", "attempt_of", "parse_time", "parse_timestamp"]


# ISO 8601, also as a folder can be named: 2026-03-02T10-11-12, 20260302T101112Z, 2026-03-02 10.11.
ISO_TIME = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)[T _](?P<hour>\d\d)[:.\-]?(?P<minute>\d\d)"
    r"(?:[:.\-]?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s?(?P<zone>Z|[+-]\d\d(?:[:\-]?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)

# A longer number alone is somebody's number at the university.
_ATTEMPT = re.compile(
    r"(?:attempt|try|submission|시도|제출)[-_ ]?(\d{1,6})|(\d{1,3})", re.IGNORECASE | re.ASCII
)

_YEARS = range(1980, 2200)


def parse_time(text: str, zone: tzinfo | None) -> datetime | None:
    """Return an ISO 8601 time; one without a zone is in `zone`. None where it is no time, or no zone is known."""
    matched = ISO_TIME.fullmatch(text.strip())
    if matched is None:
        return None
    given = _offset(matched["zone"]) if matched["zone"] else zone
    if given is None or int(matched["year"]) not in _YEARS:
        return None
    parts = [int(matched[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    fraction = int((matched["fraction"] or "0").ljust(6, "0")[:6])
    try:
        return datetime(*parts, fraction, tzinfo=given)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _offset(text: str) -> tzinfo | None:
    if text.upper() == "Z":
        return UTC
    digits = re.sub(r"\D", "", text).ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 15 or minutes > 59:
        return None
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if text[0] == "-" else delta)


def parse_timestamp(text: str, zone: tzinfo) -> datetime | None:
    """Return the time in an nbgrader `timestamp.txt`: `2026-03-02 10:11:12.345678 KST`.

    Besides offsets and IANA names the abbreviation is known that the course's own zone has at that time; any other
    abbreviation could be several zones, so it tells nothing.
    """
    text = " ".join(text.split())
    plain = parse_time(text, zone)
    if plain is not None:
        return plain
    rest, _, name = text.rpartition(" ")
    local = parse_time(rest, zone)
    if local is None or not name:
        return None
    if local.tzname() == name:
        return local
    if name.upper() in ("UTC", "GMT"):
        return local.replace(tzinfo=UTC)
    try:
        return local.replace(tzinfo=ZoneInfo(name)) if "/" in name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def attempt_of(name: str, zone: tzinfo) -> tuple[int, datetime | None] | None:
    """Return number and time of the attempt that a folder's name means; None where it means none."""
    told = parse_time(name, zone)
    if told is not None:
        return 0, told
    matched = _ATTEMPT.fullmatch(name.strip())
    return (int(matched[1] or matched[2]), None) if matched else None
