"""Visible checks of ex03: the lecture's 6x6 image, and its 5x5 image, of which an edge is left over."""

import numpy as np

from grader import Submission, assert_layer, assert_tensor, check, pooling_window

LECTURE_IMAGE = np.array(
    [
        [0, 1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10, 11],
        [12, 13, 14, 15, 16, 17],
        [18, 19, 20, 21, 22, 23],
        [24, 25, 26, 27, 28, 29],
        [30, 31, 32, 33, 34, 35],
    ]
).reshape(1, 6, 6, 1)
LECTURE_POOLED = np.array([[7, 9, 11], [19, 21, 23], [31, 33, 35]]).reshape(1, 3, 3, 1)

ODD_IMAGE = np.array(
    [
        [0, 1, 2, 3, 4],
        [5, 6, 7, 8, 9],
        [10, 11, 12, 13, 14],
        [15, 16, 17, 18, 19],
        [20, 21, 22, 23, 24],
    ]
).reshape(1, 5, 5, 1)
ODD_POOLED = np.array([[6, 8], [16, 18]]).reshape(1, 2, 2, 1)


@check(
    points=2,
    en="the lecture's 6x6 image becomes [[7, 9, 11], [19, 21, 23], [31, 33, 35]]",
    ko="강의의 6x6 이미지가 [[7, 9, 11], [19, 21, 23], [31, 33, 35]]가 된다",
)
def test_lecture_image(submission: Submission) -> None:
    assert_tensor(
        submission.max_pool(LECTURE_IMAGE), LECTURE_POOLED, window=pooling_window(LECTURE_IMAGE, (2, 2))
    )


@check(
    points=1,
    en="the lecture's 5x5 image becomes [[6, 8], [16, 18]]: the last row and column are left out",
    ko="강의의 5x5 이미지가 [[6, 8], [16, 18]]이 된다: 마지막 행과 열은 버려진다",
)
def test_odd_image(submission: Submission) -> None:
    assert_tensor(submission.max_pool(ODD_IMAGE), ODD_POOLED, window=pooling_window(ODD_IMAGE, (2, 2)))


@check(
    points=1,
    en="pool_layer returns a 2x2 MaxPool2D layer that gives both of the lecture's tables",
    ko="pool_layer는 강의의 두 표를 그대로 만드는 2x2 MaxPool2D 레이어를 돌려준다",
)
def test_layer(submission: Submission) -> None:
    layer = submission.pool_layer()
    assert_layer(layer, "MaxPooling2D", pool_size=(2, 2), strides=(2, 2), padding="valid")
    assert_tensor(layer(LECTURE_IMAGE), LECTURE_POOLED)
    assert_tensor(layer(ODD_IMAGE), ODD_POOLED)
