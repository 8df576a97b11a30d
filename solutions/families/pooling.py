"""Max pooling with every place at which it goes wrong: the known mistakes of ex02 to ex07.

One loop over windows, and in front of everything that it needs a question to `at`. `run` without a knob is right.
Along one axis the answers are made one after another, each from those before it: see `along`.
"""

# One table of mistakes after another is read in a loop, whose names stand for other things each time.
# mypy: disable-error-code="assignment,arg-type,no-any-return"

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, permutations, product
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.misconceptions import axes_of, family, knob, pairs

Tensor = NDArray[Any]
Places = SimpleNamespace


def run(x: Tensor, pool_size: tuple[int, int] = (2, 2), padding: str = "valid", *, at: Places) -> Tensor:
    """Return the largest value of every window, in every channel of every image."""
    if padding not in ("valid", "same"):
        padding = at.unknown(padding)
    call = SimpleNamespace(x=x, pool_size=tuple(pool_size), padding=at.padding(padding))
    x = at.prepare(x, call)
    rows, columns = (along(x, call, axis, at) for axis in (0, 1))
    if at.pad is not None and (call.padding == "same" or rows.missing or columns.missing):
        x = at.pad(x, ((0, 0), (rows.before, rows.after), (columns.before, columns.after), (0, 0)))
    with np.errstate(all="ignore"):
        values = [
            [taken(x[:, top:bottom, left:right], at) for left, right in columns.windows]
            for top, bottom in rows.windows
        ]
        return np.asarray(at.finish(stored(values, (rows.count, columns.count), x, call, at), call))


def taken(window: Tensor, at: Places) -> Tensor:
    """Return what is taken of a window; of an empty one nothing is written where the result has its right size."""
    if at.allocate and not window.size:
        return np.zeros_like(window, shape=(window.shape[0], window.shape[3]))
    return at.reduce(window)


def along(x: Tensor, call: Places, axis: int, at: Places) -> Places:
    """Return where windows begin and end along one axis, and how much is added before and after the image."""
    g = SimpleNamespace(
        side=x.shape[1 + axis],
        other_side=x.shape[2 - axis],
        pool=call.pool_size[axis],
        other_pool=call.pool_size[1 - axis],
        same=call.padding == "same",
    )
    for place in ("size", "step", "missing", "before", "after", "count", "reach"):
        setattr(g, place, getattr(at, place)(g, axis=axis))
    shift = 0 if at.pad is not None else g.before
    starts = [at.start(number, g, axis=axis) - shift for number in range(g.count)]
    g.windows = [(at.cut(start), start + g.reach) for start in starts]
    return g


def stored(
    values: list[list[Tensor]], counts: tuple[int, int], x: Tensor, call: Places, at: Places
) -> Tensor:
    """Return the values of all windows as one array."""
    some = [value for row in values for value in row]
    first = some[0].shape if some else (x.shape[0], x.shape[3])
    shape = right_shape(call) if at.allocate else (first[0], *counts, *first[1:])
    result = np.zeros(shape, at.store(call.x) or (np.result_type(*some) if some else x.dtype))
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            result[:, i, j] = value
    return result


def right_shape(call: Places) -> tuple[int, ...]:
    """Return the shape that the result has to have."""
    up = (np.array(call.pool_size) - 1) * (call.padding == "same")
    rows, columns = (np.array(call.x.shape[1:3]) + up) // call.pool_size
    return (len(call.x), int(rows), int(columns), call.x.shape[3])


def unknown(padding: str) -> str:
    raise ValueError(f'padding is "valid" or "same", not {padding!r}')


