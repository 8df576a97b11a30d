"""What a wrong tensor is to the expected one: transposed, scaled, shifted by one, ...

Nothing is claimed on little evidence: a relation that a tensor of equal numbers would have to anything is none, and
numbers must agree within the tolerance of the comparison that failed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks.tensors import as_tensor, equal_elements, format_number, widened
from grader.model import Explanation

__all__ = ["find_relation"]

LARGEST = 1 << 20
"""Elements of a tensor that is looked at."""
MOST_AXES = 5
"""Of a tensor whose axes are permuted: 120 ways."""
MOST_SHIFT = 1
"""How far a tensor is shifted along an axis."""


def find_relation(
    actual: Any, expected: Any, *, rtol: float = 1e-5, atol: float = 1e-5
) -> Explanation | None:
    """Return how the expected tensor would be made of `actual`, the simplest way first; None where no way is known."""
    wanted = np.asarray(expected) if isinstance(expected, list | tuple) else as_tensor(expected)
    is_list = isinstance(actual, list | tuple)
    given = _as_array(actual) if is_list else as_tensor(actual)
    if given is None or wanted is None or not 0 < wanted.size <= LARGEST or given.size > LARGEST:
        return None
    if given.dtype.kind not in "biufc" or wanted.dtype.kind not in "biufc":
        return None

    def same(mine: np.ndarray, other: np.ndarray) -> bool:
        return mine.shape == other.shape and bool(equal_elements(mine, other, rtol, atol).all())

    if is_list:
        return Explanation("relation.list", {"type": type(actual).__name__}) if same(given, wanted) else None
    ways = (_values_of_another_dtype, _permuted, _reshaped, _rounded, _scaled_or_offset, _flipped, _shifted)
    for way in ways:
        found = next(way(given, wanted, same), None)
        if found is not None:
            return found
    return None


def _as_array(value: Any) -> np.ndarray | None:
    try:
        return np.asarray(value)
    except ValueError:
        # Rows of different lengths.
        return None


def _is_telling(tensor: np.ndarray, least: int = 2) -> bool:
    """Return whether a tensor has enough different values for an agreement not to be chance."""
    return np.unique(tensor[np.isfinite(tensor)]).size >= least


def _values_of_another_dtype(given: np.ndarray, wanted: np.ndarray, same: Any) -> Iterator[Explanation]:
    if given.dtype != wanted.dtype and same(given, wanted):
        yield Explanation("relation.dtype", {"actual": given.dtype.name, "expected": wanted.dtype.name})


def _reshaped(given: np.ndarray, wanted: np.ndarray, same: Any) -> Iterator[Explanation]:
    if given.shape == wanted.shape or given.size != wanted.size:
        return
    is_right = same(given.reshape(wanted.shape), wanted)
    if is_right and given.ndim != wanted.ndim and given.squeeze().shape == wanted.squeeze().shape:
        yield Explanation("relation.axes_of_length_one")
    elif is_right and _is_telling(wanted):
        yield Explanation("relation.reshaped")


def _permuted(given: np.ndarray, wanted: np.ndarray, same: Any) -> Iterator[Explanation]:
    if given.ndim != wanted.ndim or not 2 <= given.ndim <= MOST_AXES or not _is_telling(wanted):
        return
    orders = sorted(itertools.permutations(range(given.ndim)), key=_moved)
    for order in orders[1:]:
        if tuple(wanted.shape[axis] for axis in order) != given.shape:
            continue
        other = wanted.transpose(order)
        if same(given, other) and not same(other, wanted):
            swapped = [axis for axis, source in enumerate(order) if axis != source]
            if len(swapped) == 2:
                yield Explanation("relation.swapped", {"first": swapped[0], "second": swapped[1]})
            else:
                yield Explanation("relation.transposed", {"order": ", ".join(map(str, order))})


def _moved(order: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return sum(axis != source for axis, source in enumerate(order)), order


def _rounded(given: np.ndarray, wanted: np.ndarray, same: Any) -> Iterator[Explanation]:
    if given.shape != wanted.shape or wanted.dtype.kind != "f" or not _is_telling(given):
        return
    ways = {"relation.truncated": np.trunc, "relation.floored": np.floor, "relation.rounded": np.rint}
    for key, way in ways.items():
        if same(widened(given), way(widened(wanted))):
            yield Explanation(key)


def _scaled_or_offset(given: np.ndarray, wanted: np.ndarray, same: Any) -> Iterator[Explanation]:
    if given.shape != wanted.shape or not _is_telling(wanted) or not _is_telling(given):
        return
    mine, right = widened(given), widened(wanted)
    if not (np.isfinite(mine).all() and np.isfinite(right).all()) or np.iscomplexobj(mine - right):
        return
    # From the largest value: there the rounding of float32 weighs least.
    at = int(np.argmax(np.abs(right)))
    if _is_telling(right, 3 if right.size > 2 else 2):
        for factor in _short_first(mine.flat[at] / right.flat[at]):
            if factor == -1 and same(mine, -right):
                yield Explanation("relation.negated")
            elif factor not in (0, 1) and same(mine, factor * right):
                yield Explanation("relation.scaled", {"factor": format_number(factor)})
    for offset in _short_first(mine.flat[at] - right.flat[at]):
        if offset != 0 and same(mine, right + offset):
            yield Explanation("relation.offset", {"offset": f"{offset:+.7g}"})


def _short_first(number: Any) -> list[float]:
    """Return a number with few digits, with more and with all: the first that explains the tensor is meant."""
    value = float(number)
    return [float(f"{value:.2g}"), float(f"{value:.4g}"), value]


def _flipped(given: np.ndarray, wanted: np.ndarray, same: Any) -> Iterator[Explanation]:
    if given.shape != wanted.shape or not _is_telling(wanted):
        return
    axes = [axis for axis in range(wanted.ndim) if wanted.shape[axis] > 1]
    for count in range(1, min(len(axes), 3) + 1):
        for chosen in itertools.combinations(axes, count):
            if same(given, np.flip(wanted, chosen)):
                yield Explanation("relation.flipped", {"axes": ", ".join(map(str, chosen))})


def _shifted(given: np.ndarray, wanted: np.ndarray, same: Any) -> Iterator[Explanation]:
    """Yield where each value stands one place further along an axis; what came in at the edge is not looked at."""
    if given.shape != wanted.shape:
        return
    for axis in range(wanted.ndim):
        length = wanted.shape[axis]
        if length <= MOST_SHIFT:
            continue
        early = np.take(wanted, range(length - MOST_SHIFT), axis)
        late = np.take(wanted, range(MOST_SHIFT, length), axis)
        if _is_telling(early, 3) and same(np.take(given, range(MOST_SHIFT, length), axis), early):
            yield Explanation("relation.shifted", {"axis": axis, "places": f"+{MOST_SHIFT}"})
        elif _is_telling(late, 3) and same(np.take(given, range(length - MOST_SHIFT), axis), late):
            yield Explanation("relation.shifted", {"axis": axis, "places": f"-{MOST_SHIFT}"})
