"""Compare tensors, and say how they differ."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from grader.model import Difference, TensorView, WrongPlace
from grader.runner.inside.blocks import MAX_DIMENSIONS
from grader.runner.inside.values import SMALL_FLOATS, Tensor, named, own_name

MOST_CELLS = 256
"""A tensor with at most this many elements is shown whole."""
MOST_PLACES = 5
NUMBERS = "biufc"
"""The kinds of dtypes whose elements are numbers."""
_LONGEST_ELEMENT = 60
"""Characters of an element that is shown: one that is no number is as long as its author likes."""


def format_number(value: Any) -> str:
    """Return a tensor's element as a reader writes it: seven digits, which is what float32 holds."""
    item = value.item() if isinstance(value, np.generic) else value
    return f"{item:.7g}" if isinstance(item, float) else str(item)[:_LONGEST_ELEMENT]


def dtype_name(dtype: np.dtype) -> str:
    """Return a dtype's name, as the library calls it that the tensor came from."""
    return (own_name(dtype) if dtype.metadata else None) or _numpy_name(dtype)


def of_dtype(values: Any, name: str) -> np.ndarray:
    """Return values as an array of a dtype that a library calls by this name."""
    return named(np.asarray(values), name) if name in SMALL_FLOATS else np.asarray(values, name)


@lru_cache(maxsize=256)
def _numpy_name(dtype: np.dtype) -> str:
    """Return a dtype's name, which NumPy puts together anew each time."""
    return dtype.name


def view(value: Any) -> TensorView:
    """Return what is shown of a returned value."""
    if not isinstance(value, np.ndarray):
        kind = getattr(value, "type_name", None) or type(value).__name__
        return TensorView(str(kind))
    cells = tuple(format_number(item) for item in value.ravel()) if value.size <= MOST_CELLS else None
    return TensorView("tensor", value.shape, dtype_name(value.dtype), cells)


