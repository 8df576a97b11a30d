"""Hidden checks of ex05: padding of zero, one and many rows, negatives, dtypes and an unknown padding."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check, raises


@check(
    points=1,
    en='"valid" leaves out the windows that do not fit whole, for windows of any size',
    ko='"valid"에서는 윈도우의 크기와 상관없이 온전히 들어가지 않는 윈도우가 버려진다',
)
def test_valid_windows(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width, pool_size in ((7, 8, (3, 3)), (5, 7, (2, 3)), (6, 6, (3, 2)), (7, 7, (2, 2))):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        # What makes floats of an image first changes one of floats alone.
        for shown in (image, image / 8):
            expected = reference.max_pool(shown, pool_size, "valid")
            assert_tensor(submission.max_pool(shown, pool_size, "valid"), expected)
            assert_unchanged(submission)


@check(
    points=1,
    en='"same" works on images of odd and even size, and pads nothing where the windows fit',
    ko='"same"이 홀수와 짝수 크기의 이미지에서 동작하고, 윈도우가 딱 맞는 곳에는 아무것도 덧붙이지 않는다',
)
def test_same_sizes(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width in ((7, 7), (5, 6), (4, 3), (4, 4)):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        for shown in (image, image / 8):
            expected = reference.max_pool(shown, (2, 2), "same")
            assert_tensor(submission.max_pool(shown, (2, 2), "same"), expected)
            assert_unchanged(submission)


@check(
    points=1,
    en='"same" with large windows: padding is needed on both sides and is divided as in Keras',
    ko='"same"에서 큰 윈도우: 양쪽에 필요한 패딩을 Keras처럼 나눈다',
)
def test_same_large_windows(submission: Submission, reference: Reference, rng: Rng) -> None:
    for height, width, pool_size in (
        (4, 7, (3, 5)),
        (6, 6, (5, 4)),
        (5, 4, (4, 3)),
        (2, 3, (3, 5)),
        (8, 8, (3, 3)),
        (9, 7, (5, 4)),
    ):
        image = rng.integers(0, 100, size=(1, height, width, 1))
        for shown in (image, image / 8):
            expected = reference.max_pool(shown, pool_size, "same")
            assert_tensor(submission.max_pool(shown, pool_size, "same"), expected)
            assert_unchanged(submission)


@check(
    points=1,
    en='a padded place never wins in "same", even when every pixel is negative',
    ko='"same"에서 모든 픽셀이 음수여도 덧붙인 자리가 최댓값이 되지 않는다',
)
def test_same_negative_values(submission: Submission, reference: Reference, rng: Rng) -> None:
    low = [rng.integers(-999, -99, size=(1, height, width, 1)) for height, width in ((5, 5), (7, 3))]
    floats = -(10.0 ** rng.uniform(5, 30, size=(1, 5, 5, 1)))
    # No number is low enough to be added.
    for image in (*low, floats, floats.astype(np.float32), low[0] - 2**20, low[0] + 500):
        expected = reference.max_pool(image, (2, 2), "same")
        assert_tensor(submission.max_pool(image, (2, 2), "same"), expected)


@check(
    points=1,
    en="ints stay ints and fractions stay fractions: the dtype is kept, also where there is padding",
    ko="정수는 정수로, 소수는 소수로 남는다: 패딩이 있어도 dtype이 유지된다",
)
def test_dtype(submission: Submission, reference: Reference, rng: Rng) -> None:
    values = 200 * rng.random(size=(1, 5, 5, 1))
    # With it nothing is lower than the lowest pixel of uint8.
    dark = np.where(values == values.min(), 0, values)
    for dtype in ("uint8", "int32", "float32", "float64"):
        for image in (values.astype(dtype), dark.astype(dtype)):
            for pool_size, padding in (
                ((2, 2), "same"),
                ((3, 2), "same"),
                ((2, 2), "valid"),
                ((5, 5), "valid"),
            ):
                expected = reference.max_pool(image, pool_size, padding)
                assert_tensor(submission.max_pool(image, pool_size, padding), expected, dtype="same")


@check(
    points=1,
    en='"valid" and "same" are accepted, any other padding raises ValueError',
    ko='"valid"와 "same"은 받아들이고, 다른 padding에는 ValueError를 일으킨다',
)
def test_unknown_padding(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(0, 100, size=(1, 4, 4, 1))
    for padding in ("valid", "same"):
        expected = reference.max_pool(image, (2, 2), padding)
        assert_tensor(submission.max_pool(image, (2, 2), padding), expected)
    # None that is a part of a known one, or is written otherwise, either.
    for padding in ("full", "causal", "sam", "SAME", "Valid", ""):
        with raises(submission, "ValueError"):
            submission.max_pool(image, (2, 2), padding)
