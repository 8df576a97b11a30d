"""Answer what is asked of scikit-learn, and of SciPy's sparse matrices (see `libraries.Library`)."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from grader.runner.inside.loaded import loaded, plain_settings

NAME = "sklearn"
# There is one processor, and no memory to share with other processes.
ENVIRONMENT = {"LOKY_MAX_CPU_COUNT": "1"}


def to_plain(value: Any) -> Any:
    """Return a sparse matrix as an array."""
    if isinstance(value, loaded("scipy.sparse", "spmatrix", "sparray")):
        return np.asarray(value.toarray())
    return None


def is_layer(value: object) -> bool:
    """Return whether a value is an estimator."""
    return isinstance(value, loaded("sklearn.base", "BaseEstimator"))


def _settings(layer: Any) -> dict[str, Any]:
    """Return what an estimator was made with; one of a student's own may keep it under other names."""
    with contextlib.suppress(Exception):
        return dict(layer.get_params(deep=False))
    return dict(vars(layer))


def describe(layer: Any, input_shape: tuple[int | None, ...] | None, name: str = "") -> dict[str, Any]:
    """Return an estimator as its parameters, and what it and its steps have learned: attributes whose names end in `_`."""
    learned: dict[str, np.ndarray] = {}
    for key, value in sorted(vars(layer).items()):
        if key.endswith("_") and not key.startswith("_"):
            with contextlib.suppress(Exception):
                plain = to_plain(value)
                array = np.asarray(value if plain is None else plain)
                if array.dtype.kind in "biufc":
                    learned[key] = array
    inner = getattr(layer, "steps", None) or getattr(layer, "estimators", None) or ()
    layers = [
        describe(item[1], None, str(item[0]))
        for item in inner
        if isinstance(item, tuple) and is_layer(item[1])
    ]
    for part in layers:
        names = (f"{part['name']}.{key}" for key in part["weight_names"])
        learned.update(zip(names, part["weights"], strict=True))
    return {
        "class_name": type(layer).__name__,
        "module": type(layer).__module__,
        "name": name,
        "built": bool(learned) or any(key.endswith("_") for key in vars(layer)),
        "config": plain_settings(_settings(layer)),
        "weights": list(learned.values()),
        "weight_names": list(learned),
        "parameters": sum(array.size for array in learned.values()),
        "output_shape": None,
        "layers": layers,
    }
