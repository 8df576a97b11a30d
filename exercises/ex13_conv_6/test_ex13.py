"""Visible checks of Convolution 6: the lecture's tables."""

import numpy as np

from grader import Submission, assert_tensor, check, convolution_window

IMAGE = np.array([[[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]], [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]]])
KERNEL = np.array(
    [
        [
            [
                [-0.06956434, -0.12789628, -0.10784459, -0.32920673],
                [-0.30761963, 0.06209785, -0.07421023, 0.3941219],
                [0.16699678, -0.38913035, -0.13020593, -0.29443866],
            ],
            [
                [0.28664726, -0.0697116, 0.09893084, -0.4221446],
                [-0.23161241, -0.16410837, -0.36420006, 0.12424195],
                [-0.14245945, 0.36286396, -0.10751781, 0.1733647],
            ],
        ],
        [
            [
                [0.02764335, 0.15547717, -0.42024496, -0.31893867],
                [0.22414821, 0.3619454, -0.00282967, -0.3503708],
                [0.4610079, -0.17417148, 0.00401336, -0.29777044],
            ],
            [
                [-0.1620284, -0.42066965, -0.01578814, -0.4240524],
                [0.37925082, 0.24236053, 0.3949356, -0.20996472],
                [-0.30264795, -0.28889188, -0.3237777, 0.37506342],
            ],
        ],
    ]
)


@check(
    points=1,
    en="gives the lecture's numbers for four filters on an image of ones",
    ko="모두 1인 이미지와 필터 네 개로 강의의 값을 재현한다",
)
def test_four_filters(submission: Submission) -> None:
    expected = np.array([0.3297621, -0.4498347, -1.0487393, -1.580095]).reshape(1, 1, 1, 4)
    assert_tensor(
        submission.convolve(IMAGE, KERNEL, np.array([0.0, 0.0, 0.0, 0.0])),
        expected,
        window=convolution_window(IMAGE, KERNEL.shape[:2]),
    )


@check(
    points=1,
    en="each filter alone gives the sum of its weights, as in the lecture",
    ko="강의에서처럼 필터를 하나씩만 써도 그 가중치의 합이 나온다",
)
def test_single_filters(submission: Submission) -> None:
    bias = np.array([0.0])
    first, second = np.array([[[[0.32976213]]]]), np.array([[[[-0.44983464]]]])
    third, fourth = np.array([[[[-1.0487392]]]]), np.array([[[[-1.5800952]]]])
    assert_tensor(
        submission.convolve(IMAGE, KERNEL[:, :, :, 0:1], bias),
        first,
        window=convolution_window(IMAGE, KERNEL.shape[:2]),
    )
    assert_tensor(
        submission.convolve(IMAGE, KERNEL[:, :, :, 1:2], bias),
        second,
        window=convolution_window(IMAGE, KERNEL.shape[:2]),
    )
    assert_tensor(
        submission.convolve(IMAGE, KERNEL[:, :, :, 2:3], bias),
        third,
        window=convolution_window(IMAGE, KERNEL.shape[:2]),
    )
    assert_tensor(
        submission.convolve(IMAGE, KERNEL[:, :, :, 3:4], bias),
        fourth,
        window=convolution_window(IMAGE, KERNEL.shape[:2]),
    )


@check(
    points=2,
    en="channel_maps gives the red, green and blue parts of the first filter, which add up to the lecture's "
    "0.3297621",
    ko="channel_maps가 첫 번째 필터의 빨강, 초록, 파랑 몫을 내고, 그 합은 강의의 0.3297621이다",
)
def test_channel_maps(submission: Submission) -> None:
    maps = submission.channel_maps(IMAGE, KERNEL, 0)
    # The sums of the lecture's w_red, w_green and w_blue.
    assert_tensor(maps, np.array([0.08269787, 0.06416699, 0.18289728]).reshape(3, 1, 1))
    assert_tensor(np.sum(maps, axis=0), np.array([[0.32976213097572327]]))
