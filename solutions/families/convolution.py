"""Convolution with every place at which it goes wrong: the known mistakes of ex08 to ex14.

One loop over windows, and in front of everything that it needs a question to `at`. `run` without a knob is right: for
`convolve`, for `channel_maps`, which does not add the channels up, and for `detect_edges`, which has one picture and one filter.
"""

# One table of mistakes after another is read in a loop, whose names stand for other things each time.
# mypy: disable-error-code="assignment,arg-type,call-overload,no-any-return"

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.misconceptions import axes_of, family, knob, pairs

Tensor = NDArray[Any]
Places = SimpleNamespace
EDGES = np.array([[-1.0, 1.0], [-1.0, 1.0]]).reshape(2, 2, 1, 1)


def run(
    x: Any = None,
    kernel: Any = None,
    bias: Any = (0.0,),
    activation: str | None = None,
    index: int = 0,
    image: Any = None,
    *,
    at: Places,
) -> Tensor:
    """Return the weighted sums of every window, as the function of the exercise returns them."""
    if activation not in (None, "relu"):
        activation = at.unknown(activation)
    if image is not None:
        x, kernel = np.asarray(at.picture(image))[np.newaxis, :, :, np.newaxis], EDGES
    x, kernel, bias = np.asarray(x), np.asarray(kernel), np.asarray(bias)
    if at.form == "maps":
        kernel, bias = kernel[..., at.chosen(index) :][..., :1], np.zeros(1)
    call = SimpleNamespace(x=x, kernel=kernel, bias=bias, activation=activation, index=index, form=at.form)
    with np.errstate(all="ignore"):
        return left(np.asarray(at.finish(activated(sums(call, at), call, at), call)), call)


def sums(call: Places, at: Places) -> Tensor:
    """Return the sums of all windows with their bias: images, rows, columns, filters."""
    x, kernel = at.prepare(call.x, call), at.kernel(call.kernel, call)
    bias = at.bias(call.bias, call)
    rows, columns = (along(x, kernel, call, axis, at) for axis in (0, 1))
    if rows.before or rows.after or columns.before or columns.after:
        x = at.pad(x, ((0, 0), (rows.before, rows.after), (columns.before, columns.after), (0, 0)))
    values = [
        [
            at.add(at.channels(at.reduce(at.multiply(x[:, top:bottom, first:last], kernel))), bias)
            for first, last in columns.windows
        ]
        for top, bottom in rows.windows
    ]
    return stored(values, (rows.count, columns.count), x, kernel, call, at)


def along(x: Tensor, kernel: Tensor, call: Places, axis: int, at: Places) -> Places:
    """Return where windows begin and end along one axis, and how much is added before and after the image."""
    g = SimpleNamespace(
        side=x.shape[1 + axis],
        other_side=x.shape[2 - axis],
        length=kernel.shape[axis],
        other_length=kernel.shape[1 - axis],
    )
    for place in ("step", "before", "after", "count", "reach"):
        setattr(g, place, getattr(at, place)(g, axis=axis))
    starts = [at.start(number, g, axis=axis) for number in range(g.count)]
    g.windows = [(start, start + g.reach) for start in starts]
    return g


def multiplied(window: Tensor, kernel: Tensor) -> Tensor:
    """Return the products: images, rows, columns, channels, filters."""
    if window.shape[3] != kernel.shape[2]:
        # NumPy would repeat a single channel, and a mistake look right.
        raise ValueError(
            f"operands could not be broadcast together with shapes {window.shape} {kernel.shape} "
        )
    return window[..., np.newaxis] * kernel


def right_count(call: Places) -> tuple[int, int]:
    rows, columns = (call.x.shape[1 + axis] - call.kernel.shape[axis] + 1 for axis in (0, 1))
    return rows, columns


def stored(
    values: list[list[Tensor]],
    counts: tuple[int, int],
    x: Tensor,
    kernel: Tensor,
    call: Places,
    at: Places,
) -> Tensor:
    """Return the values of all windows as one array."""
    first = next((value.shape for row in values for value in row), (len(x), kernel.shape[3]))
    result = np.zeros((first[0], *(right_count(call) if at.allocate else counts), *first[1:]), at.store(call))
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            result[:, i, j] = value
    return result


def activated(result: Tensor, call: Places, at: Places) -> Tensor:
    return at.relu(result, call) if call.activation == "relu" else at.linear(result, call)


def left(result: Tensor, call: Places) -> Tensor:
    """Return what the exercise's function returns of a result with all axes."""
    if call.form == "maps" and result.ndim == 5:
        return np.moveaxis(result[0, ..., 0], -1, 0)
    if call.form == "edges" and result.ndim == 4:
        return result[0, :, :, 0]
    return result


def unknown(activation: str) -> str | None:
    raise ValueError(f"activation {activation!r} is neither None nor 'relu'")


family(
    run,
    functions={
        "convolve": {},
        "channel_maps": {"form": "maps", "channels": lambda part: part, "add": lambda part, bias: part},
        "detect_edges": {"form": "edges"},
    },
    twin_of=("step", "count"),
    twin={"allocate": True},
    twin_texts={
        "en": "The result has the right size, and what is not written stays 0.",
        "ko": "결과의 크기는 맞지만, 값을 쓰지 않은 자리는 0으로 남아 있습니다.",
    },
    form="layer",
    # The order in which they are asked.
    unknown=unknown,
    picture=lambda image: np.asarray(image, np.float64),
    chosen=lambda index: index,
    prepare=(),
    kernel=(),
    bias=(),
    step=lambda g: 1,
    before=lambda g: 0,
    after=lambda g: 0,
    # A kernel larger than the image leaves a negative number, which no array has.
    count=lambda g: (g.side + g.before + g.after - g.length) // g.step + 1,
    reach=lambda g: g.length,
    start=lambda number, g: number * g.step,
    pad=lambda x, edges: np.pad(x, edges),
    multiply=multiplied,
    reduce=lambda products: products.sum(axis=(1, 2)),
    channels=lambda part: part.sum(axis=1),
    add=lambda part, bias: part + bias,
    # The dtype of the result, and whether it has its right size whatever is found.
    store=lambda call: np.float64,
    allocate=False,
    relu=lambda result, call: np.maximum(result, 0),
    linear=lambda result, call: result,
    finish=(),
)

BOTH = ("convolve", "channel_maps")
LAYER = ("convolve",)
FILLED = dict[str, Any]

# The kernel.

