"""What a submission returned to each call of its checks: the evidence that names a mistake."""

from __future__ import annotations

import sys
from typing import Any

from grader.checks.remote import Observed

Evidence = tuple[tuple[Observed, ...], ...]

_MOST_EVIDENCE = 32 << 20
"""Bytes of what one submission returned that are kept to name its mistakes."""


class BoundedEvidence(list[tuple[Observed, ...]]):
    """The calls of each check; those of a check that are too large to be kept are left out, so nothing is named there."""

    def __init__(self) -> None:
        super().__init__()
        self._left = _MOST_EVIDENCE

    def append(self, calls: tuple[Observed, ...]) -> None:
        """Keep the calls of the next check, or none of them."""
        size = weight_of_calls(calls)
        if size > self._left:
            calls, size = (), 0
        self._left -= size
        super().append(calls)


def weight_of_calls(calls: tuple[Observed, ...]) -> int:
    """Return about how many bytes the calls take, with what came of them."""
    return sum(_weight((item.call.args, item.call.kwargs, item.outcome)) for item in calls)


def _weight(value: Any) -> int:
    """Return about how many bytes a value takes."""
    own = max(sys.getsizeof(value), getattr(value, "nbytes", 0))
    if isinstance(value, list | tuple):
        return own + sum(map(_weight, value))
    if isinstance(value, dict):
        return own + sum(_weight(item) for pair in value.items() for item in pair)
    return own
