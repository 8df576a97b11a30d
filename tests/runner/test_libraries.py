"""Another library is one more file: the worker knows it by the interface alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.remote import RemoteCode, RemoteLayer
from grader.runner.inside import libraries
from grader.runner.local import LocalCaller


class Tensor:
    """What a library computes with."""


class Layer:
    """What a library stacks."""


class OtherLibrary:
    """A library that nobody has heard of."""

    def __init__(self) -> None:
        self.seeds: list[int] = []

    def to_plain(self, value: Any) -> np.ndarray | None:
        return np.array([1, 2]) if isinstance(value, Tensor) else None

    def is_layer(self, value: object) -> bool:
        return isinstance(value, Layer)

    def describe(self, layer: Any, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
        values = {"class_name": "Layer", "name": "one", "config": {}, "weights": [], "layers": []}
        return {**values, "output_shape": input_shape}

    def seed(self, seed: int) -> None:
        self.seeds.append(seed)

    def begin(self) -> None:
        pass

    def first_steps(self) -> tuple[Callable[[], object], ...]:
        return ()


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> OtherLibrary:
    """Return a library that stands in the table after Keras."""
    library = OtherLibrary()
    monkeypatch.setattr("grader.runner.inside.libraries.LIBRARIES", (*libraries.LIBRARIES, library))
    return library


def test_its_tensors_are_arrays_its_layers_stay_and_are_described_and_it_is_seeded(
    other: OtherLibrary,
) -> None:
    functions = {"make": lambda: [Tensor(), Layer()], "is_same": lambda layer: isinstance(layer, Layer)}
    code = RemoteCode(LocalCaller(functions, seed=7))
    tensor, layer = code.make()
    assert tensor.tolist() == [1, 2]
    assert isinstance(layer, RemoteLayer)
    assert layer.type_name == "Layer"
    assert layer.describe((None, 3)).output_shape == (None, 3)
    assert code.is_same(layer)
    assert other.seeds == [7, 7]
