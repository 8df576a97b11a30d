"""Visible checks of Convolution 5: the lecture's tables."""

import numpy as np

from grader import Submission, assert_tensor, check, convolution_window

KERNEL = np.array(
    [
        [
            [[-0.08230966, -0.15132892, -0.12760344, -0.38952267]],
            [[-0.36398047, 0.07347518, -0.08780673, 0.46633136]],
        ],
        [
            [[0.19759327, -0.46042526, -0.15406173, -0.34838456]],
            [[0.33916563, -0.08248386, 0.11705655, -0.49948823]],
        ],
    ]
)
BIAS = np.array([0.0, 0.0, 0.0, 0.0])
COUNTING = np.array([[0.0, 1.0], [2.0, 3.0]]).reshape(1, 2, 2, 1)
SUMS = np.array([0.09046876, -0.6207628, -0.25241536, -0.7710641])


@check(
    points=1,
    en="gives the lecture's numbers for four filters with relu",
    ko="relu가 있는 필터 네 개로 강의의 값을 재현한다",
)
def test_relu(submission: Submission) -> None:
    expected = np.array([1.048703, 0.0, 0.0, 0.0]).reshape(1, 1, 1, 4)
    assert_tensor(
        submission.convolve(COUNTING, KERNEL, BIAS, "relu"),
        expected,
        window=convolution_window(COUNTING, KERNEL.shape[:2]),
    )


@check(
    points=1,
    en="gives the lecture's numbers for an image of ones without activation",
    ko="활성화 함수 없이 모두 1인 이미지로 강의의 값을 재현한다",
)
def test_ones(submission: Submission) -> None:
    image = np.array([[1.0, 1.0], [1.0, 1.0]]).reshape(1, 2, 2, 1)
    assert_tensor(
        submission.convolve(image, KERNEL, BIAS),
        SUMS.reshape(1, 1, 1, 4),
        window=convolution_window(image, KERNEL.shape[:2]),
    )


@check(
    points=1,
    en="the first filter alone gives the lecture's number",
    ko="첫 번째 필터만 써도 강의의 값이 나온다",
)
def test_first_filter(submission: Submission) -> None:
    kernel = np.array([[-0.08230966, -0.36398047], [0.19759327, 0.33916563]]).reshape(2, 2, 1, 1)
    expected = np.array([[[[1.0487029552459717]]]])
    assert_tensor(
        submission.convolve(COUNTING, kernel, np.array([0.0])),
        expected,
        window=convolution_window(COUNTING, kernel.shape[:2]),
    )


@check(
    points=1,
    en="filter_sums gives the lecture's sums of the four filters",
    ko="filter_sums가 강의에 나온 네 필터의 합을 낸다",
)
def test_filter_sums(submission: Submission) -> None:
    assert_tensor(submission.filter_sums(KERNEL), SUMS)
