"""Convolution 6: images with channels."""

from typing import Any

from numpy.typing import NDArray


def convolve(x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """Return the convolution of a batch of images with several filters.

    x: the images, shape (N, H, W, Cin), integers or floats.
    kernel: the weights, shape (KH, KW, Cin, F).
    bias: one number for each filter, shape (F,).
    Returns floats of shape (N, H - KH + 1, W - KW + 1, F).
    """
    raise NotImplementedError


def channel_maps(x: NDArray[Any], kernel: NDArray[Any], index: int) -> NDArray[Any]:
    """Return what each channel of one image contributes to the output of one filter.

    x: the image, shape (1, H, W, Cin), integers or floats.
    kernel: the weights, shape (KH, KW, Cin, F).
    index: the number of the filter, from 0 to F - 1.
    Returns floats of shape (Cin, H - KH + 1, W - KW + 1), without any bias.
    """
    raise NotImplementedError
