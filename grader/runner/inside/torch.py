"""Answer what is asked of PyTorch (see `libraries.Library`)."""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from grader.runner.inside.loaded import loaded, plain_settings
from grader.runner.inside.values import SMALL_FLOATS, named, own_name

NAME = "torch"
# Nothing may compile in the sandbox: `torch.compile` runs what it is given as it is.
ENVIRONMENT = {"TORCHDYNAMO_DISABLE": "1"}


def to_plain(value: Any) -> Any:
    """Return a tensor as an array, without its gradient and whatever it lies on; a dtype or device as its name."""
    if isinstance(value, loaded(NAME, "Tensor")):
        return _array(value)
    if isinstance(value, loaded(NAME, "dtype", "device", "layout")):
        return str(value)
    return None


def _array(tensor: Any) -> np.ndarray:
    tensor = tensor.detach()
    tensor = tensor.to_dense() if str(tensor.layout) != "torch.strided" else tensor
    tensor = tensor.resolve_conj().resolve_neg().cpu()
    name = str(tensor.dtype).removeprefix("torch.")
    array: np.ndarray = named(tensor.float().numpy(), name) if name in SMALL_FLOATS else tensor.numpy()
    return array


def from_plain(value: Any) -> Any:
    """Return an array as a tensor, which shares its memory: what is done to it in place is done to the array."""
    torch: Any = import_module(NAME)
    tensor = torch.from_numpy(value)
    name = own_name(value.dtype)
    return tensor if name is None else tensor.to(getattr(torch, name))


def is_layer(value: object) -> bool:
    """Return whether a value is a module."""
    return isinstance(value, loaded("torch.nn", "Module"))


def describe(layer: Any, input_shape: tuple[int | None, ...] | None, name: str = "") -> dict[str, Any]:
    """Return a module as plain data; with `input_shape` it is called on zeros, which also builds what is lazy."""
    output_shape = None if input_shape is None else _output_shape(layer, input_shape)
    own = [(key, item) for key, item in layer.named_parameters() if not _is_lazy(item)]
    return {
        "class_name": type(layer).__name__,
        "module": type(layer).__module__,
        "name": name,
        "built": not any(map(_is_lazy, layer.parameters())),
        "config": plain_settings(vars(layer)),
        "weights": [_array(item) for _, item in own],
        "weight_names": [key for key, _ in own],
        "parameters": sum(item.numel() for _, item in own),
        "output_shape": output_shape,
        "layers": [describe(item, None, key) for key, item in layer.named_children()],
    }


def _is_lazy(parameter: Any) -> bool:
    return isinstance(parameter, loaded("torch.nn.parameter", "UninitializedTensorMixin"))


def _output_shape(layer: Any, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...] | None:
    """Return the shape of what a module makes of zeros; neither its state nor random numbers come of it."""
    torch: Any = sys.modules["torch"]
    state, training = torch.get_rng_state(), [(item, item.training) for item in layer.modules()]
    try:
        layer.eval()
        with contextlib.suppress(Exception), torch.no_grad():
            shape = tuple(layer(torch.zeros([length or 1 for length in input_shape])).shape)
            return (None, *shape[1:]) if shape and input_shape[:1] == (None,) else shape
    finally:
        torch.set_rng_state(state)
        for item, was in training:
            item.training = was
    return None


def seed(seed: int) -> None:
    """Seed the processor's generator alone: `torch.manual_seed` asks for every kind of device."""
    generator = getattr(sys.modules.get(NAME), "default_generator", None)
    if generator is not None:
        generator.manual_seed(seed)


def settle() -> None:
    """Have a loader of data read in its own process: here is no other, and no memory to share with one."""
    for loader in loaded("torch.utils.data", "DataLoader"):
        original = loader.__init__
        if not hasattr(original, "__wrapped__"):
            loader.__init__ = _in_one_process(original)


def _in_one_process(original: Any) -> Any:
    takes = inspect.signature(original)
    alone = {
        "num_workers": 0,
        "prefetch_factor": None,
        "persistent_workers": False,
        "multiprocessing_context": None,
        "timeout": 0,
    }

    @functools.wraps(original)
    def initialize(*args: Any, **kwargs: Any) -> None:
        given = takes.bind(*args, **kwargs)
        given.arguments.update({name: value for name, value in alone.items() if name in given.arguments})
        original(*given.args, **given.kwargs)

    return initialize


def first_steps() -> tuple[Callable[[], object], ...]:
    """Return a step of training: the first optimizer imports much, a second of a processor."""
    return (_train,) if NAME in sys.modules else ()


def _train() -> None:
    torch: Any = sys.modules[NAME]
    nn = torch.nn
    state = torch.get_rng_state()
    try:
        model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 2))
        for optimizer in (torch.optim.SGD(model.parameters(), 0.1), torch.optim.Adam(model.parameters())):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(torch.randn(3, 1, 4, 4)), torch.tensor([0, 1, 0])).backward()
            optimizer.step()
    finally:
        torch.set_rng_state(state)
