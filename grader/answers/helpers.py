"""A student's own modules beside an answer: which of them it imports, and both as one file.

What is kept, sent and graded of an attempt is one file. Where an answer imports modules that were handed in with it, that
file is a bundle: a first line that no answer has, then the answer, then the modules' files.
"""

from __future__ import annotations

import ast
import json
import keyword
import re
import site
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from grader.answers.python import check_cost, parsed
from grader.answers.regular import open_regular
from grader.bans.imports import imported_module, package_of
from grader.errors import SubmissionError
from grader.model import Source, Unit
from grader.runner.inside import helpers as inside
from grader.runner.inside.helpers import MODULE, files_of_module

MOST_HELPERS = 50
"""Modules of one answer."""
_MOST_BYTES = 1 << 20
"""An answer that imports more is refused as too much code; what else it imports is not looked for."""
_WRITTEN = re.compile(
    r"\s*%%(?:writefile|file)[ \t]+(-a[ \t]+|--append[ \t]+)?(['\"]?)(?:\./|/content/)?([\w./]+\.py)\2[ \t]*(?:\n|\Z)"
)
"""The line that makes a cell one that writes a file; Colab's own folder is `/content`."""
_HEAD = b"# grader: an answer and the modules that it imports "
_LONGEST_NAME = 1000
"""A longer name is that of no module: no path is as long."""
_RESERVED = frozenset(["grader", MODULE, "__main__"])
"""What is there in the sandbox, under names that no package has."""


@cache
def is_installed(name: str) -> bool:
    """Return whether a module of the top level is there without a student's doing, so that theirs is never imported."""
    return name in _RESERVED or inside.is_installed(name, site.getsitepackages())


def module_of(file: str) -> str | None:
    """Return the name of the module in a file, `utils/pool.py`; None where it cannot be imported."""
    path, dot, suffix = file.removesuffix("/__init__.py").removesuffix(".py").partition(".")
    parts = path.split("/")
    is_name = all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
    is_python = file.endswith(".py") and not dot and not suffix
    return ".".join(parts) if is_name and is_python and parts != ["__init__"] else None


def written_helper(cell: str, written: Mapping[str, Unit]) -> Unit | None:
    """Return the module that a notebook's cell writes (`%%writefile helper.py`), after those `written` before."""
    line = _WRITTEN.match(cell)
    if line is None or module_of(line[3]) is None:
        return None
    before = written[line[3]].code if line[1] and line[3] in written else ""
    return helper_unit(line[3], before + cell[line.end() :].rstrip("\n") + "\n")


def helper_unit(file: str, code: str) -> Unit:
    """Return a module's file as a unit."""
    return Unit(file, code, module_of(file) or file)


def imported_helpers(source: Source, read: Callable[[str], bytes | None]) -> dict[str, bytes]:
    """Return the files of the modules that an answer imports by name, and that these import, with their contents.

    `read` gives a file's content by its name below the answer's folder, None where it is not there.

    Raises:
        OSError: a file cannot be read.
    """
    # What a cell writes takes the place of what was there.
    seen = {unit.name for unit in source.helpers}
    helpers: dict[str, bytes] = {}
    waiting = [*source.units, *source.helpers]
    while waiting and len(helpers) <= MOST_HELPERS and sum(map(len, helpers.values())) <= _MOST_BYTES:
        unit = waiting.pop()
        names = imported_names(unit.code, package_of(unit))
        for file in sorted({file for name in names for file in files_of_module(name)} - seen):
            seen.add(file)
            if (content := read(file)) is not None:
                helpers[file] = content
                waiting.append(helper_unit(file, content.decode("utf-8", "replace")))
    return helpers


def imported_names(code: str, package: str = "") -> set[str]:
    """Return the modules that may be imported by a code in `package`, by their full names, with the packages around them.

    Imports by `import_module` and `__import__` count where the name is written there.
    """
    if "import" not in code:
        return set()
    try:
        check_cost([code])
    except SubmissionError:
        # It is refused where it is read.
        return set()
    nodes = ast.walk(parsed(code) or ast.Module([], []))
    names = {name for node in nodes for name in _imports(node, package) if len(name) <= _LONGEST_NAME}
    parts = [name.split(".") for name in names if all(part.isidentifier() for part in name.split("."))]
    return {".".join(item[:count]) for item in parts for count in range(1, len(item) + 1)}


def _imports(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (item.name for item in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = imported_module(node, package)
        # What is imported from a package may be a module of it.
        yield from (f"{module}.{item.name}".strip(".*") for item in node.names)
    elif isinstance(node, ast.Call) and node.args:
        function = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if function in ("import_module", "__import__"):
            name = node.args[0]
            yield name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ""


def read_module(path: Path, below: Path | None = None) -> bytes:
    """Return the content of a module's file, of a larger one more than the reader of the bundle takes.

    Between the folder `below` and the file no link is followed.

    Raises:
        OSError: the file cannot be read.
    """
    with open_regular(path, below) as file:
        return file.read(_MOST_BYTES)


def write_bundle(answer: bytes, helpers: Mapping[str, bytes]) -> bytes:
    """Return an answer and its helpers' files as one file; the same for the same files."""
    sizes = {file: len(content) for file, content in sorted(helpers.items())}
    head = json.dumps({"answer": len(answer), "files": sizes})
    return b"".join([_HEAD, head.encode(), b"\n", answer, *(helpers[file] for file in sizes)])


def read_bundle(raw: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return an answer and its helpers' files; any other file is an answer without helpers.

    Whoever writes a bundle by hand hands in what is in it, and nothing else.
    """
    line, _, rest = raw.partition(b"\n")
    if not line.startswith(_HEAD):
        return raw, {}
    try:
        head = json.loads(line.removeprefix(_HEAD))
        sizes = {"": head["answer"], **head["files"]}
        is_sound = all(type(size) is int and size >= 0 for size in sizes.values())
        if not is_sound or sum(sizes.values()) != len(rest) or not all(map(module_of, head["files"])):
            return raw, {}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return raw, {}
    files, place = {}, 0
    for file, size in sizes.items():
        files[file] = rest[place : place + size]
        place += size
    return files.pop(""), files
