"""Visible checks of ex07: the lecture's image of three channels, one window of two channels, one channel."""

import numpy as np

from grader import Submission, assert_tensor, check, pooling_window

# Pixel (0, 0) of the lecture's image holds 0, 1, 2 in its three channels, pixel (0, 1) holds 3, 4, 5, ...
LECTURE_CHANNELS = [
    [[0, 3, 6, 9], [12, 15, 18, 21], [24, 27, 30, 33], [36, 39, 42, 45]],
    [[1, 4, 7, 10], [13, 16, 19, 22], [25, 28, 31, 34], [37, 40, 43, 46]],
    [[2, 5, 8, 11], [14, 17, 20, 23], [26, 29, 32, 35], [38, 41, 44, 47]],
]
POOLED_CHANNELS = [
    [[15, 21], [39, 45]],
    [[16, 22], [40, 46]],
    [[17, 23], [41, 47]],
]


@check(
    points=2,
    en="the lecture's image with three channels becomes [[15, 21], [39, 45]] in its first channel, and so on",
    ko="채널이 3개인 강의의 이미지가 첫 채널에서 [[15, 21], [39, 45]]가 되고, 다른 채널도 마찬가지이다",
)
def test_lecture_image(submission: Submission) -> None:
    image = np.stack(LECTURE_CHANNELS, axis=-1).reshape(1, 4, 4, 3)
    pooled = np.stack(POOLED_CHANNELS, axis=-1).reshape(1, 2, 2, 3)
    assert_tensor(submission.max_pool(image), pooled, window=pooling_window(image, (2, 2)))


@check(
    points=1,
    en="one window whose two channels have their maxima in different pixels gives 9 and 8",
    ko="두 채널의 최댓값이 서로 다른 픽셀에 있는 윈도우 하나가 9와 8이 된다",
)
def test_maxima_in_different_pixels(submission: Submission) -> None:
    image = np.array([[[9, 1], [2, 3]], [[4, 8], [5, 6]]]).reshape(1, 2, 2, 2)
    assert_tensor(
        submission.max_pool(image), np.array([9, 8]).reshape(1, 1, 1, 2), window=pooling_window(image, (2, 2))
    )


@check(
    points=1,
    en="the lecture's batch of two images with one channel still works",
    ko="채널이 하나인 강의의 두 이미지 배치도 여전히 동작한다",
)
def test_one_channel(submission: Submission) -> None:
    images = np.array(
        [
            [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]],
            [[16, 17, 18, 19], [20, 21, 22, 23], [24, 25, 26, 27], [28, 29, 30, 31]],
        ]
    ).reshape(2, 4, 4, 1)
    pooled = np.array([[[5, 7], [13, 15]], [[21, 23], [29, 31]]]).reshape(2, 2, 2, 1)
    assert_tensor(submission.max_pool(images), pooled, window=pooling_window(images, (2, 2)))
