"""Which functions of a submission plainly use what their exercise bans: read from the syntax tree, nothing is executed.

Imports are followed, names that are given to a dotted name, and the submission's own functions by their names. All else
is seen when the code is executed (`runner/inside/doors.py`), and what is in doubt is left to that: a layer that is made
may never be called, and a function within a function neither.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache, partial
from importlib.util import find_spec
from typing import Any

from grader.bans.imports import imported_module, package_of
from grader.errors import SubmissionError
from grader.model import Explanation, Source, Unit, Verdict
from grader.runner.inside.helpers import MODULE
from grader.runner.inside.patterns import is_banned

_MOST = 1000
"""The number of names that one name may stand for in turn: of two modules that import each other they have no end."""
_MOST_PARTS = 20
_METHOD = "(...)"
"""Stands for the full name of a method that is banned by its own name."""
_MAKERS = ("namedtuple", "make_dataclass", "__setattr__", "Enum")
"""Functions of a module or an object that are told what something has, as a text."""
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


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
    return _found(source, banned, stopped or {}, "submission.forbidden") if banned else {}


def find_absent(source: Source, functions: Sequence[str], modules: Sequence[str]) -> tuple[Explanation, ...]:
    """Return which of these functions use modules that are not installed, where stand-ins gave nothing in their place."""
    # A loop over a progress bar is a loop all the same.
    patterns = [f"{name}.*" for name in modules if name != "tqdm" and not _is_installed(name)]
    banned = dict.fromkeys(functions, patterns)
    return tuple(_found(source, banned, {}, "submission.uses_absent").values()) if patterns else ()


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _found(
    source: Source, banned: Mapping[str, Sequence[str]], stopped: Mapping[str, Collection[int]], key: str
) -> dict[str, Explanation]:
    answer = _Scope()
    units = [(unit, _statements(unit)) for unit in source.units]
    helpers = [(unit, _statements(unit)) for unit in source.helpers]
    for unit, statements in units:
        if unit.module == source.units[0].module:
            answer.read(unit, statements, stopped.get(unit.name, ()))
    modules = {unit.module: _Scope() for unit in source.helpers}
    for unit, statements in helpers:
        modules[unit.module].read(unit, statements, ())

    @cache
    def own_names() -> frozenset[str]:
        return frozenset(name for pair in (*units, *helpers) for name in _attributes(*pair))

    found = {}
    for function, patterns in banned.items():
        methods = [item.removeprefix("*.") for item in patterns if item.startswith("*.")]
        search = _Search(modules, partial(_is_method, patterns=methods, own_names=own_names))
        for full_name, text, place, is_used in search.uses(answer, function):
            is_certain = is_used or key == "submission.uses_absent"
            if full_name == _METHOD or (is_certain and is_banned(full_name, tuple(patterns))):
                values = {"function": function, "name": text, "place": place}
                found[function] = Explanation(key, values)
                break
    return found


def _is_method(name: str, patterns: Sequence[str], own_names: Callable[[], frozenset[str]]) -> bool:
    """Return whether a method is banned by its name alone: what the student's own objects have, or may have, is not."""
    is_banned = any(fnmatchcase(name, pattern) for pattern in patterns)
    return is_banned and own_names().isdisjoint((name, "__getattr__"))


