# expected: 1 point, submission.raised
"""Starts a process that would outlive it."""

import os
from typing import Any


def row_sums(x: Any) -> Any:
    if os.fork() == 0:
        while True:
            pass
    return x


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
