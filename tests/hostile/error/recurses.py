# expected: 1 point, submission.recursion
"""Never comes to an end, in depth."""

from typing import Any


def row_sums(x: Any) -> Any:
    return row_sums(x)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
