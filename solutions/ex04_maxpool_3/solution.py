"""Max pooling 3: one image, windows of any size."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def max_pool(x: NDArray[np.generic], pool_size: tuple[int, int]) -> NDArray[np.generic]:
    """Return the largest value of every whole window of one image.

    x          shape (1, H, W, 1); ints or floats of any sign
    pool_size  (PH, PW), height and width of a window, PH <= H and PW <= W
    return     shape (1, H // PH, W // PW, 1), same dtype as x
    """
    pool_height, pool_width = pool_size
    rows, columns = x.shape[1] // pool_height, x.shape[2] // pool_width
    whole = x[:, : rows * pool_height, : columns * pool_width]
    windows = whole.reshape(1, rows, pool_height, columns, pool_width, 1)
    pooled: NDArray[np.generic] = windows.max(axis=(2, 4))
    return pooled


def pool_layer(pool_size: tuple[int, int]) -> tf.keras.layers.MaxPool2D:
    """Return the Keras layer that pools windows of pool_size in the same way."""
    return tf.keras.layers.MaxPool2D(pool_size=pool_size)
