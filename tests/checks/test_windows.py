from __future__ import annotations

import numpy as np
import pytest

from grader.checks.windows import convolution_window, pooling_window
from grader.model import TensorView

IMAGE = np.arange(25).reshape(1, 5, 5, 1)


def cells(view: TensorView) -> list[str]:
    assert view.cells is not None
    return list(view.cells)


def test_a_pooling_window() -> None:
    window = pooling_window(IMAGE, (2, 3))((0, 1, 0, 0))
    assert (window.rows, window.columns) == ((2, 4), (0, 3))
    assert cells(window.view) == ["10", "11", "12", "15", "16", "17"]
    assert (window.view.shape, window.view.dtype) == ((1, 2, 3, 1), "int64")


def test_a_place_that_same_pads_is_marked() -> None:
    window = pooling_window(IMAGE, (2, 2), padding="same")((0, 2, 2, 0))
    assert (window.rows, window.columns) == ((4, 6), (4, 6))
    assert cells(window.view) == ["24", "·", "·", "·"]


def test_same_pads_both_sides_the_odd_place_last() -> None:
    # 5 places, windows of 4 in steps of 4: 3 are added, 1 of them before.
    window = pooling_window(IMAGE, (4, 4), padding="same")
    assert window((0, 0, 0, 0)).rows == (-1, 3)
    assert window((0, 1, 0, 0)).rows == (3, 7)


def test_pooling_looks_at_one_channel_and_convolution_at_all() -> None:
    image = np.arange(2 * 3 * 3 * 2).reshape(2, 3, 3, 2)
    assert cells(pooling_window(image, (1, 2))((1, 2, 0, 1)).view) == ["31", "33"]
    convolved = convolution_window(image, (1, 2))((1, 2, 1, 5))
    assert (convolved.rows, convolved.columns) == ((2, 3), (1, 3))
    assert cells(convolved.view) == ["32", "33", "34", "35"]
    assert convolved.view.shape == (1, 1, 2, 2)


def test_an_image_without_batch_and_channels() -> None:
    window = convolution_window(np.eye(3), (2, 2), strides=(1, 1))((1, 0))
    assert (window.rows, window.columns, cells(window.view)) == ((1, 3), (0, 2), ["0", "1", "0", "0"])


@pytest.mark.parametrize(
    ("shape", "size", "padding"), [((5,), (2, 2), "valid"), ((5, 5), (2,), "valid"), ((5, 5), (2, 2), "full")]
)
def test_a_window_that_makes_no_sense_is_refused(
    shape: tuple[int, ...], size: tuple[int, ...], padding: str
) -> None:
    with pytest.raises(ValueError, match="no window"):
        pooling_window(np.zeros(shape), size, padding=padding)
