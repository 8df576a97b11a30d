from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from grader.errors import RequestError, SubmissionError
from grader.model import Course, Explanation, Limits, Source, Submission, Unit, Verdict
from grader.notebooks import MOST_CODE
from grader.submissions import MOST_BYTES, find_submissions, read_source, read_submission
from tests.fakes import FakeRunner


def hand_in(folder: Path, *names: str) -> None:
    """Create files that were handed in, each a second newer than the one before."""
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        os.utime(path, (number, number))


def taken(course: Course, folder: Path) -> dict[str, str]:
    """Return what was taken: the file by student and exercise."""
    found = find_submissions(course, folder).submissions
    return {f"{item.student} {item.exercise}": item.path.name for item in found if item.path is not None}


def notes(course: Course, folder: Path) -> list[tuple[str, str]]:
    """Return what was noted: the kind and the file."""
    return [
        (note.key.removeprefix("submissions."), str(next(iter(note.values.values()))))
        for note in find_submissions(course, folder).notes
    ]


def test_every_student_has_a_submission_for_every_exercise(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path, "이서연/ex01.py", "ann/ex02.ipynb")
    found = find_submissions(tiny, tmp_path)
    assert found.students == ("ann", "이서연")
    assert found.submissions == (
        Submission("ann", "ex01", None),
        Submission("ann", "ex02", tmp_path / "ann" / "ex02.ipynb"),
        Submission("ann", "ex03", None),
        Submission("이서연", "ex01", tmp_path / "이서연" / "ex01.py"),
        Submission("이서연", "ex02", None),
        Submission("이서연", "ex03", None),
    )
    assert found.notes == ()


@pytest.mark.parametrize("name", ["ex3.py", "3.ipynb", "maxpool-2.py", "ex03_maxpool_2.py", "Ex03.py"])
def test_a_file_may_have_any_name_of_its_exercise(name: str, tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path, f"ann/{name}")
    assert taken(tiny, tmp_path) == {"ann ex03": name}


@pytest.mark.parametrize(
    "order", [("ex01.py", "row-sums.ipynb"), ("row-sums.ipynb", "ex01.py")], ids=["py", "ipynb"]
)
def test_of_two_files_the_newer_is_taken_and_that_is_noted(
    order: tuple[str, str], tiny: Course, tmp_path: Path
) -> None:
    hand_in(tmp_path, f"ann/{order[0]}", f"ann/{order[1]}")
    assert taken(tiny, tmp_path) == {"ann ex01": order[1]}
    assert find_submissions(tiny, tmp_path).notes == (
        Explanation("submissions.two_files", {"taken": f"ann/{order[1]}", "left": f"ann/{order[0]}"}),
    )


def test_of_two_files_of_the_same_time_the_choice_does_not_depend_on_their_order(
    tiny: Course, tmp_path: Path
) -> None:
    hand_in(tmp_path, "ann/ex01.ipynb", "ann/ex01.py")
    for path in (tmp_path / "ann").iterdir():
        os.utime(path, (5, 5))
    assert taken(tiny, tmp_path) == {"ann ex01": "ex01.py"}


def test_what_is_passed_over_is_noted(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path, "ann/ex01.py", "ann/notes.txt", "ann/ex77.py", "ann/ex01.txt", "grades.csv", "bob/readme.md"
    )
    (tmp_path / "ann" / "ex02.py").mkdir()
    assert taken(tiny, tmp_path) == {"ann ex01": "ex01.py"}
    assert notes(tiny, tmp_path) == [
        ("passed_over", "ann/ex01.txt"),
        ("passed_over", "ann/ex02.py"),
        ("passed_over", "ann/ex77.py"),
        ("passed_over", "ann/notes.txt"),
        ("passed_over", "bob/readme.md"),
        ("empty", "bob"),
        ("passed_over", "grades.csv"),
    ]


def test_links_are_not_followed(tiny: Course, tmp_path: Path) -> None:
    folder = tmp_path / "submissions"
    hand_in(tmp_path, "secret.py", "submissions/ann/ex01.py", "elsewhere/ex01.py")
    (folder / "ann" / "ex02.py").symlink_to(tmp_path / "secret.py")
    (folder / "ann" / "ex03.py").symlink_to(tmp_path / "nowhere.py")
    (folder / "bob").symlink_to(tmp_path / "elsewhere")
    assert taken(tiny, folder) == {"ann ex01": "ex01.py"}
    assert notes(tiny, folder) == [("link", "ann/ex02.py"), ("link", "ann/ex03.py"), ("passed_over", "bob")]


def test_hidden_files_and_caches_are_nothing(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path,
        "ann/ex01.py",
        "ann/.ex02.py",
        "ann/.ipynb_checkpoints/ex03.ipynb",
        "ann/__pycache__/ex01.pyc",
        ".git/config",
        "__MACOSX/ex01.py",
    )
    assert taken(tiny, tmp_path) == {"ann ex01": "ex01.py"}
    assert notes(tiny, tmp_path) == []


def test_an_empty_folder_is_a_student_who_handed_in_nothing(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path, "ann/ex01.py")
    (tmp_path / "bob").mkdir()
    assert find_submissions(tiny, tmp_path).students == ("ann", "bob")
    assert notes(tiny, tmp_path) == [("empty", "bob")]


@pytest.mark.parametrize(
    ("names", "key"),
    [(None, "request.no_folder"), ((), "request.no_submissions"), (("ann/a.txt",), "request.no_submissions")],
    ids=["no-folder", "empty", "no-exercise"],
)
def test_nothing_to_grade_is_the_users_error(
    names: tuple[str, ...] | None, key: str, tiny: Course, tmp_path: Path
) -> None:
    folder = tmp_path / "submissions"
    if names is not None:
        folder.mkdir()
        hand_in(folder, *names)
    with pytest.raises(RequestError) as caught:
        find_submissions(tiny, folder)
    assert caught.value.explanation == Explanation(key, {"folder": str(folder)})


KOREAN = "name = '강'\n"
READABLE = {
    "utf-8": KOREAN.encode(),
    "byte-order-mark": b"\xef\xbb\xbf" + KOREAN.encode(),
    "cp949": b"# coding: cp949\n" + KOREAN.encode("cp949"),
    "euc-kr": b"#!/usr/bin/python\n# -*- coding: euc-kr -*-\n" + KOREAN.encode("euc-kr"),
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
    "utf-16": KOREAN.encode("utf-16"),
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00",
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
    assert len(read_source(b"\xef\xbb\xbf" + text, "ex01.ipynb").units) == 1
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
    assert caught.value.explanation == Explanation("submission.too_large", {"mib": 20})


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_what_is_no_file_is_nobodys_points(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(OSError, match=r"ex01\.py"):
        read_submission(path)
