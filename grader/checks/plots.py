"""Compare what is drawn in a figure: its texts, scales, lines, points, bars and images. No picture is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks import tensors
from grader.checks.remote import OpenFigure, RemoteLayer, shortened
from grader.errors import CheckFailed
from grader.model import Explanation
from grader.runner.inside.values import plain_name

Written = str | bool
"""A text that must be written, whatever its capitals; True where any text will do."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Axes:
    """Holds what the submission says was drawn in its axes."""

    texts: dict[str, str]
    """By the name of the argument of `assert_plot`."""
    lines: list[tuple[np.ndarray, np.ndarray]]
    points: list[np.ndarray]
    bars: list[tuple[np.ndarray, np.ndarray]]
    """Of each set of bars where they stand, and how long they are."""
    images: list[np.ndarray]
    legend: list[str] | None


def assert_plot(
    actual: Any,
    *,
    axes: int = 0,
    title: Written | None = None,
    xlabel: Written | None = None,
    ylabel: Written | None = None,
    xscale: str | None = None,
    yscale: str | None = None,
    lines: int | Sequence[Any] | None = None,
    points: Any = None,
    bars: Sequence[float] | np.ndarray | None = None,
    images: Sequence[Any] | None = None,
    legend: Sequence[str] | bool | None = None,
    rtol: float = 1e-5,
    atol: float = 1e-5,
) -> None:
    """Fail unless a figure or axes of matplotlib's have been drawn in like this; `last_call(submission).figure` is one too.

    `axes` says which of a figure's. `lines` are those that must be among the lines that are drawn, each as its y values
    or as a pair (x, y), or their number. `points` is a pair (x, y), `bars` are the lengths of bars from left to right,
    and `images` are arrays that must be among the images. `legend` are its texts in any order, or True for any legend.
    """
    drawn = _drawn(actual, axes)
    wanted = {"title": title, "xlabel": xlabel, "ylabel": ylabel, "xscale": xscale, "yscale": yscale}
    for name, expected in wanted.items():
        _check_text(name, drawn.texts[name], expected)
    if isinstance(lines, int):
        if len(drawn.lines) != lines:
            raise _failed("line_count", actual=len(drawn.lines), expected=lines)
    else:
        for number, line in enumerate(lines or (), start=1):
            _check_line(drawn.lines, line, number, rtol, atol)
    if points is not None:
        x, y = (np.asarray(item, float).ravel() for item in points)
        _check_points(drawn.points, np.stack([x, y], axis=1), rtol, atol)
    if bars is not None:
        _check_bars(drawn.bars, np.asarray(bars, float).ravel(), rtol, atol)
    for number, image in enumerate(images or (), start=1):
        if not any(_same(item, np.asarray(image), rtol, atol) for item in drawn.images):
            raise _failed("image", number=number, count=len(drawn.images))
    if legend is not None and legend is not False:
        _check_legend(drawn.legend, legend)


def _failed(aspect: str, **values: Any) -> CheckFailed:
    return CheckFailed(Explanation(f"plot.{aspect}", values))


def _drawn(actual: Any, axes: int) -> _Axes:
    """Return what was drawn in a figure's axes; a description that lies fails the check."""
    if isinstance(actual, OpenFigure):
        raw, type_name = actual._raw, "Figure"
        if not raw:
            raise _failed("none_open")
        actual._code._figure = (None,)
    elif isinstance(actual, RemoteLayer):
        code, called = actual._code, actual._code._last_call
        raw, type_name = code._describe(actual._handle, None), actual.type_name
        # A student reads what drew it.
        code._last_call = called
        code._figure = (actual._handle,)
    else:
        raise _failed("kind", actual=str(getattr(actual, "type_name", None) or type(actual).__name__))
    if not isinstance(raw.get("axes"), list):
        raise _failed("kind", actual=type_name)
    if axes >= len(raw["axes"]):
        raise _failed("axes", actual=len(raw["axes"]), expected=axes + 1)
    try:
        return _read(raw["axes"][axes])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CheckFailed(Explanation("check.bad_description", {"type": type_name})) from None


