"""Visible checks of ex01: the statement's examples, which share a point."""

import numpy as np
import pytest

from grader import Submission, assert_tensor, check

ROWS = {"zeros": [[0.0, 0.0]], "ones": [[1.0, 1.0]], "column": [[3.0], [4.0]]}
EXPECTED = {"zeros": [[0.5, 0.5]], "ones": [[0.5, 0.5]], "column": [[1.0], [1.0]]}


@check(points=1, en="equal values share equally")
@pytest.mark.parametrize("name", ["zeros", "ones", "column"])
def test_equal(submission: Submission, name: str) -> None:
    assert_tensor(submission.softmax(np.array(ROWS[name])), np.array(EXPECTED[name]))


@check(points=1, after="test_equal", en="larger values get more")
def test_order(submission: Submission) -> None:
    row = submission.softmax(np.array([[0.0, 1.0]]))
    assert_tensor(row, np.array([[0.26894142, 0.73105858]]))
