"""Convolution 4: a batch of images, one filter of any size."""

from typing import Any

from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of a batch of images with one filter.

    x: the images, shape (N, H, W, 1), integers or floats.
    kernel: the weights, shape (KH, KW, 1, 1).
    bias: shape (1,).
    Returns floats of shape (N, H - KH + 1, W - KW + 1, 1).
    """
    raise NotImplementedError
