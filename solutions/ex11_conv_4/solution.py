"""Convolution 4: a batch of images, one filter of any size."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of a batch of images with one filter.

    x: the images, shape (N, H, W, 1), integers or floats.
    kernel: the weights, shape (KH, KW, 1, 1).
    bias: shape (1,).
    Returns floats of shape (N, H - KH + 1, W - KW + 1, 1).
    """
    weights = kernel[:, :, :, 0]
    kernel_height, kernel_width = weights.shape[:2]
    height, width = x.shape[1] - kernel_height + 1, x.shape[2] - kernel_width + 1
    result = np.zeros((len(x), height, width, 1))
    for row in range(height):
        for column in range(width):
            windows = x[:, row : row + kernel_height, column : column + kernel_width, :]
            result[:, row, column, 0] = np.sum(windows * weights, axis=(1, 2, 3)) + bias[0]
    return result
