"""The scan of a release: nothing of `solutions/` may be in it, as text, code, numbers, a name or a copy.

What a line of `solutions/` must have to count, and what students may have of it (the stub's docstrings and signatures,
helpers that both check files define), is described in docs/course.md.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import gzip
import hashlib
import io
import json
import keyword
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from grader import checks as authoring
from grader.errors import Fault
from grader.likeness import (
    CHECK_TEXTS,
    SHORTEST,
    Function,
    bare,
    forms,
    functions,
    lines_of,
    literals,
    normal_body,
    parse,
    plain,
    squeeze,
    statements,
    written_numbers,
)
from grader.model import Course, Explanation

__all__ = ["find_leaks"]

_NAMES = re.compile(
    r"(solution|misconceptions)\.(py|ipynb)|waivers\.yml|.*_hidden\.(py|ipynb)", re.IGNORECASE
)
_GIVEN = re.compile(r"#\s*given\s*$")
_LONG = 40
"""A hidden line of this many characters, blanks left out, is looked for within lines and across line breaks."""
_RUN = re.compile(rb"[\t -~]{12,}|(?:[\t -~]\0){12,}|(?:[\t -~]\0{3}){12,}")
"""Text in a file that is none, in one, two or four bytes a letter."""
_WORD = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?")
_HEADER = re.compile(r"(?:if|elif|else|for|while|with|try|except|finally)\b.*:$")
_FENCED = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n(.*?)^[ \t]*(?:```|~~~)", re.MULTILINE | re.DOTALL)
_COMMON = (
    {*keyword.kwlist, *vars(builtins), *authoring.__all__, "0", "1", "2"}
    | set("submission reference rng np numpy tf tensorflow keras Any Path self".split())
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of a file of `solutions/`."""

    file: str
    line: int


@dataclass(slots=True)
class _Hidden:
    """What must not be found, each with where it stands."""

    lines: dict[str, list[_Place]] = field(default_factory=dict)
    bodies: dict[str, list[_Place]] = field(default_factory=dict)
    numbers: dict[tuple[float, ...], list[_Place]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    """The digest of a file that is no text -> its name."""


@dataclass(frozen=True, slots=True)
class _View:
    """Lines of a released file that are read together: the file, a cell, an output."""

    lines: tuple[str, ...]
    prefix: str = ""
    offsets: tuple[int, ...] = ()
    """Where each line begins in a file that is no text."""

    def place(self, first: int, last: int) -> str:
        """Return the words for a range of lines."""
        if self.offsets:
            return f"{self.prefix}byte {self.offsets[first]}"
        number = f"line {first + 1}" if first == last else f"lines {first + 1}-{last + 1}"
        return f"{self.prefix}{number}"


@dataclass(frozen=True, slots=True)
class _Finding:
    first: int
    last: int
    key: str
    places: Sequence[_Place]
    shown: str


def find_leaks(course: Course, files: Mapping[str, bytes]) -> tuple[Fault, ...]:
    """Return what files meant for students hold of `solutions/`; `files` maps a path to its content."""
    hidden = _read_hidden(course)
    faults: list[Fault] = []
    for file, content in sorted(files.items()):
        for inner, data in _members(file, content):
            where = inner.removeprefix(file).lstrip("/")
            prefix = f"{where}, " if where else ""
            path = PurePosixPath(inner)
            if _NAMES.fullmatch(path.name) or "solutions" in path.parts:
                faults.append(Fault(file, where, Explanation("leak.name", {"name": path.name})))
            if (copied := hidden.digests.get(hashlib.sha256(data).hexdigest())) is not None:
                faults.append(Fault(file, where, Explanation("leak.copy", {"hidden": copied})))
            for view in _views(path.suffix.lower(), data, prefix):
                faults += _search(hidden, file, view)
    return tuple(faults)


# --- what is hidden ---------------------------------------------------------------------------------------------------


def _read_hidden(course: Course) -> _Hidden:
    hidden = _Hidden()
    public, names = _public(course)
    visible = {
        f"test_{item.id}_hidden.py": item.exercise_folder / f"test_{item.id}.py" for item in course.exercises
    }
    for path in sorted((course.root / "solutions").rglob("*")):
        relative = path.relative_to(course.root)
        if not path.is_file() or any(part.startswith((".", "__pycache__")) for part in relative.parts):
            continue
        data, file = path.read_bytes(), relative.as_posix()
        text = _decode(data)
        if text is None:
            hidden.digests[hashlib.sha256(data).hexdigest()] = file
            continue
        lines = text.splitlines()
        given = {number for number, line in enumerate(lines, start=1) if _GIVEN.search(line)}
        is_check = path.name.endswith("_hidden.py")
        tree = parse(text) if path.suffix == ".py" else None
        left_out = set(given)
        if tree is not None:
            left_out |= _without_secret(tree, given)
            shared_lines, shared_bodies = _shared(lines, tree, visible.get(path.name))
            left_out |= shared_lines
            for function in functions(tree):
                key = normal_body(function)
                if key and (function.name, key) not in shared_bodies and not given & _signature(function):
                    hidden.bodies.setdefault(key, []).append(_Place(file, function.lineno))
            for numbers, first, last in literals(tree) if is_check else ():
                if not given & {*range(first, last + 1)}:
                    hidden.numbers.setdefault(numbers, []).append(_Place(file, first))
        for number, line in enumerate(lines, start=1):
            pattern = _pattern(line, names, is_check=is_check)
            if pattern and pattern not in public and number not in left_out:
                hidden.lines.setdefault(pattern, []).append(_Place(file, number))
    return hidden


def _public(course: Course) -> tuple[set[str], set[str]]:
    """Return the lines that stubs share with solutions by contract, and the names that students are given.

    The statements in a stub's functions are not among them: that is where a solution is forgotten.
    """
    lines: set[str] = set()
    names: set[str] = set()
    for exercise in course.exercises:
        text = (exercise.exercise_folder / "stub.py").read_text(encoding="utf-8")
        tree = parse(text)
        inside: set[int] = set()
        for function in functions(tree) if tree is not None else ():
            names |= {
                function.name,
                *(argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)),
            }
            if written := statements(function):
                inside |= {*range(written[0].lineno, lines_of(function).stop)}
        for number, line in enumerate(text.splitlines(), start=1):
            if number not in inside:
                lines |= forms(line)
    return lines, names


