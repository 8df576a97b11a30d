"""A notebook's text without what nobody reads of it, before it is parsed: a parsed value takes fifty times its text."""

from __future__ import annotations

import re

MOST_VALUES = 1_000_000
"""The strings, lists, mappings and commas of a notebook beside what is left out: a large one has a hundredth of them."""
MOST_DEPTH = 100
"""How deep they may be nested."""
_MOST_LEFT_OUT = 3_000_000
"""The strings, lists and mappings that are left out: reading past them takes a second."""
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+'
"""A string, also one that does not end: it would be looked for again from each quote in it."""
_READ = re.compile(rf'"(?:outputs|widgets)"\s*+:\s*+[\[{{]|{_STRING}|[\[\]{{}},]', re.DOTALL)
_LEFT_OUT = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)


class TooMuch(Exception):
    """A text with more in it than is parsed."""


def without_outputs(text: str) -> str:
    """Return a notebook's text in which outputs and the state of widgets are empty; pictures in it may have any size.

    Raises:
        TooMuch: it holds too many values, or nests them too deeply.
        ValueError: it is not JSON: a list or a mapping does not end.
    """
    parts: list[str] = []
    copied = place = depth = left_out_at = read = passed = 0
    while (token := (_LEFT_OUT if left_out_at else _READ).search(text, place)) is not None:
        place = token.end()
        read, passed = (read, passed + 1) if left_out_at else (read + 1, passed)
        mark = text[place - 1]
        if mark in "[{":
            depth += 1
            if not left_out_at and token.start() < place - 1:
                left_out_at = depth
                parts.append(text[copied:place])
        elif mark in "]}":
            if depth == left_out_at:
                left_out_at, copied = 0, place - 1
            depth -= 1
        if read > MOST_VALUES or passed > _MOST_LEFT_OUT or (depth > MOST_DEPTH and not left_out_at):
            raise TooMuch
    if left_out_at:
        raise ValueError("it ends in the middle of an output")
    return "".join([*parts, text[copied:]])
