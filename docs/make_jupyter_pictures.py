"""Take the pictures of notebooks: `%check` in JupyterLab, nbgrader's formgrader and feedback. Run by `make pictures`.

Needs Debian's chromium. Jupyter comes with nbgrader.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser.jupyter import (
    FLAGS,
    FORMGRADER,
    notebook_json,
    open_formgrader,
    open_notebook,
    run_all,
    serve,
    settings,
)
from tests.support.nbgrader_course import hand_in, notebook, put_in

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
GRADER = [sys.executable, "-m", "grader.cli"]

ANSWER = """import tensorflow as tf

def max_pool(x):
    height, width = x.shape[1] // 2, x.shape[2] // 2
    windows = x[:, : 2 * height, : 2 * width].reshape(1, height, 2, width, 2, 1)
    return windows.min(axis=(2, 4))

def pool_layer():
    return tf.keras.layers.MaxPool2D((2, 2))"""

SHIFTED = """def max_pool(x):
    x = x[:, x.shape[1] % 2 :, x.shape[2] % 2 :]
    height, width = x.shape[1] // 2, x.shape[2] // 2
    return x.reshape(1, height, 2, width, 2, 1).max(axis=(2, 4))"""
LAYER = """def pool_layer():
    return tf.keras.layers.MaxPool2D((2, 2))"""
NAME = "ex03_maxpool_2"


def saved(name: str) -> Path:
    """Return where a picture goes."""
    print(f"docs/images/{name}")
    return IMAGES / name


def draw_jupyterlab(folder: Path, browser: Browser, theme: str, path: Path) -> None:
    """Save what a student sees who takes the minimum, in the released course."""
    home, course = folder / "home", folder / "cnn"
    if not course.exists():
        subprocess.run([*GRADER, "release", str(course)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    notebook = notebook_json("# ex03. Max pooling 2", "%load_ext grader", ANSWER, "%check ex3")
    (course / "ex03.ipynb").write_text(notebook, encoding="utf-8")
    settings(home, theme=theme)
    # What TensorFlow says of the machine's graphics card when it is first imported is not what the picture is about.
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    (startup / "00-tensorflow.py").write_text("import tensorflow\n", encoding="utf-8")
    with serve("lab", course, home, variables={"GRADER_LANG": "en"}) as address:
        page = browser.new_page(viewport={"width": 1040, "height": 1055})
        panel = open_notebook(page, address, "ex03.ipynb")
        cells = run_all(page, panel)
        cells.last.get_by_text("points: 1 / 4").wait_for()
        page.mouse.move(5, 5)
        panel.screenshot(path=path)
        page.close()


def grade_class(folder: Path) -> None:
    """Build an nbgrader course, and let nbgrader grade a student in it who is right on even images only."""
    build = [*GRADER, "nbgrader", "build", str(folder), "ex3", "--lang", "en"]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    _nbgrader(folder, "generate_assignment", NAME)
    document = notebook(folder, NAME)
    put_in(document, "max_pool", SHIFTED)
    put_in(document, "pool_layer", LAYER)
    hand_in(folder, "kim", NAME, document)
    _nbgrader(folder, "autograde", NAME)
    _nbgrader(folder, "generate_feedback", NAME)


def _nbgrader(folder: Path, *command: str) -> None:
    # It calls Alembic by its name.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr)


def draw_formgrader(folder: Path, browser: Browser, path: Path) -> None:
    """Save what an instructor sees of a submission in nbgrader's formgrader."""
    with serve("server", folder, folder.parent / "home", options=FORMGRADER) as address:
        page = browser.new_page(viewport={"width": 1040, "height": 930})
        open_formgrader(page, address)
        page.goto(f"{address}/formgrader/gradebook/{NAME}/{NAME}")
        page.get_by_role("link", name="Submission #1").click()
        page.wait_for_function("document.querySelector('#test_layer').placeholder !== ''")
        _show(page, "test_odd_image", 85)
        page.screenshot(path=path)
        page.close()


def draw_feedback(folder: Path, browser: Browser, path: Path) -> None:
    """Save what the student gets of `nbgrader generate_feedback`."""
    page = browser.new_page(viewport={"width": 1040, "height": 885})
    page.goto((folder / "feedback" / "kim" / NAME / f"{NAME}.html").as_uri())
    _show(page, "hidden_test_even_sides", 110)
    page.screenshot(path=path)
    page.close()


def _show(page: Page, name: str, below: int) -> None:
    """Scroll a grade cell to so many pixels below the top."""
    cell = page.locator(".nbgrader_cell", has_text=name).last
    cell.evaluate("(cell, below) => scrollTo(0, cell.getBoundingClientRect().top + scrollY - below)", below)


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        draw_jupyterlab(Path(name), browser, "JupyterLab Light", saved("jupyterlab.png"))
        course = Path(name, "nbgrader")
        grade_class(course)
        draw_formgrader(course, browser, saved("formgrader.png"))
        draw_feedback(course, browser, saved("nbgrader-feedback.png"))
        browser.close()


if __name__ == "__main__":
    main()
