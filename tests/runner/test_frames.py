from __future__ import annotations

from pathlib import Path

import pytest

from grader.model import Course, Explanation, Frame, Verdict
from grader.runner.frames import line_alone, with_code
from grader.runner.replies import read_error
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_text, result_of

WHY = Explanation("submission.raised", {"type": "E", "message": "", "place": "a.py:1"})


def code_of(line: str, begin: int, end: int = 0) -> str:
    found = with_code(WHY, [Frame("a.py", 1, "f", begin, end)], lambda unit, number: line)
    return str(found.values.get("code", ""))


@pytest.mark.parametrize(
    ("line", "begin", "end", "shown"),
    [
        ("    return x + y", 11, 16, "return x + y\n       ^^^^^"),
        ("\tx[0] = 1", 1, 5, "x[0] = 1\n^^^^"),
        ("y = (", 4, 0, "y = (\n    ^"),
        ("def f(x)", 8, 0, "def f(x)\n        ^"),
        ("이름 = 없음 + 1", 9, 15, "이름 = 없음 + 1\n       ^^^^"),
        ("x = '\x1b[31m' + 1", 4, 15, "x = '\ufffd[31m' + 1\n    ^^^^^^^^^^^"),
        ("", 3, 4, ""),
        ("x", -5, 10**9, "x\n^"),
        ("x", 10**9, 4, "x\n ^"),
    ],
)
def test_a_line_has_signs_below_what_raised(line: str, begin: int, end: int, shown: str) -> None:
    assert code_of(line, begin, end) == shown


@pytest.mark.parametrize("begin", [0, 40, 99, 299])
def test_what_is_shown_of_a_long_line_holds_what_raised(begin: int) -> None:
    line = f"{'a' * begin}!{'b' * (300 - begin)}"
    code, signs = code_of(line, begin, begin + 1).split("\n")
    assert code[signs.index("^")] == "!"
    assert max(len(code), len(signs)) <= 54
    assert code.endswith("...") == (begin < 299)
    assert line_alone("한" * 100) == "한" * 25 + "..."
    assert line_alone("x" * 54) == "x" * 54


def test_of_many_frames_the_first_and_the_last_are_shown() -> None:
    frames = [Frame("a.py", number, "f" if number > 1 else "") for number in (1, 2, 3, 3, 4, 5, 6)]
    found = with_code(WHY, frames, lambda unit, line: f"line {line}")
    assert [line for line in found.values["code"].splitlines() if "^" not in line] == [
        "a.py:1", "  line 1", "...", "a.py:4 f()", "  line 4", "a.py:5 f()", "  line 5", "a.py:6 f()", "  line 6",
    ]  # fmt: skip


def test_the_frames_of_a_library_are_told_as_the_call_in_the_students_line(
    tiny: Course, tmp_path: Path
) -> None:
    code = (
        "import json\ndef inner(x):\n    return json.loads('{')\n"
        "def row_sums(x):\n    return [inner(row) for row in x]\n"
    )
    why = result_of(grade_text(tiny, FakeRunner(), tmp_path, code), "example").explanation
    assert why is not None
    assert why.values["place"] == "answer.py:3"
    # Where the first signs stand depends on Python: until 3.12 a comprehension is a function.
    assert [line for line in why.values["code"].splitlines() if "^" not in line] == [
        "answer.py:5 row_sums()",
        "  return [inner(row) for row in x]",
        "answer.py:3 inner()",
        "  return json.loads('{')",
    ]
    assert why.values["code"].endswith("\n         ^^^^^^^^^^^^^^^")


def test_a_place_that_is_made_up_shows_no_line_and_no_name_that_is_none() -> None:
    error = read_error(
        {
            "types": ["ValueError"],
            "message": "\x1b[31mx",
            "places": [("/etc/passwd\x1b", 3, "f\x1b[31m()")],
            "columns": [(0, 1)],
            "near": "x; y",
        }
    )
    assert error.frames == (Frame("/etc/passwd\ufffd", 3, "", 0, 1),)
    assert error.explanation.values["message"] == "x"
    assert "near" not in error.explanation.values


def test_an_unwritten_function_shows_no_line(tiny: Course, tmp_path: Path) -> None:
    code = "def row_sums(x):\n    raise NotImplementedError\n"
    result = result_of(grade_text(tiny, FakeRunner(), tmp_path, code), "example")
    assert result.verdict is Verdict.NOT_ATTEMPTED
    assert result.explanation == Explanation("submission.not_attempted")


@pytest.mark.parametrize(
    "code",
    [
        # As PyTorch says that it has no such operation for a data type, and Keras that a layer lacks a method.
        "class Base:\n    def go(self): raise NotImplementedError\nexec(compile('def lacks(): raise NotImplementedError(\"no Half\")', 'library.py', 'exec'))\n"
        "def row_sums(x):\n    return lacks()\n",
        "from unittest.mock import Mock\ndef row_sums(x):\n    return Mock(side_effect=NotImplementedError('no Half'))()\n",
    ],
)
def test_what_a_library_has_not_implemented_was_written(tiny: Course, tmp_path: Path, code: str) -> None:
    result = result_of(grade_text(tiny, FakeRunner(), tmp_path, code), "example")
    assert result.verdict is Verdict.ERROR
    assert result.explanation is not None
    assert result.explanation.values["type"] == "NotImplementedError"
