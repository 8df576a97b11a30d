"""The members of a zip that nobody trusts, and the content of one, a piece at a time.

This is not left to `zipfile`: there one entry that cannot be read hides all others, the list of members may be as long as
the zip, and what four kilobytes of bz2 hold (up to gigabytes) is unpacked at once.
"""

from __future__ import annotations

import bz2
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, Protocol

from grader.handin.zipnames import UTF8_FLAG

PIECE = 1 << 16
"""The most bytes that a member is read or unpacked at once."""
_MOST_EXTRA = 1 << 10
"""Further bytes of a member's extra fields are not looked at."""
_MOST_NAME = 1 << 12
"""A longer name is cut."""
_MOST_WINDOW = 256 << 20
"""The bytes that an LZMA member may refer back to, whatever it asks for."""
_UNKNOWN_FLAGS = 0x20 | 0x40 | 0x2000
"""What says that a member is a patch, or that names or contents are encrypted in another way."""
_ZIP64, _IN_ZIP64 = 1, 0xFFFFFFFF

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_PLACE = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LZMA_HEAD = struct.Struct("<HHBL")


class Damaged(Exception):
    """A zip or a member that cannot be read; the text says what is wrong."""


class TooManyMembers(Exception):
    """A zip of more members than were asked for."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member, as the zip's directory has it."""

    info: zipfile.ZipInfo
    """Its `orig_filename` is the name as it is stored, its `header_offset` the place in the file."""
    end: int
    """Where the next member begins; none reaches further."""


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Stored:
    """What is not packed."""

    eof, needs_input = False, True

    def decompress(self, data: bytes, _max_length: int) -> bytes:
        """Return the data: it is no more than was asked for."""
        return data


class _Deflated:
    """A decoder of zlib's that is asked like those of bz2 and lzma."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        """Return whether its end was met."""
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        """Return whether all that it was given is unpacked."""
        return not self._decoder.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return the next bytes of the content."""
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


def list_members(file: IO[bytes], most: int) -> list[Member]:
    """Return the members of a zip, in the order of its directory.

    Raises:
        Damaged: it is no zip, or its directory cannot be read.
        TooManyMembers: it has more than `most`.
        OSError: the file cannot be read.
    """
    place, size, offset = _directory(file)
    start = place - size
    if start < offset or offset < 0:
        raise Damaged("its directory is not where it should be")
    file.seek(start)
    infos: list[zipfile.ZipInfo] = []
    while file.tell() < place:
        if len(infos) >= most:
            raise TooManyMembers
        infos.append(_entry(file, start - offset))
    # Of several that begin at one place only the last reaches beyond it.
    by_place = sorted(range(len(infos)), key=lambda index: infos[index].header_offset)
    ends = {index: infos[after].header_offset for index, after in pairwise(by_place)}
    return [Member(info, ends.get(index, start)) for index, info in enumerate(infos)]


def _directory(file: IO[bytes]) -> tuple[int, int, int]:
    """Return where a zip's directory ends, its size, and where the zip says that it begins."""
    length = file.seek(0, os.SEEK_END)
    tail_place = max(0, length - _END.size - 0xFFFF)
    file.seek(tail_place)
    tail = file.read()
    found = tail.rfind(b"PK\5\6")
    if found < 0 or len(tail) < found + _END.size:
        raise Damaged("it has no directory")
    _, _, _, _, _, size, offset, _ = _END.unpack_from(tail, found)
    end = tail_place + found
    place64 = end - _END64_PLACE.size - _END64.size
    if place64 >= 0:
        file.seek(place64)
        ends = file.read(_END64.size + _END64_PLACE.size)
        if ends.startswith(b"PK\6\6") and ends[_END64.size :].startswith(b"PK\6\7"):
            *_, size, offset = _END64.unpack_from(ends)
            end = place64
    return end, size, offset


