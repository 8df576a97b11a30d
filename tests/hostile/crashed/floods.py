# expected: 1 point, submission.flood
"""Prints without end."""

from typing import Any


def row_sums(x: Any) -> Any:
    while True:
        print("x" * 4096)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
