"""What the names in a submission's code may stand for: read from the syntax tree, nothing is executed.

Each place where a name is bound (an import, a definition, an assignment, a parameter) makes a `Binding`; each dotted name
that the code refers to is a `Use`, with the scope that it stands in. A name of the module may be bound again and again:
a statement of the top level sees what it is bound to just then, a function's body what it is bound to in the end.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Literal

from grader.errors import SubmissionError
from grader.model import Explanation, Verdict

_MOST = 64
"""The number of full names of one binding, and of bindings of one name, that are kept apart."""
_MOST_PARTS = 16
"""The number of parts of a full name. It is bounded, because `x = x.T` in a loop has no end."""
_MOST_WORDS = 256
"""The number of different words that are kept of a binding's full names when these are too many or too long."""


@dataclass(eq=False, slots=True)
class Binding:
    """What a name is bound to: in one statement of the top level, or anywhere in one function."""

    full_names: set[str] = field(default_factory=set)
    """The full names that the name may stand for."""
    values: list[Use] = field(default_factory=list)
    """The dotted names that were assigned to the name."""
    uses: list[list[Use]] = field(default_factory=list)
    """For each statement of the top level that bound the name, or changed what it holds: what that refers to."""
    is_bound: bool = True
    """Whether the submission has bound the name; the first binding of a name of the module is made before that."""
    may_be_foreign: bool = False
    """Whether the name may be a builtin, or one that a star import brought."""


@dataclass(eq=False, slots=True)
class Scope:
    """The names of the module, of a function, of a class's body or of a comprehension."""

    kind: Literal["module", "function", "class", "comprehension"]
    parent: Scope | None
    names: dict[str, Binding] = field(default_factory=dict)
    """What each name is bound to. It is empty for the module, whose names are in `Names.versions`."""
    outer: dict[str, str] = field(default_factory=dict)
    """Name -> `global` or `nonlocal`, for the names that are declared so."""

    @property
    def of_module(self) -> Scope:
        """Return the module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(eq=False, slots=True)
class Use:
    """A dotted name that the code refers to."""

    root: str
    """Its first part. Empty where that is not a name, as in `f(x).shape`, and for a text that could be a dotted name."""
    path: tuple[str, ...]
    """Its other parts."""
    scope: Scope
    unit: str
    line: int
    then: Binding | None
    """What the root was bound to when the statement of the top level ran; None in a function's body, which runs later."""
    is_renamed: bool = False
    """Whether the code only gives it another name here."""

    @property
    def text(self) -> str:
        """Return the dotted name with its root as the student wrote it, and its parts joined by dots."""
        return ".".join([self.root, *self.path] if self.root else self.path)


def too_complex(unit: str) -> SubmissionError:
    """Return the error of code that is too deep, too long or too tangled to be analysed; `unit` says where it is."""
    return SubmissionError(Verdict.ERROR, Explanation("submission.too_complex", {"unit": unit}))


class Names:
    """What the units of one module bind and refer to; they share one namespace."""

    def __init__(self, helpers: Container[str] = ()) -> None:
        """Hold nothing yet; `helpers` are the student's own modules."""
        self.helpers = helpers
        self.module = Scope("module", None)
        self.versions: dict[str, list[Binding]] = {}
        """Each name of the module with its bindings, in the order of the statements."""
        self.bindings: list[Binding] = []
        """All bindings, of the module's names and of all others."""
        self.imported: set[str] = set()
        """The first parts of the modules that are imported."""
        self.stars: dict[str, Use] = {}
        """The modules that are imported with `*`, each with the use of it."""
        self.changes: list[tuple[Use, list[Use]]] = []
        """Each name that is stored into or whose method is called, with what the statement refers to."""

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

    def rebind(self, name: str) -> Binding:
        """Return a new binding of a name of the module, which replaces the last one."""
        versions = self.versions.setdefault(name, [])
        if len(versions) < _MOST:
            versions.append(self.new())
        return versions[-1]

    def bindings_of(self, use: Use, *, at_any_time: bool) -> Iterator[Binding]:
        """Yield what the root of a use may be bound to: in the end, or at any time."""
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
        """Return the full names that a use may stand for; none for a name that only the submission itself defines."""
        if not use.root:
            return []
        bindings = self.bindings_of(use, at_any_time=at_any_time)
        return [".".join((base, *use.path)) for binding in bindings for base in binding.full_names]

    def settle(self) -> None:
        """Give each binding the full names of what was assigned to it. Called once, when all units have been read.

        Full names are passed on from binding to binding until none gets a new one.

        Raises:
            SubmissionError: one name stands for too many full names, or too many modules are imported with `*`.
        """
        if len(self.stars) > _MOST:
            raise too_complex("import *")
        for name, versions in self.versions.items():
            if versions[0].may_be_foreign:
                versions[0].full_names |= {name, *(f"{module}.{name}" for module in self.stars)}
        followers: dict[int, dict[tuple[int, tuple[str, ...]], tuple[Binding, Use]]] = {}
        for binding in self.bindings:
            for value in binding.values:
                for source in self.bindings_of(value, at_any_time=True):
                    followers.setdefault(id(source), {})[id(binding), value.path] = (binding, value)
        waiting = [binding for binding in self.bindings if binding.full_names]
        while waiting:
            source = waiting.pop()
            for binding, value in followers.get(id(source), {}).values():
                known = binding.full_names
                extended = self._extended(source.full_names, value.path)
                binding.full_names = self._bounded(known | extended, value.unit)
                if binding.full_names != known:
                    waiting.append(binding)
        for changed, uses in self.changes:
            for binding in self.bindings_of(changed, at_any_time=True):
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
        """Return full names; where they are too many or too long, one for each library with all their words.

        A part `_` after the library makes that a private name, which `Patterns` compares word by word.
        """
        splits = [name.split(".") for name in names]
        if len(names) <= _MOST and all(len(parts) <= _MOST_PARTS and "_" not in parts for parts in splits):
            return names
        words: dict[str, set[str]] = {}
        for root, *parts in splits:
            words.setdefault(root, set()).update(parts)
        if max(len(words), *map(len, words.values())) > _MOST_WORDS:
            raise too_complex(unit)
        return {".".join([root, "_", *sorted(parts - {"_"})]) for root, parts in words.items()}

    def _is_foreign(self, binding: Binding) -> bool:
        """Return whether a name stands for a library: `np.testing.assert_equal(...)` changes nothing of NumPy."""
        roots = {name.partition(".")[0] for name in binding.full_names}
        return any(root in self.imported and root not in self.helpers for root in roots)
