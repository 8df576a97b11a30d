"""Visible checks of ex01: the statement's own example."""

import numpy as np

from grader import Submission, assert_tensor, check

SCORES = np.array([[0.0, 0.0], [0.0, 1.0986123]])


@check(points=2, en="the example becomes [[0.5, 0.5], [0.25, 0.75]]")
def test_example(submission: Submission) -> None:
    assert_tensor(submission.softmax(SCORES), np.array([[0.5, 0.5], [0.25, 0.75]]))


@check(points=2, en="the example's cross-entropy is 0.4904")
def test_example_loss(submission: Submission) -> None:
    assert_tensor(submission.cross_entropy(SCORES, np.array([0, 1])), 0.490415, rtol=1e-4)
