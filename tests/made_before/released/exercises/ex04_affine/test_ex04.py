"""Visible checks of ex04."""

import numpy as np

from grader import Submission, assert_equal, assert_tensor, check, expect, pooling_window
from grader.model import InputWindow, TensorView

TABLE = np.array([[1.0, 2.0]])
IMAGE = np.arange(16.0).reshape(1, 4, 4, 1)


def same_place(index: tuple[int, ...]) -> InputWindow:
    """Return the one element that an element of the result is made from."""
    row, column = index
    view = TensorView("tensor", (1, 1), "float64", (f"{TABLE[row, column]:g}",))
    return InputWindow((row, row + 1), (column, column + 1), view)


@check(points=1, en="[[1, 2]] times 3 plus 1 is [[4, 7]]", ko="[[1, 2]]에 3을 곱하고 1을 더하면 [[4, 7]]이다")
def test_example(submission: Submission) -> None:
    result = submission.affine(TABLE, factor=3.0, offset=1.0)
    expected = np.array([[4.0, 7.0]])
    assert_tensor(result, expected, rtol=1e-6, atol=1e-6, dtype="float64", window=same_place)


@check(points=0.5, en="the result has two axes", ko="결과의 축은 두 개이다", after="test_example")
def test_axes(submission: Submission) -> None:
    result = submission.affine(np.ones((2, 3)))
    assert_equal(result.ndim, 2, en="the number of axes", ko="축의 수")
    expect(bool(np.isfinite(result).all()), en="all values are finite", ko="모든 값이 유한하다")


@check(points=1, en="0 to 15 in four rows is pooled", ko="네 행으로 놓은 0부터 15까지를 풀링한다")
def test_pooled(submission: Submission) -> None:
    largest = np.array([[5.0, 7.0], [13.0, 15.0]]).reshape(1, 2, 2, 1)
    assert_tensor(submission.pooled(IMAGE), largest, window=pooling_window(IMAGE, (2, 2)))
