"""Known wrong answers to ex07, each with what it looks like and how to see it oneself."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import max_pool as correct

from grader.misconceptions import misconception

Tensor = NDArray[Any]


@misconception(
    "channels-merged",
    en=(
        "The maximum was taken over the channels as well, so only one channel is left. Pooling makes an "
        "image smaller, not less colourful: as many channels have to come out as went in."
    ),
    ko=(
        "채널까지 합쳐서 최댓값을 구해 채널이 하나만 남았습니다. 풀링은 이미지의 크기를 줄이는 것이지 색을 "
        "없애는 것이 아닙니다. 들어간 채널의 수만큼 나와야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.asarray(correct(x).max(axis=-1, keepdims=True))


@misconception(
    "channels-share-one-maximum",
    en=(
        "All channels of your result are equal: each window has one maximum over all channels, written into "
        "every channel. Every channel has its own maximum; the red values do not matter to the blue ones."
    ),
    ko=(
        "결과의 모든 채널이 같습니다. 윈도우마다 전체 채널의 최댓값 하나를 구해 모든 채널에 넣었습니다. "
        "최댓값은 채널마다 따로 구합니다. 빨간색 값은 파란색 값과 관계가 없습니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    pooled = correct(x)
    return np.broadcast_to(pooled.max(axis=-1, keepdims=True), pooled.shape).copy()


@misconception(
    "first-channel-only",
    en=(
        "Only the first channel is in your result. The lecture prints only that one ([..., 0]), but the "
        "layer pools all of them."
    ),
    ko=(
        "결과에 첫 번째 채널만 있습니다. 강의에서 첫 채널([..., 0])만 출력했을 뿐, 레이어는 모든 채널을 "
        "풀링합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x[..., :1])


@misconception(
    "first-channel-repeated",
    en=(
        "There are as many channels as there should be, but all hold the first one. Look for an index of the "
        "channel axis that is still 0, a remnant of the images with one channel."
    ),
    ko=(
        "채널의 수는 맞지만 모두 첫 번째 채널의 값입니다. 채널이 하나이던 때의 흔적으로, 채널 축의 인덱스가 "
        "0으로 남아 있는 곳을 찾아보세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.repeat(correct(x[..., :1]), x.shape[-1], axis=-1)


@misconception(
    "channels-averaged",
    en=(
        "Your result equals what you get when the channels are averaged into a grey image. The result "
        "should keep the channels apart; no numbers appear in it that are not in the image."
    ),
    ko=(
        "채널을 평균 내어 흑백 이미지로 만들었을 때와 결과가 같습니다. 결과에서도 채널은 따로 남아야 하고, 이미지에 없던 수가 나타나서는 안 됩니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(np.asarray(x.mean(axis=-1, keepdims=True)))


@misconception(
    "whole-pixel-chosen",
    en=(
        "Of each window you chose one pixel, the brightest, with all its channels. The maxima of the "
        "channels may come from different pixels: the largest red from one, the largest blue from another."
    ),
    ko=(
        "윈도우마다 가장 밝은 픽셀 하나를 골라 그 픽셀의 모든 채널을 가져왔습니다. 채널별 최댓값은 서로 다른 "
        "픽셀에서 나올 수 있습니다. 가장 큰 빨강과 가장 큰 파랑이 서로 다른 픽셀에 있을 수 있지요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    count, height, width, channels = x.shape
    rows, columns = height // 2, width // 2
    pooled = np.empty((count, rows, columns, channels), x.dtype)
    for n, i, j in np.ndindex(count, rows, columns):
        pixels = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].reshape(4, channels)
        pooled[n, i, j] = pixels[pixels.sum(axis=1).argmax()]
    return pooled


@misconception(
    "channels-expected-first",
    en=(
        "Your result equals what you get when the axes 2 and 3 are pooled, as if the channels came first, as "
        "in (N, C, H, W). In this course, as in Keras, they come last. Compare the shape of your result with "
        "the contract: which axes have become half as long?"
    ),
    ko=(
        "채널이 앞에 오는 (N, C, H, W)처럼 2번과 3번 축을 풀링했을 때와 결과가 같습니다. 이 강의와 Keras에서는 "
        "채널이 마지막입니다. 결과의 shape를 규칙과 비교해 보세요. 어느 축이 절반이 되었나요?"
    ),
)
def max_pool(x: Tensor) -> Tensor:
    count, kept, height, width = x.shape
    rows, columns = height // 2, width // 2
    windows = x[:, :, : 2 * rows, : 2 * columns].reshape(count, kept, rows, 2, columns, 2)
    return np.asarray(windows.max(axis=(3, 5)))


@misconception(
    "channels-returned-first",
    en=(
        "The maxima are right, but you collected the results channel by channel and left the channels in "
        "front. They have to end up as the last axis: (N, H, W, C)."
    ),
    ko=(
        "최댓값은 맞지만, 채널별로 결과를 모은 뒤 채널을 앞쪽 축에 그대로 두었습니다. 채널은 (N, H, W, "
        "C)처럼 마지막 축에 와야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x).transpose(0, 3, 1, 2)


@misconception(
    "channels-moved-by-reshape",
    en=(
        "Your result equals what you get when the channels are turned into images with reshape and back "
        "again. reshape keeps the order of the numbers in memory, where the channels of one pixel lie side "
        "by side, so each of these images holds a bit of every channel. Moving an axis is another "
        "operation."
    ),
    ko=(
        "reshape로 채널을 이미지처럼 만들었다가 되돌렸을 때와 결과가 같습니다. reshape는 메모리에 놓인 순서를 그대로 두는데, 한 픽셀의 채널들은 메모리에서 "
        "나란히 있습니다. 그래서 이런 이미지마다 여러 채널이 섞입니다. 축을 옮기는 것은 다른 연산입니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    count, height, width, channels = x.shape
    pooled = correct(x.reshape(count * channels, height, width, 1))
    return pooled.reshape(count, height // 2, width // 2, channels)


@misconception(
    "three-channels-counted",
    en=(
        "Your function takes three channels for granted. A layer inside a network may have one channel, or "
        "thirty: read the number from x.shape."
    ),
    ko=(
        "채널이 항상 세 개라고 가정했습니다. 신경망 안의 레이어에서는 채널이 하나일 수도, 서른 개일 수도 "
        "있습니다. 채널의 수를 x.shape에서 읽으세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.stack([correct(x[..., channel : channel + 1])[..., 0] for channel in range(3)], axis=-1)


@misconception(
    "maximum-carried-over",
    en=(
        "The maxima of one channel are carried over to the next: no channel comes out with smaller values "
        "than the one before it. Begin the search afresh in every channel."
    ),
    ko=(
        "앞 채널의 최댓값이 다음 채널로 이어졌습니다. 그래서 어떤 채널의 값도 앞 채널보다 작아지지 않습니다. "
        "채널마다 처음부터 다시 찾아야 합니다."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return np.maximum.accumulate(correct(x), axis=-1)


@misconception(
    "first-image-only",
    en=(
        "The channels are right, but only the first image of the batch is in your result. The work on the "
        "channels must not replace the work on the batch from ex06."
    ),
    ko=(
        "채널은 맞지만 결과에 배치의 첫 이미지만 있습니다. 채널을 처리하면서 ex06에서 했던 배치 처리를 "
        "빠뜨리지 마세요."
    ),
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x[:1])


@misconception(
    "mean-instead-of-max",
    en=(
        "The channels stay apart as they should, but the numbers are the averages of the windows instead of "
        "their largest values."
    ),
    ko="채널은 잘 나누어져 있지만, 각 윈도우의 최댓값이 아니라 평균이 나왔습니다.",
)
def max_pool(x: Tensor) -> Tensor:
    count, height, width, channels = x.shape
    rows, columns = height // 2, width // 2
    windows = x[:, : 2 * rows, : 2 * columns].reshape(count, rows, 2, columns, 2, channels)
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
        "The values are right, but the result is float64 whatever the image was. The array for the result "
        "should take the dtype of x."
    ),
    ko="값은 맞지만 입력과 상관없이 결과가 float64입니다. 결과를 담을 배열은 x의 dtype을 따라야 합니다.",
)
def max_pool(x: Tensor) -> Tensor:
    return correct(x).astype("float64")
