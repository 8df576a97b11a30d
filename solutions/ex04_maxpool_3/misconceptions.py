"""Known wrong answers to ex04, each with what it looks like and how to see it oneself."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from solution import max_pool as correct

from grader.misconceptions import misconception

Tensor = NDArray[Any]
Pair = tuple[int, int]


def slide(x: Tensor, window: Pair, step: Pair, count: Pair) -> Tensor:
    """Return the maxima of count windows that start at multiples of step."""
    result = np.empty((1, *count, 1), x.dtype)
    for i in range(count[0]):
        for j in range(count[1]):
            top, left = i * step[0], j * step[1]
            result[0, i, j, 0] = x[0, top : top + window[0], left : left + window[1], 0].max()
    return result


@misconception(
    "height-and-width-swapped",
    en=(
        "Your result equals what you get when pool_size is read as (width, height). As everywhere in Keras the height comes first, as in the "
        "shape of the image; square windows hide the difference, (2, 3) shows it."
    ),
    ko=(
        "pool_size를 (너비, 높이)로 읽었을 때와 결과가 같습니다. Keras에서는 이미지의 shape와 마찬가지로 높이가 먼저입니다. "
        "정사각형 윈도우로는 차이가 보이지 않으니 (2, 3)으로 시험해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return correct(x, (pool_size[1], pool_size[0]))


@misconception(
    "pool-size-ignored",
    en="Your windows are 2x2 whatever pool_size says. Look for a 2 that is left over from the last exercise.",
    ko="pool_size가 무엇이든 2x2 윈도우를 씁니다. 지난 문제에서 남아 있는 숫자 2를 찾아보세요.",
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return correct(x, (2, 2))


@misconception(
    "window-taken-as-square",
    en=(
        "Only the first number of pool_size is used, for the height and for the width. Every window came out "
        "square: compare (2, 3) with (2, 2)."
    ),
    ko=(
        "pool_size의 첫 번째 수만 높이와 너비에 모두 썼습니다. 그래서 윈도우가 항상 정사각형입니다. (2, 3)과 "
        "(2, 2)의 결과를 비교해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return correct(x, (pool_size[0], pool_size[0]))


@misconception(
    "window-still-moves-by-two",
    en=(
        "The window has its new size but still moves by two pixels, so windows overlap or leave gaps. How "
        "far does a window of three rows have to move so that the next one begins right after it?"
    ),
    ko=(
        "윈도우의 크기는 바뀌었지만 여전히 두 칸씩 움직입니다. 그래서 윈도우가 겹치거나 사이가 빕니다. "
        "높이가 3인 윈도우는 몇 칸을 움직여야 다음 윈도우가 바로 뒤에서 시작할까요?"
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    _, height, width, _ = x.shape
    count = ((height - pool_size[0]) // 2 + 1, (width - pool_size[1]) // 2 + 1)
    return slide(x, pool_size, (2, 2), count)


@misconception(
    "windows-start-at-even-places",
    en=(
        "The result has the right shape, but the windows start at rows 0, 2, 4, ... whatever their height "
        "is. The start has to grow with the height of the window, the column with its width."
    ),
    ko=(
        "결과의 shape는 맞지만, 윈도우의 높이와 상관없이 0, 2, 4, ...번째 행에서 윈도우가 시작합니다. "
        "시작하는 행은 윈도우의 높이에, 열은 너비에 맞추어 늘어나야 합니다."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return slide(x, pool_size, (2, 2), (x.shape[1] // pool_size[0], x.shape[2] // pool_size[1]))


@misconception(
    "windows-overlap",
    en=(
        "The window moves by one pixel at a time, so neighbours overlap and the result is too large. In "
        "pooling the window moves by its own size."
    ),
    ko=(
        "윈도우가 한 칸씩 움직여서 서로 겹치고 결과가 너무 큽니다. 풀링에서 윈도우는 자기 크기만큼 "
        "움직입니다."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    count = (x.shape[1] - pool_size[0] + 1, x.shape[2] - pool_size[1] + 1)
    return slide(x, pool_size, (1, 1), count)


@misconception(
    "incomplete-windows-kept",
    en=(
        "Where the image does not divide evenly, your result has a row or column for a window that is cut "
        "off by the edge. Such windows are left out here; count the whole windows only."
    ),
    ko=(
        "이미지가 윈도우 크기로 나누어떨어지지 않을 때, 가장자리에서 잘린 윈도우까지 결과에 넣었습니다. "
        "여기서는 그런 윈도우를 버립니다. 온전한 윈도우만 세어 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return slide(x, pool_size, pool_size, (-(-x.shape[1] // pool_size[0]), -(-x.shape[2] // pool_size[1])))


@misconception(
    "windows-not-square-in-memory",
    en=(
        "You grouped as many numbers as a window has, but numbers that follow each other along a row, not a "
        "rectangle of the image. Print the numbers of your first window: with (3, 3) they should come from "
        "three rows."
    ),
    ko=(
        "윈도우의 칸 수만큼 묶기는 했지만, 이미지의 사각형이 아니라 행을 따라 연달아 나오는 수들을 "
        "묶었습니다. 첫 윈도우의 수를 출력해 보세요. (3, 3)이라면 세 행에서 나와야 합니다."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    rows, columns = x.shape[1] // pool_size[0], x.shape[2] // pool_size[1]
    whole = x[:, : rows * pool_size[0], : columns * pool_size[1]]
    return np.asarray(whole.reshape(1, rows, columns, -1, 1).max(axis=3))


@misconception(
    "mean-instead-of-max",
    en=(
        "Your numbers are the averages of the windows. In the first window of the lecture the largest number "
        "is 14; is that what you get?"
    ),
    ko=(
        "각 윈도우의 평균이 나왔습니다. 강의 예제의 첫 윈도우에서 가장 큰 수는 14입니다. 그 값이 나오는지 "
        "확인해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    rows, columns = x.shape[1] // pool_size[0], x.shape[2] // pool_size[1]
    whole = x[:, : rows * pool_size[0], : columns * pool_size[1]]
    return np.asarray(whole.reshape(1, rows, pool_size[0], columns, pool_size[1], 1).mean(axis=(2, 4)))


@misconception(
    "lower-right-pixel",
    en=(
        "You keep the last pixel of each window. In the lecture's image that is the largest one, in others "
        "it is not; shuffle the numbers and try again."
    ),
    ko=(
        "각 윈도우의 마지막 픽셀을 가져왔습니다. 강의의 이미지에서는 그것이 가장 크지만 다른 이미지에서는 "
        "그렇지 않습니다. 숫자를 섞어서 다시 시험해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return x[:, pool_size[0] - 1 :: pool_size[0], pool_size[1] - 1 :: pool_size[1]]


@misconception(
    "starts-from-zero",
    en=(
        "Wherever a window is all negative, your result is 0, although no pixel is 0. Look for the 0 that "
        "takes part: where the search for the maximum begins, or in the image itself."
    ),
    ko=(
        "모두 음수인 윈도우에서, 그런 픽셀이 없는데도 결과가 0이 됩니다. 최댓값을 찾기 시작할 때의 초깃값이나 "
        "이미지 자체에서, 끼어든 0을 찾아보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return np.maximum(correct(x, pool_size), np.zeros((), x.dtype))


@misconception(
    "result-in-floats",
    en=(
        "The values are right, but the result is float64 whatever the image was. Give the array for the "
        "result the dtype of x."
    ),
    ko="값은 맞지만 입력과 상관없이 결과가 float64입니다. 결과를 담을 배열을 x의 dtype으로 만드세요.",
)
def max_pool(x: Tensor, pool_size: Pair) -> Tensor:
    return correct(x, pool_size).astype("float64")


@misconception(
    "layer-ignores-pool-size",
    en=(
        "pool_layer makes the same 2x2 layer for every pool_size. Print the pool_size of the layer that it "
        "returns."
    ),
    ko=(
        "pool_layer가 pool_size와 상관없이 늘 같은 2x2 레이어를 만듭니다. 돌려준 레이어의 pool_size를 출력해 "
        "보세요."
    ),
)
def pool_layer(pool_size: Pair) -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D()


@misconception(
    "layer-still-moves-by-two",
    en=(
        "The windows of your layer have the right size but move by two pixels. When strides is left out, "
        "Keras moves the window by its own size."
    ),
    ko=(
        "레이어의 윈도우 크기는 맞지만 두 칸씩 움직입니다. strides를 지정하지 않으면 Keras는 윈도우를 자기 "
        "크기만큼 움직입니다."
    ),
)
def pool_layer(pool_size: Pair) -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D(pool_size=pool_size, strides=(2, 2))


@misconception(
    "layer-height-and-width-swapped",
    en=(
        "Height and width of your layer's windows are exchanged. Print the pool_size of the layer that you "
        "return for (2, 3)."
    ),
    ko=(
        "레이어 윈도우의 높이와 너비가 서로 바뀌었습니다. (2, 3)을 넣었을 때 돌려주는 레이어의 pool_size를 출력해 "
        "보세요."
    ),
)
def pool_layer(pool_size: Pair) -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D(pool_size=pool_size[::-1])
