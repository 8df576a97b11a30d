"""What an author passes to a submission's code, and what cannot be sent."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.remote import RemoteCode
from grader.checks.sending import sendable
from grader.errors import CourseError
from grader.model import Limits
from grader.runner.inside import wire
from grader.runner.inside.blocks import ProtocolFault
from tests.support.fakes import FakeRunner, source_of

FACTOR = 3


def helper(value: Any, by: int = FACTOR) -> Any:
    return value * by


def marked(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


@marked
def decorated(value: Any, *, add: int = 4) -> Any:
    """Return what helps."""
    return helper(value) + add


def factorial(n: int) -> int:
    return 1 if n < 2 else n * factorial(n - 1)


@pytest.fixture
def code() -> Iterator[RemoteCode]:
    session = FakeRunner().open(
        source_of("def apply(f, *args, **kw):\n    return f(*args, **kw)\n"), Limits()
    )
    yield RemoteCode(session)
    session.close()


def test_functions_of_an_author_are_sent_as_their_source(code: RemoteCode) -> None:
    offset = np.array([1.0, 2.0])
    assert code.apply(lambda x: x + FACTOR, 1) == 4
    assert code.apply(lambda x: (x + offset).tolist(), 1) == [2.0, 3.0]
    one, two = (lambda x: x + 1), (lambda x: x * 10)
    assert [code.apply(one, 2), code.apply(two, 2)] == [3, 20]
    assert code.apply(helper, 2) == 6
    assert code.apply(helper, 2, by=5) == 10
    assert code.apply(decorated, 2) == 10
    assert code.apply(factorial, 5) == 120
    assert code.apply(lambda x: math.floor(np.sum(x)), [1.5, 2]) == 3
    assert code.apply(lambda f, x: f(x), helper, 1) == 3


@pytest.mark.parametrize("function", [np.sqrt, math.sqrt, np.linalg.norm, float, abs, np.float64])
def test_what_a_library_defines_is_imported_there(code: RemoteCode, function: Any) -> None:
    assert code.apply(function, 4) == function(4)


class Own:
    """A class of the author's."""

    def __call__(self) -> int:
        return 1

    def method(self) -> int:
        return 1


@pytest.mark.parametrize(
    "value",
    [
        object(),
        Own(),
        Own,
        Own().method,
        iter([1]),
        Path("x"),
        np.random.default_rng(0),
        {1: Own()},
    ],
    ids=["object", "callable", "class", "method", "generator", "path", "generator-of-numbers", "inside"],
)
def test_what_cannot_be_sent_is_the_authors_mistake_with_its_line(code: RemoteCode, value: Any) -> None:
    line = test_what_cannot_be_sent_is_the_authors_mistake_with_its_line.__code__.co_firstlineno
    with pytest.raises(CourseError) as raised:
        code.apply(value)
    (fault,) = raised.value.faults
    assert fault.file.endswith("tests/checks/test_sending.py")
    assert 0 < int(fault.place.removeprefix("line ")) - line < 25
    assert fault.explanation.key == "course.cannot_send"


def test_what_a_function_uses_and_cannot_be_sent_is_named(code: RemoteCode) -> None:
    own = Own()
    with pytest.raises(CourseError) as raised:
        code.apply(lambda: own)
    assert raised.value.faults[0].explanation.values["name"] == "own"


class Tensor:
    """Something that makes an array of itself."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.arange(3)


def test_what_makes_an_array_of_itself_is_sent_as_one() -> None:
    assert sendable(Tensor()).tolist() == [0, 1, 2]


def test_a_reply_holds_no_source() -> None:
    frame = wire.encode({"value": wire.Code("import os", "os", {})})
    text, _ = wire.lengths(frame[: wire.HEAD_SIZE], len(frame))
    body = frame[wire.HEAD_SIZE : wire.HEAD_SIZE + text]
    assert wire.decode(body, b"", is_request=True)["value"].name == "os"
    with pytest.raises(ProtocolFault, match="unknown tag"):
        wire.decode(body, b"")
