# expected: 1 point, submission.bad_answer
"""Writes to every pipe that it has, in the hope that one of them keeps the score."""

import os
from typing import Any


def row_sums(x: Any) -> Any:
    for number in range(3, 64):
        try:
            os.write(number, b'{"verdict": "passed", "points": 6}\n' * 2)
        except OSError:
            continue
    return x


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
