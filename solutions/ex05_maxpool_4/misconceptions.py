"""Known wrong answers to ex05, each with what it looks like and how to see it oneself."""

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


def lowest(x: Tensor) -> Any:
    """Return a value that no pixel is below."""
    return np.iinfo(x.dtype).min if x.dtype.kind in "iu" else -np.inf


def needed(x: Tensor, pool_size: Pair) -> Pair:
    """Return how many rows and columns "same" has to add."""
    return -x.shape[1] % pool_size[0], -x.shape[2] % pool_size[1]


def pad_and_pool(x: Tensor, pool_size: Pair, before: Pair, after: Pair, value: Any) -> Tensor:
    """Return the maxima of the whole windows of the padded image."""
    edges = ((0, 0), (before[0], after[0]), (before[1], after[1]), (0, 0))
    return correct(np.pad(x, edges, constant_values=value), pool_size, "valid")


@misconception(
    "same-ignored",
    en=(
        'With "same" your result is that of "valid": the pixels at the lower and right edge are lost. In '
        '"same" every pixel lies in some window, so 5 rows make 3 windows of height 2.'
    ),
    ko=(
        '"same"인데 "valid"와 같은 결과가 나와서 아래쪽과 오른쪽 끝의 픽셀이 사라졌습니다. '
        '"same"에서는 모든 픽셀이 어떤 윈도우에든 들어가므로, 5행이면 높이 2짜리 윈도우가 3개입니다.'
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    return correct(x, pool_size, "valid" if padding == "same" else padding)


@misconception(
    "incomplete-windows-kept-in-valid",
    en=(
        'With "valid" you keep windows that reach beyond the edge. "valid" uses only windows that lie in '
        "the image with all their pixels; compare the shapes of both paddings on the lecture's image."
    ),
    ko=(
        '"valid"인데 가장자리를 넘어가는 윈도우까지 남겼습니다. "valid"는 모든 픽셀이 이미지 안에 있는 '
        "윈도우만 씁니다. 강의의 이미지로 두 padding의 shape를 비교해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    return correct(x, pool_size, "same" if padding == "valid" else padding)


@misconception(
    "valid-and-same-exchanged",
    en=(
        'Both ways of padding work, but under each other\'s name: "valid" gives the larger result. Which of '
        "the two never looks outside the image?"
    ),
    ko=(
        '두 가지 방식이 모두 동작하지만 이름이 서로 바뀌었습니다. "valid"의 결과가 더 큽니다. 둘 가운데 '
        "이미지 바깥을 보지 않는 쪽은 어느 것일까요?"
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    return correct(x, pool_size, {"valid": "same", "same": "valid"}.get(padding, padding))


@misconception(
    "zeros-win",
    en=(
        "Your result equals what you get after padding with 0. That goes unnoticed while the pixels are "
        "positive, but beside negative pixels the 0 wins, and the result holds a number that is not in the "
        "image. What number loses against every pixel?"
    ),
    ko=(
        "0으로 패딩했을 때와 결과가 같습니다. 픽셀이 양수일 때는 드러나지 않지만, 음수 픽셀 옆에서는 0이 최댓값이 되어 이미지에 없는 수가 결과에 나타납니다. 어떤 "
        "픽셀과 비교해도 지는 수는 무엇일까요?"
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    if padding != "same":
        return correct(x, pool_size, padding)
    rows, columns = needed(x, pool_size)
    before = (rows // 2, columns // 2)
    return pad_and_pool(x, pool_size, before, (rows - before[0], columns - before[1]), 0)


@misconception(
    "small-number-wins",
    en=(
        "Your result equals what you get after padding with a number that only seems small, such as -1. "
        "Pixels can be lower than that, and then the padding wins. Try an image whose pixels are all below your number."
    ),
    ko=(
        "-1처럼 작아 보이는 수로 패딩했을 때와 결과가 같습니다. 픽셀이 그보다 더 작을 수 있고, 그러면 패딩이 최댓값이 됩니다. "
        "모든 픽셀이 그 수보다 작은 이미지로 시험해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    if padding != "same":
        return correct(x, pool_size, padding)
    rows, columns = needed(x, pool_size)
    before = (rows // 2, columns // 2)
    return pad_and_pool(x, pool_size, before, (rows - before[0], columns - before[1]), -1)


@misconception(
    "extra-padding-at-the-start",
    en=(
        "When an odd number of rows or columns has to be added, you put the larger part above and on the "
        "left. Keras puts it below and on the right: in the lecture's image the first window is still 0 1 5 "
        "6."
    ),
    ko=(
        "덧붙일 행이나 열이 홀수 개일 때 더 많은 쪽을 위와 왼쪽에 두었습니다. Keras는 아래와 오른쪽에 "
        "둡니다. 강의의 이미지에서 첫 윈도우는 그대로 0 1 5 6입니다."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    if padding != "same":
        return correct(x, pool_size, padding)
    rows, columns = needed(x, pool_size)
    after = (rows // 2, columns // 2)
    return pad_and_pool(x, pool_size, (rows - after[0], columns - after[1]), after, lowest(x))


@misconception(
    "all-padding-at-the-end",
    en=(
        "Your result equals what you get when all the padding is below and on the right. With 2x2 windows there is at most one row to add "
        "and this looks right; larger windows can need two or more, and Keras shares them out between both "
        "sides."
    ),
    ko=(
        "패딩을 모두 아래와 오른쪽에 두었을 때와 결과가 같습니다. 2x2 윈도우에서는 덧붙일 행이 많아야 하나라서 맞는 것처럼 "
        "보입니다. 윈도우가 커지면 두 개 이상이 필요할 수 있고, Keras는 그것을 양쪽에 나눕니다."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    if padding != "same":
        return correct(x, pool_size, padding)
    return pad_and_pool(x, pool_size, (0, 0), needed(x, pool_size), lowest(x))


@misconception(
    "same-taken-as-same-size",
    en=(
        'You took "same" to mean that the result has the size of the image, and moved the window by one '
        "pixel at a time. The name fits only for steps of one; here the window still moves by its own size."
    ),
    ko=(
        '"same"을 결과의 크기가 이미지와 같다는 뜻으로 보고 윈도우를 한 칸씩 움직였습니다. 이름이 글자 '
        "그대로 들어맞는 것은 한 칸씩 움직일 때뿐이고, 여기서 윈도우는 여전히 자기 크기만큼 움직입니다."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    if padding != "same":
        return correct(x, pool_size, padding)
    _, height, width, _ = x.shape
    up, left = (pool_size[0] - 1) // 2, (pool_size[1] - 1) // 2
    result = np.empty_like(x)
    for i in range(height):
        for j in range(width):
            rows = slice(max(i - up, 0), i - up + pool_size[0])
            columns = slice(max(j - left, 0), j - left + pool_size[1])
            result[0, i, j, 0] = x[0, rows, columns, 0].max()
    return result


@misconception(
    "remainder-added-instead-of-missing-part",
    en=(
        "You add H % PH rows, that is what is left over, not what is missing. With a height of 2 both are 1; "
        "for H = 4 and PH = 3 one row is left over, but how many are missing to fill another window?"
    ),
    ko=(
        "부족한 만큼이 아니라 남는 만큼, 곧 H % PH개의 행을 덧붙였습니다. 높이가 2일 때는 둘 다 1입니다. H = "
        "4, PH = 3이면 한 행이 남는데, 윈도우를 하나 더 채우려면 몇 행이 부족한가요?"
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    if padding != "same":
        return correct(x, pool_size, padding)
    rows, columns = x.shape[1] % pool_size[0], x.shape[2] % pool_size[1]
    before = (rows // 2, columns // 2)
    return pad_and_pool(x, pool_size, before, (rows - before[0], columns - before[1]), lowest(x))


@misconception(
    "always-one-window-more",
    en=(
        'With "same" you always count one window more than fits whole, even if nothing is left over. On a '
        '4x4 image "same" and "valid" give the same result: rounding 4 / 2 up is still 2.'
    ),
    ko=(
        '"same"에서 남는 픽셀이 없을 때도 온전한 윈도우보다 항상 하나를 더 셌습니다. 4x4 이미지에서는 '
        '"same"과 "valid"의 결과가 같습니다. 4 / 2는 올림해도 2입니다.'
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    if padding != "same":
        return correct(x, pool_size, padding)
    rows = pool_size[0] - x.shape[1] % pool_size[0]
    columns = pool_size[1] - x.shape[2] % pool_size[1]
    before = (rows // 2, columns // 2)
    return pad_and_pool(x, pool_size, before, (rows - before[0], columns - before[1]), lowest(x))


@misconception(
    "height-and-width-swapped",
    en=(
        "You read pool_size as (width, height). The height comes first; with square windows the difference "
        "does not show."
    ),
    ko=(
        "pool_size를 (너비, 높이)로 읽었습니다. 높이가 먼저입니다. 정사각형 윈도우로는 차이가 보이지 "
        "않습니다."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    return correct(x, (pool_size[1], pool_size[0]), padding)


@misconception(
    "infinity-makes-floats",
    en=(
        "The values are right, but images of ints come back as floats: -inf exists only as a float, and "
        "padding with it turns the whole image into floats. Look for the lowest value of the dtype of x, or "
        "do without padded values."
    ),
    ko=(
        "값은 맞지만 정수 이미지가 실수로 바뀌었습니다. -inf는 실수에만 있어서, 이것으로 패딩하면 이미지 "
        "전체가 실수가 됩니다. x의 dtype이 나타낼 수 있는 가장 작은 값을 찾거나, 값을 덧붙이지 않는 방법을 "
        "생각해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    pooled = correct(x, pool_size, padding)
    return pooled.astype("float64") if padding == "same" else pooled


@misconception(
    "unknown-padding-accepted",
    en=(
        "An unknown padding is quietly taken for one of the two, so that a misspelt name gives a result "
        "instead of an error. Decide what the last else of your function should do."
    ),
    ko=(
        "모르는 padding을 조용히 둘 가운데 하나로 처리합니다. 그러면 이름을 잘못 적어도 오류 대신 결과가 "
        "나옵니다. 함수의 마지막 else에서 무엇을 해야 할지 생각해 보세요."
    ),
)
def max_pool(x: Tensor, pool_size: Pair, padding: str) -> Tensor:
    return correct(x, pool_size, padding if padding == "same" else "valid")


@misconception(
    "layer-ignores-padding",
    en=(
        'Your layer has padding="valid" whatever was asked for: that is what Keras takes when the argument '
        "is left out. Print the padding of the layer that you return."
    ),
    ko=(
        '요청과 상관없이 레이어의 padding이 "valid"입니다. 인자를 넘기지 않으면 Keras가 고르는 값입니다. '
        "돌려주는 레이어의 padding을 출력해 보세요."
    ),
)
def pool_layer(pool_size: Pair, padding: str) -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D(pool_size=pool_size)


@misconception(
    "layer-ignores-pool-size",
    en=(
        "Your layer passes the padding on but always has 2x2 windows. Print the pool_size of the layer that "
        "you return for (2, 3)."
    ),
    ko=(
        "padding은 제대로 넘겼지만 윈도우가 항상 2x2입니다. (2, 3)을 넣었을 때 돌려주는 레이어의 pool_size를 "
        "출력해 보세요."
    ),
)
def pool_layer(pool_size: Pair, padding: str) -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D(padding=padding)


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
def pool_layer(pool_size: Pair, padding: str) -> tf.keras.layers.Layer:
    return tf.keras.layers.MaxPool2D(pool_size=pool_size[::-1], padding=padding)