def _attributes(unit: Unit, statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that a student's own objects may have: of methods, of attributes that are set, however it is done."""
    if unit.module != MODULE:
        yield from (name for name, _ in _bindings(_executed(statements), unit.name, ""))
    for node in [item for statement in statements for item in ast.walk(statement)]:
        if isinstance(node, ast.ClassDef):
            yield from (name for name, _ in _bindings(_executed(node.body), unit.name, ""))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.Dict):
            # `type("Box", (), {"total": lambda box: 3})`, but not `{"total": x.total()}`.
            pairs = zip(node.keys, node.values, strict=True)
            keys = (key for key, item in pairs if isinstance(item, ast.Lambda))
            yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))
        elif isinstance(node, ast.Call):
            # `SimpleNamespace(total=f)`, `setattr(box, "total", f)`, `namedtuple("Box", "total")`.
            yield from (item.arg for item in node.keywords if item.arg)
            maker = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            is_named = isinstance(node.func, ast.Name) and node.func.id != "print"
            given = node.args if is_named or maker in _MAKERS else []
            texts = (item.value for item in given if isinstance(item, ast.Constant))
            yield from (
                word for text in texts if isinstance(text, str) for word in text.replace(",", " ").split()
            )


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a name may stand for: the full name of something imported, a dotted name, or an own function."""

    value: str | ast.AST
    unit: str
    line: int
    package: str


@dataclass(slots=True, eq=False)
class _Scope:
    """The names of a module or of a function. One that is given a value that does not show has no meanings."""

    outer: _Scope | None = None
    names: dict[str, list[_Meaning]] = field(default_factory=dict)
    stars: list[_Meaning] = field(default_factory=list)
    """The modules that are imported with `*`."""

    def read(self, unit: Unit, statements: Iterable[ast.stmt], stopped: Collection[int]) -> None:
        """Read what a unit's statements bind; `stopped` are the lines of those that were not executed to their end."""
        package = package_of(unit)
        for statement in statements:
            nodes = list(_executed([statement]))
            is_certain = isinstance(statement, _DEFINITION | ast.Import | ast.ImportFrom | ast.Assign)
            if is_certain and not {0, statement.lineno} & {*stopped}:
                self.names |= {name: [] for name, _ in _bindings(nodes, unit.name, package)}
            self.bind(nodes, unit.name, package)

    def bind(self, nodes: Iterable[ast.AST], unit: str, package: str) -> None:
        """Add the names that nodes bind, all that is executed where they are among them."""
        for name, meaning in _bindings(nodes, unit, package):
            if name == "*" and meaning is not None:
                self.stars.append(meaning)
            else:
                self.names.setdefault(name, []).extend([meaning] if meaning is not None else [])


