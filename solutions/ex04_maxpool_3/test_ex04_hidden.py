"""Hidden checks of ex04: windows of many shapes, left-over pixels, negatives, dtypes and repeated pooling."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


@check(
    points=1,
    en="works for windows that are higher than wide and wider than high",
    ko="세로로 긴 윈도우와 가로로 긴 윈도우에서 모두 동작한다",
)
def test_window_shapes(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width, pool_size in ((8, 8, (4, 2)), (6, 8, (3, 4)), (6, 4, (1, 2)), (4, 6, (4, 1))):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        # What makes floats of an image first changes one of floats alone.
        for shown in (image, image / 8):
            expected = reference.max_pool(shown, pool_size)
            assert_tensor(submission.max_pool(shown, pool_size), expected)
            assert_unchanged(submission)


@check(
    points=1,
    en="windows that do not fit whole at the lower and right edge are left out",
    ko="아래쪽과 오른쪽 끝에서 온전히 들어가지 않는 윈도우는 버려진다",
)
def test_incomplete_windows(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width, pool_size in ((8, 8, (3, 3)), (7, 6, (2, 4)), (5, 8, (4, 5))):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        for shown in (image, image / 8):
            assert_tensor(submission.max_pool(shown, pool_size), reference.max_pool(shown, pool_size))
            assert_unchanged(submission)


@check(
    points=1,
    en="a window of one pixel gives the image back, a window as large as the image its maximum",
    ko="한 픽셀짜리 윈도우는 이미지를 그대로, 이미지만 한 윈도우는 전체의 최댓값을 돌려준다",
)
def test_extreme_windows(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(0, 100, size=(1, 5, 4, 1))
    for pool_size in ((1, 1), (5, 4)):
        assert_tensor(submission.max_pool(image, pool_size), reference.max_pool(image, pool_size))


@check(
    points=1,
    en="works when every value is negative",
    ko="모든 값이 음수여도 동작한다",
)
def test_negative_values(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-99, 0, size=(1, 6, 6, 1))
    # No number is low enough for a search to begin with; and the second image has lower numbers than the first one.
    low = -(10.0 ** rng.uniform(5, 30, size=(1, 6, 6, 1)))
    for pool_size in ((2, 2), (3, 3)):
        for shown in (image, image - 1000, low, low.astype(np.float32), image - 2**20, image + 50):
            assert_tensor(submission.max_pool(shown, pool_size), reference.max_pool(shown, pool_size))


@check(
    points=1,
    en="pooling twice is the same as pooling once with a window as large as both together",
    ko="두 번 연달아 풀링한 결과는 두 윈도우를 합친 크기로 한 번 풀링한 결과와 같다",
)
def test_pooling_twice(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(0, 100, size=(1, 8, 6, 1))
    once = submission.max_pool(image, (2, 3))
    assert_tensor(submission.max_pool(once, (2, 1)), reference.max_pool(image, (4, 3)))


@check(
    points=1,
    en="ints stay ints and fractions stay fractions: the dtype is kept",
    ko="정수는 정수로, 소수는 소수로 남는다: dtype이 유지된다",
)
def test_dtype(submission: Submission, reference: Reference, rng: Rng) -> None:
    values = 200 * rng.random(size=(1, 6, 6, 1))
    for dtype in ("uint8", "int32", "float32", "float64"):
        image = values.astype(dtype)
        for pool_size in ((3, 3), (2, 2)):
            expected = reference.max_pool(image, pool_size)
            assert_tensor(submission.max_pool(image, pool_size), expected, dtype="same")
