"""A notebook -> its code cells, in order, as Python.

nbgrader's metadata is looked at for one thing: the checks' own cells are not the student's code, and are left out as
`nbgrader autograde` leaves them out. Nobody gains by marking a cell: it is not executed, and that is all.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from grader.answers.bounded import MOST_DEPTH, MOST_VALUES, TooMuch, without_outputs
from grader.answers.helpers import written_helper
from grader.answers.kinds import no_notebook, refused
from grader.answers.newer import needed_python
from grader.answers.python import check_cost, parses
from grader.errors import SubmissionError, is_our_fault
from grader.model import Explanation, Source, Unit

_MOST_CELLS = 2000
_MOST_TRANSFORMED = 1 << 20
"""Characters that IPython may go through for one notebook: it reads a cell again for each magic in it. Ten seconds."""

_OURS = frozenset({"statement", "environment", "about_checks", "check_tools"})
"""The names that `grader nbgrader build` gives to the locked cells that are not checks."""
_CHECK = re.compile(r"(hidden_)?test_")
"""What the names begin with that it gives to the checks' cells."""

TRANSPARENT = "time|timeit|capture|prun"
"""Cell magics whose body is ordinary Python that the student means to be executed."""
_TRANSPARENT = re.compile(rf"\A(?:\s*%%(?:{TRANSPARENT})\b[^\n]*)+")
_TIMED = re.compile(r"^([ \t]*)%(?:time|prun)[ \t]+(?=[^\s-])", re.MULTILINE)
"""A magic before a statement that the student means to be executed."""
_OWN_MAGIC = re.compile(r"run_line_magic\('(?:check'|(?:re)?load_ext', 'grader)")
_MAGIC = re.compile(r"^[ \t]*[%!?]|\?[ \t]*$|=[ \t]*[%!]", re.MULTILINE)
_TIDIED = re.compile(r"\A(?:[ \t]*\n)*(?:[ \t]+\S|(?:[^\n]*\n)?[ \t]*(?:>>>|\.{3}|In \[\d))")
"""What IPython takes off a cell before it is executed: an indentation of all of it, and prompts that were copied."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is read of a cell."""

    kind: str
    source: str
    is_check: bool = False
    """Whether its metadata says that it is a check's, which no student wrote."""
    name: str = ""
    """What nbgrader calls it, where its metadata says so."""


def is_notebook(name: str) -> bool:
    """Return whether a file's name is a notebook's."""
    return name.lower().endswith(".ipynb")


def write_notebook(
    sources: Sequence[str], checks: Container[int] = (), texts: Mapping[int, Sequence[Cell]] | None = None
) -> str:
    """Return a notebook of code cells, the ones with these numbers (from 1) marked as checks; it has no ids or dates.

    `texts` are cells that stand before the one of a number.
    """
    cells: list[dict[str, Any]] = []
    for number, source in enumerate([*sources, None], start=1):
        for cell in (texts or {}).get(number, ()):
            about = {"nbgrader": {"grade_id": cell.name, "solution": True}} if cell.name else {}
            cells.append({"cell_type": "markdown", "metadata": about, "source": cell.source})
        if source is not None:
            cells.append(
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "metadata": {"nbgrader": {"grade": True}} if number in checks else {},
                    "outputs": [],
                    "source": source,
                }
            )
    document: dict[str, Any] = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


HARMLESS = write_notebook(["%matplotlib inline\nx = 1"])
"""A notebook in which nothing can be wrong: where it cannot be read, the fault is this program's."""


def read_notebook(text: str, name: str) -> Source:
    """Return a notebook's code cells as units; outputs are not read.

    Raises:
        SubmissionError: the text is not a notebook, or holds more code than is read.
    """
    cells = [cell for cell in read_cells(text) if cell.kind == "code"]
    checks = [number for number, cell in enumerate(cells, start=1) if cell.is_check]
    # nbgrader's cell for a question that a person grades is read, and not executed.
    sources = ["" if cell.is_check or cell.name.startswith("question_") else cell.source for cell in cells]
    helpers: dict[str, Unit] = {}
    for place, source in enumerate(sources):
        if (helper := written_helper(source, helpers)) is not None:
            helpers[helper.name] = helper
            sources[place] = ""
    units, notes = list[Unit](), list[Explanation]()
    if checks:
        notes.append(Explanation("submission.checks_skipped", {"cells": ", ".join(map(str, checks))}))
    for number, (source, code) in enumerate(zip(sources, as_python(sources), strict=True), start=1):
        if code is None:
            # As it is it is no Python, and its own SyntaxError says where.
            notes.append(Explanation("submission.cell_unread", {"cell": number}))
            code = source
        if number not in checks:
            units.append(Unit(f"{name} [cell {number}]", code))
        for line in skipped_lines(code).values():
            notes.append(Explanation("submission.magic_skipped", {"cell": number, "line": line}))
        needed = "" if parses(code) else needed_python(code)
        if needed:
            values = {"cell": number, "needed": needed, "version": this_python()}
            notes.append(Explanation("submission.newer_cell", values))
    return Source(tuple(units), tuple(notes), helpers=tuple(helpers.values()))


def this_python() -> str:
    """Return the version of Python that answers are graded with."""
    return "{}.{}".format(*sys.version_info)


def skipped_lines(code: str) -> dict[int, str]:
    """Return line number -> line, for the lines that are calls of IPython's and do nothing; grader's own are none."""
    lines = enumerate(code.splitlines(), start=1)
    return {
        number: line.strip()[:100]
        for number, line in lines
        if "get_ipython()." in line and not _OWN_MAGIC.search(line)
    }


