"""Take the pictures of notebooks: `%check` in JupyterLab. Run by `make pictures`.

Needs Debian's chromium. Jupyter comes with nbgrader.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser.jupyter import FLAGS, notebook_json, open_notebook, run_all, serve, settings

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


def saved(name: str) -> Path:
    """Return where a picture goes."""
    print(f"docs/images/{name}")
    return IMAGES / name


def draw_jupyterlab(folder: Path, browser: Browser, theme: str, path: Path) -> None:
    """Save what a student sees who takes the minimum, in the released course."""
    home, course = folder / "home", folder / "cnn"
    if not course.exists():
        subprocess.run([*GRADER, "release", str(course)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    notebook = notebook_json("# ex03. MaxPool 2", "%load_ext grader", ANSWER, "%check ex3")
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


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        draw_jupyterlab(Path(name), browser, "JupyterLab Light", saved("jupyterlab.png"))
        browser.close()


if __name__ == "__main__":
    main()
