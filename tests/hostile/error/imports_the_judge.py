# expected: 1 point, submission.raised
"""Reaches for the trusted side of this very program."""

from typing import Any

from grader.checks import assert_tensor


def row_sums(x: Any) -> Any:
    return assert_tensor


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
