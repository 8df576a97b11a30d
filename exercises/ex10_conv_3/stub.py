"""Convolution 3: the same weights by hand and in a Keras layer."""

from typing import Any

import tensorflow as tf
from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of one image with one filter of any size.

    x: the image, shape (1, H, W, 1), integers or floats.
    kernel: the weights, shape (KH, KW, 1, 1).
    bias: shape (1,).
    Returns floats of shape (1, H - KH + 1, W - KW + 1, 1).
    """
    raise NotImplementedError


def conv_layer(kernel: NDArray[Any], bias: NDArray[Any]) -> tf.keras.layers.Conv2D:
    """Return a built Conv2D for one-channel images that holds exactly these weights.

    kernel: shape (KH, KW, 1, 1).
    bias: shape (1,).
    """
    raise NotImplementedError
