"""Known wrong answers to ex01."""

import numpy as np
from numpy.typing import NDArray

from grader.misconceptions import misconception


@misconception(
    "column-sums",
    en="You added up the columns. Axis 0 counts the rows, and a sum along it removes them.",
    ko="열을 더했습니다. 축 0은 행을 세므로, 그 축으로 더하면 행이 없어집니다.",
)
def row_sums(x: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array([sum(column) for column in x.T])


@misconception(
    "power",
    en="You raised the tensor to a power. Write a factor with *.",
    ko="거듭제곱을 했습니다. 곱하기는 *로 씁니다.",
)
def scale(x: NDArray[np.int64], factor: int = 2) -> NDArray[np.int64]:
    return np.asarray(x**factor)
