# expected: 1 point, submission.raised
"""Writes a file that is larger than it may."""

from typing import Any


def row_sums(x: Any) -> Any:
    with open("large", "wb") as file:
        file.write(bytes(8 << 20))
    return x


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
