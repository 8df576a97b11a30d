"""Known wrong answers of Convolution 5."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import convolve as correct

from grader.misconceptions import misconception

Array = NDArray[Any]


@misconception(
    "only-the-first-filter",
    en="Only the first filter is used: the result has one channel. The last axis of the result should be as "
    "long as the last axis of the kernel; is there an index 0 left over?",
    ko="첫 번째 필터만 쓰여서 결과의 채널이 하나뿐입니다. "
    "결과의 마지막 축은 커널의 마지막 축과 길이가 같아야 합니다. 인덱스 0이 남아 있지는 않나요?",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, kernel[..., :1], bias[:1], activation)


@misconception(
    "first-filter-repeated",
    en="All channels of the result are alike: each seems to come from the first filter. "
    "Change a weight of the second filter and see whether the second channel follows.",
    ko="결과의 모든 채널이 똑같습니다. 채널마다 첫 번째 필터를 쓴 것 같습니다. "
    "두 번째 필터의 가중치를 바꾸면 두 번째 채널도 바뀌는지 확인해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, np.repeat(kernel[..., :1], kernel.shape[3], axis=3), bias, activation)


@misconception(
    "filters-added-up",
    en="The filters seem to be added up into a single channel. "
    "Each filter should keep a channel of its own: over which axes does your sum run?",
    ko="필터들의 결과를 채널 하나로 더해 버린 것 같습니다. 필터마다 자기 채널이 있어야 합니다. 어느 축에 "
    "대해 더하고 있나요?",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, kernel.sum(axis=3, keepdims=True), bias.sum(keepdims=True), activation)


@misconception(
    "filters-read-in-memory-order",
    en="The numbers of the kernel seem to be cut into filters in the order in which they lie in memory, so "
    "every filter got weights of the others. `reshape` never moves an axis: compare `kernel.reshape(F, KH, "
    "KW)[0]` with `kernel[:, :, 0, 0]`.",
    ko="커널의 값을 메모리에 놓인 순서대로 잘라 필터로 쓴 것 같습니다. 그래서 필터마다 다른 필터의 가중치가 "
    "섞였습니다. `reshape`는 축의 순서를 바꿔 주지 않습니다. `kernel.reshape(F, KH, KW)[0]`과 `kernel[:, :, "
    "0, 0]`을 비교해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    height, width, _, filters = kernel.shape
    mixed = kernel.reshape(filters, height, width).transpose(1, 2, 0)[:, :, np.newaxis, :]
    return correct(x, mixed, bias, activation)


@misconception(
    "kernel-flipped",
    en="Every filter seems to be turned by 180° before the multiplication. An image of ones cannot show it: "
    "try the image 0, 1, 2, 3 of the first example without relu.",
    ko="모든 필터를 180° 돌린 다음 곱한 것 같습니다. 모두 1인 이미지로는 드러나지 않습니다. "
    "첫 번째 예시의 이미지 0, 1, 2, 3을 relu 없이 넣어 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, kernel[::-1, ::-1], bias, activation)


@misconception(
    "relu-always",
    en="Negative results become 0 although no activation was asked for. "
    "What is the value of `activation` when the caller does not give one?",
    ko="활성화 함수를 요구하지 않았는데도 음수 결과가 0이 됩니다. 호출할 때 `activation`을 주지 않으면 그 "
    "값은 무엇인가요?",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    result = correct(x, kernel, bias, activation)
    return np.maximum(result, 0)


@misconception(
    "relu-ignored",
    en='With `activation="relu"` there are still negative results. '
    "The parameter seems to be read, but nothing is done with it, or its result is thrown away.",
    ko='`activation="relu"`인데도 음수 결과가 남아 있습니다. '
    "인자를 받기만 하고 쓰지 않았거나, 계산한 결과를 버린 것 같습니다.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    result = correct(x, kernel, bias, activation)
    return correct(x, kernel, bias) if activation == "relu" else result


@misconception(
    "relu-before-the-bias",
    en="relu seems to come before the bias is added. "
    "A negative bias then gives negative results even with relu: try a large one.",
    ko="bias를 더하기 전에 relu를 적용한 것 같습니다. "
    "그러면 bias가 음수일 때 relu를 썼는데도 음수가 나옵니다. 절댓값이 큰 음수 bias로 시험해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, kernel, np.zeros_like(bias), activation) + bias


@misconception(
    "magnitude-instead-of-relu",
    en="With relu, negative results lose their sign instead of becoming 0: that is the absolute value. "
    "Look at the three zeros of the first example.",
    ko="relu를 쓰면 음수 결과가 0이 되지 않고 부호만 사라집니다. 그것은 절댓값입니다. 첫 번째 예시에 있는 세 "
    "개의 0을 다시 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    result = correct(x, kernel, bias, activation)
    return np.abs(correct(x, kernel, bias)) if activation == "relu" else result


@misconception(
    "relu-on-the-products",
    en="relu seems to be applied to the single products of a window, before they are added up. "
    "How many numbers does relu get for one window and one filter?",
    ko="윈도우의 곱을 더하기 전에 곱 하나하나에 relu를 적용한 것 같습니다. "
    "윈도우 하나, 필터 하나에 대해 relu가 받는 숫자는 몇 개여야 할까요?",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    result = correct(x, kernel, bias, activation)
    if activation == "relu":
        rising = correct(np.maximum(x, 0), np.maximum(kernel, 0), np.zeros_like(bias))
        falling = correct(np.maximum(-x, 0), np.maximum(-kernel, 0), np.zeros_like(bias))
        result = np.maximum(rising + falling + bias, 0)
    return result


@misconception(
    "one-bias-for-all-filters",
    en="All filters seem to get the bias of the first one. "
    "Use an image of zeros and a different bias for each filter: each channel should show its own.",
    ko="모든 필터에 첫 번째 필터의 bias를 더한 것 같습니다. "
    "전부 0인 이미지에 필터마다 다른 bias를 주어 보세요. 채널마다 자기 bias가 나와야 합니다.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, kernel, np.full_like(bias, bias[0]), activation)


@misconception(
    "any-activation-accepted",
    en="An unknown activation is passed over in silence, as if none had been asked for. "
    "Whoever misspells the name will never notice: what does the contract promise for this case?",
    ko="모르는 활성화 함수를 조용히 무시하고, 아무것도 요구하지 않은 것처럼 계산합니다. "
    "이름을 잘못 쓴 사람은 끝까지 모르게 됩니다. 규칙에는 이런 경우에 어떻게 한다고 되어 있나요?",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, kernel, bias, "relu" if activation == "relu" else None)


@misconception(
    "cut-to-integers",
    en="With images of integers the fractions of the result are gone. "
    "Probably the array for the result took over the type of the images: print its dtype.",
    ko="정수 이미지를 넣으면 결과의 소수 부분이 사라집니다. "
    "결과를 담을 배열이 이미지의 자료형을 그대로 물려받은 것 같습니다. dtype을 출력해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array, activation: str | None = None) -> Array:
    return correct(x, kernel, bias, activation).astype(x.dtype)


@misconception(
    "sum-of-everything",
    en="`filter_sums` gives one number: the weights of all filters together. "
    "One number for each filter is wanted, so one axis of the kernel must survive the sum.",
    ko="`filter_sums`가 모든 필터의 가중치를 합친 숫자 하나를 반환합니다. "
    "필터마다 숫자가 하나씩 필요하니, 커널의 축 하나는 합한 뒤에도 남아 있어야 합니다.",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(np.sum(kernel))


@misconception(
    "mean-of-the-weights",
    en="`filter_sums` gives the mean of each filter's weights, not their sum. "
    "For a 2x2 filter that is a quarter of the number in the example.",
    ko="`filter_sums`가 필터별 가중치의 합이 아니라 평균을 반환합니다. 2x2 필터라면 예시에 나온 값의 4분의 "
    "1이 됩니다.",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(np.mean(kernel, axis=(0, 1, 2)))


@misconception(
    "sum-of-magnitudes",
    en="`filter_sums` seems to add the weights up without their signs. "
    "Three of the four sums in the example are negative.",
    ko="`filter_sums`가 가중치의 부호를 떼고 더한 것 같습니다. 예시의 네 합 가운데 셋은 음수입니다.",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(np.sum(np.abs(kernel), axis=(0, 1, 2)))


@misconception(
    "sums-of-the-rows",
    en="`filter_sums` gives one number for each row of the kernel: that axis survives the sum, and the one "
    "that counts the filters does not. Compare the shape of your result with (F,).",
    ko="`filter_sums`가 커널의 행마다 숫자를 하나씩 반환합니다. 행의 축이 남고 필터의 축이 합해졌습니다. "
    "결과의 shape를 (F,)와 비교해 보세요.",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(np.sum(kernel, axis=(1, 2, 3)))


@misconception(
    "sums-of-the-columns",
    en="`filter_sums` gives one number for each column of the kernel: that axis survives the sum, and the one "
    "that counts the filters does not. Compare the shape of your result with (F,).",
    ko="`filter_sums`가 커널의 열마다 숫자를 하나씩 반환합니다. 열의 축이 남고 필터의 축이 합해졌습니다. "
    "결과의 shape를 (F,)와 비교해 보세요.",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(np.sum(kernel, axis=(0, 2, 3)))


@misconception(
    "sums-in-the-order-of-memory",
    en="`filter_sums` cuts the numbers of the kernel into filters in the order in which they lie in memory. "
    "Compare `kernel.reshape(F, -1)[0]` with `kernel[:, :, 0, 0]`.",
    ko="`filter_sums`가 커널의 수를 메모리에 놓인 순서대로 잘라 필터로 삼습니다. `kernel.reshape(F, -1)[0]`과 "
    "`kernel[:, :, 0, 0]`을 비교해 보세요.",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(kernel.reshape(kernel.shape[3], -1).sum(axis=1))


@misconception(
    "sums-keep-all-axes",
    en="`filter_sums` gives the right numbers, but in four axes: three of them have length 1 and should be "
    "gone. Print the shape of the result.",
    ko="`filter_sums`의 값은 맞지만 축이 네 개입니다. 그중 길이가 1인 세 축은 없어야 합니다. 결과의 shape를 "
    "출력해 보세요.",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(np.sum(kernel, axis=(0, 1, 2), keepdims=True))


@misconception(
    "sums-keep-an-axis",
    en="`filter_sums` gives the right numbers, but the shape is (1, F): the axis of the single channel is "
    "still there. Which axes does your sum run over?",
    ko="`filter_sums`의 값은 맞지만 shape가 (1, F)입니다. 하나뿐인 채널의 축이 남아 있습니다. 어느 축을 따라 "
    "더하고 있나요?",
)
def filter_sums(kernel: Array) -> Array:
    return np.asarray(np.sum(kernel, axis=(0, 1)))


@misconception(
    "sum-of-the-first-filter",
    en="`filter_sums` gives the sum of the first filter for all of them. Print `kernel[:, :, 0, 1]` and add it "
    "up by hand: where does that number belong?",
    ko="`filter_sums`가 모든 필터에 첫 번째 필터의 합을 냅니다. `kernel[:, :, 0, 1]`을 출력해서 손으로 더해 "
    "보세요. 그 값은 어디에 있어야 할까요?",
)
def filter_sums(kernel: Array) -> Array:
    return np.full(kernel.shape[3], np.sum(kernel[..., 0]))


PARTS_OF_SUMS: list[tuple[str, str, str, Callable[[Array], Any]]] = [
    ("largest-weights", "the largest weight of each filter, not the sum", "필터별 가중치의 합이 아니라 최댓값", lambda k: k.max(axis=(0, 1, 2))),
    ("smallest-weights", "the smallest weight of each filter, not the sum", "필터별 가중치의 합이 아니라 최솟값", lambda k: k.min(axis=(0, 1, 2))),
    ("products-of-the-weights", "the product of each filter's weights, not the sum", "필터별 가중치의 합이 아니라 곱", lambda k: k.prod(axis=(0, 1, 2))),
    ("sums-of-squares", "the sums of the squared weights", "가중치를 제곱해서 더한 값", lambda k: (k * k).sum(axis=(0, 1, 2))),
    ("magnitudes-of-the-sums", "the sums without their signs", "부호를 뗀 합", lambda k: np.abs(k.sum(axis=(0, 1, 2)))),
    ("negative-sums-lost", "0 for every negative sum, as after relu", "relu를 쓴 것처럼 음수 대신 0", lambda k: np.maximum(k.sum(axis=(0, 1, 2)), 0)),
    ("positive-weights-alone", "the sums of the positive weights alone", "양수인 가중치만 더한 값", lambda k: np.maximum(k, 0).sum(axis=(0, 1, 2))),
    ("opposite-sums", "the sums with the opposite sign", "부호가 반대인 합", lambda k: -k.sum(axis=(0, 1, 2))),
    ("whole-sums", "the sums cut to integers", "정수로 잘린 합", lambda k: np.trunc(k.sum(axis=(0, 1, 2)))),
    ("rounded-sums", "the sums rounded to integers", "정수로 반올림한 합", lambda k: np.round(k.sum(axis=(0, 1, 2)))),
    ("weights-cut-before-the-sum", "the sums of weights that are cut to integers", "정수로 자른 가중치의 합", lambda k: np.trunc(k).sum(axis=(0, 1, 2))),
    ("sums-piling-up", "for each filter its sum and those of the filters before it", "앞 필터들의 합까지 더한 값", lambda k: np.cumsum(k.sum(axis=(0, 1, 2)))),
    ("sums-in-reverse", "the sums of the filters in reverse order", "필터의 역순으로 놓인 합", lambda k: k.sum(axis=(0, 1, 2))[::-1]),
    ("sums-sorted", "the sums sorted by size", "크기순으로 정렬된 합", lambda k: np.sort(k.sum(axis=(0, 1, 2)))),
    ("sum-of-the-last-filter", "the sum of the last filter for all of them", "모든 필터에 마지막 필터의 합", lambda k: np.full(k.shape[3], k[..., -1].sum())),
    ("sum-of-everything-for-each", "the sum of all weights for each filter", "모든 필터에 전체 가중치의 합", lambda k: np.full(k.shape[3], k.sum())),
    ("first-sum-only", "the sum of the first filter alone", "첫 번째 필터의 합 하나", lambda k: k[..., :1].sum(axis=(0, 1, 2))),
    ("last-sum-missing", "the sums of all filters but the last", "마지막 필터를 뺀 합", lambda k: k[..., :-1].sum(axis=(0, 1, 2))),
    ("last-sum-not-written", "0 for the last filter", "마지막 필터 자리에 0", lambda k: np.append(k[..., :-1].sum(axis=(0, 1, 2)), 0)),
    ("first-row-of-each-filter", "the sums of the first row of each filter", "필터마다 첫 행만 더한 값", lambda k: k[:1].sum(axis=(0, 1, 2))),
    ("first-column-of-each-filter", "the sums of the first column of each filter", "필터마다 첫 열만 더한 값", lambda k: k[:, :1].sum(axis=(0, 1, 2))),
    ("last-row-left-out-of-the-sum", "the sums without the last row of each filter", "필터마다 마지막 행을 빼고 더한 값", lambda k: k[:-1].sum(axis=(0, 1, 2))),
    ("last-column-left-out-of-the-sum", "the sums without the last column of each filter", "필터마다 마지막 열을 빼고 더한 값", lambda k: k[:, :-1].sum(axis=(0, 1, 2))),
    ("diagonal-of-each-filter", "the sums of the diagonal of each filter", "필터마다 대각선만 더한 값", lambda k: np.trace(k[:, :, 0])),
    ("four-weights-of-each-filter", "the sums of the upper left 2x2 weights of each filter", "필터마다 왼쪽 위 2x2 가중치만 더한 값", lambda k: k[:2, :2].sum(axis=(0, 1, 2))),
    ("filters-taken-as-square", "the sums of as many columns as a filter has rows", "필터마다 행의 수만큼의 열만 더한 값", lambda k: k[:, : k.shape[0]].sum(axis=(0, 1, 2))),
    ("filters-taken-as-square-of-their-width", "the sums of as many rows as a filter has columns", "필터마다 열의 수만큼의 행만 더한 값", lambda k: k[: k.shape[1]].sum(axis=(0, 1, 2))),
    ("first-weights", "the first weight of each filter, not the sum", "필터별 가중치의 합이 아니라 첫 번째 가중치", lambda k: k[0, 0, 0]),
    ("last-weights", "the last weight of each filter, not the sum", "필터별 가중치의 합이 아니라 마지막 가중치", lambda k: k[-1, -1, -1]),
    ("numbers-of-weights", "how many weights each filter has, not their sum", "필터별 가중치의 합이 아니라 가중치의 수", lambda k: np.full(k.shape[3], k[..., 0].size)),
    ("standard-deviations-of-the-weights", "the standard deviation of each filter's weights", "필터별 가중치의 표준편차", lambda k: k.std(axis=(0, 1, 2))),
    ("sums-over-the-rows-alone", "the sums along the rows alone: the axis of the columns is still there", "행을 따라서만 더한 값. 열의 축이 남아 있습니다", lambda k: k.sum(axis=0)),
    ("sums-over-the-columns-alone", "the sums along the columns alone: the axis of the rows is still there", "열을 따라서만 더한 값. 행의 축이 남아 있습니다", lambda k: k.sum(axis=1)),
    ("sums-divided-by-the-filters", "the sums divided by the number of filters", "합을 필터의 수로 나눈 값", lambda k: k.sum(axis=(0, 1, 2)) / k.shape[3]),
    ("sums-divided-by-four", "the sums divided by 4", "합을 4로 나눈 값", lambda k: k.sum(axis=(0, 1, 2)) / 4),
    ("sums-as-a-column", "the right numbers, but as a column of shape (F, 1)", "값은 맞지만 shape가 (F, 1)인 열", lambda k: k.sum(axis=(0, 1, 2))[:, np.newaxis]),
]  # fmt: skip
for _id, _en, _ko, _what in PARTS_OF_SUMS:

    @misconception(
        _id,
        en=f"`filter_sums` gives {_en}. Print the weights of the second filter, `kernel[:, :, 0, 1]`, and add them up by hand.",
        ko=f"`filter_sums`의 결과가 {_ko}입니다. 두 번째 필터의 가중치 `kernel[:, :, 0, 1]`을 출력해서 손으로 더해 보세요.".replace(
            "다입니다", "다"
        ),
    )
    def filter_sums(kernel: Array, what: Callable[[Array], Any] = _what) -> Array:
        return np.asarray(what(kernel))
