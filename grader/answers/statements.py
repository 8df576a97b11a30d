"""A submission's source, statement by statement: which names each binds and uses. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from grader.answers.cells import CellNames, names_of, read_cell
from grader.answers.python import parsed
from grader.model import Source, Unit


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement outside of functions, or all of a unit that is not Python."""

    unit: str
    line: int
    """The line that it begins at; 0 for a unit that is not Python."""
    names: CellNames
    is_import: bool = False
    is_function: bool = False
    is_class: bool = False
    methods: tuple[tuple[str, str], ...] = ()
    """The functions in a class, each with the class's name."""


def statements_of(source: Source) -> list[Statement]:
    """Return the statements of the units whose functions are called, in the order in which they are executed."""
    return _of_units(source.units)


@lru_cache(maxsize=1)
def _of_units(units: tuple[Unit, ...]) -> list[Statement]:
    """Return the statements; for one submission they are asked for again and again."""
    module = units[0].module if units else ""
    return [
        statement for unit in units if unit.module == module for statement in _of_unit(unit.name, unit.code)
    ]


def _of_unit(unit: str, code: str) -> Iterator[Statement]:
    tree = parsed(code)
    if tree is None:
        yield Statement(unit, 0, read_cell(code))
        return
    for node in tree.body:
        yield Statement(
            unit,
            node.lineno,
            names_of(ast.Module([node], [])),
            is_import=isinstance(node, ast.Import | ast.ImportFrom),
            is_function=isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef),
            is_class=isinstance(node, ast.ClassDef),
            methods=_methods(node),
        )


def _methods(node: ast.stmt) -> tuple[tuple[str, str], ...]:
    if not isinstance(node, ast.ClassDef):
        return ()
    return tuple((node.name, item.name) for item in node.body if isinstance(item, ast.FunctionDef))


def needed_for(functions: Iterable[str], statements: list[Statement]) -> set[tuple[str, int]]:
    """Return the unit and the line of each statement that functions need: it binds a name that they lead to."""
    makers: dict[str, list[Statement]] = {}
    for statement in statements:
        for name in statement.names.bound:
            makers.setdefault(name, []).append(statement)
    needed = {(item.unit, item.line) for item in statements if item.names.has_star}
    wanted, known = list(functions), set(functions)
    while wanted:
        for statement in makers.get(wanted.pop(), []):
            needed.add((statement.unit, statement.line))
            wanted += statement.names.used - known
            known |= statement.names.used
    return needed
