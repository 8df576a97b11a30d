"""Visible checks of ex01."""

import itertools

import numpy as np
import pytest

from grader import Submission, assert_equal, assert_tensor, check, last_call


@check(points=1, en="the perceptron learns AND")
def test_perceptron(submission: Submission) -> None:
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    model = submission.Perceptron(learning_rate=0.5)
    model.fit(x, np.array([0.0, 0.0, 0.0, 1.0]))
    assert_tensor(model.predict(x), np.array([0.0, 0.0, 0.0, 1.0]))
    assert model.weights.shape == (3,)


@check(points=1, en="the table has 4 rows")
def test_answer(submission: Submission) -> None:
    assert_equal(submission.answer, 4, en="the answer")


@check(points=1, en="a counter counts")
def test_counter(submission: Submission) -> None:
    count = submission.counter(3)
    assert [count(), count()] == [3, 6]


@check(points=1, en="naturals(5) begins with 5, 6, 7")
def test_naturals(submission: Submission) -> None:
    assert list(itertools.islice(submission.naturals(5), 3)) == [5, 6, 7]


@check(points=1, en="twice adds two ones")
def test_twice(submission: Submission) -> None:
    assert submission.twice(lambda value: value + 1, 3) == 5


@check(points=1, en="a report is printed")
def test_printed(submission: Submission) -> None:
    submission.report({"a": 1, "b": 2})
    assert last_call(submission).output.split() == ["a:", "1", "b:", "2"]


@check(points=1, en="predict before fit raises RuntimeError")
def test_too_early(submission: Submission) -> None:
    with pytest.raises(RuntimeError):
        submission.Perceptron().predict(np.zeros((1, 2)))
