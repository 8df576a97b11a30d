# expected: 1 point, submission.left_out
"""Never gets to one of its functions."""

from typing import Any


def wait(function: Any) -> Any:
    while True:
        pass


@wait
def row_sums(x: Any) -> Any:
    return x


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
