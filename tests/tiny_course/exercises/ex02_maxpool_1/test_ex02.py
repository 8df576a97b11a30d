"""Visible check of ex02: the statement's example."""

import numpy as np

from grader import Submission, assert_tensor, check

IMAGE = np.arange(16).reshape(1, 4, 4, 1)
POOLED = np.array([[5, 7], [13, 15]]).reshape(1, 2, 2, 1)


@check(
    points=1,
    en="0 to 15 in four rows becomes [[5, 7], [13, 15]]",
    ko="네 행으로 놓은 0부터 15까지가 [[5, 7], [13, 15]]가 된다",
)
def test_example(submission: Submission) -> None:
    assert_tensor(submission.max_pool(IMAGE), POOLED)
