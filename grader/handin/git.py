"""The date of a clone's last commit, read from its `.git`.

git itself would do what the repository's configuration, hooks, attributes and alternates say, and those are a student's. So
nothing is executed here and no configuration is looked at: HEAD, the ref that it names, and that commit, loose or packed
(`gitformat-pack` and `gitrepository-layout` of git's documentation). No link is followed, nothing outside of the folder is
opened, and everything that is read or inflated has a limit.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from grader.platforms import NO_LINK, OPEN_FILE

_MOST_BYTES = 1 << 20
"""The size of an object, of a delta, and of what they are packed in. A commit has a few hundred bytes."""
_MOST_PACKED_REFS = 16 << 20
_MOST_PACKS = 1000
_MOST_REFS = 5
"""A ref may name another; git follows as many."""
_MOST_DELTAS = 64
"""git packs chains of 50 deltas at most unless it is told otherwise."""
_COMMIT, _OFFSET_DELTA, _NAMED_DELTA = 1, 6, 7
"""Kinds of packed objects; 2, 3 and 4 are trees, files and tags."""
_COMMITTER = re.compile(rb"^committer [^\n]*> (\d{1,15}) [+-]\d{4}$", re.MULTILINE)


def last_commit(folder: Path) -> int | None:
    """Return when the last commit was made, in seconds since 1970, by the clock of whoever made it.

    None where that cannot be told.
    """
    try:
        if folder.is_symlink() or not folder.is_dir():
            return None
        kind, content = _object(folder, _head(folder), 0)
    except (OSError, ValueError, IndexError, struct.error, zlib.error):
        return None
    matched = _COMMITTER.search(content.partition(b"\n\n")[0]) if kind == _COMMIT else None
    return int(matched[1]) if matched else None


@contextmanager
def _open(folder: Path, name: str) -> Iterator[IO[bytes]]:
    """Open a file below the folder that is reached without a link, and that is no pipe or device."""
    path = folder
    for part in name.split("/"):
        path /= part
        if part in ("", ".", "..") or path.is_symlink():
            raise ValueError(name)
    with open(os.open(path, OPEN_FILE | NO_LINK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError(name)
        yield file


def _read(folder: Path, name: str, most: int) -> bytes:
    with _open(folder, name) as file:
        return file.read(most)


def _head(folder: Path) -> bytes:
    """Return the name of the commit that HEAD means."""
    content = _read(folder, "HEAD", 4096)
    for _ in range(_MOST_REFS):
        if not content.startswith(b"ref:"):
            return bytes.fromhex(content.decode("ascii").strip())
        content = _ref(folder, content[4:].strip())
    raise ValueError("HEAD")


def _ref(folder: Path, name: bytes) -> bytes:
    """Return what a ref says: in a file of its own, else in the list of packed ones."""
    if not name.startswith(b"refs/"):
        raise ValueError(name)
    try:
        return _read(folder, name.decode(), 4096)
    except FileNotFoundError:
        packed = _read(folder, "packed-refs", _MOST_PACKED_REFS)
        matched = re.search(rb"^([0-9a-f]{40,64}) %s$" % re.escape(name), packed, re.MULTILINE)
        if matched is None:
            raise
        return matched[1]


def _object(folder: Path, name: bytes, depth: int) -> tuple[int, bytes]:
    """Return the kind and the content of an object; of a loose one only whether it is a commit is told."""
    if len(name) not in (20, 32) or depth > _MOST_DELTAS:
        raise ValueError(name)
    try:
        loose = _read(folder, f"objects/{name.hex()[:2]}/{name.hex()[2:]}", _MOST_BYTES)
    except FileNotFoundError:
        for pack in islice(_packs(folder), _MOST_PACKS):
            with _open(folder, f"{pack}.idx") as index:
                offset = _offset(index, name)
            if offset is not None:
                return _packed(folder, f"{pack}.pack", offset, len(name), depth)
        raise
    head, _, content = zlib.decompressobj().decompress(loose, _MOST_BYTES).partition(b"\0")
    return _COMMIT if head.startswith(b"commit ") else 0, content


def _packs(folder: Path) -> Iterator[str]:
    packs = folder / "objects" / "pack"
    if not (folder / "objects").is_symlink() and not packs.is_symlink():
        with os.scandir(packs) as entries:
            yield from (f"objects/pack/{entry.name[:-4]}" for entry in entries if entry.name.endswith(".idx"))


def _offset(index: IO[bytes], name: bytes) -> int | None:
    """Return where an index says that an object begins in its pack."""

    def at(place: int, size: int) -> bytes:
        index.seek(place)
        return index.read(size)

    is_second = at(0, 8) == b"\377tOc\0\0\0\2"
    start, size = (8, len(name)) if is_second else (0, len(name) + 4)
    (low,) = struct.unpack(">L", at(start + 4 * (name[0] - 1), 4)) if name[0] else (0,)
    (high,) = struct.unpack(">L", at(start + 4 * name[0], 4))
    (count,) = struct.unpack(">L", at(start + 4 * 255, 4))
    names = start + 1024
    while low < high:
        middle = (low + high) // 2
        entry = at(names + middle * size, size)[-len(name) :]
        if entry == name:
            return _offset_of(at, names, count, middle, size, is_second=is_second)
        low, high = (middle + 1, high) if entry < name else (low, middle)
    return None


def _offset_of(
    at: Callable[[int, int], bytes], names: int, count: int, number: int, size: int, *, is_second: bool
) -> int:
    if not is_second:
        return int.from_bytes(at(names + number * size, 4))
    offsets = names + count * (size + 4)
    offset = int.from_bytes(at(offsets + 4 * number, 4))
    if offset >> 31:
        # A pack of more than 2 GiB has a second table.
        return int.from_bytes(at(offsets + 4 * count + 8 * (offset & 0x7FFFFFFF), 8))
    return offset


def _packed(folder: Path, pack: str, offset: int, name_size: int, depth: int) -> tuple[int, bytes]:
    """Return the kind and the content of the object that begins there, with the deltas that it is made of."""
    if depth > _MOST_DELTAS or offset < 12:
        raise ValueError(pack)
    with _open(folder, pack) as file:
        file.seek(offset)
        head = file.read(64)
        kind, (size, place) = head[0] >> 4 & 7, _number(head, 0, 4)
        if kind == _OFFSET_DELTA:
            back, place = _distance(head, place)
            if back < 1:
                raise ValueError(pack)
        elif kind == _NAMED_DELTA:
            base_name, place = head[place : place + name_size], place + name_size
        file.seek(offset + place)
        content = _inflated(file.read(_MOST_BYTES), size)
    if kind == _OFFSET_DELTA:
        kind, base = _packed(folder, pack, offset - back, name_size, depth + 1)
    elif kind == _NAMED_DELTA:
        kind, base = _object(folder, base_name, depth + 1)
    else:
        return kind, content
    return kind, _applied(content, base)


def _number(data: bytes, place: int, first_bits: int) -> tuple[int, int]:
    """Return a number whose bytes have 7 bits each, the lowest first, and the place behind it."""
    number, shift = data[place] & ((1 << first_bits) - 1), first_bits
    while data[place] & 0x80 and shift < 64:
        place += 1
        number |= (data[place] & 0x7F) << shift
        shift += 7
    return number, place + 1


def _distance(data: bytes, place: int) -> tuple[int, int]:
    """Return how far back the base of a delta begins, and the place behind that number."""
    number = data[place] & 0x7F
    while data[place] & 0x80:
        place += 1
        number = (number + 1) << 7 | data[place] & 0x7F
    return number, place + 1


def _inflated(data: bytes, size: int) -> bytes:
    # A limit of 0 would be none.
    content = zlib.decompressobj().decompress(data, size) if 0 < size <= _MOST_BYTES else b""
    if len(content) != size:
        raise ValueError(size)
    return content


def _applied(delta: bytes, base: bytes) -> bytes:
    """Return what a delta makes of its base: pieces of the base, and bytes of its own."""
    base_size, place = _number(delta, 0, 7)
    size, place = _number(delta, place, 7)
    if base_size != len(base) or size > _MOST_BYTES:
        raise ValueError(size)
    content = bytearray()
    while place < len(delta) and len(content) <= size:
        order, place = delta[place], place + 1
        if order & 0x80:
            numbers = [0] * 7
            for bit in range(7):
                if order >> bit & 1:
                    numbers[bit], place = delta[place], place + 1
            start, length = (int.from_bytes(bytes(part), "little") for part in (numbers[:4], numbers[4:]))
            content += base[start : start + (length or 0x10000)]
        else:
            content += delta[place : place + order]
            place += order
    if len(content) != size:
        raise ValueError(size)
    return bytes(content)
