"""Visible checks of ex05: the lecture's 5x5 image with both kinds of padding."""

import numpy as np

from grader import Submission, assert_layer, assert_tensor, check, pooling_window

LECTURE_IMAGE = np.array(
    [
        [0, 1, 2, 3, 4],
        [5, 6, 7, 8, 9],
        [10, 11, 12, 13, 14],
        [15, 16, 17, 18, 19],
        [20, 21, 22, 23, 24],
    ]
).reshape(1, 5, 5, 1)
POOLED_VALID = np.array([[6, 8], [16, 18]]).reshape(1, 2, 2, 1)
POOLED_SAME = np.array([[6, 8, 9], [16, 18, 19], [21, 23, 24]]).reshape(1, 3, 3, 1)


@check(
    points=1,
    en='the lecture\'s 5x5 image with padding "valid" becomes [[6, 8], [16, 18]]',
    ko='강의의 5x5 이미지가 padding "valid"에서 [[6, 8], [16, 18]]이 된다',
)
def test_lecture_valid(submission: Submission) -> None:
    assert_tensor(
        submission.max_pool(LECTURE_IMAGE, (2, 2), "valid"),
        POOLED_VALID,
        window=pooling_window(LECTURE_IMAGE, (2, 2)),
    )


@check(
    points=2,
    en='the lecture\'s 5x5 image with padding "same" becomes [[6, 8, 9], [16, 18, 19], [21, 23, 24]]',
    ko='강의의 5x5 이미지가 padding "same"에서 [[6, 8, 9], [16, 18, 19], [21, 23, 24]]가 된다',
)
def test_lecture_same(submission: Submission) -> None:
    assert_tensor(
        submission.max_pool(LECTURE_IMAGE, (2, 2), "same"),
        POOLED_SAME,
        window=pooling_window(LECTURE_IMAGE, (2, 2), padding="same"),
    )


@check(
    points=1,
    en="pool_layer returns a MaxPool2D layer with the wanted windows and padding",
    ko="pool_layer는 요청한 윈도우 크기와 padding을 쓰는 MaxPool2D 레이어를 돌려준다",
)
def test_layer(submission: Submission) -> None:
    valid = submission.pool_layer((2, 2), "valid")
    assert_layer(valid, "MaxPooling2D", pool_size=(2, 2), strides=(2, 2), padding="valid")
    assert_tensor(valid(LECTURE_IMAGE), POOLED_VALID)
    same = submission.pool_layer((2, 2), "same")
    assert_layer(same, "MaxPooling2D", pool_size=(2, 2), strides=(2, 2), padding="same")
    assert_tensor(same(LECTURE_IMAGE), POOLED_SAME)
    wide = submission.pool_layer((2, 3), "same")
    assert_layer(wide, "MaxPooling2D", pool_size=(2, 3), strides=(2, 3), padding="same")
