"""Visible checks of ex02: the statement's own example."""

import numpy as np

from grader import Submission, assert_equal, assert_layer, check


@check(points=2, en="the example has 27 parameters")
def test_parameters(submission: Submission) -> None:
    description = submission.Network(2, 4, 3).describe((None, 2))
    assert_equal(description.parameters, 27, en="the number of parameters")


@check(points=1, en="the example's scores have the shape (5, 3)")
def test_shape(submission: Submission) -> None:
    scores = submission.Network(2, 4, 3)(np.zeros((5, 2), "float32"))
    assert_equal(scores.shape, (5, 3), en="the shape of the scores")


@check(points=2, en="hidden and output are linear layers")
def test_layers(submission: Submission) -> None:
    network = submission.Network(2, 4, 3)
    assert_layer(network.hidden, "Linear", in_features=2, out_features=4)
    assert_layer(network.output, "Linear", in_features=4, out_features=3)
