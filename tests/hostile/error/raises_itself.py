# expected: 1 point, submission.raised
"""Raises an exception that cannot be shown, and claims a name that it has not."""

from typing import Any


class ValueErrors(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


def row_sums(x: Any) -> Any:
    raise ValueErrors


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
