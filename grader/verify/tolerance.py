"""Measure how far a check's tolerance is from rounding: repeat its comparisons in float32 and in float64."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.checks import assertions as authoring
from grader.checks import tensors
from grader.checks.assertions import Comparison
from grader.judge.submission import SubmissionCaller
from grader.runner.call import Call
from grader.runner.replies import Reply


class CastCaller(SubmissionCaller):
    """Calls with every float tensor cast to one dtype."""

    def __init__(self, caller: SubmissionCaller, dtype: type[np.floating[Any]]) -> None:
        self._inner = caller
        self._dtype = dtype

    def call(self, call: Call) -> Reply:
        """Call a function."""
        return self._inner.call(call.mapped(self._cast))

    def begin_check(self, name: str = "", *, is_hidden: bool = False) -> None:
        """Begin the next check."""
        self._inner.begin_check(name, is_hidden=is_hidden)

    def take_output(self) -> str:
        """Return what was printed."""
        return self._inner.take_output()

    def _cast(self, value: Any) -> Any:
        is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
        return value.astype(self._dtype) if is_float else value


@contextmanager
def noted_comparisons() -> Iterator[dict[str, list[Comparison]]]:
    """Note the comparisons of each check while it lasts."""
    noted: dict[str, list[Comparison]] = {}
    authoring.COMPARISONS = noted
    try:
        yield noted
    finally:
        authoring.COMPARISONS = None


def differs(actual: Any, expected: Any, comparison: Comparison) -> bool:
    """Return whether two values differ by more than a comparison allows."""
    return tensors.compare(actual, expected, rtol=comparison.rtol, atol=comparison.atol) is not None


def largest_difference(actual: Any, expected: Any) -> float:
    """Return the largest difference of two tensors; infinity where they cannot be compared."""
    one, other = tensors.as_tensor(actual), tensors.as_tensor(np.asarray(expected))
    if one is None or other is None or one.shape != other.shape:
        return float("inf")
    return magnitude(one.astype(np.complex128) - other.astype(np.complex128))


def magnitude(value: Any) -> float:
    """Return the largest absolute value of a tensor; 0 where there is none."""
    array = tensors.as_tensor(np.asarray(value))
    if array is None or array.dtype == object or array.size == 0:
        return 0.0
    return float(np.max(np.abs(array.astype(np.complex128))))
