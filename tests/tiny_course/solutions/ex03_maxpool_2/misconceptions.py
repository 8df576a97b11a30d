"""Known wrong answers to ex03."""

import numpy as np
from numpy.typing import NDArray
from solution import max_pool as correct

from grader.misconceptions import misconception


@misconception(
    "zeros-added-at-the-edge",
    en="You made the odd sides even by adding zeros. Windows that are not whole are left out.",
    ko="홀수인 변에 0을 덧붙였습니다. 온전하지 않은 윈도우는 버립니다.",
)
def max_pool(x: NDArray[np.int64]) -> NDArray[np.int64]:
    return correct(np.pad(x, ((0, 0), (0, x.shape[1] % 2), (0, x.shape[2] % 2), (0, 0))))
