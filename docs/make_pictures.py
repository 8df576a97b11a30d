"""Draw the README's pictures: the real output of the commands, as SVG. Run by `make pictures`, after `make demo`."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
GRADER = [sys.executable, "-m", "grader.cli"]

# A convolution whose kernel is turned around: what textbooks call convolution, and Keras does not.
WRONG = """
import numpy as np

def convolve(x, kernel, bias):
    kernel = np.asarray(kernel)[::-1, ::-1]
    rows, columns = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
    out = np.zeros((x.shape[0], rows, columns, kernel.shape[3]))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i : i + kernel.shape[0], j : j + kernel.shape[1]]
            out[:, i, j] = np.tensordot(window, kernel, 3) + bias
    return out
"""


def draw(name: str, title: str, arguments: list[str], width: int = 100) -> None:
    """Run a command as in a terminal of some width and save what it printed."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(width)}
    answer = subprocess.run(
        [*GRADER, *arguments], capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    console = Console(record=True, width=width, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text.from_ansi(answer.stdout))
    picture = console.export_svg(title=title)
    (IMAGES / name).write_text(_TEXT.sub(_as_wide_as_its_cells, picture), encoding="utf-8")


_TEXT = re.compile(r'textLength="([\d.]+)"([^>]*>)([^<]*)')


def _as_wide_as_its_cells(found: re.Match[str]) -> str:
    """Return a piece of text with the room that it takes in a terminal, where a Korean syllable fills two cells.

    rich places the pieces by cells, but gives each the width of as many cells as it has characters.
    """
    length, between, content = found.groups()
    words = html.unescape(content)
    width = float(length) * cell_len(words) / len(words) if words else float(length)
    return f'textLength="{width:g}"{between}{content}'


def main() -> None:
    """Draw every picture."""
    IMAGES.mkdir(exist_ok=True)
    answer = ROOT / "build" / "ex10.py"
    answer.parent.mkdir(exist_ok=True)
    answer.write_text(WRONG, encoding="utf-8")
    for language, name in (("en", "check.svg"), ("ko", "check.ko.svg")):
        draw(name, "grader check ex10", ["check", "ex10", "--file", str(answer), "--lang", language])
    exercises = [f"ex{number:02d}" for number in range(2, 15)]
    draw("verify.svg", "grader verify", ["verify", *exercises, "--lang", "en"])
    submissions = ["build/demo/submissions", "--output", "build/demo/graded"]
    draw("grade.svg", "grader grade submissions/", ["grade", *submissions, "--lang", "en"])


if __name__ == "__main__":
    main()
