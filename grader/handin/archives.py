"""Unpack a zip that nobody trusts: names, sizes, links and damage are looked at before anything is kept.

Each zip gets a folder that its content names (`<digest16>/`), with an index beside it (`<digest16>.json`) that is
written last: what has an index is whole and is not unpacked again.
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

from grader.files.write import replace_file
from grader.handin.names import is_hidden, shown_name
from grader.handin.zipnames import decoded_names, member_date, safe_parts
from grader.model import Explanation

__all__ = ["CLASS_LIMITS", "STUDENT_LIMITS", "Unpacked", "ZipLimits", "ZipRefused", "unpack"]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a zip may hold."""

    packed_mib: int
    """Size of the zip."""
    members: int
    member_mib: int
    """Unpacked size of one member; a larger one is passed over."""
    total_mib: int
    """Unpacked size of all members together; beyond it the zip is refused."""
    ratio: int = 200
    """Unpacked to packed size of one member larger than `free_mib`; one beyond it is passed over."""
    free_mib: int = 16


CLASS_LIMITS = ZipLimits(packed_mib=8192, members=200_000, member_mib=256, total_mib=16_384)
STUDENT_LIMITS = ZipLimits(packed_mib=256, members=5_000, member_mib=64, total_mib=512)


class ZipRefused(Exception):
    """A zip that is not unpacked at all, and why; it does not leave this room."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation)
        self.explanation = explanation


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A zip's content."""

    folder: Path
    dates: dict[str, str]
    """Path below the folder -> date, where there is one."""
    notes: tuple[Explanation, ...]
    """What was passed over; `{zip}` of their values is to be filled in."""


@dataclass(slots=True)
class _Index:
    digest: str
    format: int = FORMAT
    dates: dict[str, str] = field(default_factory=dict)
    notes: list[Explanation] = field(default_factory=list)


_INDEX: TypeAdapter[_Index] = TypeAdapter(_Index)


def unpack(path: Path, into: Path, limits: ZipLimits) -> Unpacked:
    """Unpack a zip below `into`, or find it unpacked there.

    Raises:
        ZipRefused: it is no zip, or holds more than the limits allow.
        OSError: it cannot be read, or its content not be written.

    """
    if path.stat().st_size > limits.packed_mib << 20:
        raise _refused("submissions.zip_too_large", mib=limits.packed_mib)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = digest[:16]
        known = _read_index(into / f"{name}.json")
        if known is not None and known.digest != digest:
            name = digest
            known = _read_index(into / f"{name}.json")
        folder = into / name
        if known is None or not folder.is_dir():
            known = _unpack_anew(file, digest, folder, limits)
    return Unpacked(folder, known.dates, tuple(known.notes))


def _refused(key: str, **values: Any) -> ZipRefused:
    return ZipRefused(Explanation(key, values))


def _read_index(path: Path) -> _Index | None:
    try:
        index = _INDEX.validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return index if index.format == FORMAT else None


def _unpack_anew(file: IO[bytes], digest: str, folder: Path, limits: ZipLimits) -> _Index:
    folder.parent.mkdir(parents=True, exist_ok=True)
    index = _Index(digest)
    # A name of its own: two runs may unpack the same zip.
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        try:
            with zipfile.ZipFile(file) as archive:
                _Unpacking(archive, unfinished, limits, index).run()
        except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
            # ValueError: also a name that is not in the encoding that its flag says.
            raise _refused("submissions.zip_damaged", error=str(error)[:200]) from error
        unfinished.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    replace_file(folder.with_name(f"{folder.name}.json"), json.dumps(asdict(index), ensure_ascii=True))
    return index


class _Unpacking:
    """The unpacking of one zip."""

    def __init__(self, archive: zipfile.ZipFile, folder: Path, limits: ZipLimits, index: _Index) -> None:
        self.archive = archive
        self.folder = folder
        self.limits = limits
        self.index = index
        self.total = 0
        self.copies: dict[Path, int] = {}

    def run(self) -> None:
        members = self.archive.infolist()
        if len(members) > self.limits.members:
            raise _refused("submissions.zip_many", members=self.limits.members)
        for member, name in zip(members, decoded_names(members), strict=True):
            parts = safe_parts(name)
            if parts is None:
                self._note("submissions.zip_outside", name)
            elif not any(map(is_hidden, parts)):
                self._take(member, name, parts)

    def _note(self, key: str, name: str, **values: Any) -> None:
        values = {"file": shown_name(name), **values}
        self.index.notes.append(Explanation(key, values))

    def _take(self, member: zipfile.ZipInfo, name: str, parts: tuple[str, ...]) -> None:
        mode = member.external_attr >> 16
        target = self.folder.joinpath(*parts)
        try:
            if name.endswith(("/", "\\")):
                target.mkdir(parents=True, exist_ok=True)
            elif stat.S_ISLNK(mode):
                self._note("submissions.link", name)
            elif member.flag_bits & 0x1:
                self._note("submissions.zip_encrypted", name)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target = self._free(target)
                if self._write(member, name, target):
                    self.index.dates[target.relative_to(self.folder).as_posix()] = member_date(member)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            EOFError,
            zlib.error,
            RuntimeError,
            ValueError,
        ) as error:
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

    def _write(self, member: zipfile.ZipInfo, name: str, target: Path) -> bool:
        """Write a member; what its header says of its size is not believed."""
        most, size = self.limits.member_mib << 20, 0
        with self.archive.open(member) as source, target.open("xb") as file:
            while chunk := source.read(1 << 16):
                size += len(chunk)
                is_bomb = size > self.limits.free_mib << 20 and size > self.limits.ratio * max(
                    member.compress_size, 1
                )
                if size > most or is_bomb:
                    break
                self.total += len(chunk)
                if self.total > self.limits.total_mib << 20:
                    raise _refused("submissions.zip_bomb", mib=self.limits.total_mib)
                file.write(chunk)
            else:
                return True
        target.unlink()
        self.total -= min(self.total, size - len(chunk))
        self._note("submissions.zip_member_large", name, mib=self.limits.member_mib, ratio=self.limits.ratio)
        return False
