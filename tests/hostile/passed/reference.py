# expected: 6 points, no complaint
"""Nothing is wrong here: what comes after a hostile submission must still pass."""

import numpy as np


def row_sums(x: np.ndarray) -> np.ndarray:
    if x.ndim != 2:
        raise ValueError("no table")
    return np.array([sum(row) for row in x])


def scale(x: np.ndarray, factor: int = 2) -> np.ndarray:
    return x * factor
