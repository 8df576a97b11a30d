"""The manifest in a zip that `grader submit` packed.

All of it is the student's to write, like everything in the zip: it becomes a note, and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter

from grader.handin.archives import CLASS_LIMITS
from grader.handin.zipmembers import Damaged, TooManyMembers, list_members

MANIFEST = "grader-submission.json"
"""Its name, in the one folder of such a zip, which is called like the student."""
MOST_BYTES = 1 << 20
"""A longer manifest is none."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file in the zip."""

    path: str
    """Below the student's folder."""
    sha256: str
    bytes: int
    saved_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """What a zip says of itself."""

    course: str
    student: str
    packed_at: AwareDatetime
    versions: dict[str, str]
    """Of this program, Python and what the course imports, by name."""
    files: list[PackedFile]
    format: int = 1


_PACKED: TypeAdapter[Packed] = TypeAdapter(Packed)


def packed_json(packed: Packed) -> bytes:
    """Return a manifest as it is written."""
    return _PACKED.dump_json(packed, indent=1)


def read_packed(raw: bytes) -> Packed | None:
    """Return what a manifest says; None where it is none."""
    try:
        return _PACKED.validate_json(raw) if len(raw) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return None


def is_packed(path: Path) -> bool:
    """Return whether a zip is one that `grader submit` packs: one folder, and the manifest in it."""
    try:
        with path.open("rb") as file:
            names = [member.info.orig_filename for member in list_members(file, CLASS_LIMITS.members)]
    except (OSError, Damaged, TooManyMembers):
        return False
    tops = {name.partition("/")[0] for name in names}
    return len(tops) == 1 and f"{min(tops)}/{MANIFEST}" in names
