"""Hidden checks of ex06: larger batches, odd sides, independence of the images, negatives and dtypes."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


@check(
    points=1,
    en="works on batches of several sizes",
    ko="여러 크기의 배치에서 동작한다",
)
def test_batch_sizes(submission: Submission, reference: Reference, rng: Rng) -> None:
    for count in (1, 3, 4, 7):
        images = rng.integers(0, 100, size=(count, 6, 6, 1))
        assert_tensor(submission.max_pool(images), reference.max_pool(images))


@check(
    points=1,
    en="works when the sides of the images are odd or differ",
    ko="이미지의 변이 홀수이거나 높이와 너비가 달라도 동작한다",
)
def test_image_sizes(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((4, 6), (5, 7), (7, 2)):
        images = rng.integers(0, 100, size=(3, height, width, 1))
        # What makes floats of a batch first changes one of floats alone.
        for shown in (images, images / 8):
            assert_tensor(submission.max_pool(shown), reference.max_pool(shown))
            assert_unchanged(submission)


@check(
    points=1,
    en="the images do not mix: a bright one leaves the dark ones before and after it as they are",
    ko="이미지들이 섞이지 않는다: 밝은 이미지가 앞뒤의 어두운 이미지에 영향을 주지 않는다",
)
def test_images_do_not_mix(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(0, 100, size=(4, 4, 4, 1))
    images[1] += 1000
    assert_tensor(submission.max_pool(images), reference.max_pool(images))


@check(
    points=1,
    en="works when every value is negative",
    ko="모든 값이 음수여도 동작한다",
)
def test_negative_values(submission: Submission, reference: Reference, rng: Rng) -> None:
    low = -(10.0 ** rng.uniform(5, 30, size=(2, 4, 4, 1)))
    whole = rng.integers(-99, 0, size=(2, 6, 6, 1))
    # No number is low enough for a search to begin with.
    for images in (whole, low, low.astype(np.float32), whole - 2**20, whole + 50):
        assert_tensor(submission.max_pool(images), reference.max_pool(images))


@check(
    points=1,
    en="ints stay ints and fractions stay fractions: the dtype is kept",
    ko="정수는 정수로, 소수는 소수로 남는다: dtype이 유지된다",
)
def test_dtype(submission: Submission, reference: Reference, rng: Rng) -> None:
    values = 200 * rng.random(size=(2, 4, 4, 1))
    for dtype in ("uint8", "int32", "float32", "float64"):
        images = values.astype(dtype)
        # All of them, and one alone.
        for shown in (images, images[:1]):
            assert_tensor(submission.max_pool(shown), reference.max_pool(shown), dtype="same")


@check(
    points=1,
    after="test_batch_sizes",
    en="max_pool leaves the batch it was given as it was",
    ko="max_pool은 입력으로 받은 배치를 바꾸지 않는다",
)
def test_batch_unchanged(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(0, 100, size=(3, 4, 4, 1))
    for shown in (images, images / 8, images[:1]):
        expected = reference.max_pool(shown)
        assert_tensor(submission.max_pool(shown), expected)
        assert_unchanged(submission)
    submission.max_pool(images - 50)
    assert_unchanged(submission)
