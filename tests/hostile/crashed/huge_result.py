# expected: 2 points, submission.bad_answer
"""Returns a tensor that is larger than a result may be."""

from typing import Any

import numpy as np


def row_sums(x: Any) -> Any:
    if x.ndim != 2:
        raise ValueError("no table")
    return np.zeros(1 << 18)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
