"""Convolution 6: images with channels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of a batch of images with several filters.

    x: the images, shape (N, H, W, Cin), integers or floats.
    kernel: the weights, shape (KH, KW, Cin, F).
    bias: one number for each filter, shape (F,).
    Returns floats of shape (N, H - KH + 1, W - KW + 1, F).
    """
    kernel_height, kernel_width, _, filters = kernel.shape
    height, width = x.shape[1] - kernel_height + 1, x.shape[2] - kernel_width + 1
    result = np.zeros((len(x), height, width, filters))
    for row in range(height):
        for column in range(width):
            windows = x[:, row : row + kernel_height, column : column + kernel_width, :]
            # Rows, columns and channels of the window meet those of the kernel; images and filters are left.
            result[:, row, column, :] = np.tensordot(windows, kernel, axes=3) + bias
    return result


def channel_maps(x: NDArray[Any], kernel: NDArray[Any], index: int) -> NDArray[Any]:
    """Return what each channel of one image contributes to the output of one filter.

    x: the image, shape (1, H, W, Cin), integers or floats.
    kernel: the weights, shape (KH, KW, Cin, F).
    index: the number of the filter, from 0 to F - 1.
    Returns floats of shape (Cin, H - KH + 1, W - KW + 1), without any bias.
    """
    no_bias = np.zeros(1)
    maps = []
    for channel in range(x.shape[3]):
        alone = slice(channel, channel + 1)
        part = convolve(x[..., alone], kernel[:, :, alone, index : index + 1], no_bias)
        maps.append(part[0, :, :, 0])
    return np.stack(maps)
