"""Answer what a worker asks of Keras and TensorFlow (see `libraries.Library`)."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.runner.inside.values import own_name

_NO_OPERATION = "GraderHasNoSuchOperation"


NAME = "tensorflow"


def to_plain(value: Any) -> np.ndarray | np.generic | None:
    """Return a tensor or variable as an array: anything that gives one as TensorFlow's do."""
    to_numpy = getattr(value, "numpy", None)
    if callable(to_numpy) and hasattr(value, "dtype"):
        with contextlib.suppress(Exception):
            array = to_numpy()
            if isinstance(array, np.ndarray | np.generic):
                return array
    return None


def from_plain(value: Any) -> Any:
    """Return an array as a tensor."""
    tensorflow: Any = importlib.import_module(NAME)
    name = own_name(value.dtype)
    tensor = tensorflow.convert_to_tensor(value)
    return tensor if name is None else tensorflow.cast(tensor, name)


def is_layer(value: object) -> bool:
    """Return whether a value is a Keras layer or model."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.layers.Layer)


def describe(layer: Any, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
    """Return a Keras layer or model as plain data."""
    if input_shape is not None and not layer.built:
        layer.build(input_shape)
    inner = [item for item in getattr(layer, "layers", []) if type(item).__name__ != "InputLayer"]
    output_shape = None
    with contextlib.suppress(Exception):
        output_shape = tuple(layer.output.shape)
    if output_shape is None and input_shape is not None:
        with contextlib.suppress(Exception):
            output_shape = tuple(layer.compute_output_shape(input_shape))
    weights = [np.asarray(weight) for weight in layer.get_weights()]
    return {
        "class_name": type(layer).__name__,
        "module": type(layer).__module__,
        "name": str(layer.name),
        "built": bool(layer.built),
        # A model's own configuration repeats those of its layers.
        "config": {} if inner else _plain(layer.get_config()),
        "weights": weights,
        "parameters": int(sum(weight.size for weight in weights)),
        "output_shape": output_shape,
        "layers": [describe(item, None) for item in inner],
    }


def _plain(value: Any, depth: int = 0) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if depth < 8 and isinstance(value, dict):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if depth < 8 and isinstance(value, list | tuple):
        return tuple(_plain(item, depth + 1) for item in value)
    return str(value)[:200]


def seed(seed: int) -> None:
    """Seed the generators of Keras and of its backend."""
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.set_random_seed(seed)


def first_steps() -> tuple[Callable[[], object], ...]:
    """Return what TensorFlow does once in a process when it runs its first operation, as far as no thread is needed.

    The first operation costs about 25 ms of a processor: it fills the registries of operations, kernels and devices, for
    thousands of operations. The runtime itself (a context, devices, pools of threads) is made by each fork, as ever.

    These functions are not part of TensorFlow's public interface. Where a version has them no more, the first operation
    is slower and nothing else.
    """
    if "tensorflow" not in sys.modules:
        return ()
    return _fill_operations, _fill_kernels, _fill_compiled_kernels, _find_devices


def _fill_operations() -> None:
    # All operations are registered at the first question, and listed at the first one that is in vain.
    importlib.import_module("tensorflow.python.framework.op_def_registry").get(_NO_OPERATION)


def _fill_kernels() -> None:
    kernels: Any = importlib.import_module("tensorflow.python.framework.kernels")
    kernels.get_registered_kernels_for_op(_NO_OPERATION)


def _fill_compiled_kernels() -> None:
    compiler: Any = importlib.import_module("tensorflow.python.util.pywrap_xla_ops")
    compiler.get_cpu_kernel_names()


def _find_devices() -> None:
    sys.modules["tensorflow"].config.list_physical_devices()
