"""Hidden checks of ex01: random scores against the reference."""

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check

SHAPES = ((3, 4), (4, 3), (1, 5), (6, 1))


@check(points=1, en="softmax works on any number of rows and columns, and leaves its input as it was")
def test_random(submission: Submission, reference: Reference, rng: Rng) -> None:
    for shape in SHAPES:
        scores = rng.normal(size=shape)
        assert_tensor(submission.softmax(scores), reference.softmax(scores))
        assert_unchanged(submission)


@check(points=1, en="softmax of large scores does not overflow")
def test_large(submission: Submission, reference: Reference, rng: Rng) -> None:
    scores = rng.normal(size=(3, 4)) * 1000
    assert_tensor(submission.softmax(scores), reference.softmax(scores))


@check(
    points=1, en="the cross-entropy works on any number of rows and columns, and leaves its input as it was"
)
def test_random_loss(submission: Submission, reference: Reference, rng: Rng) -> None:
    for rows, columns in SHAPES:
        scores, labels = rng.normal(size=(rows, columns)), rng.integers(0, columns, size=rows)
        assert_tensor(submission.cross_entropy(scores, labels), reference.cross_entropy(scores, labels))
        assert_unchanged(submission)


@check(points=1, en="the cross-entropy stays finite where a probability is too small for a float")
def test_large_loss(submission: Submission, reference: Reference, rng: Rng) -> None:
    scores, labels = rng.normal(size=(5, 4)) * 5000, rng.integers(0, 4, size=5)
    assert_tensor(submission.cross_entropy(scores, labels), reference.cross_entropy(scores, labels))
