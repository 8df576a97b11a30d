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
    raise NotImplementedError


def pool_layer(pool_size: tuple[int, int]) -> tf.keras.layers.MaxPool2D:
    """Return the Keras layer that pools windows of pool_size in the same way."""
    raise NotImplementedError
