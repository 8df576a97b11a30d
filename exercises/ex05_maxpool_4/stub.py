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
    raise NotImplementedError


def pool_layer(pool_size: tuple[int, int], padding: str) -> tf.keras.layers.MaxPool2D:
    """Return the Keras layer that pools windows of pool_size with this padding."""
    raise NotImplementedError
