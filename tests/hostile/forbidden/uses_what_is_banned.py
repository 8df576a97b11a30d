# expected: 1 point, submission.forbidden
"""Uses a sum that is there already, under another name."""

from typing import Any

from numpy import sum as add_up


def helper(x: Any) -> Any:
    return add_up(x, axis=1)


def row_sums(x: Any) -> Any:
    return helper(x)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
