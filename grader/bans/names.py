"""What the names in a submission's code may stand for: read from the syntax tree, nothing is executed.

Each place where a name is bound (an import, a definition, an assignment, a parameter) makes a `Binding`; each dotted name
that the code refers to is a `Use`, with the scope that it stands in. A name of the module may be bound again and again:
a statement of the top level sees what it is bound to just then, a function's body what it is bound to in the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.errors import SubmissionError
from grader.model import Explanation, Verdict

__all__ = ["Binding", "Names", "Scope", "Use", "too_complex"]

_MOST = 64
"""Full names of one binding, and bindings of one name, that are kept apart."""
_MOST_PARTS = 16
"""Of a full name; `x = x.T` in a loop has no end."""
_MOST_WORDS = 256
"""That are kept of the full names of one binding when they are too many or too long."""


@dataclass(eq=False, slots=True)
class Binding:
    """What a name is bound to: in one statement of the top level, or anywhere in one function."""

    absolute: set[str] = field(default_factory=set)
    """The full names that it may stand for."""
    values: list[Use] = field(default_factory=list)
    """The dotted names that were assigned to it."""
    uses: list[list[Use]] = field(default_factory=list)
    """What the statements of the top level refer to that bound it, or changed what it holds."""
    is_bound: bool = True
    """False for a name that nothing of the submission's has bound yet."""
    may_be_foreign: bool = False
    """Whether it may still be a builtin, or what a star import brought."""


@dataclass(eq=False, slots=True)
class Scope:
    """The names of the module, of a function, of a class's body or of a comprehension."""

    kind: str
    parent: Scope | None
    names: dict[str, Binding] = field(default_factory=dict)
    """Those of the module are in `Names.versions`."""
    outer: dict[str, str] = field(default_factory=dict)
    """Name -> `global` or `nonlocal`, where it is declared so."""


@dataclass(eq=False, slots=True)
class Use:
    """A dotted name that the code refers to."""

    root: str
    """Empty where it begins with something that is no name, as in `f(x).shape`, and for a text that could be one."""
    path: tuple[str, ...]
    scope: Scope
    unit: str
    line: int
    then: Binding | None
    """What the root was bound to when a statement of the top level ran; None in a function's body."""
    is_renamed: bool = False
    """Whether a name is given to it here, and no more."""

    @property
    def text(self) -> str:
        """Return the name as the student wrote it, more or less."""
        return ".".join([self.root, *self.path] if self.root else self.path)


def too_complex(unit: str) -> SubmissionError:
    """Return the verdict of code that nobody writes to be read."""
    return SubmissionError(Verdict.ERROR, Explanation("submission.too_complex", {"unit": unit}))


class Names:
    """What a submission's units bind and refer to, in one namespace for all."""

    def __init__(self) -> None:
        self.module = Scope("module", None)
        self.versions: dict[str, list[Binding]] = {}
        """Each name of the module with its bindings, in the order of the statements."""
        self.bindings: list[Binding] = []
        """All of them, those of functions too."""
        self.imported: set[str] = set()
        self.stars: list[str] = []
        self.changes: list[tuple[Use, list[Use]]] = []
        """What is stored into, or called a method of; and what the statement refers to."""

    def new(self, *, is_foreign: bool = False) -> Binding:
        """Return a new binding."""
        self.bindings.append(Binding(is_bound=not is_foreign, may_be_foreign=is_foreign))
        return self.bindings[-1]

    def current(self, name: str) -> Binding:
        """Return what a name of the module is bound to so far."""
        versions = self.versions.setdefault(name, [])
        if not versions:
            versions.append(self.new(is_foreign=True))
        return versions[-1]

    def renewed(self, name: str) -> Binding:
        """Return a new binding of a name of the module, which replaces the last one."""
        versions = self.versions.setdefault(name, [])
        if len(versions) < _MOST:
            versions.append(self.new())
        return versions[-1]

    def found(self, use: Use, *, at_any_time: bool) -> Iterator[Binding]:
        """Yield what the root of a use may be bound to, in the end or at any time."""
        scope: Scope | None = use.scope
        while scope is not None and scope.kind != "module":
            if use.root in scope.names and (scope.kind != "class" or scope is use.scope):
                yield scope.names[use.root]
                if scope.kind != "class":
                    return
            scope = scope.parent
        if use.then is not None:
            yield use.then
            return
        versions = self.versions.get(use.root, [])
        yield from [item for item in versions[:-1] if at_any_time and item.is_bound]
        yield from versions[-1:]

    def full_names(self, use: Use, *, at_any_time: bool) -> list[str]:
        """Return the full names that a use may stand for; none where it is the submission's own."""
        if not use.root:
            return []
        found = self.found(use, at_any_time=at_any_time)
        return [".".join((base, *use.path)) for binding in found for base in binding.absolute]

    def settle(self) -> None:
        """Give each binding the full names of what was assigned to it, when all units have been read.

        Raises:
            SubmissionError: one name stands for more than anybody means.

        """
        stars = set(self.stars)
        if len(stars) > _MOST:
            raise too_complex("import *")
        for name, versions in self.versions.items():
            if versions[0].may_be_foreign:
                versions[0].absolute |= {name, *(f"{module}.{name}" for module in stars)}
        followers: dict[int, dict[tuple[int, tuple[str, ...]], tuple[Binding, Use]]] = {}
        for binding in self.bindings:
            for value in binding.values:
                for source in self.found(value, at_any_time=True):
                    followers.setdefault(id(source), {})[id(binding), value.path] = (binding, value)
        waiting = [binding for binding in self.bindings if binding.absolute]
        while waiting:
            source = waiting.pop()
            for binding, value in followers.get(id(source), {}).values():
                known = binding.absolute
                binding.absolute = self._bounded(
                    known | self._extended(source.absolute, value.path), value.unit
                )
                if binding.absolute != known:
                    waiting.append(binding)
        for changed, uses in self.changes:
            for binding in self.found(changed, at_any_time=True):
                if not self._is_foreign(binding):
                    binding.uses.append(uses)

    def _extended(self, bases: set[str], path: tuple[str, ...]) -> set[str]:
        """Return these full names with a path after each."""
        return {
            ".".join((base, *path))
            for base in bases
            # What is not imported has no parts that matter.
            if not path or base.partition(".")[0] in self.imported
        }

    def _bounded(self, names: set[str], unit: str) -> set[str]:
        """Return full names; where they are too many or too long, a private one for each library with all their words.

        Raises:
            SubmissionError: there are too many words as well.

        """
        splits = [name.split(".") for name in names]
        if len(names) <= _MOST and all(len(parts) <= _MOST_PARTS and "_" not in parts for parts in splits):
            return names
        words: dict[str, set[str]] = {}
        for root, *parts in splits:
            words.setdefault(root, set()).update(parts)
        if any(len(found) > _MOST_WORDS for found in words.values()) or len(words) > _MOST_WORDS:
            raise too_complex(unit)
        return {".".join([root, "_", *sorted(found - {"_"})]) for root, found in words.items()}

    def _is_foreign(self, binding: Binding) -> bool:
        """Return whether a name stands for a library: `np.testing.assert_equal(...)` changes nothing of NumPy."""
        return any(name.partition(".")[0] in self.imported for name in binding.absolute)
