"""Visible check of ex03: the statement's example."""

import numpy as np

from grader import Submission, assert_tensor, check

IMAGE = np.arange(25).reshape(1, 5, 5, 1)
POOLED = np.array([[6, 8], [16, 18]]).reshape(1, 2, 2, 1)


@check(
    points=2,
    en="0 to 24 in five rows becomes [[6, 8], [16, 18]]",
    ko="다섯 행으로 놓은 0부터 24까지가 [[6, 8], [16, 18]]이 된다",
)
def test_example(submission: Submission) -> None:
    assert_tensor(submission.max_pool(IMAGE), POOLED)