def missing(g: Places) -> int:
    """Return how many rows or columns "same" adds."""
    return max((-(-g.side // g.step) - 1) * g.step + g.size - g.side, 0) if g.same else 0


family(
    run,
    functions={"max_pool": {}},
    twin_of=("size", "step", "count", "start", "cut"),
    twin={"allocate": True},
    twin_texts={
        "en": "The result has the right size, and what is not written stays 0.",
        "ko": "결과의 크기는 맞지만, 값을 쓰지 않은 자리는 0으로 남아 있습니다.",
    },
    # The order in which they are asked.
    unknown=unknown,
    padding=lambda padding: padding,
    prepare=(),
    size=lambda g: g.pool,
    step=lambda g: g.size,
    missing=missing,
    before=lambda g: g.missing // 2,
    after=lambda g: g.missing - g.before,
    count=lambda g: max((g.side + g.before + g.after - g.size) // g.step + 1, 0),
    reach=lambda g: g.size,
    start=lambda number, g: number * g.step,
    # A start before the image; and None, or how places outside of it are filled.
    cut=lambda start: max(start, 0),
    pad=None,
    reduce=lambda window: window.max(axis=(1, 2)),
    # The dtype of the result, None being that of the values; and whether it has its right size whatever is found.
    store=lambda x: x.dtype,
    allocate=False,
    finish=(),
)

# What is taken of a window.

SEE_WINDOW = (
    "Work one window of an image with shuffled numbers out by hand and compare.",
    "숫자를 섞은 이미지에서 윈도우 하나를 직접 계산해서 비교해 보세요.",
)


def flat(window: Tensor) -> Tensor:
    """Return the pixels of a window in one row: images, pixels, channels."""
    return window.reshape(window.shape[0], -1, window.shape[3])


def largest_magnitude(window: Tensor) -> Tensor:
    pixels = flat(window)
    return np.take_along_axis(pixels, np.abs(pixels).argmax(axis=1)[:, None], axis=1)[:, 0]


def brightest_pixel(window: Tensor) -> Tensor:
    pixels = flat(window)
    return np.take_along_axis(pixels, pixels.sum(axis=2).argmax(axis=1)[:, None, None], axis=1)[:, 0]


def last_increase(window: Tensor) -> Tensor:
    pixels = flat(window)
    best = pixels[:, 0]
    for place in range(1, pixels.shape[1]):
        best = np.where(pixels[:, place] > pixels[:, place - 1], pixels[:, place], best)
    return best


def first_channels_pixel(window: Tensor) -> Tensor:
    pixels = flat(window)
    return np.take_along_axis(pixels, pixels[..., :1].argmax(axis=1)[:, None], axis=1)[:, 0]


def largest_as_tuples(window: Tensor) -> Tensor:
    return np.array([max(map(tuple, pixels)) for pixels in flat(window)], window.dtype)


def without(window: Tensor, *corners: tuple[int, int]) -> Tensor:
    """Return the largest of the pixels that are in none of these corners (0 first, -1 last row or column)."""
    keep = np.ones(window.shape[1:3], bool)
    for corner in corners:
        keep[corner] = False
    return window[:, keep].max(axis=1)


def mode(window: Tensor) -> Tensor:
    """Return the most frequent value of each window, the smallest of several."""
    pixels = np.sort(flat(window), axis=1)
    often = (pixels[:, :, None] == pixels[:, None]).sum(axis=2)
    return np.take_along_axis(pixels, often.argmax(axis=1)[:, None], axis=1)[:, 0]


def quantile(share: float) -> Callable[[Tensor], Tensor]:
    return lambda window: np.quantile(flat(window), share, axis=1)


REDUCTIONS: dict[str, tuple[str, str, Callable[[Tensor], Any]]] = {
    "mean-instead-of-max": ("the average", "평균", lambda w: w.mean(axis=(1, 2))),
    "min-instead-of-max": ("the smallest value", "최솟값", lambda w: w.min(axis=(1, 2))),
    "sum-instead-of-max": ("the sum", "합", lambda w: w.sum(axis=(1, 2))),
    "upper-left-pixel": ("the upper left pixel", "왼쪽 위 픽셀", lambda w: w[:, 0, 0]),
    "lower-right-pixel": ("the lower right pixel", "오른쪽 아래 픽셀", lambda w: w[:, -1, -1]),
    "upper-right-pixel": ("the upper right pixel", "오른쪽 위 픽셀", lambda w: w[:, 0, -1]),
    "lower-left-pixel": ("the lower left pixel", "왼쪽 아래 픽셀", lambda w: w[:, -1, 0]),
    "median-instead-of-max": ("the median", "중앙값", lambda w: np.median(flat(w), axis=1)),
    "only-the-first-row-of-a-window": ("the largest value of the first row", "첫 행의 최댓값", lambda w: w[:, 0].max(axis=1)),
    "only-the-last-row-of-a-window": ("the largest value of the last row", "마지막 행의 최댓값", lambda w: w[:, -1].max(axis=1)),
    "only-the-first-column-of-a-window": ("the largest value of the first column", "첫 열의 최댓값", lambda w: w[:, :, 0].max(axis=1)),
    "only-the-last-column-of-a-window": ("the largest value of the last column", "마지막 열의 최댓값", lambda w: w[:, :, -1].max(axis=1)),
    "only-the-diagonal": ("the largest value of the diagonal from the upper left", "왼쪽 위에서 내려오는 대각선의 최댓값", lambda w: np.diagonal(w, axis1=1, axis2=2).max(axis=-1)),
    "only-the-other-diagonal": ("the largest value of the diagonal from the upper right", "오른쪽 위에서 내려오는 대각선의 최댓값", lambda w: np.diagonal(w[:, :, ::-1], axis1=1, axis2=2).max(axis=-1)),
    "only-opposite-corners": ("the larger of the upper left and the lower right pixel", "왼쪽 위와 오른쪽 아래 픽셀 중 큰 값", lambda w: np.maximum(w[:, 0, 0], w[:, -1, -1])),
    "only-other-corners": ("the larger of the upper right and the lower left pixel", "오른쪽 위와 왼쪽 아래 픽셀 중 큰 값", lambda w: np.maximum(w[:, 0, -1], w[:, -1, 0])),
    "only-the-corners": ("the largest value of the four corners", "네 모서리 픽셀의 최댓값", lambda w: w[:, [0, 0, -1, -1], [0, -1, 0, -1]].max(axis=1)),
    "upper-left-pixel-left-out": ("the largest value of the pixels other than the upper left one", "왼쪽 위를 뺀 픽셀의 최댓값", lambda w: without(w, (0, 0))),
    "upper-right-pixel-left-out": ("the largest value of the pixels other than the upper right one", "오른쪽 위를 뺀 픽셀의 최댓값", lambda w: without(w, (0, -1))),
    "lower-left-pixel-left-out": ("the largest value of the pixels other than the lower left one", "왼쪽 아래를 뺀 픽셀의 최댓값", lambda w: without(w, (-1, 0))),
    "lower-right-pixel-left-out": ("the largest value of the pixels other than the lower right one", "오른쪽 아래를 뺀 픽셀의 최댓값", lambda w: without(w, (-1, -1))),
    "last-row-of-a-window-left-out": ("the largest value without the last row", "마지막 행을 뺀 최댓값", lambda w: w[:, :-1].max(axis=(1, 2))),
    "last-column-of-a-window-left-out": ("the largest value without the last column", "마지막 열을 뺀 최댓값", lambda w: w[:, :, :-1].max(axis=(1, 2))),
    "last-row-and-column-of-a-window-left-out": ("the largest value without the last row and the last column", "마지막 행과 마지막 열을 뺀 최댓값", lambda w: w[:, :-1, :-1].max(axis=(1, 2))),
    "first-row-of-a-window-left-out": ("the largest value without the first row", "첫 행을 뺀 최댓값", lambda w: w[:, 1:].max(axis=(1, 2))),
    "first-column-of-a-window-left-out": ("the largest value without the first column", "첫 열을 뺀 최댓값", lambda w: w[:, :, 1:].max(axis=(1, 2))),
    "first-row-and-column-of-a-window-left-out": ("the largest value without the first row and the first column", "첫 행과 첫 열을 뺀 최댓값", lambda w: w[:, 1:, 1:].max(axis=(1, 2))),
    "middle-pixel": ("the pixel in its middle", "가운데 픽셀", lambda w: w[:, w.shape[1] // 2, w.shape[2] // 2]),
    "place-instead-of-value": ("the number of the place at which the largest value stands", "최댓값이 있는 자리의 번호", lambda w: flat(w).argmax(axis=1)),
    "place-of-the-smallest": ("the number of the place at which the smallest value stands", "최솟값이 있는 자리의 번호", lambda w: flat(w).argmin(axis=1)),
    "compared-with-the-pixel-before": ("the last pixel that is larger than the one before it", "바로 앞 픽셀보다 큰 픽셀 가운데 마지막 것", last_increase),
    "pixel-of-the-first-channels-maximum": ("the pixel at which the first channel is largest, with all its channels", "첫 번째 채널이 가장 큰 픽셀의 값", first_channels_pixel),
    "largest-magnitude": ("the value farthest from 0, with its sign", "0에서 가장 먼 값(부호 포함)", largest_magnitude),
    "magnitude-instead-of-value": ("the largest magnitude, without a sign", "절댓값의 최댓값", lambda w: np.abs(w).max(axis=(1, 2))),
    "smallest-magnitude": ("the smallest magnitude, without a sign", "절댓값의 최솟값", lambda w: np.abs(w).min(axis=(1, 2))),
    "magnitude-of-the-maximum": ("the magnitude of the largest value", "최댓값의 절댓값", lambda w: np.abs(w.max(axis=(1, 2)))),
    "whole-pixel-chosen": ("the pixel whose channels have the largest sum, with all its channels", "채널의 합이 가장 큰 픽셀의 값", brightest_pixel),
    "second-largest-value": ("the second largest value", "두 번째로 큰 값", lambda w: np.sort(flat(w), axis=1)[:, -2]),
    "second-smallest-value": ("the second smallest value", "두 번째로 작은 값", lambda w: np.sort(flat(w), axis=1)[:, 1]),
    "difference-of-max-and-min": ("the difference between the largest and the smallest value", "최댓값과 최솟값의 차", lambda w: np.ptp(w, axis=(1, 2))),
    "middle-of-max-and-min": ("the mean of the largest and the smallest value", "최댓값과 최솟값의 평균", lambda w: (w.max(axis=(1, 2)) + w.min(axis=(1, 2))) / 2),
    "product-instead-of-max": ("the product", "곱", lambda w: w.prod(axis=(1, 2))),
    "whole-part-of-the-mean": ("the average, divided without a remainder", "나머지를 버린 평균", lambda w: w.sum(axis=(1, 2)) // (w.shape[1] * w.shape[2])),
    "rounded-mean": ("the rounded average", "반올림한 평균", lambda w: np.round(w.mean(axis=(1, 2)))),
    "sum-divided-by-four": ("a quarter of the sum", "합을 4로 나눈 값", lambda w: w.sum(axis=(1, 2)) / 4),
    "smallest-of-the-row-maxima": ("the smallest of the maxima of the rows", "행별 최댓값 가운데 최솟값", lambda w: w.max(axis=2).min(axis=1)),
    "smallest-of-the-column-maxima": ("the smallest of the maxima of the columns", "열별 최댓값 가운데 최솟값", lambda w: w.max(axis=1).min(axis=1)),
    "largest-of-the-row-minima": ("the largest of the minima of the rows", "행별 최솟값 가운데 최댓값", lambda w: w.min(axis=2).max(axis=1)),
    "largest-of-the-column-minima": ("the largest of the minima of the columns", "열별 최솟값 가운데 최댓값", lambda w: w.min(axis=1).max(axis=1)),
    "mean-of-the-row-maxima": ("the average of the maxima of the rows", "행별 최댓값의 평균", lambda w: w.max(axis=2).mean(axis=1)),
    "mean-of-the-column-maxima": ("the average of the maxima of the columns", "열별 최댓값의 평균", lambda w: w.max(axis=1).mean(axis=1)),
    "largest-of-the-row-means": ("the largest of the averages of the rows", "행별 평균 가운데 최댓값", lambda w: w.mean(axis=2).max(axis=1)),
    "largest-of-the-column-means": ("the largest of the averages of the columns", "열별 평균 가운데 최댓값", lambda w: w.mean(axis=1).max(axis=1)),
    "sum-of-the-row-maxima": ("the sum of the maxima of the rows", "행별 최댓값의 합", lambda w: w.max(axis=2).sum(axis=1)),
    "sum-of-the-column-maxima": ("the sum of the maxima of the columns", "열별 최댓값의 합", lambda w: w.max(axis=1).sum(axis=1)),
    "largest-of-the-row-sums": ("the largest of the sums of the rows", "행별 합 가운데 최댓값", lambda w: w.sum(axis=2).max(axis=1)),
    "largest-of-the-column-sums": ("the largest of the sums of the columns", "열별 합 가운데 최댓값", lambda w: w.sum(axis=1).max(axis=1)),
    "yes-or-no": ("1 where a pixel is not 0 and 0 elsewhere", "0이 아닌 픽셀이 있으면 1, 없으면 0", lambda w: w.any(axis=(1, 2))),
    "count-of-pixels-not-zero": ("the number of pixels that are not 0", "0이 아닌 픽셀의 수", lambda w: np.count_nonzero(w, axis=(1, 2))),
    "standard-deviation": ("the standard deviation", "표준편차", lambda w: w.std(axis=(1, 2))),
    "variance": ("the variance", "분산", lambda w: w.var(axis=(1, 2))),
    "root-of-the-mean-square": ("the root of the mean of the squares", "제곱평균의 제곱근", lambda w: np.sqrt((w.astype(float) ** 2).mean(axis=(1, 2)))),
    "norm": ("the root of the sum of the squares", "제곱합의 제곱근", lambda w: np.sqrt((w.astype(float) ** 2).sum(axis=(1, 2)))),
    "largest-square": ("the largest of the squares", "제곱한 값의 최댓값", lambda w: (w * w).max(axis=(1, 2))),
    "mode": ("the most frequent value", "가장 자주 나오는 값(최빈값)", mode),
    "upper-quartile": ("the upper quartile", "제3사분위수", quantile(0.75)),
    "mean-of-max-and-mean": ("the mean of the largest value and the average", "최댓값과 평균의 평균", lambda w: (w.max(axis=(1, 2)) + w.mean(axis=(1, 2))) / 2),
    "log-of-the-sum-of-exponentials": ("the logarithm of the sum of the exponentials", "지수의 합의 로그", lambda w: np.log(np.exp(w.astype(float)).sum(axis=(1, 2)))),
}  # fmt: skip


def ways(function: Callable[[Tensor], Any]) -> tuple[Callable[[Tensor], Any], ...]:
    """Return the dtypes in which a result is kept: the image's, and that of the values where it is another one."""
    changes = np.asarray(function(np.ones((1, 2, 2, 1), np.uint8))).dtype != np.uint8
    return (lambda x: x.dtype, lambda x: None) if changes else (lambda x: x.dtype,)


for number, (name, (what, ko_what, function)) in enumerate(REDUCTIONS.items()):
    for store in ways(function):
        knob(
            name,
            en=f"Of each window your result has {what}, not the largest value. {SEE_WINDOW[0]}",
            ko=f"결과의 각 수는 윈도우의 최댓값이 아니라 {ko_what}입니다. {SEE_WINDOW[1]}",
            reduce=function,
            store=store,
            rare=number > 16,
        )

knob("pixel-of-the-first-channels-maximum", reduce=largest_as_tuples)
for name, kept in (
    ("last-row-of-a-window-left-out", np.s_[:, :-1]),
    ("last-column-of-a-window-left-out", np.s_[:, :, :-1]),
    ("last-row-and-column-of-a-window-left-out", np.s_[:, :-1, :-1]),
):
    # Who has nothing left of a small window may keep its first pixel.
    knob(name, reduce=lambda w, kept=kept: (w[kept] if w[kept].size else w[:, :1, :1]).max(axis=(1, 2)))

# Where windows lie: how many, how far apart, from where, how large. Three knobs each: rows, columns, both.

GEOMETRY: list[tuple[str, str, Callable[..., Any], str, str]] = [
    (
        "windows-overlap",
        "step",
        lambda step, g: 1,
        "The window moves by one pixel at a time along the {axis}, so neighbours overlap. Write down at which row or column the second window begins.",
        "윈도우가 {axis} 방향으로 한 칸씩 움직여서 이웃한 윈도우가 겹칩니다. 두 번째 윈도우가 몇 번째 행이나 열에서 시작하는지 적어 보세요.",
    ),
    (
        "window-starts-at-its-number",
        "start",
        lambda start, number, g: number,
        "Along the {axis}, window number i begins at place i of the image, so neighbours overlap and the far part is never read. Put a large number there and see.",
        "{axis} 방향으로 i번째 윈도우가 이미지의 i번째 자리에서 시작합니다. 그래서 이웃한 윈도우가 겹치고 끝부분은 읽히지 않습니다. 그곳에 큰 수를 넣어 확인해 보세요.",
    ),
    (
        "incomplete-windows-kept",
        "count",
        lambda count, g: -(-(g.side + g.before + g.after) // g.step),
        "Along the {axis}, a window is counted of which only a part lies in the image. Count the windows that fit whole.",
        "{axis} 방향으로, 일부만 이미지에 걸친 윈도우까지 셌습니다. 온전히 들어가는 윈도우가 몇 개인지 세어 보세요.",
    ),
    (
        "last-window-lost",
        "count",
        lambda count, g: max((g.side + g.before + g.after - 1) // g.step, 0),
        "Where the image divides evenly along the {axis}, the last window is not counted. Print the places at which your windows begin.",
        "{axis} 방향으로 이미지가 나누어떨어질 때 마지막 윈도우를 세지 않았습니다. 윈도우가 시작하는 위치를 모두 출력해 보세요.",
    ),
    (
        "one-window-too-few",
        "count",
        lambda count, g: max(count - 1, 0),
        "Along the {axis}, there is one window fewer than fit. Print the places at which your windows begin; `range` leaves its end out.",
        "{axis} 방향으로 윈도우가 들어갈 수 있는 것보다 하나 적습니다. 윈도우가 시작하는 위치를 출력해 보세요. `range`는 끝값을 포함하지 않습니다.",
    ),
    (
        "first-window-lost",
        "start",
        lambda start, number, g: (number + 1) * g.step if number + 1 < g.count else start,
        "Along the {axis}, the first window does not show in your result: the second stands in its place, and the last one comes twice. Where does your first window begin?",
        "{axis} 방향으로 첫 윈도우가 결과에 없습니다. 그 자리에 두 번째 윈도우가 있고 마지막 윈도우는 두 번 나옵니다. 첫 윈도우가 어디에서 시작하나요?",
    ),
    (
        "first-windows-skipped",
        "start",
        lambda start, number, g: start + g.step,
        "Along the {axis}, every window of your result is the one after the right one. Where does your first window begin?",
        "{axis} 방향으로 결과의 모든 윈도우가 한 윈도우씩 뒤의 것입니다. 첫 윈도우가 어디에서 시작하나요?",
    ),
    (
        "one-window-too-many",
        "count",
        lambda count, g: count + 1,
        "Along the {axis}, your function asks for one window more than fits whole. Print the last place at which a window begins.",
        "{axis} 방향으로 온전히 들어가는 것보다 윈도우를 하나 더 요구합니다. 마지막 윈도우가 시작하는 위치를 출력해 보세요.",
    ),
    (
        "first-row-dropped",
        "start",
        lambda start, number, g: start + (0 if g.same else g.side % g.step),
        "What is left over along the {axis} is dropped at the beginning of the image instead of its end, so windows are shifted. The first window begins in the upper left corner.",
        "{axis} 방향으로 남는 부분을 이미지의 끝이 아니라 처음에서 버려서 윈도우가 밀렸습니다. 첫 윈도우는 왼쪽 위 모서리에서 시작합니다.",
    ),
    (
        "windows-shifted-by-one",
        "start",
        lambda start, number, g: start + 1,
        "Along the {axis}, every window begins one pixel too late. Print the pixels of your first window.",
        "{axis} 방향으로 모든 윈도우가 한 픽셀 늦게 시작합니다. 첫 윈도우의 픽셀을 출력해 보세요.",
    ),
    (
        "windows-shifted-back-by-one",
        "start",
        lambda start, number, g: start - 1,
        "Along the {axis}, every window begins one pixel too early. Print the pixels of your first two windows.",
        "{axis} 방향으로 모든 윈도우가 한 픽셀 일찍 시작합니다. 처음 두 윈도우의 픽셀을 출력해 보세요.",
    ),
    (
        "every-other-window-left-out",
        "step",
        lambda step, g: 2 * step,
        "Along the {axis}, the window moves by twice its size, so that every other one is left out. Print the places at which your windows begin.",
        "{axis} 방향으로 윈도우가 자기 크기의 두 배만큼 움직여서 하나씩 건너뜁니다. 윈도우가 시작하는 위치를 출력해 보세요.",
    ),
    (
        "window-moves-one-too-far",
        "step",
        lambda step, g: step + 1,
        "Along the {axis}, the window moves one pixel too far, so there are gaps between windows. Print the places at which your windows begin.",
        "{axis} 방향으로 윈도우가 한 픽셀 더 움직여서 윈도우 사이가 빕니다. 윈도우가 시작하는 위치를 출력해 보세요.",
    ),
    (
        "window-moves-one-too-little",
        "step",
        lambda step, g: max(step - 1, 1),
        "Along the {axis}, the window moves by one pixel less than its size, so neighbours share a line of pixels. Print the places at which your windows begin.",
        "{axis} 방향으로 윈도우가 자기 크기보다 한 픽셀 적게 움직여서 이웃한 윈도우가 한 줄을 함께 씁니다. 윈도우가 시작하는 위치를 출력해 보세요.",
    ),
    (
        "window-still-moves-by-two",
        "step",
        lambda step, g: 2,
        "Along the {axis}, the window moves by two pixels whatever its size is. Try a window of three: where should the next one begin?",
        "{axis} 방향으로 윈도우의 크기와 상관없이 두 칸씩 움직입니다. 크기가 3인 윈도우라면 다음 윈도우는 어디에서 시작해야 할까요?",
    ),
    (
        "windows-start-at-even-places",
        "start",
        lambda start, number, g: 2 * number,
        "Along the {axis}, windows begin at places 0, 2, 4, ... whatever their size is. Try a window of three: where should the next one begin?",
        "{axis} 방향으로 윈도우가 크기와 상관없이 0, 2, 4, ...번째 자리에서 시작합니다. 크기가 3인 윈도우라면 다음 윈도우는 어디에서 시작해야 할까요?",
    ),
    (
        "window-moves-by-its-other-side",
        "step",
        lambda step, g: g.other_pool,
        "Along the {axis}, the window has its right size but moves by the length of its other side. Square windows hide it: try (2, 3).",
        "{axis} 방향으로 윈도우의 크기는 맞지만 다른 쪽 변의 길이만큼 움직입니다. 정사각형 윈도우로는 보이지 않으니 (2, 3)으로 시험해 보세요.",
    ),
    (
        "windows-start-by-the-other-side",
        "start",
        lambda start, number, g: number * g.other_pool,
        "Along the {axis}, there are as many windows as there should be, but they begin at multiples of the window's other side. Square windows hide it: try (2, 3).",
        "{axis} 방향으로 윈도우의 수는 맞지만, 다른 쪽 변의 길이의 배수 자리에서 시작합니다. 정사각형 윈도우로는 보이지 않으니 (2, 3)으로 시험해 보세요.",
    ),
    (
        "counted-with-the-other-side",
        "count",
        lambda count, g: (g.side + g.before + g.after) // g.other_pool,
        "Along the {axis}, windows are counted with the length of their other side. Square windows hide it: try (2, 3).",
        "{axis} 방향의 윈도우 수를 윈도우의 다른 쪽 변의 길이로 셌습니다. 정사각형 윈도우로는 보이지 않으니 (2, 3)으로 시험해 보세요.",
    ),
    (
        "counted-by-rounding",
        "count",
        lambda count, g: max(round((g.side + g.before + g.after) / g.step), 1),
        "Along the {axis}, the number of windows is rounded: where more than half of a window is left over, it is counted. Only whole windows count.",
        "{axis} 방향의 윈도우 수를 반올림했습니다. 남는 부분이 윈도우의 절반을 넘으면 그것도 셉니다. 온전한 윈도우만 세어야 합니다.",
    ),
    (
        "counted-in-twos",
        "count",
        lambda count, g: g.side // 2,
        "Along the {axis}, there are half as many windows as pixels whatever the size of a window is. How many windows of three fit into six pixels?",
        "{axis} 방향의 윈도우 수가 윈도우의 크기와 상관없이 픽셀 수의 절반입니다. 여섯 픽셀에 크기 3인 윈도우는 몇 개 들어가나요?",
    ),
    (
        "size-of-the-first-exercise",
        "count",
        lambda count, g: 2,
        "Along the {axis}, two windows are counted whatever the size of the image is. Compare the results for images of 4 and of 8 pixels.",
        "이미지의 크기와 상관없이 {axis} 방향으로 윈도우를 항상 두 개로 셉니다. 4픽셀과 8픽셀짜리 이미지의 결과를 비교해 보세요.",
    ),
    (
        "three-windows-counted",
        "count",
        lambda count, g: 3,
        "Along the {axis}, three windows are counted whatever the size of the image is. Compare the results for images of 4 and of 8 pixels.",
        "이미지의 크기와 상관없이 {axis} 방향으로 윈도우를 항상 세 개로 셉니다. 4픽셀과 8픽셀짜리 이미지의 결과를 비교해 보세요.",
    ),
    (
        "only-the-first-window",
        "count",
        lambda count, g: min(count, 1),
        "Along the {axis}, only the first window is in the result. Print the places at which your windows begin.",
        "{axis} 방향으로 결과에 첫 윈도우만 있습니다. 윈도우가 시작하는 위치를 출력해 보세요.",
    ),
    (
        "side-taken-of-the-other-axis",
        "count",
        lambda count, g: max((g.other_side + g.before + g.after - g.size) // g.step + 1, 0),
        "The windows along the {axis} are counted with the other side of the image. Square images hide it: try one of 4 rows and 6 columns.",
        "{axis} 방향의 윈도우 수를 이미지의 다른 쪽 변으로 셌습니다. 정사각형 이미지로는 보이지 않으니 4행 6열짜리 이미지로 시험해 보세요.",
    ),
    (
        "counted-as-if-windows-overlapped",
        "count",
        lambda count, g: max(g.side + g.before + g.after - g.size + 1, 0),
        "Along the {axis}, windows are counted as if they moved by one pixel, while they move by their size. How many of them begin inside the image?",
        "{axis} 방향의 윈도우 수는 한 칸씩 움직일 때의 수인데, 윈도우는 자기 크기만큼 움직입니다. 그 가운데 이미지 안에서 시작하는 것은 몇 개인가요?",
    ),
    (
        "a-window-for-every-pixel",
        "count",
        lambda count, g: g.side,
        "Along the {axis}, a window is counted for every pixel, while windows move by their size. How many of them begin inside the image?",
        "{axis} 방향으로 픽셀마다 윈도우를 하나씩 셌는데, 윈도우는 자기 크기만큼 움직입니다. 그 가운데 이미지 안에서 시작하는 것은 몇 개인가요?",
    ),
    (
        "windows-counted-from-the-end",
        "start",
        lambda start, number, g: g.side + g.before - (number + 1) * g.step,
        "Along the {axis}, your windows begin at the far end of the image and come in reverse order. Put a large number into one corner and see where it comes out.",
        "{axis} 방향으로 윈도우가 이미지의 끝에서부터 거꾸로 놓였습니다. 한쪽 모서리에 큰 수를 넣고 결과의 어디에 나오는지 확인해 보세요.",
    ),
    (
        "window-stands-still",
        "start",
        lambda start, number, g: 0,
        "Along the {axis}, every number of your result comes from the first window. Print the places at which your windows begin.",
        "{axis} 방향으로 결과의 모든 수가 첫 윈도우에서 나왔습니다. 윈도우가 시작하는 위치를 출력해 보세요.",
    ),
]  # fmt: skip

REACH: list[tuple[str, Callable[..., Any], str, str]] = [
    ("window-one-pixel-too-large", lambda reach, g: reach + 1, "Along the {axis}, every window takes one pixel too many, that of its neighbour. Print the shape of the first window.", "{axis} 방향으로 모든 윈도우가 이웃 윈도우의 픽셀을 하나 더 가져갑니다. 첫 윈도우의 shape를 출력해 보세요."),
    ("window-one-pixel-too-small", lambda reach, g: reach - 1, "Along the {axis}, every window takes one pixel too few. Print the shape of the first window; a slice leaves its end out.", "{axis} 방향으로 모든 윈도우가 픽셀을 하나 덜 가져갑니다. 첫 윈도우의 shape를 출력해 보세요. 슬라이스는 끝값을 포함하지 않습니다."),
    ("window-of-one-pixel", lambda reach, g: 1, "Along the {axis}, every window is one pixel long. Print the shape of the first window.", "{axis} 방향으로 모든 윈도우의 길이가 한 픽셀입니다. 첫 윈도우의 shape를 출력해 보세요."),
    ("window-of-two-pixels", lambda reach, g: 2, "Along the {axis}, every window takes two pixels whatever its size is. Print the shape of the first window.", "{axis} 방향으로 크기와 상관없이 모든 윈도우가 두 픽셀을 가져갑니다. 첫 윈도우의 shape를 출력해 보세요."),
    ("window-as-long-as-its-other-side", lambda reach, g: g.other_pool, "Along the {axis}, every window takes as many pixels as its other side has, but moves rightly. Square windows hide it: try (2, 3).", "{axis} 방향으로 윈도우가 올바르게 움직이지만 다른 쪽 변의 길이만큼 픽셀을 가져갑니다. 정사각형 윈도우로는 보이지 않으니 (2, 3)으로 시험해 보세요."),
    ("window-twice-as-long", lambda reach, g: 2 * reach, "Along the {axis}, every window takes its neighbour's pixels too. Print the shape of the first window.", "{axis} 방향으로 모든 윈도우가 이웃 윈도우의 픽셀까지 가져갑니다. 첫 윈도우의 shape를 출력해 보세요."),
    ("window-reaches-to-the-end", lambda reach, g: 10**6, "Along the {axis}, every window reaches to the end of the image. Print the shape of the first window.", "{axis} 방향으로 모든 윈도우가 이미지의 끝까지 이어집니다. 첫 윈도우의 shape를 출력해 보세요."),
]  # fmt: skip

SIZES: list[tuple[str, Callable[..., Any], str, str]] = [
    ("pool-size-ignored", lambda size, g: 2, "Along the {axis}, your windows are two pixels long whatever pool_size says. Compare the results for two sizes.", "{axis} 방향으로 윈도우의 길이가 pool_size와 상관없이 두 픽셀입니다. 두 가지 크기의 결과를 비교해 보세요."),
    ("windows-of-three", lambda size, g: 3, "Along the {axis}, your windows are three pixels long whatever was asked for. Print the shape of the first window.", "{axis} 방향으로 윈도우의 길이가 요청과 상관없이 세 픽셀입니다. 첫 윈도우의 shape를 출력해 보세요."),
    ("windows-one-larger", lambda size, g: size + 1, "Along the {axis}, your windows are one pixel longer than asked for, and move as far. Print the shape of the first window.", "{axis} 방향으로 윈도우가 요청보다 한 픽셀 길고, 그만큼 움직입니다. 첫 윈도우의 shape를 출력해 보세요."),
    ("windows-one-smaller", lambda size, g: max(size - 1, 1), "Along the {axis}, your windows are one pixel shorter than asked for, and move as far. Print the shape of the first window.", "{axis} 방향으로 윈도우가 요청보다 한 픽셀 짧고, 그만큼 움직입니다. 첫 윈도우의 shape를 출력해 보세요."),
    ("two-windows-a-side", lambda size, g: max(g.side // 2, 1), "Along the {axis}, the image is cut into two halves whatever its size is, each of which is one window. Compare the shape of your result with the contract.", "{axis} 방향으로 이미지의 크기와 상관없이 반으로 잘라 반쪽 하나를 윈도우 하나로 썼습니다. 결과의 shape를 규칙과 비교해 보세요."),
    ("number-of-windows-taken-as-size", lambda size, g: max(g.side // g.pool, 1), "Along the {axis}, every window is as long as there should be windows, and there are as many as a window should be long. Print the shape before you take the largest values.", "{axis} 방향으로 윈도우의 길이와 윈도우의 수가 서로 바뀌었습니다. 최댓값을 구하기 전의 shape를 출력해 보세요."),
    ("one-maximum-for-the-image", lambda size, g: g.side, "Along the {axis}, one window covers the whole image. The result should say where in the image the large values are: print its shape.", "{axis} 방향으로 윈도우 하나가 이미지 전체를 덮습니다. 결과에는 큰 값이 이미지의 어디에 있는지 남아야 합니다. 결과의 shape를 출력해 보세요."),
]  # fmt: skip

knob(
    "height-and-width-swapped",
    en="Your result equals what pool_size gives when it is read as (width, height). Square windows hide the difference: try (2, 3).",
    ko="결과가 pool_size를 (너비, 높이)로 읽었을 때와 같습니다. 정사각형 윈도우로는 보이지 않으니 (2, 3)으로 시험해 보세요.",
    size=lambda g: g.other_pool,
)
TOO_MANY = ("one-window-too-many", "a-window-for-every-pixel", "counted-as-if-windows-overlapped")
for name, place, change, en, ko in GEOMETRY:
    axes_of(name, place=place, change=change, en=en, ko=ko, has_twin=name not in TOO_MANY)
for name, change, en, ko in REACH:
    axes_of(name, place="reach", change=change, en=en, ko=ko)
for name, change, en, ko in SIZES:
    axes_of(name, place="size", change=change, en=en, ko=ko)

knob(
    "last-window-pushed-back",
    en="A window that would reach beyond the edge is pushed back into the image, where it overlaps its neighbour. What does not fit whole is left out.",
    ko="가장자리를 넘어갈 윈도우를 이미지 안으로 밀어 넣어 이웃한 윈도우와 겹칩니다. 온전히 들어가지 않는 것은 버려야 합니다.",
    count=lambda g: -(-g.side // g.step),
    start=lambda number, g: min(number * g.step, max(g.side - g.size, 0)),
)
for name, which, en, ko in (
    ("window-taken-as-square", lambda g, axis: g.other_pool if axis else g.pool, "first", "첫 번째"),
    (
        "window-taken-as-square-of-its-width",
        lambda g, axis: g.pool if axis else g.other_pool,
        "second",
        "두 번째",
    ),
    ("window-taken-as-square-of-its-longer-side", lambda g: max(g.pool, g.other_pool), "larger", "더 큰"),
    ("window-taken-as-square-of-its-shorter-side", lambda g: min(g.pool, g.other_pool), "smaller", "더 작은"),
    (
        "window-as-long-as-the-image-is-large",
        lambda g: g.pool * g.other_pool,
        "product of both",
        "두 수를 곱한",
    ),
):
    knob(
        name,
        en=f"Your windows are square: the {en} number of pool_size is used for the height and for the width. Compare (2, 3) with (3, 2).",
        ko=f"윈도우가 항상 정사각형입니다. pool_size의 {ko} 수를 높이와 너비에 모두 썼습니다. (2, 3)과 (3, 2)의 결과를 비교해 보세요.",
        size=which,
    )
for name, which, en, ko in (
    ("image-taken-as-square", lambda g, axis: g.other_side if axis else g.side, "height", "높이"),
    ("image-taken-as-square-of-its-width", lambda g, axis: g.side if axis else g.other_side, "width", "너비"),
    (
        "image-taken-as-square-of-its-shorter-side",
        lambda g: min(g.side, g.other_side),
        "shorter side",
        "짧은 변",
    ),
    ("image-taken-as-square-of-its-longer-side", lambda g: max(g.side, g.other_side), "longer side", "긴 변"),
):
    knob(
        name,
        en=f"The {en} of the image is used for both of its sides, so there are as many windows in a row as in a column. Try an image of 4 rows and 6 columns.",
        ko=f"이미지의 {ko}를 두 변에 모두 써서, 행과 열에 있는 윈도우의 수가 같습니다. 4행 6열짜리 이미지로 시험해 보세요.".replace(
            "변를", "변을"
        ),
        count=lambda g, axis, which=which: max(
            (which(g, axis) if which.__code__.co_argcount > 1 else which(g)) // g.step, 0
        ),
    )

# Batch and channels.

IMAGES_AND_CHANNELS: list[tuple[str, str, str, str, Callable[..., Any]]] = [
    ("first-image-only", "prepare", "Only the first image of the batch is in your result.", "결과에 배치의 첫 이미지만 있습니다.", lambda x, c: x[:1]),
    ("last-image-only", "prepare", "Only the last image of the batch is in your result.", "결과에 배치의 마지막 이미지만 있습니다.", lambda x, c: x[-1:]),
    ("first-image-repeated", "finish", "All images of your result are the first one.", "결과의 모든 이미지가 첫 번째 이미지입니다.", lambda r, c: np.repeat(r[:1], len(r), axis=0)),
    ("last-image-repeated", "finish", "All images of your result are the last one.", "결과의 모든 이미지가 마지막 이미지입니다.", lambda r, c: np.repeat(r[-1:], len(r), axis=0)),
    ("batch-axis-lost", "finish", "The numbers are right, but the first axis, which counts the images, is missing.", "값은 맞지만 이미지의 수를 나타내는 첫 번째 축이 사라졌습니다.", lambda r, c: r[0] if len(r) == 1 else r),
    ("first-image-without-its-axis", "finish", "Only the first image is in your result, and the axis that counts the images is missing.", "결과에 첫 이미지만 있고, 이미지의 수를 나타내는 축이 없습니다.", lambda r, c: r[0]),
    ("axes-of-length-one-lost", "finish", "The numbers are right, but all axes of length 1 are missing from the shape, as after `squeeze`.", "값은 맞지만 `squeeze`를 쓴 것처럼 길이가 1인 축이 모두 사라졌습니다.", lambda r, c: np.squeeze(r)),
    ("batch-and-channel-axes-lost", "finish", "The numbers are right, but the axes of the images and of the channels are missing.", "값은 맞지만 이미지 축과 채널 축이 사라졌습니다.", lambda r, c: r[0, ..., 0]),
    ("one-axis-too-many-in-front", "finish", "The numbers are right, but the shape has an axis too many in front.", "값은 맞지만 shape의 맨 앞에 축이 하나 더 있습니다.", lambda r, c: r[np.newaxis]),
    ("one-axis-too-many-at-the-end", "finish", "The numbers are right, but the shape has an axis too many at the end.", "값은 맞지만 shape의 맨 뒤에 축이 하나 더 있습니다.", lambda r, c: r[..., np.newaxis]),
    ("result-as-one-row", "finish", "The numbers are right, but they stand in one row: the four axes are missing.", "값은 맞지만 한 줄로 늘어서 있습니다. 네 축이 사라졌습니다.", lambda r, c: r.ravel()),
    ("channel-axis-lost", "finish", "The first channel is right, but the last axis, which counts the channels, is missing.", "첫 채널의 값은 맞지만 채널의 수를 나타내는 마지막 축이 사라졌습니다.", lambda r, c: r[..., 0]),
    ("two-images-counted", "prepare", "No more than two images are in your result.", "결과에 이미지가 두 장까지만 들어 있습니다.", lambda x, c: x[:2]),
    ("first-image-missing", "prepare", "The first image of the batch is missing from your result.", "결과에 배치의 첫 이미지가 없습니다.", lambda x, c: x[1:]),
    ("last-image-missing", "prepare", "The last image of the batch is missing from your result.", "결과에 배치의 마지막 이미지가 없습니다.", lambda x, c: x[:-1]),
    ("images-in-reverse", "finish", "The images come out in reverse order.", "이미지의 순서가 거꾸로입니다.", lambda r, c: r[::-1]),
    ("maximum-over-the-batch", "finish", "One image is left: the largest value was taken over the images of the batch, too.", "이미지가 한 장만 남았습니다. 배치의 이미지들 사이에서도 최댓값을 구했습니다.", lambda r, c: r.max(axis=0, keepdims=True)),
    ("maximum-over-the-batch-shared", "finish", "All images of your result are equal: each holds the largest values of all images.", "결과의 모든 이미지가 같습니다. 모든 이미지 가운데 최댓값이 들어 있습니다.", lambda r, c: np.broadcast_to(r.max(axis=0, keepdims=True), r.shape)),
    ("maximum-over-the-batch-without-its-axis", "finish", "One image is left, without the first axis: the largest value was taken over the images, too.", "이미지가 한 장만 남고 첫 번째 축이 없습니다. 이미지들 사이에서도 최댓값을 구했습니다.", lambda r, c: r.max(axis=0)),
    ("mean-over-the-batch", "finish", "One image is left: the average of all images of the batch.", "배치에 있는 모든 이미지의 평균 한 장만 남았습니다.", lambda r, c: r.mean(axis=0, keepdims=True)),
    ("images-averaged", "prepare", "Your result is that of one image, the average of the batch.", "배치의 평균 이미지 한 장을 풀링한 결과가 나왔습니다.", lambda x, c: x.mean(axis=0, keepdims=True)),
    ("images-added-up", "prepare", "Your result is that of one image, the sum of the batch.", "배치의 이미지를 모두 더한 한 장을 풀링한 결과가 나왔습니다.", lambda x, c: x.sum(axis=0, keepdims=True)),
    ("only-the-first-image-written", "finish", "Only the first image has its numbers; the others are 0.", "첫 이미지에만 값이 있고 나머지 이미지는 0입니다.", lambda r, c: np.where(np.arange(len(r)).reshape(-1, 1, 1, 1) == 0, r, 0).astype(r.dtype)),
    ("only-the-last-image-written", "finish", "Only the last image has its numbers; the others are 0.", "마지막 이미지에만 값이 있고 나머지 이미지는 0입니다.", lambda r, c: np.where(np.arange(len(r)).reshape(-1, 1, 1, 1) == len(r) - 1, r, 0).astype(r.dtype)),
    ("first-channel-only", "prepare", "Only the first channel is in your result.", "결과에 첫 번째 채널만 있습니다.", lambda x, c: x[..., :1]),
    ("last-channel-only", "prepare", "Only the last channel is in your result.", "결과에 마지막 채널만 있습니다.", lambda x, c: x[..., -1:]),
    ("first-channel-repeated", "finish", "All channels of your result are the first one.", "결과의 모든 채널이 첫 번째 채널입니다.", lambda r, c: np.repeat(r[..., :1], r.shape[-1], axis=-1)),
    ("last-channel-repeated", "finish", "All channels of your result are the last one.", "결과의 모든 채널이 마지막 채널입니다.", lambda r, c: np.repeat(r[..., -1:], r.shape[-1], axis=-1)),
    ("channels-in-reverse", "finish", "The channels come out in reverse order.", "채널의 순서가 거꾸로입니다.", lambda r, c: r[..., ::-1]),
    ("channels-merged", "finish", "One channel is left: the largest value was taken over the channels, too.", "채널이 하나만 남았습니다. 채널들 사이에서도 최댓값을 구했습니다.", lambda r, c: r.max(axis=-1, keepdims=True)),
    ("channels-merged-without-their-axis", "finish", "The last axis is missing: the largest value was taken over the channels, too.", "마지막 축이 없습니다. 채널들 사이에서도 최댓값을 구했습니다.", lambda r, c: r.max(axis=-1)),
    ("channels-share-one-maximum", "finish", "All channels of your result are equal: each holds the largest values of all channels.", "결과의 모든 채널이 같습니다. 모든 채널 가운데 최댓값이 들어 있습니다.", lambda r, c: np.broadcast_to(r.max(axis=-1, keepdims=True), r.shape)),
    ("channels-averaged", "prepare", "Your result is that of a grey image, the average of the channels.", "채널을 평균 낸 흑백 이미지를 풀링한 결과가 나왔습니다.", lambda x, c: x.mean(axis=-1, keepdims=True)),
    ("channels-averaged-after-pooling", "finish", "One channel is left: the average of the maxima of all channels.", "모든 채널의 최댓값을 평균 낸 채널 하나만 남았습니다.", lambda r, c: r.mean(axis=-1, keepdims=True)),
    ("channels-added-up", "prepare", "Your result is that of one channel, the sum of all channels.", "모든 채널을 더한 채널 하나를 풀링한 결과가 나왔습니다.", lambda x, c: x.sum(axis=-1, keepdims=True)),
    ("channels-added-up-after-pooling", "finish", "One channel is left: the sum of the maxima of all channels.", "모든 채널의 최댓값을 더한 채널 하나만 남았습니다.", lambda r, c: r.sum(axis=-1, keepdims=True)),
    ("only-the-first-channel-written", "finish", "Only the first channel has its numbers; the others are 0.", "첫 번째 채널에만 값이 있고 나머지 채널은 0입니다.", lambda r, c: np.where(np.arange(r.shape[-1]) == 0, r, 0).astype(r.dtype)),
    ("only-the-last-channel-written", "finish", "Only the last channel has its numbers; the others are 0.", "마지막 채널에만 값이 있고 나머지 채널은 0입니다.", lambda r, c: np.where(np.arange(r.shape[-1]) == r.shape[-1] - 1, r, 0).astype(r.dtype)),
    ("last-channel-not-written", "finish", "The last channel of your result is 0 throughout.", "결과의 마지막 채널이 모두 0입니다.", lambda r, c: np.where(np.arange(r.shape[-1]) == r.shape[-1] - 1, 0, r).astype(r.dtype)),
    ("first-channel-not-written", "finish", "The first channel of your result is 0 throughout.", "결과의 첫 채널이 모두 0입니다.", lambda r, c: np.where(np.arange(r.shape[-1]) == 0, 0, r).astype(r.dtype)),
    ("last-channel-missing", "prepare", "The last channel is missing from your result.", "결과에 마지막 채널이 없습니다.", lambda x, c: x[..., :-1]),
    ("first-channel-missing", "prepare", "The first channel is missing from your result.", "결과에 첫 번째 채널이 없습니다.", lambda x, c: x[..., 1:]),
    ("no-more-than-three-channels", "prepare", "No more than three channels are in your result.", "결과에 채널이 세 개까지만 들어 있습니다.", lambda x, c: x[..., :3]),
    ("channels-of-a-pixel-summed-in-place", "finish", "Every channel of your result holds the sum of the maxima of all channels.", "결과의 모든 채널에 모든 채널의 최댓값을 더한 값이 들어 있습니다.", lambda r, c: np.broadcast_to(r.sum(axis=-1, keepdims=True), r.shape)),
    ("images-side-by-side", "whole", "Your result equals what one wide image gives in which the images of the batch stand side by side.", "배치의 이미지를 옆으로 이어 붙인 넓은 이미지 하나를 풀링한 것과 결과가 같습니다.", lambda x, pool_size, padding, at: run(np.concatenate(list(x), axis=1)[None], pool_size, padding, at=at)),
    ("images-of-the-result-below-each-other", "finish", "The images of your result stand below each other in one tall image.", "결과의 이미지들이 긴 이미지 한 장으로 아래로 이어져 있습니다.", lambda r, c: r.reshape(1, -1, *r.shape[2:])),
    ("images-of-the-result-side-by-side", "finish", "The images of your result stand side by side in one wide image.", "결과의 이미지들이 넓은 이미지 한 장으로 옆으로 이어져 있습니다.", lambda r, c: np.concatenate(list(r), axis=1)[None]),
    ("last-image-not-written", "finish", "The last image of your result is 0 throughout.", "결과의 마지막 이미지가 모두 0입니다.", lambda r, c: kept(r, np.s_[:-1]) if len(r) > 1 else r),
    ("first-image-not-written", "finish", "The first image of your result is 0 throughout.", "결과의 첫 이미지가 모두 0입니다.", lambda r, c: kept(r, np.s_[1:]) if len(r) > 1 else r),
    ("only-three-channels-written", "finish", "Only the first three channels have their numbers; the others are 0.", "처음 세 채널에만 값이 있고 나머지 채널은 0입니다.", lambda r, c: kept(r, np.s_[..., :3])),
    ("only-two-images-written", "finish", "Only the first two images have their numbers; the others are 0.", "처음 두 이미지에만 값이 있고 나머지 이미지는 0입니다.", lambda r, c: kept(r, np.s_[:2])),
    ("only-as-many-channels-written-as-images", "finish", "Only as many channels as there are images have their numbers; the others are 0.", "이미지의 수만큼의 채널에만 값이 있고 나머지 채널은 0입니다.", lambda r, c: kept(r, np.s_[..., : len(r)])),
    ("always-three-channels", "finish", "Your result always has three channels: further ones are lost, and missing ones are 0.", "결과의 채널이 항상 세 개입니다. 네 번째부터는 사라지고, 모자라면 0으로 채워집니다.", lambda r, c: np.pad(r, ((0, 0), (0, 0), (0, 0), (0, 3)))[..., :3]),
    ("images-moved-on", "prepare", "Every image of your result is the one before it, and the first one the last.", "결과의 모든 이미지가 그 앞의 이미지이고 첫 이미지는 마지막 이미지입니다.", lambda x, c: np.roll(x, 1, axis=0)),
    ("images-moved-back", "prepare", "Every image of your result is the one after it, and the last one the first.", "결과의 모든 이미지가 그다음 이미지이고 마지막 이미지는 첫 이미지입니다.", lambda x, c: np.roll(x, -1, axis=0)),
    ("channels-moved-on", "prepare", "Every channel of your result is the one before it, and the first one the last.", "결과의 모든 채널이 그 앞의 채널이고 첫 채널은 마지막 채널입니다.", lambda x, c: np.roll(x, 1, axis=3)),
    ("channels-moved-back", "prepare", "Every channel of your result is the one after it, and the last one the first.", "결과의 모든 채널이 그다음 채널이고 마지막 채널은 첫 채널입니다.", lambda x, c: np.roll(x, -1, axis=3)),
    ("one-tall-image", "whole", "Your result equals what one tall image gives in which the images of the batch stand below each other.", "배치의 이미지를 아래로 이어 붙인 긴 이미지 하나를 풀링한 것과 결과가 같습니다.", lambda x, pool_size, padding, at: run(np.concatenate(list(x), axis=0)[None], pool_size, padding, at=at)),
]  # fmt: skip

SEE_IMAGE = (
    "Give every image and every channel numbers of its own, and look at which of them come out.",
    "이미지마다, 채널마다 서로 다른 수를 넣고 어떤 수가 나오는지 살펴보세요.",
)
for name, place, en, ko, function in IMAGES_AND_CHANNELS:
    for store in (lambda x: x.dtype, lambda x: None) if "average" in en else (lambda x: x.dtype,):
        knob(name, en=f"{en} {SEE_IMAGE[0]}", ko=f"{ko} {SEE_IMAGE[1]}", store=store, **{place: function})

for name, axes, en, ko in (
    ("windows-begin-one-pixel-early", (1, 2), "above and to the left of", "위와 왼쪽"),
    ("windows-begin-one-pixel-early-in-rows", (1,), "above", "위"),
    ("windows-begin-one-pixel-early-in-columns", (2,), "to the left of", "왼쪽"),
):
    knob(
        name,
        en=f"Every window begins one pixel {en} its place, and what lies outside of the image comes from its opposite edge, as after `np.roll`. Print the pixels of the first window.",
        ko=f"모든 윈도우가 제자리보다 한 픽셀 {ko}에서 시작하고, `np.roll`을 쓴 것처럼 이미지 밖의 값은 반대쪽 가장자리에서 옵니다. 첫 윈도우의 픽셀을 출력해 보세요.",
        prepare=lambda x, c, axes=axes: np.roll(x, (1,) * len(axes), axes),
    )

# Numbers and their dtypes.

for name, dtype in (
    ("result-in-floats", "float64"),
    ("result-in-float32", "float32"),
    ("result-in-float16", "float16"),
):
    knob(
        name,
        en=f"The result is {dtype} whatever the dtype of the image is. Print the dtype of both.",
        ko=f"이미지의 dtype과 상관없이 결과가 {dtype}입니다. 둘의 dtype을 출력해 보세요.",
        store=lambda x, dtype=dtype: np.dtype(dtype),
    )
for dtype in ("float64", "float32"):
    knob(
        f"integers-become-{dtype}",
        en=f"The values are right, but an image of integers comes back as {dtype}. Print the dtype before and after.",
        ko=f"값은 맞지만 정수 이미지가 {dtype}으로 바뀌어 나옵니다. 앞뒤의 dtype을 출력해 보세요.",
        store=lambda x, dtype=dtype: np.dtype(dtype) if x.dtype.kind in "iu" else x.dtype,
    )
for dtype in ("int64", "int32"):
    knob(
        f"integers-become-{dtype}",
        en=f"The values are right, but every image of integers comes back as {dtype}. Try an image of another integer dtype.",
        ko=f"값은 맞지만 정수 이미지가 모두 {dtype}으로 나옵니다. 다른 정수 dtype의 이미지로 시험해 보세요.",
        store=lambda x, dtype=dtype: np.dtype(dtype) if x.dtype.kind in "iu" else x.dtype,
    )
for dtype in ("float64", "float32"):
    knob(
        f"fractions-become-{dtype}",
        en=f"The values are right, but every image of floats comes back as {dtype}. Try an image of another float dtype.",
        ko=f"값은 맞지만 실수 이미지가 모두 {dtype}으로 나옵니다. 다른 실수 dtype의 이미지로 시험해 보세요.",
        store=lambda x, dtype=dtype: np.dtype(dtype) if x.dtype.kind == "f" else x.dtype,
        rare=True,
    )
for dtype in ("int64", "int32", "uint8", "int8", "int16", "uint16", "uint32", "uint64"):
    knob(
        "result-in-ints" if dtype == "int64" else f"result-in-{dtype}",
        en=f"The result is {dtype} whatever the dtype of the image is: fractions and what does not fit are lost. Try an image with values between 0 and 1, and print the dtype of the result.",
        ko=f"이미지의 dtype과 상관없이 결과의 dtype이 {dtype}입니다. 소수 부분과 그 범위를 벗어난 값은 사라집니다. 0과 1 사이의 값이 있는 이미지를 넣고 결과의 dtype을 출력해 보세요.",
        store=lambda x, dtype=dtype: np.dtype(dtype),
        rare=dtype not in ("int64", "int32", "uint8"),
    )


def that_fits(values: Tensor) -> Tensor:
    """Return values, and raise what NumPy raises where one of them is written alone into an array of integers."""
    if values.dtype.kind == "f" and np.any(np.abs(values) >= 2.0**63):
        raise OverflowError("Python int too large to convert to C long")
    return values


knob(
    "result-in-ints",
    reduce=lambda window: that_fits(window.max(axis=(1, 2))),
    store=lambda x: np.dtype("int64"),
)
knob(
    "fractions-cut-off",
    en="The dtype is right, but everything after the decimal point is lost. Try an image with values between 0 and 1.",
    ko="dtype은 맞지만 소수점 아래가 사라졌습니다. 0과 1 사이의 값이 있는 이미지로 시험해 보세요.",
    prepare=lambda x, c: np.trunc(x).astype(x.dtype),
)
for dtype in ("uint8", "int8", "int16"):
    knob(
        f"numbers-pass-through-{dtype}",
        en=f"The dtype is right, but the numbers are those that {dtype} can hold: what does not fit begins again at the other end. Try an image with large and with negative numbers.",
        ko=f"dtype은 맞지만 {dtype}에 담기는 수만 나옵니다. 범위를 벗어난 수는 반대쪽 끝에서 다시 시작합니다. 큰 수와 음수가 있는 이미지로 시험해 보세요.",
        prepare=lambda x, c, dtype=dtype: np.trunc(x).astype("int64").astype(dtype).astype(x.dtype),
        rare=dtype != "uint8",
    )

NUMBERS: list[tuple[str, str, str, str, Callable[..., Any]]] = [
    ("starts-from-zero", "finish", "Wherever all pixels of a window are negative, your result is 0.", "모든 픽셀이 음수인 윈도우에서 결과가 0입니다.", lambda r, c: np.maximum(r, np.zeros((), r.dtype))),
    ("result-rounded", "finish", "The numbers of your result are rounded.", "결과의 수가 반올림되어 있습니다.", lambda r, c: np.round(r).astype(r.dtype)),
    ("image-scaled-to-one", "prepare", "Your result equals what you get when the image is divided by 255.", "이미지를 255로 나누고 풀링한 것과 결과가 같습니다.", lambda x, c: x / 255),
    ("image-scaled-by-its-maximum", "prepare", "Your result equals what you get when the image is divided by its largest value.", "이미지를 최댓값으로 나누고 풀링한 것과 결과가 같습니다.", lambda x, c: x / x.max()),
    ("result-without-its-minimum", "finish", "Every number of your result is smaller by the smallest of them.", "결과의 모든 수에서 그중 가장 작은 수를 뺀 값이 나왔습니다.", lambda r, c: r - r.min()),
    ("numbers-clipped-to-255", "finish", "Your result equals the right one cut to the range from 0 to 255.", "올바른 결과를 0에서 255 사이로 자른 것과 같습니다.", lambda r, c: np.clip(r, 0, 255).astype(r.dtype)),
    ("numbers-clipped-to-one", "finish", "Your result equals the right one cut to the range from 0 to 1.", "올바른 결과를 0에서 1 사이로 자른 것과 같습니다.", lambda r, c: np.clip(r, 0, 1).astype(r.dtype)),
    ("signs-turned", "finish", "Every number of your result has the opposite sign.", "결과의 모든 수의 부호가 반대입니다.", lambda r, c: -r),
    ("sign-turned-before", "prepare", "Your result equals what the negative of the image gives.", "이미지의 부호를 바꾸고 풀링한 것과 결과가 같습니다.", lambda x, c: -x),
    ("numbers-one-larger", "finish", "Every number of your result is larger by 1.", "결과의 모든 수가 1만큼 큽니다.", lambda r, c: r + 1),
    ("numbers-one-smaller", "finish", "Every number of your result is smaller by 1.", "결과의 모든 수가 1만큼 작습니다.", lambda r, c: r - 1),
    ("numbers-doubled", "finish", "Every number of your result is twice as large.", "결과의 모든 수가 두 배입니다.", lambda r, c: r * 2),
    ("numbers-halved", "finish", "Every number of your result is half as large.", "결과의 모든 수가 절반입니다.", lambda r, c: r / 2),
    ("numbers-sorted", "finish", "Your result holds the right numbers, but sorted.", "값은 맞지만 크기순으로 정렬되어 있습니다.", lambda r, c: np.sort(r, axis=None).reshape(r.shape)),
    ("numbers-without-repeats", "finish", "Of equal numbers only one is left in your result, as after `unique`.", "`unique`를 쓴 것처럼 같은 수는 하나만 남았습니다.", lambda r, c: np.unique(r)),
    ("places-of-the-maxima", "finish", "Your result says which pixels are kept: it has the image's shape.", "결과의 shape가 이미지와 같고, 남은 픽셀이 어느 것인지를 나타냅니다.", lambda r, c: unpooled(r, c) == c.x[:, : r.shape[1] * c.pool_size[0], : r.shape[2] * c.pool_size[1]]),
    ("maxima-over-their-windows", "finish", "Your result has the size of the windows together: every pixel holds the maximum of its window.", "결과가 윈도우를 합친 크기입니다. 모든 픽셀에 그 윈도우의 최댓값이 들어 있습니다.", lambda r, c: unpooled(r, c)),
    ("result-upside-down", "finish", "The rows of your result come in reverse order.", "결과의 행 순서가 거꾸로입니다.", lambda r, c: r[:, ::-1]),
    ("result-mirrored", "finish", "The columns of your result come in reverse order.", "결과의 열 순서가 거꾸로입니다.", lambda r, c: r[:, :, ::-1]),
    ("result-turned-by-180", "finish", "Rows and columns of your result come in reverse order.", "결과의 행과 열 순서가 모두 거꾸로입니다.", lambda r, c: r[:, ::-1, ::-1]),
    ("result-turned-to-the-left", "finish", "Your result is turned by 90° to the left.", "결과가 왼쪽으로 90° 돌아가 있습니다.", lambda r, c: np.rot90(r, axes=(1, 2))),
    ("result-turned-to-the-right", "finish", "Your result is turned by 90° to the right.", "결과가 오른쪽으로 90° 돌아가 있습니다.", lambda r, c: np.rot90(r, -1, axes=(1, 2))),
    ("written-column-by-column", "finish", "The numbers are right, but they are written column by column where rows should be filled.", "값은 맞지만 행을 따라 채워야 할 자리에 열을 따라 채워졌습니다.", lambda r, c: r.transpose(0, 2, 1, 3).reshape(r.shape)),
    ("zeros-at-the-end-of-rows-and-columns", "finish", "The numbers are right, but one row and one column of zeros follow them.", "값은 맞지만 그 뒤에 0으로 된 한 행과 한 열이 더 있습니다.", lambda r, c: np.pad(r, ((0, 0), (0, 1), (0, 1), (0, 0)))),
    ("zeros-up-to-the-size-of-the-image", "finish", "The numbers are right, but zeros follow them in rows and columns up to the size of the image.", "값은 맞지만 그 뒤로 이미지의 크기가 될 때까지 행과 열이 0으로 채워져 있습니다.", lambda r, c: np.pad(r, ((0, 0), (0, max(c.x.shape[1] - r.shape[1], 0)), (0, max(c.x.shape[2] - r.shape[2], 0)), (0, 0)))),
    ("pooled-twice", "finish", "Your result equals what pooling twice gives.", "풀링을 두 번 한 것과 결과가 같습니다.", lambda r, c: whole_windows(r, c).max(axis=(2, 4))),
    ("image-returned", "finish", "Your result is the image itself.", "결과가 이미지 그대로입니다.", lambda r, c: c.x),
    ("one-maximum-without-axes", "finish", "Your result is a single number, the largest of all.", "결과가 수 하나입니다. 전체의 최댓값입니다.", lambda r, c: np.asarray(c.x.max())),
    ("one-maximum-everywhere", "finish", "Every number of your result is the largest of all.", "결과의 모든 수가 전체의 최댓값입니다.", lambda r, c: np.full_like(r, c.x.max())),
    ("one-maximum-of-each-image-everywhere", "finish", "Every number of your result is the largest of its whole image.", "결과의 모든 수가 그 이미지 전체의 최댓값입니다.", lambda r, c: np.broadcast_to(c.x.max(axis=(1, 2, 3), keepdims=True), r.shape)),
    ("largest-numbers-of-the-image", "finish", "Your result holds the largest numbers of the whole image, not those of the windows.", "윈도우마다의 최댓값이 아니라 이미지 전체에서 큰 수부터 나왔습니다.", lambda r, c: np.sort(c.x, axis=None)[::-1][: r.size].reshape(r.shape)),
    ("upper-left-part-of-the-image", "finish", "Your result is the upper left part of the image, cut out.", "결과가 이미지의 왼쪽 위 부분을 잘라 낸 것입니다.", lambda r, c: c.x[:, : r.shape[1], : r.shape[2]]),
    ("lower-right-part-of-the-image", "finish", "Your result is the lower right part of the image, cut out.", "결과가 이미지의 오른쪽 아래 부분을 잘라 낸 것입니다.", lambda r, c: c.x[:, c.x.shape[1] - r.shape[1] :, c.x.shape[2] - r.shape[2] :]),
    ("last-window-everywhere", "finish", "Every number of your result is that of the last window.", "결과의 모든 수가 마지막 윈도우의 값입니다.", lambda r, c: np.broadcast_to(r[:, -1:, -1:], r.shape)),
    ("only-the-last-window-written", "finish", "Only the last window has its number; the rest of your result is 0.", "마지막 윈도우에만 값이 있고 나머지는 0입니다.", lambda r, c: kept(r, np.s_[:, -1:, -1:])),
    ("only-the-last-row-written", "finish", "Only the last row of your result has its numbers; the rest is 0.", "결과의 마지막 행에만 값이 있고 나머지는 0입니다.", lambda r, c: kept(r, np.s_[:, -1:])),
    ("only-the-last-column-written", "finish", "Only the last column of your result has its numbers; the rest is 0.", "결과의 마지막 열에만 값이 있고 나머지는 0입니다.", lambda r, c: kept(r, np.s_[:, :, -1:])),
    ("only-the-diagonal-written", "finish", "Only the diagonal of your result has its numbers; the rest is 0.", "결과의 대각선에만 값이 있고 나머지는 0입니다.", lambda r, c: r * np.eye(r.shape[1], r.shape[2], dtype=r.dtype)[:, :, None]),
    ("every-row-is-the-last", "finish", "Every row of your result is the last one.", "결과의 모든 행이 마지막 행입니다.", lambda r, c: np.broadcast_to(r[:, -1:], r.shape)),
    ("every-column-is-the-last", "finish", "Every column of your result is the last one.", "결과의 모든 열이 마지막 열입니다.", lambda r, c: np.broadcast_to(r[:, :, -1:], r.shape)),
    ("four-in-a-row", "finish", "Your windows are numbers that follow each other in memory, where an image lies row by row.", "메모리에서 연달아 나오는 수들을 윈도우로 묶었습니다. 메모리에는 이미지가 행 순서대로 놓여 있습니다.", lambda r, c: c.x[:, : r.shape[1] * c.pool_size[0], : r.shape[2] * c.pool_size[1]].reshape(len(r), r.shape[1], r.shape[2], -1, r.shape[3]).max(axis=3)),
    ("windows-in-memory", "finish", "Your windows are numbers that follow each other in memory, where an image lies row by row, its channels first to change.", "메모리에서 연달아 나오는 수들을 윈도우로 묶었습니다. reshape는 채널, 열, 행의 순서로 읽어 나갑니다.", lambda r, c: c.x[:, : r.shape[1] * c.pool_size[0], : r.shape[2] * c.pool_size[1]].reshape(*r.shape, -1).max(axis=4)),
    ("whole-image-in-memory", "finish", "Your windows are numbers that follow each other in the whole image, the left-over part included.", "남는 부분까지 포함한 이미지 전체에서 연달아 나오는 수들을 윈도우로 묶었습니다.", lambda r, c: c.x.reshape(*r.shape, -1).max(axis=4)),
]  # fmt: skip


def unpooled(result: Tensor, call: Places) -> Tensor:
    """Return the result with each number as often as its window has pixels."""
    return result.repeat(call.pool_size[0], axis=1).repeat(call.pool_size[1], axis=2)


def kept(result: Tensor, part: Any) -> Tensor:
    """Return zeros but for one part of the result."""
    new = np.zeros_like(result)
    new[part] = result[part]
    return new


def whole_windows(x: Tensor, call: Places) -> Tensor:
    """Return an image as (images, rows of windows, their rows, columns of windows, their columns, channels)."""
    (height, width), (_, rows, columns, _) = call.pool_size, x.shape
    rows, columns = rows // height, columns // width
    whole = x[:, : rows * height, : columns * width]
    return whole.reshape(len(x), rows, height, columns, width, -1)


SEE_NUMBERS = (
    "Try an image of your own with shuffled numbers of both signs, and compare number by number.",
    "부호가 섞인 수를 무작위로 넣은 이미지로 시험해서 하나씩 비교해 보세요.",
)
for number, (name, place, en, ko, function) in enumerate(NUMBERS):
    for store in (lambda x: x.dtype, lambda x: None) if place == "prepare" else (lambda x: x.dtype,):
        knob(
            name,
            en=f"{en} {SEE_NUMBERS[0]}",
            ko=f"{ko} {SEE_NUMBERS[1]}",
            store=store,
            rare=number > 2,
            **{place: function},
        )

# With what the search for the largest value begins, and where it begins afresh.

for start in (-1, 1, -10, -99, -100, -128, -127, -255, -256, -999, -1000, -9999, -10000, -99999, 255, 100):
    knob(
        "starts-from-a-number",
        en="Wherever all pixels of a window are below a certain number, that number is your result, although no pixel has it. With what does your search for the largest value begin?",
        ko="윈도우의 모든 픽셀이 어떤 수보다 작으면, 그런 픽셀이 없는데도 그 수가 결과로 나옵니다. 최댓값 찾기를 어떤 값으로 시작하나요?",
        finish=lambda r, c, start=start: np.where(
            r.astype(float) > start, r, np.float64(start).astype(r.dtype)
        ),
    )
knob(
    "starts-from-the-smallest-positive-float",
    en="Wherever all pixels of a window are negative, your result is a very small positive number. Print `np.finfo(x.dtype).tiny` and `.min`: which one is the lowest?",
    ko="모든 픽셀이 음수인 윈도우에서 결과가 아주 작은 양수입니다. `np.finfo(x.dtype).tiny`와 `.min`을 출력해 보세요. 어느 쪽이 가장 작은 수인가요?",
    finish=lambda r, c: np.maximum(r, np.finfo(r.dtype if r.dtype.kind == "f" else float).tiny),
    rare=True,
)
knob(
    "starts-from-the-first-pixel-of-the-image",
    en="No number of your result is below the first pixel of the image. With what does the search in the second window begin?",
    ko="결과의 어떤 수도 이미지의 첫 픽셀보다 작지 않습니다. 두 번째 윈도우에서 최댓값 찾기를 어떤 값으로 시작하나요?",
    finish=lambda r, c: np.maximum(r, c.x.ravel()[0]),
)
for first in (np.s_[:, :1, :1], np.s_[:, :1, :1, :1]):
    knob(
        "starts-from-the-first-pixel-of-the-image", finish=lambda r, c, first=first: np.maximum(r, c.x[first])
    )

AXIS_WORDS = (("images", "이미지"), ("rows", "행"), ("columns", "열"), ("channels", "채널"))


def words(axes: tuple[int, ...], language: int) -> str:
    return ", ".join(AXIS_WORDS[axis][language] for axis in axes)


def loops() -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield all ways of nesting loops over the axes: outer ones in which something starts afresh, and inner ones."""
    for length in range(1, 5):
        for inner in permutations(range(4), length):
            yield tuple(axis for axis in range(4) if axis not in inner), inner


def carried(
    accumulate: Callable[..., Any], outer: tuple[int, ...], inner: tuple[int, ...]
) -> Callable[..., Any]:
    """Return what makes of a result the one that is never reset in the inner loops."""
    order = (*outer, *inner)

    def change(result: Tensor, call: Places) -> Tensor:
        if result.ndim != 4:
            return result
        moved = result.transpose(order)
        flat = moved.reshape(*moved.shape[: len(outer)], -1)
        return accumulate(flat, axis=-1).reshape(moved.shape).transpose(np.argsort(order))

    return change


for first in (None, 0):
    for outer, inner in loops():
        places = [axis for axis in inner if axis != 3]
        if places not in (sorted(places), [0, 2, 1], [2, 1]) or (first == 0 and places != sorted(places)):
            continue
        along_en, along_ko = words(inner, 0), words(inner, 1)
        knob(
            "maximum-carried-over-" + "-".join(AXIS_WORDS[axis][0] for axis in inner),
            en=f"The largest value found so far is never given up on the way through the {along_en}: no number of your result is smaller than the one before it on this way. Where does the search for a largest value begin afresh?",
            ko=f"{along_ko} 순서로 가는 동안 그때까지 찾은 최댓값이 계속 남아서, 이 순서로 결과가 작아지는 일이 없습니다. 최댓값 찾기를 어디에서 처음부터 다시 시작하나요?",
            finish=(
                *((lambda r, c: np.maximum(r, np.zeros((), r.dtype)),) if first == 0 else ()),
                carried(np.maximum.accumulate, outer, inner),
            ),
            rare=places != sorted(places),
        )

# Axes in another order.

ORDERS = sorted(
    (order for order in permutations(range(4)) if order != (0, 1, 2, 3)),
    key=lambda order: (sum(axis != place for place, axis in enumerate(order)), order != (0, 2, 1, 3)),
)
NAMES = {
    ("result", (0, 2, 1, 3)): "rows-and-columns-swapped",
    ("result", (0, 3, 1, 2)): "channels-returned-first",
}


def of_shape(order: tuple[int, ...]) -> Callable[..., Any]:
    """Return what reshapes an array to the shape that it has with its axes in this order."""
    return lambda x, call: x.reshape([x.shape[axis] for axis in order])


def in_order(order: tuple[int, ...]) -> Callable[..., Any]:
    return lambda x, call: x.transpose(order)


def back_by_reshape(order: tuple[int, ...]) -> Callable[..., Any]:
    return lambda x, call: x.reshape([x.shape[axis] for axis in np.argsort(order)])


for order in ORDERS:
    back = tuple(int(axis) for axis in np.argsort(order))
    tail = "-".join(AXIS_WORDS[axis][0] for axis in order)
    en, ko = words(order, 0), words(order, 1)
    rare = order not in ((0, 2, 1, 3), (0, 3, 1, 2), (1, 2, 0, 3), (3, 1, 2, 0), (0, 2, 3, 1))
    look = "Print the shape after each step.", "단계마다 shape를 출력해 보세요."
    knob(
        NAMES.get(("result", order), f"result-in-order-{tail}"),
        en=f"The numbers are right, but the axes of your result come in the order {en}. {look[0]}",
        ko=f"값은 맞지만 결과의 축이 {ko} 순서로 놓여 있습니다. {look[1]}",
        finish=in_order(order),
        rare=rare,
    )
    knob(
        f"result-filled-in-order-{tail}",
        en=f"The numbers are right, but they fill your result as if its axes lay in memory in the order {en}. {look[0]}",
        ko=f"값은 맞지만 결과의 축이 메모리에 {ko} 순서로 놓여 있는 것처럼 채워졌습니다. {look[1]}",
        finish=(of_shape(order), in_order(back)),
        rare=rare,
    )
    knob(
        f"result-reshaped-to-{tail}",
        en=f"The numbers are right, but dealt out into a shape of {en}: a reshape does not move axes. {look[0]}",
        ko=f"값은 맞지만 {ko} 순서의 shape에 다시 나누어 담겼습니다. reshape는 축을 옮기지 않습니다. {look[1]}",
        finish=of_shape(order),
        rare=rare,
    )
    if order[1:3] != (1, 2):
        # Otherwise it is the result's order.
        knob(
            f"image-in-order-{tail}",
            en=f"Your result equals what you get when the axes of the image are put into the order {en} first, and stay there. {look[0]}",
            ko=f"먼저 이미지의 축을 {ko} 순서로 바꾸고 되돌리지 않았을 때와 결과가 같습니다. {look[1]}",
            prepare=in_order(order),
            rare=rare,
        )
    knob(
        f"image-reshaped-to-{tail}",
        en=f"Your result equals what you get when the image is reshaped to a shape of {en} first. A reshape does not move axes, so numbers of different places get mixed. {look[0]}",
        ko=f"먼저 이미지를 {ko} 순서의 shape로 reshape했을 때와 결과가 같습니다. reshape는 축을 옮기지 않아서 서로 다른 자리의 수가 섞입니다. {look[1]}",
        prepare=of_shape(order),
        rare=rare,
    )
    for finish in (back_by_reshape(order), in_order(back)):
        knob(
            f"image-reshaped-to-{tail}-and-back",
            en=f"Your result equals what you get when the image is reshaped to a shape of {en} first and the result is brought back. A reshape does not move axes, so numbers of different places get mixed. {look[0]}",
            ko=f"먼저 이미지를 {ko} 순서의 shape로 reshape하고 결과를 되돌렸을 때와 같습니다. reshape는 축을 옮기지 않아서 서로 다른 자리의 수가 섞입니다. {look[1]}",
            prepare=of_shape(order),
            finish=finish,
            rare=rare,
        )
    if order == (0, 2, 1, 3):
        # This one is written column by column.
        continue
    knob(
        f"result-moved-back-by-reshape-from-{tail}",
        en=f"Your result equals what you get when the axes are moved to the order {en} and brought back by a reshape, which does not move them. {look[0]}",
        ko=f"축을 {ko} 순서로 옮겼다가 reshape로 되돌렸을 때와 결과가 같습니다. reshape는 축을 옮기지 않습니다. {look[1]}",
        finish=(in_order(order), back_by_reshape(order)),
        rare=rare,
    )
for first, second in permutations(range(4), 2):
    if {first, second} != {1, 2}:
        order = (*(axis for axis in range(4) if axis not in (first, second)), first, second)
        order = (order[0], first, second, order[1])
        knob(
            {(0, 1): "pooled-over-batch-and-height", (2, 3): "channels-expected-first"}.get(
                (first, second), f"pooled-over-{AXIS_WORDS[first][0]}-and-{AXIS_WORDS[second][0]}"
            ),
            en=f"The windows lie in the axes of the {words((first, second), 0)} instead of rows and columns. Compare the shape of your result with that of the image, axis by axis.",
            ko=f"윈도우가 행과 열이 아니라 {words((first, second), 1)} 축에 놓였습니다. 결과와 이미지의 shape를 축마다 비교해 보세요.",
            prepare=in_order(order),
            finish=in_order(tuple(int(axis) for axis in np.argsort(order))),
            rare=(first, second) not in ((0, 1), (2, 3)),
        )

# Numbers found by counting through memory, with the wrong length of a row.


def counted(
    x: Tensor, lengths: Callable[[int, int, int, int], tuple[int, int, int, int]], is_plane: bool
) -> Tensor:
    """Return an image whose numbers are found at the sum of their places times these lengths."""
    if is_plane:
        planes = x.transpose(0, 3, 1, 2).reshape(-1, x.shape[1] * x.shape[2])
        _, row, column, _ = lengths(*x.shape)
        places = row * np.arange(x.shape[1])[:, None] + column * np.arange(x.shape[2])
        found = planes[:, places % planes.shape[1]]
        return found.reshape(len(x), x.shape[3], *x.shape[1:3]).transpose(0, 2, 3, 1)
    places = sum(place * length for place, length in zip(np.indices(x.shape), lengths(*x.shape), strict=True))
    return x.ravel()[places % x.size]


for name, en, ko, lengths, is_plane in (
    ("rows-as-long-as-columns", "a row were as long as a column: number i times the height plus j. A square image hides it", "한 행의 길이를 높이로 썼을 때(i × 높이 + j)", lambda n, h, w, c: (h * w, h, 1, 0), True),
    ("channels-not-counted", "an image had no channels: one step is one number, and not one pixel with all its channels", "채널이 없는 것처럼 한 픽셀을 수 하나로 셌을 때", lambda n, h, w, c: (h * w, w, 1, 1), False),
    ("channels-not-counted", "", "", lambda n, h, w, c: (h * w * c, w, 1, 1), False),
    ("channels-not-counted", "", "", lambda n, h, w, c: (h * w * c, w * c, 1, 1), False),
    ("channels-counted-last", "the channels of an image lay one behind another: number k times height times width plus i times the width plus j", "채널이 한 장씩 차례로 놓여 있는 것처럼 셌을 때(k × 높이 × 너비 + i × 너비 + j)", lambda n, h, w, c: (h * w * c, w, 1, h * w), False),
):  # fmt: skip
    knob(
        name,
        **(
            {
                "en": f"Your result equals what you get when the numbers of the image are counted through as if {en}. Print `x.ravel()` of a small image.",
                "ko": f"이미지의 수를 차례로 셀 때 {ko}와 결과가 같습니다. 작은 이미지의 `x.ravel()`을 출력해 보세요.",
            }
            if en
            else {}
        ),
        prepare=lambda x, c, lengths=lengths, is_plane=is_plane: counted(x, lengths, is_plane),
    )


def patches(x: Tensor, pool_size: tuple[int, int], at: Places) -> Tensor:
    """Return the largest values of windows whose pixels, each with its channels, are dealt out as if channels came first."""
    rows, columns = x.shape[1] // pool_size[0], x.shape[2] // pool_size[1]
    call = SimpleNamespace(pool_size=pool_size)
    windows = whole_windows(x, call).transpose(0, 1, 3, 2, 4, 5)
    return np.asarray(windows.reshape(len(x), rows, columns, x.shape[3], -1).max(axis=4))


knob(
    "pixels-and-channels-of-a-window-exchanged",
    en="Your result equals what you get when the numbers of a window, pixel by pixel with all their channels, are read as if those of one channel came one after another. Print one window of an image whose channels hold 0, 100 and 200 more.",
    ko="윈도우의 수는 픽셀마다 모든 채널이 차례로 놓이는데, 한 채널의 수가 연달아 놓인 것처럼 읽었을 때와 결과가 같습니다. 채널마다 0, 100, 200을 더한 이미지의 윈도우 하나를 출력해 보세요.",
    whole=patches,
)


def over_channels(axis: int) -> Callable[..., Any]:
    """Return what takes the largest value over one side of the windows and over the channels."""

    def whole(x: Tensor, pool_size: tuple[int, int], at: Places) -> Tensor:
        call = SimpleNamespace(pool_size=pool_size)
        return np.asarray(whole_windows(x, call).max(axis=(axis, 5)))

    return whole


for axis, words_of in ((2, ("rows", "행")), (4, ("columns", "열"))):
    knob(
        f"maximum-over-{words_of[0]}-and-channels",
        en=f"The largest values are taken over the {words_of[0]} of a window and over the channels, after a reshape to six axes. Print the shape that this reshape gives, and number its axes.",
        ko=f"여섯 축으로 reshape한 뒤 윈도우의 {words_of[1]}과 채널에 대해 최댓값을 구했습니다. 그 shape를 출력하고 축에 번호를 매겨 보세요.",
        whole=over_channels(axis),
    )

# A reshape to windows, with its four axes in another order, and the largest value over the wrong ones.

PARTS = (
    ("windows down", "세로 윈도우 번호"),
    ("their rows", "윈도우의 행"),
    ("windows across", "가로 윈도우 번호"),
    ("their columns", "윈도우의 열"),
)


def by_reshape(order: tuple[int, ...], axes: tuple[int, int], cut: bool) -> Callable[..., Any]:
    def whole(x: Tensor, pool_size: tuple[int, int], at: Places) -> Tensor:
        (height, width), rows, columns = pool_size, x.shape[1] // pool_size[0], x.shape[2] // pool_size[1]
        lengths = (rows, height, columns, width)
        image = x[:, : rows * height, : columns * width] if cut else x
        return np.asarray(
            image.reshape(len(x), *(lengths[part] for part in order), x.shape[3]).max(axis=axes)
        )

    return whole


for order, axes in product(permutations(range(4)), combinations(range(1, 5), 2)):
    natural = order == (0, 1, 2, 3)
    if axes[1] == axes[0] + 1 and order[axes[0] - 1] > order[axes[1] - 1]:
        # The same as with both parts exchanged.
        continue
    for cut in (True, False):
        if natural and axes == (2, 4):
            if not cut:
                knob(
                    "works-only-without-remainder",
                    en="Your function works only where the image divides into windows without a remainder. What is left over has to be dropped before or after.",
                    ko="이미지가 윈도우로 남김없이 나누어질 때만 동작합니다. 남는 부분은 앞이나 뒤에서 버려야 합니다.",
                    whole=by_reshape(order, axes, False),
                    works_only=True,
                )
            continue
        grouped = {order[axis - 1] for axis in axes} == {1, 3}
        if not (natural or order == (0, 2, 1, 3) or (grouped and cut)):
            continue
        knob(
            "maximum-over-wrong-axes"
            if natural and axes == (1, 3)
            else "windows-reshaped-" + "".join(map(str, order)) + "-" + "".join(map(str, axes)),
            en=f"Your windows do not hold the pixels that they should: your result equals the largest values over the axes {axes[0]} and {axes[1]} after a reshape to (images, {', '.join(PARTS[part][0] for part in order)}, channels). Print the numbers of your first window and compare them with the picture."
            if not (natural and axes == (1, 3))
            else "Each number of your result is the largest one over all windows at one place inside them (all upper left pixels, for one), not the largest one inside a window. Print the numbers from which the first one is chosen; try an image that is not square.",
            ko=f"윈도우에 엉뚱한 픽셀이 들어 있습니다. 이미지를 (이미지, {', '.join(PARTS[part][1] for part in order)}, 채널)로 reshape한 뒤 {axes[0]}번과 {axes[1]}번 축에서 최댓값을 구했을 때와 결과가 같습니다. 첫 윈도우의 수들을 출력해서 그림과 비교해 보세요."
            if not (natural and axes == (1, 3))
            else "결과의 각 수는 한 윈도우 안의 최댓값이 아니라, 모든 윈도우에서 같은 자리(예를 들어 왼쪽 위)에 있는 픽셀들의 최댓값입니다. 첫 번째 수를 어떤 수들 가운데에서 골랐는지 출력해 보고, 정사각형이 아닌 이미지로 시험해 보세요.",
            whole=by_reshape(order, axes, cut),
            rare=not (natural or grouped),
        )

# Padding.


def padded_with_the_lowest(x: Tensor, edges: Any) -> Tensor:
    """Return the image with what can never win around it."""
    lowest = np.iinfo(x.dtype).min if x.dtype.kind in "iu" else -np.inf
    return np.pad(x, edges, constant_values=lowest)


def only_same(change: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, g: change(value, g) if g.same else value


for name, en, ko, change in (
    (
        "same-ignored",
        '"same" gives the result of "valid"',
        '"same"의 결과가 "valid"와 같습니다',
        lambda p: "valid",
    ),
    (
        "incomplete-windows-kept-in-valid",
        '"valid" gives the result of "same"',
        '"valid"의 결과가 "same"과 같습니다',
        lambda p: "same",
    ),
    (
        "valid-and-same-exchanged",
        '"valid" gives the result of "same", and "same" that of "valid"',
        '"valid"와 "same"의 결과가 서로 바뀌었습니다',
        lambda p: {"valid": "same", "same": "valid"}[p],
    ),
):
    knob(
        name,
        en=f"{en}. Write down for 5 rows and windows of 2 how many windows each of the two has.",
        ko=f"{ko}. 5행을 높이 2인 윈도우로 나눌 때 두 방식의 윈도우가 각각 몇 개인지 적어 보세요.",
        padding=change,
    )
for name, en, ko, change in (
    (
        "extra-padding-at-the-start",
        "the larger part of an odd number is added at the start",
        "홀수 개일 때 더 많은 쪽을 앞에 덧붙였습니다",
        lambda v, g: g.missing - g.missing // 2,
    ),
    (
        "all-padding-at-the-end",
        "all that is missing is added at the end",
        "부족한 만큼을 모두 뒤에 덧붙였습니다",
        lambda v, g: 0,
    ),
    (
        "all-padding-at-the-start",
        "all that is missing is added at the start",
        "부족한 만큼을 모두 앞에 덧붙였습니다",
        lambda v, g: g.missing,
    ),
    (
        "one-line-always-at-the-start",
        "one line is added at the start whenever some are missing",
        "부족할 때마다 앞에 한 줄을 덧붙였습니다",
        lambda v, g: min(g.missing, 1),
    ),
):
    axes_of(
        name,
        place="before",
        change=only_same(change),
        en=f'With "same", along the {{axis}} {en}. Work out on paper where the padding lies for 4 rows and windows of 3, and for 7 and 5.',
        ko=f'"same"에서 {{axis}} 방향으로 {ko}. 4행에 높이 3인 윈도우, 7행에 높이 5인 윈도우일 때 패딩이 어디에 놓이는지 종이에 계산해 보세요.',
    )
for name, en, ko, change, *places in (
    (
        "remainder-added-instead-of-missing-part",
        "as much is added as is left over, not as much as is missing",
        "부족한 만큼이 아니라 남는 만큼을 덧붙였습니다",
        lambda v, g: g.side % g.size,
    ),
    (
        "always-one-window-more",
        "there is one window more than fits whole, even if nothing is left over",
        "남는 것이 없을 때도 온전한 윈도우보다 하나가 더 많습니다",
        lambda v, g: g.size - g.side % g.size,
    ),
    (
        "always-one-window-more",
        "there is one window more than fits whole, even if nothing is left over",
        "남는 것이 없을 때도 온전한 윈도우보다 하나가 더 많습니다",
        lambda v, g: g.size - g.side % g.size,
        {"before": lambda g: 0},
    ),
    (
        "one-line-less-than-the-window-added",
        "as much is added as for steps of one: the window's length less one",
        "한 칸씩 움직일 때처럼 윈도우의 길이보다 하나 적은 만큼을 덧붙였습니다",
        lambda v, g: g.size - 1,
    ),
    (
        "one-line-added",
        "one line is added whenever something is left over",
        "남는 것이 있으면 항상 한 줄만 덧붙였습니다",
        lambda v, g: min(v, 1),
    ),
    (
        "missing-for-other-side-added",
        "what is missing is counted with the other side of the image",
        "부족한 만큼을 이미지의 다른 쪽 변으로 셌습니다",
        lambda v, g: -g.other_side % g.size,
    ),
    (
        "missing-for-other-pool-added",
        "what is missing is counted with the other side of the window",
        "부족한 만큼을 윈도우의 다른 쪽 변으로 셌습니다",
        lambda v, g: -g.side % g.other_pool,
    ),
    (
        "half-of-the-window-on-either-side",
        "half of a window is added on either side, whether anything is missing or not",
        "부족하든 아니든 양쪽에 윈도우의 절반씩 덧붙였습니다",
        lambda v, g: g.size // 2 * 2,
        {"before": lambda g: g.size // 2 if g.same else 0},
    ),
    (
        "half-of-the-window-on-either-side",
        "half of a window is added on either side, whether anything is missing or not",
        "부족하든 아니든 양쪽에 윈도우의 절반씩 덧붙였습니다",
        lambda v, g: (g.size - 1) // 2 * 2,
        {"before": lambda g: (g.size - 1) // 2 if g.same else 0},
    ),
    (
        "nothing-added",
        "nothing is added",
        "아무것도 덧붙이지 않았습니다",
        lambda v, g: 0,
    ),
    (
        "nothing-added",
        "nothing is added",
        "아무것도 덧붙이지 않았습니다",
        lambda v, g: max(g.size - g.side, 0),
    ),
    (
        "windows-rounded-to-the-nearest-number",
        "the number of windows is rounded to the nearest number, not up",
        "윈도우의 수를 올림하지 않고 반올림했습니다",
        lambda v, g: max(max(round(g.side / g.size), 1) * g.size - g.side, 0),
    ),
    (
        "as-much-as-the-window-added",
        "as much is added as a window is long",
        "윈도우의 길이만큼을 덧붙였습니다",
        lambda v, g: g.size,
    ),
    (
        "line-added-for-odd-sides",
        "one line is added where the side is odd",
        "변이 홀수일 때 한 줄을 덧붙였습니다",
        lambda v, g: g.side % 2,
    ),
):
    axes_of(
        name,
        place="missing",
        change=only_same(change),
        pad=padded_with_the_lowest,
        **dict(*places),
        en=f'With "same", along the {{axis}} {en}. For H = 4 and PH = 3: how many rows are missing to fill all windows?',
        ko=f'"same"에서 {{axis}} 방향으로 {ko}. H = 4, PH = 3이면 모든 윈도우를 채우는 데 몇 행이 부족한가요?',
    )
axes_of(
    "same-taken-as-same-size",
    place="step",
    change=only_same(lambda v, g: 1),
    en='With "same", along the {axis} the window moves by one pixel, so that the result is as large as the image. In which step does the statement let the window move?',
    ko='"same"에서 {axis} 방향으로 윈도우가 한 칸씩 움직여 결과의 크기가 이미지와 같습니다. 윈도우가 얼마씩 움직여야 하는지 문제에서 다시 확인해 보세요.',
)
knob(
    "negative-start-counts-from-the-end",
    en='With "same", a window that begins before the image is empty or lies at its end: a negative start of a slice counts from the end. Print the starts of your windows.',
    ko='"same"에서 이미지보다 앞에서 시작하는 윈도우가 비어 있거나 이미지의 끝에 놓입니다. 슬라이스의 음수 시작은 끝에서부터 셉니다. 윈도우의 시작 위치를 출력해 보세요.',
    cut=lambda start: start,
)
FILLS: list[tuple[Any, str]] = [(0, "zeros-win"), *((n, "small-number-wins") for n in (-1, -10, -99, -100, -128, -255, -256, -999, -1000, -9999, -2, -5, -1e5, -1e9)), *((n, "large-number-wins") for n in (1, 255, 999, 1e9))]  # fmt: skip
FILL_TEXTS = {
    "zeros-win": ("0", "0"),
    "small-number-wins": ("a number that only seems small", "작아 보이기만 하는 수"),
    "large-number-wins": ("a number larger than pixels can be", "픽셀보다 클 수 있는 수"),
}
ENDS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("", "", "", {}),
    ("-and-lie-at-the-end", " All of it lies at the end.", " 패딩이 모두 뒤쪽에 있습니다.", {"before": lambda g: 0}),
    ("-and-lie-at-the-start", " The larger part lies at the start.", " 더 많은 쪽이 앞에 있습니다.", {"before": lambda g: g.missing - g.missing // 2}),
]  # fmt: skip
for tail, more, ko_more, places in ENDS:
    for value, name in FILLS:
        for dtype, kept_dtype in ((None, True), ("float64", True), ("float64", False)):
            if (tail or not kept_dtype) and value not in (0, -1, -99, -999):
                continue

            def pad(x: Tensor, edges: Any, value: Any = value, dtype: str | None = dtype) -> Tensor:
                return np.pad(x.astype(dtype or x.dtype), edges, constant_values=value)

            knob(
                name + tail,
                en=f"Your result equals what you get when the added places hold {FILL_TEXTS[name][0]}: where it is above all pixels of a window, it wins.{more} Try an image with very negative numbers.",
                ko=f"덧붙인 자리에 {FILL_TEXTS[name][1]}를 넣었을 때와 결과가 같습니다. 그 수가 윈도우의 모든 픽셀보다 크면 최댓값이 됩니다.{ko_more} 아주 작은 음수가 있는 이미지로 시험해 보세요.".replace(
                    "0를", "0을"
                ),
                pad=pad,
                store=lambda x, kept_dtype=kept_dtype: x.dtype if kept_dtype else None,
                **places,
            )
    knob(
        "infinity-makes-floats" + tail,
        en=f'With "same", the dtype of your result is float64, as after padding with -inf or another float.{more} Print the dtype of the padded image.',
        ko=f'-inf 같은 실수로 패딩한 것처럼 "same"에서 결과의 dtype이 float64입니다.{ko_more} 패딩한 이미지의 dtype을 출력해 보세요.',
        pad=lambda x, edges: np.pad(x.astype(float), edges, constant_values=-np.inf),
        store=lambda x: None,
        **places,
    )
    knob(
        "not-a-number-wins" + tail,
        en=f"Every window with an added place gives nan: the largest of numbers and nan is nan.{more} Print the padded image.",
        ko=f"덧붙인 자리가 있는 윈도우의 결과가 모두 nan입니다. nan이 섞인 수들의 최댓값은 nan입니다.{ko_more} 패딩한 이미지를 출력해 보세요.",
        pad=lambda x, edges: np.pad(x.astype(float), edges, constant_values=np.nan),
        store=lambda x: None,
        **places,
    )
    for mode_name, ko in (
        ("wrap", "반대쪽 가장자리의 픽셀"),
        ("reflect", "거울에 비친 픽셀"),
        ("mean", "평균"),
    ):
        knob(
            f"padded-with-{mode_name}" + tail,
            en=f'Your result equals what you get when the added places are filled by `mode="{mode_name}"`: they hold pixels or numbers that do not belong to the window.{more} Print the padded image.',
            ko=f'덧붙인 자리를 `mode="{mode_name}"`으로, 곧 {ko} 값으로 채웠을 때와 결과가 같습니다. 윈도우에 속하지 않는 수가 들어갑니다.{ko_more} 패딩한 이미지를 출력해 보세요.',
            pad=lambda x, edges, mode_name=mode_name: np.pad(x, edges, mode=mode_name),
            rare=True,
            **places,
        )
for tail, pad_name in (("", None), ("-of-one", 1)):
    knob(
        "zeros-added-at-the-edge" + tail,
        en="Your result equals what you get when zeros are added to make the sides divide: there are windows that the image does not fill, and the zeros can win. Nothing is added in the contract."
        if not tail
        else "Your result equals what you get when one row and one column of zeros are added at the end. Nothing is added in the contract.",
        ko="변이 나누어떨어지도록 0을 덧붙였을 때와 결과가 같습니다. 이미지로 다 채워지지 않는 윈도우가 생기고 0이 최댓값이 되기도 합니다. 규칙에서는 아무것도 덧붙이지 않습니다."
        if not tail
        else "끝에 0으로 된 한 행과 한 열을 덧붙였을 때와 결과가 같습니다. 규칙에서는 아무것도 덧붙이지 않습니다.",
        missing=lambda g, pad_name=pad_name: missing(g) if g.same else (pad_name or -g.side % g.size),
        before=lambda g: g.missing // 2 if g.same else 0,
        pad=lambda x, edges: np.pad(x, edges),
    )
for name, en, ko, answer in (
    (
        "spelling-of-padding-not-checked",
        'A padding that is written otherwise, as "SAME", is taken for one of the two.',
        '"SAME"처럼 다르게 적은 padding도 두 가지 중 하나로 받아들입니다.',
        lambda p: p.strip().lower() if p.strip().lower() in ("valid", "same") else unknown(p),
    ),
    (
        "unknown-padding-accepted",
        'An unknown padding is quietly treated as "valid".',
        '모르는 padding을 조용히 "valid"로 처리합니다.',
        lambda p: "valid",
    ),
    (
        "unknown-padding-taken-as-same",
        'An unknown padding is quietly treated as "same".',
        '모르는 padding을 조용히 "same"으로 처리합니다.',
        lambda p: "same",
    ),
):
    knob(
        name,
        en=f"{en} A misspelt name then gives a wrong result instead of an error: what should the last else do?",
        ko=f"{ko} 그러면 이름을 잘못 적어도 오류 대신 틀린 결과가 나옵니다. 마지막 else에서 무엇을 해야 할까요?",
        unknown=answer,
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

    def raising(padding: str, error: type[Exception] = error) -> str:
        raise error(padding)

    knob(
        "unknown-padding-raises-another-error",
        en="An unknown padding raises an error of another kind than the contract says. Call your function with such a padding and read the last line of the message.",
        ko="모르는 padding에 규칙과 다른 종류의 오류가 납니다. 그런 padding으로 함수를 호출해서 오류 메시지의 마지막 줄을 읽어 보세요.",
        unknown=raising,
    )


def nothing(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor | None:
    return None if padding not in ("valid", "same") else at.finish(run(x, pool_size, padding, at=at), None)


knob(
    "unknown-padding-gives-nothing",
    en="An unknown padding gives None instead of an error: a function that ends without `return` returns None. Print what your function returns for such a padding.",
    ko="모르는 padding에 오류 대신 None이 나옵니다. `return` 없이 끝난 함수는 None을 돌려줍니다. 그런 padding으로 호출한 결과를 출력해 보세요.",
    whole=nothing,
)

# Two at once, of the most frequent ones.

pairs(
    ("height-and-width-swapped", "pool-size-ignored", "window-taken-as-square"),
    ("incomplete-windows-kept", "one-window-too-few", "one-window-too-few-in-rows", "one-window-too-few-in-columns", "last-window-lost"),
    ("windows-overlap", "window-still-moves-by-two"),
    ("mean-instead-of-max", "min-instead-of-max", "sum-instead-of-max", "upper-left-pixel"),
    ("starts-from-zero", "fractions-cut-off", "first-image-repeated", "first-image-without-its-axis", "batch-axis-lost", "first-channel-repeated", "channels-merged", "channels-share-one-maximum", "rows-and-columns-swapped"),
    ("first-image-only", "first-channel-only"),
    ("extra-padding-at-the-start", "all-padding-at-the-end", "all-padding-at-the-start"),
    ("zeros-win", "not-a-number-wins"),
    en="Two mistakes at once explain your result; each is told as if it were the only one. (1) {first} (2) {second}",
    ko="두 가지 실수를 함께 하면 이런 결과가 나옵니다. 하나씩만 있는 것처럼 설명하면 다음과 같습니다. (1) {first} (2) {second}",
)  # fmt: skip

# What stays between calls.


def keeps_maximum(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    result = run(x, pool_size, padding, at=at)
    at.memory.largest = max(getattr(at.memory, "largest", result.min()), result.max())
    return (
        result
        if at.memory.__dict__.setdefault("calls", []).append(1) or len(at.memory.calls) == 1
        else np.maximum(result, at.memory.largest)
    )


def keeps_result(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    if not hasattr(at.memory, "first"):
        at.memory.first = run(x, pool_size, padding, at=at)
    return at.memory.first


def keeps_result_of_shape(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    kept_results = at.memory.__dict__.setdefault("kept", {})
    key = (x.shape, tuple(pool_size), padding)
    if key not in kept_results:
        kept_results[key] = run(x, pool_size, padding, at=at)
    return kept_results[key]


def keeps_maxima(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    result = run(x, pool_size, padding, at=at)
    before = getattr(at.memory, "result", None)
    if before is not None and before.shape == result.shape:
        result = np.maximum(result, before).astype(result.dtype)
    at.memory.result = result
    return result


def keeps_list(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    numbers = at.memory.__dict__.setdefault("numbers", [])
    result = run(x, pool_size, padding, at=at)
    numbers.extend(result.ravel().tolist())
    return np.array(numbers[: result.size], result.dtype).reshape(result.shape)


def keeps_growing_list(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    numbers = at.memory.__dict__.setdefault("numbers", [])
    result = run(x, pool_size, padding, at=at)
    numbers.extend(result.ravel().tolist())
    return np.array(numbers, result.dtype).reshape(result.shape)


def keeps_images(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    images = at.memory.__dict__.setdefault("images", [])
    images.extend(run(x, pool_size, padding, at=at))
    return np.stack(images)


def answers_one_late(x: Tensor, pool_size: tuple[int, int], padding: str, at: Places) -> Tensor:
    result = run(x, pool_size, padding, at=at)
    before = getattr(at.memory, "result", np.zeros_like(result))
    at.memory.result = result
    return np.asarray(before)


# A result that is written in the code looks the same.
FROM_THE_FIRST = ("keeps-the-first-result", "keeps-the-first-result-of-a-shape")
WRITTEN = ", or the result is written in the code", "있거나 결과가 코드에 그대로 적혀 있습니다"

for name, en, ko, function in (
    ("keeps-the-first-result", "every call returns the result of the first one", "모든 호출이 첫 번째 호출의 결과를 돌려줍니다", keeps_result),
    ("keeps-the-first-result-of-a-shape", "a second image of the same shape gets the result of the first", "shape가 같은 두 번째 이미지에도 첫 이미지의 결과가 나옵니다", keeps_result_of_shape),
    ("keeps-the-maxima", "no number is smaller than the one that stood at its place before", "같은 자리에 있던 이전의 수보다 작은 수가 나오지 않습니다", keeps_maxima),
    ("keeps-the-largest-value", "no number is smaller than the largest of all calls so far", "지금까지의 호출에서 나온 가장 큰 수보다 작은 수가 나오지 않습니다", keeps_maximum),
    ("keeps-a-list", "the numbers of the first call come first", "첫 번째 호출의 수들이 먼저 나옵니다", keeps_list),
    ("keeps-a-growing-list", "the numbers of all calls so far are in one list", "지금까지 호출한 결과의 수가 모두 한 리스트에 쌓여 있습니다", keeps_growing_list),
    ("keeps-the-images", "the images of all calls so far are in the result", "지금까지 호출한 이미지가 모두 결과에 들어 있습니다", keeps_images),
    ("answers-for-the-call-before", "every call returns the result of the one before", "호출할 때마다 바로 앞 호출의 결과가 나옵니다", answers_one_late),
):  # fmt: skip
    knob(
        name,
        en=f"Something stays from one call to the next{WRITTEN[0] if name in FROM_THE_FIRST else ''}: {en}. Call your function twice with different images, and look for what is made outside of it or in its default arguments.",
        ko=f"호출과 호출 사이에 무언가가 남아 {WRITTEN[1] if name in FROM_THE_FIRST else '있습니다'}. {ko}. 서로 다른 이미지로 함수를 두 번 호출해 보고, 함수 밖이나 기본 인자에서 만들어지는 것을 찾아보세요.",
        memory=True,
        whole=function,
    )

# Inputs that the statements allow.

SIDES = {
    "maxpool-1": ((2, 2), (4, 4), (6, 6), (4, 8), (6, 2), (2, 4), (8, 6)),
    "": (
        (2, 2),
        (3, 3),
        (4, 4),
        (5, 5),
        (6, 6),
        (4, 6),
        (5, 6),
        (6, 5),
        (7, 3),
        (2, 3),
        (3, 2),
        (8, 5),
        (9, 7),
    ),
}
POOLS = ((2, 2), (3, 3), (2, 3), (3, 2), (1, 1), (1, 3), (3, 1), (4, 2), (2, 4), (3, 5), (5, 3))


def images(shape: tuple[int, ...], rng: np.random.Generator) -> Iterator[Tensor]:
    """Yield images of every kind of numbers that occurs: of both signs, negative, large, fractions, every dtype."""
    yield rng.integers(0, 100, size=shape)
    yield rng.integers(-99, 100, size=shape)
    yield rng.integers(-9999, -99, size=shape)
    yield rng.integers(-20000, 20000, size=shape).astype(np.int32)
    yield rng.random(size=shape)
    yield rng.normal(size=shape).astype(np.float32)
    yield rng.normal(scale=1000, size=shape)
    yield rng.integers(0, 256, size=shape).astype(np.uint8)
    yield rng.integers(-3, 3, size=shape)
    yield -(10.0 ** rng.uniform(-3, 30, size=shape))


def inputs(exercise: str, rng: np.random.Generator) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield calls that the statement of an exercise allows, each a function's name with its arguments."""
    batches = {"maxpool-5": ((1, 1), (2, 1), (3, 1), (5, 1)), "maxpool-6": ((1, 1), (1, 3), (2, 2), (3, 5))}
    pools = POOLS if exercise in ("maxpool-3", "maxpool-4") else ((2, 2),)
    paddings = ("valid", "same") if exercise == "maxpool-4" else ("valid",)
    for height, width in SIDES.get(exercise, SIDES[""]):
        for pool, padding, (count, channels) in product(pools, paddings, batches.get(exercise, ((1, 1),))):
            if padding == "valid" and (pool[0] > height or pool[1] > width):
                continue
            arguments = {"maxpool-3": (pool,), "maxpool-4": (pool, padding)}.get(exercise, ())
            for image in images((count, height, width, channels), rng):
                yield "max_pool", (image, *arguments)
            if exercise == "maxpool-4":
                yield "max_pool", (image, pool, "full")
                yield "max_pool", (image, pool, "SAME")
