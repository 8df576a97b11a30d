"""What must not be in a release: the lines, functions and numbers of `solutions/`, but for what students may have.

What a line must have to count, and what students may have of it, is described in docs/course.md.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.checks import assertions as authoring
from grader.course.files import files_of
from grader.course.stub import assigned
from grader.model import Course, Language
from grader.release.likeness import (
    Function,
    bare,
    forms,
    functions,
    lines_of,
    literals,
    normal_body,
    parse,
    plain,
    without_docstring,
    without_texts,
)
from grader.release.readable import decode

_GIVEN = re.compile(r"#\s*given\s*$")
"""The mark of a line, or of a function in its first line, that students may have."""
_WORD = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?")
_HEADER = re.compile(r"(?:if|elif|else|for|while|with|try|except|finally)\b.*:$")
_COMMON = (
    {*keyword.kwlist, *vars(builtins), *authoring.__all__, "0", "1", "2"}
    | set("submission reference rng np numpy tf tensorflow keras Any Path self".split())
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file of `solutions/`."""

    file: str
    line: int


@dataclass(slots=True)
class Hidden:
    """What must not be in a release, each with the places where it stands."""

    lines: dict[str, list[Place]] = field(default_factory=dict)
    """The lines, in the form that `bare` gives."""
    bodies: dict[str, list[Place]] = field(default_factory=dict)
    """The functions, in the form that `normal_body` gives."""
    numbers: dict[tuple[float, ...], list[Place]] = field(default_factory=dict)
    """The numbers of the literals in hidden checks."""
    languages: tuple[Language, ...] = ()
    """The course's; the texts of checks, which are in them, are not secret."""
    digests: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file that is not a text -> its path."""


def read_hidden(course: Course) -> Hidden:
    """Return what is in `solutions/` and students may not have."""
    hidden = Hidden(languages=course.languages)
    public, names = _public(course)
    visible = {files.hidden_checks: files.visible_checks for files in map(files_of, course.exercises)}
    for path in sorted((course.root / "solutions").rglob("*")):
        relative = path.relative_to(course.root)
        if not path.is_file() or any(part.startswith((".", "__pycache__")) for part in relative.parts):
            continue
        data, file = path.read_bytes(), relative.as_posix()
        text = decode(data)
        if text is None:
            hidden.digests[hashlib.sha256(data).hexdigest()] = file
            continue
        lines = text.splitlines()
        given = {number for number, line in enumerate(lines, start=1) if _GIVEN.search(line)}
        is_check = path.name.endswith("_hidden.py")
        tree = parse(text) if path.suffix == ".py" else None
        allowed = set(given)
        if tree is not None:
            allowed |= _without_secret(tree, given)
            shared_lines, shared_bodies = _shared(course, lines, tree, visible.get(path))
            allowed |= shared_lines
            for function in functions(tree):
                key = normal_body(function, course.languages)
                if key and (function.name, key) not in shared_bodies and not given & _signature(function):
                    hidden.bodies.setdefault(key, []).append(Place(file, function.lineno))
            for numbers, first, last in literals(tree) if is_check else ():
                if not given & {*range(first, last + 1)}:
                    hidden.numbers.setdefault(numbers, []).append(Place(file, first))
        answers = set[int]() if tree is None or is_check else _answers(course, path, tree)
        for number, line in enumerate(lines, start=1):
            pattern = _pattern(course, line, names, is_check=is_check)
            if number in answers:
                # Whatever it is set to is what is asked for.
                pattern = bare(plain(line), course.languages)
            if pattern and pattern not in public and number not in allowed:
                hidden.lines.setdefault(pattern, []).append(Place(file, number))
    return hidden


def _answers(course: Course, path: Path, tree: ast.Module) -> set[int]:
    """Return the lines in which a reference sets the variables that students are to set."""
    asked = {
        name
        for item in course.exercises
        if files_of(item).solution == path
        for name in {*item.functions}.intersection(item.variables)
    }
    return {node.lineno for node in tree.body if asked.intersection(assigned(node))}


def _public(course: Course) -> tuple[set[str], set[str]]:
    """Return the lines of the stubs, and the names of their functions and parameters.

    Solutions share these by contract. The statements in a stub's functions are not among them: an author may have forgotten
    a solution there.
    """
    lines: set[str] = set()
    names: set[str] = set()
    for exercise in course.exercises:
        text = files_of(exercise).stub.read_text(encoding="utf-8-sig")
        tree = parse(text)
        inside: set[int] = set()
        for function in functions(tree) if tree is not None else ():
            arguments = (item for item in ast.walk(function.args) if isinstance(item, ast.arg))
            names |= {function.name, *(argument.arg for argument in arguments)}
            if body := without_docstring(function):
                inside |= {*range(body[0].lineno, lines_of(function).stop)}
        for number, line in enumerate(text.splitlines(), start=1):
            if number not in inside:
                lines |= forms(line, course.languages)
    return lines, names


def _shared(
    course: Course, lines: list[str], tree: ast.Module, visible: Path | None
) -> tuple[set[int], set[tuple[str, str | None]]]:
    """Return what the helpers of hidden checks share with those of the visible checks.

    These are the numbers of lines, and whole functions by name and body.
    """
    text = visible.read_text(encoding="utf-8-sig") if visible is not None and visible.is_file() else ""
    other = parse(text)
    if other is None:
        return set(), set()
    visible_lines = text.splitlines()
    languages = course.languages
    known = {form for number in _helper_lines(other) for form in forms(visible_lines[number - 1], languages)}
    shared = {number for number in _helper_lines(tree) if forms(lines[number - 1], languages) <= known}
    return shared, {(item.name, normal_body(item, languages)) for item in _helpers(other)}


def _helpers(tree: ast.Module) -> Iterator[Function]:
    return (item for item in functions(tree) if not item.name.startswith("test"))


def _helper_lines(tree: ast.Module) -> set[int]:
    """Return the numbers of the lines of the helpers and of the file's docstring."""
    docstring = tree.body[:1] if ast.get_docstring(tree) is not None else []
    return {number for item in (*docstring, *_helpers(tree)) for number in lines_of(item)}


