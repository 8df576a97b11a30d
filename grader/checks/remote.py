"""Show a check the code in another process: functions to call, objects to use, and what was observed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from grader.checks import tensors
from grader.checks.sending import sendable
from grader.errors import CheckFailed, SubmissionError, as_raised
from grader.model import Explanation
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.inside.libraries import to_plain
from grader.runner.inside.values import Table, Tensor, plain_name
from grader.runner.replies import Reply

MOST_ITEMS = 10_000
"""Items that are taken of an object that is gone through: a generator may have no end."""
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
    """The processor time that the call took in the other process."""
    changed: tuple[int, ...] = ()
    """Positions of the array arguments whose content the call changed."""
    tolerance: tuple[float, float] | None = None
    """How far values might differ, relative and absolute; None where the check did not compare this as a tensor."""
    has_dtype: bool = False
    """Whether the check asked for a dtype."""
    is_unchanged_asked: bool = False
    """Whether the check asked that no argument is changed."""
    output: str = ""
    """What the call printed."""
    is_output_asked: bool = False
    """Whether the check asked what it printed."""
    is_more_asked: bool = False
    """Whether the check asked for its files or its time, which no mistake is named by."""
    is_probe: bool = False
    """Whether no check asked, but who looks for the mistake."""
    expected: Reply | SubmissionError | None = None
    """What the check itself says is right, where it says it of all that came; of a layer the settings it asks for."""

    @property
    def has_state(self) -> bool:
        """Return whether objects take part, or a figure, so that what was called before makes a difference."""
        is_described = self.call.operation == "describe"
        return is_described or bool(self.call.handles or wire.handles_in(self.outcome))


_RETURNED: dict[int, Observed] = {}
"""Array, by its identity -> the call that returned it, which holds it; of the checks that run."""


def note_comparison(value: Any, rtol: float, atol: float, *, has_dtype: bool) -> None:
    """Note on the call that returned a value, or what it is a part of, how a check compares it."""
    whole = value.base if isinstance(value, np.ndarray) else None
    observed = _RETURNED.get(id(value)) or _RETURNED.get(id(whole))
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
    if isinstance(value, Tensor):
        return Tensor(value.array.copy(), value.library)
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
    """Stands for what a submission defines, or the reference: `submission.max_pool(x)`, `submission.answer`."""

    def __init__(self, caller: Caller, variables: Collection[str] = ()) -> None:
        """Take who is called, and which names stand for variables: asking for one asks for what it holds."""
        self._caller = caller
        self._variables = variables
        self._last_call = ""
        self._last_named: Observed | None = None
        """The last call of a function, an object or a method, if it returned."""
        self._last_reply: Reply | None = None
        self._observed: list[Observed] = []
        self._figure: tuple[wire.Handle | None, ...] = ()
        """The figure that a check looked at last: one that the code returned, or None for the one that is left open."""
        self._files_read: dict[str, bytes] = {}

    def _begin(self) -> None:
        """Forget the calls of the last check."""
        self._observed.clear()
        self._figure = ()
        self._files_read.clear()
        self._last_named = self._last_reply = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._variables:
            return self._call(Call(name, operation="value"))
        return RemoteFunction(self, name)

    def __repr__(self) -> str:
        # No address: what an assertion says of it is the same each time.
        return f"<{type(self).__name__}>"

    def _call(self, call: Call) -> Any:
        # A copy of each array: a check may change its own after the call.
        sent = call.mapped(lambda value: _copied(self._send(value)))
        self._last_call = _shown(call)
        return wire.map_values(self._ask(sent).value, self._receive)

    def _receive(self, value: Any) -> Any:
        if not isinstance(value, wire.Handle):
            return value
        return RemoteLayer(self, value) if value.kind == "layer" else RemoteObject(self, value)

    def _describe(self, target: wire.Handle, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
        self._last_call = f"{target.type_name}{'' if input_shape is None else f'({input_shape})'}"
        return dict(self._ask(Call.describe(target, input_shape)).value)

    def _ask(self, call: Call) -> Reply:
        """Make a call, and note it with what came of it; what is read of files afterwards names no mistake."""
        if call.is_of_files:
            return self._caller.call(call)
        if call.is_named:
            self._last_named = self._last_reply = None
        try:
            reply = self._caller.call(call)
        except SubmissionError as error:
            self._observed.append(Observed(call, error))
            raise as_raised(error) from None
        value = slim(reply.value) if call.operation == "describe" else reply.value
        observed = Observed(call, value, reply.seconds, reply.changed, output=reply.output)
        self._observed.append(observed)
        if call.is_named:
            self._last_named, self._last_reply = observed, reply
        if isinstance(value, np.ndarray | float | Table):
            _RETURNED[id(value)] = observed
        return reply

    def _send(self, value: Any) -> Any:
        if isinstance(value, RemoteFunction) and value._code is self:
            return self._ask(Call(value._name, operation="value")).value
        if not isinstance(value, RemoteObject):
            return sendable(value)
        if value._code is not self:
            raise TypeError("an object belongs to the code that made it")
        return value._handle


@dataclass(frozen=True, slots=True)
class RemoteFunction:
    """Stands for a function of a submission, or of the reference."""

    _code: RemoteCode
    _name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it on values that can be sent."""
        return self._code._call(self._asked(args, kwargs))

    def _asked(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        return Call(self._name, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        """Return what a class has by this name: another way of making its objects, a constant."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._code._call(Call(self._name, operation="value")), name)

    def __repr__(self) -> str:
        return self._name


@dataclass(frozen=True, slots=True)
class Description:
    """Describes a layer or model of Keras's or PyTorch's, or an estimator of scikit-learn's."""

    class_name: str
    name: str
    config: Mapping[str, Any]
    weights: tuple[np.ndarray, ...]
    """Of an estimator what it has learned."""
    parameters: int
    output_shape: tuple[int | None, ...] | None
    layers: tuple[Description, ...]
    weight_names: tuple[str, ...] = ()
    """The weights' names, in their order, where the library has names for them."""


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """Stands for the figure that a call drew in, and left open."""

    _code: RemoteCode
    _raw: Mapping[str, Any]
    """Empty where there is none."""


@dataclass(frozen=True, slots=True)
class RemoteMethod:
    """Stands for a method of an object that stayed with the code that made it."""

    _code: RemoteCode
    _handle: wire.Handle
    _name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it on values that can be sent."""
        return self._code._call(self._asked(args, kwargs))

    def _asked(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        name = f"{self._handle.type_name}.{self._name}"
        return Call(name, args, kwargs, self._handle, method=self._name)


class RemoteObject:
    """Stands for an object that stayed with the code that made it.

    It is never equal to a value, and has no order and no sums: what it says of itself would decide what a check compares.
    """

    _code: RemoteCode
    _handle: wire.Handle
    __array_ufunc__ = None

    def __init__(self, code: RemoteCode, handle: wire.Handle) -> None:
        self.__dict__.update(_code=code, _handle=handle)

    @property
    def type_name(self) -> str:
        """Return the name of its class."""
        return self._handle.type_name

    def __eq__(self, other: object) -> bool:
        """Return whether both stand for the same object."""
        is_ours = isinstance(other, RemoteObject) and other._code is self._code
        return is_ours and other._handle.number == self._handle.number  # type: ignore[attr-defined]  # `is_ours` says so

    def __hash__(self) -> int:
        return hash(self._handle.number)

    def __repr__(self) -> str:
        return f"<{self.type_name}>"

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise TypeError(f"{self.type_name} is no tensor")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it on values that can be sent."""
        return self._code._call(Call(self.type_name, args, kwargs, self._handle))

    def _do(self, method: str, *args: Any, **kwargs: Any) -> Any:
        return RemoteMethod(self._code, self._handle, method)(*args, **kwargs)

    def describe(self, *_: Any) -> Description:
        """Fail: nothing is known of it."""
        raise CheckFailed(Explanation("layer.undescribed", {"actual": self.type_name}))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self._do("__getattr__", name)
        is_method = isinstance(value, RemoteObject) and value._handle.kind == "method"
        return RemoteMethod(self._code, self._handle, name) if is_method else value

    def __setattr__(self, name: str, value: Any) -> None:
        self._do("__setattr__", name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._do("__getitem__", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._do("__setitem__", key, value)

    def __contains__(self, item: Any) -> bool:
        return self._do("__contains__", item) is True

    def __len__(self) -> int:
        return int(self._do("__len__"))

    def __bool__(self) -> bool:
        return self._do("__bool__") is True

    def __str__(self) -> str:
        return str(self._do("__str__"))

    def __iter__(self) -> Iterator[Any]:
        items = self._do("__iter__")
        for _ in range(MOST_ITEMS):
            try:
                item = next(items)
            except StopIteration:
                return
            yield item
        raise CheckFailed(Explanation("check.endless", {"type": self.type_name, "count": MOST_ITEMS}))

    def __next__(self) -> Any:
        try:
            return self._do("__next__")
        except SubmissionError as error:
            if "StopIteration" in error.type_names:
                raise StopIteration from None
            raise

    def __enter__(self) -> Any:
        return self._do("__enter__")

    def __exit__(self, *_: object) -> None:
        self._do("__exit__")


class RemoteLayer(RemoteObject):
    """Stands for a layer or model that stayed with the code that made it."""

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
    names = tuple(plain_name(name) for name in raw.get("weight_names", ()))
    if depth > 20 or not all(isinstance(weight, np.ndarray) for weight in weights):
        raise ValueError("weights")
    return Description(
        class_name=plain_name(raw["class_name"]),
        name=plain_name(raw["name"]),
        config=dict(raw["config"]),
        weights=weights,
        # Counted here: what the runner says of itself is not taken for it.
        parameters=sum(weight.size for weight in weights),
        output_shape=None if shape is None else tuple(shape),
        layers=tuple(_description(layer, depth + 1) for layer in raw["layers"]),
        weight_names=names if len(names) == len(weights) else (),
    )


def _shown(call: Call) -> str:
    """Return a call as a reader writes it; a variable and an attribute are not called."""
    if call.operation == "value":
        return call.function
    if call.method == "__getattr__":
        return f"{call.function.removesuffix('__getattr__')}{call.args[0]}"
    return format_call(call.function, call.args, call.kwargs)


def format_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """Return a call as a reader writes it, a tensor as its dtype and shape."""
    shown = [format_value(value) for value in args]
    shown += [f"{key}={format_value(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(shown)})"


_PYTHONS = frozenset([type(None), bool, int, float, str, bytes, list, tuple, dict])
"""The types of which no library needs to be asked."""


def format_value(value: Any) -> str:
    """Return a value as it stands in a call, shortened."""
    if type(value) in _PYTHONS:
        return shortened(value, 60)
    if isinstance(value, np.ndarray):
        return (
            f"{tensors.dtype_name(value.dtype)} {'x'.join(str(length) for length in value.shape) or 'scalar'}"
        )
    if isinstance(value, RemoteObject):
        return value.type_name
    if isinstance(value, Tensor):
        return f"{value.library} {format_value(value.array)}"
    table = to_plain(value)
    if isinstance(table, Table):
        return repr(table)
    if callable(value):
        return str(getattr(value, "__name__", type(value).__name__))
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
