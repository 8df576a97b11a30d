# expected: 2 points, submission.memory_error
"""Asks for more than there is, at once."""

from typing import Any

import numpy as np


def row_sums(x: Any) -> Any:
    if x.ndim != 2:
        raise ValueError("no table")
    return np.ones((1 << 20, 1 << 16))


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
