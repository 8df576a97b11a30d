"""Known wrong answers to ex04."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import affine as correct

from grader.misconceptions import misconception


@misconception(
    "offset-first",
    en="You added before you multiplied. The offset comes last.",
    ko="곱하기 전에 더했습니다. 더하기는 마지막입니다.",
)
def affine(x: Any, factor: float = 2.0, offset: float = 0.0) -> NDArray[np.float64]:
    return correct(correct(x, 1.0, offset), factor)


@misconception(
    "offset-times-factor",
    en="The offset was multiplied too. Only the table is.",
    ko="더할 수에도 곱했습니다. 표에만 곱합니다.",
    same_as="offset-first",
)
def affine(x: Any, factor: float = 2.0, offset: float = 0.0) -> NDArray[np.float64]:
    return correct(x, factor, offset * factor)


@misconception(
    "smallest",
    en="You took the smallest values, and the opposite sign.",
    ko="가장 작은 값을 골랐고 부호도 반대입니다.",
)
def affine(x: Any, factor: float = 2.0, offset: float = 0.0) -> NDArray[np.float64]:
    return -correct(x, factor, offset)


@misconception("smallest")
def pooled(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(x.reshape(1, x.shape[1] // 2, 2, x.shape[2] // 2, 2, 1).min(axis=(2, 4)))
