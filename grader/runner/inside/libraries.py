"""Say what a worker asks of a library whose objects students make, and list the libraries that answer.

A file beside this one answers for each. It imports nothing of the library's own, for a course need not have it: it
looks into `sys.modules`, and has no answer where the library was not imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from grader.runner.inside import keras


class Library(Protocol):
    """Answers for one library; a module does."""

    def to_array(self, value: Any, /) -> np.ndarray | np.generic | None:
        """Return a tensor of the library's as an array; None for any other value."""

    def is_layer(self, value: object, /) -> bool:
        """Return whether a value is a layer or model of the library's, which stays in the worker."""

    def describe(self, layer: Any, input_shape: tuple[int | None, ...] | None, /) -> dict[str, Any]:
        """Return a layer or model as plain data and arrays; with `input_shape` one that is not built is built first."""

    def seed(self, seed: int, /) -> None:
        """Seed the library's generators of random numbers."""

    def first_steps(self) -> tuple[Callable[[], object], ...]:
        """Return what the library does once in a process, and can do before a process forks."""


LIBRARIES: tuple[Library, ...] = (keras,)
