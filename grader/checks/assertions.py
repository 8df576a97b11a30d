"""Compare what a check got with what it expects: the assertions that an author writes.

A check never holds a live object of the student's: `submission` and `reference` send calls to another process and
get plain values back. A failed assertion carries its finding as data, so that feedback can be given in any language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.checks import tensors
from grader.checks.frames import assert_frame
from grader.checks.plots import assert_plot
from grader.checks.relations import find_relation
from grader.checks.remote import (
    Description,
    RemoteCode,
    RemoteLayer,
    format_value,
    note_comparison,
    note_expected,
    shortened,
)
from grader.checks.tensors import as_jax, as_tensorflow, as_torch
from grader.checks.windows import WindowOf
from grader.errors import CheckFailed, SubmissionError
from grader.model import Explanation, Verdict
from grader.runner.replies import Reply

__all__ = [
    "CURRENT_CHECK",
    "Comparison",
    "Description",
    "Reference",
    "RemoteLayer",
    "Rng",
    "Submission",
    "as_jax",
    "as_tensorflow",
    "as_torch",
    "assert_equal",
    "assert_frame",
    "assert_layer",
    "assert_plot",
    "assert_tensor",
    "assert_unchanged",
    "expect",
    "raises",
]


Submission = RemoteCode

Reference = RemoteCode

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds two values that a check compared, and how strictly."""

    actual: Any
    expected: Any
    rtol: float
    atol: float


COMPARISONS: dict[str, list[Comparison]] | None = None
"""Check -> its comparisons, noted while a course is verified; None at all other times."""

CURRENT_CHECK: list[str] = []
"""The check that runs, for those notes."""


def assert_tensor(
    actual: Any,
    expected: Any,
    *,
    rtol: float = 1e-5,
    atol: float = 1e-5,
    dtype: str | None = None,
    window: WindowOf | None = None,
) -> None:
    """Fail unless `actual` is a tensor of the expected shape and values (see `tensors.compare`).

    `window` says which part of the input an element of the output is made from (`pooling_window`,
    `convolution_window`, or any function of an output index): of a visible check a student is shown it for the first
    wrong element.
    """
    if COMPARISONS is not None:
        name = CURRENT_CHECK[-1] if CURRENT_CHECK else ""
        COMPARISONS.setdefault(name, []).append(Comparison(actual, expected, rtol, atol))
    note_comparison(actual, rtol, atol, has_dtype=dtype is not None)
    note_expected(actual, expected if dtype in (None, "same") else tensors.of_dtype(expected, dtype))
    difference = tensors.compare(actual, expected, rtol=rtol, atol=atol, dtype=dtype)
    if difference is None:
        return
    relation = find_relation(actual, expected, rtol=rtol, atol=atol, is_alone=True)
    shown = window(difference.first[0].index) if window is not None and difference.first else None
    difference = replace(difference, relation=relation, window=shown)
    raise CheckFailed(Explanation(f"tensor.{difference.aspect}", {}, difference))


def assert_equal(actual: Any, expected: Any, *, rtol: float = 0, atol: float = 0, **texts: str) -> None:
    """Fail unless two plain values are equal; the texts, one for each language of the course, name what is compared.

    As in "the number of parameters". Lists, tuples and dictionaries are compared item by item, and numbers that are no
    whole ones within the tolerance, also those of arrays.
    """
    note_expected(actual, expected)
    is_alone = isinstance(actual, np.ndarray) and actual.ndim > 0 and not isinstance(expected, np.ndarray)
    difference = ("", actual, expected) if is_alone else first_difference(actual, expected, rtol, atol)
    if difference is None:
        return
    shown = {"actual": _short(actual), "expected": _short(expected)}
    if max(map(len, shown.values())) < _LONGEST or not difference[0]:
        raise CheckFailed(Explanation("check.equal", {"what": texts, **shown}))
    place, given, wanted = difference
    values = {"what": texts, "place": place, "actual": _short(given), "expected": _short(wanted)}
    raise CheckFailed(Explanation("check.equal_at", values))


