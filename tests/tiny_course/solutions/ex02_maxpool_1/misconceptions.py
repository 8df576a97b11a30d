"""Known wrong answers to ex02, each with what it looks like and how to see it oneself."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

import numpy as np
from numpy.typing import NDArray

from grader.misconceptions import misconception

Tensor = NDArray[np.int64]


@misconception(
    "mean-instead-of-max",
    en="The values of each window are averaged. Max pooling keeps the largest.",
    ko="윈도우의 값을 평균 냈습니다. 최대 풀링은 가장 큰 값을 남깁니다.",
)
def max_pool(x: Tensor) -> NDArray[np.float64]:
    return np.asarray(x.reshape(1, 2, 2, 2, 2, 1).mean(axis=(2, 4)))


@misconception(
    "lower-right-corner",
    en="You took one corner of each window. It is the largest value in the example only.",
    ko="윈도우의 한 모서리를 골랐습니다. 예시에서만 그 값이 가장 큽니다.",
)
def max_pool(x: Tensor) -> Tensor:
    return x[:, 1::2, 1::2]
