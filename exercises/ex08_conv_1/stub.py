"""Convolution 1: one image, one filter with a (2, 2) window."""

from typing import Any

import tensorflow as tf
from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of one image with one (2, 2) filter.

    x: the image, shape (1, H, W, 1), integers or floats.
    kernel: the weights, shape (2, 2, 1, 1).
    bias: shape (1,).
    Returns floats of shape (1, H - 1, W - 1, 1).
    """
    raise NotImplementedError


def mean_layer() -> tf.keras.layers.Conv2D:
    """Return a built Conv2D(1, (2, 2)) for one-channel images: every weight 1/4, bias 3."""
    raise NotImplementedError
