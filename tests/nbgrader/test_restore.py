"""A submitted notebook made whole: what nbgrader would stop at is mended, and the code stays."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from grader.nbgrader.restore import restore_cells

CODE = "def f(x):\n    return x"
NOTHING_KNOWN = SimpleNamespace(source_cells=[], grade_cells=[], solution_cells=[], task_cells=[])


def notebook(cell: dict[str, Any], metadata: Any = None) -> NotebookNode:
    """Return a notebook as it is read: a cell with code, and one that something is wrong with."""
    first = {"cell_type": "code", "id": "first", "metadata": {"tags": ["mine"]}, "source": CODE}
    document = {
        "cells": [{**first, "outputs": [], "execution_count": 1}, {"id": "second", "metadata": {}, **cell}],
        "metadata": {} if metadata is None else metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return NotebookNode(nbformat.from_dict(document))


def restored(nb: NotebookNode) -> list[str]:
    """Restore a notebook, which then is one that every tool takes and every file can hold."""
    said = list(restore_cells(nb, NOTHING_KNOWN))
    nbformat.validate(nb)
    nbformat.writes(nb).encode()
    assert nb.cells[0].source == CODE
    return said


TEXT = {"cell_type": "markdown", "source": "text"}
BROKEN = [
    {**TEXT, "source": None},
    {**TEXT, "source": 3},
    {**TEXT, "source": "half: \ud800"},
    {**TEXT, "cell_type": "weird"},
    {**TEXT, "metadata": {"tags": 3}},
    {**TEXT, "metadata": {"name": "half: \ud800"}},
    {"cell_type": "code", "source": "x = 1", "outputs": [], "execution_count": "first"},
]


@pytest.mark.parametrize("cell", BROKEN)
def test_what_no_notebook_may_hold_is_taken_out(cell: dict[str, Any]) -> None:
    assert restored(notebook(cell)) == ["what no notebook may hold was taken out"]


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": 3}, {"language_info": []}, {"kernelspec": {"name": None}}]
)
def test_what_a_notebook_says_of_itself_is_taken_out_too(metadata: dict[str, Any]) -> None:
    assert restored(notebook(TEXT, metadata)) == ["what no notebook may hold was taken out"]


@pytest.mark.parametrize("id", ["first", "", 3, None, "no id", "x" * 65, ["first"]])
def test_an_id_that_is_taken_or_none_is_another(id: Any) -> None:
    nb = notebook({**TEXT, "id": id})
    assert restored(nb) == []
    assert nb.cells[0].id == "first"


def test_what_is_valid_stays_as_it_is() -> None:
    nb = notebook(TEXT, {"kernelspec": {"name": "ir", "display_name": "R"}, "mine": 3})
    before = json.dumps(nb, sort_keys=True)
    assert restored(nb) == []
    assert json.dumps(nb, sort_keys=True) == before


@pytest.mark.parametrize("minor", range(5))
def test_a_notebook_of_an_older_format_stays_one(minor: int) -> None:
    nb = notebook({**TEXT, "id": "second"}, {"mine": 3})
    nb.nbformat_minor = minor
    for cell in nb.cells:
        del cell["id"]
    source = SimpleNamespace(name="test_f", cell_type="code", source="f(1)", locked=True, checksum="")
    known = SimpleNamespace(
        source_cells=[source],
        grade_cells=[SimpleNamespace(name="test_f", max_score=1)],
        solution_cells=[],
        task_cells=[],
    )
    assert list(restore_cells(nb, known)) == ["cells were missing: test_f"]
    nbformat.validate(nb)
    assert (nb.metadata.mine, len(nb.cells)) == (3, 3)


def test_a_cell_without_an_id_gets_the_same_each_time() -> None:
    ids = []
    for _ in range(2):
        nb = notebook(TEXT)
        del nb.cells[1]["id"]
        restored(nb)
        ids.append(nb.cells[1].id)
    assert ids == ["cell-2", "cell-2"]
