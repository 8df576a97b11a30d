"""Import what a course names before a submission is there."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterable
from typing import Any


def preload(names: Iterable[str]) -> None:
    """Import dotted names in order; a name may reach into a module to force its lazy import."""
    # What an import makes stays. To look through all of it for garbage, again and again, takes a fifth of TensorFlow's.
    gc.disable()
    try:
        for name in names:
            parts = name.split(".")
            target: Any = importlib.import_module(parts[0])
            for index, part in enumerate(parts[1:], start=1):
                if not hasattr(target, part):
                    importlib.import_module(".".join(parts[: index + 1]))
                target = getattr(target, part)
    finally:
        gc.freeze()
        gc.enable()
