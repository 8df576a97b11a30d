"""Hidden checks of Convolution 5."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check, raises


def distinct_weights(rng: Rng, *shape: int) -> NDArray[Any]:
    """Return different multiples of 1/4: their sums are exact in float32, and no two mistakes look alike."""
    return (rng.permutation(np.arange(-24, 25)) / 4)[: np.prod(shape)].reshape(shape)


@check(
    points=1,
    en="without activation works with any number of filters, batches and sizes that are not square; "
    "negative results stay negative, and the arguments are unchanged",
    ko="활성화 함수가 없을 때 필터 수, 배치, 정사각형이 아닌 크기와 상관없이 동작하고, 음수 결과는 음수로 "
    "남으며 입력은 바뀌지 않는다",
)
def test_filters(submission: Submission, reference: Reference, rng: Rng) -> None:
    # Small fractions and large numbers too, which another dtype would lose.
    for shape, scale in (((2, 3, 1, 5), 1.0), ((3, 1, 1, 2), 1 / 64), ((1, 2, 1, 3), 101.0)):
        images = scale * rng.integers(-99, 100, size=(3, 7, 6, 1))
        kernel, bias = distinct_weights(rng, *shape), np.zeros(shape[-1])
        # They stay so with integers and biases too.
        assert_tensor(submission.convolve(images, kernel, bias), reference.convolve(images, kernel, bias))
        assert_unchanged(submission)
        submission.convolve(images.astype(np.int64), kernel, bias + 1.5)
        assert_unchanged(submission)


@check(
    points=1,
    en="each filter has its own bias, added once to each of its sums",
    ko="필터마다 자기 bias가 있고 각 합에 한 번씩 더해진다",
)
def test_bias_of_each_filter(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(-9, 10, size=(2, 3, 4, 1)).astype(np.float64)
    kernel, bias = distinct_weights(rng, 2, 2, 1, 3), np.array([40.5, -7.25, 3.0])
    assert_tensor(submission.convolve(images, kernel, bias), reference.convolve(images, kernel, bias))


@check(
    points=1,
    en="relu comes after the bias and changes negative results only",
    ko="relu는 bias를 더한 뒤에 적용되고 음수 결과만 바꾼다",
)
def test_relu_after_bias(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(-9, 10, size=(2, 4, 4, 1)).astype(np.float64)
    kernel = distinct_weights(rng, 2, 2, 1, 4)
    for bias in (np.array([15.0, -15.0, 0.0, 2.5]), np.array([-3.5, 20.0, 6.25, 0.0])):
        # Divided by 64, there are positive results below 1.
        for shown in (images, images / 64, images.astype(np.int64)):
            expected = reference.convolve(shown, kernel, bias, "relu")
            assert_tensor(submission.convolve(shown, kernel, bias, "relu"), expected)
            assert_unchanged(submission)


@check(
    points=1,
    en="an activation other than None and relu raises ValueError, and relu does not",
    ko="None과 relu가 아닌 활성화 함수에는 ValueError를 내고 relu에는 내지 않는다",
)
def test_unknown_activation(submission: Submission, reference: Reference) -> None:
    image = np.array([[3.0, 1.0], [2.0, 4.0]]).reshape(1, 2, 2, 1)
    kernel, bias = np.array([1.5, 0.5, 0.5, 1.5]).reshape(2, 2, 1, 1), np.array([0.0])
    # None that only begins like a known one, is a part of it, or is written otherwise.
    for name in ("sigmoid", "softmax", "linear", "relu6", "leaky_relu", "ReLU", "rel", "none", ""):
        with raises(submission, "ValueError"):
            submission.convolve(image, kernel, bias, name)
    # Raising whatever comes is no answer: a known name has to give its numbers.
    assert_tensor(
        submission.convolve(image, kernel, bias, "relu"), reference.convolve(image, kernel, bias, "relu")
    )


@check(
    points=1,
    en="filter_sums works for windows of any size and any number of filters",
    ko="filter_sums는 윈도우의 크기와 필터 수에 상관없이 동작한다",
)
def test_filter_sums_any_size(submission: Submission, reference: Reference, rng: Rng) -> None:
    for shape in ((3, 2, 1, 4), (1, 4, 1, 3), (3, 3, 1, 1)):
        kernel = distinct_weights(rng, *shape)
        for shown in (kernel, kernel / 64):
            assert_tensor(submission.filter_sums(shown), reference.filter_sums(shown))
            assert_unchanged(submission)


@check(
    points=1,
    en="images of integers keep the fractions of their results",
    ko="정수 이미지에서도 결과의 소수 부분이 남는다",
)
def test_integers(submission: Submission, reference: Reference, rng: Rng) -> None:
    images = rng.integers(0, 10, size=(2, 4, 4, 1))
    kernel = np.array([0.5, -0.25, 0.75, 1.25, -0.5, 1.75, 0.25, -1.5]).reshape(2, 2, 1, 2)
    pixels = rng.integers(0, 256, size=images.shape).astype(np.uint8)
    pixels.flat[:2] = 0, 255
    # Larger than int8, with a sign, and without one.
    for shown, bias in ((images, [0.0, 0.0]), (99 * images - 400, [0.0, 0.0]), (pixels, [0.0, 0.0])):
        given = shown, kernel, np.array(bias)
        assert_tensor(submission.convolve(*given), reference.convolve(*given))
