"""The student's own lines that an exception went through, each with signs below what raised."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from grader.messages.printable import printable
from grader.model import Explanation, Frame

LineOf = Callable[[str, int], str]
"""Returns a line of a unit, empty where there is none: it is taken from what was handed in, never from the sandbox."""

_WIDEST = 54
"""Columns of a line that are shown: they stand indented in a terminal of 60."""
_CUT = "..."
"""Stands at the end of a line that is not shown to its end."""
_MOST_BEFORE = 30
"""Columns that are shown before what raised, of a line that is too long."""
_MOST_LAST = 3
"""Frames that are shown besides the first one."""


def with_code(why: Explanation, frames: Sequence[Frame], line_of: LineOf) -> Explanation:
    """Return an explanation with the lines of these places; several are told apart by their place and function."""
    frames = [next(same) for _, same in groupby(frames, key=lambda item: (item.unit, item.line))]
    shown = [*frames[:1], *frames[1:][-_MOST_LAST:]]
    lines = []
    for number, frame in enumerate(shown):
        code = _marked(line_of(frame.unit, frame.line), frame)
        if code and len(shown) > 1:
            skipped = "...\n" if number == 1 and len(frames) > len(shown) else ""
            function = f" {frame.function}()" if frame.function else ""
            code = f"{skipped}{frame.unit}:{frame.line}{function}\n" + "\n".join(
                f"  {line}" for line in code.splitlines()
            )
        lines += [code] if code else []
    return replace(why, values={**why.values, "code": "\n".join(lines)}) if lines else why


def line_alone(line: str) -> str:
    """Return a line as it is shown, with nothing pointed to."""
    return _marked(line, None)


def _marked(line: str, frame: Frame | None) -> str:
    """Return a line without its indent, and below it a line that points to what raised."""
    shown = printable(line.replace("\t", " ").rstrip())
    if not shown.strip():
        return ""
    # A column is counted in bytes, and what is not printable is one character still.
    begin, end = (
        len(line.encode()[: max(0, column)].decode(errors="ignore"))
        for column in ((0, 0) if frame is None else (frame.begin, frame.end))
    )
    indent = first = len(shown) - len(shown.lstrip())
    begin = max(begin, indent)
    end = max(begin + 1, min(end, len(shown)))
    if _width(shown[indent:]) > _WIDEST:
        first = next(at for at in range(indent, begin + 1) if _width(shown[at:begin]) <= _MOST_BEFORE)
    code, cut = shown[first:], ""
    while _width(code + cut) > _WIDEST:
        code, cut = code[:-1], _CUT
    if frame is None or begin > len(shown):
        return code + cut
    signs = "^" * max(1, _width(shown[begin : min(end, first + len(code))]))
    return f"{code}{cut}\n{' ' * _width(shown[first:begin])}{signs}"


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
