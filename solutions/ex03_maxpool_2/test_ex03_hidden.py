"""Hidden checks of ex03: every combination of odd and even sides, negatives and dtypes."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


@check(
    points=1,
    en="works on even images, square or not",
    ko="정사각형이든 아니든 짝수 크기의 이미지에서 동작한다",
)
def test_even_sides(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((8, 8), (4, 6), (6, 2)):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        expected = reference.max_pool(image)
        assert_tensor(submission.max_pool(image), expected)
        assert_unchanged(submission)
        # What makes floats of an image first changes one of floats alone.
        for shown in (image / 8, image.astype(np.float32)):
            assert_tensor(submission.max_pool(shown), reference.max_pool(shown))
            assert_unchanged(submission)


@check(
    points=1,
    en="works when only the height is odd",
    ko="높이만 홀수여도 동작한다",
)
def test_odd_height(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((5, 6), (7, 4), (3, 2)):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="works when only the width is odd",
    ko="너비만 홀수여도 동작한다",
)
def test_odd_width(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((4, 5), (6, 7), (2, 3)):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="a left-over last row and column does not show in the result, be it very bright or very dark",
    ko="버려지는 마지막 행과 열은 아주 밝든 아주 어둡든 결과에 나타나지 않는다",
)
def test_left_over_edge(submission: Submission, reference: Reference, rng: Rng) -> None:
    for edge in (1000, -1000):
        image = rng.integers(0, 100, size=(1, 7, 7, 1))
        image[:, -1] = edge
        image[:, :, -1] = edge
        for shown in (image, image / 8):
            assert_tensor(submission.max_pool(shown), reference.max_pool(shown))
            assert_unchanged(submission)


@check(
    points=1,
    en="works when every value is negative",
    ko="모든 값이 음수여도 동작한다",
)
def test_negative_values(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((4, 4), (5, 7)):
        image = rng.integers(-99, 0, size=(1, height, width, 1))
        assert_tensor(submission.max_pool(image), reference.max_pool(image))
    # No number is low enough for a search to begin with.
    low = -(10.0 ** rng.uniform(5, 30, size=(1, 4, 4, 1)))
    for image in (
        low,
        low.astype(np.float32),
        rng.integers(-99, 0, size=(1, 4, 4, 1)) - 2**20,
        rng.integers(-99, 99, (1, 8, 4, 1)),
    ):
        assert_tensor(submission.max_pool(image), reference.max_pool(image))


@check(
    points=1,
    en="ints stay ints and fractions stay fractions: the dtype is kept",
    ko="정수는 정수로, 소수는 소수로 남는다: dtype이 유지된다",
)
def test_dtype(submission: Submission, reference: Reference, rng: Rng) -> None:
    values = 200 * rng.random(size=(1, 4, 4, 1))
    for dtype in ("uint8", "int32", "float32", "float64"):
        image = values.astype(dtype)
        assert_tensor(submission.max_pool(image), reference.max_pool(image), dtype="same")
