from __future__ import annotations

import importlib.util
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from grader.answers.file import MOST_BYTES, read_source, read_submission
from grader.answers.notebook import write_notebook
from grader.answers.python import MOST_CODE
from grader.errors import SubmissionError
from grader.messages.sentences import explain
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
    "bytes-of-no-text": b"a = '\x81 \x8d'\n",
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


UNDECLARED = {
    "korean": f"# 한글\n{KOREAN}def f():\n    return 1\n".encode("cp949"),
    "korean-that-says-utf-8": f"# -*- coding: utf-8 -*-\n{KOREAN}def f():\n    return 1\n".encode("cp949"),
    "western": "# Größe\nname = '–'\ndef f():\n    return 1\n".encode("cp1252"),
    "windows-lines": f"def f():\r\n    return 1\r\n# 끝{KOREAN}".encode("cp949"),
}


@pytest.mark.parametrize("raw", UNDECLARED.values(), ids=UNDECLARED.keys())
def test_what_windows_saves_is_read_with_a_note_though_it_says_no_encoding(raw: bytes) -> None:
    source = read_source(raw, "ex01.py")
    assert [note.key for note in source.notes] == ["submission.undeclared"]
    assert "\r" not in source.units[0].code
    assert "f" in FakeRunner().open(source, Limits()).loaded.functions


def test_korean_that_says_no_encoding_is_the_text_that_was_written() -> None:
    assert read_source(KOREAN.encode("cp949"), "ex01.py").units[0].code == KOREAN


def test_a_notebook_may_begin_with_a_byte_order_mark_and_is_text() -> None:
    text = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []}).encode()
    assert read_source(b"\xef\xbb\xbf" + text, "ex01.ipynb").units == ()
    with pytest.raises(SubmissionError) as caught:
        read_source(b"\x81 \x8d" + text, "ex01.ipynb")
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


def archive(member: str) -> bytes:
    """Return a zip with one member."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as zip:
            zip.writestr(member, "x")
        return file.getvalue()


WRONG = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "rich_text": b"{\\rtf1\\ansi import numpy}",
    "office": archive("[Content_Types].xml"),
    "archive": archive("ex01.py"),
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "data": b"\x93NUMPY\x01\x00",
    "companion": b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X",
    "bytecode": importlib.util.MAGIC_NUMBER + b"\0" * 12,
    "page": b"\n<!DOCTYPE html>\n<html><head>",
    "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
    "link": b"https://colab.research.google.com/drive/1?usp=sharing\n",
    "binary": b"\x00\x01\x02\xff" * 10,
}


@pytest.mark.parametrize("name", ["ex01.py", "ex01.ipynb"])
@pytest.mark.parametrize("kind", WRONG)
def test_a_file_of_a_wrong_kind_is_named(kind: str, name: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        read_source(WRONG[kind], name)
    kind_of = {"kind": Explanation(f"kind.{kind}")}
    assert caught.value.explanation == Explanation("submission.wrong_kind", kind_of)
    assert explain(caught.value.explanation, "en").startswith("The file is ")


@pytest.mark.parametrize(
    "text",
    ["안녕하세요. 답은 다음과 같습니다.", "public class A { }", "Traceback (most recent call last):", "\0\0"],
)
def test_prose_in_a_python_file_is_named_too(text: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        read_source(text.encode(), "ex01.py")
    assert caught.value.explanation == Explanation(
        "submission.wrong_kind", {"kind": Explanation("kind.text")}
    )
    # Code with a mistake is code.
    assert read_source(b"def f(x:\n    return x\n", "ex01.py").units
    assert read_source(b"x = = 1\nimport os\n", "ex01.py").units


CODE = "def f(x):\n    return x + 1\n"
NOTEBOOK = write_notebook([CODE])
MISNAMED = {
    "notebook": ("ex01.py", NOTEBOOK.encode(), "submission.is_notebook"),
    "notebook-with-a-mark": ("ex01.py", b"\xef\xbb\xbf" + NOTEBOOK.encode(), "submission.is_notebook"),
    "script": ("ex01.ipynb", CODE.encode(), "submission.is_script"),
    "notebook-in-utf-16": ("ex01.ipynb", NOTEBOOK.encode("utf-16"), ""),
}


@pytest.mark.parametrize(("name", "raw", "note"), MISNAMED.values(), ids=MISNAMED.keys())
def test_an_answer_is_read_for_what_it_is(name: str, raw: bytes, note: str) -> None:
    source = read_source(raw, name)
    assert [unit.code for unit in source.units] == [CODE]
    assert source.notes == ((Explanation(note),) if note else ())


def test_what_a_notebook_stores_beside_its_code_counts_for_no_limit(tmp_path: Path) -> None:
    document = json.loads(NOTEBOOK)
    picture = "A" * (30 << 20)
    document["cells"][0]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}
    ]
    document["metadata"]["widgets"] = {"state": picture[: 1 << 20]}
    (tmp_path / "ex01.ipynb").write_text(json.dumps(document))
    assert [unit.code for unit in read_submission(tmp_path / "ex01.ipynb").units] == [CODE]


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf\n"])
def test_an_empty_notebook_is_told_to_be_empty(raw: bytes) -> None:
    with pytest.raises(SubmissionError) as caught:
        read_source(raw, "ex01.ipynb")
    assert caught.value.explanation == Explanation("submission.empty")
