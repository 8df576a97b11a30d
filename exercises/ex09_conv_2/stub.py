"""Convolution 2: one image, one filter of any size."""

from typing import Any

from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of one image with one filter of any size.

    x: the image, shape (1, H, W, 1), integers or floats.
    kernel: the weights, shape (KH, KW, 1, 1).
    bias: shape (1,).
    Returns floats of shape (1, H - KH + 1, W - KW + 1, 1).
    """
    raise NotImplementedError
