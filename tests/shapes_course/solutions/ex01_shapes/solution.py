"""Shapes of answers."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

LABELS = ("name", "value")

answer = 4


class Perceptron:
    """A perceptron with a threshold at zero."""

    def __init__(self, learning_rate: float = 0.1) -> None:
        """Remember how much is learned of one mistake."""
        self.learning_rate = learning_rate
        self.weights = np.zeros(0)

    def fit(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> "Perceptron":
        """Learn from the rows of `x`, whose labels are 0 or 1; return the perceptron itself."""
        self.weights = np.zeros(x.shape[1] + 1)
        for _ in range(20):
            for row, label in zip(x, y, strict=True):
                error = label - (self.weights[0] + row @ self.weights[1:] > 0)
                self.weights[0] += self.learning_rate * error
                self.weights[1:] += self.learning_rate * error * row
        return self

    def predict(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return 0 or 1 for each row; before anything is learned raise RuntimeError."""
        if not self.weights.size:
            raise RuntimeError("nothing was learned yet")
        return np.where(self.weights[0] + x @ self.weights[1:] > 0, 1.0, 0.0)


def counter(step: int) -> Callable[[], int]:
    """Return a function that returns step, 2 * step, 3 * step, ..."""
    count = 0

    def count_on() -> int:
        nonlocal count
        count += step
        return count

    return count_on


def naturals(start: int) -> Iterator[int]:
    """Go through start, start + 1, ... without an end."""
    while True:
        yield start
        start += 1


def twice(function: Callable[[float], float], x: float) -> float:
    """Return function(function(x))."""
    return function(function(x))


def report(values: dict[str, int]) -> None:
    """Print "name: value" for each value, and write "name,value" for each into report.csv."""
    with open("report.csv", "w", encoding="utf-8") as file:
        for name, value in values.items():
            print(f"{name}: {value}")
            file.write(f"{name},{value}\n")


def normalise(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows without their mean; no loop in Python."""
    return x - x.mean(axis=1, keepdims=True)
