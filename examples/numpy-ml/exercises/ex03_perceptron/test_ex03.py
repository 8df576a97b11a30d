"""Visible checks of ex03: the statement's own example."""

import numpy as np
import pytest

from grader import Submission, assert_equal, assert_tensor, check

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([0, 0, 0, 1])


@check(points=3, en="learns AND")
def test_and(submission: Submission) -> None:
    model = submission.Perceptron(learning_rate=1.0)
    model.fit(X, Y, epochs=10)
    assert_tensor(model.predict(X), np.array([0, 0, 0, 1]))


@check(points=1, en="predict before fit raises RuntimeError")
def test_too_early(submission: Submission) -> None:
    model = submission.Perceptron()
    with pytest.raises(RuntimeError):
        model.predict(X)


@check(points=1, en="fit returns the perceptron itself")
def test_itself(submission: Submission) -> None:
    model = submission.Perceptron()
    assert_equal(model.fit(X, Y) == model, True, en="whether fit returns the perceptron")
