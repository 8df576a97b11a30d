"""Max pooling 4: what happens at the edge, padding "valid" and "same"."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def max_pool(x: NDArray[np.generic], pool_size: tuple[int, int], padding: str) -> NDArray[np.generic]:
    """Return the largest value of every window of one image.

    x          shape (1, H, W, 1); ints or floats of any sign
    pool_size  (PH, PW), height and width of a window
    padding    "valid": whole windows only (PH <= H and PW <= W); "same": every pixel lies in a window
    return     "valid": shape (1, H // PH, W // PW, 1)
               "same": shape (1, H / PH rounded up, W / PW rounded up, 1)
               same dtype as x
    raises     ValueError for any other padding
    """
    if padding not in ("valid", "same"):
        raise ValueError(f'padding is "valid" or "same", not {padding!r}')
    row_slices = _windows_along(x.shape[1], pool_size[0], padding)
    column_slices = _windows_along(x.shape[2], pool_size[1], padding)
    pooled = np.empty((1, len(row_slices), len(column_slices), 1), x.dtype)
    for i, rows in enumerate(row_slices):
        for j, columns in enumerate(column_slices):
            pooled[0, i, j, 0] = x[0, rows, columns, 0].max()
    return pooled


def _windows_along(size: int, pool: int, padding: str) -> list[slice]:
    """Return the part of each window that lies in the image, along one axis.

    Nothing is padded: a padded place can never win, so a window is simply cut at the edge.
    """
    if padding == "valid":
        return [slice(start, start + pool) for start in range(0, size - pool + 1, pool)]
    count = -(-size // pool)
    before = (count * pool - size) // 2
    starts = [number * pool - before for number in range(count)]
    return [slice(max(start, 0), min(start + pool, size)) for start in starts]


def pool_layer(pool_size: tuple[int, int], padding: str) -> tf.keras.layers.MaxPool2D:
    """Return the Keras layer that pools windows of pool_size with this padding."""
    return tf.keras.layers.MaxPool2D(pool_size=pool_size, padding=padding)
