"""Notebooks in JupyterLab, in Chromium: a student's own, and those of `grader release --notebooks`. Skipped without either."""

from __future__ import annotations

import importlib.util
import json
import shutil
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course.load import load_course
from grader.release.build import make_release
from grader.release.folder import write_release
from tests.browser.jupyter import CHROMIUM, FLAGS, notebook_json, open_notebook, run_all, serve, settings
from tests.support.places import TINY
from tests.test_ipython import GOOD, WRONG

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: sudo apt-get install chromium"),
    pytest.mark.skipif(importlib.util.find_spec("jupyterlab") is None, reason="no jupyterlab"),
]
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30"/></svg>'
)
"""JupyterLab shows it from its file; a picture of points comes with the notebook."""


@dataclass(frozen=True)
class Lab:
    """JupyterLab in a browser: one server for all of these tests, and a folder for each course in what it serves."""

    browser: Browser
    address: str
    folder: Path

    def run(self, name: str) -> Locator:
        """Open a notebook on a page of its own and run everything; returns the panel."""
        page = self.browser.new_page(viewport={"width": 1000, "height": 1400})
        panel = open_notebook(page, self.address, name)
        run_all(page, panel)
        return panel


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("lab")
    settings(home)
    with (
        serve("lab", folder, home, variables={"GRADER_LANG": "en"}) as address,
        playwright.sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Lab(browser, address, folder)
        browser.close()


@pytest.fixture(scope="module")
def cells(lab: Lab) -> Locator:
    """Return the cells of a student's own notebook in which everything was run."""
    course = lab.folder / "course"
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns("solutions", "__pycache__"))
    notebook = notebook_json("%load_ext grader", GOOD, "%check ex1", WRONG, "%check ex1")
    (course / "ex01.ipynb").write_text(notebook, encoding="utf-8")
    cells = lab.run("course/ex01.ipynb").locator(".jp-CodeCell")
    # That a cell was run is told on another way than what it puts out.
    for number in (2, 4):
        cells.nth(number).locator(".jp-RenderedHTML").wait_for()
    return cells


def test_a_right_answer_passes(cells: Locator) -> None:
    result = cells.nth(2).locator(".jp-RenderedHTML")
    assert "points: 2 / 2" in result.inner_text()
    assert result.locator("table").count() == 0


def test_a_wrong_answer_is_drawn_in_colour(cells: Locator) -> None:
    result = cells.nth(4).locator(".jp-RenderedHTML")
    assert "points: 1 / 2" in result.inner_text()
    wrong = result.locator("td", has_text="✗").last
    assert wrong.inner_text().strip() == "7 ✗"
    assert wrong.is_visible()
    assert wrong.evaluate("cell => getComputedStyle(cell).backgroundColor") == "rgb(246, 201, 192)"


def test_nothing_else_is_put_out(cells: Locator) -> None:
    assert [cells.nth(number).locator(".jp-OutputArea-output").count() for number in range(5)] == [
        0,
        0,
        1,
        0,
        1,
    ]


def points(width: int, height: int) -> bytes:
    """Return a grey picture as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(height * (width + 1)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "shown"), [("ex01.ipynb", "points: 2 / 2"), ("notebooks/ko/ex01.ipynb", "점수: 2 / 2")]
)
def test_a_released_notebook_shows_the_statement_and_checks_the_answer(
    name: str, shown: str, lab: Lab, tiny_copy: Path
) -> None:
    released = lab.folder / tiny_copy.parent.name
    given = tiny_copy / "exercises/ex01_row_sums"
    (given / "data").mkdir()
    (given / "data/rows.svg").write_text(PICTURE)
    (given / "data/columns.png").write_bytes(points(50, 20))
    for readme in given.glob("README*"):
        readme.write_text(
            readme.read_text(encoding="utf-8") + "\n![rows](data/rows.svg) ![columns](data/columns.png)\n",
            encoding="utf-8",
        )
    write_release(make_release(load_course(tiny_copy), ("en", "ko")), released, None)
    document = json.loads((released / name).read_bytes())
    document["cells"][2]["source"] = (TINY / "solutions/ex01_row_sums/solution.py").read_text(
        encoding="utf-8"
    )
    (released / name).write_text(json.dumps(document))
    (released / "exercises/ex01_row_sums/data/columns.png").unlink()
    panel = lab.run(f"{released.name}/{name}")
    cells = panel.locator(".jp-CodeCell")
    assert shown in cells.last.locator(".jp-RenderedHTML").inner_text()
    panel.page.wait_for_function(
        "(all => all.length > 1 && all.every(one => one.complete))"
        "([...document.querySelectorAll('.jp-RenderedMarkdown img')])"
    )
    pictures = panel.locator(".jp-RenderedMarkdown img")
    assert [pictures.nth(number).evaluate("image => image.naturalWidth") for number in (0, 1)] == [40, 50]
    assert panel.locator(".jp-RenderedMarkdown h1").first.inner_text().startswith("ex01.")
    assert cells.nth(0).locator(".jp-OutputArea-output").count() == 0
