"""Make a submitted notebook whole: its cells as nbgrader's gradebook knows them, whatever a student or a tool did.

nbgrader's own `OverwriteCells` looks for a cell by its metadata, stops at metadata that was changed in other ways than
it expects, and leaves a grade cell that was deleted without a score, or with that of an earlier attempt.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

from nbformat import from_dict
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbformat.validator import iter_validate

from grader.answers.notebook import is_marked_check
from grader.nbgrader.notebook import SCHEMA

_LEFT_OUT = "grader_left_out"
"""This key in a cell's metadata says that a student marked the cell as a check, so that it is not executed."""


def restore_cells(nb: NotebookNode, known: Any) -> Iterator[str]:
    """Restore the cells of a notebook in place, and yield what was changed; `known` is nbgrader's `Notebook`.

    Of several cells of one name the last one counts, as in nbgrader, and the others become plain cells. A locked cell gets
    its source back; a graded cell that is missing is added at the end. A notebook that nbformat would refuse, at which
    nbgrader would stop, becomes one that it takes.
    """
    if _make_valid(nb):
        yield "what no notebook may hold was taken out"
    sources = {cell.name: cell for cell in known.source_cells}
    marks = _marks(known)
    restored: set[str] = set()
    for cell in reversed(nb.cells):
        is_marked = is_marked_check(cell.get("metadata"))
        name = _name(cell)
        cell.metadata.pop(_LEFT_OUT, None)
        if is_marked and (name not in sources or name in restored or not sources[name].locked):
            cell.metadata[_LEFT_OUT] = True
        if name is None:
            continue
        if name in restored:
            yield f"cell {name} is there more than once"
        if name not in sources or name in restored:
            del cell.metadata["nbgrader"]
            continue
        restored.add(name)
        if _is_changed(cell.metadata["nbgrader"], marks[name]):
            yield f"the metadata of cell {name} was changed"
        cell.metadata["nbgrader"] = NotebookNode(marks[name])
        if cell.cell_type != sources[name].cell_type:
            yield f"the type of cell {name} was changed"
            _make(cell, sources[name].cell_type)
        if sources[name].locked:
            # This is not reported: a cell with hidden lines always differs from what was released.
            cell.source = sources[name].source
    missing = [name for name, mark in marks.items() if mark["grade"] and name not in restored]
    if missing:
        yield f"cells were missing: {', '.join(missing)}"
    for name in missing:
        make = new_code_cell if sources[name].cell_type == "code" else new_markdown_cell
        nb.cells.append(make(sources[name].source, metadata={"nbgrader": marks[name]}))
    _mend_ids(nb)


def is_left_out(cell: NotebookNode) -> bool:
    """Return whether a restored cell is not to be executed because a student marked it as a check."""
    return bool(cell.metadata.get(_LEFT_OUT))


def _make_valid(nb: NotebookNode) -> bool:
    """Take out of a notebook what nbformat refuses or no file can hold; return whether there was any of it."""
    for cell in nb.cells:
        if cell.get("cell_type") == "code":
            # nbgrader clears the outputs next, and each of thousands would be validated here.
            cell["outputs"] = []
    with contextlib.suppress(UnicodeEncodeError):
        json.dumps(nb, ensure_ascii=False).encode()
        # 4 is the last version whose cells need no ids: ids are mended afterwards.
        minor = min(nb.get("nbformat_minor", 4), 4)
        if next(iter_validate(nb, version=4, version_minor=minor, relax_add_props=True), None) is None:
            return False
    # A tool that cut a text may have left half of a character, which cannot be encoded.
    whole = from_dict(json.loads(json.dumps(nb, ensure_ascii=False).encode("utf-8", "replace")))
    nb.metadata, nb.cells = NotebookNode(), [_valid_cell(cell) for cell in whole.cells]
    return True


def _valid_cell(cell: Any) -> NotebookNode:
    """Return what counts of a cell: its type, its source, its id and nbgrader's metadata of it."""
    cell_type = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown") else "raw"
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    valid = {
        "cell_type": cell_type,
        "metadata": {"nbgrader": metadata["nbgrader"]} if "nbgrader" in metadata else {},
        "source": cell.source if isinstance(cell.get("source"), str) else "",
    }
    if cell_type == "code":
        valid |= {"outputs": [], "execution_count": None}
    if "id" in cell:
        valid["id"] = cell["id"]
    return NotebookNode(from_dict(valid))


def _marks(known: Any) -> dict[str, dict[str, Any]]:
    """Return nbgrader's metadata of every cell that it knows, by name."""
    points = {cell.name: float(cell.max_score) for cell in (*known.grade_cells, *known.task_cells)}
    names = {
        mark: {cell.name for cell in getattr(known, f"{mark}_cells")}
        for mark in ("grade", "solution", "task")
    }
    marks: dict[str, dict[str, Any]] = {}
    for cell in known.source_cells:
        mark = {
            **{mark: cell.name in marked for mark, marked in names.items()},
            "locked": bool(cell.locked),
            "grade_id": cell.name,
            "schema_version": SCHEMA,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
        }
        marks[cell.name] = mark | ({"points": points[cell.name]} if cell.name in points else {})
    return marks


def _name(cell: Any) -> str | None:
    """Return the name of a cell in nbgrader, None without one; nbgrader's metadata in a form without a name is removed."""
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict):
        cell["metadata"] = NotebookNode()
        return None
    about = metadata.get("nbgrader")
    name = about.get("grade_id") if isinstance(about, dict) else None
    if not isinstance(name, str):
        metadata.pop("nbgrader", None)
        return None
    return name


def _is_changed(given: Any, known: dict[str, Any]) -> bool:
    """Return whether a cell's metadata differs from what was released. The checksum of one with hidden lines always does."""
    return any(given.get(key) != value for key, value in known.items() if key not in ("checksum", "task"))


def _make(cell: Any, cell_type: str) -> None:
    cell["cell_type"] = cell_type
    for key in ("outputs", "execution_count", "attachments"):
        cell.pop(key, None)
    if cell_type == "code":
        cell["outputs"], cell["execution_count"] = [], None


def _mend_ids(nb: NotebookNode) -> None:
    """Give a cell with another's id or an invalid one a new id; below format 4.5 none has one. nbformat refuses others."""
    seen: set[str] = set()
    for place, cell in enumerate(nb.cells, start=1):
        if nb.get("nbformat_minor", 0) < 5:
            cell.pop("id", None)
            continue
        id, number = cell.get("id"), 1
        if not isinstance(id, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", id):
            id = f"cell-{place}"
        cell["id"] = id
        while cell["id"] in seen:
            number += 1
            cell["id"] = f"{id[:56]}-{number}"
        seen.add(cell["id"])
