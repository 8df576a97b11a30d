"""Visible checks of ex02: the statement's own example."""

import numpy as np

from grader import Submission, assert_tensor, check

POINTS = np.array([[0.0, 0.0], [0.0, 2.0], [10.0, 0.0]])
CENTRES = np.array([[1.0, 1.0], [9.0, 1.0]])


@check(points=2, en="the example's points go to the centres 0, 0, 1")
def test_example_assign(submission: Submission) -> None:
    assert_tensor(submission.assign(POINTS, CENTRES), np.array([0, 0, 1]))


@check(points=2, en="the example's centres move to (0, 1) and (10, 0)")
def test_example_move(submission: Submission) -> None:
    assert_tensor(submission.move(POINTS, CENTRES), np.array([[0.0, 1.0], [10.0, 0.0]]))
