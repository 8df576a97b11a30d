"""The names in a zip: whatever encoding they are in, to paths that lie where they are unpacked."""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

__all__ = ["decoded_names", "member_date", "safe_parts"]

UTF8_FLAG = 0x800
MOST_BYTES = 255
"""Of one part of a path, as file systems have it."""
MOST_PARTS = 32
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_EXTENDED_TIMESTAMP = 0x5455


def decoded_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names.

    A name with the UTF-8 flag is what it says. The others are in one encoding, which the zip does not name: UTF-8 where
    all of them are that (macOS), else CP949 (Korean Windows), else CP437 (as the format has it).
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
    """Return the parts of a member's path below the folder it is unpacked to; None for one that would lead out.

    Zips of Windows may have backslashes. Parts that are too long for a file system are cut and told apart by a digest.
    """
    name = name.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or "\0" in name:
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts or not 0 < len(parts) <= MOST_PARTS:
        return None
    return tuple(map(_short, parts))


def _short(part: str) -> str:
    raw = part.encode("utf-8", "surrogateescape")
    if len(raw) <= MOST_BYTES:
        return part
    suffix = PurePosixPath(part).suffix
    suffix = suffix if len(suffix.encode("utf-8", "surrogateescape")) <= 16 else ""
    digest = hashlib.sha256(raw).hexdigest()[:8]
    kept = raw[: MOST_BYTES - len(suffix.encode("utf-8", "surrogateescape")) - len(digest) - 1]
    return f"{kept.decode('utf-8', 'ignore')}-{digest}{suffix}"


def member_date(member: zipfile.ZipInfo) -> str:
    """Return a member's date in ISO 8601, with a zone where the zip has one (Info-ZIP's extra field); empty without one.

    The format's own date has no zone, and its first day is what programs write that know no date.
    """
    seconds = _extended(member.extra)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        return "" if member.date_time == _NO_DATE else datetime(*member.date_time).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _extended(extra: bytes) -> int | None:
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
