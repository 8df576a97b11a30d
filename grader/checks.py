"""What an author writes a check with: `check`, the remote code, and the assertions.

A check never holds a live object of the student's: `submission` and `reference` send calls to another process and
get plain values back. A failed assertion carries its finding as data, so that feedback can be given in any language.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import numpy as np

from grader import tensors, wire
from grader.errors import CheckFailed, SubmissionError
from grader.model import Explanation, Text, Verdict
from grader.relations import find_relation
from grader.runner.session import Reply
from grader.windows import WindowOf

__all__ = [
    "Caller",
    "CheckSpec",
    "Description",
    "Observed",
    "Reference",
    "RemoteCode",
    "RemoteFunction",
    "RemoteLayer",
    "Rng",
    "Submission",
    "assert_equal",
    "assert_layer",
    "assert_tensor",
    "assert_unchanged",
    "check",
    "expect",
    "raises",
]

CheckFunction = TypeVar("CheckFunction", bound=Callable[..., None])
Rng = np.random.Generator
SPEC = "__grader_check__"
LARGEST_KEPT = 4096
"""Elements of an array in a description that is kept as evidence."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """What `check` says of a check."""

    points: float
    text: Text
    after: str | None


def check(
    *, points: float, en: str, ko: str, after: str | None = None
) -> Callable[[CheckFunction], CheckFunction]:
    """Make a test function a check worth `points`.

    `en` and `ko` name the property that is checked: of a failed hidden check it is all that a student reads, so they
    hold no input and no expected value. `after` names a check above it in the same file; where that one does not pass,
    this one is skipped.
    """

    def mark(function: CheckFunction) -> CheckFunction:
        setattr(function, SPEC, CheckSpec(points, Text(en, ko), after))
        return function

    return mark


class Caller(Protocol):
    """Calls functions of one submission, or of the reference."""

    def call(
        self,
        function: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        target: wire.Handle | None = None,
    ) -> Reply:
        """Call a function, or an object that stayed with the code."""

    def describe(self, target: wire.Handle, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
        """Describe a layer that stayed with the code."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A call that a check made, and what came of it."""

    operation: str
    """`call` or `describe`."""
    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    target: wire.Handle | None
    outcome: Any
    """The plain value; a `SubmissionError` where there is none."""
    seconds: float = 0.0
    """How long the call took, there."""


def slim(description: Any) -> Any:
    """Return a description with the large arrays in it replaced by their shape and dtype.

    A network's weights are millions of random numbers, which tell nothing about a mistake.
    """
    if isinstance(description, np.ndarray) and description.size > LARGEST_KEPT:
        return ("array", description.shape, description.dtype.name)
    if isinstance(description, list | tuple):
        return type(description)(slim(item) for item in description)
    if isinstance(description, dict):
        return {key: slim(item) for key, item in description.items()}
    return description


class RemoteCode:
    """The functions of a submission, or of the reference: `submission.max_pool(x)`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._last_call = ""
        self._last_reply: Reply | None = None
        self._observed: list[Observed] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        return RemoteFunction(self, name)

    def __repr__(self) -> str:
        # No address: what an assertion says of it is the same each time.
        return f"<{type(self).__name__}>"

    def _call(
        self, name: str, target: wire.Handle | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        self._last_call = format_call(name, args, kwargs)
        plain_kwargs = {key: self._send(value) for key, value in kwargs.items()}
        plain_args = tuple(self._send(value) for value in args)
        try:
            self._last_reply = self._caller.call(name, plain_args, plain_kwargs, target=target)
        except SubmissionError as error:
            self._observed.append(Observed("call", name, plain_args, plain_kwargs, target, error))
            raise
        value = self._last_reply.value
        seconds = self._last_reply.seconds
        self._observed.append(Observed("call", name, plain_args, plain_kwargs, target, value, seconds))
        return self._receive(value)

    def _describe(self, target: wire.Handle, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
        self._last_call = f"{target.type_name}.build({'' if input_shape is None else input_shape})"
        try:
            raw = self._caller.describe(target, input_shape)
        except SubmissionError as error:
            self._observed.append(Observed("describe", "", (input_shape,), {}, target, error))
            raise
        self._observed.append(Observed("describe", "", (input_shape,), {}, target, slim(raw)))
        return raw

    def _send(self, value: Any) -> Any:
        if isinstance(value, RemoteLayer):
            if value._code is not self:
                raise TypeError("a layer belongs to the code that made it")
            return value._handle
        if isinstance(value, list | tuple):
            return type(value)(self._send(item) for item in value)
        return value

    def _receive(self, value: Any) -> Any:
        if isinstance(value, wire.Handle):
            return RemoteLayer(self, value)
        if isinstance(value, list | tuple):
            return type(value)(self._receive(item) for item in value)
        return value


@dataclass(frozen=True, slots=True)
class RemoteFunction:
    """A function of a submission, or of the reference."""

    code: RemoteCode
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it on values that can be sent."""
        return self.code._call(self.name, None, args, kwargs)

    def __repr__(self) -> str:
        return self.name


Submission = RemoteCode
Reference = RemoteCode


@dataclass(frozen=True, slots=True)
class Description:
    """A Keras layer or model, described."""

    class_name: str
    name: str
    config: Mapping[str, Any]
    weights: tuple[np.ndarray, ...]
    parameters: int
    output_shape: tuple[int | None, ...] | None
    layers: tuple[Description, ...]


