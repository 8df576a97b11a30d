"""Softmax."""

import numpy as np
from numpy.typing import NDArray

why = """"""


def softmax(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the softmax of each row."""
    raise NotImplementedError
