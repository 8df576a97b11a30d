"""Unpack a zip that nobody trusts: names, sizes, links and damage are looked at before anything is kept.

Each zip gets a folder that is named by its content (`<digest16>/`), with an index beside it (`<digest16>.json`) that is
written last: a folder with an index is whole and is not unpacked again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from grader.handin.names import is_hidden, shown_name
from grader.handin.zipnames import decoded_names, member_date, safe_parts
from grader.model import Explanation

_FORMAT = 2
"""The version of the index; one of another version is not used."""
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)
"""What `zipfile` raises for a zip that is damaged, encrypted, or packed in a way that it does not know.

ValueError is also a name that is not in the encoding that its flag says.
"""


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a zip may hold; sizes are in MiB."""

    packed_mib: int
    """The size of the zip itself."""
    members: int
    """The number of members."""
    member_mib: int
    """The unpacked size of one member; a larger one is passed over."""
    total_mib: int
    """The unpacked size of all members together; beyond it the zip is refused."""
    ratio: int = 200
    """The unpacked size of a member by its packed size; a member beyond it is passed over if it is not small."""
    small_mib: int = 16
    """The unpacked size up to which a member's ratio does not matter."""
    keeps_clones: bool = False
    """Whether the part of a `.git` that tells the last commit is unpacked; its configuration and hooks never are."""


CLASS_LIMITS = ZipLimits(
    packed_mib=8192, members=200_000, member_mib=256, total_mib=16_384, keeps_clones=True
)
STUDENT_LIMITS = ZipLimits(packed_mib=256, members=5_000, member_mib=64, total_mib=512)
_TELL_COMMIT = (("HEAD",), ("packed-refs",), ("refs",), ("objects",))
"""What of a `.git` is read (see `git`)."""


class ZipRefused(Exception):
    """A zip that is not unpacked at all, and why; no other room sees this error."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.explanation = Explanation(key, values)


@dataclass(slots=True)
class Unpacked:
    """A zip's content; all but the folder is in its index."""

    folder: Path
    digest: str
    """The SHA-256 of the whole zip, in hexadecimal; the folder's name is the beginning of it."""
    format: int = _FORMAT
    dates: dict[str, str] = field(default_factory=dict)
    """Path below the folder -> date in ISO 8601; empty for a member without one."""
    notes: list[Explanation] = field(default_factory=list)
    """What was passed over; the `file` of their values is the member's name."""


_UNPACKED: TypeAdapter[Unpacked] = TypeAdapter(Unpacked)


def unpack(path: Path, into: Path, limits: ZipLimits) -> Unpacked:
    """Unpack a zip below `into`, or find it unpacked there.

    Raises:
        ZipRefused: it is not a zip, or holds more than the limits allow.
        OSError: it cannot be read, or its content not be written.
    """
    if path.stat().st_size > limits.packed_mib << 20:
        raise ZipRefused("submissions.zip_too_large", mib=limits.packed_mib)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        folder = into / digest[:16]
        unpacked = _read_index(folder)
        if unpacked is not None and unpacked.digest != digest:
            # Another zip's digest begins alike.
            folder = into / digest
            unpacked = _read_index(folder)
        if unpacked is None or not folder.is_dir():
            unpacked = _unpack_anew(file, Unpacked(folder, digest), limits)
    return unpacked


def _index_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _read_index(folder: Path) -> Unpacked | None:
    """Return what the index beside a folder says; None where there is none that can be used."""
    try:
        index = json.loads(_index_of(folder).read_bytes())
        unpacked = _UNPACKED.validate_python({**index, "folder": folder})
    except (OSError, ValueError, TypeError):
        return None
    return unpacked if unpacked.format == _FORMAT else None


