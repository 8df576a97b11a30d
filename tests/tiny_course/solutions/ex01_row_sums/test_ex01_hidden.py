"""Hidden checks of ex01: random tables, and what is not a table."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, assert_unchanged, check, raises


@check(points=2, en="works on a table of any size", ko="어떤 크기의 표에서도 동작한다")
def test_random(submission: Submission, reference: Reference, rng: Rng) -> None:
    table = rng.integers(-9, 9, size=(3, 5))
    assert_tensor(submission.row_sums(table), reference.row_sums(table))
    assert_unchanged(submission)


@check(points=1, en="works on a table of one column", ko="열이 하나인 표에서도 동작한다", after="test_random")
def test_one_column(submission: Submission, reference: Reference) -> None:
    table = np.array([[4], [5]])
    assert_tensor(submission.row_sums(table), reference.row_sums(table))


@check(points=1, en="refuses what is no table with ValueError", ko="표가 아니면 ValueError를 낸다")
def test_no_table(submission: Submission) -> None:
    with raises(submission, "ValueError"):
        submission.row_sums(np.array([1, 2]))