def first_difference(
    actual: Any, expected: Any, rtol: float = 0, atol: float = 0, place: str = ""
) -> tuple[str, Any, Any] | None:
    """Return the first place where plain values differ, as it is written in code, and what stands there in each.

    No list is compared with an array, which would make an array of it.
    """
    here = (place, actual, expected)
    actual, expected = _as_plain(actual), _as_plain(expected)
    if isinstance(actual, np.ndarray) or isinstance(expected, np.ndarray):
        are_arrays = isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray)
        return None if are_arrays and _same_array(actual, expected, rtol, atol) else here
    inner: list[tuple[Any, Any, Any]] = []
    if isinstance(actual, dict) and isinstance(expected, dict):
        if actual.keys() != expected.keys():
            return here
        inner = [(key, item, expected[key]) for key, item in actual.items()]
    elif any(isinstance(actual, kind) and isinstance(expected, kind) for kind in (list, tuple)):
        if len(actual) != len(expected):
            return here
        inner = [(index, *pair) for index, pair in enumerate(zip(actual, expected, strict=True))]
    elif not _is_same(actual, expected, rtol, atol):
        return here
    found = (
        first_difference(mine, theirs, rtol, atol, f"{place}[{shortened(key, 40)}]")
        for key, mine, theirs in inner
    )
    return next((item for item in found if item is not None), None)


def _same_array(actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> bool:
    return actual.shape == expected.shape and bool(tensors.equal_elements(actual, expected, rtol, atol).all())


def _is_same(actual: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Return whether two values are equal that hold no others; a number within the tolerance, unless both are whole."""
    numbers = [value for value in (actual, expected) if isinstance(value, int | float | complex)]
    if (rtol or atol) and len(numbers) == 2 and not all(isinstance(value, int) for value in numbers):
        first, second = (np.asarray(value) for value in numbers)
        return first.dtype != object != second.dtype and _same_array(first, second, rtol, atol)
    try:
        return bool(actual == expected)
    except (TypeError, ValueError):
        return False


def _as_plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray | np.generic) and value.size == 1 else value


_LONGEST = 200
"""Characters of a value that is shown."""


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return format_value(value)
    name = getattr(value, "type_name", None)
    return str(name) if name else shortened(value, _LONGEST)


def expect(condition: bool, **texts: str) -> None:
    """Fail unless a property holds; the texts, one for each language of the course, say what must hold."""
    if not condition:
        raise CheckFailed(Explanation("check.expect", {"what": texts}))


def assert_unchanged(code: RemoteCode) -> None:
    """Fail if the last call changed one of its array arguments."""
    reply = code._last_reply
    if code._last_named is not None:
        code._last_named.is_unchanged_asked = True
    if reply is not None and reply.changed:
        raise CheckFailed(Explanation("check.changed", {"position": reply.changed[0] + 1}))


def assert_layer(layer: Any, class_name: str, **config: Any) -> Description:
    """Fail unless a value is a layer, a module or an estimator of a class with these settings; return its description.

    A setting of the layer's configuration is compared by value; lists and tuples are the same.
    """
    if not isinstance(layer, RemoteLayer):
        name = getattr(layer, "type_name", None) or type(layer).__name__
        raise CheckFailed(Explanation("layer.none", {"actual": str(name), "expected": class_name}))
    description = layer.describe()
    layer._code._observed[-1].expected = Reply({"class_name": class_name, "config": config})
    if description.class_name != class_name:
        raise CheckFailed(
            Explanation("layer.class", {"actual": description.class_name, "expected": class_name})
        )
    for key, expected in config.items():
        actual = description.config.get(key)
        if first_difference(_as_tuple(actual), _as_tuple(expected)) is not None:
            values = {"setting": key, "actual": _short(actual), "expected": _short(expected)}
            raise CheckFailed(Explanation("layer.config", values))
    return description


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list | tuple) else value


@contextmanager
def raises(code: RemoteCode, type_name: str) -> Iterator[None]:
    """Fail unless the student's code raises an exception of this class (or of one derived from it)."""
    try:
        yield
    except SubmissionError as error:
        for observed in code._observed[-1:]:
            observed.expected = SubmissionError(
                Verdict.ERROR, Explanation("submission.raised"), type_names=(type_name,)
            )
        if type_name in error.type_names:
            return
        if error.verdict is Verdict.ERROR and error.type_names:
            values = {"actual": error.type_names[0], "expected": type_name}
            raise CheckFailed(Explanation("check.other_exception", values)) from None
        raise
    raise CheckFailed(Explanation("check.no_exception", {"expected": type_name, "call": code._last_call}))
