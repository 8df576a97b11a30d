"""Hidden checks of ex04, one of which breaks where a list is returned."""

import numpy as np
import pytest

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check, convolution_window, raises


@check(points=1, en="works on negative numbers", ko="음수에서도 동작한다")
def test_negative(submission: Submission, reference: Reference, rng: Rng) -> None:
    table = rng.normal(size=(3, 4)) - 5
    result = submission.affine(table, -1.5)
    if isinstance(result, list):
        raise RuntimeError("nobody thought of lists")
    assert_tensor(result, reference.affine(table, -1.5))
    assert_unchanged(submission)


@pytest.mark.parametrize("size", [4])
@check(points=1, en="pools images that are not square", ko="정사각형이 아닌 이미지도 풀링한다")
def test_other_sizes(submission: Submission, reference: Reference, rng: Rng, size: int) -> None:
    image = rng.normal(size=(1, 2 * size, 6, 1))
    window = convolution_window(image, (2, 2), strides=(2, 2))
    assert_tensor(submission.pooled(image), reference.pooled(image), window=window)


@check(points=1, en="one table only", ko="표가 하나일 때", after="test_negative")
def test_one(submission: Submission, reference: Reference) -> None:
    assert_tensor(submission.affine([[1.0]]), reference.affine([[1.0]]))


@check(points=1, en="refuses text with TypeError", ko="문자열에는 TypeError를 낸다")
def test_text(submission: Submission) -> None:
    with raises(submission, "TypeError"):
        submission.affine("1 2")
