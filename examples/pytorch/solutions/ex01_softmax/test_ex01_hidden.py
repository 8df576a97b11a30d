"""Hidden checks of ex01: random scores against the reference."""

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


@check(points=3, en="works on scores of any shape, and leaves its input as it was")
def test_random(submission: Submission, reference: Reference, rng: Rng) -> None:
    for shape in ((3, 4), (4, 3), (5,), (6, 1), (2, 3, 4)):
        scores = rng.normal(size=shape).astype("float32")
        assert_tensor(submission.softmax(scores), reference.softmax(scores))
        assert_unchanged(submission)


@check(points=2, en="large scores do not overflow")
def test_large(submission: Submission, reference: Reference, rng: Rng) -> None:
    scores = rng.normal(size=(3, 4)).astype("float32") * 1000
    assert_tensor(submission.softmax(scores), reference.softmax(scores))


@check(points=1, en="keeps float64")
def test_dtype(submission: Submission, reference: Reference, rng: Rng) -> None:
    scores = rng.normal(size=(2, 3))
    assert_tensor(submission.softmax(scores), reference.softmax(scores), dtype="same")
