"""Known wrong answers to ex01."""

# mypy: disable-error-code="no-redef"

import numpy as np
from numpy.typing import NDArray

from grader.misconceptions import misconception

Tensor = NDArray[np.float64]


@misconception("all-together", en="You divide by the sum of all values. Each row has a sum of its own.")
def softmax(x: Tensor) -> Tensor:
    powers = np.exp(x - x.max())
    return np.asarray(powers / powers.sum())


@misconception("by-column", en="You divide by the sum of each column. Each row has a sum of its own.")
def softmax(x: Tensor) -> Tensor:
    powers = np.exp(x - x.max())
    return np.asarray(powers / powers.sum(axis=0))


@misconception("no-shift", en="exp of a large value overflows. Subtract the largest value of the row first.")
def softmax(x: Tensor) -> Tensor:
    powers = np.exp(x)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
