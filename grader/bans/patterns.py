"""Which dotted names a pattern of bans means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import lru_cache

from grader.bans.dotted import COMPUTED

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

_PRIVATE = frozenset(["python", "src", "core", "lib"])
"""Parts of the paths under which libraries keep what is not public, beside parts that begin with an underscore."""

_VERSION = re.compile(r"_?[vV]\d$")
"""The end of a private name such as `max_pool_v2`."""


def _canonical(name: str) -> str:
    """Return one name for a thing that libraries have under several: without `builtins.`, and as `keras.` and so on."""
    root = name.partition(".")[0]
    if root in ("tensorflow", "keras"):
        # Keras lies in TensorFlow in several places, and is the same in each.
        _, keras, inner = f"{name}.".rpartition(".keras.")
        name = f"keras.{inner}".rstrip(".") if keras else name
    for prefix, replacement in _ROOTS:
        if f"{name}.".startswith(prefix):
            name = (replacement + f"{name}."[len(prefix) :]).rstrip(".")
    return name


class Patterns:
    """What one function may not use."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [_Pattern.of(pattern) for pattern in patterns]
        both = [text for item in self._patterns for text in (item.text, f"{item.text}.*")]
        self._pattern = re.compile("|".join(translate(text) for text in both))
        self._owners = {item.owner for item in self._patterns}

    def match(self, name: str) -> bool:
        """Return whether a full name is banned, or part of what is banned."""
        plain = _canonical(name)
        if COMPUTED in name:
            return self._match_computed(plain)
        return self._pattern.match(plain) is not None or self._match_private(name)

    def _match_computed(self, name: str) -> bool:
        """Return whether a name that is put together at run time may be banned: it is looked up where something is."""
        parts = name.split(".")
        place = parts.index(COMPUTED)
        owner, rest = ".".join(parts[:place]), parts[place + 1 :]
        if owner in self._owners:
            return True
        deeper = [item for item in self._patterns if item.owner.startswith(f"{owner}.")]
        return bool(rest) and any(rest[-1] == COMPUTED or item.ends(rest[-1]) for item in deeper)

    def _match_private(self, name: str) -> bool:
        """Return whether a name on a private path may be what is banned."""
        parts = name.split(".")
        inner = parts[1:-1]
        if not any(part in _PRIVATE or (part[0] == "_" and part[:2] != "__") for part in inner):
            return False
        words = {word for part in inner for word in (part, *part.split("_"))}
        return any(item.names_private(parts[0], words, parts[-1]) for item in self._patterns)

    def owns(self, name: str) -> bool:
        """Return whether something is banned in a module of this name, or in a module in it."""
        plain = _canonical(name)
        return any(f"{owner}.".startswith(f"{plain}.") for owner in self._owners if owner)

    def ends(self, name: str) -> bool:
        """Return whether something whose last part is this name is banned, or may be."""
        return name == COMPUTED or any(item.ends(name) for item in self._patterns)


@lru_cache(maxsize=256)
def patterns_of(texts: tuple[str, ...]) -> Patterns:
    """Return compiled patterns. They are kept: a course has a few dozen sets of them, a class thousands of submissions."""
    return Patterns(texts)


@dataclass(frozen=True)
class _Pattern:
    """One pattern, a dotted name whose last part may have wildcards."""

    text: str
    owner: str
    """The module: all parts but the last."""
    last: str
    """The last part."""

    @classmethod
    def of(cls, pattern: str) -> _Pattern:
        """Read a pattern as it is in course.yml."""
        root, dot, rest = pattern.partition(".")
        text = _canonical(_SHORT.get(root, root) + dot + rest) if dot else pattern
        owner, _, last = text.rpartition(".")
        return cls(text, owner, last)

    def ends(self, name: str) -> bool:
        """Return whether a last part is banned anywhere; a pattern that bans all of a module does not say so of any."""
        return self.last != "*" and fnmatchcase(_VERSION.sub("", name), self.last)

    def names_private(self, root: str, words: set[str], last: str) -> bool:
        """Return whether a private path leads to what is banned: to the same library, a word of its module and the name."""
        library, *modules = self.owner.split(".")
        if root != library and (root, library) != ("keras", "tensorflow"):
            return False
        module = modules[-1] if modules else ""
        if self.last == "*":
            return module in words
        return (not module or bool(words & {module, *module.split("_")})) and self.ends(last)
