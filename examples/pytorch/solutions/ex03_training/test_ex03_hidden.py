"""Hidden checks of ex03: three clouds of points, learned and recognised."""

import numpy as np

from grader import Reference, Rng, Submission, assert_equal, check, expect

CENTRES = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 3.0]])


def clouds(rng: Rng, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points around three centres, and whose they are."""
    y = rng.integers(0, 3, size=points)
    return (CENTRES[y] + rng.normal(size=(points, 2)) * 0.6).astype("float32"), y


@check(points=3, en="each step's loss is that of the rule")
def test_losses(submission: Submission, reference: Reference, rng: Rng) -> None:
    for points, steps in ((30, 8), (7, 3)):
        x, y = clouds(rng, points)
        losses = submission.train(submission.build(), x, y, steps)
        expected = reference.train(reference.build(), x, y, steps)
        assert_equal(losses, expected, rtol=1e-3, en="the losses")


@check(points=1, en="the accuracy of a network that has learned nothing is right")
def test_accuracy(submission: Submission, reference: Reference, rng: Rng) -> None:
    sets = [clouds(rng, points) for points in (40, 9, 23, 31)]
    shares = [submission.accuracy(submission.build(), x, y) for x, y in sets]
    assert_equal(
        shares, [reference.accuracy(reference.build(), x, y) for x, y in sets], rtol=1e-5, en="the shares"
    )


@check(points=2, en="95 % of new points are right after 60 steps")
def test_learned(submission: Submission, reference: Reference, rng: Rng) -> None:
    network = submission.build()
    submission.train(network, *clouds(rng, 60), 60)
    x, y = clouds(rng, 200)
    right = float((network(x).argmax(axis=1) == y).mean())
    expect(right >= 0.95, en="95 % of new points are right")
