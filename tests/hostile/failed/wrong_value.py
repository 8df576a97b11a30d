# expected: 2 points, tensor.values
"""Adds up the columns."""

import numpy as np


def row_sums(x: np.ndarray) -> np.ndarray:
    if x.ndim != 2:
        raise ValueError("no table")
    return np.array([sum(column) for column in x.T])


def scale(x: np.ndarray, factor: int = 2) -> np.ndarray:
    return x * factor
