# expected: 1 point, submission.left_out
"""Ends its process while the file is executed."""

import os
from typing import Any


def end(function: Any) -> Any:
    os._exit(0)


@end
def row_sums(x: Any) -> Any:
    return x


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
