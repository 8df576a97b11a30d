"""What another grader's notebook is made of, whichever it was written for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.errors import Fault, RequestError, file_errors_as
from grader.model import Explanation


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook."""

    number: int
    """From 1, as a reader counts."""
    kind: str
    source: str
    settings: Mapping[str, Any]
    """What nbgrader wrote into its metadata."""
    shown: str | None
    """The value that running it showed; None where it showed nothing."""
    is_printing: bool
    has_attachments: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Code that students write, as the author solved it, or are given."""

    cell: int
    solution: str
    removed: frozenset[int]
    """Its lines, from 1, that students do not get; none of code that they are given."""


@dataclass(frozen=True, slots=True)
class Test:
    """Code that tests an answer."""

    cell: int
    name: str
    points: Fraction
    code: str
    is_hidden: bool
    setup: str = ""
    """What the same cell does before it: the visible part of a cell with hidden tests."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer a person reads."""

    cell: int
    name: str
    points: Fraction
    kind: str = "text"
    """As course.yml says it: `text`, `code` or `plot`."""
    rubric: str = ""
    """What an answer is to have: the author's own one."""
    prompt: str = ""
    """What is asked, where its cell says it."""


@dataclass(slots=True)
class Notebook:
    """An assignment, taken apart; its cells' order is that of `content`."""

    file: str
    content: list[str | Answer] = field(default_factory=list)
    """Statements as Markdown, and code."""
    tests: list[Test] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    """What could not be brought over."""

    def note(self, cell: int, key: str, **values: Any) -> None:
        """Note what could not be brought over, and why."""
        self.notes.append(Fault(self.file, f"cell {cell}", Explanation(key, values)))

    def give(self, cell: int, code: str) -> None:
        """Add code that students get as it stands."""
        self.content.append(Answer(cell, code, frozenset()))


def read_notebook_cells(path: Path) -> list[Cell]:
    """Return the cells of an author's notebook.

    Raises:
        RequestError: it cannot be read, or is no notebook of Python in the format of today.
    """
    with file_errors_as(RequestError, "authoring.unreadable", path):
        text = path.read_text(encoding="utf-8")
    try:
        document = json.loads(text)
        cells = document["cells"]
        language = document.get("metadata", {}).get("kernelspec", {}).get("language", "python")
        read = [_cell(number, cell) for number, cell in enumerate(cells, start=1)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RequestError("authoring.no_notebook", {"file": str(path)}) from error
    if language.lower() not in ("python", "python3"):
        raise RequestError("authoring.other_kernel", {"file": str(path), "language": language})
    return read


def _cell(number: int, cell: Mapping[str, Any]) -> Cell:
    outputs = cell.get("outputs", ())
    results = [item for item in outputs if item.get("output_type") == "execute_result"]
    shown = [_joined(item["data"]["text/plain"]) for item in results if "text/plain" in item.get("data", {})]
    return Cell(
        number,
        str(cell["cell_type"]),
        _joined(cell["source"]),
        dict(cell.get("metadata", {}).get("nbgrader", {})),
        shown[-1] if shown else None,
        any(item.get("name") == "stdout" for item in outputs),
        bool(cell.get("attachments")),
    )


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def note_files(notebook: Notebook, path: Path, cells: Sequence[Cell]) -> None:
    """Note the files beside a notebook that its cells name."""
    for file in sorted(path.parent.iterdir()):
        is_module = file.suffix == ".py"
        named = rf"^\s*(from|import)\s+{re.escape(file.stem)}\b" if is_module else re.escape(file.name)
        for cell in cells if file.suffix not in (".ipynb", "") else ():
            if re.search(named, cell.source, flags=re.MULTILINE):
                notebook.note(cell.number, "authoring.lost_file", name=file.name)


def without_magics(notebook: Notebook, cell: Cell) -> str:
    """Return a cell's Python without IPython's own lines, which are noted where they do more than show."""
    kept = []
    for line in cell.source.splitlines():
        if re.match(r"\s*[%!]", line):
            if not re.match(r"\s*%(matplotlib|load_ext|autoreload|config)\b", line):
                notebook.note(cell.number, "authoring.lost_magic", line=line.strip())
        else:
            kept.append(line)
    return "\n".join(kept).strip("\n")


def kind_of(code: str) -> str:
    """Return which kind of question is answered by code: one that draws, or another."""
    return "plot" if re.search(r"\bplt\.|\.plot\(|\bsns\.", code) else "code"


def fraction(value: object) -> Fraction:
    """Return points, which somebody wrote; 0 for what is no number."""
    try:
        return max(Fraction(str(value)), Fraction(0))
    except (ValueError, ZeroDivisionError):
        return Fraction(0)
