"""Known wrong answers of Convolution 2."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import convolve as correct

from grader.misconceptions import misconception

Array = NDArray[Any]


@misconception(
    "kernel-flipped",
    en="The kernel seems to be turned by 180° before the multiplication, as in the convolution of a "
    "mathematics book. Try a kernel that is 0 but for its top left weight: which pixel of each window comes "
    "out?",
    ko="수학 교재의 합성곱처럼 커널을 180° 돌린 다음 곱한 것 같습니다. "
    "왼쪽 위 가중치만 1이고 나머지는 0인 커널을 넣어 보세요. 각 윈도우의 어느 픽셀이 나오나요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel[::-1, ::-1], bias)


@misconception(
    "height-and-width-exchanged",
    en="Height and width of the kernel seem to be exchanged. A square kernel hides that in part: "
    "try one of shape (1, 3, 1, 1) and compare the shape of the result with H - KH + 1 and W - KW + 1.",
    ko="커널의 높이와 너비가 서로 바뀐 것 같습니다. 정사각형 커널로는 잘 드러나지 않습니다. "
    "shape가 (1, 3, 1, 1)인 커널을 넣고 결과의 shape를 H - KH + 1, W - KW + 1과 비교해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel.transpose(1, 0, 2, 3), bias)


@misconception(
    "only-four-weights",
    en="Only the top left 2x2 part of the kernel seems to be used, as in the previous exercise. "
    "Change the last weight of a 3x3 kernel: does the result change?",
    ko="앞 과제처럼 커널의 왼쪽 위 2x2 부분만 쓰인 것 같습니다. 3x3 커널의 마지막 가중치를 바꿔 보세요. "
    "결과가 달라지나요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel[:2, :2], bias)


@misconception(
    "last-window-missing",
    en="The last row and the last column of the result are missing: the window stops one step too early. "
    "Where does the last window of height 3 begin in an image of height 3? `range` leaves its end out.",
    ko="결과의 마지막 행과 마지막 열이 없습니다. 윈도우가 한 칸 먼저 멈춘 것입니다. "
    "높이 3인 이미지에서 높이 3인 마지막 윈도우는 어디에서 시작하나요? `range`는 끝값을 포함하지 않습니다.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias)[:, :-1, :-1]


@misconception(
    "window-steps-of-its-size",
    en="The window seems to jump by its own size, as it does in max pooling. "
    "Neighbouring windows of a convolution overlap: compare the shape of your result with the contract.",
    ko="최대 풀링처럼 윈도우가 자기 크기만큼 건너뛰는 것 같습니다. "
    "합성곱에서는 이웃한 윈도우가 서로 겹칩니다. 결과의 shape를 규칙과 비교해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias)[:, :: kernel.shape[0], :: kernel.shape[1]]


@misconception(
    "same-size",
    en="The result is as large as the image: zeros seem to be added around it. "
    "Here the window stays inside the image, so the result is smaller, except for a 1x1 kernel.",
    ko="결과가 이미지와 크기가 같습니다. 이미지 둘레에 0을 덧붙인 것 같습니다. "
    "여기서 윈도우는 이미지 안에만 놓이므로, 1x1 커널이 아니라면 결과가 더 작아집니다.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    rows, columns = kernel.shape[0] - 1, kernel.shape[1] - 1
    margins = ((0, 0), (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2), (0, 0))
    return correct(np.pad(x, margins), kernel, bias)


@misconception(
    "bias-for-each-product",
    en="The bias seems to enter each sum once for every weight of the kernel. "
    "With an image of zeros the result should be the bias itself: is it?",
    ko="bias가 커널의 가중치 개수만큼 여러 번 더해진 것 같습니다. "
    "이미지가 전부 0이면 결과는 bias 그 자체여야 합니다. 정말 그런가요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, kernel.size * bias)


@misconception(
    "bias-forgotten",
    en="The weighted sums are right, but the bias has no effect. Change only the bias and look at what "
    "happens to the result.",
    ko="가중합은 맞지만 bias가 결과에 반영되지 않습니다. bias만 바꿔 보면서 결과가 어떻게 달라지는지 "
    "살펴보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, np.zeros(1))


@misconception(
    "mean-of-the-products",
    en="The products of a window seem to be averaged instead of added up, so the result shrinks as the "
    "kernel grows. What should a kernel of ones give on an image of ones?",
    ko="윈도우의 곱들을 더하지 않고 평균 낸 것 같습니다. 그래서 커널이 커질수록 결과가 작아집니다. "
    "모두 1인 이미지와 모두 1인 커널이면 어떤 값이 나와야 할까요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel / kernel.size, bias)


@misconception(
    "cut-to-integers",
    en="With an image of integers the fractions of the result are gone. "
    "Probably the array for the result took over the type of the image: print its dtype.",
    ko="정수 이미지를 넣으면 결과의 소수 부분이 사라집니다. "
    "결과를 담을 배열이 이미지의 자료형을 그대로 물려받은 것 같습니다. dtype을 출력해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias).astype(x.dtype)
