"""The statements of a Python file: their lines, the names that they bind and use, and what they need of each other."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence


def first_line(node: ast.stmt) -> int:
    """Return the number of a statement's first line, that of a decorator if it has one."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def last_line(node: ast.stmt) -> int:
    """Return the number of a statement's last line."""
    return node.end_lineno or node.lineno


def names_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return every name that is used or bound anywhere in these nodes."""
    return {item.id for node in nodes for item in ast.walk(node) if isinstance(item, ast.Name)}


def bound_names(node: ast.stmt) -> set[str]:
    """Return the names that a statement outside of functions binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    names = set()
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            names.add(item.id)
        elif isinstance(item, ast.alias):
            names.add(item.asname or item.name.split(".")[0])
    return names


def needed_by(nodes: Iterable[ast.AST], makers: Mapping[str, Sequence[ast.stmt]]) -> list[ast.stmt]:
    """Return the statements that nodes need, directly or through each other, in their order in the file.

    `makers` has for each name the statements that bind it.
    """
    waiting, needed = list(nodes), list[ast.stmt]()
    while waiting:
        for name in names_in([waiting.pop()]) & makers.keys():
            new = [node for node in makers[name] if node not in needed]
            needed += new
            waiting += new
    return sorted(needed, key=lambda node: (node.lineno, node.col_offset))
