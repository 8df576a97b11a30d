"""Hidden checks of ex07: few and many channels, batches, independent channels, negatives and dtypes."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


@check(
    points=1,
    en="works for few channels and for many",
    ko="채널이 적을 때도 많을 때도 동작한다",
)
def test_channel_counts(submission: Submission, reference: Reference, rng: Rng) -> None:
    for channels in (2, 3, 8, 13):
        image = rng.integers(0, 100, size=(1, 4, 4, channels))
        # What makes floats of an image first changes one of floats alone.
        for shown in (image, image / 8):
            expected = reference.max_pool(shown)
            assert_tensor(submission.max_pool(shown), expected)
            assert_unchanged(submission)
        submission.max_pool(image - 50)
        assert_unchanged(submission)


@check(
    points=1,
    en="works on a batch of images with channels",
    ko="채널이 있는 이미지의 배치에서도 동작한다",
)
def test_batch(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(0, 100, size=(3, 4, 4, 3))
    images[1] += 1000
    assert_tensor(submission.max_pool(images), reference.max_pool(images))


@check(
    points=1,
    en="works when the sides of the images are odd or differ",
    ko="이미지의 변이 홀수이거나 높이와 너비가 달라도 동작한다",
)
def test_image_sizes(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((4, 6), (5, 7), (7, 3), (3, 2)):
        images = rng.integers(0, 100, size=(2, height, width, 3))
        for shown in (images, images / 8):
            assert_tensor(submission.max_pool(shown), reference.max_pool(shown))
            assert_unchanged(submission)


@check(
    points=1,
    en="the channels do not mix: one of large values leaves the others as they are, wherever it stands",
    ko="채널들이 섞이지 않는다: 값이 큰 채널이 어디에 있든 다른 채널에 영향을 주지 않는다",
)
def test_channels_do_not_mix(submission: Submission, reference: Reference, rng: Rng) -> None:
    for bright in (0, 1, 2):
        image = rng.integers(0, 100, size=(1, 4, 4, 3))
        image[..., bright] += 1000
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="works when every value is negative",
    ko="모든 값이 음수여도 동작한다",
)
def test_negative_values(submission: Submission, reference: Reference, rng: Rng) -> None:
    low = -(10.0 ** rng.uniform(5, 30, size=(1, 4, 4, 3)))
    whole = rng.integers(-99, 0, size=(1, 6, 6, 3))
    # No number is low enough for a search to begin with.
    for image in (whole, low, low.astype(np.float32), whole - 2**20, whole + 50):
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="ints stay ints and fractions stay fractions: the dtype is kept",
    ko="정수는 정수로, 소수는 소수로 남는다: dtype이 유지된다",
)
def test_dtype(submission: Submission, reference: Reference, rng: Rng) -> None:
    values = 200 * rng.random(size=(1, 4, 4, 3))
    for dtype in ("uint8", "int32", "float32", "float64"):
        images = values.astype(dtype)
        assert_tensor(submission.max_pool(images), reference.max_pool(images), dtype="same")
