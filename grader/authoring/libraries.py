"""What a course needs of the library that it is about: what the warm process imports, and how it is set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

NUMPY = "import numpy as np"


@dataclass(frozen=True, slots=True)
class Library:
    """Holds what course.yml and the heads of an exercise's files say of a library."""

    preload: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    imports: tuple[str, ...] = (NUMPY,)
    tensors: str = "numpy"
    """What a function gets for an array of a check."""
    annotation: str = "NDArray[np.generic]"
    call_seconds: int = 5
    memory_mib: int = 1024


LIBRARIES = {
    "numpy": Library(),
    "torch": Library(
        # An optimizer would import the second name, which takes a second.
        preload=("torch", "torch._dynamo"),
        # Nothing may be compiled in the sandbox: `torch.compile` runs eagerly.
        environment={"TORCHDYNAMO_DISABLE": "1"},
        imports=(NUMPY, "import torch"),
        tensors="torch",
        annotation="torch.Tensor",
    ),
    "tensorflow": Library(
        preload=("tensorflow.keras.layers.Conv2D", "tensorflow.experimental.numpy.arange"),
        environment={
            "KERAS_BACKEND": "tensorflow",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "0",
            "TF_NUM_INTRAOP_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
        },
        imports=(NUMPY, "import tensorflow as tf"),
    ),
    # XLA compiles each new operation and shape.
    "jax": Library(
        preload=("jax", "jax.numpy"),
        environment={"JAX_PLATFORMS": "cpu"},
        imports=("import jax", "import jax.numpy as jnp", NUMPY),
        tensors="jax",
        annotation="jax.Array",
        call_seconds=10,
        memory_mib=2048,
    ),
}


def library_of(preload: Sequence[str]) -> Library:
    """Return what a course is about that preloads these names."""
    roots = {name.partition(".")[0] for name in preload} - {"numpy"}
    return next((library for name, library in LIBRARIES.items() if name in roots), LIBRARIES["numpy"])


def imports_of(preload: Sequence[str]) -> tuple[str, ...]:
    """Return what the files of a course import that preloads these names."""
    roots = {name.partition(".")[0] for name in preload}
    lines = {line: None for name, library in LIBRARIES.items() if name in roots for line in library.imports}
    # As Ruff sorts them.
    return tuple(sorted(lines)) or (NUMPY,)