def _read(raw: Mapping[str, Any]) -> _Axes:
    legend = raw["legend"]
    return _Axes(
        {name: _text(raw[name]) for name in ("title", "xlabel", "ylabel", "xscale", "yscale")},
        [(_array(line["x"]), _array(line["y"])) for line in raw["lines"]],
        [_array(points["xy"]) for points in raw["points"]],
        [(_numbers(bars["at"]), _numbers(bars["lengths"])) for bars in raw["bars"]],
        [_array(image) for image in raw["images"]],
        None if legend is None else [_text(item) for item in legend],
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return plain_name(value)


def _array(value: Any) -> np.ndarray:
    if not isinstance(value, np.ndarray):
        raise TypeError("no array")
    return value


def _numbers(value: Any) -> np.ndarray:
    array = _array(value)
    if array.dtype.kind not in "biuf" or array.ndim != 1:
        raise TypeError("no numbers")
    return array


def _check_text(name: str, actual: str, expected: Written | None) -> None:
    if expected is None or expected is False:
        return
    what = Explanation(f"plot.{name}")
    if not actual.strip():
        raise _failed("unwritten", what=what)
    if expected is not True and _folded(actual) != _folded(expected):
        raise _failed("text", what=what, actual=repr(actual), expected=repr(expected))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _same(actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> bool:
    return actual.shape == expected.shape and bool(tensors.equal_elements(actual, expected, rtol, atol).all())


def _check_line(
    lines: list[tuple[np.ndarray, np.ndarray]], expected: Any, number: int, rtol: float, atol: float
) -> None:
    """Fail unless a line is among those that are drawn; where only one has as many points, say where it differs."""
    is_pair = isinstance(expected, tuple) and len(expected) == 2
    x, y = (np.asarray(item) for item in (expected if is_pair else (np.empty(0), expected)))
    for mine in lines:
        if _same(mine[1], y, rtol, atol) and (not is_pair or _same(mine[0], x, rtol, atol)):
            return
    alike = [mine for mine in lines if mine[1].shape == y.shape]
    if len(alike) == 1 and y.ndim == 1:
        for axis, actual, wanted in (("x", alike[0][0], x), ("y", alike[0][1], y)):
            if actual.shape == wanted.shape:
                wrong = np.flatnonzero(~tensors.equal_elements(actual, wanted, rtol, atol))
                if wrong.size:
                    raise _failed(
                        "line_differs", number=number, axis=axis, **_first(actual, wanted, wrong[0])
                    )
    raise _failed("line", number=number, size=y.size, sizes=_sizes(item[1] for item in lines))


def _first(actual: np.ndarray, expected: np.ndarray, place: Any) -> dict[str, Any]:
    shown = (tensors.format_number(array[place]) for array in (actual, expected))
    return {"index": int(place), **dict(zip(("actual", "expected"), shown, strict=True))}


def _sizes(arrays: Iterable[np.ndarray]) -> str:
    return ", ".join(str(len(array)) if array.ndim else "1" for array in arrays) or "0"


def _check_points(points: list[np.ndarray], expected: np.ndarray, rtol: float, atol: float) -> None:
    """Fail unless points are drawn, in one set or in several, in any order of these."""
    sets = [item for item in points if item.ndim == 2 and item.shape[1] == 2 and item.dtype.kind in "biuf"]
    if any(_same(item, expected, rtol, atol) for item in sets):
        return
    together = np.concatenate([np.empty((0, 2)), *sets])
    if len(together) != len(expected):
        raise _failed("point_count", actual=len(together), expected=len(expected))
    ordered = [item[np.lexsort((item[:, 1], item[:, 0]))] for item in (together, expected)]
    if not _same(ordered[0], ordered[1], rtol, atol):
        raise _failed("points", count=len(expected))


def _check_bars(
    bars: list[tuple[np.ndarray, np.ndarray]], expected: np.ndarray, rtol: float, atol: float
) -> None:
    """Fail unless bars of these lengths are drawn, at once or one after the other."""
    sets = [(at, lengths) for at, lengths in bars if at.shape == lengths.shape]
    if sets:
        sets.append(
            (np.concatenate([at for at, _ in sets]), np.concatenate([lengths for _, lengths in sets]))
        )
    ordered = [lengths[np.argsort(at, kind="stable")] for at, lengths in sets]
    if any(_same(item, expected, rtol, atol) for item in ordered):
        return
    alike = [item for item in ordered if item.shape == expected.shape]
    if not alike:
        raise _failed("bar_count", actual=_sizes(ordered[:-1]), expected=expected.size)
    wrong = np.flatnonzero(~tensors.equal_elements(alike[0], expected, rtol, atol))
    raise _failed("bar", **_first(alike[0], expected, wrong[0]))


def _check_legend(actual: list[str] | None, expected: Sequence[str] | bool) -> None:
    if actual is None:
        raise _failed("no_legend")
    if expected is not True and sorted(map(_folded, actual)) != sorted(map(_folded, expected or ())):
        values = {"actual": actual, "expected": list(expected or ())}
        raise _failed("legend", **{key: shortened(value, _LONGEST) for key, value in values.items()})
