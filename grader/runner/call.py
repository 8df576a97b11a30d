"""Record one call of code in another process: a check asks for it, and it travels through everybody in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, Self

from grader.runner.inside import wire


@dataclass(frozen=True)
class Call:
    """Asks for a call of a function, or of an object that stayed with the code."""

    function: str
    """The function's name; of an object the name of its class, and of its method after a dot."""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    target: wire.Handle | None = None
    """The object that is called, in place of a function."""
    operation: Literal["call", "describe", "value", "files", "read", "picture"] = "call"
    """A value is that of a variable, whose name stands in the function's place; files are what the last call wrote. What is
    described or drawn without a target is the figure that it left open."""
    method: str = ""
    """What of the target is called; empty for the target itself."""
    maker: str = ""
    """The submission's function that made the target: what that may not use its objects may not either."""
    is_timed: bool = False
    """Whether the CPU time that it takes is asked for, which is not known of a call that is not made."""

    @classmethod
    def describe(cls, target: wire.Handle, input_shape: tuple[int | None, ...] | None = None) -> Self:
        """Return the call that asks for a layer's description; with `input_shape` one not built yet is built first."""
        return cls("", (input_shape,), target=target, operation="describe")

    @property
    def is_named(self) -> bool:
        """Return whether a check calls something by its name: to ask for an item or the next one calls nothing."""
        return self.operation == "call" and not self.method.startswith("__")

    @property
    def is_about_last(self) -> bool:
        """Return whether what is asked for depends on the call that was made last."""
        return self.is_of_files or (self.target is None and self.operation in ("describe", "picture"))

    @property
    def is_of_files(self) -> bool:
        """Return whether the files of the last call are asked for."""
        return self.operation in ("files", "read")

    @cached_property
    def handles(self) -> list[wire.Handle]:
        """Return the objects that take part, the target first."""
        return wire.handles_in((self.target, self.args, self.kwargs))

    @property
    def request(self) -> dict[str, Any]:
        """Return the message that asks a worker for it."""
        return {
            "op": self.operation,
            "function": self.function,
            "target": None if self.target is None else self.target.number,
            "method": self.method,
            "maker": self.maker,
            "args": list(self.args),
            "kwargs": self.kwargs,
        }

    def mapped(self, change: Callable[[Any], Any]) -> Self:
        """Return the call with `change` made of its target and of every value in its arguments (`wire.map_values`)."""
        parts = (self.args, self.kwargs, self.target)
        args, kwargs, target = wire.map_values(parts, change)
        return replace(self, args=args, kwargs=kwargs, target=target)


def asking(candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float) -> dict[str, Any]:
    """Return the message that asks several known wrong answers for the same calls."""
    calls = [[call.request for call in sequence] for sequence in sequences]
    return {"op": "ask", "candidates": list(candidates), "sequences": calls, "seconds": seconds}
