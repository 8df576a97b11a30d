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
    "assert_equal",
    "assert_layer",
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
    note_expected(actual, expected if dtype in (None, "same") else np.asarray(expected, dtype))
    difference = tensors.compare(actual, expected, rtol=rtol, atol=atol, dtype=dtype)
    if difference is None:
        return
    relation = find_relation(actual, expected, rtol=rtol, atol=atol, is_alone=True)
    shown = window(difference.first[0].index) if window is not None and difference.first else None
    difference = replace(difference, relation=relation, window=shown)
    raise CheckFailed(Explanation(f"tensor.{difference.aspect}", {}, difference))


def assert_equal(actual: Any, expected: Any, **texts: str) -> None:
    """Fail unless two plain values are equal; the texts, one for each language of the course, name what is compared.

    As in "the number of parameters".
    """
    note_expected(actual, expected)
    has_axes = isinstance(actual, np.ndarray) and actual.ndim > 0
    if has_axes or not _is_equal(actual, expected):
        raise CheckFailed(
            Explanation(
                "check.equal", {"what": texts, "actual": _short(actual), "expected": _short(expected)}
            )
        )


def _is_equal(actual: Any, expected: Any) -> bool:
    """Return whether plain values are equal; no list is compared with an array, which would make an array of it."""
    actual, expected = _as_plain(actual), _as_plain(expected)
    if isinstance(actual, np.ndarray) or isinstance(expected, np.ndarray):
        return False
    for kind in (list, tuple):
        if isinstance(actual, kind) and isinstance(expected, kind):
            return len(actual) == len(expected) and all(map(_is_equal, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(
            _is_equal(item, expected[key]) for key, item in actual.items()
        )
    try:
        return bool(actual == expected)
    except (TypeError, ValueError):
        return False


def _as_plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray | np.generic) and value.size == 1 else value


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return format_value(value)
    name = getattr(value, "type_name", None)
    return str(name) if name else shortened(value, 200)


def expect(condition: bool, **texts: str) -> None:
    """Fail unless a property holds; the texts, one for each language of the course, say what must hold."""
    if not condition:
        raise CheckFailed(Explanation("check.expect", {"what": texts}))


def assert_unchanged(code: RemoteCode) -> None:
    """Fail if the last call changed one of its array arguments."""
    reply = code._last_reply
    for observed in code._observed[-1:]:
        observed.is_unchanged_asked = True
    if reply is not None and reply.changed:
        raise CheckFailed(Explanation("check.changed", {"position": reply.changed[0] + 1}))


def assert_layer(layer: Any, class_name: str, **config: Any) -> Description:
    """Fail unless a value is a Keras layer of a class with these settings; return its description.

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
        if not _is_equal(_as_tuple(actual), _as_tuple(expected)):
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