def as_tensor(value: Any) -> np.ndarray | None:
    """Return an array, a number as an array without dimensions, and None for anything else."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, bool | int | float | complex | np.generic):
        array = np.asarray(value)
        return array if array.dtype != object else None
    return None


def from_rows(value: list[Any] | tuple[Any, ...], wanted: tuple[int, ...] | None = None) -> np.ndarray | None:
    """Return nested rows of numbers as an array; None where they are of different lengths, or anything is no number.

    Rows of another shape than `wanted` are None too. NumPy would make an array of anything: of texts one in which each
    takes the room of the longest.
    """
    shape, items = list[int](), [value]
    while items and isinstance(items[0], list | tuple):
        length = len(items[0])
        if not all(isinstance(item, list | tuple) and len(item) == length for item in items):
            return None
        shape.append(length)
        items = [item for row in items for item in row]
    arrays = [as_tensor(item) for item in items]
    inner = np.shape(arrays[0]) if arrays and arrays[0] is not None else ()
    if not all(item is not None and item.shape == inner and item.dtype.kind in NUMBERS for item in arrays):
        return None
    whole = (*shape, *inner)
    if len(whole) > MAX_DIMENSIONS or wanted not in (None, whole):
        return None
    return np.asarray(items).reshape(whole)


def compare(
    actual: Any, expected: Any, *, rtol: float = 1e-5, atol: float = 1e-5, dtype: str | None = None
) -> Difference | None:
    """Return how `actual` differs from `expected`; None when it does not.

    Integers and booleans are compared exactly; as soon as one side is a float, |actual - expected| <=
    atol + rtol * |expected| holds for equal elements (`numpy.isclose`), and NaN equals NaN. The dtype is looked at only
    when `dtype` asks for it: `"same"` as expected, or a name.
    """
    is_rows = isinstance(expected, list | tuple)
    expected_tensor = from_rows(expected) if is_rows else as_tensor(expected)
    if expected_tensor is None:
        raise TypeError(f"the expected value is no tensor: {type(expected).__name__}")
    actual_tensor = as_tensor(actual)
    if actual_tensor is None:
        return Difference("kind", view(actual), view(expected_tensor))
    if actual_tensor.shape != expected_tensor.shape:
        return Difference("shape", view(actual_tensor), view(expected_tensor))
    name = dtype_name(expected_tensor.dtype) if dtype == "same" else dtype
    if name is not None and dtype_name(actual_tensor.dtype) != name:
        return Difference("dtype", view(actual_tensor), replace(view(expected_tensor), dtype=name))
    equal = equal_elements(actual_tensor, expected_tensor, rtol, atol)
    if equal.all():
        return None
    wrong = np.flatnonzero(~equal)
    first = tuple(
        WrongPlace(
            _index(flat, actual_tensor.shape),
            format_number(actual_tensor.flat[flat]),
            format_number(expected_tensor.flat[flat]),
        )
        for flat in wrong[:MOST_PLACES]
    )
    return Difference(
        "values",
        view(actual_tensor),
        view(expected_tensor),
        wrong=tuple(int(flat) for flat in wrong) if actual_tensor.size <= MOST_CELLS else (),
        wrong_count=int(wrong.size),
        total=int(actual_tensor.size),
        first=first,
        **_error_sizes(actual_tensor, expected_tensor, wrong),
    )


def _error_sizes(actual: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> dict[str, Any]:
    """Return the fields of a `Difference` that say by how much the wrong elements are wrong."""
    if actual.dtype.kind not in NUMBERS or expected.dtype.kind not in NUMBERS:
        return {}
    shape, actual, expected = actual.shape, widened(actual).ravel()[wrong], widened(expected).ravel()[wrong]
    sizes: dict[str, Any] = {
        "nan_count": int(np.isnan(actual).sum()),
        "infinite_count": int(np.isinf(actual).sum()),
    }
    finite = np.isfinite(actual) & np.isfinite(expected)
    if not finite.any():
        return sizes
    with np.errstate(over="ignore"):
        error = np.where(finite, np.abs(np.where(finite, actual, 0) - np.where(finite, expected, 0)), -1)
    at = int(np.argmax(error))
    sizes |= {"largest_error": format_number(error[at]), "largest_at": _index(wrong[at], shape)}
    comparable = finite & (expected != 0)
    if comparable.any():
        with np.errstate(over="ignore"):
            relative = np.where(comparable, error / np.where(comparable, np.abs(expected), 1), -1)
        at = int(np.argmax(relative))
        sizes["largest_relative"] = f"{100 * float(relative[at]):.3g}"
        sizes["relative_at"] = _index(wrong[at], shape)
    return sizes


def _index(flat: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(position) for position in np.unravel_index(flat, shape))


def widened(array: np.ndarray) -> np.ndarray:
    """Return an array in double precision, which holds every number that a tensor of a course does."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def is_exact(actual: np.ndarray, expected: np.ndarray) -> bool:
    """Return whether elements are compared exactly: whole numbers, and whatever is no number."""
    kinds = actual.dtype.kind + expected.dtype.kind
    return all(kind in "biu" for kind in kinds) or any(kind not in NUMBERS for kind in kinds)


def equal_elements(actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Return for each element whether it is equal within the tolerance; integers, texts and dates exactly."""
    if (
        actual.dtype == expected.dtype
        and actual.shape == expected.shape
        and actual.tobytes() == expected.tobytes()
    ):
        # Most answers are right to the last bit, and this says so ten times as fast.
        return np.ones(actual.shape, bool)
    if is_exact(actual, expected):
        equal = np.asarray(actual == expected)
        if actual.dtype.kind in "mM" and expected.dtype.kind in "mM":
            equal |= np.isnat(actual) & np.isnat(expected)
        return np.broadcast_to(equal, actual.shape)
    with np.errstate(all="ignore"):
        return np.asarray(
            np.isclose(widened(actual), widened(expected), rtol=rtol, atol=atol, equal_nan=True)
        )


def as_torch(array: Any, dtype: str | None = None) -> Tensor:
    """Return an array that a function gets as a tensor of PyTorch's, of this dtype where one is named."""
    return _of_library(array, dtype, "torch")


def as_jax(array: Any, dtype: str | None = None) -> Tensor:
    """Return an array that a function gets as an array of JAX's, of this dtype where one is named."""
    return _of_library(array, dtype, "jax")


def as_tensorflow(array: Any, dtype: str | None = None) -> Tensor:
    """Return an array that a function gets as a tensor of TensorFlow's, of this dtype where one is named."""
    return _of_library(array, dtype, "tensorflow")


def _of_library(array: Any, dtype: str | None, library: str) -> Tensor:
    array = np.asarray(array)
    if array.dtype.kind not in NUMBERS:
        raise TypeError(f"an array of {array.dtype} is no tensor of {library}")
    return Tensor(array if dtype is None else of_dtype(array, dtype), library)
