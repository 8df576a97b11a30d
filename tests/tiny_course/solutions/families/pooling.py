"""What goes wrong when windows of a picture are reduced to one value each."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.misconceptions import axes_of, family, knob


def run(x: NDArray[Any], pool_size: tuple[int, int] = (2, 2), *, at: SimpleNamespace) -> NDArray[Any]:
    """Return one value for every window, every place asked of `at`."""
    image = at.prepare(x)
    size = at.window(pool_size)
    steps = [at.step(size[axis], axis=axis) for axis in (0, 1)]
    counts = [at.count(x.shape[axis + 1], size[axis], axis=axis) for axis in (0, 1)]
    result = np.zeros((len(x), *at.allocate(counts, x, size), x.shape[3]), x.dtype)
    for i in range(counts[0]):
        for j in range(counts[1]):
            rows = slice(i * steps[0], i * steps[0] + size[0])
            columns = slice(j * steps[1], j * steps[1] + size[1])
            result[:, i, j] = at.reduce(image[:, rows, columns], axis=(1, 2))
    return np.asarray(at.finish(result))


family(
    run,
    functions={"max_pool": {"reduce": np.max}, "average_pool": {"reduce": np.mean}},
    prepare=(),
    window=lambda size: size,
    step=lambda length: length,
    count=lambda extent, length: extent // length,
    allocate=lambda counts, x, size: counts,
    reduce=np.max,
    finish=(),
    twin_of=("count",),
    twin={"allocate": lambda counts, x, size: (x.shape[1] // size[0], x.shape[2] // size[1])},
    twin_texts=dict(  # noqa: C408 - the tests translate what is written en= and ko=
        en="What no window was written to is still 0.",
        ko="아무 윈도우도 쓰이지 않은 자리는 0으로 남았습니다.",
    ),
)
knob(
    "min-instead-of-max",
    functions=["max_pool"],
    reduce=np.min,
    en="Each window gave its smallest value. Compare one window of the picture with its result.",
    ko="각 윈도우에서 가장 작은 값이 나왔습니다. 이미지의 윈도우 하나와 결과를 비교해 보세요.",
)
knob(
    "windows-overlap",
    step=lambda length: 1,
    en="The second window begins one pixel after the first one, so windows overlap. Where should it begin?",
    ko="두 번째 윈도우가 첫 윈도우의 바로 다음 픽셀에서 시작하여 서로 겹칩니다. 어디에서 시작해야 할까요?",
)
axes_of(
    "last-window-lost",
    place="count",
    change=lambda count: count - 1,
    en="The last window of the {axis} is not there. How often does your loop run?",
    ko="{axis} 방향의 마지막 윈도우가 빠졌습니다. 반복문이 몇 번 실행되는지 확인해 보세요.",
)
knob(
    "starts-from-zero",
    finish=lambda result: np.maximum(result, 0),
    en="Where all pixels of a window are below zero the result is 0, which no pixel is.",
    ko="윈도우의 모든 픽셀이 음수이면 결과가 0인데, 그런 픽셀은 없습니다.",
)


def _with_the_last(result: NDArray[Any], kept: SimpleNamespace) -> NDArray[Any]:
    last = getattr(kept, "last", result)
    kept.last = np.maximum(result, last) if last.shape == result.shape else result
    return np.asarray(kept.last)


def _kept(x: NDArray[Any], at: SimpleNamespace) -> NDArray[Any]:
    return _with_the_last(run(x, at=at), at.memory)


knob(
    "keeps-the-last-image",
    memory=True,
    whole=_kept,
    en="A value of an earlier call is still there: each call must begin anew.",
    ko="이전 호출의 값이 남아 있습니다. 호출할 때마다 새로 시작해야 합니다.",
)
