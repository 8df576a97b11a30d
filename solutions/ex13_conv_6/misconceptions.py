"""Known wrong answers of Convolution 6."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import channel_maps as correct_maps
from solution import convolve as correct

from grader.misconceptions import misconception

Array = NDArray[Any]


@misconception(
    "channels-averaged",
    en="The contributions of the channels seem to be averaged instead of added up. "
    "With three channels every number is a third of what it should be: does that fit the example?",
    ko="채널별 몫을 더하지 않고 평균 낸 것 같습니다. "
    "채널이 세 개면 모든 값이 3분의 1로 줄어듭니다. 예시와 비교해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel / x.shape[3], bias)


@misconception(
    "only-the-first-channel",
    en="Only the first channel of the image seems to count. Change a pixel of the last channel: does the "
    "result change? An index 0 may be left over from the earlier exercises.",
    ko="이미지의 첫 번째 채널만 쓰인 것 같습니다. "
    "마지막 채널의 픽셀을 바꾸면 결과가 달라지나요? 앞 과제에서 쓰던 인덱스 0이 남아 있을지도 모릅니다.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x[..., :1], kernel[:, :, :1], bias)


@misconception(
    "first-channel-weights-for-all",
    en="All channels seem to be multiplied by the weights of the first one. "
    "Print `kernel[:, :, 0, 0]` and `kernel[:, :, 1, 0]`: they differ, and both are needed.",
    ko="모든 채널에 첫 번째 채널의 가중치를 곱한 것 같습니다. "
    "`kernel[:, :, 0, 0]`과 `kernel[:, :, 1, 0]`을 출력해 보세요. 둘은 서로 다르고, 둘 다 필요합니다.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, np.repeat(kernel[:, :, :1], x.shape[3], axis=2), bias)


@misconception(
    "channels-in-reverse",
    en="The channels of image and kernel seem to be paired in opposite order: the first with the last. "
    "An image in which one channel alone is not zero shows which weights it meets.",
    ko="이미지와 커널의 채널이 거꾸로 짝지어진 것 같습니다. 첫 번째가 마지막과 만나고 있습니다. "
    "채널 하나만 0이 아닌 이미지를 넣으면 어떤 가중치와 만나는지 알 수 있습니다.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel[:, :, ::-1], bias)


@misconception(
    "gray-image-first",
    en="The channels seem to be added up before the weights come in, for the image and for the kernel. A sum "
    "of products is not the product of sums: compute a case with two channels and a 1x1 window by hand.",
    ko="가중치를 곱하기 전에 이미지와 커널의 채널을 각각 먼저 더한 것 같습니다. "
    "곱의 합은 합의 곱과 다릅니다. 채널이 두 개이고 윈도우가 1x1인 경우를 손으로 계산해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x.sum(axis=3, keepdims=True), kernel.sum(axis=2, keepdims=True), bias)


@misconception(
    "bias-for-each-channel",
    en="The bias seems to be added once for each channel. "
    "Use an image of zeros with three channels: every number of the result should be the bias itself.",
    ko="bias가 채널마다 한 번씩 더해진 것 같습니다. "
    "채널이 세 개이고 전부 0인 이미지로 시험해 보세요. 결과의 모든 값이 bias 그 자체여야 합니다.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, x.shape[3] * bias)


@misconception(
    "channels-and-filters-exchanged",
    en="The last two axes of the kernel seem to be read in the wrong order, filters before channels. "
    "The contract says (KH, KW, Cin, F): to which axis does each of your indices belong?",
    ko="커널의 마지막 두 축을 필터, 채널 순서로 거꾸로 읽은 것 같습니다. "
    "규칙에는 (KH, KW, Cin, F)라고 되어 있습니다. 쓰고 있는 인덱스가 각각 어느 축의 것인지 확인해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    height, width, channels, filters = kernel.shape
    return correct(x, kernel.reshape(height, width, filters, channels).transpose(0, 1, 3, 2), bias)


@misconception(
    "image-read-channels-first",
    en="The pixels seem to be read as if one channel lay after the other. In NHWC the channels of one pixel "
    "are neighbours, and `reshape` does not move them. Print `x[0, 0, 0]`: what are these numbers?",
    ko="채널이 차례로 이어져 있는 것처럼 픽셀을 읽은 것 같습니다. NHWC에서는 한 픽셀의 채널 값들이 서로 "
    "이웃해 있고, `reshape`는 값의 순서를 옮겨 주지 않습니다. `x[0, 0, 0]`을 출력해 보세요. 무엇을 나타내는 "
    "숫자들인가요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    number, height, width, channels = x.shape
    return correct(x.reshape(number, channels, height, width).transpose(0, 2, 3, 1), kernel, bias)


@misconception(
    "kernel-flipped",
    en="The filters seem to be turned by 180° before the multiplication. An image of ones cannot show it: "
    "try one in which a single pixel is not zero.",
    ko="필터를 180° 돌린 다음 곱한 것 같습니다. 모두 1인 이미지로는 드러나지 않습니다. 픽셀 하나만 0이 아닌 "
    "이미지로 시험해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel[::-1, ::-1], bias)


@misconception(
    "pixels-ignored",
    en="The result is the sum of the weights, whatever the image shows. "
    "That is a property of the example, in which every pixel is 1: try an image of twos.",
    ko="이미지와 상관없이 가중치의 합이 나옵니다. "
    "그것은 모든 픽셀이 1인 예시에서만 맞는 말입니다. 모두 2인 이미지를 넣어 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(np.ones(x.shape), kernel, bias)


@misconception(
    "cut-to-integers",
    en="With images of integers the fractions of the result are gone. "
    "Probably the array for the result took over the type of the images: print its dtype.",
    ko="정수 이미지를 넣으면 결과의 소수 부분이 사라집니다. "
    "결과를 담을 배열이 이미지의 자료형을 그대로 물려받은 것 같습니다. dtype을 출력해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias).astype(x.dtype)


@misconception(
    "maps-with-channels-last",
    en="The maps hold the right numbers, but the channels are the last axis. "
    "Compare the shape with the contract: here the channels come first.",
    ko="값은 맞지만 채널이 마지막 축에 있습니다. 규칙에 적힌 shape와 비교해 보세요. 여기서는 채널이 맨 앞에 "
    "옵니다.",
)
def channel_maps(x: Array, kernel: Array, index: int) -> Array:
    return np.moveaxis(correct_maps(x, kernel, index), 0, -1)


@misconception(
    "maps-piling-up",
    en="Each map seems to contain those of the channels before it: a running total. "
    "The last map is then the whole output of the filter. What is set to zero, and when?",
    ko="각 채널의 몫에 앞 채널들의 몫까지 쌓여 있는 것 같습니다. 그러면 마지막 것이 필터의 출력 전체가 "
    "됩니다. 무엇을 언제 0으로 되돌리고 있나요?",
)
def channel_maps(x: Array, kernel: Array, index: int) -> Array:
    return np.asarray(np.cumsum(correct_maps(x, kernel, index), axis=0))


@misconception(
    "maps-of-the-first-filter",
    en="`channel_maps` seems to answer for the first filter, whatever `index` is. "
    "Call it with index 0 and with index 1 and compare.",
    ko="`index`와 상관없이 `channel_maps`가 첫 번째 필터의 몫을 내는 것 같습니다. index를 0과 1로 바꿔 "
    "호출해서 비교해 보세요.",
)
def channel_maps(x: Array, kernel: Array, index: int) -> Array:
    return correct_maps(x, kernel, 0)


@misconception(
    "maps-index-is-a-channel",
    en="`index` seems to choose a channel, and there is a map for each filter. It is the other way round: "
    "one filter is chosen, and each channel has a map. Compare the first axis of your result with Cin.",
    ko="`index`로 채널을 고르고 필터마다 몫을 만든 것 같습니다. "
    "반대입니다. 필터 하나를 고르고 채널마다 몫을 만들어야 합니다. 결과의 첫 번째 축을 Cin과 비교해 보세요.",
)
def channel_maps(x: Array, kernel: Array, index: int) -> Array:
    channel = slice(index, index + 1)
    output = correct(x[..., channel], kernel[:, :, channel], np.zeros(kernel.shape[3]))
    return np.moveaxis(output[0], -1, 0)


@misconception(
    "maps-kernel-flipped",
    en="`channel_maps` seems to turn the weights by 180° before it multiplies. "
    "The maps should add up to the output of `convolve`: do they, for an image that is not all ones?",
    ko="`channel_maps`에서 가중치를 180° 돌려 곱한 것 같습니다. "
    "채널별 몫을 더하면 `convolve`의 출력이 되어야 합니다. 모두 1이 아닌 이미지에서도 그런가요?",
)
def channel_maps(x: Array, kernel: Array, index: int) -> Array:
    return correct_maps(x, kernel[::-1, ::-1], index)
