"""A Jupyter server of one's own, and a notebook in it as a user sees it in Chromium."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grader

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = [
    "CHROMIUM",
    "FLAGS",
    "FORMGRADER",
    "notebook_json",
    "open_formgrader",
    "open_notebook",
    "run_all",
    "serve",
    "settings",
]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --hide-scrollbars""".split()
FORMGRADER = (
    "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True",
    "--log-level=DEBUG",
)
"""Options of a server with nbgrader's pages for instructors, which say in full what they did."""
_READY = re.compile(r"(http://127\.0\.0\.1:\d+)/\S*\?token=")


@contextlib.contextmanager
def serve(
    app: str,
    folder: Path,
    home: Path,
    *,
    options: tuple[str, ...] = (),
    variables: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Serve a folder with `jupyter lab` or `jupyter notebook`; yields the address, without a password.

    Nothing of the user's own Jupyter is read or written: `home` stands in for all of it.
    """
    package = Path(grader.__file__).parents[1]
    places = {"HOME": "", "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings"}
    places |= {f"JUPYTER_{kind}_DIR": kind.lower() for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = os.environ | {name: str(home / place) for name, place in places.items()}
    environment |= {"PYTHONPATH": str(package), "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += ["--ServerApp.port=0", "--IdentityProvider.token=any", "--ServerApp.disable_check_xsrf=True"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=folder,
        env=environment | dict(variables or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said: list[str] = []
    # Whoever serves goes on talking, and would stop when nobody listens.
    listener = threading.Thread(target=said.extend, args=(process.stderr,))
    try:
        for line in process.stderr:
            said.append(line)
            if found := _READY.search(line):
                break
        else:
            raise RuntimeError("".join(said))
        listener.start()
        yield found.group(1)
    finally:
        # It ends its kernels.
        process.send_signal(signal.SIGTERM)
        process.wait(120)
        if listener.is_alive():
            listener.join()
        process.stderr.close()


def settings(home: Path, *, theme: str = "JupyterLab Light") -> None:
    """Write what a user would have clicked: no question about news, and a theme."""
    folder = home / "settings" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True, exist_ok=True)
    chosen: dict[str, dict[str, Any]] = {
        "notification": {"fetchNews": "false", "checkForUpdates": False},
        "themes": {"theme": theme},
    }
    for name, values in chosen.items():
        (folder / f"{name}.jupyterlab-settings").write_text(json.dumps(values), encoding="utf-8")


def notebook_json(*sources: str) -> str:
    """Return a notebook of code cells; one that begins with `#` and a space at its first line is text."""
    cells: list[dict[str, Any]] = []
    for number, source in enumerate(sources):
        cell: dict[str, Any] = {"id": f"cell-{number}", "metadata": {}, "source": source}
        if source.startswith("# "):
            cells.append(cell | {"cell_type": "markdown"})
        else:
            cells.append(cell | {"cell_type": "code", "outputs": [], "execution_count": None})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    )


def open_notebook(page: Page, address: str, name: str) -> Locator:
    """Open a notebook in JupyterLab alone on the page; returns the panel."""
    page.set_default_timeout(120_000)
    page.goto(f"{address}/doc/tree/{name}?token=any")
    panel = page.locator(".jp-NotebookPanel")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    return panel


def open_formgrader(page: Page, address: str) -> None:
    """Open nbgrader's list of assignments, which keeps the password for the pages that follow."""
    page.set_default_timeout(120_000)
    page.goto(f"{address}/formgrader?token=any")
    page.get_by_role("heading", name="Manage Assignments").wait_for()


def run_all(page: Page, panel: Locator) -> Locator:
    """Run every cell; returns the code cells, executed."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    cells = panel.locator(".jp-CodeCell")
    for number in range(cells.count()):
        prompt = cells.nth(number).locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"))
        prompt.wait_for()
    return cells
