# expected: 1 point, submission.memory
"""Takes more memory than it may, and holds it."""

from typing import Any

import numpy as np


def row_sums(x: Any) -> Any:
    hoard = []
    while True:
        hoard.append(np.ones(1 << 20))


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
