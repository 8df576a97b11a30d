"""Visible checks of ex03: the statement's own example."""

import numpy as np

from grader import Submission, assert_equal, assert_tensor, check, expect

X = np.array([[-1, 0], [1, 0], [-2, 0], [2, 0]], "float32")
Y = np.array([0, 1, 0, 1])


@check(points=2, en="the example has 60 losses, which fall")
def test_losses(submission: Submission) -> None:
    losses = submission.train(submission.build(), X, Y, 60)
    assert_equal(len(losses), 60, en="the number of losses")
    expect(losses[-1] < losses[0] / 10, en="the last loss is less than a tenth of the first")


@check(points=2, en="the example is learned")
def test_learned(submission: Submission) -> None:
    network = submission.build()
    submission.train(network, X, Y, 60)
    assert_tensor(submission.accuracy(network, X, Y), 1.0)
