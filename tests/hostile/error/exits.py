# expected: 0 points, submission.raised
"""Exits as if all were well, where the file is executed and in a call."""

import sys
from typing import Any


def row_sums(x: Any) -> Any:
    sys.exit(0)


def scale(x: Any, factor: int = 2) -> Any:
    raise KeyboardInterrupt


sys.exit(0)
