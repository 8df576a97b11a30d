"""Visible checks of ex02: the lecture's 4x4 image, and one whose maxima lie anywhere in their windows."""

import numpy as np

from grader import Submission, assert_layer, assert_tensor, check, pooling_window

LECTURE_IMAGE = np.array([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]).reshape(1, 4, 4, 1)
LECTURE_POOLED = np.array([[5, 7], [13, 15]]).reshape(1, 2, 2, 1)

MIXED_IMAGE = np.array([[5, 1, 2, 8], [3, 4, 6, 7], [7, 6, 1, 2], [9, 5, 3, 10]]).reshape(1, 4, 4, 1)
MIXED_POOLED = np.array([[5, 8], [9, 10]]).reshape(1, 2, 2, 1)


@check(
    points=2,
    en="the lecture's 4x4 image becomes [[5, 7], [13, 15]]",
    ko="강의의 4x4 이미지가 [[5, 7], [13, 15]]가 된다",
)
def test_lecture_image(submission: Submission) -> None:
    assert_tensor(
        submission.max_pool(LECTURE_IMAGE), LECTURE_POOLED, window=pooling_window(LECTURE_IMAGE, (2, 2))
    )


@check(
    points=1,
    en="the maximum is found wherever it lies in its window",
    ko="최댓값이 윈도우 안 어디에 있어도 찾아낸다",
)
def test_maximum_anywhere(submission: Submission) -> None:
    assert_tensor(submission.max_pool(MIXED_IMAGE), MIXED_POOLED, window=pooling_window(MIXED_IMAGE, (2, 2)))


@check(
    points=1,
    en="pool_layer returns a MaxPool2D layer with 2x2 windows that do not overlap",
    ko="pool_layer는 겹치지 않는 2x2 윈도우의 MaxPool2D 레이어를 돌려준다",
)
def test_layer(submission: Submission) -> None:
    layer = submission.pool_layer()
    assert_layer(layer, "MaxPooling2D", pool_size=(2, 2), strides=(2, 2), padding="valid")
    assert_tensor(layer(LECTURE_IMAGE), LECTURE_POOLED)
