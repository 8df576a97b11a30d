"""Look at what a call did beside returning a value: what it printed, which files it wrote, and what time it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader.checks.assertions import first_difference
from grader.checks.remote import Observed, OpenFigure, RemoteCode, RemoteFunction, RemoteMethod
from grader.checks.sending import author_error, sendable
from grader.errors import CheckFailed, SubmissionError
from grader.model import Explanation, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.inside.values import Table, Tensor

_TRIES = 3
_LEAST_SECONDS = 0.02
"""CPU time that nobody is asked to save: a call is not measured more finely than that."""
_LONG = 100
"""Items of a list that make it data; a shorter one may be a shape, or the settings of something."""
_LIKE = 1e-3, 1e-3
"""How far two results may differ, relative and absolute, that are both right."""


class Files(Mapping[str, bytes]):
    """Holds the files that a call wrote, by their paths in the folder that it ran in; each is read when it is asked for."""

    def __init__(self, code: RemoteCode) -> None:
        self._code = code

    def _names(self) -> list[str]:
        return list(self._code._ask(Call("files", operation="files")).value)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names():
            raise CheckFailed(Explanation("check.no_file", {"name": name}))
        content = bytes(self._code._ask(Call("files", (name,), operation="read")).value)
        self._code._files_read[name] = content
        return content

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

    @property
    def figure(self) -> OpenFigure:
        """Return the figure that `plt` drew in meanwhile, for `assert_plot`; closed, it is not there any more."""
        call = Call(self._observed.call.function, (None,), operation="describe")
        return OpenFigure(self._code, dict(self._code._ask(call).value))


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
    slow machine is slow for both. A call that is too slow is measured again, with the elements of its arrays, tables and
    long lists in another place, so that what it has kept from before helps nobody; where the first result was right, so
    must be that one.
    """
    value: Any = None
    taken, was_right = 0.0, False
    for attempt in range(_TRIES):
        given = wire.map_values([args, kwargs], partial(_moved, by=attempt))
        # What is done only once, as an import, is no part of what others are measured by, nor what a busy machine adds.
        right, first = _timed(reference, *given)
        allowed = max(times * min(first, _timed(reference, *given)[1]), _LEAST_SECONDS)
        try:
            returned, taken = _timed(function, *given)
        except SubmissionError as error:
            if attempt and error.verdict is Verdict.ERROR:
                break
            raise
        is_right = first_difference(_plain(returned), _plain(right), *_LIKE) is None
        if not attempt:
            value, was_right = returned, is_right
        if taken <= allowed and (is_right or not was_right):
            return value
    raise CheckFailed(Explanation("check.slow", {"times": f"{times:g}"}))


def _moved(value: Any, by: int) -> Any:
    """Return an argument with its elements in another place; one that has none, or few and no array of them, as it is."""
    if not by or callable(value) or (isinstance(value, list) and len(value) < _LONG):
        return value
    value = sendable(value)
    if isinstance(value, Tensor):
        return Tensor(_moved(value.array, by), value.library)
    if isinstance(value, Table):
        columns = [item._replace(values=_moved(item.values, by)) for item in value.contents]
        return type(value)(columns, value.levels)
    if isinstance(value, list):
        return [*value[-by:], *value[:-by]]
    return np.roll(value, by) if isinstance(value, np.ndarray) else value


def _plain(value: Any) -> Any:
    return value.plain if isinstance(value, Table) else value


def _timed(function: RemoteFunction | RemoteMethod, args: Any, kwargs: Any) -> tuple[Any, float]:
    """Return what a call returns, and the CPU time that it takes."""
    code = function._code
    value = code._call(replace(function._asked(tuple(args), kwargs), is_timed=True))
    assert code._last_reply is not None
    assert code._last_named is not None
    code._last_named.is_more_asked = True
    return value, code._last_reply.cpu_seconds
