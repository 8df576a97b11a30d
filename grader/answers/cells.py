"""What one cell of a notebook binds and uses, as far as it takes to say which cells belong together."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from grader.course.files import files_of
from grader.model import Exercise

__all__ = ["CellNames", "Parameters", "read_cell", "stub_parameters"]

_DEFINED = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
"""What is found in a cell that is no Python as a whole."""

_INSIDE = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a function can be called with."""

    names: tuple[str, ...] = ()
    needed: int = 0
    is_open: bool = False
    """Whether it takes any number, or is nothing whose parameters can be read."""

    def accept(self, count: int) -> bool:
        """Return whether that many arguments fit."""
        return self.is_open or self.needed <= count <= len(self.names)


@dataclass(frozen=True, slots=True)
class CellNames:
    """The names of one cell."""

    bound: frozenset[str] = frozenset()
    """Outside of functions."""
    used: frozenset[str] = frozenset()
    """Anywhere."""
    parameters: dict[str, Parameters] = field(default_factory=dict)
    """Of the functions that it defines."""
    has_star: bool = False
    """Whether it imports names that it does not name."""

    def accepts(self, function: str, parameters: Parameters) -> bool:
        """Return whether what it defines can be called as a stub is."""
        return self.parameters.get(function, _UNKNOWN).accept(len(parameters.names))


_UNKNOWN = Parameters(is_open=True)


def read_cell(code: str) -> CellNames:
    """Return the names of a cell."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return CellNames(frozenset(found[1] or found[2] for found in _DEFINED.finditer(code)))
    bound: set[str] = set()
    parameters: dict[str, Parameters] = {}
    for node in _outside_functions(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
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
    """Yield what is executed with the cell itself, without what only a comprehension binds."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _INSIDE):
            waiting += ast.iter_child_nodes(node)


def _parameters(arguments: ast.arguments) -> Parameters:
    names = tuple(argument.arg for argument in [*arguments.posonlyargs, *arguments.args])
    needed = len(names) - len(arguments.defaults)
    return Parameters(names, needed, arguments.vararg is not None)


def stub_parameters(exercise: Exercise, function: str) -> Parameters:
    """Return the parameters of a function as the exercise's stub has it."""
    return _stub(files_of(exercise).stub).parameters.get(function, _UNKNOWN)


@cache
def _stub(path: Path) -> CellNames:
    return read_cell(path.read_text(encoding="utf-8"))
