"""Answer what is asked of JAX (see `libraries.Library`)."""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module
from typing import Any

import numpy as np

from grader.runner.inside.loaded import loaded

NAME = "jax"
ENVIRONMENT = {
    # No other device is in the sandbox, and none is looked for.
    "JAX_PLATFORMS": "cpu",
    # What one submission has compiled would be executed in the next.
    "JAX_ENABLE_COMPILATION_CACHE": "false",
}


def to_plain(value: Any) -> Any:
    """Return an array, and of a random key its numbers; what is traced has no values."""
    if isinstance(value, loaded(NAME, "Array")):
        jax: Any = sys.modules[NAME]
        with contextlib.suppress(jax.errors.TracerArrayConversionError):
            is_key = jax.numpy.issubdtype(value.dtype, jax.dtypes.prng_key)
            return np.asarray(jax.random.key_data(value) if is_key else value)
    return None


def from_plain(value: Any) -> Any:
    """Return an array of JAX's, which makes float32 of float64."""
    jax_numpy: Any = import_module("jax.numpy")
    return jax_numpy.asarray(value)
