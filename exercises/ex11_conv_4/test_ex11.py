"""Visible checks of Convolution 4: the lecture's tables."""

import numpy as np

from grader import Submission, assert_tensor, check, convolution_window

FIRST = np.array(
    [
        [0.0, 1.0, 2.0, 3.0, 4.0],
        [5.0, 6.0, 7.0, 8.0, 9.0],
        [10.0, 11.0, 12.0, 13.0, 14.0],
        [15.0, 16.0, 17.0, 18.0, 19.0],
        [20.0, 21.0, 22.0, 23.0, 24.0],
    ]
)
SECOND = np.array(
    [
        [25.0, 26.0, 27.0, 28.0, 29.0],
        [30.0, 31.0, 32.0, 33.0, 34.0],
        [35.0, 36.0, 37.0, 38.0, 39.0],
        [40.0, 41.0, 42.0, 43.0, 44.0],
        [45.0, 46.0, 47.0, 48.0, 49.0],
    ]
)
FIRST_RESULT = np.array(
    [[6.0, 7.0, 8.0, 9.0], [11.0, 12.0, 13.0, 14.0], [16.0, 17.0, 18.0, 19.0], [21.0, 22.0, 23.0, 24.0]]
)
SECOND_RESULT = np.array(
    [[31.0, 32.0, 33.0, 34.0], [36.0, 37.0, 38.0, 39.0], [41.0, 42.0, 43.0, 44.0], [46.0, 47.0, 48.0, 49.0]]
)
KERNEL = np.array([[0.25, 0.25], [0.25, 0.25]]).reshape(2, 2, 1, 1)
BIAS = np.array([3.0])


@check(
    points=2,
    en="gives the lecture's means plus 3 for a batch of two images",
    ko="이미지 두 장의 배치에서 강의의 평균 + 3을 재현한다",
)
def test_batch_of_two(submission: Submission) -> None:
    images = np.stack([FIRST, SECOND]).reshape(2, 5, 5, 1)
    expected = np.stack([FIRST_RESULT, SECOND_RESULT]).reshape(2, 4, 4, 1)
    assert_tensor(
        submission.convolve(images, KERNEL, BIAS),
        expected,
        window=convolution_window(images, KERNEL.shape[:2]),
    )


@check(
    points=1,
    en="gives the same means plus 3 for the second image in a batch of its own",
    ko="두 번째 이미지만 담은 배치에서도 같은 평균 + 3이 나온다",
)
def test_batch_of_one(submission: Submission) -> None:
    expected = SECOND_RESULT.reshape(1, 4, 4, 1)
    assert_tensor(
        submission.convolve(SECOND.reshape(1, 5, 5, 1), KERNEL, BIAS),
        expected,
        window=convolution_window(SECOND.reshape(1, 5, 5, 1), KERNEL.shape[:2]),
    )


@check(
    points=1,
    en="two images as small as the window give one number each",
    ko="윈도우만 한 이미지 두 장이면 값이 하나씩 나온다",
)
def test_first_windows(submission: Submission) -> None:
    images = np.array([[[0.0, 1.0], [5.0, 6.0]], [[25.0, 26.0], [30.0, 31.0]]]).reshape(2, 2, 2, 1)
    expected = np.array([6.0, 31.0]).reshape(2, 1, 1, 1)
    assert_tensor(
        submission.convolve(images, KERNEL, BIAS),
        expected,
        window=convolution_window(images, KERNEL.shape[:2]),
    )
