"""A PNG that nobody trusts -> the same picture as a file of our own making: no byte of it is handed on that was not read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES = 4 << 20
_MOST_PIXELS = 1_000_000
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Of each type of colours."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 3: (1, 2, 4, 8)}
_TRANSPARENCY = {0: 2, 2: 6}
"""How long a transparent colour is; a palette has one byte for each colour."""


def remade_png(data: bytes) -> bytes | None:
    """Return a picture written anew, without texts and whatever else stands in its file.

    None for what is no whole PNG, is interlaced, or has more than a million pixels.
    """
    if not data.startswith(_SIGNATURE) or len(data) > _MOST_BYTES:
        return None
    try:
        return _remade(_chunks(data))
    except (ValueError, LookupError, struct.error, zlib.error):
        return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while True:
        length, name = struct.unpack_from(">I4s", data, place)
        content = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, place + 8 + length)
        if checksum != zlib.crc32(name + content):
            raise ValueError("damaged")
        if name == b"IEND":
            return
        yield name, content
        place += 12 + length


def _remade(chunks: Iterator[tuple[bytes, bytes]]) -> bytes:
    name, head = next(chunks, (b"", b""))
    width, height, depth, colours, *methods = struct.unpack(">IIBBBBB", head)
    if name != b"IHDR" or methods != [0, 0, 0] or not 0 < width * height <= _MOST_PIXELS:
        raise ValueError("no head, interlaced, or too large")
    if depth not in _DEPTHS.get(colours, (8, 16)):
        raise ValueError("no depth that colours of this type have")
    # Hundreds of thousands of chunks must not be copied each time that one is added.
    found = {b"PLTE": bytearray(), b"tRNS": bytearray(), b"IDAT": bytearray()}
    for name, content in chunks:
        if name in found:
            found[name] += content
    palette, transparency, packed = map(bytes, found.values())
    if colours != 3:
        # With other colours it says only which of them a poor screen might show.
        palette = b""
    elif not 0 < len(palette) <= 3 << depth or len(palette) % 3:
        raise ValueError("no palette, or one that is none")
    if len(transparency) > _TRANSPARENCY.get(colours, len(palette) // 3):
        raise ValueError("no transparency that colours of this type have")
    row = 1 + (width * _CHANNELS[colours] * depth + 7) // 8
    unpacker = zlib.decompressobj()
    rows = unpacker.decompress(packed, row * height + 1)
    # Each row begins with how it was filtered, which is all that can be wrong in it.
    if len(rows) != row * height or not unpacker.eof or max(rows[::row]) > 4:
        raise ValueError("damaged rows")
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"tRNS", transparency), (b"IDAT", zlib.compress(rows, 9)))
    return b"".join([_SIGNATURE, *(_chunk(*part) for part in parts if part[1]), _chunk(b"IEND", b"")])


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
