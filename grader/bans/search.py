"""Which functions of a submission use what their exercise bans: found in the syntax tree, nothing is executed.

A pattern is a dotted name with wildcards (`tf.nn.max_pool*`), compared with the full name of everything that a
function refers to: imports, renamed imports, assignments of a name to a name, defaults of parameters and `getattr` are
followed, and so are the submission's own functions, classes and module-level names that it uses. What a library keeps
under a private path (`tensorflow.python.ops.nn_ops.max_pool2d`) is known by its last part. Names put together at run
time are not seen, but to look one up in a banned module is a use of it; a course that minds them bans `eval`, `exec`,
`__import__` and `importlib.*` too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec

from grader.bans.dotted import COMPUTED
from grader.bans.names import Binding, Names, Use, too_complex
from grader.bans.patterns import Patterns, patterns_of
from grader.bans.uses import package_of, read_names
from grader.model import Explanation, Source
from grader.runner.inside.helpers import MODULE


def find_forbidden(
    source: Source,
    banned: Mapping[str, Sequence[str]],
    stopped: Mapping[str, Collection[int]] | None = None,
) -> dict[str, Explanation]:
    """Return, for each function that uses what it may not, an explanation with the name and its place.

    A function that is defined again is judged by its last definition that was executed: `stopped` holds for each unit the
    lines of the statements that were not executed to their end, and 0 where that may be any of them.

    Raises:
        SubmissionError: the code is nested too deeply to be read.
    """
    if not banned:
        return {}
    first = source.units[0].module if source.units else ""
    units = [unit for unit in source.units if unit.module == first]
    roots = {unit.module.partition(".")[0] for unit in source.helpers}
    names = read_names(units, stopped or {}, helpers=roots, wanted=banned)
    helpers = {
        unit.module: read_names([unit], {}, package=package_of(unit), helpers=roots)
        for unit in source.helpers
    }
    explanations = {}
    for function, patterns in banned.items():
        use = _Search(names, helpers, patterns_of(tuple(patterns))).first_use(function)
        if use is not None:
            values = {"function": function, "name": use.text, "place": f"{use.unit}:{use.line}"}
            explanations[function] = Explanation("submission.forbidden", values)
    return explanations


_MOST_FOLLOWED = 1000
"""Full names that one use may stand for, in a student's own modules and what these import."""


def find_absent(source: Source, functions: Sequence[str], modules: Sequence[str]) -> tuple[Explanation, ...]:
    """Return which of these functions use modules that are not installed, where stand-ins gave nothing in their place."""
    # A loop over a progress bar is a loop all the same.
    patterns = [f"{name}.*" for name in modules if name != "tqdm" and not _is_installed(name)]
    found = find_forbidden(source, dict.fromkeys(functions, patterns)) if patterns else {}
    return tuple(Explanation("submission.uses_absent", use.values) for use in found.values())


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


class _Search:
    """The search for one function: it goes from the function to all that this uses, directly or through other names."""

    def __init__(self, names: Names, helpers: Mapping[str, Names], patterns: Patterns) -> None:
        self._names = names
        self._helpers = helpers
        self._owners = {id(item.module): item for item in (names, *helpers.values())}
        """The names of each module, by the id of its scope."""
        self._patterns = patterns
        self._waiting: list[tuple[Binding, bool]] = []
        """Bindings to go on with, each with whether what it uses may have run before the end of the file."""
        self._seen: set[object] = set()
        self._loose: list[Use] = []
        """The uses of names whose module is not known, as in `f(x).max_pool`."""
        self._has_escaped = False
        """Whether a module with something banned in it is passed on as a value, so that any loose use may mean it."""

    def first_use(self, function: str) -> Use | None:
        """Return the first use of what is banned; None where there is none."""
        start = self._names.versions[function][-1]
        self._waiting = [(start, False)]
        # What nothing else has bound a star import may have brought.
        for star in self._names.stars.values() if start.may_be_foreign else ():
            use = replace(star, path=(*star.path, function))
            if self._is_banned(use, False):
                return use
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
        """Return whether a use is banned; if it is not, remember what it leads to."""
        key = (use.root, use.path, id(use.scope), id(use.then), early, use.is_renamed)
        if key in self._seen:
            return False
        self._seen.add(key)
        names = self._owners[id(use.scope.of_module)]
        full_names, meant = self._followed(names.full_names(use, at_any_time=early), use, early=early)
        if any(self._patterns.match(name) for name in full_names):
            return True
        if use.path and not full_names:
            self._loose.append(use)
        if not use.is_renamed and any(
            self._patterns.owns(name.removesuffix(".__dict__")) for name in full_names
        ):
            self._has_escaped = True
        if use.root:
            # What ran while the file was executed may have met any of the definitions of a name.
            early = early or use.then is not None
            bindings = [*names.bindings_of(use, at_any_time=early), *meant]
            self._waiting += [(binding, early) for binding in bindings if binding.uses]
        return False

    def _followed(
        self, full_names: Iterable[str], use: Use, *, early: bool
    ) -> tuple[set[str], list[Binding]]:
        """Return these full names and those that they stand for in the student's own modules, with the bindings there."""
        followed: set[str] = set()
        bindings: list[Binding] = []
        waiting = list(full_names)
        while waiting:
            name = waiting.pop()
            if name in followed:
                continue
            followed.add(name)
            if len(followed) > _MOST_FOLLOWED:
                raise too_complex(use.unit)
            module, attribute, rest = self._split(name)
            if module not in self._helpers or (not attribute and use.is_renamed):
                continue
            names = self._helpers[module]
            # A module that is passed on, or looked into by a name that is not known, may be used in any way.
            all_names = list(names.versions) if attribute in ("", COMPUTED) else [attribute]
            for item in all_names:
                versions = names.versions.get(item, [])
                meant = versions if early else versions[-1:]
                bindings += meant
                waiting += [".".join([base, *rest]) for binding in meant for base in binding.full_names]
                waiting += [".".join([star, item, *rest]) for star in names.stars if not meant]
        return followed, bindings

    def _split(self, name: str) -> tuple[str, str, list[str]]:
        """Return the student's module that a full name begins with, the name in it and what follows; else the name."""
        parts = name.removeprefix(f"{MODULE}.").split(".")
        for count in range(len(parts), 0, -1):
            module = ".".join(parts[:count])
            if module in self._helpers:
                return module, "".join(parts[count : count + 1]), parts[count + 1 :]
        return name, "", []
