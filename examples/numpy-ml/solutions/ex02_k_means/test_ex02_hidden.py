"""Hidden checks of ex02: random points against the reference."""

import numpy as np

from grader import Reference, Rng, Submission, assert_faster, assert_tensor, assert_unchanged, check

SHAPES = ((12, 2, 3), (5, 3, 2), (9, 1, 4), (1, 4, 2), (7, 2, 1))


@check(points=1, en="assign works on any number of points, dimensions and centres")
def test_assign(submission: Submission, reference: Reference, rng: Rng) -> None:
    for points, dimensions, centres in SHAPES:
        x, c = rng.normal(size=(points, dimensions)), rng.normal(size=(centres, dimensions))
        assert_tensor(submission.assign(x, c), reference.assign(x, c))
        assert_unchanged(submission)


@check(points=1, en="of equally near centres assign takes the first")
def test_tie(submission: Submission, reference: Reference, rng: Rng) -> None:
    x = rng.integers(-2, 3, size=(12, 2)).astype(float)
    c = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    assert_tensor(submission.assign(x, c), reference.assign(x, c))


@check(
    points=2, en="move works on any number of points, dimensions and centres, and leaves its input as it was"
)
def test_move(submission: Submission, reference: Reference, rng: Rng) -> None:
    for points, dimensions, centres in SHAPES:
        x, c = rng.normal(size=(points, dimensions)), rng.normal(size=(centres, dimensions))
        assert_tensor(submission.move(x, c), reference.move(x, c))
        assert_unchanged(submission)


@check(points=1, en="a centre without points stays where it is")
def test_empty(submission: Submission, reference: Reference, rng: Rng) -> None:
    x = rng.normal(size=(6, 2))
    c = np.concatenate([rng.normal(size=(2, 2)), [[50.0, 60.0]], rng.normal(size=(1, 2))])
    assert_tensor(submission.move(x, c), reference.move(x, c))


@check(points=1, en="assign has no loop over the points")
def test_fast(submission: Submission, reference: Reference, rng: Rng) -> None:
    x, c = rng.normal(size=(20_000, 2)), rng.normal(size=(4, 2))
    assert_tensor(assert_faster(submission.assign, reference.assign, x, c), reference.assign(x, c))
