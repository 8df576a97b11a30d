"""A perceptron."""

import numpy as np
from numpy.typing import NDArray


class Perceptron:
    """A unit with weights and a bias, which answers 0 or 1."""

    def __init__(self, learning_rate: float = 0.1) -> None:
        """Remember how much is learned of one mistake."""
        raise NotImplementedError

    def fit(self, x: NDArray[np.floating], y: NDArray[np.integer], epochs: int = 10) -> "Perceptron":
        """Learn from all rows in their order, `epochs` times, beginning with zeros; return the perceptron.

        x       shape (N, D)
        y       shape (N,); each 0 or 1
        """
        raise NotImplementedError

    def predict(self, x: NDArray[np.floating]) -> NDArray[np.integer]:
        """Return 0 or 1 for each row; raise RuntimeError before anything was learned.

        x       shape (N, D)
        return  shape (N,)
        """
        raise NotImplementedError
