"""Hidden checks of Convolution 2."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check

NO_BIAS = np.array([0.0])


def distinct_weights(rng: Rng, *shape: int) -> NDArray[Any]:
    """Return different multiples of 1/4: their sums are exact in float32, and no two mistakes look alike."""
    return (rng.permutation(np.arange(-12, 13)) / 4)[: np.prod(shape)].reshape(shape)


@check(
    points=1, en="works with a kernel that is wider than high", ko="세로보다 가로가 긴 커널에서도 동작한다"
)
def test_wide_kernel(submission: Submission, reference: Reference, rng: Rng) -> None:
    kernel = distinct_weights(rng, 2, 4, 1, 1)
    # Fractions and large numbers too, which another dtype would lose.
    for scale, weights in ((1.0, kernel), (1 / 4, 4 * kernel), (101.0, kernel)):
        image = scale * rng.integers(-99, 100, size=(1, 6, 6, 1))
        expected = reference.convolve(image, weights, NO_BIAS)
        assert_tensor(submission.convolve(image, weights, NO_BIAS), expected)


@check(
    points=1,
    en="works with a kernel that is higher than wide, on an image that is not square",
    ko="가로보다 세로가 긴 커널과 정사각형이 아닌 이미지에서도 동작한다",
)
def test_tall_kernel(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 10, size=(1, 8, 5, 1)).astype(np.float64)
    for shape in ((5, 1, 1, 1), (4, 3, 1, 1)):
        kernel = distinct_weights(rng, *shape)
        assert_tensor(submission.convolve(image, kernel, NO_BIAS), reference.convolve(image, kernel, NO_BIAS))


@check(points=1, en="a 1x1 kernel scales every pixel", ko="1x1 커널은 모든 픽셀에 같은 수를 곱한다")
def test_one_by_one(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 10, size=(1, 4, 7, 1)).astype(np.float64)
    kernel = np.array([[[[-1.75]]]])
    assert_tensor(submission.convolve(image, kernel, NO_BIAS), reference.convolve(image, kernel, NO_BIAS))


@check(
    points=1,
    en="a kernel as large as an image that is not square gives one number, and the arguments are unchanged",
    ko="정사각형이 아닌 이미지와 크기가 같은 커널이면 값이 하나 나오고 입력은 바뀌지 않는다",
)
def test_whole_image(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(1, 10, size=(1, 3, 5, 1)).astype(np.float64)
    kernel = distinct_weights(rng, 3, 5, 1, 1)
    assert_tensor(submission.convolve(image, kernel, NO_BIAS), reference.convolve(image, kernel, NO_BIAS))
    assert_unchanged(submission)
    # Nor are they where there are several windows, or a square one, or integers, or a bias.
    for shown, weights in ((image, kernel[:2, :2]), (image.astype(np.int64), kernel[:1, :3])):
        submission.convolve(shown, weights, np.array([1.5]))
        assert_unchanged(submission)


@check(
    points=1,
    en="the bias is added once to each sum, whatever the size of the kernel",
    ko="커널의 크기와 상관없이 bias는 각 합에 한 번씩 더해진다",
)
def test_bias(submission: Submission, reference: Reference, rng: Rng) -> None:
    image, bias = rng.integers(-9, 10, size=(1, 5, 5, 1)).astype(np.float64), np.array([-11.5])
    for size in ((2, 2), (3, 3)):
        kernel = distinct_weights(rng, *size, 1, 1)
        assert_tensor(submission.convolve(image, kernel, bias), reference.convolve(image, kernel, bias))
        # All of them whole numbers, so that nothing but the bias is asked of integers.
        given = image.astype(np.int64), 4 * kernel, 4 * bias
        assert_tensor(submission.convolve(*given), reference.convolve(*given))


@check(
    points=1,
    en="an image of integers keeps the fractions of its results",
    ko="정수 이미지에서도 결과의 소수 부분이 남는다",
)
def test_integers(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(0, 10, size=(1, 5, 5, 1))
    kernel = np.array([0.5, -0.25, 1.5, 0.75, 1.25, -0.5, 0.25, -1.75, 1.0]).reshape(3, 3, 1, 1)
    pixels = rng.integers(0, 256, size=image.shape).astype(np.uint8)
    pixels.flat[:2] = 0, 255
    # Larger than int8, with a sign, and without one.
    for shown, bias in ((image, 0.0), (99 * image - 400, 0.0), (pixels, 0.0)):
        given = shown, kernel, np.array([bias])
        assert_tensor(submission.convolve(*given), reference.convolve(*given))
