"""Visible checks of Convolution 3: the lecture's tables."""

import numpy as np

from grader import Submission, assert_layer, assert_tensor, check, convolution_window

IMAGE = np.array(
    [
        [3.0, 3.0, 2.0, 1.0, 0.0],
        [0.0, 0.0, 1.0, 3.0, 1.0],
        [3.0, 1.0, 2.0, 2.0, 3.0],
        [2.0, 0.0, 0.0, 2.0, 2.0],
        [2.0, 0.0, 0.0, 0.0, 1.0],
    ]
).reshape(1, 5, 5, 1)
KERNEL = np.array([[0.0, 1.0, 2.0], [2.0, 2.0, 0.0], [0.0, 1.0, 2.0]]).reshape(3, 3, 1, 1)
RESULT = np.array([[12.0, 12.0, 17.0], [10.0, 17.0, 19.0], [9.0, 6.0, 14.0]]).reshape(1, 3, 3, 1)
BIAS = np.array([0.0])


@check(
    points=1,
    en="convolve gives the lecture's table for its 3x3 kernel",
    ko="convolve가 강의의 3x3 커널 표를 재현한다",
)
def test_convolve(submission: Submission) -> None:
    assert_tensor(
        submission.convolve(IMAGE, KERNEL, BIAS), RESULT, window=convolution_window(IMAGE, KERNEL.shape[:2])
    )


@check(
    points=1,
    en="convolve gives the lecture's numbers for the kernel of a fresh layer",
    ko="convolve가 막 만든 레이어의 커널로 강의의 값을 재현한다",
)
def test_fresh_kernel(submission: Submission) -> None:
    kernel = np.array(
        [
            [-0.3444655, 0.4521824, 0.236296],
            [0.54707503, 0.19746327, 0.20471048],
            [-0.1245549, -0.25237298, -0.4904977],
        ]
    ).reshape(3, 3, 1, 1)
    expected = np.array(
        [
            [-0.6065799, -0.69143724, -1.1179221],
            [2.2352955, 1.5314975, 1.8658445],
            [0.7364182, 1.4419123, 1.2381717],
        ]
    ).reshape(1, 3, 3, 1)
    # Printed float32 sums: their last digit depends on the order of the sum.
    assert_tensor(
        submission.convolve(IMAGE, kernel, BIAS),
        expected,
        atol=1e-4,
        window=convolution_window(IMAGE, kernel.shape[:2]),
    )


@check(
    points=2,
    en="conv_layer is a Conv2D that gives the lecture's table",
    ko="conv_layer는 강의의 표를 내는 Conv2D이다",
)
def test_conv_layer(submission: Submission) -> None:
    layer = submission.conv_layer(KERNEL, BIAS)
    assert_layer(
        layer, "Conv2D", filters=1, kernel_size=(3, 3), strides=(1, 1), padding="valid", activation="linear"
    )
    assert_tensor(layer(IMAGE), RESULT)
