"""A step of k-means."""

import numpy as np
from numpy.typing import NDArray


def assign(points: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.integer]:
    """Return for each point the number of its nearest centre; of equally near ones the first.

    points   shape (N, D)
    centres  shape (K, D)
    return   shape (N,); integers from 0 to K - 1
    """
    raise NotImplementedError


def move(points: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the centres after one step; one without points stays where it is.

    points   shape (N, D)
    centres  shape (K, D)
    return   shape (K, D)
    """
    raise NotImplementedError
