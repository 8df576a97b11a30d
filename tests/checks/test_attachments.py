"""What an instructor is shown of a submission's files is known by what is in them."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from grader.checks.attachments import attached
from grader.files.png import remade_png
from tests.files.test_png import PLAIN, chunk, head, png


def test_a_picture_is_one_whatever_its_name_says() -> None:
    (file,) = attached([("scores.csv", PLAIN + b"<script>")])
    assert (file.kind, file.size) == ("picture", len(PLAIN) + 8)
    assert base64.b64decode(file.content) == remade_png(PLAIN)


@pytest.mark.parametrize("name", ["plot.png", "plot.svg", "page.html"])
@pytest.mark.parametrize(
    "text", ["<svg onload='alert(1)'/>", "<img src=http://example.org>", "a,b\r\n1,2\r\n"]
)
def test_markup_is_a_text_and_its_beginning_is_kept(name: str, text: str) -> None:
    (file,) = attached([(name, text.encode() * 3000)])
    assert (file.kind, file.size) == ("text", 3000 * len(text))
    assert file.content.startswith(text.replace("\r", ""))
    assert len(file.content) == 4000


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x1b[2J", b"\x00", "\u202e".encode(), PLAIN[:-1]])
def test_of_all_else_the_size_is_kept_alone(content: bytes) -> None:
    (file,) = attached([("plot.png", content)])
    assert (file.kind, file.size, file.content) == ("other", len(content), "")


def test_a_gradebook_keeps_no_large_picture_and_no_many_files() -> None:
    noise = np.random.default_rng(0)
    rows = b"".join(b"\x00" + noise.bytes(900) for _ in range(300))
    large = png(head(300, 300), chunk(b"IDAT", zlib.compress(rows)))
    assert remade_png(large) is not None
    assert [file.kind for file in attached([("plot.png", large)] * 5)] == ["other"] * 3


def test_a_name_is_plain_and_short() -> None:
    (file,) = attached([("\x1b[2J" + "a" * 500, b"x")])
    assert file.name == "\ufffd[2J" + "a" * 96