SEE_KERNEL = (
    "Try an image that is 0 but for one pixel, and a kernel of different weights: which weight does that pixel meet in which window?",
    "픽셀 하나만 1이고 나머지는 0인 이미지에 가중치가 모두 다른 커널을 넣어 보세요. 그 픽셀은 어느 윈도우에서 어떤 가중치와 만나나요?",
)
KERNELS: list[tuple[str, str, str, Callable[..., Any]]] = [
    ("kernel-flipped", "the kernel is turned by 180° first, as in the convolution of a mathematics book", "수학책의 합성곱처럼 커널을 먼저 180° 돌렸을 때", lambda k, c: k[::-1, ::-1]),
    ("kernel-upside-down", "the rows of the kernel are taken in reverse order", "커널의 행을 거꾸로 썼을 때", lambda k, c: k[::-1]),
    ("kernel-mirrored", "the columns of the kernel are taken in reverse order", "커널의 열을 거꾸로 썼을 때", lambda k, c: k[:, ::-1]),
    ("kernel-transposed", "rows and columns of the kernel are exchanged", "커널의 행과 열을 서로 바꾸었을 때", lambda k, c: k.transpose(1, 0, 2, 3)),
    ("kernel-transposed-in-its-shape", "the kernel is read column by column where rows should be filled", "커널을 행이 아니라 열을 따라 읽어 채웠을 때", lambda k, c: k.transpose(1, 0, 2, 3).reshape(k.shape)),
    ("kernel-turned-to-the-left", "the kernel is turned by 90° to the left", "커널을 왼쪽으로 90° 돌렸을 때", lambda k, c: np.rot90(k)),
    ("kernel-turned-to-the-right", "the kernel is turned by 90° to the right", "커널을 오른쪽으로 90° 돌렸을 때", lambda k, c: np.rot90(k, -1)),
    ("kernel-transposed-and-turned", "the kernel is mirrored along its other diagonal", "커널을 다른 쪽 대각선을 기준으로 뒤집었을 때", lambda k, c: k.transpose(1, 0, 2, 3)[::-1, ::-1]),
    ("mean-of-the-products", "the products of a window are averaged instead of added up", "윈도우의 곱들을 더하지 않고 평균 냈을 때", lambda k, c: k / (k.shape[0] * k.shape[1])),
    ("mean-of-all-products", "the products of a window are averaged over its pixels and channels", "윈도우의 곱들을 픽셀과 채널 전체에 대해 평균 냈을 때", lambda k, c: k / (k.shape[0] * k.shape[1] * k.shape[2])),
    ("only-four-weights", "only the upper left 2x2 part of the kernel is used", "커널의 왼쪽 위 2x2 부분만 썼을 때", lambda k, c: k[:2, :2]),
    ("weights-of-one", "every weight is 1: the pixels of each window are added up", "모든 가중치가 1일 때(윈도우의 픽셀을 그냥 더했을 때)", lambda k, c: np.ones_like(k)),
    ("weights-ignored", "every weight is the same part of 1: the mean of each window", "가중치가 모두 같아 각 윈도우의 평균을 냈을 때", lambda k, c: np.full(k.shape, 1 / k[..., 0].size)),
    ("signs-of-the-weights-lost", "the weights lose their signs", "가중치의 부호를 뗐을 때", lambda k, c: np.abs(k)),
    ("negative-weights-lost", "every negative weight is 0", "음수 가중치를 모두 0으로 바꾸었을 때", lambda k, c: np.maximum(k, 0)),
    ("positive-weights-lost", "every positive weight is 0", "양수 가중치를 모두 0으로 바꾸었을 때", lambda k, c: np.minimum(k, 0)),
    ("only-signs-of-the-weights", "every weight is replaced by its sign", "가중치를 모두 그 부호로 바꾸었을 때", lambda k, c: np.sign(k)),
    ("signs-of-the-weights-turned", "every weight has the opposite sign", "가중치의 부호를 모두 바꾸었을 때", lambda k, c: -k),
    ("weights-cut-to-integers", "the weights are cut to integers", "가중치를 정수로 잘랐을 때", lambda k, c: np.trunc(k)),
    ("weights-rounded", "the weights are rounded", "가중치를 반올림했을 때", lambda k, c: np.round(k)),
    ("weights-rounded-down", "the weights are rounded down", "가중치를 내림했을 때", lambda k, c: np.floor(k)),
    ("weights-in-float16", "the weights are made float16", "가중치를 float16으로 바꾸었을 때", lambda k, c: k.astype("float16")),
    ("weights-divided-by-their-sum", "the weights are divided by their sum", "가중치를 그 합으로 나누었을 때", lambda k, c: k / k.sum()),
    ("weights-of-a-filter-divided-by-their-sum", "the weights of each filter are divided by their sum", "필터마다 가중치를 그 합으로 나누었을 때", lambda k, c: k / k.sum(axis=(0, 1, 2))),
    ("weights-divided-by-their-magnitudes", "the weights are divided by the sum of their magnitudes", "가중치를 절댓값의 합으로 나누었을 때", lambda k, c: k / np.abs(k).sum()),
    ("weights-divided-by-the-largest", "the weights are divided by the largest of them", "가중치를 그중 가장 큰 값으로 나누었을 때", lambda k, c: k / k.max()),
    ("weights-without-their-mean", "the mean of the weights is subtracted from each", "가중치에서 그 평균을 뺐을 때", lambda k, c: k - k.mean()),
    ("weights-squared", "the weights are squared", "가중치를 제곱했을 때", lambda k, c: k * k),
    ("weights-doubled", "the weights count twice", "가중치를 두 배로 했을 때", lambda k, c: 2 * k),
    ("weights-halved", "the weights count half", "가중치를 절반으로 했을 때", lambda k, c: k / 2),
    ("divided-by-four", "every sum is divided by 4", "모든 합을 4로 나누었을 때", lambda k, c: k / 4),
    ("divided-by-nine", "every sum is divided by 9", "모든 합을 9로 나누었을 때", lambda k, c: k / 9),
    ("divided-by-the-height", "every sum is divided by the height of the kernel", "모든 합을 커널의 높이로 나누었을 때", lambda k, c: k / k.shape[0]),
    ("divided-by-the-width", "every sum is divided by the width of the kernel", "모든 합을 커널의 너비로 나누었을 때", lambda k, c: k / k.shape[1]),
    ("divided-by-the-filters", "every sum is divided by the number of filters", "모든 합을 필터의 수로 나누었을 때", lambda k, c: k / k.shape[3]),
    ("divided-by-the-images", "every sum is divided by the number of images", "모든 합을 이미지의 수로 나누었을 때", lambda k, c: k / len(c.x)),
    ("first-weight-for-all", "the first weight stands in every place", "첫 번째 가중치를 모든 자리에 썼을 때", lambda k, c: np.broadcast_to(k[:1, :1], k.shape)),
    ("last-weight-for-all", "the last weight stands in every place", "마지막 가중치를 모든 자리에 썼을 때", lambda k, c: np.broadcast_to(k[-1:, -1:], k.shape)),
    ("first-row-for-all", "the first row of the kernel stands in every row", "커널의 첫 행을 모든 행에 썼을 때", lambda k, c: np.broadcast_to(k[:1], k.shape)),
    ("first-column-for-all", "the first column of the kernel stands in every column", "커널의 첫 열을 모든 열에 썼을 때", lambda k, c: np.broadcast_to(k[:, :1], k.shape)),
    ("last-row-for-all", "the last row of the kernel stands in every row", "커널의 마지막 행을 모든 행에 썼을 때", lambda k, c: np.broadcast_to(k[-1:], k.shape)),
    ("last-column-for-all", "the last column of the kernel stands in every column", "커널의 마지막 열을 모든 열에 썼을 때", lambda k, c: np.broadcast_to(k[:, -1:], k.shape)),
    ("only-the-first-weight", "only the first weight counts", "첫 번째 가중치만 썼을 때", lambda k, c: part_of(k, np.s_[:1, :1])),
    ("only-the-last-weight", "only the last weight counts", "마지막 가중치만 썼을 때", lambda k, c: part_of(k, np.s_[-1:, -1:])),
    ("only-the-middle-weight", "only the weight in the middle counts", "가운데 가중치만 썼을 때", lambda k, c: part_of(k, np.s_[k.shape[0] // 2, k.shape[1] // 2])),
    ("one-row-only", "only the first row of the kernel counts", "커널의 첫 행만 썼을 때", lambda k, c: part_of(k, np.s_[:1])),
    ("last-row-only", "only the last row of the kernel counts", "커널의 마지막 행만 썼을 때", lambda k, c: part_of(k, np.s_[-1:])),
    ("one-column-only", "only the first column of the kernel counts", "커널의 첫 열만 썼을 때", lambda k, c: part_of(k, np.s_[:, :1])),
    ("last-column-only", "only the last column of the kernel counts", "커널의 마지막 열만 썼을 때", lambda k, c: part_of(k, np.s_[:, -1:])),
    ("last-row-of-the-kernel-lost", "the last row of the kernel does not count", "커널의 마지막 행을 뺐을 때", lambda k, c: part_of(k, np.s_[:-1])),
    ("last-column-of-the-kernel-lost", "the last column of the kernel does not count", "커널의 마지막 열을 뺐을 때", lambda k, c: part_of(k, np.s_[:, :-1])),
    ("last-row-and-column-of-the-kernel-lost", "the last row and the last column of the kernel do not count", "커널의 마지막 행과 마지막 열을 뺐을 때", lambda k, c: part_of(k, np.s_[:-1, :-1])),
    ("first-row-of-the-kernel-lost", "the first row of the kernel does not count", "커널의 첫 행을 뺐을 때", lambda k, c: part_of(k, np.s_[1:])),
    ("first-column-of-the-kernel-lost", "the first column of the kernel does not count", "커널의 첫 열을 뺐을 때", lambda k, c: part_of(k, np.s_[:, 1:])),
    ("last-weight-lost", "the last weight does not count", "마지막 가중치를 뺐을 때", lambda k, c: k - part_of(k, np.s_[-1:, -1:])),
    ("first-weight-lost", "the first weight does not count", "첫 번째 가중치를 뺐을 때", lambda k, c: k - part_of(k, np.s_[:1, :1])),
    ("only-the-diagonal", "only the weights of the diagonal count", "대각선의 가중치만 썼을 때", lambda k, c: k * np.eye(*k.shape[:2])[:, :, None, None]),
    ("weights-moved-by-a-row", "the rows of the kernel are moved by one", "커널의 행을 한 칸 밀었을 때", lambda k, c: np.roll(k, 1, axis=0)),
    ("weights-moved-by-a-column", "the columns of the kernel are moved by one", "커널의 열을 한 칸 밀었을 때", lambda k, c: np.roll(k, 1, axis=1)),
    ("weights-sorted", "the weights are sorted", "가중치를 크기순으로 정렬했을 때", lambda k, c: np.sort(k, axis=None).reshape(k.shape)),
    ("only-the-first-filter", "only the first filter is used, so that the result has one channel", "첫 번째 필터만 써서 결과의 채널이 하나일 때", lambda k, c: k[..., :1]),
    ("only-the-last-filter", "only the last filter is used, so that the result has one channel", "마지막 필터만 써서 결과의 채널이 하나일 때", lambda k, c: k[..., -1:]),
    ("first-filter-repeated", "every filter has the weights of the first", "모든 필터가 첫 번째 필터의 가중치를 쓸 때", lambda k, c: np.broadcast_to(k[..., :1], k.shape)),
    ("last-filter-repeated", "every filter has the weights of the last", "모든 필터가 마지막 필터의 가중치를 쓸 때", lambda k, c: np.broadcast_to(k[..., -1:], k.shape)),
    ("filters-in-reverse", "the filters are taken in reverse order", "필터를 거꾸로 된 순서로 썼을 때", lambda k, c: k[..., ::-1]),
    ("filters-added-up", "the filters are added up into one", "필터를 모두 더해 하나로 만들었을 때", lambda k, c: k.sum(axis=3, keepdims=True)),
    ("filters-averaged", "the filters are averaged into one", "필터를 평균 내어 하나로 만들었을 때", lambda k, c: k.mean(axis=3, keepdims=True)),
    ("filters-added-up-for-each", "every filter has the sum of the weights of all", "모든 필터가 전체 필터의 가중치 합을 쓸 때", lambda k, c: np.broadcast_to(k.sum(axis=3, keepdims=True), k.shape)),
    ("last-filter-missing", "the last filter is left out", "마지막 필터를 뺐을 때", lambda k, c: k[..., :-1]),
    ("first-filter-missing", "the first filter is left out", "첫 번째 필터를 뺐을 때", lambda k, c: k[..., 1:]),
    ("first-channel-weights-for-all", "all channels have the weights of the first one", "모든 채널이 첫 번째 채널의 가중치를 쓸 때", lambda k, c: np.broadcast_to(k[:, :, :1], k.shape)),
    ("last-channel-weights-for-all", "all channels have the weights of the last one", "모든 채널이 마지막 채널의 가중치를 쓸 때", lambda k, c: np.broadcast_to(k[:, :, -1:], k.shape)),
    ("mean-weights-for-all-channels", "all channels have the mean of their weights, or every pixel the mean of its channels", "모든 채널이 가중치의 평균을 쓰거나, 픽셀마다 채널의 평균을 쓸 때", lambda k, c: np.broadcast_to(k.mean(axis=2, keepdims=True), k.shape)),
    ("summed-weights-for-all-channels", "all channels have the sum of their weights", "모든 채널이 가중치의 합을 쓸 때", lambda k, c: np.broadcast_to(k.sum(axis=2, keepdims=True), k.shape)),
    ("channels-in-reverse", "image and kernel pair their channels in opposite order", "이미지와 커널의 채널을 서로 반대 순서로 짝지었을 때", lambda k, c: k[:, :, ::-1]),
    ("channels-moved-by-one", "the weights of the channels are moved by one", "채널의 가중치가 하나씩 밀렸을 때", lambda k, c: np.roll(k, 1, axis=2)),
    ("only-the-first-channel", "only the first channel counts", "첫 번째 채널만 썼을 때", lambda k, c: part_of(k, np.s_[:, :, :1])),
    ("only-the-last-channel", "only the last channel counts", "마지막 채널만 썼을 때", lambda k, c: part_of(k, np.s_[:, :, -1:])),
    ("last-channel-lost", "the last channel does not count", "마지막 채널을 뺐을 때", lambda k, c: part_of(k, np.s_[:, :, :-1])),
    ("first-channel-lost", "the first channel does not count", "첫 번째 채널을 뺐을 때", lambda k, c: part_of(k, np.s_[:, :, 1:])),
    ("channels-beyond-three-lost", "channels beyond the third do not count", "네 번째 이후의 채널을 뺐을 때", lambda k, c: part_of(k, np.s_[:, :, :3])),
    ("channels-averaged", "the contributions of the channels are averaged", "채널별 몫을 더하지 않고 평균 냈을 때", lambda k, c: k / k.shape[2]),
]  # fmt: skip


def part_of(array: Tensor, part: Any) -> Tensor:
    """Return zeros but for one part of an array."""
    new = np.zeros_like(array)
    new[part] = array[part]
    return new


FEWER_BIASES: dict[str, Callable[..., Any]] = {
    "only-the-first-filter": lambda b, c: b[:1],
    "only-the-last-filter": lambda b, c: b[-1:],
    "filters-added-up": lambda b, c: b.sum(keepdims=True),
    "filters-averaged": lambda b, c: b.mean(keepdims=True),
    "last-filter-missing": lambda b, c: b[:-1],
    "first-filter-missing": lambda b, c: b[1:],
}
"""The bias of mistakes that leave fewer filters."""

for number, (name, en, ko, function) in enumerate(KERNELS):
    knob(
        name,
        en=f"Your result equals what you get when {en}. {SEE_KERNEL[0]}",
        ko=f"{ko}와 결과가 같습니다. {SEE_KERNEL[1]}",
        kernel=function,
        bias=FEWER_BIASES.get(name, ()),
        rare=number > 12 and name != "channels-averaged" and "only" not in name and "repeated" not in name,
    )

knob("only-four-weights", kernel=lambda k, c: part_of(k, np.s_[:2, :2]))

# The bias.

BIASES: list[tuple[str, str, str, Callable[..., Any]]] = [
    ("bias-forgotten", "the bias is 0", "bias가 0일 때", lambda b, c: 0 * b),
    ("bias-for-each-product", "the bias is added once for each pixel of the window", "bias를 윈도우의 픽셀마다 한 번씩 더했을 때", lambda b, c: b * c.kernel.shape[0] * c.kernel.shape[1]),
    ("bias-for-each-channel", "the bias is added once for each channel", "bias를 채널마다 한 번씩 더했을 때", lambda b, c: b * c.kernel.shape[2]),
    ("bias-for-each-product-of-each-channel", "the bias is added once for each single product", "bias를 곱 하나하나마다 더했을 때", lambda b, c: b * c.kernel[..., 0].size),
    ("bias-subtracted", "the bias is subtracted", "bias를 뺐을 때", lambda b, c: -b),
    ("bias-twice", "the bias is added twice", "bias를 두 번 더했을 때", lambda b, c: 2 * b),
    ("one-bias-for-all-filters", "all filters have the bias of the first", "모든 필터가 첫 번째 필터의 bias를 쓸 때", lambda b, c: np.full_like(b, b[0])),
    ("last-bias-for-all-filters", "all filters have the bias of the last", "모든 필터가 마지막 필터의 bias를 쓸 때", lambda b, c: np.full_like(b, b[-1])),
    ("sum-of-biases-for-all-filters", "all filters have the sum of all biases", "모든 필터가 bias를 모두 더한 값을 쓸 때", lambda b, c: np.full_like(b, b.sum())),
    ("mean-of-biases-for-all-filters", "all filters have the mean of all biases", "모든 필터가 bias의 평균을 쓸 때", lambda b, c: np.full_like(b, b.mean())),
    ("biases-in-reverse", "the biases belong to the filters in reverse order", "bias를 필터의 반대 순서로 짝지었을 때", lambda b, c: b[::-1]),
    ("bias-of-the-next-filter", "every filter has the bias of its neighbour", "필터마다 이웃 필터의 bias를 쓸 때", lambda b, c: np.roll(b, 1)),
    ("bias-for-the-first-filter-only", "only the first filter has its bias", "첫 번째 필터에만 bias를 더했을 때", lambda b, c: part_of(b, np.s_[:1])),
    ("bias-for-the-last-filter-only", "only the last filter has its bias", "마지막 필터에만 bias를 더했을 때", lambda b, c: part_of(b, np.s_[-1:])),
    ("biases-pile-up", "every filter has its bias and those of the filters before it", "필터마다 앞 필터들의 bias까지 더했을 때", lambda b, c: np.cumsum(b)),
    ("bias-for-each-row", "the bias is added once for each row of the kernel", "bias를 커널의 행마다 한 번씩 더했을 때", lambda b, c: b * c.kernel.shape[0]),
    ("bias-for-each-column", "the bias is added once for each column of the kernel", "bias를 커널의 열마다 한 번씩 더했을 때", lambda b, c: b * c.kernel.shape[1]),
    ("bias-for-each-image", "the bias is added once for each image of the batch", "bias를 배치의 이미지마다 한 번씩 더했을 때", lambda b, c: b * len(c.x)),
    ("bias-for-each-filter", "the bias is added once for each filter", "bias를 필터마다 한 번씩 더했을 때", lambda b, c: b * c.kernel.shape[3]),
    ("bias-for-each-window", "the bias is added once for each window", "bias를 윈도우마다 한 번씩 더했을 때", lambda b, c: b * int(np.prod(right_count(c)))),
    ("bias-without-its-sign", "the bias loses its sign", "bias의 부호를 뗐을 때", lambda b, c: np.abs(b)),
    ("negative-bias-lost", "a negative bias is 0", "음수 bias를 0으로 바꾸었을 때", lambda b, c: np.maximum(b, 0)),
    ("bias-cut-to-integer", "the bias is cut to an integer", "bias를 정수로 잘랐을 때", lambda b, c: np.trunc(b)),
    ("bias-rounded", "the bias is rounded", "bias를 반올림했을 때", lambda b, c: np.round(b)),
    ("bias-averaged-over-the-window", "the bias is divided by the number of weights", "bias를 가중치의 수로 나누었을 때", lambda b, c: b / (c.kernel.shape[0] * c.kernel.shape[1])),
    ("bias-of-three", "the bias is 3 whatever was given", "주어진 값과 상관없이 bias가 3일 때", lambda b, c: 0 * b + 3),
    ("bias-of-one", "the bias is 1 whatever was given", "주어진 값과 상관없이 bias가 1일 때", lambda b, c: 0 * b + 1),
]  # fmt: skip
SEE_BIAS = (
    "Use an image of zeros and a different bias for each filter: every number of the result should be the bias of its filter.",
    "모두 0인 이미지에 필터마다 다른 bias를 넣어 보세요. 결과의 모든 값이 그 필터의 bias와 같아야 합니다.",
)
for number, (name, en, ko, function) in enumerate(BIASES):
    knob(
        name,
        en=f"Your result equals what you get when {en}. {SEE_BIAS[0]}",
        ko=f"{ko}와 결과가 같습니다. {SEE_BIAS[1]}",
        functions=LAYER,
        bias=function,
        rare=number > 13,
    )
ADDED: list[tuple[str, str, str, FILLED]] = [
    ("bias-multiplied", "every sum is multiplied by the bias", "모든 합에 bias를 곱했을 때", {"add": lambda part, bias: part * bias}),
    ("bias-added-to-the-pixels", "the bias is added to the pixels before the multiplication", "곱하기 전에 픽셀에 bias를 더했을 때", {"prepare": lambda x, c: x + c.bias[0], "bias": lambda b, c: 0 * b}),
    ("bias-added-to-the-weights", "the bias is added to the weights before the multiplication", "곱하기 전에 가중치에 bias를 더했을 때", {"kernel": lambda k, c: k + c.bias, "bias": lambda b, c: 0 * b}),
    ("bias-in-place-of-the-sum", "only the bias is in the result", "결과에 bias만 들어갔을 때", {"add": lambda part, bias: 0 * part + bias}),
    ("bias-for-the-first-window-only", "only the first window has its bias", "첫 윈도우에만 bias를 더했을 때", {"finish": lambda r, c: r - c.bias + part_of(np.broadcast_to(c.bias, r.shape), np.s_[:, :1, :1])}),
    ("bias-for-the-last-window-only", "only the last window has its bias", "마지막 윈도우에만 bias를 더했을 때", {"finish": lambda r, c: r - c.bias + part_of(np.broadcast_to(c.bias, r.shape), np.s_[:, -1:, -1:])}),
    ("bias-for-the-first-image-only", "only the first image has its bias", "첫 이미지에만 bias를 더했을 때", {"finish": lambda r, c: r - c.bias + part_of(np.broadcast_to(c.bias, r.shape), np.s_[:1])}),
    ("bias-for-the-last-image-only", "only the last image has its bias", "마지막 이미지에만 bias를 더했을 때", {"finish": lambda r, c: r - c.bias + part_of(np.broadcast_to(c.bias, r.shape), np.s_[-1:])}),
    ("bias-for-the-first-row-only", "only the first row of the result has its bias", "결과의 첫 행에만 bias를 더했을 때", {"finish": lambda r, c: r - c.bias + part_of(np.broadcast_to(c.bias, r.shape), np.s_[:, :1])}),
    ("bias-piles-up", "the bias piles up from the last image to the first", "마지막 이미지에서 첫 이미지로 갈수록 bias가 쌓일 때", {"finish": lambda r, c: r - c.bias + c.bias * np.arange(len(r), 0, -1).reshape(-1, 1, 1, 1)}),
    ("bias-grows-with-the-image", "the bias piles up from image to image", "이미지가 바뀔 때마다 bias가 쌓일 때", {"finish": lambda r, c: r - c.bias + c.bias * np.arange(1, len(r) + 1).reshape(-1, 1, 1, 1)}),
    ("bias-grows-with-the-window", "the bias piles up from window to window", "윈도우가 바뀔 때마다 bias가 쌓일 때", {"finish": lambda r, c: r - c.bias + c.bias * np.arange(1, r.shape[1] * r.shape[2] + 1).reshape(1, r.shape[1], r.shape[2], 1)}),
    ("bias-outside-of-the-mean", "the sum with its bias is divided by the number of weights", "bias까지 더한 합을 가중치의 수로 나누었을 때", {"add": lambda part, bias: part + bias, "finish": lambda r, c: r / (c.kernel.shape[0] * c.kernel.shape[1])}),
    ("all-biases-for-every-filter-in-a-row", "the biases are added along the columns of the result", "bias를 결과의 열을 따라 더했을 때", {"finish": lambda r, c: r - c.bias + c.bias[:, np.newaxis]}),
]  # fmt: skip
for number, (name, en, ko, places) in enumerate(ADDED):
    knob(
        name,
        en=f"Your result equals what you get when {en}. {SEE_BIAS[0]}",
        ko=f"{ko}와 결과가 같습니다. {SEE_BIAS[1]}",
        functions=LAYER,
        rare=number > 4,
        **places,
    )

# What becomes of a window: from the products to one number.


def flat(products: Tensor) -> Tensor:
    """Return the products of a window in one row: images, places, channels, filters."""
    return products.reshape(len(products), -1, *products.shape[3:])


def matrix(window: Tensor, kernel: Tensor) -> Tensor:
    """Return the entries of the matrix product, channel by channel."""
    return np.einsum("nabc,bdcf->nadcf", window, kernel)


REDUCTIONS: list[tuple[str, str, str, FILLED]] = [
    ("largest-product", "the largest product of a window is taken", "윈도우의 곱 가운데 가장 큰 값을 썼을 때", {"reduce": lambda p: p.max(axis=(1, 2))}),
    ("smallest-product", "the smallest product of a window is taken", "윈도우의 곱 가운데 가장 작은 값을 썼을 때", {"reduce": lambda p: p.min(axis=(1, 2))}),
    ("median-of-the-products", "the median of the products is taken", "곱들의 중앙값을 썼을 때", {"reduce": lambda p: np.median(flat(p), axis=1)}),
    ("product-of-the-products", "the products of a window are multiplied with each other", "윈도우의 곱들을 서로 곱했을 때", {"reduce": lambda p: p.prod(axis=(1, 2))}),
    ("magnitudes-of-the-products", "the products lose their signs before they are added up", "곱의 부호를 떼고 더했을 때", {"reduce": lambda p: np.abs(p).sum(axis=(1, 2))}),
    ("squares-of-the-products", "the products are squared before they are added up", "곱을 제곱해서 더했을 때", {"reduce": lambda p: (p * p).sum(axis=(1, 2))}),
    ("root-of-the-squared-products", "the root of the sum of the squared products is taken", "곱의 제곱합의 제곱근을 썼을 때", {"reduce": lambda p: np.sqrt((p * p).sum(axis=(1, 2)))}),
    ("negative-products-lost", "negative products are left out of the sum", "음수인 곱을 빼고 더했을 때", {"reduce": lambda p: np.maximum(p, 0).sum(axis=(1, 2))}),
    ("products-cut-to-integers", "pixels or products are cut to integers before they are added up", "픽셀이나 곱을 정수로 자르고 더했을 때", {"reduce": lambda p: np.trunc(p).sum(axis=(1, 2))}),
    ("sums-cut-on-the-way", "the running sum is cut to an integer after every product", "곱을 더할 때마다 합을 정수로 잘랐을 때", {"reduce": lambda p: cut_on_the_way(p)}),
    ("signs-alternate", "the products are added with signs that alternate", "곱을 번갈아 가며 더하고 뺐을 때", {"reduce": lambda p: (flat(p) * (-1.0) ** np.arange(p.shape[1] * p.shape[2])[:, None, None]).sum(axis=1)}),
    ("matrix-product", "window and kernel are multiplied as matrices", "윈도우와 커널을 행렬로 곱했을 때", {"multiply": matrix}),
    ("matrix-product-the-other-way", "kernel and window are multiplied as matrices, the kernel first", "커널을 앞에 두고 윈도우와 행렬로 곱했을 때", {"multiply": lambda w, k: np.einsum("abcf,nbdc->nadcf", k, w)}),
    ("matrix-product-with-the-transposed-kernel", "the window is multiplied as a matrix by the transposed kernel", "윈도우와 전치한 커널을 행렬로 곱했을 때", {"multiply": lambda w, k: np.einsum("nabc,dbcf->nadcf", w, k)}),
    ("trace-of-the-matrix-product", "only the diagonal of the matrix product of window and kernel is added up", "윈도우와 커널의 행렬곱에서 대각선만 더했을 때", {"multiply": matrix, "reduce": lambda p: np.trace(p, axis1=1, axis2=2)}),
    ("first-entry-of-the-matrix-product", "only the first entry of the matrix product of window and kernel is taken", "윈도우와 커널의 행렬곱에서 첫 원소만 썼을 때", {"multiply": matrix, "reduce": lambda p: p[:, 0, 0]}),
    ("pixels-plus-weights", "pixel and weight are added instead of multiplied", "픽셀과 가중치를 곱하지 않고 더했을 때", {"multiply": lambda w, k: w[..., np.newaxis] + k}),
    ("pixels-minus-weights", "the weight is subtracted from the pixel", "픽셀에서 가중치를 뺐을 때", {"multiply": lambda w, k: w[..., np.newaxis] - k}),
    ("distance-of-pixels-and-weights", "the distances of pixels and weights are added up", "픽셀과 가중치의 차의 절댓값을 더했을 때", {"multiply": lambda w, k: np.abs(w[..., np.newaxis] - k)}),
    ("pixels-divided-by-weights", "the pixel is divided by the weight", "픽셀을 가중치로 나누었을 때", {"multiply": lambda w, k: w[..., np.newaxis] / k}),
    ("larger-of-pixel-and-weight", "the larger of pixel and weight is taken", "픽셀과 가중치 중 큰 값을 썼을 때", {"multiply": lambda w, k: np.maximum(w[..., np.newaxis], k)}),
    ("sums-multiplied", "the sum of the pixels is multiplied by the sum of the weights", "픽셀의 합과 가중치의 합을 곱했을 때", {"multiply": lambda w, k: w.sum(axis=(1, 2), keepdims=True)[..., np.newaxis] * k.sum(axis=(0, 1), keepdims=True)}),
    ("mean-pixel-multiplied", "the mean of the pixels is multiplied by the sum of the weights", "픽셀의 평균과 가중치의 합을 곱했을 때", {"multiply": lambda w, k: w.mean(axis=(1, 2), keepdims=True)[..., np.newaxis] * k.sum(axis=(0, 1), keepdims=True)}),
    ("largest-pixel-multiplied", "the largest pixel is multiplied by the sum of the weights", "가장 큰 픽셀과 가중치의 합을 곱했을 때", {"multiply": lambda w, k: w.max(axis=(1, 2), keepdims=True)[..., np.newaxis] * k.sum(axis=(0, 1), keepdims=True)}),
    ("first-pixel-for-all-weights", "every weight meets the first pixel of the window", "모든 가중치를 윈도우의 첫 픽셀과 곱했을 때", {"multiply": lambda w, k: w[:, :1, :1, :, np.newaxis] * k}),
    ("last-pixel-for-all-weights", "every weight meets the last pixel of the window", "모든 가중치를 윈도우의 마지막 픽셀과 곱했을 때", {"multiply": lambda w, k: w[:, -1:, -1:, :, np.newaxis] * k}),
    ("largest-pixel", "the largest pixel of the window is taken, as in pooling", "풀링처럼 윈도우에서 가장 큰 픽셀을 썼을 때", {"multiply": lambda w, k: w[..., np.newaxis] + 0 * k, "reduce": lambda p: p.max(axis=(1, 2))}),
    ("products-sorted-by-size", "pixels and weights are sorted before they are multiplied", "픽셀과 가중치를 정렬한 뒤 곱했을 때", {"multiply": lambda w, k: np.sort(flat(w[..., np.newaxis]), axis=1)[:, :, None] * np.sort(k.reshape(-1, 1, *k.shape[2:]), axis=0)}),
    ("gray-image-first", "the channels of image and kernel are added up before they are multiplied", "이미지와 커널의 채널을 먼저 더한 뒤 곱했을 때", {"multiply": lambda w, k: w.sum(axis=3, keepdims=True)[..., np.newaxis] * k.sum(axis=2, keepdims=True)}),
    ("gray-image-of-means-first", "the channels of image and kernel are averaged before they are multiplied", "이미지와 커널의 채널을 먼저 평균 낸 뒤 곱했을 때", {"multiply": lambda w, k: w.mean(axis=3, keepdims=True)[..., np.newaxis] * k.mean(axis=2, keepdims=True)}),
    ("every-channel-with-every-weight", "every channel of the image meets the weights of every channel", "이미지의 모든 채널이 모든 채널의 가중치와 곱해졌을 때", {"multiply": lambda w, k: w.sum(axis=3, keepdims=True)[..., np.newaxis] * k}),
    ("largest-channel", "the largest contribution of a channel is taken instead of the sum", "채널별 몫을 더하지 않고 가장 큰 것을 썼을 때", {"channels": lambda s: s.max(axis=1)}),
    ("smallest-channel", "the smallest contribution of a channel is taken instead of the sum", "채널별 몫을 더하지 않고 가장 작은 것을 썼을 때", {"channels": lambda s: s.min(axis=1)}),
    ("contribution-of-the-first-channel", "only the contribution of the first channel is left", "첫 번째 채널의 몫만 남았을 때", {"channels": lambda s: s[:, 0]}),
    ("contribution-of-the-last-channel", "only the contribution of the last channel is left", "마지막 채널의 몫만 남았을 때", {"channels": lambda s: s[:, -1]}),
    ("product-of-the-channels", "the contributions of the channels are multiplied with each other", "채널별 몫을 서로 곱했을 때", {"channels": lambda s: s.prod(axis=1)}),
    ("channels-without-their-signs", "the contributions of the channels lose their signs before they are added up", "채널별 몫의 부호를 떼고 더했을 때", {"channels": lambda s: np.abs(s).sum(axis=1)}),
    ("channels-not-added-up", "the filters are added up instead of the channels: there is one number for each channel", "채널이 아니라 필터를 더해 채널마다 수가 하나씩 나왔을 때", {"channels": lambda s: s.sum(axis=2), "bias": lambda b, c: b.sum()}),
    ("one-number-for-channels-and-filters", "channels and filters are both added up", "채널과 필터를 모두 더했을 때", {"channels": lambda s: s.sum(axis=(1, 2))[:, None], "bias": lambda b, c: b[:1]}),
    ("channel-and-filter-paired", "each filter meets only the channel of its own number", "각 필터를 같은 번호의 채널에만 썼을 때", {"channels": lambda s: np.einsum("nff->nf", s[:, : s.shape[2], : s.shape[1]])}),
]  # fmt: skip
SEE_SUM = (
    "Work one window of an example out by hand: how many products are there, of which pairs, and what becomes of them?",
    "예시의 윈도우 하나를 손으로 계산해 보세요. 곱은 몇 개이고, 무엇과 무엇의 곱이며, 그 곱들은 어떻게 되나요?",
)


def cut_on_the_way(products: Tensor) -> Tensor:
    total = np.zeros(products.shape[:1] + products.shape[3:])
    for place in np.moveaxis(flat(products), 1, 0):
        total = np.trunc(total + place)
    return total


for number, (name, en, ko, places) in enumerate(REDUCTIONS):
    knob(
        name,
        en=f"Your result equals what you get when {en}. {SEE_SUM[0]}",
        ko=f"{ko}와 결과가 같습니다. {SEE_SUM[1]}",
        functions=LAYER if "channels" in places else (),
        rare=number > 12 and "matrix" not in name,
        **places,
    )

# Where windows lie.

GEOMETRY: list[tuple[str, str, Callable[..., Any], str, str]] = [
    ("window-steps-of-two", "step", lambda step, g: 2, "the window moves by two pixels", "윈도우가 두 칸씩 움직일 때"),
    ("window-steps-of-its-size", "step", lambda step, g: g.length, "the window moves by its own size, as in pooling", "풀링처럼 윈도우가 자기 크기만큼 움직일 때"),
    ("window-steps-of-its-other-side", "step", lambda step, g: g.other_length, "the window moves by the length of its other side", "윈도우가 다른 쪽 변의 길이만큼 움직일 때"),
    ("window-steps-of-three", "step", lambda step, g: 3, "the window moves by three pixels", "윈도우가 세 칸씩 움직일 때"),
    ("last-window-missing", "count", lambda count, g: max(count - 1, 0), "the last window is not counted", "마지막 윈도우를 세지 않았을 때"),
    ("last-two-windows-missing", "count", lambda count, g: max(count - 2, 0), "the last two windows are not counted", "마지막 윈도우 두 개를 세지 않았을 때"),
    ("size-of-the-example", "count", lambda count, g: min(count, 3), "no more than three windows are counted", "윈도우를 세 개까지만 셌을 때"),
    ("no-more-than-two-windows", "count", lambda count, g: min(count, 2), "no more than two windows are counted", "윈도우를 두 개까지만 셌을 때"),
    ("no-more-than-four-windows", "count", lambda count, g: min(count, 4), "no more than four windows are counted", "윈도우를 네 개까지만 셌을 때"),
    ("only-the-first-window", "count", lambda count, g: min(count, 1), "only the first window is counted", "첫 윈도우만 셌을 때"),
    ("one-window-too-many", "count", lambda count, g: count + 1, "one window more is counted than fits", "들어가는 것보다 윈도우를 하나 더 셌을 때"),
    ("a-window-for-every-pixel", "count", lambda count, g: g.side, "a window is counted for every pixel", "픽셀마다 윈도우를 하나씩 셌을 때"),
    ("counted-as-for-windows-of-two", "count", lambda count, g: max(g.side - 1, 0), "windows are counted as if they were two pixels long", "윈도우의 길이가 2인 것처럼 셌을 때"),
    ("counted-as-for-windows-of-three", "count", lambda count, g: max(g.side - 2, 0), "windows are counted as if they were three pixels long", "윈도우의 길이가 3인 것처럼 셌을 때"),
    ("counted-with-its-other-side", "count", lambda count, g: max(g.side - g.other_length + 1, 0), "windows are counted with the other side of the kernel", "커널의 다른 쪽 변으로 윈도우를 셌을 때"),
    ("both-sides-exchanged", "count", lambda count, g: max(g.other_side - g.other_length + 1, 0), "windows are counted as for the other axis", "다른 축의 윈도우 수로 셌을 때"),
    ("counted-as-in-pooling", "count", lambda count, g: g.side // g.length, "as many windows are counted as fit side by side", "겹치지 않게 들어가는 수만큼 윈도우를 셌을 때"),
    ("windows-start-too-late", "start", lambda start, number, g: start + 1, "every window begins one pixel too late", "모든 윈도우가 한 픽셀 늦게 시작할 때"),
    ("windows-start-too-early", "start", lambda start, number, g: start - 1, "every window begins one pixel too early", "모든 윈도우가 한 픽셀 일찍 시작할 때"),
    ("first-window-missing", "start", lambda start, number, g: min(start + 1, g.count - 1), "the first window is missing and the last one comes twice", "첫 윈도우가 빠지고 마지막 윈도우가 두 번 나올 때"),
    ("window-stands-still", "start", lambda start, number, g: 0, "every window is the first one", "모든 윈도우가 첫 윈도우일 때"),
    ("windows-start-at-twice-their-number", "start", lambda start, number, g: 2 * number, "window number i begins at place 2i", "i번째 윈도우가 2i번째 자리에서 시작할 때"),
    ("windows-start-at-multiples-of-their-size", "start", lambda start, number, g: g.length * number, "window number i begins at i times its size", "i번째 윈도우가 크기의 i배 자리에서 시작할 때"),
    ("window-one-pixel-too-large", "reach", lambda reach, g: reach + 1, "every window takes one pixel too many", "모든 윈도우가 픽셀을 하나 더 가져갈 때"),
    ("window-one-pixel-too-small", "reach", lambda reach, g: reach - 1, "every window takes one pixel too few", "모든 윈도우가 픽셀을 하나 덜 가져갈 때"),
    ("window-of-two-pixels", "reach", lambda reach, g: 2, "every window is two pixels long whatever the kernel is", "커널과 상관없이 모든 윈도우의 길이가 2일 때"),
    ("window-of-three-pixels", "reach", lambda reach, g: 3, "every window is three pixels long whatever the kernel is", "커널과 상관없이 모든 윈도우의 길이가 3일 때"),
    ("window-as-long-as-its-other-side", "reach", lambda reach, g: g.other_length, "every window takes as many pixels as its other side has", "모든 윈도우가 다른 쪽 변의 길이만큼 픽셀을 가져갈 때"),
]  # fmt: skip
SEE_PLACE = (
    "Print the places at which your windows begin, and compare the shape of your result with the contract.",
    "윈도우가 시작하는 위치를 출력하고, 결과의 shape를 규칙과 비교해 보세요.",
)
for number, (name, place, change, en, ko) in enumerate(GEOMETRY):
    axes_of(
        name,
        place=place,
        change=change,
        en=f"Along the {{axis}}, your result equals what you get when {en}. {SEE_PLACE[0]}",
        ko=f"{{axis}} 방향으로, {ko}와 결과가 같습니다. {SEE_PLACE[1]}",
        rare=number > 23,
        has_twin=name not in ("one-window-too-many", "a-window-for-every-pixel"),
    )


def cut_kernel(window: Tensor, kernel: Tensor) -> Tensor:
    """Return the products of what lies in the image, where a loop or a slice ends at its edge."""
    return multiplied(window, kernel[: window.shape[1], : window.shape[2]])


for name, place, change, *_ in GEOMETRY:
    if name in (
        "one-window-too-many",
        "a-window-for-every-pixel",
        "counted-with-its-other-side",
        "windows-start-too-late",
    ):
        axes_of(name, place=place, change=change, multiply=cut_kernel, has_twin=False)
knob(
    "side-taken-of-the-other-axis",
    en="Height and width of the image are exchanged where windows are counted. Square images hide it: try one of 4 rows and 6 columns.",
    ko="윈도우를 셀 때 이미지의 높이와 너비가 서로 바뀌었습니다. 정사각형 이미지로는 보이지 않으니 4행 6열짜리 이미지로 시험해 보세요.",
    count=lambda g: max(g.other_side - g.length + 1, 0),
)
for name, which, en, ko in (
    (
        "image-taken-as-square",
        lambda g, axis: g.other_side if axis else g.side,
        "height of the image",
        "이미지의 높이",
    ),
    (
        "image-taken-as-square-of-its-width",
        lambda g, axis: g.side if axis else g.other_side,
        "width of the image",
        "이미지의 너비",
    ),
):
    knob(
        name,
        en=f"Your result has as many windows in a row as in a column: the {en} is used for both sides. Try an image of 4 rows and 6 columns.",
        ko=f"결과의 행과 열에 있는 윈도우의 수가 같습니다. {ko}를 두 변에 모두 썼습니다. 4행 6열짜리 이미지로 시험해 보세요.",
        count=lambda g, axis, which=which: max(which(g, axis) - g.length + 1, 0),
    )
    knob(
        name,
        count=lambda g, axis, which=which: max(which(g, axis) - g.length + 1, 0),
        multiply=cut_kernel,
    )
for name, which, en, ko in (
    (
        "kernel-taken-as-square",
        lambda g, axis: g.other_length if axis else g.length,
        "height of the kernel",
        "커널의 높이",
    ),
    (
        "kernel-taken-as-square-of-its-width",
        lambda g, axis: g.length if axis else g.other_length,
        "width of the kernel",
        "커널의 너비",
    ),
):
    knob(
        name,
        en=f"Your result equals what you get when the {en} is used for both of its sides. Try a kernel of 2 rows and 3 columns.",
        ko=f"{ko}를 두 변에 모두 썼을 때와 결과가 같습니다. 2행 3열짜리 커널로 시험해 보세요.",
        count=lambda g, axis, which=which: max(g.side - which(g, axis) + 1, 0),
        reach=which,
    )

AROUND: list[tuple[str, str, str, Callable[..., Any], Callable[..., Any]]] = [
    ("same-size", "as many are added as keep the size, the larger part at the end", "크기가 유지되도록, 홀수 개이면 뒤에 더 많이 덧붙였을 때", lambda g: (g.length - 1) // 2, lambda g: g.length - 1 - (g.length - 1) // 2),
    ("same-size-at-the-start", "as many are added as keep the size, the larger part at the start", "크기가 유지되도록, 홀수 개이면 앞에 더 많이 덧붙였을 때", lambda g: g.length - 1 - (g.length - 1) // 2, lambda g: (g.length - 1) // 2),
    ("padding-at-the-end", "as many are added as keep the size, all at the end", "크기가 유지되도록 모두 뒤에 덧붙였을 때", lambda g: 0, lambda g: g.length - 1),
    ("padding-at-the-start", "as many are added as keep the size, all at the start", "크기가 유지되도록 모두 앞에 덧붙였을 때", lambda g: g.length - 1, lambda g: 0),
    ("padding-of-one", "one is added on every side", "모든 쪽에 하나씩 덧붙였을 때", lambda g: 1, lambda g: 1),
    ("padding-of-one-at-the-end", "one is added at the end", "뒤에 하나를 덧붙였을 때", lambda g: 0, lambda g: 1),
    ("full-convolution", "one less than the kernel is long is added on every side", "모든 쪽에 커널의 길이보다 하나 적게 덧붙였을 때", lambda g: g.length - 1, lambda g: g.length - 1),
    ("padding-of-half-the-kernel", "half of the kernel's length is added on every side", "모든 쪽에 커널 길이의 절반만큼 덧붙였을 때", lambda g: g.length // 2, lambda g: g.length // 2),
]  # fmt: skip
SEE_EDGE = (
    "The window stays inside the image: count how often it fits.",
    "윈도우는 이미지 안에만 놓입니다. 몇 번 들어가는지 세어 보세요.",
)
for name, en, ko, before, after in AROUND:
    for tail, filled, ko_filled, mode in (("", "rows and columns of zeros", "0으로 된 행과 열", "constant"), ("-with-edge-pixels", "rows and columns that repeat the edge", "가장자리를 되풀이한 행과 열", "edge"), ("-with-mirrored-pixels", "rows and columns that mirror the image", "이미지를 거울처럼 비춘 행과 열", "reflect")):  # fmt: skip
        if tail and name not in ("same-size", "padding-of-one"):
            continue
        knob(
            name + tail,
            en=f"Your result equals what you get when {filled} are put around the image: {en}. {SEE_EDGE[0]}",
            ko=f"이미지 둘레에 {ko_filled}을 두어, {ko}와 결과가 같습니다. {SEE_EDGE[1]}",
            before=before,
            after=after,
            pad=lambda x, edges, mode=mode: np.pad(x, edges, mode=mode),
            rare=bool(tail),
        )

for name, before, after in (
    ("same", lambda g: (g.length - 1) // 2, lambda g: g.length - 1 - (g.length - 1) // 2),
    ("same", lambda g: g.length - 1 - (g.length - 1) // 2, lambda g: (g.length - 1) // 2),
    ("full", lambda g: g.length - 1, lambda g: g.length - 1),
):
    knob(
        f"mathematical-convolution-of-mode-{name}",
        en=f'Your result equals what a library\'s convolution gives with `mode="{name}"`: zeros are put around the image, and the kernel is turned by 180°. Neither is asked for.',
        ko=f'라이브러리의 합성곱을 `mode="{name}"`로 쓴 것과 결과가 같습니다. 이미지 둘레에 0이 덧붙고 커널이 180° 돌아갑니다. 둘 다 규칙에 없습니다.',
        kernel=lambda k, c: k[::-1, ::-1],
        before=before,
        after=after,
    )

# The images.

IMAGES: list[tuple[str, str, str, Callable[..., Any]]] = [
    ("only-the-first-image", "only the first image of the batch is used", "배치의 첫 이미지만 썼을 때", lambda x, c: x[:1]),
    ("only-the-last-image", "only the last image of the batch is used", "배치의 마지막 이미지만 썼을 때", lambda x, c: x[-1:]),
    ("first-image-repeated", "every image is the first one", "모든 이미지가 첫 번째 이미지일 때", lambda x, c: np.repeat(x[:1], len(x), axis=0)),
    ("last-image-repeated", "every image is the last one", "모든 이미지가 마지막 이미지일 때", lambda x, c: np.repeat(x[-1:], len(x), axis=0)),
    ("images-added-up", "every image is the sum of all", "모든 이미지가 전체를 더한 것일 때", lambda x, c: np.repeat(x.sum(axis=0, keepdims=True), len(x), axis=0)),
    ("images-added-up-into-one", "the images are added up into one", "이미지들을 모두 더해 한 장으로 만들었을 때", lambda x, c: x.sum(axis=0, keepdims=True)),
    ("images-averaged", "every image is the average of all", "모든 이미지가 전체의 평균일 때", lambda x, c: np.repeat(x.mean(axis=0, keepdims=True), len(x), axis=0)),
    ("images-averaged-into-one", "the images are averaged into one", "이미지들을 평균 내어 한 장으로 만들었을 때", lambda x, c: x.mean(axis=0, keepdims=True)),
    ("one-tall-image", "the images are put below each other into one tall image", "이미지들을 아래로 이어 붙여 긴 이미지 한 장으로 만들었을 때", lambda x, c: x.reshape(1, -1, *x.shape[2:])),
    ("one-wide-image", "the images are put side by side into one wide image", "이미지들을 옆으로 이어 붙여 넓은 이미지 한 장으로 만들었을 때", lambda x, c: np.concatenate(list(x), axis=1)[np.newaxis]),
    ("images-moved-on", "every image is the one before it, and the first one the last", "모든 이미지가 그 앞의 이미지이고 첫 이미지는 마지막 이미지일 때", lambda x, c: np.roll(x, 1, axis=0)),
    ("images-moved-back", "every image is the one after it, and the last one the first", "모든 이미지가 그다음 이미지이고 마지막 이미지는 첫 이미지일 때", lambda x, c: np.roll(x, -1, axis=0)),
    ("images-in-reverse", "the images are taken in reverse order", "이미지를 거꾸로 된 순서로 썼을 때", lambda x, c: x[::-1]),
    ("two-images-counted", "no more than two images are used", "이미지를 두 장까지만 썼을 때", lambda x, c: x[:2]),
    ("first-image-missing", "the first image is left out", "첫 이미지를 뺐을 때", lambda x, c: x[1:]),
    ("last-image-missing", "the last image is left out", "마지막 이미지를 뺐을 때", lambda x, c: x[:-1]),
    ("first-channel-of-the-image-for-all", "every channel of the image is the first one", "이미지의 모든 채널이 첫 번째 채널일 때", lambda x, c: np.broadcast_to(x[..., :1], x.shape)),
    ("last-channel-of-the-image-for-all", "every channel of the image is the last one", "이미지의 모든 채널이 마지막 채널일 때", lambda x, c: np.broadcast_to(x[..., -1:], x.shape)),
    ("mean-of-the-channels-for-all", "every channel of the image is the average of all", "이미지의 모든 채널이 전체의 평균일 때", lambda x, c: np.broadcast_to(x.mean(axis=3, keepdims=True), x.shape)),
    ("pixels-ignored", "every pixel is 1", "모든 픽셀이 1일 때", lambda x, c: np.ones(x.shape)),
    ("signs-of-the-pixels-lost", "the pixels lose their signs", "픽셀의 부호를 뗐을 때", lambda x, c: np.abs(x)),
    ("negative-pixels-lost", "every negative pixel is 0", "음수 픽셀을 모두 0으로 바꾸었을 때", lambda x, c: np.maximum(x, 0)),
    ("pixels-scaled-to-one", "the pixels are divided by 255", "픽셀을 255로 나누었을 때", lambda x, c: x / 255),
    ("pixels-divided-by-the-largest", "the pixels are divided by the largest of them", "픽셀을 그중 가장 큰 값으로 나누었을 때", lambda x, c: x / x.max()),
    ("pixels-without-their-mean", "the mean of the pixels is subtracted from each", "픽셀에서 그 평균을 뺐을 때", lambda x, c: x - x.mean()),
    ("pixels-cut-to-integers", "the pixels are cut to integers", "픽셀을 정수로 잘랐을 때", lambda x, c: np.trunc(x)),
    ("pixels-in-uint8", "the pixels are made uint8", "픽셀을 uint8로 바꾸었을 때", lambda x, c: x.astype("int64").astype("uint8")),
    ("pixels-in-int8", "the pixels are made int8", "픽셀을 int8로 바꾸었을 때", lambda x, c: x.astype("int64").astype("int8")),
    ("pixels-as-yes-or-no", "every pixel that is not 0 is 1", "0이 아닌 픽셀을 모두 1로 바꾸었을 때", lambda x, c: (x != 0).astype(float)),
    ("pixels-squared", "the pixels are squared", "픽셀을 제곱했을 때", lambda x, c: x * x),
    ("signs-of-the-pixels-turned", "every pixel has the opposite sign", "픽셀의 부호를 모두 바꾸었을 때", lambda x, c: -x),
    ("image-turned-by-180", "the image is turned by 180° first", "이미지를 먼저 180° 돌렸을 때", lambda x, c: x[:, ::-1, ::-1]),
    ("image-upside-down", "the rows of the image are taken in reverse order", "이미지의 행을 거꾸로 썼을 때", lambda x, c: x[:, ::-1]),
    ("image-mirrored", "the columns of the image are taken in reverse order", "이미지의 열을 거꾸로 썼을 때", lambda x, c: x[:, :, ::-1]),
    ("first-row-of-the-image-lost", "the first row of the image is left out", "이미지의 첫 행을 뺐을 때", lambda x, c: x[:, 1:]),
    ("first-column-of-the-image-lost", "the first column of the image is left out", "이미지의 첫 열을 뺐을 때", lambda x, c: x[:, :, 1:]),
    ("image-in-float16", "the pixels are made float16", "픽셀을 float16으로 바꾸었을 때", lambda x, c: x.astype("float16").astype("float32")),
]  # fmt: skip
SEE_IMAGE = (
    "Give every image and every channel numbers of its own, change one of them, and look at which numbers of the result change.",
    "이미지마다, 채널마다 서로 다른 수를 넣고 하나를 바꾸었을 때 결과의 어느 값이 바뀌는지 살펴보세요.",
)
SEE_PIXELS = (
    "Print the pixels as they are just before you multiply them.",
    "곱하기 바로 전에 픽셀의 값을 출력해 보세요.",
)
for number, (name, en, ko, function) in enumerate(IMAGES):
    see = SEE_PIXELS if "pixel" in name else SEE_IMAGE
    knob(
        name,
        en=f"Your result equals what you get when {en}. {see[0]}",
        ko=f"{ko}와 결과가 같습니다. {see[1]}",
        prepare=function,
        rare=number > 16 and name != "pixels-ignored",
    )

# The result.

RESULTS: list[tuple[str, str, str, Callable[..., Any]]] = [
    ("cut-to-integers", "The dtype of the image is that of the result: with integers, fractions are lost.", "결과의 dtype이 이미지와 같습니다. 그래서 이미지가 정수이면 소수 부분이 사라집니다.", lambda r, c: r.astype(c.x.dtype)),
    ("always-cut-to-integers", "The result holds integers only: everything after the decimal point is lost.", "결과가 정수뿐입니다. 소수점 아래가 모두 사라졌습니다.", lambda r, c: np.trunc(r)),
    ("result-rounded", "The numbers of your result are rounded to integers.", "결과의 수가 정수로 반올림되어 있습니다.", lambda r, c: np.round(r)),
    ("result-rounded-to-one-place", "The numbers of your result are rounded to one place.", "결과의 수가 소수 첫째 자리로 반올림되어 있습니다.", lambda r, c: np.round(r, 1)),
    ("result-rounded-to-two-places", "The numbers of your result are rounded to two places.", "결과의 수가 소수 둘째 자리로 반올림되어 있습니다.", lambda r, c: np.round(r, 2)),
    ("result-rounded-down", "The numbers of your result are rounded down.", "결과의 수가 내림되어 있습니다.", lambda r, c: np.floor(r)),
    ("result-in-uint8", "The numbers of your result are those that uint8 can hold: it begins again at 0 after 255.", "결과가 uint8에 담기는 수입니다. uint8은 255 다음에 다시 0부터 셉니다.", lambda r, c: r.astype("int64").astype("uint8")),
    ("result-in-float16", "The numbers of your result are as coarse as float16.", "결과의 수가 float16만큼 거칩니다.", lambda r, c: r.astype("float16")),
    ("falling-edges-lost", "Negative numbers come out as 0, as after relu.", "relu를 쓴 것처럼 음수가 0으로 나옵니다.", lambda r, c: np.maximum(r, 0)),
    ("edges-without-sign", "The numbers of your result have lost their signs.", "결과의 수에서 부호가 사라졌습니다.", lambda r, c: np.abs(r)),
    ("sign-reversed", "Every number of your result has the opposite sign.", "결과의 모든 수의 부호가 반대입니다.", lambda r, c: -r),
    ("result-squared", "The numbers of your result are squared.", "결과의 수가 제곱되어 있습니다.", lambda r, c: r * r),
    ("result-as-signs", "Your result holds only the signs.", "결과에 부호만 남았습니다.", lambda r, c: np.sign(r)),
    ("result-as-yes-or-no", "Your result says only whether a number is 0 or not.", "결과가 0인지 아닌지만 나타냅니다.", lambda r, c: (r != 0).astype(float)),
    ("result-positive-or-not", "Your result says only whether a number is positive.", "결과가 양수인지 아닌지만 나타냅니다.", lambda r, c: (r > 0).astype(float)),
    ("result-clipped-to-255", "Your result is cut to the range from 0 to 255.", "결과가 0에서 255 사이로 잘려 있습니다.", lambda r, c: np.clip(r, 0, 255)),
    ("result-clipped-to-one", "Your result is cut to the range from 0 to 1.", "결과가 0에서 1 사이로 잘려 있습니다.", lambda r, c: np.clip(r, 0, 1)),
    ("result-clipped-to-signs", "Your result is cut to the range from -1 to 1.", "결과가 -1에서 1 사이로 잘려 있습니다.", lambda r, c: np.clip(r, -1, 1)),
    ("result-scaled-to-its-range", "Your result is stretched to the range from 0 to 1.", "결과가 0에서 1 사이가 되도록 늘려져 있습니다.", lambda r, c: (r - r.min()) / (r.max() - r.min())),
    ("result-divided-by-its-largest", "Your result is divided by its largest number.", "결과가 그중 가장 큰 수로 나뉘어 있습니다.", lambda r, c: r / r.max()),
    ("result-divided-by-its-largest-magnitude", "Your result is divided by its largest magnitude.", "결과가 절댓값이 가장 큰 수로 나뉘어 있습니다.", lambda r, c: r / np.abs(r).max()),
    ("result-through-a-sigmoid", "Your result went through a sigmoid.", "결과에 시그모이드 함수가 적용되어 있습니다.", lambda r, c: 1 / (1 + np.exp(-r))),
    ("result-through-tanh", "Your result went through tanh.", "결과에 tanh 함수가 적용되어 있습니다.", lambda r, c: np.tanh(r)),
    ("result-through-a-softmax", "Your result went through a softmax over its last axis.", "결과의 마지막 축에 소프트맥스가 적용되어 있습니다.", lambda r, c: np.exp(r) / np.exp(r).sum(axis=-1, keepdims=True)),
    ("result-doubled", "Every number of your result is twice as large.", "결과의 모든 수가 두 배입니다.", lambda r, c: 2 * r),
    ("result-halved", "Every number of your result is half as large.", "결과의 모든 수가 절반입니다.", lambda r, c: r / 2),
    ("result-one-larger", "Every number of your result is larger by 1.", "결과의 모든 수가 1만큼 큽니다.", lambda r, c: r + 1),
    ("result-one-smaller", "Every number of your result is smaller by 1.", "결과의 모든 수가 1만큼 작습니다.", lambda r, c: r - 1),
    ("result-transposed", "Rows and columns of your result are exchanged.", "결과의 행과 열이 서로 바뀌었습니다.", lambda r, c: np.swapaxes(r, 1, 2)),
    ("result-upside-down", "The rows of your result come in reverse order.", "결과의 행 순서가 거꾸로입니다.", lambda r, c: r[:, ::-1]),
    ("result-mirrored", "The columns of your result come in reverse order.", "결과의 열 순서가 거꾸로입니다.", lambda r, c: r[:, :, ::-1]),
    ("result-turned-by-180", "Rows and columns of your result come in reverse order.", "결과의 행과 열 순서가 모두 거꾸로입니다.", lambda r, c: r[:, ::-1, ::-1]),
    ("result-turned-to-the-left", "Your result is turned by 90° to the left.", "결과가 왼쪽으로 90° 돌아가 있습니다.", lambda r, c: np.rot90(r, axes=(1, 2))),
    ("result-turned-to-the-right", "Your result is turned by 90° to the right.", "결과가 오른쪽으로 90° 돌아가 있습니다.", lambda r, c: np.rot90(r, -1, axes=(1, 2))),
    ("written-column-by-column", "The numbers are written column by column where rows should be filled.", "행을 따라 채워야 할 자리에 열을 따라 채워졌습니다.", lambda r, c: np.swapaxes(r, 1, 2).reshape(r.shape)),
    ("result-sorted", "The right numbers come out, but sorted.", "값은 맞지만 크기순으로 정렬되어 있습니다.", lambda r, c: np.sort(r, axis=None).reshape(r.shape)),
    ("first-image-without-its-axis", "Only the first image is in your result, without the axis that counts the images.", "결과에 첫 이미지만 있고, 이미지의 수를 나타내는 축이 없습니다.", lambda r, c: r[0]),
    ("axes-of-length-one-lost", "The numbers are right, but all axes of length 1 are missing from the shape, as after `squeeze`.", "값은 맞지만 `squeeze`를 쓴 것처럼 길이가 1인 축이 모두 사라졌습니다.", lambda r, c: np.squeeze(r)),
    ("channel-axis-lost", "Only the first filter is in your result, without the last axis.", "결과에 첫 필터만 있고 마지막 축이 없습니다.", lambda r, c: r[..., 0]),
    ("batch-and-channel-axes-lost", "Only rows and columns are left of the axes of your result.", "결과의 축 가운데 행과 열만 남았습니다.", lambda r, c: r[0, ..., 0]),
    ("one-axis-too-many-in-front", "The numbers are right, but the shape has an axis too many in front.", "값은 맞지만 shape의 맨 앞에 축이 하나 더 있습니다.", lambda r, c: r[np.newaxis]),
    ("one-axis-too-many-at-the-end", "The numbers are right, but the shape has an axis too many at the end.", "값은 맞지만 shape의 맨 뒤에 축이 하나 더 있습니다.", lambda r, c: r[..., np.newaxis]),
    ("result-as-one-row", "The numbers are right, but they stand in one row.", "값은 맞지만 한 줄로 늘어서 있습니다.", lambda r, c: r.ravel()),
    ("one-sum-for-all", "Your result is a single number: everything is added up.", "결과가 수 하나입니다. 모든 것을 더했습니다.", lambda r, c: np.asarray(r.sum())),
    ("filters-of-the-result-added-up-without-their-axis", "The filters of your result are added up, and their axis is missing.", "결과의 필터들이 더해지고 그 축이 사라졌습니다.", lambda r, c: r.sum(axis=-1)),
    ("largest-filter-of-the-result", "Only the largest number of all filters is left in your result.", "결과에 모든 필터 가운데 가장 큰 수만 남았습니다.", lambda r, c: r.max(axis=-1, keepdims=True)),
    ("images-of-the-result-added-up", "The images of your result are added up into one.", "결과의 이미지들이 한 장으로 더해져 있습니다.", lambda r, c: r.sum(axis=0, keepdims=True)),
    ("images-of-the-result-added-up-for-each", "Every image of your result is the sum of all.", "결과의 모든 이미지가 전체를 더한 것입니다.", lambda r, c: np.broadcast_to(r.sum(axis=0, keepdims=True), r.shape)),
    ("images-of-the-result-without-their-axis", "The images of your result are added up, and their axis is missing.", "결과의 이미지들이 더해지고 그 축이 사라졌습니다.", lambda r, c: r.sum(axis=0)),
    ("only-the-last-window-written", "Only the last window has its number; the rest of your result is 0.", "마지막 윈도우에만 값이 있고 나머지는 0입니다.", lambda r, c: part_of(r, np.s_[:, -1:, -1:])),
    ("only-the-last-row-written", "Only the last row of your result has its numbers; the rest is 0.", "결과의 마지막 행에만 값이 있고 나머지는 0입니다.", lambda r, c: part_of(r, np.s_[:, -1:])),
    ("only-the-last-column-written", "Only the last column of your result has its numbers; the rest is 0.", "결과의 마지막 열에만 값이 있고 나머지는 0입니다.", lambda r, c: part_of(r, np.s_[:, :, -1:])),
    ("only-the-first-image-written", "Only the first image has its numbers; the others are 0.", "첫 이미지에만 값이 있고 나머지 이미지는 0입니다.", lambda r, c: part_of(r, np.s_[:1])),
    ("only-the-last-image-written", "Only the last image has its numbers; the others are 0.", "마지막 이미지에만 값이 있고 나머지 이미지는 0입니다.", lambda r, c: part_of(r, np.s_[-1:])),
    ("only-the-first-filter-written", "Only the first filter has its numbers; the others are 0.", "첫 필터에만 값이 있고 나머지 필터는 0입니다.", lambda r, c: part_of(r, np.s_[..., :1])),
    ("only-the-last-filter-written", "Only the last filter has its numbers; the others are 0.", "마지막 필터에만 값이 있고 나머지 필터는 0입니다.", lambda r, c: part_of(r, np.s_[..., -1:])),
    ("last-filter-not-written", "The last filter of your result is 0 throughout.", "결과의 마지막 필터가 모두 0입니다.", lambda r, c: r - part_of(r, np.s_[..., -1:]) if r.shape[-1] > 1 else r),
    ("first-filter-not-written", "The first filter of your result is 0 throughout.", "결과의 첫 필터가 모두 0입니다.", lambda r, c: r - part_of(r, np.s_[..., :1]) if r.shape[-1] > 1 else r),
    ("last-image-not-written", "The last image of your result is 0 throughout.", "결과의 마지막 이미지가 모두 0입니다.", lambda r, c: r - part_of(r, np.s_[-1:]) if len(r) > 1 else r),
    ("first-image-not-written", "The first image of your result is 0 throughout.", "결과의 첫 이미지가 모두 0입니다.", lambda r, c: r - part_of(r, np.s_[:1]) if len(r) > 1 else r),
    ("zeros-at-the-end-of-rows-and-columns", "The numbers are right, but one row and one column of zeros follow them.", "값은 맞지만 그 뒤에 0으로 된 한 행과 한 열이 더 있습니다.", lambda r, c: np.pad(r, ((0, 0), (0, 1), (0, 1), (0, 0)))),
    ("bias-at-the-end-of-rows-and-columns", "The numbers are right, but one row and one column follow them in which only the bias stands.", "값은 맞지만 그 뒤에 bias만 들어 있는 한 행과 한 열이 더 있습니다.", lambda r, c: np.pad(r - c.bias, ((0, 0), (0, 1), (0, 1), (0, 0))) + c.bias),
    ("zeros-up-to-the-size-of-the-image", "The numbers are right, but zeros follow them in rows and columns up to the size of the image.", "값은 맞지만 그 뒤로 이미지의 크기가 될 때까지 행과 열이 0으로 채워져 있습니다.", lambda r, c: np.pad(r, ((0, 0), (0, c.x.shape[1] - r.shape[1]), (0, c.x.shape[2] - r.shape[2]), (0, 0)))),
    ("rows-of-the-result-piling-up", "Each row of your result contains the rows above it.", "결과의 각 행에 그 위의 행들이 더해져 있습니다.", lambda r, c: np.cumsum(r, axis=1)),
    ("columns-of-the-result-piling-up", "Each column of your result contains the columns before it.", "결과의 각 열에 그 앞의 열들이 더해져 있습니다.", lambda r, c: np.cumsum(r, axis=2)),
    ("last-window-everywhere", "Every number of your result is that of the last window.", "결과의 모든 수가 마지막 윈도우의 값입니다.", lambda r, c: np.broadcast_to(r[:, -1:, -1:], r.shape)),
    ("every-row-is-the-last", "Every row of your result is the last one.", "결과의 모든 행이 마지막 행입니다.", lambda r, c: np.broadcast_to(r[:, -1:], r.shape)),
    ("every-column-is-the-last", "Every column of your result is the last one.", "결과의 모든 열이 마지막 열입니다.", lambda r, c: np.broadcast_to(r[:, :, -1:], r.shape)),
    ("image-returned", "Your result is the image itself.", "결과가 이미지 그대로입니다.", lambda r, c: c.x if c.form != "edges" else c.x[0, ..., 0]),
    ("image-cut-to-the-size-of-the-result", "Your result is the upper left part of the image.", "결과가 이미지의 왼쪽 위 부분입니다.", lambda r, c: c.x[:, : r.shape[1], : r.shape[2]]),
]  # fmt: skip
SEE_RESULT = (
    "Compare shape and numbers of your result with an example that you worked out by hand, with numbers of both signs.",
    "부호가 섞인 수로 손수 계산한 예와 결과의 shape와 값을 하나씩 비교해 보세요.",
)
for number, (name, en, ko, function) in enumerate(RESULTS):
    knob(
        name,
        en=f"{en} {SEE_RESULT[0]}",
        ko=f"{ko} {SEE_RESULT[1]}",
        finish=function,
        rare=number > 2 and name not in ("falling-edges-lost", "edges-without-sign", "result-transposed"),
    )
knob(
    "weights-take-the-dtype-of-the-image",
    en="With an image of integers, your result equals what you get when the weights are cut to integers. Print the dtype of the weights just before you multiply.",
    ko="이미지가 정수일 때, 가중치를 정수로 잘랐을 때와 결과가 같습니다. 곱하기 바로 전에 가중치의 dtype을 출력해 보세요.",
    kernel=lambda k, c: k.astype(c.x.dtype),
)
knob(
    "weights-take-the-dtype-of-the-image",
    kernel=lambda k, c: k.astype(c.x.dtype),
    reduce=lambda p: p.sum(axis=(1, 2), dtype=p.dtype),
    channels=lambda part: part.sum(axis=1, dtype=part.dtype),
)
knob(
    "sums-take-the-dtype-of-the-image",
    en="With an image of integers, your result equals what you get when the sum is cut to an integer before the bias is added. Print the dtype of the array for the sums.",
    ko="이미지가 정수일 때, bias를 더하기 전에 합을 정수로 잘랐을 때와 결과가 같습니다. 합을 담는 배열의 dtype을 출력해 보세요.",
    functions=LAYER,
    add=lambda part, bias: np.trunc(part) + bias,
)

knob(
    "only-as-many-filters-written-as-channels",
    en="Only as many filters as the image has channels have their numbers; the others are 0. How many filters do you compute?",
    ko="이미지의 채널 수만큼의 필터에만 값이 있고 나머지 필터는 0입니다. 필터를 몇 개 계산하나요?",
    functions=LAYER,
    finish=lambda r, c: part_of(r, np.s_[..., : c.x.shape[3]]),
    rare=True,
)
knob(
    "picture-with-the-axes-of-a-batch",
    en="The numbers are right, but your result still has the axes of images and channels. A picture of two axes goes in: how many should come out?",
    ko="값은 맞지만 결과에 이미지 축과 채널 축이 남아 있습니다. 축이 두 개인 사진이 들어가니, 결과의 축은 몇 개여야 할까요?",
    functions=("detect_edges",),
    whole=lambda image, at: run(image=image, at=at)[np.newaxis, ..., np.newaxis],
)

# What is never set back to 0, and the order of loops.

AXIS_WORDS = (("images", "이미지"), ("rows", "행"), ("columns", "열"), ("filters", "필터"))


def words(axes: tuple[int, ...], language: int) -> str:
    return ", ".join(AXIS_WORDS[axis][language] for axis in axes)


def loops() -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield the usual ways of nesting loops over the axes: outer ones, in which a sum starts afresh, and inner ones."""
    for length in range(1, 5):
        for inner in permutations(range(4), length):
            places = [axis for axis in inner if axis != 3]
            if places in (sorted(places), [0, 2, 1], [2, 1]):
                yield tuple(axis for axis in range(4) if axis not in inner), inner


def piled_up(outer: tuple[int, ...], inner: tuple[int, ...], with_bias: bool) -> Callable[..., Any]:
    """Return what makes of a result the one whose sum is never set back in the inner loops."""
    order = (*outer, *inner)

    def change(result: Tensor, call: Places) -> Tensor:
        if result.ndim != 4:
            return result
        bias = 0 if with_bias else call.bias
        moved = (result - bias).transpose(order)
        flat_sums = moved.reshape(*moved.shape[: len(outer)], -1)
        return np.cumsum(flat_sums, axis=-1).reshape(moved.shape).transpose(np.argsort(order)) + bias

    return change


for with_bias in (False, True):
    for outer, inner in loops():
        knob(
            "sum-carried-over-"
            + "-".join(AXIS_WORDS[axis][0] for axis in inner)
            + ("-with-bias" if with_bias else ""),
            en=f"The sum is never set back on the way through the {words(inner, 0)}: each number contains those before it on this way{', with their bias' if with_bias else ''}. Subtract two neighbours from each other, and look where the sum begins at 0.",
            ko=f"{words(inner, 1)} 순서로 가는 동안 합이 0으로 돌아가지 않아서, 각 수에 이 순서로 앞선 수들이 {'bias까지 ' if with_bias else ''}들어 있습니다. 이웃한 두 수를 빼 보고, 합이 어디에서 0으로 시작하는지 살펴보세요.",
            functions=("convolve", "detect_edges"),
            finish=piled_up(outer, inner, with_bias),
            rare=inner not in ((2,), (1, 2), (0, 1, 2), (3,), (1, 2, 3), (0, 1, 2, 3), (0,)),
        )

# Axes in another order.

ORDERS = sorted(
    (order for order in permutations(range(4)) if order != (0, 1, 2, 3)),
    key=lambda order: (sum(axis != place for place, axis in enumerate(order)), order != (0, 2, 1, 3)),
)
KERNEL_WORDS = (("rows", "행"), ("columns", "열"), ("channels", "채널"), ("filters", "필터"))
IMAGE_WORDS = (*AXIS_WORDS[:3], ("channels", "채널"))
KNOWN = {
    ("kernel", (3, 0, 1, 2)): "filters-read-in-memory-order",
    ("kernel", (0, 1, 3, 2)): "channels-and-filters-exchanged",
    ("image", (0, 3, 1, 2)): "image-read-channels-first",
}


def moved(order: tuple[int, ...]) -> Callable[..., Any]:
    return lambda array, call: array.transpose(order)


def reshaped(order: tuple[int, ...]) -> Callable[..., Any]:
    """Return what reads an array's numbers as if its axes lay in memory in this order."""
    return lambda array, call: array.reshape([array.shape[axis] for axis in order]).transpose(
        np.argsort(order)
    )


def of_shape(order: tuple[int, ...]) -> Callable[..., Any]:
    """Return what reshapes an array to the shape that it has with its axes in this order."""
    return lambda array, call: array.reshape([array.shape[axis] for axis in order])


def back_by_reshape(order: tuple[int, ...]) -> tuple[Callable[..., Any], ...]:
    """Return what moves axes to this order, and brings them back by a reshape alone."""
    return moved(order), lambda array, call: array.reshape([array.shape[axis] for axis in np.argsort(order)])


SHAPES = (
    "Print the shape after each step; a reshape does not move axes.",
    "단계마다 shape를 출력해 보세요. reshape는 축을 옮기지 않습니다.",
)
for order in ORDERS:
    rare = sum(axis != place for place, axis in enumerate(order)) > 2
    for what, ko_what, names, place in (
        ("kernel", "커널", KERNEL_WORDS, "kernel"),
        ("image", "이미지", IMAGE_WORDS, "prepare"),
        ("result", "결과", AXIS_WORDS, "finish"),
    ):
        en, ko = ", ".join(names[axis][0] for axis in order), ", ".join(names[axis][1] for axis in order)
        tail = "-".join(names[axis][0] for axis in order)
        functions = LAYER if what == "result" else (*BOTH, "detect_edges")
        fits = what != "kernel" or (order[2:] == (3, 2))
        if fits:
            # A kernel fits no window otherwise, but for `kernel-transposed`.
            for tail_of, verb, ko_verb, change in (
                ("in-order", "come in the order", "순서로 놓였을 때", moved),
                (
                    "reshaped-to",
                    "are dealt out anew by a reshape to",
                    "순서의 shape로 reshape했을 때",
                    of_shape,
                ),
            ):
                knob(
                    f"{what}-{tail_of}-{tail}",
                    en=f"Your result equals what you get when the axes of the {what} {verb} {en}. {SHAPES[0]}",
                    ko=f"{ko_what}의 축이 {ko} {ko_verb}와 결과가 같습니다. {SHAPES[1]}"
                    if tail_of == "in-order"
                    else f"{ko_what}의 shape를 {ko} {ko_verb}와 결과가 같습니다. {SHAPES[1]}",
                    functions=functions,
                    rare=rare or what != "result",
                    **{place: change(order)},
                )
        knob(
            KNOWN.get((what, order), f"{what}-read-in-order-{tail}"),
            en=f"Your result equals what you get when the numbers of the {what} are read as if its axes lay in memory in the order {en}. {SHAPES[0]}",
            ko=f"{ko_what}의 축이 메모리에 {ko} 순서로 놓여 있는 것처럼 수를 읽었을 때와 결과가 같습니다. {SHAPES[1]}",
            functions=functions,
            rare=rare and (what, order) not in KNOWN,
            **{place: reshaped(order)},
        )
for order in ORDERS:
    if order != (0, 2, 1, 3):
        # That one is written column by column.
        tail = "-".join(AXIS_WORDS[axis][0] for axis in order)
        knob(
            f"result-moved-back-by-reshape-from-{tail}",
            en=f"Your result equals what you get when its axes come in the order {words(order, 0)} and are brought back by a reshape. {SHAPES[0]}",
            ko=f"결과의 축이 {words(order, 1)} 순서로 놓여 있다가 reshape로 되돌려졌을 때와 결과가 같습니다. {SHAPES[1]}",
            functions=LAYER,
            rare=order not in ((0, 3, 1, 2), (1, 2, 0, 3), (1, 2, 3, 0), (3, 0, 1, 2)),
            finish=back_by_reshape(order),
        )
for order in permutations(range(3)):
    if order != (0, 1, 2):
        names = (("channels", "채널"), ("rows", "행"), ("columns", "열"))
        tail = "-".join(names[axis][0] for axis in order)
        for verb, ko_verb, change in (
            (
                "come in the order",
                "순서로 놓여 있습니다",
                lambda r, c, order=order: maps_of(r).transpose(order),
            ),
            (
                "are dealt out into a shape of",
                "순서의 shape에 나누어 담겨 있습니다",
                lambda r, c, order=order: maps_of(r).reshape([maps_of(r).shape[axis] for axis in order]),
            ),
        ):
            knob(
                "maps-with-channels-last"
                if order == (1, 2, 0) and "come" in verb
                else f"maps-{'in-order' if 'come' in verb else 'reshaped-to'}-{tail}",
                en=f"The maps hold the right numbers, but their axes {verb} {', '.join(names[axis][0] for axis in order)}. {SHAPES[0]}",
                ko=f"값은 맞지만 맵의 축이 {', '.join(names[axis][1] for axis in order)} {ko_verb}. {SHAPES[1]}",
                functions=("channel_maps",),
                finish=change,
            )


def maps_of(result: Tensor) -> Tensor:
    """Return the maps of a result that still has all of its axes."""
    return np.moveaxis(result[0, ..., 0], -1, 0)


for order in permutations(range(3)):
    if order != (0, 1, 2):
        names = (("channels", "채널"), ("rows", "행"), ("columns", "열"))
        knob(
            "maps-moved-back-by-reshape-from-" + "-".join(names[axis][0] for axis in order),
            en=f"Your maps equal what you get when their axes come in the order {', '.join(names[axis][0] for axis in order)} and are brought back by a reshape. {SHAPES[0]}",
            ko=f"맵의 축이 {', '.join(names[axis][1] for axis in order)} 순서로 놓여 있다가 reshape로 되돌려졌을 때와 결과가 같습니다. {SHAPES[1]}",
            functions=("channel_maps",),
            finish=lambda r, c, order=order: maps_of(r).transpose(order).reshape(maps_of(r).shape),
        )


def maps_of_a_channel(x: Tensor, kernel: Tensor, index: int, at: Places) -> Tensor:
    """Return for each filter what one channel contributes."""
    channel = index % kernel.shape[2]
    part = kernel[:, :, channel : channel + 1]
    return np.stack(
        [run(x[..., channel : channel + 1], part, index=f, at=at)[0] for f in range(part.shape[3])]
    )


knob(
    "index-taken-as-channel",
    en="`channel_maps` answers for one channel and all filters: `index` is the number of a filter, and there is a map for each channel. Compare the length of the first axis with the number of channels.",
    ko="`channel_maps`가 채널 하나와 모든 필터로 계산합니다. `index`는 필터의 번호이고 맵은 채널마다 하나씩 있습니다. 첫 번째 축의 길이를 채널의 수와 비교해 보세요.",
    functions=("channel_maps",),
    whole=maps_of_a_channel,
)


def exchanged(kernel: Tensor, call: Places) -> Tensor:
    """Return a kernel with its last two axes exchanged, where it still fits the image."""
    return kernel.transpose(0, 1, 3, 2)


knob(
    "channels-and-filters-exchanged-in-the-kernel",
    en="Your result equals what you get when the last two axes of the kernel are exchanged, where as many channels as filters hide it. The contract says (KH, KW, Cin, F): try two channels and three filters.",
    ko="커널의 마지막 두 축을 서로 바꾸었을 때와 결과가 같습니다. 채널과 필터의 수가 같으면 드러나지 않습니다. 규칙은 (KH, KW, Cin, F)입니다. 채널 둘과 필터 셋으로 시험해 보세요.",
    functions=LAYER,
    works_only=True,
    kernel=exchanged,
)

MAPS: list[tuple[str, str, str, Callable[..., Any]]] = [
    ("maps-piling-up", "each map contains those of the channels before it", "각 맵에 앞 채널의 맵들이 더해졌을 때", lambda m: np.cumsum(m, axis=0)),
    ("maps-added-up", "the maps are added up into one", "맵들을 하나로 더했을 때", lambda m: m.sum(axis=0)),
    ("maps-added-up-with-their-axis", "the maps are added up into one that still has its first axis", "맵들을 하나로 더하고 첫 번째 축을 남겼을 때", lambda m: m.sum(axis=0, keepdims=True)),
    ("maps-added-up-for-each", "every map is the sum of all", "모든 맵이 전체를 더한 것일 때", lambda m: np.broadcast_to(m.sum(axis=0), m.shape)),
    ("maps-averaged", "every map is divided by the number of channels", "모든 맵을 채널의 수로 나누었을 때", lambda m: m / len(m)),
    ("first-map-only", "only the map of the first channel is there", "첫 번째 채널의 맵만 있을 때", lambda m: m[:1]),
    ("last-map-only", "only the map of the last channel is there", "마지막 채널의 맵만 있을 때", lambda m: m[-1:]),
    ("first-map-without-its-axis", "only the map of the first channel is there, without the first axis", "첫 번째 채널의 맵만 있고 첫 번째 축이 없을 때", lambda m: m[0]),
    ("first-map-repeated", "every map is that of the first channel", "모든 맵이 첫 번째 채널의 맵일 때", lambda m: np.broadcast_to(m[:1], m.shape)),
    ("last-map-repeated", "every map is that of the last channel", "모든 맵이 마지막 채널의 맵일 때", lambda m: np.broadcast_to(m[-1:], m.shape)),
    ("maps-in-reverse", "the maps come in reverse order", "맵의 순서가 거꾸로일 때", lambda m: m[::-1]),
    ("no-more-than-three-maps", "no more than three maps are there", "맵이 세 개까지만 있을 때", lambda m: m[:3]),
    ("last-map-missing", "the last map is missing", "마지막 맵이 빠졌을 때", lambda m: m[:-1]),
    ("maps-with-the-batch-axis", "the maps have the axis of the images in front", "맵의 맨 앞에 이미지 축이 남았을 때", lambda m: m[np.newaxis]),
    ("maps-with-the-filter-axis", "the maps have the axis of the filters at the end", "맵의 맨 뒤에 필터 축이 남았을 때", lambda m: m[..., np.newaxis]),
    ("maps-with-all-axes", "the maps have the axes of images and filters", "맵에 이미지 축과 필터 축이 남았을 때", lambda m: m[:, np.newaxis, :, :, np.newaxis]),
    ("maps-in-the-order-of-a-layer", "the maps are the channels of one image: (1, rows, columns, channels)", "맵이 (1, 행, 열, 채널) shape의 이미지 한 장으로 나왔을 때", lambda m: np.moveaxis(m, 0, -1)[np.newaxis]),
]  # fmt: skip


def of_the_weights_of_one_channel(x: Tensor, kernel: Tensor, index: int, at: Places) -> Tensor:
    """Return maps with channel and filter of the kernel exchanged, at most its last ones."""
    channel = min(index, kernel.shape[2] - 1)
    weights = [kernel[:, :, channel, min(number, kernel.shape[3] - 1)] for number in range(x.shape[3])]
    return run(x, np.stack(weights, axis=2)[..., np.newaxis], at=at)


knob(
    "maps-with-the-weights-of-one-channel",
    en="Every map uses weights of channel `index`, each of another filter, instead of filter `index`: channel and filter of the kernel are exchanged. Print the index with which you read the kernel, axis by axis.",
    ko="맵마다 `index`번 필터가 아니라 `index`번 채널의 가중치를 필터를 바꿔 가며 썼습니다. 커널의 채널 축과 필터 축이 서로 바뀌었습니다. 커널을 읽을 때 쓰는 인덱스를 축마다 출력해 보세요.",
    functions=("channel_maps",),
    whole=of_the_weights_of_one_channel,
)
for name, en, ko, function in MAPS:
    knob(
        name,
        en=f"Your result equals what you get when {en}. Print the shape of your result, and compare map by map for an image in which one channel alone is not zero.",
        ko=f"{ko}와 결과가 같습니다. 결과의 shape를 출력하고, 채널 하나만 0이 아닌 이미지로 맵을 하나씩 비교해 보세요.",
        functions=("channel_maps",),
        finish=lambda r, c, function=function: function(maps_of(r)),
    )
for name, en, ko, chosen in (
    ("maps-of-the-first-filter", "the first one", "첫 번째 필터", lambda index: 0),
    ("maps-of-the-next-filter", "the one after it", "그다음 필터", lambda index: index + 1),
    ("maps-of-the-filter-before", "the one before it", "그 앞의 필터", lambda index: index - 1),
    ("maps-of-the-filter-before", "the one before it", "그 앞의 필터", lambda index: max(index - 1, 0)),
    ("maps-of-the-last-filter", "the last one", "마지막 필터", lambda index: -1),
):
    knob(
        name,
        en=f"`channel_maps` answers for another filter than `index` says: for {en}. Call it with index 0 and with index 1 and compare.",
        ko=f"`channel_maps`가 `index`가 가리키는 필터가 아니라 {ko}로 계산합니다. index가 0일 때와 1일 때의 결과를 비교해 보세요.",
        functions=("channel_maps",),
        chosen=chosen,
    )


knob(
    "maps-of-the-next-filter",
    functions=("channel_maps",),
    whole=lambda x, kernel, index, at: run(x, np.roll(kernel, -1, axis=3), index=index, at=at),
)


def channels_counted(x: Tensor, count: int) -> Tensor:
    """Return so many channels; where there are fewer, what Python says to an index beyond them."""
    for channel in range(count):
        x[..., channel]
    return x[..., :count]


for count, en, ko in ((3, "three channels", "채널이 세 개라고"), (2, "two channels", "채널이 두 개라고")):
    knob(
        f"{en.split()[0]}-channels-counted",
        en=f"Your function takes {en} for granted: more are passed over, and with fewer it raises an error. Call it with images of one channel and of five.",
        ko=f"함수가 언제나 {ko} 여깁니다. 더 많으면 나머지를 지나치고, 더 적으면 오류가 납니다. 채널이 하나인 이미지와 다섯인 이미지로 호출해 보세요.",
        functions=BOTH,
        works_only=True,
        prepare=lambda x, c, count=count: channels_counted(x, count),
        kernel=lambda k, c, count=count: k[:, :, :count],
    )


def four_weights(kernel: Tensor) -> Tensor:
    kernel[1], kernel[:, 1]  # An index beyond a smaller kernel is an error.
    return kernel[:2, :2]


knob(
    "only-four-weights",
    functions=LAYER,
    works_only=True,
    kernel=lambda k, c: four_weights(k),
)
for name, en, ko, reduce in (
    ("magnitudes-of-the-rows-added", "the sum of each row of a window loses its sign before the rows are added up", "윈도우의 행마다 합의 부호를 떼고 나서 행들을 더했을 때", lambda p: np.abs(p.sum(axis=2)).sum(axis=1)),
    ("magnitudes-of-the-columns-added", "the sum of each column of a window loses its sign before the columns are added up", "윈도우의 열마다 합의 부호를 떼고 나서 열들을 더했을 때", lambda p: np.abs(p.sum(axis=1)).sum(axis=1)),
    ("larger-of-the-rows", "of the sums of the rows of a window only the one farthest from 0 counts", "윈도우의 행별 합 가운데 0에서 가장 먼 것만 썼을 때", lambda p: (s := p.sum(axis=2), np.take_along_axis(s, np.abs(s).argmax(axis=1)[:, None], axis=1)[:, 0])[1]),
):  # fmt: skip
    knob(
        name,
        en=f"Your result equals what you get when {en}. {SEE_SUM[0]}",
        ko=f"{ko}와 결과가 같습니다. {SEE_SUM[1]}",
        reduce=reduce,
    )

# Numbers found by counting through memory, with the wrong length of a row.


def counted(array: Tensor, axis: int, lengths: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Tensor:
    """Return an array whose numbers from an axis on are found at the sum of their places times these lengths."""
    shape = array.shape[axis:]
    places = sum(place * length for place, length in zip(np.indices(shape), lengths(shape), strict=True))
    flat_array = array.reshape(*array.shape[:axis], -1)
    return np.take(flat_array, places.ravel() % flat_array.shape[axis], axis=axis).reshape(array.shape)


for what, ko_what, places in (
    ("kernel", "커널", {"kernel": lambda k, c: np.moveaxis(counted(np.moveaxis(k, (2, 3), (0, 1)), 2, lambda s: (s[0], 1)), (0, 1), (2, 3))}),
    ("image", "이미지", {"prepare": lambda x, c: np.moveaxis(counted(np.moveaxis(x, 3, 1), 2, lambda s: (s[0], 1)), 1, 3)}),
):  # fmt: skip
    knob(
        f"{what}-counted-by-its-height",
        en=f"Your result equals what you get when the numbers of the {what} are counted through as if a row were as long as a column: number i times the height plus j. A row has as many numbers as there are columns; a square {what} hides it.",
        ko=f"{ko_what}의 수를 차례로 셀 때 한 행의 길이를 높이로 썼을 때(i × 높이 + j)와 결과가 같습니다. 한 행에는 열의 수만큼 수가 있습니다. {ko_what}의 높이와 너비가 같으면 드러나지 않습니다.".replace(
            "커널를", "커널을"
        ),
        **places,
    )
for name, kept in (
    ("last-row-of-the-kernel-lost", lambda k: np.s_[: max(k.shape[0] - 1, 1)]),
    ("last-column-of-the-kernel-lost", lambda k: np.s_[:, : max(k.shape[1] - 1, 1)]),
    ("last-row-and-column-of-the-kernel-lost", lambda k: np.s_[: max(k.shape[0] - 1, 1), : max(k.shape[1] - 1, 1)]),
):  # fmt: skip
    knob(name, kernel=lambda k, c, kept=kept: part_of(k, kept(k)))
knob(
    "corners-of-the-kernel-only",
    en=f"Your result equals what you get when a window always has four pixels, which meet the four corners of the kernel. {SEE_KERNEL[0]}",
    ko=f"윈도우에 언제나 픽셀이 네 개 있고, 그것이 커널의 네 모서리와 만날 때와 결과가 같습니다. {SEE_KERNEL[1]}",
    functions=LAYER,
    kernel=lambda k, c: k[[0, 0, -1, -1], [0, -1, 0, -1]].reshape(2, 2, *k.shape[2:]),
)
knob(
    "every-other-pixel-of-a-window",
    en=f"Your result equals what you get when neighbouring weights meet every other pixel of the image, as with a dilation of two. {SEE_PLACE[0]}",
    ko=f"dilation이 2일 때처럼 이웃한 가중치가 한 칸씩 건너뛴 픽셀과 만날 때와 결과가 같습니다. {SEE_PLACE[1]}",
    reach=lambda g: 2 * g.length - 1,
    count=lambda g: max(g.side - 2 * g.length + 2, 0),
    multiply=lambda w, k: multiplied(w[:, ::2, ::2], k),
)

# relu.

RELUS: list[tuple[str, str, str, FILLED]] = [
    ("relu-ignored", 'with `activation="relu"` nothing is done', '`activation="relu"`인데 아무것도 하지 않았을 때', {"relu": lambda r, c: r}),
    ("relu-always", "relu is applied although no activation was asked for", "활성화 함수를 요청하지 않았는데 relu를 적용했을 때", {"linear": lambda r, c: np.maximum(r, 0)}),
    ("relu-before-the-bias", "relu comes before the bias is added", "bias를 더하기 전에 relu를 적용했을 때", {"relu": lambda r, c: np.maximum(r - c.bias, 0) + c.bias}),
    ("magnitude-instead-of-relu", "relu is replaced by the magnitude", "relu 대신 절댓값을 썼을 때", {"relu": lambda r, c: np.abs(r)}),
    ("relu-only-when-not-asked-for", "relu is applied where none was asked for, and not where it was", "relu를 요청하지 않았을 때 적용하고 요청했을 때 적용하지 않았을 때", {"relu": lambda r, c: r, "linear": lambda r, c: np.maximum(r, 0)}),
    ("relu-upside-down", "relu keeps the negative numbers and loses the positive ones", "relu가 음수를 남기고 양수를 0으로 만들었을 때", {"relu": lambda r, c: np.minimum(r, 0)}),
    ("relu-of-the-negative", "relu is applied to the opposite numbers", "부호를 바꾼 수에 relu를 적용했을 때", {"relu": lambda r, c: np.maximum(-r, 0)}),
    ("relu-up-to-one", "relu also cuts numbers above 1", "relu가 1보다 큰 수도 잘랐을 때", {"relu": lambda r, c: np.clip(r, 0, 1)}),
    ("relu-up-to-six", "relu also cuts numbers above 6", "relu가 6보다 큰 수도 잘랐을 때", {"relu": lambda r, c: np.clip(r, 0, 6)}),
    ("relu-as-yes-or-no", "relu gives 1 for positive numbers", "relu가 양수에 1을 냈을 때", {"relu": lambda r, c: (r > 0).astype(float)}),
    ("leaky-relu", "relu leaves a hundredth of negative numbers", "relu가 음수의 100분의 1을 남겼을 때", {"relu": lambda r, c: np.where(r > 0, r, 0.01 * r)}),
    ("leaky-relu-of-a-tenth", "relu leaves a tenth of negative numbers", "relu가 음수의 10분의 1을 남겼을 때", {"relu": lambda r, c: np.where(r > 0, r, 0.1 * r)}),
    ("relu-from-one", "relu makes everything below 1 to 1", "relu가 1보다 작은 수를 모두 1로 만들었을 때", {"relu": lambda r, c: np.maximum(r, 1)}),
    ("relu-loses-what-is-below-one", "relu makes everything below 1 to 0", "relu가 1보다 작은 수를 모두 0으로 만들었을 때", {"relu": lambda r, c: np.where(r >= 1, r, 0)}),
    ("relu-of-the-first-filter-only", "relu is applied to the first filter only", "첫 번째 필터에만 relu를 적용했을 때", {"relu": lambda r, c: np.concatenate([np.maximum(r[..., :1], 0), r[..., 1:]], axis=-1)}),
    ("relu-of-the-last-filter-only", "relu is applied to the last filter only", "마지막 필터에만 relu를 적용했을 때", {"relu": lambda r, c: np.concatenate([r[..., :-1], np.maximum(r[..., -1:], 0)], axis=-1)}),
    ("relu-of-the-first-image-only", "relu is applied to the first image only", "첫 이미지에만 relu를 적용했을 때", {"relu": lambda r, c: np.concatenate([np.maximum(r[:1], 0), r[1:]])}),
    ("relu-of-the-image", "relu is applied to the pixels, before the weights", "가중치를 곱하기 전에 픽셀에 relu를 적용했을 때", {"relu": lambda r, c: r, "prepare": lambda x, c: np.maximum(x, 0) if c.activation else x}),
    ("relu-of-the-weights", "relu is applied to the weights", "가중치에 relu를 적용했을 때", {"relu": lambda r, c: r, "kernel": lambda k, c: np.maximum(k, 0) if c.activation else k}),
    ("relu-of-the-sums-and-the-bias", "relu is applied to the sum and to the bias, each by itself", "합과 bias에 relu를 따로 적용했을 때", {"relu": lambda r, c: np.maximum(r - c.bias, 0) + np.maximum(c.bias, 0)}),
    ("relu-without-bias", "with relu the bias is forgotten", "relu를 쓸 때 bias를 빠뜨렸을 때", {"relu": lambda r, c: np.maximum(r - c.bias, 0)}),
    ("bias-twice-with-relu", "with relu the bias is added twice", "relu를 쓸 때 bias를 두 번 더했을 때", {"relu": lambda r, c: np.maximum(r + c.bias, 0)}),
    ("relu-of-the-magnitude-too", "negative numbers are squared away instead of cut to 0", "음수를 0으로 만들지 않고 제곱했을 때", {"relu": lambda r, c: np.where(r > 0, r, r * r)}),
    ("relu-takes-negative-numbers-out", "relu takes negative numbers out of the result", "relu가 음수를 결과에서 빼 버렸을 때", {"relu": lambda r, c: r[r > 0]}),
    ("sigmoid-instead-of-relu", "a sigmoid is applied instead of relu", "relu 대신 시그모이드를 적용했을 때", {"relu": lambda r, c: 1 / (1 + np.exp(-r))}),
    ("softplus-instead-of-relu", "softplus is applied instead of relu", "relu 대신 softplus를 적용했을 때", {"relu": lambda r, c: np.log1p(np.exp(r))}),
    ("activation-ignored", "every activation is treated as None", "어떤 활성화 함수든 None으로 처리했을 때", {"relu": lambda r, c: r, "unknown": lambda name: None}),
    ("relu-whatever-is-asked", "relu is applied whatever activation is asked for", "어떤 활성화 함수를 요청하든 relu를 적용했을 때", {"linear": lambda r, c: np.maximum(r, 0), "unknown": lambda name: None}),
    ("any-activation-accepted", "an unknown activation is treated as None", "모르는 활성화 함수를 None으로 처리했을 때", {"unknown": lambda name: None}),
    ("unknown-activation-taken-as-relu", "an unknown activation is treated as relu", "모르는 활성화 함수를 relu로 처리했을 때", {"unknown": lambda name: "relu"}),
]  # fmt: skip
SEE_RELU = (
    "Call your function with None, with relu and with a name that it does not know, with biases of both signs, and compare.",
    "None, relu, 모르는 이름으로 각각 호출해 보고, 부호가 서로 다른 bias로 비교해 보세요.",
)
for number, (name, en, ko, places) in enumerate(RELUS):
    knob(
        name,
        en=f"Your result equals what you get when {en}. {SEE_RELU[0]}",
        ko=f"{ko}와 결과가 같습니다. {SEE_RELU[1]}",
        functions=LAYER,
        rare=4 <= number < 26,
        **places,
    )
for reduce in (lambda p: np.maximum(p, 0).sum(axis=(1, 2)), lambda p: np.maximum(p.sum(axis=(1, 2)), 0)):

    def relu_early(
        x: Tensor, kernel: Tensor, bias: Tensor, activation: str | None, at: Places, reduce: Any = reduce
    ) -> Tensor:
        if activation == "relu":
            at = SimpleNamespace(**{**vars(at), "reduce": reduce})
        return run(x, kernel, bias, activation, at=at)

    knob(
        "relu-on-the-products",
        en="relu is applied to the single products or their parts, before all are added up. How many numbers does relu get for one window and one filter?",
        ko="곱이나 그 일부에, 모두 더하기 전에 relu를 적용했습니다. 윈도우 하나와 필터 하나에 대해 relu가 받는 수는 몇 개여야 하나요?",
        functions=LAYER,
        whole=relu_early,
    )
for error in (
    TypeError,
    AssertionError,
    KeyError,
    NameError,
    RuntimeError,
    Exception,
    UnboundLocalError,
    NotImplementedError,
):

    def raising(activation: str, error: type[Exception] = error) -> str | None:
        raise error(activation)

    knob(
        "unknown-activation-raises-another-error",
        en="An unknown activation raises an error of another kind than the contract says. Call your function with such a name and read the last line of the message.",
        ko="모르는 활성화 함수에 규칙과 다른 종류의 오류가 납니다. 그런 이름으로 함수를 호출해서 오류 메시지의 마지막 줄을 읽어 보세요.",
        functions=LAYER,
        unknown=raising,
    )

# Pictures of integers, and what is changed in place.

for dtype in ("uint8", "int8", "int16", "uint16"):
    knob(
        "picture-in-" + dtype,
        en=f"Your result equals what you get when the picture is made {dtype}: what does not fit begins again at the other end. Print the dtype just before you multiply.",
        ko=f"그림을 {dtype}로 바꾸었을 때와 결과가 같습니다. 범위를 벗어난 수는 반대쪽 끝에서 다시 시작합니다. 곱하기 바로 전에 dtype을 출력해 보세요.",
        functions=("detect_edges",),
        picture=lambda image, dtype=dtype: np.asarray(image).astype("int64").astype(dtype).astype(float),
    )
for dtype in ("uint8", "int8", "int16", "uint16"):

    def computed_in(image: Any, at: Places, dtype: str = dtype) -> Tensor:
        picture = (
            np.asarray(image).astype("int64" if np.asarray(image).dtype.kind == "f" else None).astype(dtype)
        )
        across = picture[:, 1:] - picture[:, :-1]
        return np.asarray(across[1:] + across[:-1])

    knob(
        "computed-in-" + dtype,
        en=f"Your result equals what you get when all is computed in {dtype}: a sum that does not fit begins again at the other end. Print the dtype of the picture, of a difference and of the result.",
        ko=f"모든 계산을 {dtype}로 했을 때와 결과가 같습니다. 범위를 벗어난 합은 반대쪽 끝에서 다시 시작합니다. 그림, 차, 결과의 dtype을 출력해 보세요.",
        functions=("detect_edges",),
        whole=computed_in,
    )

GRADIENTS: list[tuple[str, str, str, Any]] = [
    ("edges-of-both-directions", "edges of both directions are added up", "두 방향의 경계를 더했을 때", [[-2, 0], [0, 2]]),
    ("edges-along-the-diagonal", "the filter is that of Roberts, along a diagonal", "대각선 방향의 로버츠(Roberts) 필터를 썼을 때", [[1, 0], [0, -1]]),
    ("edges-along-the-diagonal", "", "", [[-1, 0], [0, 1]]),
    ("edges-along-the-other-diagonal", "the filter is that of Roberts, along the other diagonal", "다른 대각선 방향의 로버츠(Roberts) 필터를 썼을 때", [[0, 1], [-1, 0]]),
    ("edges-along-the-other-diagonal", "", "", [[0, -1], [1, 0]]),
    ("edges-of-one-row-in-both-directions", "the differences to the right and downwards of one pixel are added up", "한 픽셀에서 오른쪽으로의 차와 아래로의 차를 더했을 때", [[-2, 1], [1, 0]]),
    ("edges-downwards-in-one-column", "only the difference downwards of one pixel is taken", "한 픽셀에서 아래로의 차만 썼을 때", [[-1, 0], [1, 0]]),
    ("signs-of-one-row-exchanged", "the second row of the filter has the opposite signs", "필터의 둘째 행의 부호가 반대일 때", [[-1, 1], [1, -1]]),
    ("sum-of-all-pixels", "every weight is 1", "모든 가중치가 1일 때", [[1, 1], [1, 1]]),
    ("weights-of-two", "every weight counts twice", "가중치를 모두 두 배로 썼을 때", [[-2, 2], [-2, 2]]),
    ("filter-of-prewitt", "the filter is that of Prewitt, 3x3", "3x3인 프리윗(Prewitt) 필터를 썼을 때", [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
    ("filter-of-sobel", "the filter is that of Sobel, 3x3", "3x3인 소벨(Sobel) 필터를 썼을 때", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    ("filter-of-sobel-downwards", "the filter is that of Sobel for edges from top to bottom, 3x3", "위에서 아래로 바뀌는 경계를 찾는 3x3 소벨(Sobel) 필터를 썼을 때", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    ("filter-of-scharr", "the filter is that of Scharr, 3x3", "3x3인 샤르(Scharr) 필터를 썼을 때", [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
    ("filter-of-laplace", "the filter is that of Laplace, 3x3", "3x3인 라플라스(Laplace) 필터를 썼을 때", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    ("filter-of-laplace", "", "", [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
    ("filter-of-laplace-with-corners", "the filter is that of Laplace with its corners, 3x3", "모서리까지 쓰는 3x3 라플라스(Laplace) 필터를 썼을 때", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    ("filter-of-laplace-with-corners", "", "", [[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
    ("difference-over-two-pixels", "each pixel is compared with the one two places on", "두 칸 떨어진 픽셀끼리 비교했을 때", [[-1, 0, 1], [-1, 0, 1]]),
    ("second-difference", "the difference of differences is taken", "차의 차를 구했을 때", [[1, -2, 1], [1, -2, 1]]),
]  # fmt: skip


def sloped(weights: Any, mode: str | None, cut: Any) -> Callable[..., Tensor]:
    """Return what another filter makes of a picture: inside of it, or with its edge continued and cut to the right size."""

    def whole(image: Any, at: Places) -> Tensor:
        picture, rows = np.asarray(image, float), len(weights) - 1
        if mode is not None:
            around = [(n // 2, n - n // 2) for n in (rows, len(weights[0]) - 1)]
            picture = np.pad(picture, around, mode=mode)  # type: ignore[call-overload]  # any of its modes
        windows = np.lib.stride_tricks.sliding_window_view(picture, np.shape(weights))
        return np.asarray((windows * weights).sum(axis=(2, 3))[cut])

    return whole


SEE_EDGES = (
    "Work one window out by hand with the four weights of the exercise.",
    "과제의 가중치 네 개로 윈도우 하나를 손으로 계산해 보세요.",
)
for name, en, ko, weights in GRADIENTS:
    texts = {"en": f"Your result equals what you get when {en}. {SEE_EDGES[0]}", "ko": f"{ko}와 결과가 같습니다. {SEE_EDGES[1]}"}  # fmt: skip
    knob(name, functions=("detect_edges",), rare=True, whole=sloped(weights, None, np.s_[:]), **(texts if en else {}))  # fmt: skip
    for mode in ("constant", "reflect") if np.size(weights) > 4 else ():
        for cut in (np.s_[:], np.s_[:-1, :-1]):
            knob(name, functions=("detect_edges",), rare=True, whole=sloped(weights, mode, cut))


def slopes(image: Any) -> tuple[Tensor, Tensor]:
    """Return the sums with the filter of the exercise, and with the one of the other direction."""
    p = np.asarray(image, float)
    across, down = p[:, 1:] - p[:, :-1], p[1:] - p[:-1]
    return across[:-1] + across[1:], down[:, :-1] + down[:, 1:]


def forward(image: Any) -> tuple[Tensor, Tensor]:
    """Return the differences to the right and downwards of every pixel, without the last row and column."""
    p = np.asarray(image, float)
    return (p[:, 1:] - p[:, :-1])[:-1], (p[1:] - p[:-1])[:, :-1]


for name, en, ko, combined in (
    ("size-of-the-gradient", "the root of the squares of both directions is taken", "두 방향의 제곱합의 제곱근을 구했을 때", np.hypot),
    ("magnitudes-of-both-directions", "the magnitudes of both directions are added up", "두 방향의 크기(절댓값)를 더했을 때", lambda a, d: np.abs(a) + np.abs(d)),
    ("larger-of-both-directions", "the larger magnitude of both directions is taken", "두 방향 가운데 절댓값이 큰 것을 썼을 때", lambda a, d: np.maximum(np.abs(a), np.abs(d))),
    ("angle-of-the-gradient", "the angle of the edge is taken", "경계의 각도를 구했을 때", lambda a, d: np.arctan2(d, a)),
    ("difference-of-both-directions", "edges of the other direction are subtracted", "다른 방향의 경계를 뺐을 때", lambda a, d: a - d),
):  # fmt: skip
    for parts in (slopes, forward):
        knob(
            name,
            en=f"Your result equals what you get when {en}. {SEE_EDGES[0]}",
            ko=f"{ko}와 결과가 같습니다. {SEE_EDGES[1]}",
            functions=("detect_edges",),
            rare=True,
            whole=lambda image, at, parts=parts, combined=combined: combined(*parts(image)),
        )
for name, en, ko, axis in (
    ("central-difference", "half the difference of both neighbours is taken, as by `np.gradient`", "`np.gradient`처럼 양쪽 이웃의 차의 절반을 구했을 때", 1),
    ("central-difference-downwards", "half the difference of the neighbours above and below is taken, as by `np.gradient`", "`np.gradient`처럼 위아래 이웃의 차의 절반을 구했을 때", 0),
):  # fmt: skip
    for shown in (
        lambda p: p,
        lambda p: p[:-1, :-1],
        lambda p: p[1:, 1:],
        lambda p: (p[1:] + p[:-1])[:, :-1],
        lambda p: (p[1:] + p[:-1])[:, 1:],
    ):
        knob(
            name,
            en=f"Your result equals what you get when {en}. {SEE_EDGES[0]}",
            ko=f"{ko}와 결과가 같습니다. {SEE_EDGES[1]}",
            functions=("detect_edges",),
            rare=True,
            whole=lambda image, at, axis=axis, shown=shown: shown(
                np.gradient(np.asarray(image, float), axis=axis)
            ),
        )

for inner in (lambda d: d.astype("int64"), lambda d: d):

    def wraps_around(image: Any, at: Places, inner: Any = inner) -> Tensor:
        picture = np.asarray(image)
        across = inner(picture[:, 1:] - picture[:, :-1])
        return np.asarray(across[1:] + across[:-1])

    knob(
        "uint8-wraps-around",
        en="With uint8 pixels, edges from bright to dark come out as large positive numbers. Print the dtypes of the picture, of a difference and of the result.",
        ko="uint8 픽셀에서 밝은 쪽에서 어두운 쪽으로 바뀌는 경계가 큰 양수로 나옵니다. 그림, 차, 결과의 dtype을 출력해 보세요.",
        functions=("detect_edges",),
        whole=wraps_around,
    )


def overwriting(x: Tensor, kernel: Tensor, bias: Tensor, activation: str | None, at: Places) -> Tensor:
    """Multiply each window in place, so that the next one reads what was changed."""
    x = np.array(x)
    right = at.multiply

    def multiply(window: Tensor, weights: Tensor) -> Tensor:
        products = right(window, weights)
        window *= weights[..., 0]
        return products

    return run(x, kernel, bias, activation, at=SimpleNamespace(**{**vars(at), "multiply": multiply}))


knob(
    "window-overwritten",
    en="A window is multiplied in place: a slice of an array is a view, so the image itself changes, and the next window reads the changed pixels. Print the image after one call.",
    ko="윈도우를 제자리에서 곱했습니다. 배열의 슬라이스는 뷰라서 이미지까지 바뀌고, 다음 윈도우는 바뀐 픽셀을 읽습니다. 함수를 한 번 호출한 뒤 이미지를 출력해 보세요.",
    functions=LAYER,
    whole=overwriting,
)

# Two at once, of the most frequent ones.

pairs(
    ("kernel-flipped", "kernel-transposed", "mean-of-the-products", "weights-of-one", "first-filter-repeated", "only-the-first-channel", "channels-averaged", "first-channel-weights-for-all"),
    ("bias-forgotten", "bias-for-each-product", "bias-for-each-channel", "bias-subtracted", "one-bias-for-all-filters"),
    ("window-steps-of-two", "window-steps-of-its-size", "last-window-missing"),
    ("same-size",),
    ("only-the-first-image", "first-image-repeated", "images-added-up"),
    ("cut-to-integers", "edges-without-sign", "falling-edges-lost", "sign-reversed", "result-transposed", "batch-and-channel-axes-lost"),
    ("relu-ignored", "relu-always", "relu-before-the-bias", "magnitude-instead-of-relu"),
    en="Two mistakes at once explain your result; each is told as if it were the only one. (1) {first} (2) {second}",
    ko="두 가지 실수를 함께 하면 이런 결과가 나옵니다. 하나씩만 있는 것처럼 설명하면 다음과 같습니다. (1) {first} (2) {second}",
)  # fmt: skip

# What stays between calls.


def keeps(what: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a function that makes its result with what it remembers; `what` gets that, and the right result."""

    def whole(x: Any, kernel: Any, bias: Any, activation: Any, index: int, image: Any, at: Places) -> Tensor:
        return what(at.memory.__dict__, run(x, kernel, bias, activation, index, image, at=at), kernel)

    return whole


def first_result(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    return np.asarray(memory.setdefault("result", result))


def first_result_of_a_shape(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    return np.asarray(memory.setdefault(result.shape, result))


def result_before(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    before = memory.get("result", np.zeros_like(result))
    memory["result"] = result
    return np.asarray(before)


def sum_of_all(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    before = memory.get("result", np.zeros_like(result))
    memory["result"] = result + before if before.shape == result.shape else result
    return np.asarray(memory["result"])


def total(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    start = memory.get("total", 0.0)
    numbers = start + np.cumsum(result.ravel())
    memory["total"] = numbers[-1] if numbers.size else start
    return numbers.reshape(result.shape)


def all_images(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    images = memory.setdefault("images", [])
    images.extend(result)
    return np.stack(images)


def all_numbers(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    numbers = memory.setdefault("numbers", [])
    numbers.extend(result.ravel().tolist())
    return np.array(numbers).reshape(result.shape)


def first_numbers(memory: dict[str, Any], result: Tensor, kernel: Tensor) -> Tensor:
    numbers = memory.setdefault("numbers", [])
    numbers.extend(result.ravel().tolist())
    return np.array(numbers[: result.size]).reshape(result.shape)


# A result that is written in the code looks the same.
FROM_THE_FIRST = ("keeps-the-first-result", "keeps-the-first-result-of-a-shape")
WRITTEN = ", or the result is written in the code", "있거나 결과가 코드에 그대로 적혀 있습니다"

for name, en, ko, what in (
    ("keeps-the-first-result", "every call returns the result of the first one", "모든 호출이 첫 번째 호출의 결과를 돌려줍니다", first_result),
    ("keeps-the-first-result-of-a-shape", "what has the shape of an earlier result is that result", "앞의 결과와 shape가 같으면 그 결과가 그대로 나옵니다", first_result_of_a_shape),
    ("answers-for-the-call-before", "every call returns the result of the one before", "호출할 때마다 바로 앞 호출의 결과가 나옵니다", result_before),
    ("keeps-the-sums", "the sums of the calls before are added", "앞선 호출의 합이 더해집니다", sum_of_all),
    ("keeps-the-running-total", "the sum goes on where the last call ended", "합이 앞 호출이 끝난 값에서 이어집니다", total),
    ("keeps-the-images", "the images of all calls so far are in the result", "지금까지 호출한 이미지가 모두 결과에 들어 있습니다", all_images),
    ("keeps-a-growing-list", "the numbers of all calls so far are in one list", "지금까지 호출한 결과의 수가 모두 한 리스트에 쌓여 있습니다", all_numbers),
    ("keeps-a-list", "the numbers of the first call come first", "첫 번째 호출의 수들이 먼저 나옵니다", first_numbers),
):  # fmt: skip
    knob(
        name,
        en=f"Something stays from one call to the next{WRITTEN[0] if name in FROM_THE_FIRST else ''}: {en}. Call your function twice with different arguments, and look for what is made outside of it or in its default arguments.",
        ko=f"호출과 호출 사이에 무언가가 남아 {WRITTEN[1] if name in FROM_THE_FIRST else '있습니다'}. {ko}. 서로 다른 입력으로 함수를 두 번 호출해 보고, 함수 밖이나 기본 인자에서 만들어지는 것을 찾아보세요.",
        memory=True,
        whole=keeps(what),
    )


def keeps_kernel(
    x: Any, kernel: Any, bias: Any, activation: Any, index: int, image: Any, at: Places
) -> Tensor:
    return run(x, at.memory.__dict__.setdefault("kernel", kernel), bias, activation, index, image, at=at)


def keeps_bias(x: Any, kernel: Any, bias: Any, activation: Any, index: int, image: Any, at: Places) -> Tensor:
    return run(x, kernel, at.memory.__dict__.setdefault("bias", bias), activation, index, image, at=at)


for name, en, ko, whole in (
    (
        "keeps-the-first-kernel",
        "every call uses the kernel of the first one",
        "모든 호출이 첫 번째 호출의 커널을 씁니다",
        keeps_kernel,
    ),
    (
        "keeps-the-first-bias",
        "every call uses the bias of the first one",
        "모든 호출이 첫 번째 호출의 bias를 씁니다",
        keeps_bias,
    ),
):
    knob(
        name,
        en=f"Something stays from one call to the next: {en}. Call your function twice with different weights, and look for what is made outside of it.",
        ko=f"호출과 호출 사이에 무언가가 남아 있습니다. {ko}. 서로 다른 가중치로 함수를 두 번 호출해 보고, 함수 밖에서 만들어지는 것을 찾아보세요.",
        functions=LAYER,
        memory=True,
        whole=whole,
    )

# Inputs that the statements allow.


def inputs(exercise: str, rng: np.random.Generator) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield calls that the statement of an exercise allows, each a function's name with its arguments."""
    sides = ((2, 2), (3, 3), (4, 4), (5, 5), (4, 6), (6, 3), (2, 7), (6, 5))
    lengths = (
        ((2, 2),)
        if exercise == "conv-1"
        else ((2, 2), (1, 1), (3, 3), (2, 3), (3, 2), (1, 4), (4, 1), (4, 3))
    )
    counts = (1,) if exercise in ("conv-1", "conv-2", "conv-3") else (1, 2, 3, 4)
    channels = (1, 2, 3, 5) if exercise == "conv-6" else (1,)
    filters = (1, 2, 3, 5) if exercise in ("conv-5", "conv-6") else (1,)
    for number, ((height, width), length) in enumerate(
        (side, length) for side in sides for length in lengths
    ):
        if exercise == "edge-detection":
            if length == (2, 2):
                for picture in pictures((height, width), rng):
                    yield "detect_edges", (picture,)
            continue
        if length[0] > height or length[1] > width:
            continue
        for place, image in enumerate(
            pictures(
                (counts[number % len(counts)], height, width, channels[number // 2 % len(channels)]), rng
            )
        ):
            shape = (*length, image.shape[3], filters[(number + place) % len(filters)])
            kernel, bias = rng.normal(scale=3, size=shape), rng.normal(scale=5, size=shape[3])
            yield "convolve", (image, kernel, bias)
            if exercise == "conv-5":
                yield "convolve", (image, kernel, bias, "relu")
                yield "convolve", (image, kernel, bias, "sigmoid")
            if exercise == "conv-6":
                yield "channel_maps", (image[:1], kernel, place % shape[3])


def pictures(shape: tuple[int, ...], rng: np.random.Generator) -> Iterator[Tensor]:
    """Yield pictures of every kind of numbers that occurs: of both signs, negative, fractions, small and large integers."""
    yield rng.integers(-9, 10, size=shape).astype(np.float64)
    yield rng.integers(0, 10, size=shape)
    yield rng.random(size=shape)
    yield rng.normal(scale=20, size=shape).astype(np.float32)
    yield rng.integers(0, 256, size=shape).astype(np.uint8)
    yield rng.integers(-99, 0, size=shape).astype(np.int32)
