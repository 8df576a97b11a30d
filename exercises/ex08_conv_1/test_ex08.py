"""Visible checks of Convolution 1: the lecture's tables."""

import numpy as np

from grader import Submission, assert_layer, assert_tensor, check, convolution_window

IMAGE = np.array(
    [
        [0.0, 1.0, 2.0, 3.0],
        [4.0, 5.0, 6.0, 7.0],
        [8.0, 9.0, 10.0, 11.0],
        [12.0, 13.0, 14.0, 15.0],
    ]
).reshape(1, 4, 4, 1)
MEANS_PLUS_3 = np.array([[5.5, 6.5, 7.5], [9.5, 10.5, 11.5], [13.5, 14.5, 15.5]]).reshape(1, 3, 3, 1)


@check(
    points=1,
    en="gives the lecture's numbers for the kernel of a fresh layer",
    ko="막 만든 레이어의 커널로 강의의 값을 재현한다",
)
def test_fresh_kernel(submission: Submission) -> None:
    kernel = np.array([[-0.13014299, -0.23927206], [-0.20175874, -0.6158894]]).reshape(2, 2, 1, 1)
    expected = np.array(
        [
            [-4.125754, -5.312817, -6.4998803],
            [-8.874006, -10.0610695, -11.248133],
            [-13.622259, -14.809322, -15.996386],
        ]
    ).reshape(1, 3, 3, 1)
    # Sixteen-ish numbers in float32 are exact to about 1e-6 each; the order of the sum changes that much.
    assert_tensor(
        submission.convolve(IMAGE, kernel, np.array([0.0])),
        expected,
        atol=1e-4,
        window=convolution_window(IMAGE, kernel.shape[:2]),
    )


@check(
    points=1,
    en="weights of 1/4 and bias 3 give the means plus 3",
    ko="가중치 1/4과 bias 3이면 평균 + 3이 나온다",
)
def test_means(submission: Submission) -> None:
    kernel = np.array([[0.25, 0.25], [0.25, 0.25]]).reshape(2, 2, 1, 1)
    assert_tensor(
        submission.convolve(IMAGE, kernel, np.array([3.0])),
        MEANS_PLUS_3,
        window=convolution_window(IMAGE, kernel.shape[:2]),
    )


@check(
    points=2,
    en="mean_layer is a Conv2D that gives the means plus 3",
    ko="mean_layer는 평균 + 3을 내는 Conv2D이다",
)
def test_mean_layer(submission: Submission) -> None:
    layer = submission.mean_layer()
    assert_layer(
        layer, "Conv2D", filters=1, kernel_size=(2, 2), strides=(1, 1), padding="valid", activation="linear"
    )
    assert_tensor(layer(IMAGE), MEANS_PLUS_3)