def _without_secret(tree: ast.Module, given: set[int]) -> set[int]:
    """Return the numbers of the lines of imports, signatures, and functions that are marked as given."""
    numbers: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            numbers |= {*lines_of(node)}
        elif isinstance(node, ast.ClassDef):
            numbers |= {*range(node.lineno, node.body[0].lineno)}
        elif isinstance(node, Function):
            signature = _signature(node)
            numbers |= {*lines_of(node)} if given & signature else signature
    return numbers


def _signature(function: Function) -> set[int]:
    """Return the numbers of the lines before a function's body."""
    return set(range(function.lineno, max(function.body[0].lineno, function.lineno + 1)))


def _pattern(course: Course, line: str, names: set[str], *, is_check: bool) -> str:
    """Return the form in which a hidden line is looked for; empty where the line says too little to be told from others."""
    text = plain(line)
    if is_check:
        # Students are shown the text of a check and its points, so they are not secret.
        text = without_texts(text, course.languages)
        if re.fullmatch(r"@check\(points=[\d./ ]+,?\s*\)", text) or re.match(
            r"""[fr]?(?:"(?!"")|'(?!''))""", text
        ):
            return ""
    words = [word for word in _WORD.findall(text) if not keyword.iskeyword(word)]
    telling = {word for word in words if word not in _COMMON and word not in names}
    if not any(word[0].isalpha() or word[0] == "_" for word in words):
        # It is a row of numbers, which are looked for as numbers.
        return ""
    if is_check:
        # Visible checks never ask the reference.
        enough = len(telling) >= 3 or "reference" in words
    else:
        enough = len(telling if _HEADER.match(text) else words) >= 3
    squeezed = bare(text, course.languages)
    return squeezed if enough and len(squeezed) >= 12 else ""
