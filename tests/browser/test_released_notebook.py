"""A notebook as `grader release --notebooks` makes it, opened in JupyterLab in Chromium. Skipped where either is missing."""

from __future__ import annotations

import importlib.util
import json
import struct
import zlib
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.release.build import make_release
from grader.release.folder import write_release
from tests.browser.jupyter import CHROMIUM, FLAGS, open_notebook, run_all, serve, settings
from tests.support.places import TINY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: sudo apt-get install chromium"),
    pytest.mark.skipif(importlib.util.find_spec("jupyterlab") is None, reason="no jupyterlab"),
]
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30"/></svg>'
)
"""JupyterLab shows it from its file; a picture of points comes with the notebook."""


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
def test_it_shows_the_statement_and_checks_the_answer(
    name: str, shown: str, tmp_path: Path, tiny_copy: Path
) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    home, course = tmp_path / "home", tmp_path / "student"
    given = tiny_copy / "exercises/ex01_row_sums"
    (given / "data").mkdir()
    (given / "data/rows.svg").write_text(PICTURE)
    (given / "data/columns.png").write_bytes(points(50, 20))
    for readme in given.glob("README*"):
        readme.write_text(
            readme.read_text(encoding="utf-8") + "\n![rows](data/rows.svg) ![columns](data/columns.png)\n",
            encoding="utf-8",
        )
    write_release(make_release(load_course(tiny_copy), ("en", "ko")), course, None)
    document = json.loads((course / name).read_bytes())
    document["cells"][2]["source"] = (TINY / "solutions/ex01_row_sums/solution.py").read_text(
        encoding="utf-8"
    )
    (course / name).write_text(json.dumps(document))
    (course / "exercises/ex01_row_sums/data/columns.png").unlink()
    settings(home)
    with (
        serve("lab", course, home, variables={"GRADER_LANG": "en"}) as address,
        playwright.sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 1400})
        panel = open_notebook(page, address, name)
        cells = run_all(page, panel)
        result = cells.last.locator(".jp-RenderedHTML").inner_text()
        pictures = panel.locator(".jp-RenderedMarkdown img")
        page.wait_for_function(
            "(all => all.length > 1 && all.every(one => one.complete))"
            "([...document.querySelectorAll('.jp-RenderedMarkdown img')])"
        )
        assert [pictures.nth(number).evaluate("image => image.naturalWidth") for number in (0, 1)] == [40, 50]
        assert shown in result
        assert panel.locator(".jp-RenderedMarkdown h1").first.inner_text().startswith("ex01.")
        assert cells.nth(0).locator(".jp-OutputArea-output").count() == 0
        browser.close()