def _bindings(nodes: Iterable[ast.AST], unit: str, package: str) -> Iterator[tuple[str, _Meaning | None]]:
    """Yield the names that nodes bind when they are executed, each with what it stands for where that shows."""
    for node in nodes:
        values: list[tuple[str, str | ast.AST | None]] = []
        if isinstance(node, ast.Import):
            roots = [(item, item.name.partition(".")[0]) for item in node.names]
            values = [(item.asname or root, item.name if item.asname else root) for item, root in roots]
        elif isinstance(node, ast.ImportFrom):
            module = imported_module(node, package)
            names = [(item, f"{module}.{item.name}".strip(".*")) for item in node.names]
            values = [("*" if item.name == "*" else item.asname or item.name, name) for item, name in names]
        elif isinstance(node, _DEFINITION):
            values = [(node.name, node)]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute | ast.Name | ast.Lambda):
            values = [(target.id, node.value) for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            values = [(node.id, None)]
        elif isinstance(node, ast.arg | ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            values = [(getattr(node, "arg", None) or getattr(node, "name", None) or "", None)]
        for name, value in values:
            yield name, None if value is None else _Meaning(value, unit, getattr(node, "lineno", 0), package)


class _Search:
    """The search for one function: it goes from the function to all that this uses by name."""

    def __init__(self, modules: Mapping[str, _Scope], is_method: Callable[[str], bool]) -> None:
        """Take the student's modules, and what says of a method's name whether it is banned whatever has it."""
        self._modules = modules
        self._is_method = is_method
        self._seen: set[int] = set()
        self._waiting: list[tuple[_Meaning, _Scope]] = []

    def uses(self, answer: _Scope, function: str) -> Iterator[tuple[str, str, str, bool]]:
        """Yield each full name that is referred to, as it is written, its place, and whether that is certainly a use."""
        for full_name, meaning in self._full_names(function, answer, has_methods=True):
            if meaning is not None:
                # What was imported is the answer itself.
                yield full_name, full_name, f"{meaning.unit}:{meaning.line}", True
        while self._waiting:
            meaning, outer = self._waiting.pop()
            node: Any = meaning.value
            body = [node.args, *(node.body if isinstance(node.body, list) else [node.body])]
            scope = _Scope(outer)
            nodes = list(_executed(body))
            scope.bind(nodes, meaning.unit, meaning.package)
            # Of an object that is made and called at once nothing is in doubt.
            called = {
                id(item.func.func)
                for item in nodes
                if isinstance(item, ast.Call) and isinstance(item.func, ast.Call)
            }
            for item in nodes:
                if isinstance(item, ast.Attribute | ast.Name) and (text := _dotted(item)):
                    for full_name, _ in self._full_names(text, scope):
                        is_class = full_name.rpartition(".")[2][:1].isupper() and ".raw_ops." not in full_name
                        is_used = not is_class or id(item) in called
                        yield full_name, text, f"{meaning.unit}:{item.lineno}", is_used
                if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute):
                    name = item.func.attr
                    if self._is_method(name) and not self._is_known(item.func, scope):
                        text = _dotted(item.func) or f"(...).{name}"
                        yield _METHOD, text, f"{meaning.unit}:{item.lineno}", True

    def _is_known(self, method: ast.Attribute, scope: _Scope) -> bool:
        """Return whether it shows what a method belongs to: a module, or something else that was imported."""
        text = _dotted(method)
        return bool(text) and any(True for _ in self._full_names(text, scope))

    def _full_names(
        self, text: str, scope: _Scope | None, *, has_methods: bool = False
    ) -> Iterator[tuple[str, _Meaning | None]]:
        """Yield what a dotted name may stand for, with what gave it that; have its own functions searched too.

        With `has_methods` a class's methods are: an object of it is asked for, and whatever it does is done in its name.
        """
        waiting: list[tuple[str, _Scope | None, _Meaning | None]] = [(text, scope, None)]
        seen: set[tuple[str, _Scope | None]] = set()
        while waiting and len(seen) < _MOST:
            name, scope, last = waiting.pop()
            if (name, scope) in seen or name.count(".") > _MOST_PARTS:
                continue
            seen.add((name, scope))
            root, dot, rest = name.partition(".")
            if scope is None:
                inside = [(inner, module, last) for inner, module in self._in_modules(name)]
                waiting += inside
                if not inside:
                    yield name, last
                continue
            if root not in scope.names:
                waiting.append((name, scope.outer, last))
                waiting += [(f"{star.value}.{name}", None, star) for star in scope.stars]
            for meaning in scope.names.get(root, ()):
                if isinstance(meaning.value, str):
                    waiting.append((meaning.value + dot + rest, None, meaning))
                elif isinstance(meaning.value, ast.Attribute | ast.Name):
                    waiting.append((_dotted(meaning.value) + dot + rest, scope, meaning))
                elif isinstance(meaning.value, ast.ClassDef):
                    methods = (
                        [item for item in meaning.value.body if isinstance(item, _FUNCTION)]
                        if has_methods
                        else []
                    )
                    self._waiting += [(replace(meaning, value=item), scope) for item in methods]
                elif id(meaning.value) not in self._seen:
                    self._seen.add(id(meaning.value))
                    self._waiting.append((meaning, scope))

    def _in_modules(self, name: str) -> Iterator[tuple[str, _Scope]]:
        """Yield what a full name means in the student's own modules."""
        parts = name.removeprefix(f"{MODULE}.").split(".")
        for count in range(1, len(parts)):
            module = self._modules.get(".".join(parts[:count]))
            if module is not None:
                yield ".".join(parts[count:]), module


def _statements(unit: Unit) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            # Where warnings are errors, "\d" would be a SyntaxError here and none in the sandbox.
            warnings.simplefilter("ignore")
            return ast.parse(unit.code).body
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        # Python has a limit for the digits of a number, which a submission may lift for itself.
        if isinstance(error, RecursionError | MemoryError) or "integer string conversion" in str(error):
            explanation = Explanation("submission.too_complex", {"unit": unit.name})
            raise SubmissionError(Verdict.ERROR, explanation) from None
        # What is not Python cannot be executed either.
        return []


def _executed(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield what is executed where nodes are: without the bodies of what is defined there, and of a dotted name no part."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, _DEFINITION):
            # As `ast.iter_child_nodes` does, in half of its time.
            for name in node._fields:
                value = getattr(node, name, None)
                if isinstance(value, ast.AST):
                    waiting.append(value)
                elif isinstance(value, list):
                    waiting += [item for item in value if isinstance(item, ast.AST)]


def _dotted(node: ast.expr) -> str:
    """Return a dotted name as text; empty where it begins with anything but a name."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
