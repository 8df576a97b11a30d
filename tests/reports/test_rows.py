"""A table in a terminal that is narrow, and in one that is not."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.text import Text

from grader.reports.rows import Column, Rows

COLUMNS = [Column("exercise"), Column(""), Column("points", is_number=True), Column("due"), Column("next")]
ROWS = [
    ["ex01", "Dense against CNN", "0 / 4", "", "not passed: the lecture's own image"],
    ["ex02", "", "", "", ""],
]


def shown(width: int) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(Rows(COLUMNS, [list(map(Text, row)) for row in ROWS]))
    return [line.rstrip() for line in capture.get().splitlines()]


@pytest.mark.parametrize("width", [20, 30, 40, 59])
def test_no_word_is_broken_in_a_narrow_terminal(width: int) -> None:
    lines = shown(width)
    assert max(map(len, lines)) <= width
    words = {word for line in lines for word in line.split()}
    assert {word for row in ROWS for cell in row for word in cell.split()} <= words
    # What stands above a column stands before each of its cells; nothing is said of what is empty.
    assert {"points:", "next:"} <= words
    assert "due:" not in words
    assert lines[-1] == "ex02"


def test_there_are_columns_where_there_is_room() -> None:
    head, first, second = shown(100)
    assert head.split() == ["exercise", "points", "due", "next"]
    assert first.index("not passed") == head.index("next")
    assert second == "ex02"
