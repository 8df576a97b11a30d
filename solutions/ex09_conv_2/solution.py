"""Convolution 2: one image, one filter of any size."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of one image with one filter of any size.

    x: the image, shape (1, H, W, 1), integers or floats.
    kernel: the weights, shape (KH, KW, 1, 1).
    bias: shape (1,).
    Returns floats of shape (1, H - KH + 1, W - KW + 1, 1).
    """
    image, weights = x[0, :, :, 0], kernel[:, :, 0, 0]
    kernel_height, kernel_width = weights.shape
    height, width = image.shape[0] - kernel_height + 1, image.shape[1] - kernel_width + 1
    result = np.zeros((1, height, width, 1))
    for row in range(height):
        for column in range(width):
            window = image[row : row + kernel_height, column : column + kernel_width]
            result[0, row, column, 0] = np.sum(window * weights) + bias[0]
    return result