class RemoteLayer:
    """A Keras layer or model that stayed with the code that made it."""

    def __init__(self, code: RemoteCode, handle: wire.Handle) -> None:
        self._code = code
        self._handle = handle

    @property
    def type_name(self) -> str:
        """Return the name of its class."""
        return self._handle.type_name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the layer on tensors."""
        return self._code._call(self._handle.type_name, self._handle, args, kwargs)

    def describe(self, input_shape: tuple[int | None, ...] | None = None) -> Description:
        """Return what it is; with `input_shape` one that is not built yet is built first."""
        raw = self._code._describe(self._handle, input_shape)
        try:
            return _description(raw)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CheckFailed(Explanation("check.bad_description", {"type": self.type_name})) from None


def _description(raw: Mapping[str, Any], depth: int = 0) -> Description:
    shape = raw["output_shape"]
    weights = tuple(raw["weights"])
    if depth > 20 or not all(isinstance(weight, np.ndarray) for weight in weights):
        raise ValueError("weights")
    return Description(
        class_name=str(raw["class_name"]),
        name=str(raw["name"]),
        config=dict(raw["config"]),
        weights=weights,
        # Counted here: what the runner says of itself is not taken for it.
        parameters=sum(weight.size for weight in weights),
        output_shape=None if shape is None else tuple(shape),
        layers=tuple(_description(layer, depth + 1) for layer in raw["layers"]),
    )


def format_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """Return a call as a reader writes it, a tensor as its dtype and shape."""
    shown = [_format_value(value) for value in args]
    shown += [f"{key}={_format_value(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(shown)})"


def _format_value(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return (
            f"{tensors.dtype_name(value.dtype)} {'x'.join(str(length) for length in value.shape) or 'scalar'}"
        )
    if isinstance(value, RemoteLayer):
        return value.type_name
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values that a check compared, and how strictly."""

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
    difference = tensors.compare(actual, expected, rtol=rtol, atol=atol, dtype=dtype)
    if difference is None:
        return
    relation = find_relation(actual, expected, rtol=rtol, atol=atol)
    shown = window(difference.first[0].index) if window is not None and difference.first else None
    difference = replace(difference, relation=relation, window=shown)
    raise CheckFailed(Explanation(f"tensor.{difference.aspect}", {}, difference))


def assert_equal(actual: Any, expected: Any, *, en: str, ko: str) -> None:
    """Fail unless two plain values are equal; the texts name what is compared ("the number of parameters")."""
    plain = actual.item() if isinstance(actual, np.ndarray) and actual.ndim == 0 else actual
    try:
        equal = type(plain) is not np.ndarray and bool(plain == expected)
    except (TypeError, ValueError):
        equal = False
    if not equal:
        raise CheckFailed(
            Explanation(
                "check.equal",
                {"what": {"en": en, "ko": ko}, "actual": _short(actual), "expected": _short(expected)},
            )
        )


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _format_value(value)
    name = getattr(value, "type_name", None)
    text = str(name) if name else repr(value)
    return text if len(text) <= 200 else f"{text[:197]}..."


def expect(condition: bool, *, en: str, ko: str) -> None:
    """Fail unless a property holds; the texts say what must hold."""
    if not condition:
        raise CheckFailed(Explanation("check.expect", {"what": {"en": en, "ko": ko}}))


def assert_unchanged(code: RemoteCode) -> None:
    """Fail if the last call changed one of its array arguments."""
    reply = code._last_reply
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
    if description.class_name != class_name:
        raise CheckFailed(
            Explanation("layer.class", {"actual": description.class_name, "expected": class_name})
        )
    for key, wanted in config.items():
        given = description.config.get(key)
        if _as_tuple(given) != _as_tuple(wanted):
            values = {"setting": key, "actual": _short(given), "expected": _short(wanted)}
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
        if type_name in error.type_names:
            return
        if error.verdict is Verdict.ERROR and error.type_names:
            values = {"actual": error.type_names[0], "expected": type_name}
            raise CheckFailed(Explanation("check.other_exception", values)) from None
        raise
    raise CheckFailed(Explanation("check.no_exception", {"expected": type_name, "call": code._last_call}))


def spec_of(function: Callable[..., Any]) -> CheckSpec | None:
    """Return what `check` said of a function."""
    spec = getattr(function, SPEC, None)
    return spec if isinstance(spec, CheckSpec) else None


def spec_problems(function: Callable[..., Any], earlier: set[str]) -> list[Explanation]:
    """Return what is wrong with a check as it is written; `earlier` are the checks above it in its file."""
    spec = spec_of(function)
    if spec is None:
        return [Explanation("course.check_undecorated", {"check": function.__name__})]
    problems = []
    is_number = isinstance(spec.points, int | float) and not isinstance(spec.points, bool)
    if not is_number or not 0 < spec.points < math.inf:
        problems.append(
            Explanation("course.check_points", {"check": function.__name__, "points": repr(spec.points)})
        )
    for language in ("en", "ko"):
        if not getattr(spec.text, language).strip():
            problems.append(
                Explanation("course.check_text", {"check": function.__name__, "language": language})
            )
    if spec.text.ko.strip() and not re.search(r"[가-힣]", spec.text.ko):
        problems.append(Explanation("course.check_text", {"check": function.__name__, "language": "ko"}))
    if spec.after is not None and spec.after not in earlier:
        problems.append(Explanation("course.check_after", {"check": function.__name__, "after": spec.after}))
    return problems


def line_of(function: Callable[..., Any]) -> int:
    """Return the line where a check begins in its file."""
    return int(inspect.unwrap(function).__code__.co_firstlineno)
