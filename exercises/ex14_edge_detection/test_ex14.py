"""Visible checks of Edge detection: the lecture's homework."""

import numpy as np

from grader import Submission, assert_tensor, check, convolution_window


@check(
    points=1,
    en="edge_kernel holds the homework's weights in the shape of a layer's kernel",
    ko="edge_kernel은 숙제의 가중치를 레이어의 커널 shape로 담고 있다",
)
def test_edge_kernel(submission: Submission) -> None:
    expected = np.array([[[[-1.0]], [[1.0]]], [[[-1.0]], [[1.0]]]])
    # Integers are as good as floats here, so the values are compared as numbers, not by type.
    assert_tensor(submission.edge_kernel(), expected)


@check(points=2, en="finds the edge of the homework's picture", ko="숙제의 그림에서 경계를 찾는다")
def test_homework(submission: Submission) -> None:
    picture = np.array(
        [
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
        ]
    )
    expected = np.array(
        [
            [0.0, 0.0, 2.0, 0.0, 0.0],
            [0.0, 0.0, 2.0, 0.0, 0.0],
            [0.0, 0.0, 2.0, 0.0, 0.0],
            [0.0, 0.0, 2.0, 0.0, 0.0],
            [0.0, 0.0, 2.0, 0.0, 0.0],
        ]
    )
    assert_tensor(submission.detect_edges(picture), expected, window=convolution_window(picture, (2, 2)))


@check(
    points=1,
    en="gives the opposite sign for the homework's picture in a mirror",
    ko="좌우를 뒤집은 숙제의 그림에서는 부호가 반대로 나온다",
)
def test_mirrored(submission: Submission) -> None:
    picture = np.array(
        [
            [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        ]
    )
    expected = np.array(
        [
            [0.0, 0.0, -2.0, 0.0, 0.0],
            [0.0, 0.0, -2.0, 0.0, 0.0],
            [0.0, 0.0, -2.0, 0.0, 0.0],
            [0.0, 0.0, -2.0, 0.0, 0.0],
            [0.0, 0.0, -2.0, 0.0, 0.0],
        ]
    )
    assert_tensor(submission.detect_edges(picture), expected, window=convolution_window(picture, (2, 2)))
