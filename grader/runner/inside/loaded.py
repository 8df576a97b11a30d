"""Look for what a library defines, where it was imported."""

from __future__ import annotations

import sys
from typing import Any


def loaded(module: str, *names: str) -> Any:
    """Return classes of a module by their names, for `isinstance`: none where the module was not imported."""
    found = [getattr(sys.modules.get(module), name, None) for name in names]
    return tuple(item for item in found if isinstance(item, type))


def plain_settings(values: dict[str, Any]) -> dict[str, Any]:
    """Return of an object's settings those that are public and plain."""
    return {
        str(name): value
        for name, value in values.items()
        if not str(name).startswith("_") and _is_plain(value)
    }


def _is_plain(value: Any, depth: int = 0) -> bool:
    if type(value) in (list, tuple):
        return depth < 8 and all(_is_plain(item, depth + 1) for item in value)
    return value is None or type(value) in (bool, int, float, str)
