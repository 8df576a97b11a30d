from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from grader.answers.file import MOST_BYTES, read_source, read_submission
from grader.answers.notebook import MOST_CODE
from grader.errors import SubmissionError
from grader.model import Explanation, Limits, Source, Unit, Verdict
from tests.support.fakes import FakeRunner

KOREAN = "name = '강'\n"
READABLE = {
    "utf-8": KOREAN.encode(),
    "byte-order-mark": b"\xef\xbb\xbf" + KOREAN.encode(),
    "cp949": b"# coding: cp949\n" + KOREAN.encode("cp949"),
    "euc-kr": b"#!/usr/bin/python\n# -*- coding: euc-kr -*-\n" + KOREAN.encode("euc-kr"),
    "utf-16": KOREAN.encode("utf-16"),
    "windows-lines": KOREAN.encode().replace(b"\n", b"\r\n"),
    "old-mac-lines": KOREAN.encode().replace(b"\n", b"\r"),
}


@pytest.mark.parametrize("raw", READABLE.values(), ids=READABLE.keys())
def test_a_file_is_read_in_the_encoding_that_it_has(raw: bytes) -> None:
    (unit,) = read_source(raw, "ex01.py").units
    assert unit.name == "ex01.py"
    assert unit.code.endswith(KOREAN)
    assert "\r" not in unit.code
    assert "\ufeff" not in unit.code
    assert FakeRunner().open(Source((unit,)), Limits()).loaded.failures == ()


UNREADABLE = {
    "undeclared": KOREAN.encode("cp949"),
    "unknown": b"# coding: klingon\n",
    "wrongly-declared": b"# coding: ascii\n" + KOREAN.encode(),
    "no-encoding-of-a-text": b"# coding: punycode\n",
    "codec-of-bytes": b"# coding: hex\n",
    "contradiction": b"\xef\xbb\xbf# coding: cp949\n",
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_text_is_the_students_error(raw: bytes) -> None:
    with pytest.raises(SubmissionError) as caught:
        read_source(raw, "ex01.py")
    assert (caught.value.verdict, caught.value.explanation.key) == (Verdict.ERROR, "submission.not_text")


def test_a_notebook_may_begin_with_a_byte_order_mark_and_must_be_utf8() -> None:
    text = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []}).encode()
    assert read_source(b"\xef\xbb\xbf" + text, "ex01.ipynb").units == ()
    with pytest.raises(SubmissionError) as caught:
        read_source(b"\xb0" + text, "ex01.ipynb")
    assert caught.value.explanation.key == "submission.not_text"


def test_a_nul_is_an_error_when_the_file_is_executed_and_not_before() -> None:
    source = read_source(b"a = 1\x00\ndef f():\n    return 1\n", "ex01.py")
    (failure,) = FakeRunner().open(source, Limits()).loaded.failures
    assert failure.explanation.values["type"] in ("SyntaxError", "ValueError")
    assert "null bytes" in failure.explanation.values["message"]


def test_more_code_than_is_read_is_the_students_error() -> None:
    assert len(read_source(b"#" * MOST_CODE, "ex01.py").units[0].code) == MOST_CODE
    with pytest.raises(SubmissionError) as caught:
        read_source(b"#" * (MOST_CODE + 1), "ex01.py")
    assert caught.value.explanation == Explanation("submission.too_much_code", {"kib": 256})


def test_an_empty_file_is_read() -> None:
    assert read_source(b"", "ex01.py") == Source((Unit("ex01.py", ""),))


def test_a_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "row-sums.py").write_bytes(b"a = 1\r\n")
    assert read_submission(tmp_path / "row-sums.py") == Source((Unit("row-sums.py", "a = 1\n"),))


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    path.touch()
    os.truncate(path, MOST_BYTES + 1)
    with pytest.raises(SubmissionError) as caught:
        read_submission(path)
    assert caught.value.explanation == Explanation("submission.too_large", {"mib": 100})


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_what_is_no_file_is_nobodys_points(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(OSError, match=r"ex01\.py"):
        read_submission(path)
