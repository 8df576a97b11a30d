"""Unpack a zip that nobody trusts: names, sizes, links and damage are looked at before anything is kept.

Each zip gets a folder that is named by its content (`<digest16>/`), with an index beside it (`<digest16>.json`) that is
written last: a folder with an index is whole and is not unpacked again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from grader.answers.regular import open_regular
from grader.handin.names import is_hidden, shown_name
from grader.handin.zipmembers import Damaged, Member, TooManyMembers, list_members, read_member
from grader.handin.zipnames import decoded_names, member_date, safe_parts
from grader.model import Explanation

_FORMAT = 2
"""The version of the index; one of another version is not used."""
_MOST_SHOWN = 300
"""Of a member's name further characters are not shown."""
_UNUSABLE = {errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL}
"""What the system says of a name that no file can have."""


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a zip may hold; sizes are in MiB."""

    packed_mib: int
    """The size of the zip itself."""
    members: int
    """The number of members, and that of the folders which they lie in."""
    member_mib: int
    """The unpacked size of one member; a larger one is passed over."""
    total_mib: int
    """The unpacked size of all members together; beyond it the zip is refused."""
    ratio: int = 200
    """The unpacked size of a member by its packed size; a member beyond it is passed over if it is not small."""
    small_mib: int = 16
    """The unpacked size up to which a member's ratio does not matter."""
    seconds: float = math.inf
    """The processor's time that unpacking may take: not the disk's, which is nobody's fault."""
    notes: int = 10_000
    """So many of the members that are passed over are named; the others are counted."""
    keeps_clones: bool = False
    """Whether the part of a `.git` that tells the last commit is unpacked; its configuration and hooks never are."""


CLASS_LIMITS = ZipLimits(
    packed_mib=8192, members=200_000, member_mib=256, total_mib=16_384, keeps_clones=True
)
STUDENT_LIMITS = ZipLimits(packed_mib=256, members=5_000, member_mib=64, total_mib=512, seconds=20, notes=50)
_TELL_COMMIT = (("HEAD",), ("packed-refs",), ("refs",), ("objects",))
"""What of a `.git` is read (see `git`)."""


@dataclass(slots=True)
class Spent:
    """What the zips of one student have taken so far of what they may take together."""

    members: int = 0
    size: int = 0
    """The bytes unpacked."""
    seconds: float = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count the processor's time."""
        before = self.seconds - time.thread_time()
        try:
            yield
        finally:
            self.seconds = before + time.thread_time()


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
    members: int
    size: int
    """What it takes of the limits."""
    format: int = _FORMAT
    dates: dict[str, str] = field(default_factory=dict)
    """Path below the folder -> date in ISO 8601; empty for a member without one."""
    notes: list[Explanation] = field(default_factory=list)
    """What was passed over; the `file` of their values is the member's name."""


_UNPACKED: TypeAdapter[Unpacked] = TypeAdapter(Unpacked)


def unpack(
    path: Path, into: Path, limits: ZipLimits, spent: Spent | None = None, below: Path | None = None
) -> Unpacked:
    """Unpack a zip below `into`, or find it unpacked there; what other zips have `spent` counts as this one's.

    Between the folder `below` and the zip no link is followed.

    Raises:
        ZipRefused: it is not a zip, or holds more than the limits allow.
        OSError: it cannot be read, or its content not be written.
    """
    spent = spent or Spent()
    with open_regular(path, below) as file, spent.timed():
        if os.fstat(file.fileno()).st_size > limits.packed_mib << 20:
            raise ZipRefused("submissions.zip_too_large", mib=limits.packed_mib)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        folder = into / digest[:16]
        unpacked = _read_index(folder)
        if unpacked is not None and unpacked.digest != digest:
            # Another zip's digest begins alike.
            folder = into / digest
            unpacked = _read_index(folder)
        if unpacked is None or not folder.is_dir():
            try:
                unpacked = _unpack_anew(file, Unpacked(folder, digest, 0, 0), limits, spent)
            except MemoryError as error:
                raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)) from error
        if spent.members + unpacked.members > limits.members:
            raise ZipRefused("submissions.zip_many", members=limits.members)
        if spent.size + unpacked.size > limits.total_mib << 20:
            raise ZipRefused("submissions.zip_bomb", mib=limits.total_mib)
    spent.members += unpacked.members
    spent.size += unpacked.size
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


