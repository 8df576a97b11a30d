# expected: 0 points, submission.raised
"""Asks the course's own reference: by its path, and by looking for it."""

import os
import runpy
from typing import Any

# The test writes the place of the real course here.
PLACES = ["@COURSE@/solutions", "../..", "/home", "/proc/1/root", "/proc/1/cwd"]


def solution() -> str:
    for place in PLACES:
        for folder, _, files in os.walk(place):
            if "row_sums" in folder and "solution.py" in files:
                return f"{folder}/solution.py"
    return f"{PLACES[0]}/ex01_row_sums/solution.py"


def row_sums(x: Any) -> Any:
    return runpy.run_path(solution())["row_sums"](x)


def scale(x: Any, factor: int = 2) -> Any:
    return runpy.run_path(solution())["scale"](x, factor)
