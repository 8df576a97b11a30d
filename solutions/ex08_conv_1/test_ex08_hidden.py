"""Hidden checks of Convolution 1."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import Reference, Rng, Submission, assert_layer, assert_tensor, assert_unchanged, check, expect


def distinct_weights(rng: Rng, *shape: int) -> NDArray[Any]:
    """Return different multiples of 1/4: their sums are exact in float32, and no two mistakes look alike."""
    return (rng.permutation(np.arange(-12, 13)) / 4)[: np.prod(shape)].reshape(shape)


@check(
    points=1,
    en="works on images that are not square, with negative pixels and weights",
    ko="정사각형이 아닌 이미지, 음수 픽셀과 음수 가중치에서도 동작한다",
)
def test_any_size(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 10, size=(1, 6, 3, 1)).astype(np.float64)
    kernel, bias = distinct_weights(rng, 2, 2, 1, 1), np.array([0.0])
    assert_tensor(submission.convolve(image, kernel, bias), reference.convolve(image, kernel, bias))
    # Then small fractions and large numbers, which another dtype would lose.
    kernel = kernel + 2**-10
    for scale in (1.0, 1 / 64, 101.0):
        image = scale * rng.integers(-99, 100, size=(1, 2, 9, 1))
        assert_tensor(submission.convolve(image, kernel, bias), reference.convolve(image, kernel, bias))


@check(
    points=1,
    en="each weight meets the pixel at the same place of the window",
    ko="각 가중치는 윈도우의 같은 자리에 있는 픽셀과 곱해진다",
)
def test_places(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = np.zeros((1, 5, 5, 1))
    image[0, 2, 1, 0] = 1
    kernel, bias = distinct_weights(rng, 2, 2, 1, 1), np.array([0.0])
    assert_tensor(submission.convolve(image, kernel, bias), reference.convolve(image, kernel, bias))


@check(points=1, en="the bias is added once to each sum", ko="bias는 각 합에 한 번씩 더해진다")
def test_bias(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 10, size=(1, 4, 5, 1)).astype(np.float64)
    kernel = distinct_weights(rng, 2, 2, 1, 1)
    for bias in (np.array([7.5]), np.array([-20.25])):
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
    kernel = np.array([0.5, -0.25, 0.75, 1.25]).reshape(2, 2, 1, 1)
    pixels = rng.integers(0, 256, size=image.shape).astype(np.uint8)
    pixels.flat[:2] = 0, 255
    # Larger than int8, with a sign, and without one.
    for shown, bias in ((image, 0.0), (99 * image - 400, 0.0), (pixels, 0.0)):
        given = shown, kernel, np.array([bias])
        assert_tensor(submission.convolve(*given), reference.convolve(*given))


@check(
    points=1,
    en="a second call with the same arguments gives the same right answer, and the arguments are unchanged",
    ko="같은 입력으로 두 번 호출해도 결과가 맞고 입력은 바뀌지 않는다",
)
def test_unchanged(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(-9, 10, size=(1, 4, 4, 1)).astype(np.float64)
    kernel = distinct_weights(rng, 2, 2, 1, 1)
    for shown, bias in ((image, np.array([0.0])), (image.astype(np.int64), np.array([2.5]))):
        expected = reference.convolve(shown, kernel, bias)
        for _ in range(2):
            answer = submission.convolve(shown, kernel, bias)
            assert_unchanged(submission)
            if not bias.any():
                assert_tensor(answer, expected)


@check(
    points=1,
    en="mean_layer is built when it is returned and works on images of any number and size",
    ko="mean_layer는 build된 상태로 반환되고 장수와 크기가 어떤 이미지에도 동작한다",
)
def test_mean_layer_any_size(submission: Submission, reference: Reference, rng: Rng) -> None:
    layer = submission.mean_layer()
    assert_layer(layer, "Conv2D")
    expect(
        len(layer.describe().weights) == 2,
        en="the layer has its kernel and its bias before the first call",
        ko="첫 호출 전에 레이어의 커널과 bias가 만들어져 있다",
    )
    kernel, bias = np.full((2, 2, 1, 1), 0.25), np.array([3.0])
    for shape in ((3, 5, 4, 1), (1, 2, 7, 1)):
        images = rng.integers(-9, 10, size=shape).astype(np.float32)
        one_by_one = [reference.convolve(image[np.newaxis], kernel, bias) for image in images]
        assert_tensor(layer(images), np.concatenate(one_by_one))
