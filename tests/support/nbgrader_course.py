"""An nbgrader course of the tests' course: built, released, and handed in to by a scripted class."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.fakes import FakeRunner

__all__ = [
    "ANSWERS",
    "Notebook",
    "WarmFake",
    "change_cell",
    "code_cell",
    "hand_in",
    "nbgrader_api",
    "notebook",
    "open_gradebook",
    "put_in",
    "solve",
]

Notebook = dict[str, Any]

ANSWERS = {
    "row_sums": (
        "def row_sums(x):\n    if x.ndim != 2:\n        raise ValueError\n"
        "    return np.array([x[i] @ np.ones(x.shape[1], int) for i in range(len(x))])\n"
    ),
    "scale": "def scale(x, factor=2):\n    return x * factor\n",
    "max_pool": (
        "def max_pool(x):\n    h, w = x.shape[1] // 2, x.shape[2] // 2\n"
        "    return x[:, :2 * h, :2 * w].reshape(1, h, 2, w, 2, 1).max(axis=(2, 4))\n"
    ),
}
"""Right answers to the tests' course, not the references'."""


class WarmFake(FakeRunner):
    """A fake in place of a sandboxed runner."""

    started = 0

    def __enter__(self) -> WarmFake:
        type(self).started += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def nbgrader_api(folder: Path) -> Any:
    """Return nbgrader's own interface to the course in a folder, with the configuration that was written there."""
    import nbgrader.api
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    # nbgrader calls Alembic by its name, with each new gradebook, for two seconds, and hears the same each time.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    if not hasattr(nbgrader.api.get_alembic_version, "cache_info"):
        nbgrader.api.get_alembic_version = cache(nbgrader.api.get_alembic_version)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    return NbGraderAPI(CourseDirectory(config=config), config=config)


@contextlib.contextmanager
def open_gradebook(folder: Path) -> Any:
    """Open nbgrader's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        yield gradebook


def code_cell(source: str) -> dict[str, Any]:
    """Return a cell that a student added."""
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def notebook(folder: Path, name: str, step: str = "release", assignment: str | None = None) -> Notebook:
    """Return a notebook of the course."""
    text = (folder / step / (assignment or name) / f"{name}.ipynb").read_text(encoding="utf-8")
    return dict(json.loads(text))


def change_cell(document: Notebook, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the cell of a name."""
    cells = [
        cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name
    ]
    assert len(cells) == 1, name
    change(cells[0])


def put_in(document: Notebook, function: str, code: str) -> None:
    """Write a student's code for a function into its cell."""
    change_cell(document, f"solution_{function}", lambda cell: cell.update(source=code))


def solve(document: Notebook, *functions: str) -> None:
    """Write right answers into a notebook."""
    for function in functions:
        put_in(document, function, ANSWERS[function])


def hand_in(folder: Path, student: str, name: str, document: Notebook, assignment: str | None = None) -> Path:
    """Hand a notebook in."""
    path = folder / "submitted" / student / (assignment or name) / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
