"""Hidden checks of Convolution 4."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check

NO_BIAS = np.array([0.0])


def distinct_weights(rng: Rng, *shape: int) -> NDArray[Any]:
    """Return different multiples of 1/4: their sums are exact in float32, and no two mistakes look alike."""
    return (rng.permutation(np.arange(-12, 13)) / 4)[: np.prod(shape)].reshape(shape)


@check(
    points=1,
    en="works on batches of any length, and leaves its arguments as they are",
    ko="배치에 몇 장이 들어 있어도 동작하고 입력을 바꾸지 않는다",
)
def test_any_length(submission: Submission, reference: Reference, rng: Rng) -> None:
    kernel = distinct_weights(rng, 2, 2, 1, 1)
    for number in (3, 4, 1, 7):
        images = rng.integers(-9, 10, size=(number, 4, 4, 1)).astype(np.float64)
        # They stay so with integers and a bias too.
        given = images, kernel, NO_BIAS
        assert_tensor(submission.convolve(*given), reference.convolve(*given))
        assert_unchanged(submission)
        submission.convolve(images.astype(np.int64), kernel, np.array([1.5]))
        assert_unchanged(submission)


@check(
    points=1,
    en="works with kernels and images that are not square",
    ko="정사각형이 아닌 커널과 이미지에서도 동작한다",
)
def test_not_square(submission: Submission, reference: Reference, rng: Rng) -> None:
    # Small fractions and large numbers too, which another dtype would lose.
    for shape, scale in (((3, 2, 1, 1), 1.0), ((1, 5, 1, 1), 1 / 64), ((2, 1, 1, 1), 101.0)):
        images = scale * rng.integers(-99, 100, size=(2, 5, 7, 1))
        kernel = distinct_weights(rng, *shape) + 2**-10
        assert_tensor(
            submission.convolve(images, kernel, NO_BIAS), reference.convolve(images, kernel, NO_BIAS)
        )


@check(
    points=1,
    en="the result of an image does not depend on the other images of its batch",
    ko="한 이미지의 결과는 배치의 다른 이미지에 영향을 받지 않는다",
)
def test_independence(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(-9, 10, size=(3, 4, 5, 1)).astype(np.float64)
    kernel = distinct_weights(rng, 2, 2, 1, 1)
    for _ in range(2):
        one_by_one = [reference.convolve(images[number : number + 1], kernel, NO_BIAS) for number in range(3)]
        assert_tensor(submission.convolve(images, kernel, NO_BIAS), np.concatenate(one_by_one))
        images[[0, 2]] += 100


@check(
    points=1,
    en="results come in the order of the images",
    ko="결과의 순서는 이미지의 순서와 같다",
)
def test_order(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(-9, 10, size=(4, 3, 3, 1)).astype(np.float64)
    kernel = distinct_weights(rng, 2, 2, 1, 1)
    expected = reference.convolve(images, kernel, NO_BIAS)
    order = [2, 0, 3, 1]
    assert_tensor(submission.convolve(images[order], kernel, NO_BIAS), expected[order])


@check(
    points=1,
    en="the bias is added once to each sum of each image",
    ko="bias는 모든 이미지의 각 합에 한 번씩 더해진다",
)
def test_bias(submission: Submission, reference: Reference, rng: Rng) -> None:
    images, bias = rng.integers(-9, 10, size=(4, 4, 3, 1)).astype(np.float64), np.array([-12.5])
    kernel = distinct_weights(rng, 3, 3, 1, 1)
    for weights in (kernel, kernel[:2, :2]):
        assert_tensor(submission.convolve(images, weights, bias), reference.convolve(images, weights, bias))
        # All of them whole numbers, so that nothing but the bias is asked of integers.
        given = images.astype(np.int64), 4 * weights, 4 * bias
        assert_tensor(submission.convolve(*given), reference.convolve(*given))


@check(
    points=1,
    en="images of integers keep the fractions of their results",
    ko="정수 이미지에서도 결과의 소수 부분이 남는다",
)
def test_integers(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(0, 10, size=(2, 4, 4, 1))
    kernel = np.array([0.5, -0.25, 0.75, 1.25]).reshape(2, 2, 1, 1)
    pixels = rng.integers(0, 256, size=images.shape).astype(np.uint8)
    pixels.flat[:2] = 0, 255
    # Larger than int8, with a sign, and without one.
    for shown, bias in ((images, 0.0), (99 * images - 400, 0.0), (pixels, 0.0)):
        given = shown, kernel, np.array([bias])
        assert_tensor(submission.convolve(*given), reference.convolve(*given))
