"""Decide whether two outcomes of a call are the same answer, and how much that says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks import tensors
from grader.errors import SubmissionError
from grader.runner.inside import wire
from grader.runner.inside.values import Table

RTOL, ATOL = 1e-4, 1e-5
"""How far two outcomes may differ: two ways of writing the same mistake may sum in another order."""
_LEAST = 1e-30
"""No number between this and 0 comes from rounding."""
ENOUGH = 3
"""So many different pairs of a wrong number and the right one are no accident."""
_MOST_PAIRS = 200
_SAYING_NOTHING = {"name", "kernel_initializer", "bias_initializer"}
"""Of a layer's settings: Keras numbers the names, and of where weights come from the weights themselves tell."""
_SPECIFIC = 1000
"""A number alone, as of parameters, that is at least so large or no whole one is not met by chance."""


def agree(
    one: Any, other: Any, tolerance: tuple[float, float] = (RTOL, ATOL), *, has_numbers: bool = True
) -> bool:
    """Return whether two outcomes are equal, whatever their dtype; without `has_numbers` any number is any other."""
    if isinstance(one, SubmissionError) or isinstance(other, SubmissionError):
        both = isinstance(one, SubmissionError) and isinstance(other, SubmissionError)
        return both and one.type_names[:1] == other.type_names[:1]
    if isinstance(one, Table) and isinstance(other, Table):
        one, other = one.plain, other.plain
    first, second = tensors.as_tensor(one), tensors.as_tensor(other)
    if first is not None and second is not None:
        return first.shape == second.shape and (
            not has_numbers or bool(_close(first, second, *tolerance).all())
        )
    if isinstance(one, wire.Handle | wire.Opaque) or isinstance(other, wire.Handle | wire.Opaque):
        return type(one) is type(other) and one.type_name == other.type_name
    if isinstance(one, dict) and isinstance(other, dict):
        keys = (one.keys() | other.keys()) - _SAYING_NOTHING
        return all(agree(one.get(key), other.get(key), tolerance, has_numbers=has_numbers) for key in keys)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(
            agree(first, second, tolerance, has_numbers=has_numbers)
            for first, second in zip(one, other, strict=True)
        )
    return type(one) is type(other) and bool(one == other)


def _close(one: np.ndarray, other: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Return for each element whether it is equal; whole numbers exactly."""
    if tensors.is_exact(one, other):
        return tensors.equal_elements(one, other, rtol, atol)
    first, second = tensors.widened(one), tensors.widened(other)
    with np.errstate(all="ignore"):
        close = np.abs(first - second) <= atol + rtol * np.abs(second)
        # Nothing but itself is near to infinity; and what is smaller than any rounding leaves, and not 0, was put there.
        close &= np.isfinite(second) & (((first == 0) == (second == 0)) | (np.abs(first + second) > _LEAST))
        if not close.all():
            close |= (first == second) | (np.isnan(first) & np.isnan(second))
    return np.asarray(close)


def dtype_of(value: Any) -> str:
    """Return the dtype's name of a tensor; nothing for anything else."""
    tensor = tensors.as_tensor(value)
    return "" if tensor is None else tensors.dtype_name(tensor.dtype)


def differences(
    given: Any, right: Any, tolerance: tuple[float, float], *, has_places: bool = False
) -> set[Any]:
    """Return the different pairs of a wrong number and the right one; another shape counts as one more.

    With `has_places` every place counts by itself, the right ones too.
    What is no tensor, as a text or the settings of a layer, is not met by chance and counts for enough.
    """
    if isinstance(given, Table) and isinstance(right, Table):
        given, right = given.plain, right.plain
    one, other = tensors.as_tensor(given), tensors.as_tensor(right)
    if one is not None and one.ndim and (other is None or one.shape != other.shape):
        shape = None if other is None else other.shape
        return {(value, None) for value in one.ravel()[:_MOST_PAIRS].tolist()} | {(one.shape, shape)}
    if one is not None and other is not None and one.ndim:
        wrong = np.flatnonzero(~_close(one, other, *tolerance))[:_MOST_PAIRS]
        if has_places:
            return {*enumerate(one.ravel().tolist())} if wrong.size else set()
        return set(zip(one.ravel()[wrong].tolist(), other.ravel()[wrong].tolist(), strict=True))
    return set(_plain_differences(given, right, tolerance))


def _plain_differences(given: Any, right: Any, tolerance: tuple[float, float]) -> Iterator[Any]:
    if agree(given, right, tolerance):
        return
    if isinstance(given, dict) and isinstance(right, dict):
        for key in given.keys() & right.keys() - _SAYING_NOTHING:
            yield from _plain_differences(given[key], right[key], tolerance)
        yield from (("key", key, place) for key in given.keys() ^ right.keys() for place in range(ENOUGH))
    elif isinstance(given, list | tuple) and isinstance(right, list | tuple) and len(given) == len(right):
        for one, other in zip(given, right, strict=True):
            yield from _plain_differences(one, other, tolerance)
    elif isinstance(given, np.ndarray) and given.ndim:
        yield from differences(given, right, tolerance)
    else:
        number = given.item() if isinstance(given, np.ndarray) else given
        is_small = isinstance(number, int | float) and abs(number) < _SPECIFIC and number == number // 1
        shown = repr(given), repr(right)
        yield from ((*shown, place) for place in range(1 if is_small else ENOUGH))
