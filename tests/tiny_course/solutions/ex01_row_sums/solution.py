"""The sums of rows."""

import numpy as np
from numpy.typing import NDArray


def row_sums(x: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of every row; a tensor that is no table raises ValueError."""
    if x.ndim != 2:
        raise ValueError("a table has two dimensions")
    result = np.zeros(len(x), x.dtype)
    for column in x.T:
        result += column
    return result


def scale(x: NDArray[np.int64], factor: int = 2) -> NDArray[np.int64]:
    """Return a tensor multiplied by a number."""
    return x * factor
