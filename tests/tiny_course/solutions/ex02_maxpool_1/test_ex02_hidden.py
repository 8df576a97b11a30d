"""Hidden check of ex02: random images, negative ones too."""

from grader import Reference, Rng, Submission, assert_tensor, check


@check(points=2, en="works on numbers of any sign", ko="부호와 관계없이 동작한다")
def test_random(submission: Submission, reference: Reference, rng: Rng) -> None:
    for _ in range(2):
        image = rng.integers(-9, 9, size=(1, 4, 4, 1))
        assert_tensor(submission.max_pool(image), reference.max_pool(image), dtype="same")