def _unpack_anew(file: IO[bytes], unpacked: Unpacked, limits: ZipLimits, spent: Spent) -> Unpacked:
    """Unpack a zip to its folder, and write the index last."""
    folder = unpacked.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two runs may unpack the same zip: each does it in a folder of its own.
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        content, index = Path(scratch, "content"), Path(scratch, "index.json")
        content.mkdir()
        try:
            _Unpacking(file, content, limits, unpacked, spent).run()
        except Damaged as error:
            raise ZipRefused("submissions.zip_damaged", error=str(error)[:200]) from error
        except TooManyMembers as error:
            raise ZipRefused("submissions.zip_many", members=limits.members) from error
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
    def __init__(
        self, file: IO[bytes], folder: Path, limits: ZipLimits, unpacked: Unpacked, spent: Spent
    ) -> None:
        self.file = file
        self.folder = folder
        self.limits = limits
        self.unpacked = unpacked
        self.members_left = limits.members - spent.members
        self.size_left = (limits.total_mib << 20) - spent.size
        self.deadline = time.thread_time() + limits.seconds - spent.seconds
        self.folders = {folder}
        """The folders that were made."""
        self.copies: dict[Path, int] = {}
        """A path that several members have -> how many took it so far."""
        self.passed_over = 0

    def run(self) -> None:
        members = list_members(self.file, self.members_left)
        for member, name in zip(members, decoded_names([item.info for item in members]), strict=True):
            parts = safe_parts(name)
            if parts is None:
                self._note("submissions.zip_outside", name)
            elif not any(map(is_hidden, parts)) or (self.limits.keeps_clones and _tells_commit(parts)):
                self._take(member, name, parts)
        self.unpacked.members = max(len(members), len(self.folders))
        if self.passed_over > self.limits.notes:
            values = {"file": "", "count": self.passed_over - self.limits.notes}
            self.unpacked.notes.append(Explanation("submissions.zip_more", values))

    def _note(self, key: str, name: str, **values: Any) -> None:
        self.passed_over += 1
        if self.passed_over <= self.limits.notes:
            self.unpacked.notes.append(Explanation(key, {"file": shown_name(name[:_MOST_SHOWN]), **values}))

    def _take(self, member: Member, name: str, parts: tuple[str, ...]) -> None:
        """Unpack one member, or note why it is passed over."""
        info, target = member.info, self.folder.joinpath(*parts)
        try:
            if name.endswith(("/", "\\")):
                self._make(target)
            elif stat.S_ISLNK(info.external_attr >> 16):
                self._note("submissions.link", name)
            elif info.flag_bits & 0x1:
                self._note("submissions.zip_encrypted", name)
            else:
                self._make(target.parent)
                target = self._free(target)
                self._write(member, name, target)
        except Damaged as error:
            target.unlink(missing_ok=True)
            self._note("submissions.zip_member_damaged", name, error=str(error)[:200])
        except (FileExistsError, NotADirectoryError):
            self._note("submissions.zip_member_clash", name)
        except OSError as error:
            if error.errno not in _UNUSABLE:
                raise
            self._note("submissions.zip_member_damaged", name, error=error.strerror)

    def _make(self, folder: Path) -> None:
        """Make a folder and those around it."""
        if folder not in self.folders:
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            self.folders.add(folder)
            if len(self.folders) > self.members_left:
                raise TooManyMembers

    def _free(self, target: Path) -> Path:
        """Return a path that no member before took: a zip may hold a name twice."""
        free = target
        while os.path.lexists(free):
            if free.is_dir():
                raise FileExistsError
            self.copies[target] = self.copies.get(target, 1) + 1
            free = target.with_name(f"{target.stem} ({self.copies[target]}){target.suffix}")
        return free

    def _count(self, size: int) -> None:
        """Count bytes that were unpacked; look at the clock."""
        self.unpacked.size += size
        if self.unpacked.size > self.size_left:
            raise ZipRefused("submissions.zip_bomb", mib=self.limits.total_mib)
        if time.thread_time() > self.deadline:
            raise ZipRefused("submissions.zip_slow", seconds=round(self.limits.seconds))

    def _write(self, member: Member, name: str, target: Path) -> None:
        """Write a member, or note that it is too large; what its header says of its size is not believed."""
        limits, size = self.limits, 0
        most = max(limits.small_mib << 20, limits.ratio * max(member.info.compress_size, 1))
        most = min(most, limits.member_mib << 20)
        with target.open("xb") as file:
            for piece in read_member(self.file, member):
                size += len(piece)
                if size > most:
                    break
                self._count(len(piece))
                file.write(piece)
            else:
                self.unpacked.dates[target.relative_to(self.folder).as_posix()] = member_date(member.info)
                return
        target.unlink()
        self.unpacked.size -= size - len(piece)
        self._note("submissions.zip_member_large", name, mib=limits.member_mib, ratio=limits.ratio)
