"""Hidden checks of Edge detection."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check


@check(
    points=1,
    en="works on pictures that are not square, with all kinds of numbers",
    ko="정사각형이 아닌 그림, 여러 가지 값의 픽셀에서도 동작한다",
)
def test_any_picture(submission: Submission, reference: Reference, rng: Rng) -> None:
    # Small fractions and large numbers too, which another dtype would lose.
    for shape, scale in (((3, 7), 1 / 4), ((6, 2), 1 / 4), ((3, 5), 1 / 64), ((4, 3), 101.0)):
        picture = scale * rng.integers(-99, 100, size=shape)
        assert_tensor(submission.detect_edges(picture), reference.detect_edges(picture))


@check(
    points=1,
    en="sees edges from left to right and is blind to edges from top to bottom",
    ko="왼쪽에서 오른쪽으로 바뀌는 경계는 보고, 위에서 아래로 바뀌는 경계는 보지 않는다",
)
def test_directions(submission: Submission, reference: Reference) -> None:
    picture = np.zeros((6, 6))
    picture[3:] += 5
    picture[:, 2:] += 1
    assert_tensor(submission.detect_edges(picture), reference.detect_edges(picture))


@check(
    points=1,
    en="the same picture with more light everywhere has the same edges",
    ko="그림 전체가 같은 만큼 밝아져도 경계는 그대로이다",
)
def test_brightness(submission: Submission, reference: Reference, rng: Rng) -> None:
    picture = rng.integers(0, 10, size=(4, 5)).astype(np.float64)
    assert_tensor(submission.detect_edges(picture + 50), reference.detect_edges(picture))


@check(
    points=1,
    en="twice the contrast gives twice the result, and a negative gives the opposite sign",
    ko="대비가 두 배이면 결과도 두 배이고, 명암을 뒤집으면 부호가 반대이다",
)
def test_contrast(submission: Submission, reference: Reference, rng: Rng) -> None:
    picture = rng.integers(0, 10, size=(5, 4)).astype(np.float64)
    expected = reference.detect_edges(picture)
    assert_tensor(submission.detect_edges(2 * picture), 2 * expected)
    assert_tensor(submission.detect_edges(-picture), -expected)


@check(
    points=1,
    en="works on uint8 pixels from 0 to 255, where bright can be followed by dark",
    ko="0부터 255까지의 uint8 픽셀에서, 밝은 쪽 다음에 어두운 쪽이 와도 동작한다",
)
def test_uint8(submission: Submission, reference: Reference, rng: Rng) -> None:
    picture = rng.integers(0, 256, size=(5, 5)).astype(np.uint8)
    assert_tensor(submission.detect_edges(picture), reference.detect_edges(picture))
    # Integers of every size, in which the differences of some pixels are no more.
    for dtype in ("int8", "uint16", "int16", "int32"):
        limits = np.iinfo(dtype)
        picture = rng.integers(limits.min, limits.max, size=(4, 5), dtype=dtype, endpoint=True)
        assert_tensor(submission.detect_edges(picture), reference.detect_edges(picture))


@check(
    points=1,
    en="a picture as small as the window gives one number, and the picture is unchanged",
    ko="윈도우만 한 그림에서는 값이 하나 나오고 그림은 바뀌지 않는다",
)
def test_smallest(submission: Submission, reference: Reference) -> None:
    smallest = (np.array([[1.0, 8.0], [2.0, 3.0]]), np.array([[0.0, 1.0], [1.0, 7.5]]))
    for picture in smallest:
        assert_tensor(submission.detect_edges(picture), reference.detect_edges(picture))
        assert_unchanged(submission)
    # Nor is a larger one, or one of integers.
    for picture in (np.array([[9, 4, 1], [0, 5, 255]], np.uint8), np.eye(3), np.eye(4, dtype=int)):
        submission.detect_edges(picture)
        assert_unchanged(submission)
