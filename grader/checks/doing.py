"""Look at what a call did beside returning a value: what it printed, which files it wrote, and what time it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader.checks.remote import Observed, RemoteCode, RemoteFunction, RemoteMethod
from grader.checks.sending import author_error
from grader.errors import CheckFailed, SubmissionError
from grader.model import Explanation, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire

_TRIES = 3
_LEAST_SECONDS = 0.02
"""CPU time that nobody is asked to save: a call is not measured more finely than that."""


class Files(Mapping[str, bytes]):
    """Holds the files that a call wrote, by their paths in the folder that it ran in; each is read when it is asked for."""

    def __init__(self, code: RemoteCode) -> None:
        self._code = code

    def _names(self) -> list[str]:
        return list(self._code._ask(Call("files", operation="files")).value)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names():
            raise CheckFailed(Explanation("check.no_file", {"name": name}))
        return bytes(self._code._ask(Call("files", (name,), operation="read")).value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())


@dataclass(frozen=True, slots=True)
class LastCall:
    """Shows what a call did."""

    _code: RemoteCode
    _observed: Observed

    @property
    def output(self) -> str:
        """Return what it printed."""
        self._observed.is_output_asked = True
        return self._observed.output

    @property
    def files(self) -> Files:
        """Return what it wrote."""
        self._observed.is_more_asked = True
        return Files(self._code)


def last_call(code: RemoteCode) -> LastCall:
    """Return what the last call of a function, an object or a method did; it has returned.

    Raises:
        CourseError: there was none, or it raised.
    """
    if code._last_named is None:
        raise author_error("course.no_last_call")
    return LastCall(code, code._last_named)


def assert_faster(
    function: RemoteFunction | RemoteMethod,
    reference: RemoteFunction | RemoteMethod,
    *args: Any,
    times: float = 10.0,
    **kwargs: Any,
) -> Any:
    """Fail if a call takes more than `times` the CPU time of the reference's, and return what it returned.

    Both are measured here and now, one after the other, from outside of their processes and with all their threads: a
    slow machine is slow for both. A call that is too slow is measured again, with the elements of its arrays in another
    place, so that what it has kept from before helps nobody.
    """
    value: Any = None
    taken = 0.0
    for attempt in range(_TRIES):
        given = wire.map_values([args, kwargs], partial(_moved, by=attempt))
        # What is done only once, as an import, is no part of what others are measured by.
        reference(*given[0], **given[1])
        allowed = max(times * _timed(reference, *given)[1], _LEAST_SECONDS)
        try:
            returned, taken = _timed(function, *given)
        except SubmissionError as error:
            if attempt and error.verdict is Verdict.ERROR:
                break
            raise
        value = value if attempt else returned
        if taken <= allowed:
            return value
    raise CheckFailed(Explanation("check.slow", {"times": f"{times:g}"}))


def _moved(value: Any, by: int) -> Any:
    return np.roll(value, by) if isinstance(value, np.ndarray) and by else value


def _timed(function: RemoteFunction | RemoteMethod, args: Any, kwargs: Any) -> tuple[Any, float]:
    """Return what a call returns, and the CPU time that it takes."""
    code = function._code
    value = code._call(replace(function._asked(tuple(args), kwargs), is_timed=True))
    assert code._last_reply is not None
    assert code._last_named is not None
    code._last_named.is_more_asked = True
    return value, code._last_reply.cpu_seconds
