"""Hidden check of ex03: a random image that is neither even nor square."""

from grader import Reference, Rng, Submission, assert_tensor, check


@check(points=2, en="works on images of any size", ko="어떤 크기의 이미지에서도 동작한다")
def test_random(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 9, size=(1, 5, 8, 1))
    assert_tensor(submission.max_pool(image), reference.max_pool(image))
