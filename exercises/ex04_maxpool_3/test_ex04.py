"""Visible checks of ex04: the lecture's 6x6 image with square windows, and with windows wider than high."""

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
POOLED_3_BY_3 = np.array([[14, 17], [32, 35]]).reshape(1, 2, 2, 1)
POOLED_2_BY_3 = np.array([[8, 11], [20, 23], [32, 35]]).reshape(1, 3, 2, 1)


@check(
    points=2,
    en="the lecture's 6x6 image with windows of (3, 3) becomes [[14, 17], [32, 35]]",
    ko="강의의 6x6 이미지가 (3, 3) 윈도우에서 [[14, 17], [32, 35]]가 된다",
)
def test_lecture_image(submission: Submission) -> None:
    assert_tensor(
        submission.max_pool(LECTURE_IMAGE, (3, 3)),
        POOLED_3_BY_3,
        window=pooling_window(LECTURE_IMAGE, (3, 3)),
    )


@check(
    points=1,
    en="the same image with windows of (2, 3) becomes [[8, 11], [20, 23], [32, 35]]",
    ko="같은 이미지가 (2, 3) 윈도우에서 [[8, 11], [20, 23], [32, 35]]가 된다",
)
def test_wide_window(submission: Submission) -> None:
    assert_tensor(
        submission.max_pool(LECTURE_IMAGE, (2, 3)),
        POOLED_2_BY_3,
        window=pooling_window(LECTURE_IMAGE, (2, 3)),
    )


@check(
    points=1,
    en="pool_layer returns a MaxPool2D layer with the wanted windows, which do not overlap",
    ko="pool_layer는 요청한 크기의 겹치지 않는 윈도우를 쓰는 MaxPool2D 레이어를 돌려준다",
)
def test_layer(submission: Submission) -> None:
    layer = submission.pool_layer((3, 3))
    assert_layer(layer, "MaxPooling2D", pool_size=(3, 3), strides=(3, 3), padding="valid")
    assert_tensor(layer(LECTURE_IMAGE), POOLED_3_BY_3)
    wide = submission.pool_layer((2, 3))
    assert_layer(wide, "MaxPooling2D", pool_size=(2, 3), strides=(2, 3), padding="valid")
    assert_tensor(wide(LECTURE_IMAGE), POOLED_2_BY_3)
