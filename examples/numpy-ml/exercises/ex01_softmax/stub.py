"""Softmax and cross-entropy."""

import numpy as np
from numpy.typing import NDArray

# Your answer to task 3.
why = ""


def softmax(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the probabilities that each row of scores stands for.

    scores  shape (N, C); floats of any size and sign
    return  the same shape; each row adds up to 1
    """
    raise NotImplementedError


def cross_entropy(scores: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the mean of -log(probability of the right class).

    scores  shape (N, C); floats of any size and sign
    labels  shape (N,); the right class of each row, 0 to C - 1
    return  one number, finite for every input
    """
    raise NotImplementedError
