"""Which functions of a submission use what their exercise bans: found in the syntax tree, nothing is executed.

A pattern is a dotted name with wildcards (`tf.nn.max_pool*`), compared with the full name of everything that a
function refers to: imports, renamed imports, assignments of a name to a name, defaults of parameters and `getattr` are
followed, and so are the submission's own functions, classes and module-level names that it uses. What a library keeps
under a private path (`tensorflow.python.ops.nn_ops.max_pool2d`) is known by its last part. Names put together at run
time are not seen, but to look one up in a banned module is a use of it; a course that minds them bans `eval`, `exec`,
`__import__` and `importlib.*` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import lru_cache

from grader.dotted import COMPUTED
from grader.model import Explanation, Source
from grader.names import Binding, Names, Use
from grader.uses import read_names

__all__ = ["find_forbidden"]

_SHORT = {"tf": "tensorflow", "np": "numpy", "tnp": "tensorflow.experimental.numpy"}
_ROOTS = (
    ("builtins.", ""),
    ("__builtins__.", ""),
    ("tensorflow._api.v2.", "tensorflow."),
    ("tensorflow.compat.v2.", "tensorflow."),
    ("keras.src.", "keras."),
    ("keras.api.", "keras."),
)
_PRIVATE = frozenset(["python", "src", "core", "lib"])
"""Parts of the paths under which libraries keep what they do not show, beside those with an underscore in front."""
_VERSION = re.compile(r"_?[vV]\d$")


def find_forbidden(
    source: Source, banned: Mapping[str, Sequence[str]], stopped: Mapping[str, int] | None = None
) -> dict[str, Explanation]:
    """Return, for each function that uses what it may not, an explanation with the name and its place.

    A function that is defined again is judged by its last definition, as far as that was executed: `stopped` holds the
    units that were not to their end, each with the line.

    Raises:
        SubmissionError: the code is nested too deeply to be read.

    """
    if not banned:
        return {}
    first = source.units[0].module if source.units else ""
    names = read_names([unit for unit in source.units if unit.module == first], stopped or {})
    found = {}
    for function, patterns in banned.items():
        use = _Search(names, _patterns(tuple(patterns))).first_use(function)
        if use is not None:
            values = {"function": function, "name": use.text, "place": f"{use.unit}:{use.line}"}
            found[function] = Explanation("submission.forbidden", values)
    return found


def _canonical(name: str) -> str:
    root = name.partition(".")[0]
    if root in ("tensorflow", "keras"):
        # Keras lies in TensorFlow in several places, and is the same in each.
        _, keras, inner = f"{name}.".rpartition(".keras.")
        name = f"keras.{inner}".rstrip(".") if keras else name
    for prefix, replacement in _ROOTS:
        if f"{name}.".startswith(prefix):
            name = (replacement + f"{name}."[len(prefix) :]).rstrip(".")
    return name


class _Patterns:
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
        """Return whether what is looked up may be banned: it is where something is."""
        parts = name.split(".")
        place = parts.index(COMPUTED)
        owner, rest = ".".join(parts[:place]), parts[place + 1 :]
        if owner in self._owners:
            return True
        deeper = [item for item in self._patterns if item.owner.startswith(f"{owner}.")]
        return bool(rest) and any(rest[-1] == COMPUTED or item.ends(rest[-1]) for item in deeper)

    def _match_private(self, name: str) -> bool:
        parts = name.split(".")
        inner = parts[1:-1]
        if not any(part in _PRIVATE or (part[0] == "_" and part[:2] != "__") for part in inner):
            return False
        words = {word for part in inner for word in (part, *part.split("_"))}
        return any(item.names_private(parts[0], words, parts[-1]) for item in self._patterns)

    def owns(self, name: str) -> bool:
        """Return whether something is banned in a module, or further down."""
        plain = _canonical(name)
        return any(f"{owner}.".startswith(f"{plain}.") for owner in self._owners if owner)

    def ends(self, name: str) -> bool:
        """Return whether something of that name is banned somewhere, or may be."""
        return name == COMPUTED or any(item.ends(name) for item in self._patterns)


@lru_cache(maxsize=256)
def _patterns(texts: tuple[str, ...]) -> _Patterns:
    """Return compiled patterns: a course has a few dozen sets of them, a class thousands of submissions."""
    return _Patterns(texts)


@dataclass(frozen=True)
class _Pattern:
    """One of them."""

    text: str
    owner: str
    """The module, as far as it is written out."""
    last: str

    @classmethod
    def of(cls, pattern: str) -> _Pattern:
        root, dot, rest = pattern.partition(".")
        text = _canonical(_SHORT.get(root, root) + dot + rest) if dot else pattern
        owner, _, last = text.rpartition(".")
        return cls(text, owner, last)

    def ends(self, name: str) -> bool:
        """Return whether a name's last part is banned; a pattern that bans everything there says nothing of it."""
        return self.last != "*" and fnmatchcase(_VERSION.sub("", name), self.last)

    def names_private(self, root: str, words: set[str], last: str) -> bool:
        """Return whether a private path leads to what is banned: the same library, a word of its module, the name."""
        library, *modules = self.owner.split(".")
        if root != library and (root, library) != ("keras", "tensorflow"):
            return False
        module = modules[-1] if modules else ""
        if self.last == "*":
            return module in words
        return (not module or bool(words & {module, *module.split("_")})) and self.ends(last)


class _Search:
    """Goes from a function to all that it uses."""

    def __init__(self, names: Names, patterns: _Patterns) -> None:
        self._names = names
        self._patterns = patterns
        self._waiting: list[tuple[Binding, bool]] = []
        self._seen: set[object] = set()
        self._loose: list[Use] = []
        """Of what is not known what it belongs to."""
        self._has_escaped = False
        """Whether a module in which something is banned is handed to somebody, who may use it under any name."""

    def first_use(self, function: str) -> Use | None:
        """Return a use of what is banned."""
        self._waiting = [(binding, False) for binding in self._names.versions.get(function, [])[-1:]]
        while self._waiting:
            binding, early = self._waiting.pop()
            if (id(binding), early) in self._seen:
                continue
            self._seen.add((id(binding), early))
            for uses in binding.uses:
                if (id(uses), early) in self._seen:
                    continue
                self._seen.add((id(uses), early))
                for use in uses:
                    if self._is_banned(use, early):
                        return use
        if self._has_escaped:
            return next((use for use in self._loose if self._patterns.ends(use.path[-1])), None)
        return None

    def _is_banned(self, use: Use, early: bool) -> bool:
        key = (use.root, use.path, id(use.scope), id(use.then), early, use.is_renamed)
        if key in self._seen:
            return False
        self._seen.add(key)
        full_names = self._names.full_names(use, at_any_time=early)
        if any(self._patterns.match(name) for name in full_names):
            return True
        if use.path and not full_names:
            self._loose.append(use)
        if not use.is_renamed and any(self._owns(name) for name in full_names):
            self._has_escaped = True
        if use.root:
            # What ran while the file was executed may have met any of the definitions of a name.
            early = early or use.then is not None
            found = self._names.found(use, at_any_time=early)
            self._waiting += [(item, early) for item in found if item.uses]
        return False

    def _owns(self, name: str) -> bool:
        return self._patterns.owns(name.removesuffix(".__dict__"))
