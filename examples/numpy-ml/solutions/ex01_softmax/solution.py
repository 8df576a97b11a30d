"""Softmax and cross-entropy."""

import numpy as np
from numpy.typing import NDArray

why = (
    "It divides numerator and denominator by the same factor, so the probabilities stay. "
    "The largest exponent is 0 then, and nothing overflows."
)


def softmax(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the probabilities that each row of scores stands for.

    scores  shape (N, C); floats of any size and sign
    return  the same shape; each row adds up to 1
    """
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(scores: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the mean of -log(probability of the right class).

    scores  shape (N, C); floats of any size and sign
    labels  shape (N,); the right class of each row, 0 to C - 1
    return  one number, finite for every input
    """
    shifted = scores - scores.max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-logarithms[np.arange(len(labels)), labels].mean())