def _entry(file: IO[bytes], shift: int) -> zipfile.ZipInfo:
    """Return the next entry of a directory; `shift` is how many bytes stand before the zip."""
    head = file.read(_ENTRY.size)
    if len(head) < _ENTRY.size or not head.startswith(b"PK\1\2"):
        raise Damaged("its directory is damaged")
    (
        _, _, _, flags, method, time, date, crc, packed, size,
        name_length, extra_length, comment_length, _, _, attributes, offset,
    ) = _ENTRY.unpack(head)  # fmt: skip
    name = file.read(name_length)[:_MOST_NAME]
    extra = file.read(extra_length)[:_MOST_EXTRA]
    file.seek(comment_length, os.SEEK_CUR)
    size, packed, offset = _in_zip64(extra, size, packed, offset)
    info = zipfile.ZipInfo()
    info.orig_filename = name.decode("utf-8", "replace") if flags & UTF8_FLAG else name.decode("cp437")
    info.flag_bits, info.compress_type, info.CRC = flags, method, crc
    info.compress_size, info.file_size, info.header_offset = packed, size, offset + shift
    info.external_attr, info.extra = attributes, extra
    info.date_time = (
        (date >> 9) + 1980, date >> 5 & 0xF, date & 0x1F, time >> 11, time >> 5 & 0x3F, (time & 0x1F) * 2,
    )  # fmt: skip
    return info


def _in_zip64(extra: bytes, *values: int) -> tuple[int, ...]:
    """Return values of an entry, those that are too large for it as its extra field has them."""
    place, wide = 0, iter(())
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == _ZIP64:
            numbers = extra[place + 4 : place + 4 + length]
            wide = iter(struct.unpack(f"<{len(numbers) // 8}Q", numbers[: len(numbers) // 8 * 8]))
            break
        place += 4 + length
    return tuple(next(wide, value) if value == _IN_ZIP64 else value for value in values)


def read_member(file: IO[bytes], member: Member) -> Iterator[bytes]:
    """Yield a member's content in pieces, of which some may be empty.

    Raises:
        Damaged: it cannot be unpacked, is not what it should be, or reaches into the next one.
        OSError: the file cannot be read.
    """
    info = member.info
    start = _content_place(file, member)
    file.seek(start)
    packed, size, checksum = info.compress_size, info.file_size, 0
    if info.compress_type == zipfile.ZIP_LZMA:
        packed -= _LZMA_HEAD.size
    decoder = _decoder(file, info)
    while size and not decoder.eof:
        data = b""
        if decoder.needs_input and packed > 0:
            data = file.read(min(packed, PIECE))
            packed -= len(data)
        try:
            content = decoder.decompress(data, PIECE)[:size]
        # This is bz2's OSError: no file is read here.
        except (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError) as error:
            raise Damaged(str(error)) from error
        if not (content or data):
            break
        checksum = zlib.crc32(content, checksum)
        size -= len(content)
        yield content
    if size or checksum != info.CRC:
        raise Damaged("its checksum is another")


def _content_place(file: IO[bytes], member: Member) -> int:
    """Return where a member's content begins."""
    info = member.info
    if info.flag_bits & _UNKNOWN_FLAGS:
        raise Damaged(f"flags {info.flag_bits:#x}")
    if not 0 <= info.header_offset < member.end:
        raise Damaged("it lies where another one does")
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\3\4"):
        raise Damaged("it does not begin where it should")
    *_, name_length, extra_length = _LOCAL.unpack(head)
    start = info.header_offset + _LOCAL.size + int(name_length) + int(extra_length)
    if start + info.compress_size > member.end:
        raise Damaged("it reaches into the next one")
    return start


def _decoder(file: IO[bytes], info: zipfile.ZipInfo) -> _Decoder:
    match info.compress_type:
        case zipfile.ZIP_STORED:
            return _Stored()
        case zipfile.ZIP_DEFLATED:
            return _Deflated()
        case zipfile.ZIP_BZIP2:
            return bz2.BZ2Decompressor()
        case zipfile.ZIP_LZMA:
            return _lzma_decoder(file.read(_LZMA_HEAD.size))
    raise Damaged(f"compression method {info.compress_type}")


def _lzma_decoder(head: bytes) -> _Decoder:
    """Return the decoder that an LZMA member's head asks for."""
    if len(head) < _LZMA_HEAD.size:
        raise Damaged("it is cut short")
    _, _, places, window = _LZMA_HEAD.unpack(head)
    choices = {"lc": places % 9, "lp": places // 9 % 5, "pb": places // 45}
    window = min(max(window, 1 << 12), _MOST_WINDOW)
    try:
        return lzma.LZMADecompressor(
            lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": window, **choices}]
        )
    except (lzma.LZMAError, ValueError) as error:
        raise Damaged(str(error)) from error
