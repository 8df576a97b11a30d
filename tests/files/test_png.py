"""A picture of a submission's is read to its end and written anew, or is none."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable

import pytest

from grader.files.png import remade_png

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def head(width: int = 2, height: int = 2, depth: int = 8, colours: int = 2, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced))


def png(*chunks: bytes) -> bytes:
    return b"".join([SIGNATURE, *chunks, chunk(b"IEND", b"")])


def plain_png(rows: bytes) -> bytes:
    """Return the picture of these rows, each of a filter and two pixels."""
    return png(head(), chunk(b"IDAT", zlib.compress(rows)))


ROWS = b"\x00abcdef" * 2
IMAGE = chunk(b"IDAT", zlib.compress(ROWS))
PALETTE = chunk(b"PLTE", b"\x00\x00\x00\xff\xff\xff")
PLAIN = plain_png(ROWS)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        png(head(), chunk(b"IDAT", zlib.compress(ROWS)[:5]), chunk(b"IDAT", zlib.compress(ROWS)[5:])),
        png(
            head(8, 2, 1, 3), PALETTE, chunk(b"tRNS", b"\x00"), chunk(b"IDAT", zlib.compress(b"\x00\xaa" * 2))
        ),
        png(head(), PALETTE, IMAGE),
        png(head(1, 1, 16, 6), chunk(b"IDAT", zlib.compress(b"\x04" + b"12345678"))),
        png(head(1000, 1000, 1, 0), chunk(b"IDAT", zlib.compress(bytes(126 * 1000)))),
    ],
)
def test_a_picture_is_the_same_and_made_anew_it_stays_so(data: bytes) -> None:
    remade = remade_png(data)
    assert remade is not None
    assert remade_png(remade) == remade
    assert remade.startswith(SIGNATURE + b"\x00\x00\x00\rIHDR")


def test_what_is_no_picture_in_it_is_gone() -> None:
    script = b"<script>alert(1)</script>"
    texts = chunk(b"tEXt", b"Comment\0" + script) + chunk(b"iTXt", script) + chunk(b"eXIf", script)
    assert remade_png(png(head(), texts, IMAGE, texts) + script) == remade_png(PLAIN)
    # Bytes that follow the rows in the same stream are no rows.
    assert remade_png(png(head(), chunk(b"IDAT", zlib.compress(ROWS + script)))) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: SIGNATURE,
        lambda: PLAIN[:-20],
        lambda: b"GIF89a" + PLAIN,
        lambda: PLAIN.replace(b"IDAT", b"IDAQ"),
        lambda: png(IMAGE, head()),
        lambda: png(head(interlaced=1), IMAGE),
        lambda: png(head(width=0), IMAGE),
        lambda: png(head(width=3), IMAGE),
        lambda: png(head(depth=4), IMAGE),
        lambda: png(head(colours=5), IMAGE),
        lambda: png(head(), chunk(b"IDAT", zlib.compress(b"\x05abcdef" * 2))),
        lambda: png(head(8, 2, 1, 3), chunk(b"IDAT", zlib.compress(b"\x00\xaa" * 2))),
        lambda: png(head(8, 2, 1, 3), PALETTE + PALETTE, chunk(b"IDAT", zlib.compress(b"\x00\xaa" * 2))),
        lambda: png(head(), chunk(b"tRNS", b"1234567"), IMAGE),
        # A picture in all else: a row of zeros for each 1,000 pixels of a bit, and one row more than a million pixels have.
        lambda: png(head(1000, 1001, 1, 0), chunk(b"IDAT", zlib.compress(bytes(126 * 1001)))),
        # Ten megabytes, as its head does not say.
        lambda: png(head(), chunk(b"IDAT", zlib.compress(bytes(10**7)))),
        lambda: SIGNATURE + struct.pack(">I", 2**31) + b"IHDR",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ],
)
def test_what_is_no_whole_picture_is_none(make: Callable[[], bytes]) -> None:
    assert remade_png(make()) is None


def test_a_picture_of_very_many_pieces_is_put_together_at_once() -> None:
    # 1.8 MB of rows in 150,000 chunks: copied with each one, they would be 135 GB.
    packed = zlib.compress(bytes(3001) * 600, 0)
    pieces = (chunk(b"IDAT", packed[place : place + 12]) for place in range(0, len(packed), 12))
    started = time.process_time()
    assert remade_png(png(head(1000, 600), *pieces)) is not None
    assert time.process_time() - started < 5
