"""A Python file for several exercises: its pieces, as the cells of a notebook are."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Container, Iterator, Sequence

from grader.answers.headings import exercise_of_comment
from grader.answers.notebook import Cell
from grader.model import Course, Exercise

_ENCODING = re.compile(r"\A((?:[^\n]*\n)?[ \t\f]*#[^\n]*?)coding[:=]")
"""The comment in the first two lines that names an encoding."""
_BEFORE = re.compile(r"\s*|#\W*|# ?(?:%%|In ?\[).*")
"""The line before a comment that begins a paragraph: an empty one, a ruler, or the mark of a cell."""


def read_script(course: Course, text: str) -> tuple[list[Cell], list[Exercise | None]]:
    """Return a file's pieces, and for each the exercise that the comment at its beginning names.

    Such a comment stands at the margin, after an empty line, as a heading would; it holds until the next one. Scripts that
    were notebooks (`# %%`, `# In[3]:`) have them too.
    """
    lines = text.splitlines(keepends=True)
    above: list[Exercise | None] = [None]
    starts = [0]
    for number in _comments_at_margin(text):
        exercise = exercise_of_comment(course, lines[number])
        if exercise is not None:
            starts.append(number)
            above.append(exercise)
    ends = [*starts[1:], len(lines)]
    return [Cell("code", "".join(lines[start:end])) for start, end in zip(starts, ends, strict=True)], above


def write_script(cells: Sequence[Cell], chosen: Container[int]) -> str:
    """Return a file of the chosen pieces, whose lines keep their numbers."""
    sources = (
        item.source if place in chosen else "\n" * item.source.count("\n") for place, item in enumerate(cells)
    )
    # It is written as UTF-8, whatever encoding it came in.
    return _ENCODING.sub(r"\1coding ", "".join(sources))


def _comments_at_margin(text: str) -> Iterator[int]:
    """Yield the lines, from 0, of comments outside of all blocks that begin a paragraph."""
    lines = ["", *text.splitlines(), ""]
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
            row, column = token.start
            if token.type == tokenize.COMMENT and column == depth == 0 and _BEFORE.fullmatch(lines[row - 1]):
                below = next((line for line in lines[row + 1 :] if line.strip() and line[0] != "#"), "")
                if not below[:1].isspace():
                    yield row - 1
    except (tokenize.TokenError, SyntaxError):
        # What is below cannot be told apart.
        return
