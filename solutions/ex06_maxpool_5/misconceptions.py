"""Known wrong answers to ex06, each with what it looks like and how to see it oneself."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import max_pool as correct

from grader.misconceptions import misconception

Tensor = NDArray[Any]


@misconception(
    "first-image-only",
    en=(
        "Only the first image of the batch is in your result. Compare the first axis of the input with that "
        "of the result: as many images have to come out as went in."
    ),
    ko=(
        "결과에 배치의 첫 이미지만 있습니다. 입력과 결과의 첫 번째 축을 비교해 보세요. 들어간 이미지의 "
        "수만큼 나와야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x[:1])


@misconception(
    "first-image-repeated",
    en=(
        "There are as many images as there should be, but all are the first one pooled. Somewhere an index "
        "of the batch is still 0."
    ),
    ko=(
        "이미지의 수는 맞지만 모두 첫 번째 이미지를 풀링한 것입니다. 배치의 인덱스가 0으로 고정된 곳을 "
        "찾아보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.repeat(correct(x[:1]), len(x), axis=0)


@misconception(
    "last-image-repeated",
    en=(
        "There are as many images as there should be, but all are the last one pooled, as when every turn "
        "of a loop writes over the whole result. Which part of the result belongs to image n?"
    ),
    ko=(
        "이미지의 수는 맞지만 모두 마지막 이미지를 풀링한 것입니다. 반복할 때마다 결과 전체를 덮어쓸 때 이렇게 됩니다. n번째 이미지의 결과는 어느 부분에 들어가야 "
        "할까요?"
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.repeat(correct(x[-1:]), len(x), axis=0)


@misconception(
    "two-images-counted",
    en=(
        "Your function handles the two images of the lecture, but other batches are not always two. The "
        "number of images is the first number of x.shape."
    ),
    ko=(
        "강의에 나온 두 이미지만 처리합니다. 다른 배치의 이미지가 항상 두 장인 것은 아닙니다. 이미지의 수는 "
        "x.shape의 첫 번째 수입니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x[:2])


@misconception(
    "maximum-over-the-batch",
    en=(
        "The maximum was taken over the batch too, so one single image is left. The images of a batch have "
        "nothing to do with each other: the maximum belongs to the axes of height and width only."
    ),
    ko=(
        "배치 축까지 최댓값을 구해서 이미지가 한 장만 남았습니다. 배치의 이미지들은 서로 관계가 없습니다. "
        "최댓값은 높이와 너비 축에서만 구해야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.asarray(correct(x).max(axis=0, keepdims=True))


@misconception(
    "maximum-carried-over",
    en=(
        "The maxima of one image are carried over to the next: no image comes out darker than those before "
        "it. Start every image, and every window, afresh."
    ),
    ko=(
        "앞 이미지의 최댓값이 다음 이미지로 이어졌습니다. 그래서 어떤 이미지도 앞의 이미지보다 어두워지지 "
        "않습니다. 이미지마다, 윈도우마다 처음부터 다시 시작해야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.maximum.accumulate(correct(x), axis=0)


@misconception(
    "images-stacked-into-one",
    en=(
        "Your result equals what you get when the images are put below each other and pooled as one tall "
        "image. That works while the height is even; with an odd height a window takes the last row of one "
        "image and the first row of the next."
    ),
    ko=(
        "이미지들을 아래로 이어 붙여 하나의 긴 이미지처럼 풀링했을 때와 결과가 같습니다. 높이가 짝수면 맞지만, 홀수면 한 이미지의 마지막 행과 다음 이미지의 첫 행이 한 "
        "윈도우에 들어갑니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    count, height, width, _ = x.shape
    tall = correct(x.reshape(1, count * height, width, 1))
    return tall[:, : count * (height // 2)].reshape(count, height // 2, width // 2, 1)


@misconception(
    "batch-moved-by-reshape",
    en=(
        "Your result equals what you get when the batch is moved to the last axis with reshape. reshape "
        "only deals the same numbers out into new boxes, row by row, so the images get mixed; moving an "
        "axis is another operation. Print one image just before you pool it."
    ),
    ko=(
        "reshape로 배치를 마지막 축으로 옮겼을 때와 결과가 같습니다. reshape는 수들을 같은 순서로 다시 나누어 담을 뿐이어서 이미지들이 뒤섞입니다. 축을 "
        "옮기는 것은 다른 연산입니다. 풀링하기 바로 전에 이미지 하나를 출력해 보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    count, height, width, _ = x.shape
    moved = correct(x.reshape(1, height, width, count).transpose(3, 1, 2, 0))
    return moved.transpose(3, 1, 2, 0).reshape(count, height // 2, width // 2, 1)


@misconception(
    "pooled-over-batch-and-height",
    en=(
        "The windows lie in the wrong axes: axis 0, the batch, and axis 1 were pooled, and the width stayed "
        "as it was. In a batch height and width are the axes 1 and 2."
    ),
    ko=(
        "윈도우를 잘못된 축에 놓았습니다. 0번 축(배치)과 1번 축을 풀링하고 너비는 그대로 두었습니다. "
        "배치에서 높이와 너비는 1번과 2번 축입니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    count, height = len(x) // 2, x.shape[1] // 2
    windows = x[: 2 * count, : 2 * height].reshape(count, 2, height, 2, x.shape[2], 1)
    return np.asarray(windows.max(axis=(1, 3)))


@misconception(
    "channel-axis-lost",
    en=(
        "The values are right, but the last axis is missing. The lecture drops it only to print the images; "
        "the result itself has the shape (N, H, W, 1)."
    ),
    ko=(
        "값은 맞지만 마지막 축이 사라졌습니다. 강의에서는 출력할 때만 이 축을 없앴을 뿐이고, 결과의 shape는 "
        "(N, H, W, 1)입니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x)[..., 0]


@misconception(
    "incomplete-windows-kept",
    en=(
        "On odd sides your result has a row or column too many. As in ex03, windows that do not fit whole "
        "are left out."
    ),
    ko=(
        "변이 홀수일 때 결과에 행이나 열이 하나 더 있습니다. ex03에서처럼 온전히 들어가지 않는 윈도우는 "
        "버립니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    _, height, width, _ = x.shape
    return correct(np.pad(x, ((0, 0), (0, height % 2), (0, width % 2), (0, 0)), mode="edge"))


@misconception(
    "mean-instead-of-max",
    en=(
        "Every image is there, but the numbers are the averages of the windows instead of their largest "
        "values."
    ),
    ko="이미지는 모두 있지만, 각 윈도우의 최댓값이 아니라 평균이 나왔습니다.",
)
def max_pool(x: Tensor) -> Tensor:
    count, rows, columns = len(x), x.shape[1] // 2, x.shape[2] // 2
    windows = x[:, : 2 * rows, : 2 * columns].reshape(count, rows, 2, columns, 2, 1)
    return np.asarray(windows.mean(axis=(2, 4)))


@misconception(
    "starts-from-zero",
    en=(
        "Wherever a window is all negative, your result is 0. A 0 takes part in the comparison, as from an "
        "array filled with zeros: which numbers should a maximum be chosen from?"
    ),
    ko=(
        "모두 음수인 윈도우에서 결과가 0이 됩니다. 0으로 채운 배열에서처럼 0까지 비교에 들어갔습니다. 최댓값은 어떤 수들 가운데에서 골라야 할까요?"
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.maximum(correct(x), np.zeros((), x.dtype))


@misconception(
    "result-in-floats",
    en=(
        "The values are right, but the result is float64 whatever the batch was. The array for the result "
        "should take the dtype of x."
    ),
    ko="값은 맞지만 입력과 상관없이 결과가 float64입니다. 결과를 담을 배열은 x의 dtype을 따라야 합니다.",
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x).astype("float64")
