"""Say what a wrong tensor is to the expected one: transposed, scaled, shifted by one, ...

Nothing is claimed on little evidence: a relation that a tensor of equal numbers would have to anything is none, and
numbers must agree within the tolerance of the comparison that failed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.checks.tensors import NUMBERS, as_tensor, equal_elements, format_number, from_rows, widened
from grader.model import Explanation

LARGEST = 1 << 20
"""The number of elements of a tensor that is looked at."""
_FIRST_LOOK = 1000
"""The number of elements that are compared before all are."""
MOST_AXES = 5
"""The number of axes of a tensor whose axes are permuted: there are 120 ways."""
MOST_SHIFT = 1
"""How far a tensor is shifted along an axis."""

_Way = Callable[[np.ndarray, np.ndarray, Any], Iterator[Explanation]]


def find_relation(
    actual: Any, expected: Any, *, rtol: float = 1e-5, atol: float = 1e-5, is_alone: bool = False
) -> Explanation | None:
    """Return how the expected tensor would be made of `actual`, the simplest way first; None where no way is known.

    Where these two tensors are all there is to see (`is_alone`), nothing is said that their numbers make true by accident:
    an image of 0, 1, 2, ... is itself times something, plus something and shifted in many ways.
    """
    type_name, is_list = type(actual).__name__, isinstance(actual, list | tuple)
    expected = from_rows(expected) if isinstance(expected, list | tuple) else as_tensor(expected)
    if expected is None or not 0 < expected.size <= LARGEST or expected.dtype.kind not in NUMBERS:
        return None
    actual = from_rows(actual, expected.shape) if is_list else as_tensor(actual)
    if actual is None or actual.size > LARGEST or actual.dtype.kind not in NUMBERS:
        return None

    def same(one: np.ndarray, other: np.ndarray) -> bool:
        # There may be hundreds of ways, and nearly all are found wrong in the first elements.
        return one.shape == other.shape and all(
            equal_elements(one.flat[:count], other.flat[:count], rtol, atol).all()
            for count in (_FIRST_LOOK, one.size)
        )

    if is_list:
        return Explanation("relation.list", {"type": type_name}) if same(actual, expected) else None
    ways: tuple[_Way, ...] = (_values_of_another_dtype, _permuted, _reshaped, _rounded)
    if not is_alone:
        ways += (_scaled_or_offset,)
    if not is_alone or not _is_even(expected):
        ways += (_flipped, _shifted)
    return next((relation for way in ways for relation in way(actual, expected, same)), None)


def _is_even(tensor: np.ndarray) -> bool:
    """Return whether the numbers rise or fall by the same along each axis."""
    return not any(
        np.diff(widened(tensor), 2, axis).any() for axis in range(tensor.ndim) if tensor.shape[axis] > 2
    )


def _is_telling(tensor: np.ndarray, least: int = 2) -> bool:
    """Return whether a tensor has enough different values for an agreement not to be chance."""
    return np.unique(tensor[np.isfinite(tensor)]).size >= least


def _values_of_another_dtype(actual: np.ndarray, expected: np.ndarray, same: Any) -> Iterator[Explanation]:
    if actual.dtype != expected.dtype and same(actual, expected):
        yield Explanation("relation.dtype", {"actual": actual.dtype.name, "expected": expected.dtype.name})


def _reshaped(actual: np.ndarray, expected: np.ndarray, same: Any) -> Iterator[Explanation]:
    if actual.shape == expected.shape or actual.size != expected.size:
        return
    is_right = same(actual.reshape(expected.shape), expected)
    if is_right and actual.ndim != expected.ndim and actual.squeeze().shape == expected.squeeze().shape:
        yield Explanation("relation.axes_of_length_one")
    elif is_right and _is_telling(expected):
        yield Explanation("relation.reshaped")


def _permuted(actual: np.ndarray, expected: np.ndarray, same: Any) -> Iterator[Explanation]:
    if actual.ndim != expected.ndim or not 2 <= actual.ndim <= MOST_AXES or not _is_telling(expected):
        return
    orders = sorted(itertools.permutations(range(actual.ndim)), key=_moved)
    for order in orders[1:]:
        if tuple(expected.shape[axis] for axis in order) != actual.shape:
            continue
        other = expected.transpose(order)
        if same(actual, other) and not same(other, expected):
            swapped = [axis for axis, source in enumerate(order) if axis != source]
            if any(_is_alike(expected, axis) for axis in swapped):
                # Where all rows are alike, whoever takes one number for the whole row has it too.
                continue
            if len(swapped) == 2:
                yield Explanation("relation.swapped", {"first": swapped[0], "second": swapped[1]})
            else:
                yield Explanation("relation.transposed", {"order": ", ".join(map(str, order))})


def _is_alike(tensor: np.ndarray, axis: int) -> bool:
    """Return whether a tensor is the same at each of several places along an axis."""
    return tensor.shape[axis] > 1 and not (tensor != tensor.take([0], axis)).any()


def _moved(order: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return sum(axis != source for axis, source in enumerate(order)), order


def _rounded(actual: np.ndarray, expected: np.ndarray, same: Any) -> Iterator[Explanation]:
    if actual.shape != expected.shape or expected.dtype.kind != "f" or not _is_telling(actual):
        return
    ways = {"relation.truncated": np.trunc, "relation.floored": np.floor, "relation.rounded": np.rint}
    for key, way in ways.items():
        if same(widened(actual), way(widened(expected))):
            yield Explanation(key)


def _scaled_or_offset(actual: np.ndarray, expected: np.ndarray, same: Any) -> Iterator[Explanation]:
    if actual.shape != expected.shape or not _is_telling(expected) or not _is_telling(actual):
        return
    actual, expected = widened(actual), widened(expected)
    if not (np.isfinite(actual).all() and np.isfinite(expected).all()) or np.iscomplexobj(actual - expected):
        return
    # From the largest value: there the rounding of float32 weighs least.
    at = int(np.argmax(np.abs(expected)))
    if _is_telling(expected, 3 if expected.size > 2 else 2):
        for factor in _short_first(actual.flat[at] / expected.flat[at]):
            if factor == -1 and same(actual, -expected):
                yield Explanation("relation.negated")
            elif factor not in (0, 1) and same(actual, factor * expected):
                yield Explanation("relation.scaled", {"factor": format_number(factor)})
    for offset in _short_first(actual.flat[at] - expected.flat[at]):
        if offset != 0 and same(actual, expected + offset):
            yield Explanation("relation.offset", {"offset": f"{offset:+.7g}"})


def _short_first(number: Any) -> list[float]:
    """Return a number with few digits, with more and with all: the first that explains the tensor is taken."""
    value = float(number)
    return [float(f"{value:.2g}"), float(f"{value:.4g}"), value]


def _flipped(actual: np.ndarray, expected: np.ndarray, same: Any) -> Iterator[Explanation]:
    if actual.shape != expected.shape or not _is_telling(expected):
        return
    axes = [axis for axis in range(expected.ndim) if expected.shape[axis] > 1]
    for count in range(1, min(len(axes), 3) + 1):
        for chosen in itertools.combinations(axes, count):
            if same(actual, np.flip(expected, chosen)):
                yield Explanation("relation.flipped", {"axes": ", ".join(map(str, chosen))})


def _shifted(actual: np.ndarray, expected: np.ndarray, same: Any) -> Iterator[Explanation]:
    """Yield where each value stands one place further along an axis; what came in at the edge is not looked at.

    Where all values along an axis are alike it cannot be seen whether they have moved along that one, too.
    """
    if actual.shape != expected.shape:
        return
    if any(
        size > 1 and same(expected, np.roll(expected, 1, axis)) for axis, size in enumerate(expected.shape)
    ):
        return
    for axis in range(expected.ndim):
        length = expected.shape[axis]
        if length <= MOST_SHIFT:
            continue
        early = np.take(expected, range(length - MOST_SHIFT), axis)
        late = np.take(expected, range(MOST_SHIFT, length), axis)
        if _is_telling(early, 3) and same(np.take(actual, range(MOST_SHIFT, length), axis), early):
            yield Explanation("relation.shifted", {"axis": axis, "places": f"+{MOST_SHIFT}"})
        elif _is_telling(late, 3) and same(np.take(actual, range(length - MOST_SHIFT), axis), late):
            yield Explanation("relation.shifted", {"axis": axis, "places": f"-{MOST_SHIFT}"})
