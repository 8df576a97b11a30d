"""Visible checks of ex06: the lecture's batch of two images, a batch of one and a batch of three."""

import numpy as np

from grader import Submission, assert_tensor, check, pooling_window

FIRST_IMAGE = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]
SECOND_IMAGE = [[16, 17, 18, 19], [20, 21, 22, 23], [24, 25, 26, 27], [28, 29, 30, 31]]
FIRST_POOLED = [[5, 7], [13, 15]]
SECOND_POOLED = [[21, 23], [29, 31]]


@check(
    points=2,
    en="the lecture's two images become [[5, 7], [13, 15]] and [[21, 23], [29, 31]]",
    ko="강의의 두 이미지가 [[5, 7], [13, 15]]와 [[21, 23], [29, 31]]이 된다",
)
def test_lecture_batch(submission: Submission) -> None:
    images = np.array([FIRST_IMAGE, SECOND_IMAGE]).reshape(2, 4, 4, 1)
    pooled = np.array([FIRST_POOLED, SECOND_POOLED]).reshape(2, 2, 2, 1)
    assert_tensor(submission.max_pool(images), pooled, window=pooling_window(images, (2, 2)))


@check(
    points=1,
    en="a batch of one image still has four axes after pooling",
    ko="이미지가 하나뿐인 배치도 풀링한 뒤 네 축을 유지한다",
)
def test_batch_of_one(submission: Submission) -> None:
    image = np.array(SECOND_IMAGE).reshape(1, 4, 4, 1)
    assert_tensor(
        submission.max_pool(image),
        np.array(SECOND_POOLED).reshape(1, 2, 2, 1),
        window=pooling_window(image, (2, 2)),
    )


@check(
    points=1,
    en="three images of one window each give 4, 9 and 5, in this order",
    ko="윈도우가 하나씩인 세 이미지가 차례대로 4, 9, 5가 된다",
)
def test_batch_of_three(submission: Submission) -> None:
    images = np.array([[[4, 1], [0, 2]], [[1, 2], [9, 3]], [[0, 5], [2, 1]]]).reshape(3, 2, 2, 1)
    assert_tensor(
        submission.max_pool(images),
        np.array([4, 9, 5]).reshape(3, 1, 1, 1),
        window=pooling_window(images, (2, 2)),
    )
