"""What is written inside of a function is a part of what that function does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.answers.untouched import is_untouched
from grader.model import Course
from tests.support.hostile_sources import SOURCES

NESTED = "def row_sums(x):\n    def row_sums(y):\n        {}\n    {}\n"


@pytest.mark.parametrize(
    ("code", "is_stub"),
    [
        ("def row_sums(x):\n    raise NotImplementedError\n", True),
        ("if True:\n    def row_sums(x):\n        raise NotImplementedError\n", True),
        (NESTED.format("return y", "raise NotImplementedError"), False),
        (NESTED.format("raise NotImplementedError", "return x"), False),
        ("def other(x):\n    def row_sums(y):\n        return y\n    raise NotImplementedError\n", False),
        ("def row_sums(x):\n    raise NotImplementedError\nrow_sums = abs\n", False),
    ],
)
def test_a_definition_inside_of_another_counts(
    code: str, is_stub: bool, tiny: Course, tmp_path: Path
) -> None:
    path = tmp_path / "ex01.py"
    path.write_text(code, encoding="utf-8")
    assert is_untouched(tiny.exercises[0], path) is is_stub


def test_what_lies_in_a_definition_is_written_out_once(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ex01.py"
    path.write_text(
        SOURCES["nested functions of one name"]().replace("sum_all", "row_sums"), encoding="utf-8"
    )
    sizes: list[int] = []
    original = ast.dump

    def noted(node: ast.AST) -> str:
        text = original(node)
        sizes.append(len(text))
        return text

    monkeypatch.setattr(ast, "dump", noted)
    assert not is_untouched(tiny.exercises[0], path)
    assert sum(sizes) < 20 * path.stat().st_size
