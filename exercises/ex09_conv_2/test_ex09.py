"""Visible checks of Convolution 2: the lecture's tables."""

import numpy as np

from grader import Submission, assert_tensor, check, convolution_window

KERNEL = np.array(
    [
        [-0.08676198, -0.1595147, -0.13450584],
        [-0.4105929, -0.38366908, 0.07744962],
        [-0.09255642, 0.4915564, 0.20828158],
    ]
).reshape(3, 3, 1, 1)
BIAS = np.array([0.0])
# The lecture's results are float32 sums of terms as large as 12: exact to a few 1e-6.
FLOAT32 = 1e-4


@check(points=2, en="gives the lecture's numbers for a 3x3 kernel", ko="3x3 커널로 강의의 값을 재현한다")
def test_three_by_three(submission: Submission) -> None:
    image = np.array(
        [
            [0.0, 1.0, 2.0, 3.0, 4.0],
            [5.0, 6.0, 7.0, 8.0, 9.0],
            [10.0, 11.0, 12.0, 13.0, 14.0],
            [15.0, 16.0, 17.0, 18.0, 19.0],
            [20.0, 21.0, 22.0, 23.0, 24.0],
        ]
    ).reshape(1, 5, 5, 1)
    expected = np.array(
        [
            [2.7395768, 2.2492635, 1.7589504],
            [0.28801066, -0.20230258, -0.6926158],
            [-2.1635566, -2.6538715, -3.1441827],
        ]
    ).reshape(1, 3, 3, 1)
    assert_tensor(
        submission.convolve(image, KERNEL, BIAS),
        expected,
        atol=FLOAT32,
        window=convolution_window(image, KERNEL.shape[:2]),
    )


@check(
    points=1,
    en="an image as large as the kernel gives one number",
    ko="커널과 크기가 같은 이미지에서는 값이 하나 나온다",
)
def test_first_window(submission: Submission) -> None:
    image = np.array([[0.0, 1.0, 2.0], [5.0, 6.0, 7.0], [10.0, 11.0, 12.0]]).reshape(1, 3, 3, 1)
    expected = np.array([[[[2.739577144384384]]]])
    assert_tensor(
        submission.convolve(image, KERNEL, BIAS),
        expected,
        atol=FLOAT32,
        window=convolution_window(image, KERNEL.shape[:2]),
    )


@check(
    points=1,
    en="gives the lecture's numbers for a 2x2 kernel on the picture with an edge",
    ko="경계가 있는 그림과 2x2 커널로 강의의 값을 재현한다",
)
def test_two_by_two(submission: Submission) -> None:
    image = np.array(
        [
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
        ]
    ).reshape(1, 6, 6, 1)
    kernel = np.array([[-0.51669824, 0.6782736], [0.3544441, 0.8206125]]).reshape(2, 2, 1, 1)
    expected = np.array(
        [
            [0.0, 0.0, 1.4988861, 1.336632, 1.336632],
            [0.0, 0.0, 1.4988861, 1.336632, 1.336632],
            [0.0, 0.0, 1.4988861, 1.336632, 1.336632],
            [0.0, 0.0, 1.4988861, 1.336632, 1.336632],
            [0.0, 0.0, 1.4988861, 1.336632, 1.336632],
        ]
    ).reshape(1, 5, 5, 1)
    assert_tensor(
        submission.convolve(image, kernel, BIAS),
        expected,
        atol=FLOAT32,
        window=convolution_window(image, kernel.shape[:2]),
    )
