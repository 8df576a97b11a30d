"""Max pooling 1."""

import numpy as np
from numpy.typing import NDArray


def max_pool(x: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the largest value of every whole 2x2 window; x has the shape (1, 4, 4, 1)."""
    return np.asarray(x.reshape(1, 2, 2, 2, 2, 1).max(axis=(2, 4)))
