# expected: 1 point, submission.signal
"""Reads where there is no memory."""

import ctypes
from typing import Any


def row_sums(x: Any) -> Any:
    return ctypes.string_at(0)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
