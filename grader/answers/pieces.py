"""A Python file for several exercises: its pieces, as the cells of a notebook are."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Container, Iterator, Sequence

from grader.answers.headings import exercises_of_comments
from grader.answers.notebook import Cell
from grader.model import Course, Exercise

_ENCODING = re.compile(r"\A((?:[^\n]*\n)?[ \t\f]*#[^\n]*?)coding[:=]")
"""The comment in the first two lines that names an encoding."""
_BEFORE = re.compile(r"\s*|#\W*|# ?(?:%%|In ?\[).*")
"""The line before a comment that begins a paragraph: an empty one, a ruler, or the mark of a cell."""


def read_pieces(course: Course, text: str) -> tuple[list[Cell], list[Exercise | None]]:
    """Return a file's pieces, and for each the exercise that the comment at its beginning names.

    Such a comment stands at the margin, after an empty line, as a heading would; it holds until the next one. Scripts that
    were notebooks (`# %%`, `# In[3]:`) have them too.
    """
    lines = [*io.StringIO(text)]
    numbers = [*_comments_at_margin(text)]
    exercises = exercises_of_comments(course, [lines[number] for number in numbers])
    # Further comments than are read name nothing.
    named = [(number, item) for number, item in zip(numbers, exercises, strict=False) if item is not None]
    starts = [0, *(number for number, _ in named)]
    above = [None, *(item for _, item in named)]
    ends = [*starts[1:], len(lines)]
    return [Cell("code", "".join(lines[start:end])) for start, end in zip(starts, ends, strict=True)], above


def write_pieces(cells: Sequence[Cell], chosen: Container[int]) -> str:
    """Return a file of the chosen pieces, whose lines keep their numbers."""
    sources = (
        item.source if place in chosen else "\n" * item.source.count("\n") for place, item in enumerate(cells)
    )
    # It is written as UTF-8, whatever encoding it came in.
    return _ENCODING.sub(r"\1coding ", "".join(sources))


def _comments_at_margin(text: str) -> Iterator[int]:
    """Yield the lines, from 0, of comments outside of all blocks that begin a paragraph."""
    lines = ["", *text.split("\n")]
    is_inside, is_indented = [False] * len(lines), False
    for row in range(len(lines) - 1, 0, -1):
        is_inside[row] = is_indented
        if lines[row].strip() and lines[row][0] != "#":
            is_indented = lines[row][0].isspace()
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
            row, column = token.start
            is_at_margin = column == depth == 0 and token.type == tokenize.COMMENT
            if is_at_margin and _BEFORE.fullmatch(lines[row - 1]) and not is_inside[row]:
                yield row - 1
    except (tokenize.TokenError, SyntaxError):
        # What is below cannot be told apart.
        return
