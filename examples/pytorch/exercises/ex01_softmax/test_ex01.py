"""Visible checks of ex01: the statement's own example."""

import numpy as np

from grader import Submission, assert_tensor, check


@check(points=4, en="the example becomes [[0.5, 0.5], [0.25, 0.75]]")
def test_example(submission: Submission) -> None:
    scores = np.array([[0.0, 0.0], [0.0, 1.0986123]], "float32")
    assert_tensor(submission.softmax(scores), np.array([[0.5, 0.5], [0.25, 0.75]]))
