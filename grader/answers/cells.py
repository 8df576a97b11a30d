"""What one cell of a notebook binds and uses, as far as it takes to say which cells belong together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from grader.answers.python import parsed
from grader.course.files import files_of
from grader.model import Exercise

_DEFINED = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
"""What is taken for a definition in a cell that as a whole is not Python."""

_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_INNER = _DEFINITIONS | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
"""What has names of its own, which the cell does not bind."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a function can be called with."""

    names: tuple[str, ...] = ()
    needed: int = 0
    """How many of them have no default."""
    is_open: bool = False
    """Whether it takes any number of arguments, or is something whose parameters cannot be read."""


@dataclass(frozen=True, slots=True)
class CellNames:
    """The names of one cell."""

    bound: frozenset[str] = frozenset()
    """The names that it binds outside of functions."""
    used: frozenset[str] = frozenset()
    """The names that it uses anywhere."""
    parameters: dict[str, Parameters] = field(default_factory=dict)
    """The parameters of the functions and classes that it defines."""
    has_star: bool = False
    """Whether it imports a module's names with `*`."""

    def accepts(self, function: str, parameters: Parameters) -> bool:
        """Return whether its function can be called with the arguments of a stub with these parameters."""
        own = self.parameters.get(function, _UNKNOWN)
        return own.is_open or own.needed <= len(parameters.names) <= len(own.names)


_UNKNOWN = Parameters(is_open=True)


def read_cell(code: str) -> CellNames:
    """Return the names of a cell."""
    tree = parsed(code)
    if tree is None:
        return CellNames(frozenset(match[1] or match[2] for match in _DEFINED.finditer(code)))
    return names_of(tree)


def names_of(tree: ast.Module) -> CellNames:
    """Return the names of what is Python."""
    bound: set[str] = set()
    parameters: dict[str, Parameters] = {}
    for node in _outside_functions(tree):
        if isinstance(node, _DEFINITIONS):
            bound.add(node.name)
            parameters[node.name] = _UNKNOWN if isinstance(node, ast.ClassDef) else _parameters(node.args)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
    used = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return CellNames(frozenset(bound - {"*"}), frozenset(used), parameters, "*" in bound)


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes that bind names in the cell itself, and the functions and the like whose inside does not."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _INNER):
            waiting += ast.iter_child_nodes(node)


def _parameters(arguments: ast.arguments) -> Parameters:
    names = tuple(argument.arg for argument in [*arguments.posonlyargs, *arguments.args])
    needed = len(names) - len(arguments.defaults)
    return Parameters(names, needed, arguments.vararg is not None)


def stub_parameters(exercise: Exercise, function: str) -> Parameters:
    """Return the parameters that a function has in the exercise's stub."""
    return _stub(files_of(exercise).stub).parameters.get(function, _UNKNOWN)


@cache
def _stub(path: Path) -> CellNames:
    return read_cell(path.read_text(encoding="utf-8-sig"))
