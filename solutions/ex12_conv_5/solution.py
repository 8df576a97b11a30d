"""Convolution 5: several filters and an activation."""

from typing import Any

import numpy as np
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
    if activation not in (None, "relu"):
        raise ValueError(f"activation {activation!r} is neither None nor 'relu'")
    kernel_height, kernel_width, _, filters = kernel.shape
    height, width = x.shape[1] - kernel_height + 1, x.shape[2] - kernel_width + 1
    result = np.zeros((len(x), height, width, filters))
    for row in range(height):
        for column in range(width):
            windows = x[:, row : row + kernel_height, column : column + kernel_width, :]
            for index in range(filters):
                products = windows * kernel[:, :, :, index]
                result[:, row, column, index] = np.sum(products, axis=(1, 2, 3)) + bias[index]
    if activation == "relu":
        result = np.maximum(result, 0)
    return result


def filter_sums(kernel: NDArray[Any]) -> NDArray[Any]:
    """Return the sum of each filter's weights.

    kernel: shape (KH, KW, 1, F).
    Returns floats of shape (F,).
    """
    return np.asarray(np.sum(kernel, axis=(0, 1, 2)))
