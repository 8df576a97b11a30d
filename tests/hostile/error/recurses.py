# expected: 1 point, submission.raised
"""Never comes to an end, in depth."""

from typing import Any


def row_sums(x: Any) -> Any:
    return row_sums(x)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
