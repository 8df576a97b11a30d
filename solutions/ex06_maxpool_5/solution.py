"""Max pooling 5: a batch of images, windows of 2x2."""

import numpy as np
from numpy.typing import NDArray


def max_pool(x: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return the largest value of every whole 2x2 window of every image.

    x       shape (N, H, W, 1), a batch of N images, H and W at least 2; ints or floats of any sign
    return  shape (N, H // 2, W // 2, 1), same dtype as x
    """
    count, height, width, _ = x.shape
    rows, columns = height // 2, width // 2
    pooled = np.empty((count, rows, columns, 1), x.dtype)
    for i in range(rows):
        for j in range(columns):
            # One window of all images at once: the batch axis takes no part in the maximum.
            window = x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            pooled[:, i, j] = window.max(axis=(1, 2))
    return pooled
