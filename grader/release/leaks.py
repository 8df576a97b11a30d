"""The scan of a release: nothing of `solutions/` may be in it, as text, code, numbers, a name or a copy.

What a line of `solutions/` must have to count, and what students may have of it (the stub's docstrings and signatures,
helpers that both check files define), is described in docs/course.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from types import MappingProxyType

from grader.course.files import FAMILIES
from grader.errors import Fault
from grader.model import Course, Explanation
from grader.release.hidden import Hidden, Place, read_hidden
from grader.release.likeness import (
    SHORTEST,
    forms,
    functions,
    lines_of,
    normal_body,
    parse,
    plain,
    squeeze,
    written_numbers,
)
from grader.release.readable import View, members, views

_NAMES = re.compile(
    r"(solution|misconceptions)\.(py|ipynb)|waivers\.yml|.*_hidden\.(py|ipynb)", re.IGNORECASE
)
_LONG = 40
"""A hidden line of at least this many characters without blanks is looked for within lines and across line breaks."""
_FENCED = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n(.*?)^[ \t]*(?:```|~~~)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Finding:
    """Something hidden that stands in a view."""

    first: int
    """The index of its first line."""
    last: int
    key: str
    """The sentence that says what was found."""
    places: Sequence[Place]
    """Where it stands in `solutions/`."""
    shown: str
    """What the sentence shows of it."""


def find_leaks(
    course: Course, files: Mapping[str, bytes], told: Mapping[str, Collection[str]] = MappingProxyType({})
) -> tuple[Fault, ...]:
    """Return what `files`, path -> content, which are meant for students hold of `solutions/`: one fault for each place.

    `told` are the explanations that a file of known mistakes may have, each exactly as it is.
    """
    hidden = read_hidden(course)
    faults: list[Fault] = []
    for file, content in sorted(files.items()):
        for explanation in told.get(file, ()):
            content = content.replace(json.dumps(explanation, ensure_ascii=False).encode(), b'""')
        for inner, data in members(file, content):
            where = inner.removeprefix(file).lstrip("/")
            prefix = f"{where}, " if where else ""
            path = PurePosixPath(inner)
            if _NAMES.fullmatch(path.name) or {"solutions", FAMILIES} & {*path.parts}:
                faults.append(Fault(file, where, Explanation("leak.name", {"name": path.name})))
            if (copied := hidden.digests.get(hashlib.sha256(data).hexdigest())) is not None:
                faults.append(Fault(file, where, Explanation("leak.copy", {"hidden": copied})))
            for view in views(path.suffix.lower(), data, prefix):
                faults += _search(hidden, file, view)
    return tuple(faults)


def _search(hidden: Hidden, file: str, view: View) -> list[Fault]:
    """Return the faults of one view; each line is in one of them."""
    text = "\n".join(view.lines)
    findings: list[_Finding] = []
    taken: set[int] = set()
    finders = (_find_bodies(hidden, text), _find_lines(hidden, view, file), _find_numbers(hidden, text))
    for finding in chain(*finders):
        lines = set(range(finding.first, finding.last + 1))
        if not lines <= taken:
            findings.append(finding)
            taken |= lines
    faults = []
    for finding in sorted(findings, key=lambda item: (item.first, item.last)):
        origin = _nearest(finding.places, file)
        shown = finding.shown if len(finding.shown) <= 80 else f"{finding.shown[:77]}..."
        values = {"hidden": origin.file, "line": origin.line, "text": shown}
        faults.append(Fault(file, view.place(finding.first, finding.last), Explanation(finding.key, values)))
    return faults


def _find_bodies(hidden: Hidden, text: str) -> Iterator[_Finding]:
    """Yield the functions whose body is that of a hidden one, whatever their local names are."""
    for start, code in _code(text):
        tree = parse(code)
        for function in functions(tree) if tree is not None else ():
            places = hidden.bodies.get(normal_body(function, hidden.languages) or "")
            if places is not None:
                first, last = (start + lines_of(function)[end] - 1 for end in (0, -1))
                yield _Finding(first, last, "leak.body", places, function.name)


def _code(text: str) -> Iterator[tuple[int, str]]:
    """Yield what may be Python, each with the index of its first line: the whole text and its fenced blocks."""
    if "def " in text:
        yield 0, text
        for block in _FENCED.finditer(text):
            yield text.count("\n", 0, block.start(1)), block[1]


def _find_lines(hidden: Hidden, view: View, file: str) -> Iterator[_Finding]:
    """Yield the hidden lines; those that follow each other here and come from one file are one finding."""
    places_of: dict[int, list[Place]] = {}
    starts, joined, length = [], [], 0
    for index, line in enumerate(view.lines):
        for form in forms(line, hidden.languages):
            if form in hidden.lines:
                places_of.setdefault(index, hidden.lines[form])
        squeezed = squeeze(plain(line, with_comment=True))
        starts.append(length)
        joined.append(squeezed)
        length += len(squeezed)
    text = "".join(joined)
    for pattern, places in hidden.lines.items():
        position = text.find(pattern) if len(pattern) >= _LONG else -1
        while position >= 0:
            first, last = (bisect_right(starts, end) - 1 for end in (position, position + len(pattern) - 1))
            for index in range(first, last + 1):
                places_of.setdefault(index, places)
            position = text.find(pattern, position + 1)
    runs: list[tuple[list[int], list[Place]]] = []
    """The indices of lines that follow each other, each with the places of its first line in their file."""
    for index in sorted(places_of):
        files = {place.file for place in places_of[index]}
        if runs and not view.offsets and index - runs[-1][0][-1] <= 3 and runs[-1][1][0].file in files:
            runs[-1][0].append(index)
        else:
            source = _nearest(places_of[index], file).file
            runs.append(([index], [place for place in places_of[index] if place.file == source]))
    for run, places in runs:
        yield _Finding(run[0], run[-1], "leak.line", places, view.lines[run[0]].strip())


def _find_numbers(hidden: Hidden, text: str) -> Iterator[_Finding]:
    """Yield the rows of numbers that are those of a hidden literal; a word between two numbers ends a row."""
    if not hidden.numbers:
        return
    by_start: dict[tuple[float, ...], list[tuple[float, ...]]] = {}
    for numbers in sorted(hidden.numbers, key=len, reverse=True):
        by_start.setdefault(numbers[:SHORTEST], []).append(numbers)
    values, lines = written_numbers(text)
    for index in range(len(values) - SHORTEST + 1):
        for numbers in by_start.get(tuple(values[index : index + SHORTEST]), ()):  # type: ignore[arg-type]
            last = index + len(numbers) - 1
            if tuple(values[index : last + 1]) == numbers:
                shown = ", ".join(f"{number:g}" for number in numbers)
                yield _Finding(lines[index], lines[last], "leak.numbers", hidden.numbers[numbers], shown)
                break


def _nearest(places: Sequence[Place], file: str) -> Place:
    """Return the place in the file's own exercise if there is one, and in a reference before any other file."""
    folders = PurePosixPath(file).parts

    def distance(place: Place) -> tuple[bool, bool]:
        is_elsewhere = PurePosixPath(place.file).parts[1] not in folders
        return is_elsewhere, not place.file.endswith("/solution.py")

    return min(places, key=distance)
