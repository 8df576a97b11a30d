"""Hidden checks of Convolution 3."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import Reference, Rng, Submission, assert_layer, assert_tensor, assert_unchanged, check, expect

NO_BIAS = np.array([0.0])


def distinct_weights(rng: Rng, *shape: int) -> NDArray[Any]:
    """Return different multiples of 1/4: their sums are exact in float32, and no two mistakes look alike."""
    return (rng.permutation(np.arange(-12, 13)) / 4)[: np.prod(shape)].reshape(shape)


@check(
    points=1,
    en="convolve works with kernels and images that are not square, and leaves its arguments as they are",
    ko="convolve는 정사각형이 아닌 커널과 이미지에서도 동작하고 입력을 바꾸지 않는다",
)
def test_convolve_not_square(submission: Submission, reference: Reference, rng: Rng) -> None:
    # Small fractions and large numbers too, which another dtype would lose; the last two results have one shape.
    for shape, scale in (((2, 4, 1, 1), 1.0), ((3, 1, 1, 1), 1 / 64), ((3, 1, 1, 1), 101.0)):
        image = scale * rng.integers(-99, 100, size=(1, 6, 5, 1))
        kernel = distinct_weights(rng, *shape) + 2**-10
        assert_tensor(submission.convolve(image, kernel, NO_BIAS), reference.convolve(image, kernel, NO_BIAS))
        assert_unchanged(submission)
        # Nor are they where the kernel is square, or the image has integers, or there is a bias.
        for given in ((image, kernel[:2, :2], NO_BIAS), (image.astype(np.int64), kernel, np.array([1.5]))):
            submission.convolve(*given)
            assert_unchanged(submission)


@check(points=1, en="convolve adds the bias once to each sum", ko="convolve는 각 합에 bias를 한 번씩 더한다")
def test_convolve_bias(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 10, size=(1, 5, 5, 1)).astype(np.float64)
    kernel, bias = distinct_weights(rng, 3, 3, 1, 1), np.array([-4.75])
    for weights in (kernel, kernel[:2, :2]):
        assert_tensor(submission.convolve(image, weights, bias), reference.convolve(image, weights, bias))
        # All of them whole numbers, so that nothing but the bias is asked of integers.
        given = image.astype(np.int64), 4 * weights, 4 * bias
        assert_tensor(submission.convolve(*given), reference.convolve(*given))


@check(
    points=1,
    en="convolve keeps the fractions of its results for an image of integers",
    ko="convolve는 정수 이미지에서도 결과의 소수 부분을 남긴다",
)
def test_convolve_integers(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(0, 10, size=(1, 5, 4, 1))
    kernel = np.array([0.5, -0.25, 0.75, 1.25]).reshape(2, 2, 1, 1)
    pixels = rng.integers(0, 256, size=image.shape).astype(np.uint8)
    pixels.flat[:2] = 0, 255
    # Larger than int8, with a sign, and without one.
    for shown, bias in ((image, 0.0), (99 * image - 400, 0.0), (pixels, 0.0)):
        given = shown, kernel, np.array([bias])
        assert_tensor(submission.convolve(*given), reference.convolve(*given))


@check(
    points=1,
    en="conv_layer holds the given kernel and bias before its first call",
    ko="conv_layer는 처음 호출하기 전부터 주어진 커널과 bias를 가지고 있다",
)
def test_layer_weights(submission: Submission, rng: Rng) -> None:
    kernel, bias = distinct_weights(rng, 3, 3, 1, 1), np.array([6.5])
    layer = submission.conv_layer(kernel, bias)
    assert_unchanged(submission)
    assert_layer(layer, "Conv2D")
    # A second layer leaves the first one its weights.
    submission.conv_layer(-kernel, 2 * bias)
    weights = layer.describe().weights
    expect(
        len(weights) == 2,
        en="the layer has two weights, the kernel and the bias",
        ko="레이어에는 커널과 bias, 두 개의 가중치가 있다",
    )
    assert_tensor(weights[0], kernel)
    assert_tensor(weights[1], bias)


@check(
    points=1,
    en="conv_layer takes kernels that are not square",
    ko="conv_layer는 정사각형이 아닌 커널도 받는다",
)
def test_layer_not_square(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 10, size=(1, 4, 7, 1)).astype(np.float32)
    for shape in ((2, 3, 1, 1), (4, 1, 1, 1), (1, 2, 1, 1), (1, 1, 1, 1)):
        kernel = distinct_weights(rng, *shape)
        layer = submission.conv_layer(kernel, NO_BIAS)
        assert_layer(layer, "Conv2D")
        assert_tensor(layer(image), reference.convolve(image, kernel, NO_BIAS))


@check(
    points=1,
    en="conv_layer adds its bias, for one image and for several, and negative results stay negative",
    ko="conv_layer는 이미지가 한 장이든 여러 장이든 bias를 더하고, 음수 결과는 음수로 남는다",
)
def test_layer_bias(submission: Submission, reference: Reference, rng: Rng) -> None:
    kernel, bias = distinct_weights(rng, 2, 2, 1, 1), np.array([-8.25])
    layer = submission.conv_layer(kernel, bias)
    assert_layer(layer, "Conv2D")
    images = rng.integers(-9, 10, size=(3, 4, 5, 1)).astype(np.float32)
    one_by_one = [reference.convolve(images[number : number + 1], kernel, bias) for number in range(3)]
    assert_tensor(layer(images[:1]), one_by_one[0])
    assert_tensor(layer(images), np.concatenate(one_by_one))
