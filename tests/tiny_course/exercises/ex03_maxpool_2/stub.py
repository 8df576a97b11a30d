"""Max pooling 2."""

import numpy as np
from numpy.typing import NDArray


def max_pool(x: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the largest value of every whole 2x2 window; x has the shape (1, H, W, 1), any H and W."""
    raise NotImplementedError
