# expected: 1 point, submission.timeout
"""Never returns."""

from typing import Any


def row_sums(x: Any) -> Any:
    while True:
        pass


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
