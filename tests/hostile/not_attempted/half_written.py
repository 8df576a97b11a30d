# expected: 1 point, submission.not_attempted
"""One function is written, the other is still the stub's."""

from typing import Any


def row_sums(x: Any) -> Any:
    raise NotImplementedError("later")


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
