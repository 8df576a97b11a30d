"""Known wrong answers to ex03, each with what it looks like and how to see it oneself."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from solution import max_pool as correct

from grader.misconceptions import misconception

Tensor = NDArray[Any]


def whole_windows(x: Tensor) -> Tensor:
    """Return the image as (1, rows of windows, 2, columns of windows, 2, 1), left-over pixels dropped."""
    rows, columns = x.shape[1] // 2, x.shape[2] // 2
    return x[:, : 2 * rows, : 2 * columns].reshape(1, rows, 2, columns, 2, 1)


@misconception(
    "incomplete-windows-kept",
    en=(
        "On an odd side your result has one row or column too many: it holds the maximum of a window of "
        "which only a part lies in the image. Count how many whole 2x2 windows fit into five rows."
    ),
    ko=(
        "한 변이 홀수일 때 결과에 행이나 열이 하나 더 있습니다. 일부만 이미지에 걸친 윈도우의 최댓값까지 "
        "넣었기 때문입니다. 다섯 행 안에 온전한 2x2 윈도우가 몇 개나 들어가는지 세어 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    rows, columns = (height + 1) // 2, (width + 1) // 2
    result = np.empty((1, rows, columns, 1), x.dtype)
    for i in range(rows):
        for j in range(columns):
            result[0, i, j, 0] = x[0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, 0].max()
    return result


@misconception(
    "zeros-added-at-the-edge",
    en=(
        "Your result equals what you get when odd sides are made even by adding zeros: there are windows "
        "that the image does not fill, and the zeros may even win. Count the whole windows of the lecture's "
        "5x5 image, and compare with the shape of your result."
    ),
    ko=(
        "홀수인 변에 0을 덧붙여 짝수로 만들었을 때와 결과가 같습니다. 이미지로 다 채워지지 않는 윈도우가 "
        "생기고, 덧붙인 0이 최댓값이 되기도 합니다. 강의의 5x5 이미지에 온전한 윈도우가 몇 개인지 세어서 "
        "결과의 shape와 비교해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    return correct(np.pad(x, ((0, 0), (0, height % 2), (0, width % 2), (0, 0))))


@misconception(
    "last-window-pushed-back",
    en=(
        "On an odd side you pushed the last window back by one pixel so that it fits; it now overlaps its "
        "neighbour and the result has one row or column too many. Windows never overlap here: what does not "
        "fit is left out."
    ),
    ko=(
        "한 변이 홀수일 때 마지막 윈도우를 한 칸 당겨서 끼워 넣었습니다. 그래서 옆 윈도우와 겹치고 결과의 "
        "행이나 열이 하나 더 많습니다. 여기서 윈도우는 겹치지 않으며, 들어가지 않는 부분은 버립니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    tops = [min(2 * i, height - 2) for i in range((height + 1) // 2)]
    lefts = [min(2 * j, width - 2) for j in range((width + 1) // 2)]
    pixels = [[x[0, top : top + 2, left : left + 2, 0].max() for left in lefts] for top in tops]
    return np.array(pixels, x.dtype)[np.newaxis, :, :, np.newaxis]


@misconception(
    "first-row-dropped",
    en=(
        "On an odd side you left out the first row or column instead of the last one, so every window is "
        "shifted by one pixel. The windows start in the upper left corner of the image."
    ),
    ko=(
        "한 변이 홀수일 때 마지막이 아니라 첫 번째 행이나 열을 버렸습니다. 그래서 모든 윈도우가 한 칸씩 "
        "밀렸습니다. 윈도우는 이미지의 왼쪽 위 모서리에서 시작합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    return correct(x[:, height % 2 :, width % 2 :])


@misconception(
    "last-window-lost",
    en=(
        "On an even side the last window is missing: its row and column of the result are not there. Print "
        "the places at which your windows start for H = 6 and check that 4 is among them."
    ),
    ko=(
        "짝수인 변에서 마지막 윈도우가 빠져서 결과에 그 행과 열이 없습니다. H = 6일 때 윈도우가 시작하는 위치를 모두 출력해서 4가 들어 있는지 확인해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    return correct(x)[:, : (height - 1) // 2, : (width - 1) // 2]


@misconception(
    "size-of-the-first-exercise",
    en=(
        "Your result is always 2x2, as it was for the 4x4 image. Compute the size of the result from "
        "x.shape, so that the same code serves every image."
    ),
    ko=(
        "결과의 크기가 4x4 이미지 때처럼 항상 2x2입니다. 결과의 크기를 x.shape에서 계산하면 같은 코드로 모든 "
        "이미지를 처리할 수 있습니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    result = np.empty((1, 2, 2, 1), x.dtype)
    for i in range(2):
        for j in range(2):
            result[0, i, j, 0] = x[0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, 0].max()
    return result


@misconception(
    "image-taken-as-square",
    en=(
        "Your result equals what you get when the height of the image is used for its width too. That "
        "works as long as the image is square; try one of 4 rows and 6 columns."
    ),
    ko=(
        "이미지의 높이를 너비에도 그대로 썼을 때와 결과가 같습니다. 정사각형 이미지에서는 맞지만, 4행 6열짜리 이미지로 시험해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    count = x.shape[1] // 2
    result = np.empty((1, count, count, 1), x.dtype)
    for i in range(count):
        for j in range(count):
            result[0, i, j, 0] = x[0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, 0].max()
    return result


@misconception(
    "windows-overlap",
    en=(
        "The window moved by one pixel at a time. After each step the next window has to begin where the "
        "last one ended: in rows 0, 2, 4 and so on."
    ),
    ko=(
        "윈도우가 한 칸씩 움직였습니다. 다음 윈도우는 앞의 윈도우가 끝난 자리, 곧 0, 2, 4, ...번째 행에서 "
        "시작해야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    pixels = [[x[0, i : i + 2, j : j + 2, 0].max() for j in range(width - 1)] for i in range(height - 1)]
    return np.array(pixels, x.dtype)[np.newaxis, :, :, np.newaxis]


@misconception(
    "window-starts-at-its-number",
    en=(
        "The shape is right, but window number i starts at row i instead of where the window before it "
        "ended. The lower right part of the image is never read: put a large number there and see."
    ),
    ko=(
        "shape는 맞지만, i번째 윈도우가 앞의 윈도우가 끝난 자리가 아니라 i번째 행에서 시작합니다. 이미지의 "
        "오른쪽 아래가 아예 읽히지 않으니, 그곳에 큰 수를 넣고 확인해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    rows, columns = x.shape[1] // 2, x.shape[2] // 2
    pixels = [[x[0, i : i + 2, j : j + 2, 0].max() for j in range(columns)] for i in range(rows)]
    return np.array(pixels, x.dtype)[np.newaxis, :, :, np.newaxis]


@misconception(
    "mean-instead-of-max",
    en=(
        "Your numbers are the averages of the windows. Max pooling keeps one of the four numbers of a window "
        "as it is; it never makes a new number."
    ),
    ko=(
        "각 윈도우의 평균이 나왔습니다. 최대 풀링은 윈도우의 네 수 중 하나를 그대로 남길 뿐, 새로운 수를 "
        "만들지 않습니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.asarray(whole_windows(x).mean(axis=(2, 4)))


@misconception(
    "lower-right-pixel",
    en=(
        "You keep the lower right pixel of each window. In the lecture's images the numbers grow to the "
        "right and downwards, so this looks right there; shuffle the numbers and try again."
    ),
    ko=(
        "각 윈도우의 오른쪽 아래 픽셀을 가져왔습니다. 강의의 이미지는 오른쪽, 아래로 갈수록 수가 커져서 맞는 "
        "것처럼 보입니다. 숫자를 섞어서 다시 시험해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return x[:, 1::2, 1::2]


@misconception(
    "starts-from-zero",
    en=(
        "Wherever a window is all negative, your result is 0. Do not compare with a number that is not in "
        "the window: what could the first candidate be instead of 0?"
    ),
    ko=(
        "모두 음수인 윈도우에서 결과가 0이 됩니다. 윈도우에 없는 수와 비교하면 안 됩니다. 0 대신 무엇을 첫 "
        "후보로 삼으면 좋을까요?"
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.maximum(correct(x), np.zeros((), x.dtype))


@misconception(
    "result-in-floats",
    en=(
        "The values are right, but the result is float64 whatever the image was. An array made with np.zeros "
        "or np.empty can be told which dtype to use."
    ),
    ko=(
        "값은 맞지만 입력과 상관없이 결과가 float64입니다. np.zeros나 np.empty로 배열을 만들 때 dtype을 "
        "지정할 수 있습니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x).astype("float64")


@misconception(
    "layer-keeps-incomplete-windows",
    en=(
        'Your layer keeps the incomplete windows because of padding="same". It agrees with max_pool on '
        "even images only: pass the lecture's 5x5 image through it and look at the shape."
    ),
    ko=(
        'padding="same" 때문에 레이어가 온전하지 않은 윈도우까지 남깁니다. 짝수 크기의 이미지에서만 '
        "max_pool과 같으니, 강의의 5x5 이미지를 통과시켜 shape를 확인해 보세요."
    ),
)
def pool_layer() -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D(pool_size=(2, 2), padding="same")
