"""A student's notebook in JupyterLab, in Chromium. Skipped where either is missing."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.jupyter import CHROMIUM, FLAGS, notebook_json, open_notebook, run_all, serve, settings
from tests.support.places import TINY
from tests.test_ipython import GOOD, WRONG

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: sudo apt-get install chromium"),
    pytest.mark.skipif(importlib.util.find_spec("jupyterlab") is None, reason="no jupyterlab"),
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locator]:
    """Return the cells of a notebook in which everything was run."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    home, course = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("student") / "course"
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns("solutions"))
    notebook = notebook_json("%load_ext grader", GOOD, "%check ex1", WRONG, "%check ex1")
    (course / "ex01.ipynb").write_text(notebook, encoding="utf-8")
    settings(home)
    with (
        serve("lab", course, home, variables={"GRADER_LANG": "en"}) as address,
        playwright.sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 1400})
        run = run_all(page, open_notebook(page, address, "ex01.ipynb"))
        # That a cell was run is told on another way than what it puts out.
        for number in (2, 4):
            run.nth(number).locator(".jp-RenderedHTML").wait_for()
        yield run
        browser.close()


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
