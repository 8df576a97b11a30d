"""Whether two outcomes of a call are the same answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks import tensors
from grader.errors import SubmissionError
from grader.runner.inside import wire

__all__ = ["ANYTHING", "agree"]

RTOL, ATOL = 1e-4, 1e-5
"""Two ways of writing the same mistake may sum in another order."""
ANYTHING = object()
"""In place of a second outcome: every number may be another when asked again."""


def agree(value: Any, other: Any, again: Any) -> bool:
    """Return whether two outcomes are equal, in as far as `other` is when it is asked `again`."""
    if isinstance(value, SubmissionError) or isinstance(other, SubmissionError):
        both = isinstance(value, SubmissionError) and isinstance(other, SubmissionError)
        return both and value.type_names[:1] == other.type_names[:1]
    if isinstance(value, np.ndarray) or isinstance(other, np.ndarray):
        mine, theirs = tensors.as_tensor(value), tensors.as_tensor(other)
        if (
            mine is None
            or theirs is None
            or mine.shape != theirs.shape
            or mine.dtype.kind != theirs.dtype.kind
        ):
            return False
        return _close(mine, theirs) or not _close(theirs, again)
    if isinstance(value, wire.Handle | wire.Opaque) or isinstance(other, wire.Handle | wire.Opaque):
        return type(value) is type(other) and value.type_name == other.type_name
    if isinstance(value, dict) and isinstance(other, dict):
        # Keras numbers the names of layers; they say nothing.
        keys = (value.keys() | other.keys()) - {"name"}
        return all(agree(value.get(key), other.get(key), _part(again, key)) for key in keys)
    if isinstance(value, list | tuple) and isinstance(other, list | tuple):
        if len(value) != len(other):
            return False
        return all(
            agree(mine, theirs, _part(again, index))
            for index, (mine, theirs) in enumerate(zip(value, other, strict=True))
        )
    if isinstance(value, float) and isinstance(other, float):
        return _close(value, other) or not _close(other, again)
    return type(value) is type(other) and bool(value == other)


def _part(again: Any, key: Any) -> Any:
    try:
        return again if again is ANYTHING else again[key]
    except (TypeError, LookupError):
        return ANYTHING


def _close(value: Any, other: Any) -> bool:
    given = None if other is ANYTHING else tensors.as_tensor(other)
    return given is not None and tensors.compare(value, given, rtol=RTOL, atol=ATOL) is None