def _shared(
    lines: list[str], tree: ast.Module, visible: Path | None
) -> tuple[set[int], set[tuple[str, str | None]]]:
    """Return what the helpers of hidden checks share with those of the visible checks.

    Lines, by number, and whole functions, by name and body.
    """
    text = visible.read_text(encoding="utf-8") if visible is not None and visible.is_file() else ""
    other = parse(text)
    if other is None:
        return set(), set()
    there = text.splitlines()
    known = {form for number in _helper_lines(other) for form in forms(there[number - 1])}
    shared = {number for number in _helper_lines(tree) if forms(lines[number - 1]) <= known}
    return shared, {(item.name, normal_body(item)) for item in _helpers(other)}


def _helpers(tree: ast.Module) -> Iterator[Function]:
    return (item for item in functions(tree) if not item.name.startswith("test"))


def _helper_lines(tree: ast.Module) -> set[int]:
    """Return the lines of the helpers, and of what the file says of itself."""
    has_text = bool(tree.body) and ast.get_docstring(tree) is not None
    found = {*lines_of(tree.body[0])} if has_text else set()
    return found | {number for item in _helpers(tree) for number in lines_of(item)}


def _without_secret(tree: ast.Module, given: set[int]) -> set[int]:
    """Return the lines of imports, signatures and functions that are marked as given."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {*lines_of(node)}
        elif isinstance(node, ast.ClassDef):
            found |= {*range(node.lineno, node.body[0].lineno)}
        elif isinstance(node, Function):
            signature = _signature(node)
            found |= {*lines_of(node)} if given & signature else signature
    return found


def _signature(function: Function) -> set[int]:
    return set(range(function.lineno, max(function.body[0].lineno, function.lineno + 1)))


def _pattern(line: str, names: set[str], *, is_check: bool) -> str:
    """Return what is looked for of a hidden line; empty where the line says too little to be told from any other."""
    text = plain(line)
    if is_check:
        # What a check is called is shown to students: no secret.
        text = CHECK_TEXTS.sub("", text)
        if re.match(r"""[fr]?(?:"(?!"")|'(?!''))""", text):
            return ""
    words = [word for word in _WORD.findall(text) if not keyword.iskeyword(word)]
    telling = {word for word in words if word not in _COMMON and word not in names}
    if not any(word[0].isalpha() or word[0] == "_" for word in words):
        # Rows of numbers are looked for as numbers.
        return ""
    if is_check:
        # Visible checks never ask the reference.
        enough = len(telling) >= 3 or "reference" in words
    else:
        enough = len(telling if _HEADER.match(text) else words) >= 3
    squeezed = bare(text)
    return squeezed if enough and len(squeezed) >= 12 else ""


# --- what is released -------------------------------------------------------------------------------------------------


