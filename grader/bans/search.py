"""Which functions of a submission use what their exercise bans: found in the syntax tree, nothing is executed.

A pattern is a dotted name with wildcards (`tf.nn.max_pool*`), compared with the full name of everything that a
function refers to: imports, renamed imports, assignments of a name to a name, defaults of parameters and `getattr` are
followed, and so are the submission's own functions, classes and module-level names that it uses. What a library keeps
under a private path (`tensorflow.python.ops.nn_ops.max_pool2d`) is known by its last part. Names put together at run
time are not seen, but to look one up in a banned module is a use of it; a course that minds them bans `eval`, `exec`,
`__import__` and `importlib.*` too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from grader.bans.names import Binding, Names, Use
from grader.bans.patterns import Patterns, patterns_of
from grader.bans.uses import read_names
from grader.model import Explanation, Source


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
    names = read_names([unit for unit in source.units if unit.module == first], stopped or {})
    explanations = {}
    for function, patterns in banned.items():
        use = _Search(names, patterns_of(tuple(patterns))).first_use(function)
        if use is not None:
            values = {"function": function, "name": use.text, "place": f"{use.unit}:{use.line}"}
            explanations[function] = Explanation("submission.forbidden", values)
    return explanations


class _Search:
    """The search for one function: it goes from the function to all that this uses, directly or through other names."""

    def __init__(self, names: Names, patterns: Patterns) -> None:
        self._names = names
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
        """Return whether a use is banned; if it is not, remember what it leads to."""
        key = (use.root, use.path, id(use.scope), id(use.then), early, use.is_renamed)
        if key in self._seen:
            return False
        self._seen.add(key)
        full_names = self._names.full_names(use, at_any_time=early)
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
            bindings = self._names.bindings_of(use, at_any_time=early)
            self._waiting += [(binding, early) for binding in bindings if binding.uses]
        return False
