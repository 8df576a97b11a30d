"""Say which dotted names a pattern of bans means; both sides of the sandbox read patterns by these rules."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

_SHORT = {"tf": "tensorflow", "np": "numpy", "tnp": "tensorflow.experimental.numpy"}
"""The short names that patterns may begin with."""
_ROOTS = (
    ("builtins.", ""),
    ("__builtins__.", ""),
    ("tensorflow._api.v2.", "tensorflow."),
    ("tensorflow.compat.v2.", "tensorflow."),
    ("keras.src.", "keras."),
    ("keras.api.", "keras."),
)


@lru_cache(maxsize=1 << 14)
def full_name(name: str) -> str:
    """Return one name for a thing that libraries have under several: with `tensorflow.`, without `builtins.`, and so on.

    Keras lies in TensorFlow in several places, and is the same in each.
    """
    root, dot, rest = name.partition(".")
    name = _SHORT.get(root, root) + dot + rest if dot else name
    if name.startswith(("tensorflow.", "keras.")):
        _, keras, inner = f"{name}.".rpartition(".keras.")
        name = f"keras.{inner}".rstrip(".") if keras else name
    for prefix, replacement in _ROOTS:
        name = replacement + name.removeprefix(prefix) if name.startswith(prefix) else name
    return name


def is_banned(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a dotted name is banned, or part of what is banned."""
    name = full_name(name)
    return any(
        fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}.*")
        for pattern in map(full_name, patterns)
    )
