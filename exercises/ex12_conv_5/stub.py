"""Convolution 5: several filters and an activation."""

from typing import Any

from numpy.typing import NDArray


def convolve(
    x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any], activation: str | None = None
) -> NDArray[Any]:
    """Return the convolution of a batch of images with several filters.

    x: the images, shape (N, H, W, 1), integers or floats.
    kernel: the weights, shape (KH, KW, 1, F).
    bias: one number for each filter, shape (F,).
    activation: None or "relu"; any other name raises ValueError.
    Returns floats of shape (N, H - KH + 1, W - KW + 1, F).
    """
    raise NotImplementedError


def filter_sums(kernel: NDArray[Any]) -> NDArray[Any]:
    """Return the sum of each filter's weights.

    kernel: shape (KH, KW, 1, F).
    Returns floats of shape (F,).
    """
    raise NotImplementedError
