"""Shapes of answers."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

LABELS = ("name", "value")

answer = None


class Perceptron:
    """A perceptron with a threshold at zero."""

    def __init__(self, learning_rate: float = 0.1) -> None:
        """Remember how much is learned of one mistake."""
        raise NotImplementedError

    def fit(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> "Perceptron":
        """Learn from the rows of `x`, whose labels are 0 or 1; return the perceptron itself."""
        raise NotImplementedError

    def predict(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return 0 or 1 for each row; before anything is learned raise RuntimeError."""
        raise NotImplementedError


def counter(step: int) -> Callable[[], int]:
    """Return a function that returns step, 2 * step, 3 * step, ..."""
    raise NotImplementedError


def naturals(start: int) -> Iterator[int]:
    """Go through start, start + 1, ... without an end."""
    raise NotImplementedError


def twice(function: Callable[[float], float], x: float) -> float:
    """Return function(function(x))."""
    raise NotImplementedError


def report(values: dict[str, int]) -> None:
    """Print "name: value" for each value, and write "name,value" for each into report.csv."""
    raise NotImplementedError


def normalise(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows without their mean; no loop in Python."""
    raise NotImplementedError
