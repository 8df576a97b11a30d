"""Find the part of the input that one element of the output is made from: a check names it, and a student sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.checks.tensors import format_number
from grader.model import PADDED, InputWindow, TensorView

WindowOf = Callable[[tuple[int, ...]], InputWindow]
"""An index of the output -> what it looks at."""


def pooling_window(
    image: Any, size: Sequence[int], *, strides: Sequence[int] | None = None, padding: str = "valid"
) -> WindowOf:
    """Return the window of each element of a pooled image: the rows and columns of its own channel.

    `image` has shape (N, H, W, C) or (H, W), `size` is (rows, columns), and `strides` is `size` unless it is given.
    With `padding="same"` places are added as Keras adds them, the odd one below and right.
    """
    return _window_of(np.asarray(image), tuple(size), tuple(strides or size), padding, all_channels=False)


def convolution_window(
    image: Any, size: Sequence[int], *, strides: Sequence[int] = (1, 1), padding: str = "valid"
) -> WindowOf:
    """Return the window of each element of a convolved image: the rows and columns of all channels.

    `image` has shape (N, H, W, C) or (H, W), and `size` is the kernel's (rows, columns).
    """
    return _window_of(np.asarray(image), tuple(size), tuple(strides), padding, all_channels=True)


def _window_of(
    image: np.ndarray, size: tuple[int, ...], strides: tuple[int, ...], padding: str, *, all_channels: bool
) -> WindowOf:
    if image.ndim not in (2, 4) or len(size) != 2 or len(strides) != 2 or padding not in ("valid", "same"):
        raise ValueError(f"no window: image {image.shape}, size {size}, strides {strides}, {padding!r}")
    images = image if image.ndim == 4 else image[np.newaxis, :, :, np.newaxis]
    before = [
        _padding_before(length, side, stride) if padding == "same" else 0
        for length, side, stride in zip(images.shape[1:3], size, strides, strict=True)
    ]

    def window(index: tuple[int, ...]) -> InputWindow:
        which, row, column, channel = index if len(index) == 4 else (0, *index, 0)
        top, left = row * strides[0] - before[0], column * strides[1] - before[1]
        channels = range(images.shape[3]) if all_channels else [channel]
        cells = [
            _cell(images, which, y, x, c)
            for y in range(top, top + size[0])
            for x in range(left, left + size[1])
            for c in channels
        ]
        view = TensorView("tensor", (1, *size, len(channels)), images.dtype.name, tuple(cells))
        return InputWindow((top, top + size[0]), (left, left + size[1]), view)

    return window


def _padding_before(length: int, side: int, stride: int) -> int:
    """Return the places that `same` adds before the first one, as Keras does: half, rounded down."""
    outputs = -(-length // stride)
    return max((outputs - 1) * stride + side - length, 0) // 2


def _cell(images: np.ndarray, which: int, row: int, column: int, channel: int) -> str:
    inside = 0 <= row < images.shape[1] and 0 <= column < images.shape[2]
    return format_number(images[which, row, column, channel]) if inside else PADDED
