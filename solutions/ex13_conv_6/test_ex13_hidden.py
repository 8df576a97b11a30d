"""Hidden checks of Convolution 6."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


def distinct_weights(rng: Rng, *shape: int) -> NDArray[Any]:
    """Return different multiples of 1/4: their sums are exact in float32, and no two mistakes look alike."""
    return (rng.permutation(np.arange(-40, 41)) / 4)[: np.prod(shape)].reshape(shape)


@check(
    points=1,
    en="works on batches with channels, with windows and images that are not square, and leaves its "
    "arguments as they are",
    ko="채널이 있는 이미지 배치, 정사각형이 아닌 윈도우와 이미지에서도 동작하고 입력을 바꾸지 않는다",
)
def test_images(submission: Submission, reference: Reference, rng: Rng) -> None:
    # Small fractions and large numbers too, which another dtype would lose.
    for shape, scale in (((3, 2, 3, 4), 1.0), ((1, 4, 3, 3), 1 / 64), ((2, 1, 3, 2), 101.0)):
        images = scale * rng.integers(-99, 100, size=(3, 7, 6, 3))
        kernel, bias = distinct_weights(rng, *shape), np.zeros(shape[3])
        # They stay so for one image, a square window, integers and biases too.
        assert_tensor(submission.convolve(images, kernel, bias), reference.convolve(images, kernel, bias))
        assert_unchanged(submission)
        for given in ((images[:1], kernel[:1, :1], bias), (images.astype(np.int64), kernel, bias + 1.5)):
            submission.convolve(*given)
            assert_unchanged(submission)


@check(
    points=1,
    en="each channel is multiplied by its own weights",
    ko="각 채널에는 그 채널의 가중치가 곱해진다",
)
def test_each_channel(submission: Submission, reference: Reference, rng: Rng) -> None:
    kernel, bias = distinct_weights(rng, 2, 2, 3, 2), np.zeros(2)
    for channel in range(3):
        image = np.zeros((1, 3, 3, 3))
        image[..., channel] = rng.integers(1, 10, size=(1, 3, 3))
        assert_tensor(submission.convolve(image, kernel, bias), reference.convolve(image, kernel, bias))


@check(
    points=1,
    en="works with any number of channels and filters, one included",
    ko="채널 수와 필터 수가 하나일 때를 포함해 몇 개여도 동작한다",
)
def test_any_number(submission: Submission, reference: Reference, rng: Rng) -> None:
    for channels, filters in ((1, 3), (5, 1), (2, 2)):
        images = rng.integers(-9, 10, size=(2, 3, 4, channels)).astype(np.float64)
        kernel, bias = distinct_weights(rng, 2, 2, channels, filters), np.zeros(filters)
        assert_tensor(submission.convolve(images, kernel, bias), reference.convolve(images, kernel, bias))


@check(
    points=1,
    en="each filter's bias is added once, however many channels there are",
    ko="채널이 몇 개든 필터의 bias는 한 번만 더해진다",
)
def test_bias(submission: Submission, reference: Reference, rng: Rng) -> None:
    bias = np.array([60.5, -33.25])
    for channels in (3, 4):
        images = rng.integers(-9, 10, size=(2, 3, 3, channels)).astype(np.float64)
        kernel = distinct_weights(rng, 2, 2, channels, 2)
        for weights in (kernel, kernel[:1, :1]):
            assert_tensor(
                submission.convolve(images, weights, bias), reference.convolve(images, weights, bias)
            )
        # All of them whole numbers, so that nothing but the bias is asked of integers.
        given = images.astype(np.int64), 4 * kernel, 4 * bias
        assert_tensor(submission.convolve(*given), reference.convolve(*given))


@check(
    points=1,
    en="channel_maps gives the parts of any filter, for windows and images that are not square",
    ko="channel_maps는 어느 필터든, 정사각형이 아닌 윈도우와 이미지에서도 채널별 몫을 낸다",
)
def test_maps_of_any_filter(submission: Submission, reference: Reference, rng: Rng) -> None:
    # Small fractions and large numbers too, which another dtype would lose.
    for index, shape, scale in (
        (0, (2, 3, 4, 3), 1.0),
        (2, (2, 3, 4, 3), 1 / 64),
        (1, (3, 1, 5, 2), 101.0),
        (4, (2, 2, 1, 5), 1.0),
    ):
        image = scale * rng.integers(-99, 100, size=(1, 7, 6, shape[2]))
        kernel = distinct_weights(rng, *shape)
        assert_tensor(
            submission.channel_maps(image, kernel, index), reference.channel_maps(image, kernel, index)
        )
        assert_unchanged(submission)


@check(
    points=1,
    en="images of integers keep the fractions of their results and of their maps",
    ko="정수 이미지에서도 결과와 채널별 몫의 소수 부분이 남는다",
)
def test_integers(submission: Submission, reference: Reference, rng: Rng) -> None:
    image = rng.integers(0, 10, size=(1, 3, 4, 2))
    kernel = np.array([0.5, -0.25, 0.75, 1.25, -0.5, 1.75, 0.25, -1.5]).reshape(2, 2, 2, 1)
    pixels = rng.integers(0, 256, size=image.shape).astype(np.uint8)
    pixels.flat[:2] = 0, 255
    # Larger than int8, with a sign, and without one.
    for shown, bias in ((image, 0.0), (99 * image - 400, 0.0), (pixels, 0.0)):
        given = shown, kernel, np.array([bias])
        assert_tensor(submission.convolve(*given), reference.convolve(*given))
        assert_tensor(submission.channel_maps(shown, kernel, 0), reference.channel_maps(shown, kernel, 0))
        assert_unchanged(submission)