def as_python(sources: Sequence[str]) -> list[str | None]:
    """Return code cells as Python, magics and shell lines as calls that do nothing; None for what cannot be read.

    Raises:
        SubmissionError: it is more code than is read, or would take long to be read.
    """
    check_cost(sources)
    codes = [*_transformed(sources)]
    check_cost([code for code in codes if code is not None and code not in sources])
    return codes


def _transformed(sources: Sequence[str]) -> Iterator[str | None]:
    budget = _MOST_TRANSFORMED
    for source in sources:
        # Empty lines take the magics' place, so that the other lines keep their numbers.
        source = _TRANSPARENT.sub(lambda magics: "\n" * magics[0].count("\n"), source, count=1)
        source = _TIMED.sub(r"\1", source)
        passes = sum(1 for _ in _MAGIC.finditer(source)) + (_TIDIED.match(source) is not None)
        budget -= passes * len(source)
        yield source if not passes else _python(source) if budget > 0 else None


def read_cells(text: str) -> list[Cell]:
    """Return the cells of a notebook.

    Raises:
        SubmissionError: the text is not a notebook.
    """
    nbformat = _nbformat()
    try:
        return _cells(nbformat, text)
    except SubmissionError:
        raise
    except Exception as error:
        # nbformat raises whatever the damage makes it raise.
        if is_our_fault(error, lambda: _cells(nbformat, HARMLESS)):
            raise
        raise no_notebook(text) from error


def _nbformat() -> ModuleType:
    """Import nbformat when it is needed: a class of Python files does not wait for it.

    It imports jsonschema, which takes up to three seconds to build a grammar of internationalised addresses where the
    package for them is installed. No notebook is validated against that, so the package is hidden meanwhile.
    """
    grammar = "rfc3987_syntax"
    keep_out = grammar not in sys.modules
    if keep_out:
        sys.modules[grammar] = None  # type: ignore[assignment]  # an import of it raises ImportError
    try:
        import nbformat
    finally:
        if keep_out:
            del sys.modules[grammar]
    return nbformat


def _cells(nbformat: Any, text: str) -> list[Cell]:
    with warnings.catch_warnings():
        # nbformat warns of missing cell ids and the like: what a student's tool wrote is taken as it is.
        warnings.simplefilter("ignore")
        notebook = nbformat.reads(completed(text), as_version=4)
    return [
        Cell(
            _kind(cell),
            _text(cell.get("source", "")),
            is_marked_check(cell.get("metadata")),
            str(_about(cell.get("metadata")).get("grade_id", "")),
        )
        for cell in notebook.cells
    ]


def _kind(cell: Any) -> str:
    """Return a cell's type; one that nbgrader marks as an answer to be executed is code, for nbgrader makes it code."""
    about = _about(cell.get("metadata"))
    is_answer = about.get("solution") is True and about.get("grade") is False and not about.get("task")
    return "code" if is_answer else str(cell.get("cell_type"))


def is_marked_check(metadata: Any) -> bool:
    """Return whether a cell is marked as nbgrader marks a check's, or is another locked cell that `grader` made."""
    about = _about(metadata)
    if about.get("solution") is True:
        return False
    name = str(about.get("grade_id"))
    is_ours = _CHECK.match(name) is not None or (about.get("locked") is True and name in _OURS)
    return about.get("grade") is True or is_ours


def _about(metadata: Any) -> dict[str, Any]:
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return about if isinstance(about, dict) else {}


def completed(text: str) -> str:
    """Return a notebook without its outputs: nbformat would validate each of thousands, and none is read.

    What nbformat demands of every notebook and cell is added where a tool left it out.

    Raises:
        ValueError: it is not JSON.
        SubmissionError: it holds more than 2,000 cells, or beside its outputs more than is parsed.
    """
    try:
        raw = json.loads(without_outputs(text))
    except TooMuch as error:
        raise refused("submission.too_nested", most=MOST_VALUES, depth=MOST_DEPTH) from error
    if not isinstance(raw, dict):
        return text
    sheets = raw.get("worksheets")
    if isinstance(sheets, list) or isinstance(raw.get("cells"), list):
        raw.setdefault("metadata", {})
        raw.setdefault("nbformat", 4 if "cells" in raw else 3)
        # These are the last versions whose cells need no ids.
        raw.setdefault("nbformat_minor", 4 if "cells" in raw else 0)
    count = 0
    for holder in [raw, *(sheets if isinstance(sheets, list) else [])]:
        cells = holder.get("cells") if isinstance(holder, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            count += 1
            if isinstance(cell, dict):
                cell.setdefault("metadata", {})
                if raw.get("nbformat_minor") in range(5):
                    # Only cells of format 4.5 may have ids.
                    cell.pop("id", None)
                if cell.get("cell_type") == "code":
                    cell["outputs"] = []
    if count > _MOST_CELLS:
        raise refused("submission.too_many_cells", count=count, most=_MOST_CELLS)
    return json.dumps(raw)


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)


@cache
def _transformer() -> Any:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager()  # type: ignore[no-untyped-call]


def _python(source: str) -> str | None:
    """Return a cell as Python; magics and shell lines become calls of `get_ipython()`, line for line.

    None where IPython cannot make Python of it (it raises more than SyntaxError: RuntimeError at 500 magics).
    """
    try:
        return str(_transformer().transform_cell(source))
    except SyntaxError:
        return source
    except Exception as error:
        if is_our_fault(error, lambda: _transformer().transform_cell("!ls\n")):
            raise
        return None
