"""What an import statement imports from, as its syntax tree says."""

from __future__ import annotations

import ast
from contextlib import suppress
from importlib.util import resolve_name

from grader.model import Unit


def imported_module(node: ast.ImportFrom, package: str) -> str:
    """Return the full name of the module that a statement imports from; empty where there is none."""
    if not node.level or (node.level == 1 and not package):
        # What lies beside an answer is known by its name alone.
        return node.module or ""
    with suppress(ImportError):
        return resolve_name("." * node.level + (node.module or ""), package)
    return ""


def package_of(unit: Unit) -> str:
    """Return the package that a student's module is in, or is."""
    return unit.module if unit.name.endswith("/__init__.py") else unit.module.rpartition(".")[0]
