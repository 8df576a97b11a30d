"""Decide whether two outcomes of a call are the same answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks import tensors
from grader.errors import SubmissionError
from grader.runner.inside import wire

RTOL, ATOL = 1e-4, 1e-5
"""How far two outcomes may differ: two ways of writing the same mistake may sum in another order."""
ANYTHING = object()
"""Stands in place of a second outcome where every number may be another."""


def agree(actual: Any, expected: Any, again: Any) -> bool:
    """Return whether two outcomes are equal. Numbers that change when `expected` is asked `again` may differ."""
    if isinstance(actual, SubmissionError) or isinstance(expected, SubmissionError):
        both = isinstance(actual, SubmissionError) and isinstance(expected, SubmissionError)
        return both and actual.type_names[:1] == expected.type_names[:1]
    if isinstance(actual, np.ndarray) or isinstance(expected, np.ndarray):
        one, other = tensors.as_tensor(actual), tensors.as_tensor(expected)
        if one is None or other is None or one.shape != other.shape or one.dtype.kind != other.dtype.kind:
            return False
        return _close(one, other) or not _close(other, again)
    if isinstance(actual, wire.Handle | wire.Opaque) or isinstance(expected, wire.Handle | wire.Opaque):
        return type(actual) is type(expected) and actual.type_name == expected.type_name
    if isinstance(actual, dict) and isinstance(expected, dict):
        # Keras numbers the names of layers; they say nothing.
        keys = (actual.keys() | expected.keys()) - {"name"}
        return all(agree(actual.get(key), expected.get(key), _part(again, key)) for key in keys)
    if isinstance(actual, list | tuple) and isinstance(expected, list | tuple):
        return len(actual) == len(expected) and all(
            agree(one, other, _part(again, index))
            for index, (one, other) in enumerate(zip(actual, expected, strict=True))
        )
    if isinstance(actual, float) and isinstance(expected, float):
        return _close(actual, expected) or not _close(expected, again)
    return type(actual) is type(expected) and bool(actual == expected)


def _part(again: Any, key: Any) -> Any:
    try:
        return again if again is ANYTHING else again[key]
    except (TypeError, LookupError):
        return ANYTHING


def _close(actual: Any, expected: Any) -> bool:
    tensor = None if expected is ANYTHING else tensors.as_tensor(expected)
    return tensor is not None and tensors.compare(actual, tensor, rtol=RTOL, atol=ATOL) is None
