"""Max pooling 2."""

import numpy as np
from numpy.typing import NDArray


def max_pool(x: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the largest value of every whole 2x2 window; x has the shape (1, H, W, 1), any H and W."""
    rows, columns = x.shape[1] // 2, x.shape[2] // 2
    whole = x[:, : 2 * rows, : 2 * columns]
    return np.asarray(whole.reshape(1, rows, 2, columns, 2, 1).max(axis=(2, 4)))
