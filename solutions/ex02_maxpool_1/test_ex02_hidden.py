"""Hidden checks of ex02: other images, other value ranges and other dtypes."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


@check(
    points=1,
    en="works on square images of any even size",
    ko="짝수 크기의 정사각형 이미지라면 모두 동작한다",
)
def test_square_images(submission: Submission, reference: Reference, rng: Rng) -> None:
    for side in (2, 6, 8):
        image = rng.integers(0, 100, size=(1, side, side, 1))
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="works on images whose height and width differ",
    ko="높이와 너비가 다른 이미지에서도 동작한다",
)
def test_rectangular_images(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((4, 8), (6, 2), (2, 4)):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        assert_tensor(submission.max_pool(image), reference.max_pool(image))
    # Larger than any number that a search for the largest may begin with, and still held by float32.
    for image in (rng.integers(0, 99, size=(1, 2, 6, 1)) + 2**20,):
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="works when every value is negative",
    ko="모든 값이 음수여도 동작한다",
)
def test_negative_values(submission: Submission, reference: Reference, rng: Rng) -> None:
    low = -(10.0 ** rng.uniform(5, 30, size=(1, 4, 4, 1)))
    # No number is low enough for a search to begin with.
    for image in (rng.integers(-99, 0, size=(1, 6, 6, 1)), low, low.astype(np.float32)):
        assert_tensor(submission.max_pool(image), reference.max_pool(image))
    # Both signs in one window too.
    for image in (rng.integers(-99, 0, size=(1, 4, 4, 1)) - 2**20, rng.integers(-99, 100, size=(1, 8, 4, 1))):
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="fractions are not cut off: values between 0 and 1 survive",
    ko="소수 부분이 잘리지 않는다: 0과 1 사이의 값이 그대로 남는다",
)
def test_fractions(submission: Submission, reference: Reference, rng: Rng) -> None:
    for image in (rng.random(size=(1, 4, 4, 1)),):
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="the result has the dtype of the image",
    ko="결과의 dtype이 입력 이미지의 dtype과 같다",
)
def test_dtype(submission: Submission, reference: Reference, rng: Rng) -> None:
    values = rng.integers(0, 200, size=(1, 4, 4, 1))
    for dtype in ("uint8", "int64", "float32", "float64"):
        image = values.astype(dtype)
        assert_tensor(submission.max_pool(image), reference.max_pool(image), dtype="same")


@check(
    points=1,
    after="test_square_images",
    en="max_pool leaves the image it was given as it was",
    ko="max_pool은 입력으로 받은 이미지를 바꾸지 않는다",
)
def test_image_unchanged(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(0, 100, size=(1, 6, 6, 1))
    # What makes floats of an image first leaves one of integers alone, and changes one of floats.
    for shown in (image, image / 8, image.astype(np.float32)):
        expected = reference.max_pool(shown)
        assert_tensor(submission.max_pool(shown), expected)
        assert_unchanged(submission)
    submission.max_pool(image - 50)
    assert_unchanged(submission)
