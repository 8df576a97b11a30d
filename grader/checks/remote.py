"""Show a check the code in another process: functions to call, layers to describe, and what was observed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from grader.checks import tensors
from grader.errors import CheckFailed, SubmissionError
from grader.model import Explanation
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Reply

LARGEST_KEPT = 4096
"""Elements of an array in a description that is kept as evidence."""


class Caller(Protocol):
    """Calls functions of one submission, or of the reference."""

    def call(self, call: Call) -> Reply:
        """Call a function, or call or describe an object that stayed with the code."""


@dataclass(slots=True)
class Observed:
    """Holds a call that a check made, what came of it, and how the check looked at that."""

    call: Call
    """With arguments of its own: a check may change its arrays after the call."""
    outcome: Any
    """The plain value, a description without its large arrays; a `SubmissionError` where there is no value."""
    seconds: float = 0.0
    """How long the call took in the other process."""
    changed: tuple[int, ...] = ()
    """Positions of the array arguments whose content the call changed."""
    tolerance: tuple[float, float] | None = None
    """How far values might differ, relative and absolute; None where the check did not compare this as a tensor."""
    has_dtype: bool = False
    """Whether the check asked for a dtype."""
    is_unchanged_asked: bool = False
    """Whether the check asked that no argument is changed."""
    is_probe: bool = False
    """Whether no check asked, but who looks for the mistake."""
    expected: Reply | SubmissionError | None = None
    """What the check itself says is right, where it says it of all that came; of a layer the settings it asks for."""


_RETURNED: dict[int, Observed] = {}
"""Array, by its identity -> the call that returned it, which holds it; of the checks that run."""


def note_comparison(value: Any, rtol: float, atol: float, *, has_dtype: bool) -> None:
    """Note on the call that returned a value, or what it is a part of, how a check compares it."""
    observed = _RETURNED.get(id(value)) or _RETURNED.get(id(getattr(value, "base", None)))
    if observed is not None:
        observed.tolerance = (rtol, atol)
        observed.has_dtype |= has_dtype


def note_expected(value: Any, expected: Any) -> None:
    """Note on the call that returned a value what a check expects of it; of a part of what was returned nothing is noted."""
    observed = _RETURNED.get(id(value))
    if observed is not None and observed.expected is None:
        observed.expected = Reply(expected)


def forget_returned() -> None:
    """Forget which calls returned what, before the next check."""
    _RETURNED.clear()


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def slim(description: Any) -> Any:
    """Return a description with the large arrays in it replaced by their shape and dtype.

    A network's weights are millions of random numbers, which tell nothing about a mistake.
    """

    def change(value: Any) -> Any:
        is_large = isinstance(value, np.ndarray) and value.size > LARGEST_KEPT
        return ("array", value.shape, value.dtype.name) if is_large else value

    return wire.map_values(description, change)


class RemoteCode:
    """Stands for the functions of a submission, or of the reference: `submission.max_pool(x)`."""

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

    def _call(self, call: Call) -> Any:
        self._last_call = format_call(call.function, call.args, call.kwargs)
        self._last_reply = self._ask(call.mapped(self._send))
        receive = wire.for_handles(lambda handle: RemoteLayer(self, handle))
        return wire.map_values(self._last_reply.value, receive)

    def _describe(self, target: wire.Handle, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
        self._last_call = f"{target.type_name}.build({'' if input_shape is None else input_shape})"
        return dict(self._ask(Call.describe(target, input_shape)).value)

    def _ask(self, call: Call) -> Reply:
        """Make a call, and note it with what came of it."""
        kept = call.mapped(_copied)
        try:
            reply = self._caller.call(call)
        except SubmissionError as error:
            self._observed.append(Observed(kept, error))
            raise
        value = slim(reply.value) if call.operation == "describe" else reply.value
        observed = Observed(kept, value, reply.seconds, reply.changed)
        self._observed.append(observed)
        if isinstance(value, np.ndarray | float):
            _RETURNED[id(value)] = observed
        return reply

    def _send(self, value: Any) -> Any:
        if not isinstance(value, RemoteLayer):
            return value
        if value._code is not self:
            raise TypeError("a layer belongs to the code that made it")
        return value._handle


@dataclass(frozen=True, slots=True)
class RemoteFunction:
    """Stands for a function of a submission, or of the reference."""

    code: RemoteCode
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it on values that can be sent."""
        return self.code._call(Call(self.name, args, kwargs))

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Description:
    """Describes a Keras layer or model."""

    class_name: str
    name: str
    config: Mapping[str, Any]
    weights: tuple[np.ndarray, ...]
    parameters: int
    output_shape: tuple[int | None, ...] | None
    layers: tuple[Description, ...]


class RemoteLayer:
    """Stands for a Keras layer or model that stayed with the code that made it."""

    def __init__(self, code: RemoteCode, handle: wire.Handle) -> None:
        self._code = code
        self._handle = handle

    @property
    def type_name(self) -> str:
        """Return the name of its class."""
        return self._handle.type_name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the layer on tensors."""
        return self._code._call(Call(self._handle.type_name, args, kwargs, self._handle))

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
        class_name=wire.plain_name(raw["class_name"]),
        name=wire.plain_name(raw["name"]),
        config=dict(raw["config"]),
        weights=weights,
        # Counted here: what the runner says of itself is not taken for it.
        parameters=sum(weight.size for weight in weights),
        output_shape=None if shape is None else tuple(shape),
        layers=tuple(_description(layer, depth + 1) for layer in raw["layers"]),
    )


def format_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """Return a call as a reader writes it, a tensor as its dtype and shape."""
    shown = [format_value(value) for value in args]
    shown += [f"{key}={format_value(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(shown)})"


def format_value(value: Any) -> str:
    """Return a value as it stands in a call, shortened."""
    if isinstance(value, np.ndarray):
        return (
            f"{tensors.dtype_name(value.dtype)} {'x'.join(str(length) for length in value.shape) or 'scalar'}"
        )
    if isinstance(value, RemoteLayer):
        return value.type_name
    return shortened(value, 60)


def shortened(value: Any, most: int) -> str:
    """Return how a value is written, at most so many characters of it; no more of it is written than is shown."""
    text = ""
    for piece in _pieces(value, most):
        text += piece
        if len(text) > most:
            return f"{text[: most - 3]}..."
    return text


def _pieces(value: Any, most: int) -> Iterator[str]:
    """Yield the parts of `repr(value)`: a student's value may hold a hundred thousand arrays."""
    if type(value) is dict:
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield ", " if number else ""
            yield from _pieces(key, most)
            yield ": "
            yield from _pieces(item, most)
        yield "}"
    elif type(value) in (list, tuple):
        yield "[" if type(value) is list else "("
        for number, item in enumerate(value):
            yield ", " if number else ""
            yield from _pieces(item, most)
        yield "]" if type(value) is list else ",)" if len(value) == 1 else ")"
    else:
        yield repr(value[: most + 1] if type(value) is str else value)
