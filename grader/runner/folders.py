"""Take the folders of the grading machine out of a text that a student reads."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import tempfile
from functools import cache
from pathlib import Path

from grader.runner.sandbox import INSIDE, python_roots


def without_folders(text: str) -> str:
    """Return a text in which a library's file is named from its package on, and a submission's own by its name."""
    return _folders().sub(lambda found: "" if found[0].endswith("/") else ".", text)


@cache
def _folders() -> re.Pattern[str]:
    """Return what fits the folders of Python and its packages, and of the sandbox, with the slash after them."""
    libraries = {sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")}
    libraries |= {str(Path(path).resolve()) for path in libraries} | {path for path in sys.path if path}
    roots = {str(root) for root in python_roots()} | {str(Path(__file__).parents[2])}
    named = "|".join(re.escape(path) for path in sorted(libraries | roots, key=len, reverse=True))
    temporary = {tempfile.gettempdir(), os.path.realpath(tempfile.gettempdir())}
    boxes = "|".join(re.escape(f"{folder}/grader-") + r"\w+" for folder in sorted(temporary))
    own = rf"(?:{re.escape(INSIDE)}|{boxes})"
    return re.compile(
        rf"(?<![\w.])(?:{named}|{own}(?:/code|/box|/data|/work(?:/zygote|/workers/\d+)?)?)(?:/|\b)"
    )