def _members(file: str, data: bytes, depth: int = 2) -> Iterator[tuple[str, bytes]]:
    """Yield a file and what is packed in it (a zip, an .npz, a .gz); what cannot be unpacked is one file."""
    yield file, data
    with contextlib.suppress(zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
        if depth and data[:2] == b"\x1f\x8b":
            yield from _members(file.removesuffix(".gz"), gzip.decompress(data), depth - 1)
        elif depth and data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in sorted(archive.namelist()):
                    if not name.endswith("/"):
                        yield from _members(f"{file}/{name}", archive.read(name), depth - 1)


def _decode(data: bytes) -> str | None:
    """Return a file's text; None where it is no UTF-8 text."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _views(suffix: str, data: bytes, prefix: str) -> Iterator[_View]:
    text = _decode(data)
    if text is None:
        runs = [
            (match.start(), match[0].replace(b"\0", b"").decode("ascii")) for match in _RUN.finditer(data)
        ]
        if runs:
            yield _View(tuple(run for _, run in runs), prefix, tuple(start for start, _ in runs))
        return
    if suffix in (".ipynb", ".json"):
        with contextlib.suppress(ValueError):
            for place, string in _strings(json.loads(text), ""):
                yield _View(tuple(string.splitlines()), f"{prefix}{place}, " if place else prefix)
            if suffix == ".ipynb":
                return
    yield _View(tuple(text.splitlines()), prefix)


def _strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a JSON document and where it stands; a list of lines is one text."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield place, "".join(item if item.endswith("\n") else f"{item}\n" for item in value)
            return
        for number, item in enumerate(value, start=1):
            known = {"cells": "cell", "outputs": "output"}
            last = place.rpartition(", ")[2]
            name = f"{place[: len(place) - len(last)]}{known[last]}" if last in known else place
            yield from _strings(item, f"{name} {number}".strip())
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = f"{place}, {name}" if place else name
            yield inner, name
            yield from _strings(item, place if name == "source" else inner)


def _search(hidden: _Hidden, file: str, view: _View) -> list[Fault]:
    """Return the faults of one view; a line is named once."""
    text = "\n".join(view.lines)
    findings: list[_Finding] = []
    taken: set[int] = set()
    finders = (_find_bodies(hidden, text), _find_lines(hidden, view, file), _find_numbers(hidden, text))
    for finding in (item for found in finders for item in found):
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


def _find_bodies(hidden: _Hidden, text: str) -> Iterator[_Finding]:
    for start, code in _code(text):
        tree = parse(code)
        for function in functions(tree) if tree is not None else ():
            key = normal_body(function)
            if key in hidden.bodies:
                lines = lines_of(function)
                places = hidden.bodies[key or ""]
                yield _Finding(
                    start + lines[0] - 1, start + lines[-1] - 1, "leak.body", places, function.name
                )


def _code(text: str) -> Iterator[tuple[int, str]]:
    """Yield what may be Python, with the line where it begins: the whole text and its fenced blocks."""
    if "def " in text:
        yield 0, text
        for block in _FENCED.finditer(text):
            yield text.count("\n", 0, block.start(1)), block[1]


def _find_lines(hidden: _Hidden, view: _View, file: str) -> Iterator[_Finding]:
    found: dict[int, list[_Place]] = {}
    starts, joined, length = [], [], 0
    for index, line in enumerate(view.lines):
        for form in forms(line):
            if form in hidden.lines:
                found.setdefault(index, hidden.lines[form])
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
                found.setdefault(index, places)
            position = text.find(pattern, position + 1)
    # Lines that follow each other here and come from one file are named together.
    run: list[int] = []
    source = ""
    for index in sorted(found):
        files = {place.file for place in found[index]}
        if run and source in files and index - run[-1] <= 3 and not view.offsets:
            run.append(index)
            continue
        if run:
            yield _run_finding(run, found, source, view)
        run, source = [index], _nearest(found[index], file).file
    if run:
        yield _run_finding(run, found, source, view)


def _run_finding(run: list[int], found: Mapping[int, list[_Place]], source: str, view: _View) -> _Finding:
    places = [place for place in found[run[0]] if place.file == source]
    return _Finding(run[0], run[-1], "leak.line", places, view.lines[run[0]].strip())


def _find_numbers(hidden: _Hidden, text: str) -> Iterator[_Finding]:
    """Yield where a hidden literal's numbers follow each other, with nothing but signs and blanks between them."""
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


def _nearest(places: Sequence[_Place], file: str) -> _Place:
    """Return the place in the same exercise, a reference before anything else."""
    folders = PurePosixPath(file).parts
    return min(
        places,
        key=lambda place: (
            PurePosixPath(place.file).parts[1] not in folders,
            not place.file.endswith("/solution.py"),
        ),
    )
