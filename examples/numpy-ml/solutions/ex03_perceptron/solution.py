"""A perceptron."""

import numpy as np
from numpy.typing import NDArray


class Perceptron:
    """A unit with weights and a bias, which answers 0 or 1."""

    def __init__(self, learning_rate: float = 0.1) -> None:
        """Remember how much is learned of one mistake."""
        self.learning_rate = learning_rate
        self.weights = None

    def fit(self, x: NDArray[np.floating], y: NDArray[np.integer], epochs: int = 10) -> "Perceptron":
        """Learn from all rows in their order, `epochs` times, beginning with zeros; return the perceptron.

        x       shape (N, D)
        y       shape (N,); each 0 or 1
        """
        self.weights, self.bias, self.mistakes = np.zeros(x.shape[1]), 0.0, []
        for _ in range(epochs):
            wrong = 0
            for row, label in zip(x, y, strict=True):
                error = label - int(self.bias + self.weights @ row > 0)
                self.bias += self.learning_rate * error
                self.weights += self.learning_rate * error * row
                wrong += abs(int(error))
            self.mistakes.append(wrong)
        return self

    def predict(self, x: NDArray[np.floating]) -> NDArray[np.integer]:
        """Return 0 or 1 for each row; raise RuntimeError before anything was learned.

        x       shape (N, D)
        return  shape (N,)
        """
        if self.weights is None:
            raise RuntimeError("fit comes first")
        return (self.bias + x @ self.weights > 0).astype(int)