def _unpack_anew(file: IO[bytes], unpacked: Unpacked, limits: ZipLimits) -> Unpacked:
    """Unpack a zip to its folder, and write the index last."""
    folder = unpacked.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two runs may unpack the same zip: each does it in a folder of its own.
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        content, index = Path(scratch, "content"), Path(scratch, "index.json")
        content.mkdir()
        try:
            with zipfile.ZipFile(file) as archive:
                _Unpacking(archive, content, limits, unpacked).run()
        except _DAMAGE as error:
            raise ZipRefused("submissions.zip_damaged", error=str(error)[:200]) from error
        content.chmod(0o755)
        index.write_text(json.dumps(asdict(unpacked), default=str), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        content.replace(folder)
        index.replace(_index_of(folder))
    return unpacked


def _tells_commit(parts: tuple[str, ...]) -> bool:
    """Return whether a member is in a clone's `.git`, and is among what tells its last commit."""
    place = parts.index(".git") if ".git" in parts else len(parts)
    return parts[place + 1 : place + 2] in _TELL_COMMIT and not any(map(is_hidden, parts[:place]))


class _Unpacking:
    def __init__(self, archive: zipfile.ZipFile, folder: Path, limits: ZipLimits, unpacked: Unpacked) -> None:
        self.archive = archive
        self.folder = folder
        self.limits = limits
        self.unpacked = unpacked
        self.total = 0
        """The unpacked bytes so far."""
        self.copies: dict[Path, int] = {}
        """A path that several members have -> how many took it so far."""

    def run(self) -> None:
        members = self.archive.infolist()
        if len(members) > self.limits.members:
            raise ZipRefused("submissions.zip_many", members=self.limits.members)
        for member, name in zip(members, decoded_names(members), strict=True):
            parts = safe_parts(name)
            if parts is None:
                self._note("submissions.zip_outside", name)
            elif not any(map(is_hidden, parts)) or (self.limits.keeps_clones and _tells_commit(parts)):
                self._take(member, name, parts)

    def _note(self, key: str, name: str, **values: Any) -> None:
        self.unpacked.notes.append(Explanation(key, {"file": shown_name(name), **values}))

    def _take(self, member: zipfile.ZipInfo, name: str, parts: tuple[str, ...]) -> None:
        """Unpack one member, or note why it is passed over."""
        target = self.folder.joinpath(*parts)
        try:
            if name.endswith(("/", "\\")):
                target.mkdir(parents=True, exist_ok=True)
            elif stat.S_ISLNK(member.external_attr >> 16):
                self._note("submissions.link", name)
            elif member.flag_bits & 0x1:
                self._note("submissions.zip_encrypted", name)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target = self._free(target)
                self._write(member, name, target)
        except _DAMAGE as error:
            target.unlink(missing_ok=True)
            self._note("submissions.zip_member_damaged", name, error=str(error)[:200])
        except (FileExistsError, NotADirectoryError):
            self._note("submissions.zip_member_clash", name)

    def _free(self, target: Path) -> Path:
        """Return a path that no member before took: a zip may hold a name twice."""
        free = target
        while os.path.lexists(free):
            if free.is_dir():
                raise FileExistsError
            self.copies[target] = self.copies.get(target, 1) + 1
            free = target.with_name(f"{target.stem} ({self.copies[target]}){target.suffix}")
        return free

    def _write(self, member: zipfile.ZipInfo, name: str, target: Path) -> None:
        """Write a member, or note that it is too large; what its header says of its size is not believed."""
        limits, size = self.limits, 0
        most = max(limits.small_mib << 20, limits.ratio * max(member.compress_size, 1))
        most = min(most, limits.member_mib << 20)
        with self.archive.open(member) as source, target.open("xb") as file:
            while chunk := source.read(1 << 16):
                size += len(chunk)
                if size > most:
                    break
                self.total += len(chunk)
                if self.total > limits.total_mib << 20:
                    raise ZipRefused("submissions.zip_bomb", mib=limits.total_mib)
                file.write(chunk)
            else:
                self.unpacked.dates[target.relative_to(self.folder).as_posix()] = member_date(member)
                return
        target.unlink()
        self.total -= size - len(chunk)
        self._note("submissions.zip_member_large", name, mib=limits.member_mib, ratio=limits.ratio)
