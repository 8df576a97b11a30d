"""Max pooling 2: one image of any size, windows of 2x2."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def max_pool(x: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return the largest value of every whole 2x2 window of one image.

    x       shape (1, H, W, 1), H and W at least 2, odd or even; ints or floats of any sign
    return  shape (1, H // 2, W // 2, 1), same dtype as x
    """
    rows, columns = x.shape[1] // 2, x.shape[2] // 2
    # The last row or column of an odd side belongs to no whole window.
    whole = x[:, : 2 * rows, : 2 * columns]
    # Each slice holds the same place of all windows at once.
    top = np.maximum(whole[:, 0::2, 0::2], whole[:, 0::2, 1::2])
    bottom = np.maximum(whole[:, 1::2, 0::2], whole[:, 1::2, 1::2])
    pooled: NDArray[np.generic] = np.maximum(top, bottom)
    return pooled


def pool_layer() -> tf.keras.layers.MaxPool2D:
    """Return the Keras layer that pools whole 2x2 windows in the same way."""
    return tf.keras.layers.MaxPool2D(pool_size=(2, 2))
