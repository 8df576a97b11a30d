"""Known wrong answers to ex02, each with what it looks like and how to see it oneself."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from solution import max_pool as correct

from grader.misconceptions import misconception

Tensor = NDArray[Any]


def windows(x: Tensor) -> Tensor:
    """Return the image as (1, rows of windows, 2, columns of windows, 2, 1)."""
    _, height, width, _ = x.shape
    return x.reshape(1, height // 2, 2, width // 2, 2, 1)


@misconception(
    "mean-instead-of-max",
    en=(
        "Your numbers are the averages of the windows, not their largest values. Take the lecture's first "
        "window, 0 1 4 5: its average is 2.5, but which of the four numbers should be left?"
    ),
    ko=(
        "각 윈도우의 최댓값이 아니라 평균이 나왔습니다. 강의 예제의 첫 윈도우 0 1 4 5를 보세요. 평균은 "
        "2.5인데, 네 수 가운데 남아야 하는 수는 무엇인가요?"
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.asarray(windows(x).mean(axis=(2, 4)))


@misconception(
    "min-instead-of-max",
    en=(
        "Each window gave its smallest value. Compare one window of your input with its result by eye: the "
        "rest of the function looks right."
    ),
    ko=(
        "각 윈도우에서 가장 작은 값이 나왔습니다. 입력의 윈도우 하나와 그 결과를 눈으로 비교해 보세요. "
        "나머지 부분은 잘 작성된 것 같습니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.asarray(windows(x).min(axis=(2, 4)))


@misconception(
    "windows-overlap",
    en=(
        "The window moved by one pixel at a time, so windows overlap and there are too many of them. Look at "
        "the shape of your result: a 4x4 image holds four separate 2x2 windows, not nine."
    ),
    ko=(
        "윈도우가 한 칸씩 움직여서 서로 겹치고, 윈도우의 수가 너무 많아졌습니다. 결과의 shape를 확인해 "
        "보세요. 4x4 이미지에 겹치지 않게 들어가는 2x2 윈도우는 아홉 개가 아니라 네 개입니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    result = np.empty((1, height - 1, width - 1, 1), x.dtype)
    for i in range(height - 1):
        for j in range(width - 1):
            result[0, i, j, 0] = x[0, i : i + 2, j : j + 2, 0].max()
    return result


@misconception(
    "window-starts-at-its-number",
    en=(
        "The result has the right shape, but window number i starts at row i (and column j) of the image, so "
        "neighbouring windows overlap and the lower right part is never read. At which row does the second "
        "window begin?"
    ),
    ko=(
        "결과의 shape는 맞지만, i번째 윈도우가 이미지의 i번째 행(과 j번째 열)에서 시작합니다. 그래서 이웃한 "
        "윈도우가 겹치고 이미지의 오른쪽 아래는 읽히지 않습니다. 두 번째 윈도우는 몇 번째 행에서 시작해야 "
        "할까요?"
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    result = np.empty((1, height // 2, width // 2, 1), x.dtype)
    for i in range(height // 2):
        for j in range(width // 2):
            result[0, i, j, 0] = x[0, i : i + 2, j : j + 2, 0].max()
    return result


@misconception(
    "lower-right-pixel",
    en=(
        "You keep the lower right pixel of each window. In the lecture's image the numbers grow to the right "
        "and downwards, so this looks right there; try an image with its numbers shuffled."
    ),
    ko=(
        "각 윈도우의 오른쪽 아래 픽셀을 그대로 가져왔습니다. 강의의 이미지는 오른쪽, 아래로 갈수록 수가 "
        "커져서 우연히 맞습니다. 숫자를 섞은 이미지로 시험해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return x[:, 1::2, 1::2, :]


@misconception(
    "upper-left-pixel",
    en=(
        "You keep the upper left pixel of each window: that makes the image smaller, but looks at one pixel "
        "in four. All four pixels of a window have to be compared."
    ),
    ko=(
        "각 윈도우의 왼쪽 위 픽셀을 가져왔습니다. 이미지가 작아지기는 하지만 네 픽셀 중 하나만 본 셈입니다. "
        "윈도우의 네 픽셀을 모두 비교해야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return x[:, ::2, ::2, :]


@misconception(
    "pairs-in-a-row",
    en=(
        "Only neighbours within one row were compared, so the result is half as wide but still as high as "
        "the image. A window also spans two rows."
    ),
    ko=(
        "한 행 안에서 이웃한 두 값만 비교했습니다. 그래서 너비는 반으로 줄었지만 높이는 그대로입니다. "
        "윈도우는 두 행에 걸쳐 있습니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.maximum(x[:, :, 0::2], x[:, :, 1::2])


@misconception(
    "four-in-a-row",
    en=(
        "Your windows are four numbers that follow each other when the image is read row by row, not "
        "squares. Print the four numbers that you take as the first window and compare them with the "
        "picture."
    ),
    ko=(
        "윈도우가 정사각형이 아니라, 이미지를 행 순서대로 읽을 때 연달아 나오는 네 수입니다. 첫 윈도우로 묶인 네 수를 출력해서 그림과 비교해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    return np.asarray(x.reshape(1, height // 2, width // 2, 4, 1).max(axis=3))


@misconception(
    "maximum-over-wrong-axes",
    en=(
        "Each number of your result is the largest one over all windows at one place inside them (all "
        "upper left pixels, for one), not the largest one inside a window. Print the numbers from which "
        "the first one is chosen; try an image that is not square."
    ),
    ko=(
        "결과의 각 수는 한 윈도우 안의 최댓값이 아니라, 모든 윈도우에서 같은 자리(예를 들어 왼쪽 위)에 있는 픽셀들의 최댓값입니다. 첫 번째 수를 어떤 수들 가운데에서 "
        "골랐는지 출력해 보고, 정사각형이 아닌 이미지로 시험해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.asarray(windows(x).max(axis=(1, 3)))


@misconception(
    "one-maximum-for-the-image",
    en=(
        "One maximum was taken over the whole image. Max pooling keeps one value per window, so that it "
        "stays visible where in the image the large values are."
    ),
    ko=(
        "이미지 전체에서 최댓값 하나만 구했습니다. 최대 풀링은 윈도우마다 값을 하나씩 남겨서, 큰 값이 "
        "이미지의 어디에 있었는지 알 수 있게 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.asarray(x.max(axis=(1, 2), keepdims=True))


@misconception(
    "starts-from-zero",
    en=(
        "Wherever a window is all negative, your result is 0, a number that does not occur in the window. "
        "What value does your running maximum have before it has seen the first pixel?"
    ),
    ko=(
        "모두 음수인 윈도우에서 결과가 0이 됩니다. 윈도우에 없는 수입니다. 최댓값을 찾기 시작할 때의 "
        "초깃값이 무엇인지 살펴보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.maximum(correct(x), np.zeros((), x.dtype))


@misconception(
    "rows-and-columns-swapped",
    en=(
        "The values are right but lie mirrored along the diagonal: the window of row i and column j was "
        "written to row j, column i. The upper right window of the image belongs in the upper right of the "
        "result."
    ),
    ko=(
        "값은 맞지만 대각선을 기준으로 뒤집혀 있습니다. i행 j열의 윈도우가 j행 i열에 기록되었습니다. "
        "이미지의 오른쪽 위 윈도우는 결과에서도 오른쪽 위에 있어야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.swapaxes(correct(x), 1, 2)


@misconception(
    "channel-axis-lost",
    en=(
        "The values are right, but the last axis is missing. The lecture reshapes its results to (1, 2, 2) "
        "only to print them; the tensor itself keeps its four axes (1, H, W, 1)."
    ),
    ko=(
        "값은 맞지만 마지막 축이 사라졌습니다. 강의에서 (1, 2, 2)로 reshape한 것은 보기 좋게 출력하기 "
        "위해서이고, 텐서 자체는 (1, H, W, 1)의 네 축을 유지합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x)[..., 0]


@misconception(
    "result-in-floats",
    en=(
        "The values are right, but the dtype of the result is float64 whatever the image was. np.zeros and "
        "np.empty make floats unless they are told otherwise."
    ),
    ko=(
        "값은 맞지만 입력과 상관없이 결과의 dtype이 float64입니다. np.zeros나 np.empty는 따로 지정하지 "
        "않으면 실수 배열을 만듭니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x).astype("float64")


@misconception(
    "result-in-ints",
    en=(
        "The result holds integers whatever the image was, so everything after the decimal point is lost: "
        "an image with values between 0 and 1 becomes all zeros. Print the dtype of the result."
    ),
    ko=(
        "입력과 상관없이 결과가 정수라서 소수점 아래가 모두 사라집니다. 0과 1 사이의 값을 가진 이미지는 전부 0이 됩니다. 결과의 dtype을 출력해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x).astype("int64")


@misconception(
    "layer-moves-by-one",
    en=(
        "The windows of your layer overlap because its strides are 1. Leave strides out and look at "
        "layer.strides: what does Keras choose by itself?"
    ),
    ko=(
        "strides가 1이라서 레이어의 윈도우가 서로 겹칩니다. strides를 빼고 layer.strides를 출력해 보세요. "
        "Keras는 어떤 값을 기본으로 고르나요?"
    ),
)
def pool_layer() -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D(pool_size=(2, 2), strides=1)


@misconception(
    "layer-averages",
    en=(
        "Your layer averages the windows. Keras has both kinds of pooling, with similar names; pass the "
        "lecture's image through the layer and look for numbers that were not in the image."
    ),
    ko=(
        "레이어가 윈도우의 평균을 구합니다. Keras에는 이름이 비슷한 두 가지 풀링이 있습니다. 강의의 이미지를 "
        "레이어에 통과시켜 원래 이미지에 없던 수가 나오는지 확인해 보세요."
    ),
)
def pool_layer() -> tf.keras.layers.Layer:
    return tf.keras.layers.AveragePooling2D(pool_size=(2, 2))
