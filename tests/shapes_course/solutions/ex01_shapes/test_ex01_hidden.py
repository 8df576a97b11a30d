"""Hidden checks of ex01."""

import itertools

import numpy as np

from grader import (
    Reference,
    Rng,
    Submission,
    assert_faster,
    assert_tensor,
    check,
    last_call,
)


def scaled(value: float, by: float = 2.0) -> float:
    return value * by


@check(points=2, en="the perceptron has the weights of the rule")
def test_weights(submission: Submission, reference: Reference, rng: Rng) -> None:
    x, y = rng.normal(size=(12, 3)), rng.integers(0, 2, 12).astype(float)
    model, right = submission.Perceptron(0.25), reference.Perceptron(0.25)
    assert model.fit(x, y) == model
    right.fit(x, y)
    assert_tensor(model.weights, right.weights)
    assert_tensor(model.predict(x), right.predict(x))


@check(points=1, en="two counters do not share their count")
def test_two_counters(submission: Submission, reference: Reference) -> None:
    one, other = submission.counter(2), submission.counter(5)
    first, second = reference.counter(2), reference.counter(5)
    assert [one(), other(), one()] == [first(), second(), first()]


@check(points=1, en="any function is applied twice, naturals begin anywhere")
def test_any_function(submission: Submission, reference: Reference, rng: Rng) -> None:
    factor = float(rng.uniform(2, 3))
    assert_tensor(submission.twice(lambda value: scaled(value) + factor, 3.0), 4 * 3.0 + 3 * factor)
    assert_tensor(submission.twice(np.sqrt, 16.0), 2.0)
    begin = int(rng.integers(10, 99))
    assert [*itertools.islice(submission.naturals(begin), 5)] == [*range(begin, begin + 5)]


@check(points=1, en="the report is in report.csv")
def test_file(submission: Submission, reference: Reference) -> None:
    for code in (submission, reference):
        code.report({"x": 3, "y": 5})
    written = last_call(submission).files["report.csv"]
    assert written == last_call(reference).files["report.csv"] == b"x,3\ny,5\n"


@check(points=1, en="rows are normalised without a loop")
def test_fast(submission: Submission, reference: Reference, rng: Rng) -> None:
    x = rng.normal(size=(40_000, 3))
    assert_tensor(assert_faster(submission.normalise, reference.normalise, x), reference.normalise(x))
