# expected: 1 point, submission.no_function_but
"""The functions have other names."""

from typing import Any


def rowsums(x: Any) -> Any:
    return x


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
