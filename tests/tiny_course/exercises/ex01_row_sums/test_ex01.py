"""Visible checks of ex01: the statement's examples."""

import numpy as np

from grader import Submission, assert_tensor, check


@check(points=1, en="[[1, 2], [3, 4]] becomes [3, 7]", ko="[[1, 2], [3, 4]]는 [3, 7]이 된다")
def test_example(submission: Submission) -> None:
    assert_tensor(submission.row_sums(np.array([[1, 2], [3, 4]])), np.array([3, 7]))


@check(points=1, en="[1, 2] times 3 is [3, 6]", ko="[1, 2]의 3배는 [3, 6]이다")
def test_scale(submission: Submission) -> None:
    assert_tensor(submission.scale(np.array([1, 2]), factor=3), np.array([3, 6]))
