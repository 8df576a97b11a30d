"""Max pooling 1: one image with even sides, windows of 2x2."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def max_pool(x: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return the largest value of every 2x2 window of one image.

    x       shape (1, H, W, 1), H and W even; ints or floats of any sign
    return  shape (1, H // 2, W // 2, 1), same dtype as x
    """
    _, height, width, _ = x.shape
    # Row 2i + a, column 2j + b of the image is place (a, b) of window (i, j).
    windows = x.reshape(1, height // 2, 2, width // 2, 2, 1)
    pooled: NDArray[np.generic] = windows.max(axis=(2, 4))
    return pooled


def pool_layer() -> tf.keras.layers.MaxPool2D:
    """Return the Keras layer that pools 2x2 windows in the same way."""
    return tf.keras.layers.MaxPool2D(pool_size=(2, 2))
