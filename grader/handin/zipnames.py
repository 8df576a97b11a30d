"""The names in a zip, in whatever encoding they are -> paths that lie in the folder it is unpacked to."""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

UTF8_FLAG = 0x800
_MOST_BYTES = 255
"""The length of one part of a path that file systems take."""
_MOST_PARTS = 32
_NO_DATE = (1980, 1, 1, 0, 0, 0)
"""The first day of the format, which programs write that know no date."""
_EXTENDED_TIMESTAMP = 0x5455
"""The kind of Info-ZIP's extra field that holds a time in UTC (`extrafld.txt` of Info-ZIP's zip)."""


def decoded_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names, in NFC.

    A name with the UTF-8 flag is what it says. The others are in one encoding, which the zip does not name: UTF-8 where
    all of them are valid UTF-8 (macOS), else CP949 (Korean Windows), else CP437 (as the format has it).
    """
    raw = [b"" if item.flag_bits & UTF8_FLAG else item.orig_filename.encode("cp437") for item in members]
    encoding = next((name for name in ("utf-8", "cp949") if all(_is(name, item) for item in raw)), "cp437")
    return [
        unicodedata.normalize(
            "NFC", item.orig_filename if item.flag_bits & UTF8_FLAG else name.decode(encoding)
        )
        for item, name in zip(members, raw, strict=True)
    ]


def _is(encoding: str, name: bytes) -> bool:
    try:
        name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def safe_parts(name: str) -> tuple[str, ...] | None:
    """Return the parts of a member's path below the folder that it is unpacked to; None for one that would lead out.

    Zips made on Windows may have backslashes. A part that is too long for a file system is cut, and ends in a digest of it.
    """
    name = name.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or "\0" in name:
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts or not 0 < len(parts) <= _MOST_PARTS:
        return None
    return tuple(map(_short, parts))


def _short(part: str) -> str:
    raw = part.encode("utf-8", "surrogateescape")
    if len(raw) <= _MOST_BYTES:
        return part
    suffix = PurePosixPath(part).suffix.encode("utf-8", "surrogateescape")
    suffix = suffix if len(suffix) <= 16 else b""
    end = b"-%s%s" % (hashlib.sha256(raw).hexdigest()[:8].encode(), suffix)
    start = raw[: _MOST_BYTES - len(end)].decode("utf-8", "ignore")
    return start + end.decode("utf-8", "surrogateescape")


def member_date(member: zipfile.ZipInfo) -> str:
    """Return a member's date in ISO 8601; empty where the zip has none.

    Info-ZIP's extra field gives it in UTC, the format's own date has no zone.
    """
    seconds = _extended(member.extra)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        return "" if member.date_time == _NO_DATE else datetime(*member.date_time).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _extended(extra: bytes) -> int | None:
    """Return the seconds since 1970 in a member's extra fields; None where they have no time of change."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        if kind == _EXTENDED_TIMESTAMP:
            try:
                flags, seconds = struct.unpack_from("<Bl", extra, place + 4)
            except struct.error:
                return None
            return int(seconds) if size >= 5 and flags & 1 else None
        place += 4 + size
    return None
