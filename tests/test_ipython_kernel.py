"""`%check` in a real kernel, as a notebook has it: executed by nbclient, and looked at in the notebook's outputs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.messages.sentences import text
from tests.support.places import TINY
from tests.test_ipython import GOOD, WRONG

pytestmark = pytest.mark.filterwarnings("ignore")  # Jupyter's own code

CELLS = [
    "%load_ext grader",
    GOOD,
    "%check ex1",
    WRONG,
    "%check ex1",
    'from grader import check\ncheck("row-sums", everything=True, language="ko")',
    # As when the user interrupts the kernel while it runs.
    "def row_sums(x):\n    raise KeyboardInterrupt",
    "%check ex1",
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """Return what each cell of a notebook put out."""
    from nbclient import NotebookClient

    nbformat: Any = pytest.importorskip("nbformat")
    home = tmp_path_factory.mktemp("home")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = NotebookClient(
        notebook,
        allow_errors=True,
        timeout=100,
        kernel_name="python3",
        resources={"metadata": {"path": str(TINY / "exercises")}},
    )
    environment = os.environ | {
        "HOME": str(home),
        "IPYTHONDIR": str(home),
        "GRADER_LANG": "en",
        "PYTHONPATH": str(Path(grader.__file__).parents[1]),
    }
    with client.setup_kernel(env=environment):
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
    return [cell.get("outputs", []) for cell in notebook.cells]


def shown(outputs: list[dict[str, Any]]) -> dict[str, str]:
    """Return the one thing that a cell showed, by its kind."""
    (output,) = outputs
    assert output["output_type"] == "display_data"
    return dict(output["data"])


def test_a_right_answer_passes(outputs: list[list[dict[str, Any]]]) -> None:
    assert outputs[:2] == [[], []]
    html = shown(outputs[2])["text/html"]
    assert "points: 2 / 2" in html
    assert "✗" not in html


def test_a_wrong_answer_is_drawn(outputs: list[list[dict[str, Any]]]) -> None:
    html = shown(outputs[4])["text/html"]
    assert "points: 1 / 2" in html
    assert ">7 ✗</td>" in html
    assert "without a sandbox" in html


def test_the_text_beside_it_is_whole(outputs: list[list[dict[str, Any]]]) -> None:
    text = shown(outputs[4])["text/plain"]
    assert "points: 1 / 2" in text
    assert "3 7     3 6" in text
    assert "without a sandbox" in text


def test_the_function_shows_the_same(outputs: list[list[dict[str, Any]]]) -> None:
    assert "점수: 5 / 6" in shown(outputs[5])["text/html"]


def test_a_check_that_is_stopped_shows_none_of_our_frames(outputs: list[list[dict[str, Any]]]) -> None:
    (output,) = outputs[-1]
    # An error: cells that wait are not executed.
    assert output["output_type"] == "error"
    assert output["traceback"] == [text("interactive.stopped", "en")]
