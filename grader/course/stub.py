"""What a stub leaves to be written, and what it gives."""

from __future__ import annotations

import ast
from dataclasses import dataclass

PLACEHOLDERS = (None, ...)
"""What a variable holds that the student is to set."""
_DEFINITIONS = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Stub:
    """The public names of a stub, in its order."""

    to_write: tuple[str, ...]
    """Functions, classes, and variables that hold nothing yet."""
    variables: tuple[str, ...]
    """The names that it sets, those that are given too."""


def read_stub(tree: ast.Module) -> Stub:
    """Return the names of a stub."""
    to_write: list[str] = []
    variables: list[str] = []
    for node in tree.body:
        if isinstance(node, _DEFINITIONS):
            to_write.append(node.name)
        for name in assigned(node):
            variables.append(name)
            if is_placeholder(node):
                to_write.append(name)
    return Stub(_public(to_write), _public(variables))


def assigned(node: ast.stmt) -> tuple[str, ...]:
    """Return the names that an assignment sets; of any other statement none."""
    targets = node.targets if isinstance(node, ast.Assign) else ()
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return tuple(target.id for target in targets if isinstance(target, ast.Name))


def is_placeholder(node: ast.stmt) -> bool:
    """Return whether an assignment leaves to the student what to set."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    is_declared = isinstance(node, ast.AnnAssign) and value is None
    return is_declared or (isinstance(value, ast.Constant) and value.value in PLACEHOLDERS)


def _public(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if not name.startswith("_")))
