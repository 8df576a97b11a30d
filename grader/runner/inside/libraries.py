"""Say what both sides of the sandbox ask of a library whose objects students make, and list the libraries that answer.

A file beside this one answers for each. It imports nothing of the library's own, for a course need not have it: it
looks into `sys.modules`, and has no answer where the library was not imported. What it lacks it leaves to `_Nothing`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, ClassVar, Protocol, cast

import numpy as np

from grader.runner.inside import jax, keras, matplotlib, pandas, sklearn, torch


class Library(Protocol):
    """Answers for one library; a module does, or as much of one as it has an answer to."""

    NAME: str
    """What it is imported as."""
    ENVIRONMENT: dict[str, str]
    """What it is told in the sandbox by variables of the environment, before it is imported."""

    def to_plain(self, value: Any, /) -> Any:
        """Return a value of the library's as an array, a table or a plain value; None for any other value."""

    def from_plain(self, value: Any, /) -> Any:
        """Return an array as a tensor of the library's, or a table as its own; the library is imported for it."""

    def is_layer(self, value: object, /) -> bool:
        """Return whether a value is an object of the library's that stays in the worker, and can be described."""

    def describe(self, layer: Any, input_shape: tuple[int | None, ...] | None, /) -> dict[str, Any]:
        """Return such an object as plain data and arrays; with `input_shape` one that is not built is built first."""

    def seed(self, seed: int, /) -> None:
        """Seed the library's generators of random numbers."""

    def begin(self) -> None:
        """Forget what earlier calls left behind in the library, before a function is called or an object made."""

    def settle(self) -> None:
        """Change in the library what would not work in the sandbox; it may have been changed before."""

    def first_steps(self) -> tuple[Callable[[], object], ...]:
        """Return what the library does once in a process, and can do before a process forks."""


class _Nothing:
    """Answers what a library without layers, random numbers or tables answers."""

    ENVIRONMENT: ClassVar[dict[str, str]] = {}

    def to_plain(self, value: Any, /) -> Any:
        return None

    def from_plain(self, value: Any, /) -> Any:
        return value

    def is_layer(self, value: object, /) -> bool:
        return False

    def describe(self, layer: Any, input_shape: tuple[int | None, ...] | None, /) -> dict[str, Any]:
        raise TypeError(f"a {type(layer).__name__} has no description")

    def seed(self, seed: int, /) -> None:
        pass

    def begin(self) -> None:
        pass

    def settle(self) -> None:
        pass

    def first_steps(self) -> tuple[Callable[[], object], ...]:
        return ()


class _Answering(_Nothing):
    """Answers what a module does, and for the rest nothing."""

    def __init__(self, module: ModuleType) -> None:
        self.__dict__.update({name: item for name, item in vars(module).items() if not name.startswith("_")})


# Whatever gives an array as TensorFlow's tensors do is taken for one of these, last.
LIBRARIES: tuple[Library, ...] = tuple(
    cast(Library, _Answering(module)) for module in (torch, jax, pandas, matplotlib, sklearn, keras)
)
BY_NAME = {library.NAME: library for library in LIBRARIES}


def settle() -> None:
    """Change in the libraries that were imported what would not work in the sandbox."""
    for library in LIBRARIES:
        library.settle()


def to_plain(value: Any) -> Any:
    """Return a library's value as an array, a table or a plain value; None where no library knows it."""
    if isinstance(value, np.dtype):
        return value.name
    found = (library.to_plain(value) for library in LIBRARIES)
    return next((plain for plain in found if plain is not None), None)
