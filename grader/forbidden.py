"""Which functions of a submission use what their exercise bans: found in the syntax tree, nothing is executed.

A pattern is a dotted name with wildcards (`tf.nn.max_pool*`), compared with the full name of everything that a
function refers to: imports, renamed imports, assignments of a name to a name and `getattr` with a literal are
followed, and so are the submission's own functions, classes and module-level names that it uses. Names put together
at run time are not seen; a course that minds them bans `eval`, `exec`, `__import__` and `importlib.*` too.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from grader.model import Explanation, Source

__all__ = ["find_forbidden"]

_SHORT = {"tf": "tensorflow", "np": "numpy", "tnp": "tensorflow.experimental.numpy"}
_ROOTS = (
    ("tensorflow.compat.v2.", "tensorflow."),
    ("tensorflow.python.keras.", "keras."),
    ("tensorflow.keras.", "keras."),
    ("keras.src.", "keras."),
    ("keras.api.", "keras."),
)


def _canonical(name: str) -> str:
    for prefix, replacement in _ROOTS:
        if f"{name}.".startswith(prefix):
            return (replacement + f"{name}."[len(prefix) :]).rstrip(".")
    return name


def _canonical_pattern(pattern: str) -> str:
    root, dot, rest = pattern.partition(".")
    return _canonical(_SHORT.get(root, root) + dot + rest) if dot else pattern


@dataclass(frozen=True)
class _Use:
    """A dotted name that a definition refers to."""

    name: str
    unit: str
    line: int
    aliases: Mapping[str, str]
    """Name -> what it stands for in this place."""
    is_local: bool
    """Whether the name is bound in the function itself, so that it means nothing outside of it."""


def find_forbidden(source: Source, banned: Mapping[str, Sequence[str]]) -> dict[str, Explanation]:
    """Return, for each function that uses what it may not, an explanation with the name and its place.

    A unit that cannot be parsed is passed over: it cannot be executed either.
    """
    aliases: dict[str, str] = {}
    stars: list[str] = []
    definitions: dict[str, list[_Use]] = {}
    handed_on: set[str] = set()
    for unit in source.units:
        if unit.module != source.units[0].module:
            continue
        try:
            tree = ast.parse(unit.code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in tree.body:
            is_function = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
            local = _bound_inside(statement) if is_function else set()
            known = aliases
            if is_function:
                known = {name: full for name, full in aliases.items() if name not in local}
            for node in ast.walk(statement):
                _collect_alias(node, known, stars)
            uses = [
                _Use(name, unit.name, line, known, name.split(".")[0] in local)
                for name, line in _dotted_names(statement)
            ]
            for name in _names_bound(statement):
                # A function that is written again replaces the first one, unless that was handed to somebody.
                if is_function and name not in handed_on:
                    definitions[name] = []
                definitions.setdefault(name, []).extend(uses)
            handed_on |= _names_handed_on(statement)
    found = {}
    for function, patterns in banned.items():
        wanted = [_canonical_pattern(pattern) for pattern in patterns]
        hit = _search(function, wanted, definitions, stars)
        if hit is not None:
            values = {"function": function, "name": hit.name, "place": f"{hit.unit}:{hit.line}"}
            found[function] = Explanation("submission.forbidden", values)
    return found


def _bound_inside(function: ast.AST) -> set[str]:
    """Return the parameters and variables of a function, those of the functions in it included."""
    names, outer = set(), set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outer |= set(node.names)
    return names - outer


def _names_handed_on(statement: ast.stmt) -> set[str]:
    """Return the names that a statement uses for more than calling them."""
    called = {
        id(node.func)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called
    }


def _collect_alias(node: ast.AST, aliases: dict[str, str], stars: list[str]) -> None:
    if isinstance(node, ast.Import):
        for item in node.names:
            aliases[item.asname or item.name.split(".")[0]] = (
                item.name if item.asname else item.name.split(".")[0]
            )
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for item in node.names:
            if item.name == "*":
                stars.append(node.module)
            else:
                aliases[item.asname or item.name] = f"{node.module}.{item.name}"
    elif isinstance(node, ast.Assign):
        value = _dotted(node.value)
        if value is not None:
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id != value.split(".")[0]:
                    aliases[target.id] = _expand(value, aliases)


def _names_bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } | {
        node.name
        for node in ast.walk(statement)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def _dotted(node: ast.AST) -> str | None:
    """Return `a.b.c` for such an expression, `getattr(a.b, "c")` included."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return None if base is None else f"{base}.{node.attr}"
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and len(node.args) >= 2
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[1].value, str)
    ):
        base = _dotted(node.args[0])
        return None if base is None else f"{base}.{node.args[1].value}"
    return None


def _dotted_names(statement: ast.stmt) -> list[tuple[str, int]]:
    names = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Name | ast.Attribute | ast.Call):
            name = _dotted(node)
            if name is not None:
                names.append((name, getattr(node, "lineno", 0)))
        elif isinstance(node, ast.Import):
            names += [(item.name, node.lineno) for item in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [(f"{node.module}.{item.name}", node.lineno) for item in node.names]
    return names


def _expand(name: str, aliases: Mapping[str, str], depth: int = 0) -> str:
    root, dot, rest = name.partition(".")
    if root in aliases and depth < 20:
        base = aliases[root]
        if base.split(".")[0] != root:
            base = _expand(base, aliases, depth + 1)
        return base + dot + rest
    return name


def _search(
    function: str, patterns: Sequence[str], definitions: Mapping[str, list[_Use]], stars: Sequence[str]
) -> _Use | None:
    waiting, seen = [function], {function}
    while waiting:
        for use in definitions.get(waiting.pop(), ()):
            root = use.name.split(".")[0]
            if not use.is_local and root in definitions and root not in seen:
                seen.add(root)
                waiting.append(root)
            candidates = [_canonical(_expand(use.name, use.aliases))]
            if root not in use.aliases and root not in definitions and not use.is_local:
                candidates += [_canonical(f"{module}.{use.name}") for module in stars]
            if any(fnmatchcase(candidate, pattern) for candidate in candidates for pattern in patterns):
                return use
    return None
