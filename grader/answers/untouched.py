"""Whether a file answers an exercise at all, or is still the stub that it began as."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from grader.answers.cells import read_cell
from grader.answers.file import read_submission
from grader.answers.python import parsed
from grader.course.files import files_of
from grader.course.stub import assigned, is_placeholder
from grader.model import Exercise

_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_ASSIGNMENTS = ast.Assign | ast.AnnAssign
_NOTHING = ""
"""What a function does that only says that it is not written yet."""
_ANYTHING = "?"
"""What a name does that stands for something else than a definition."""


def defines(exercise: Exercise, path: Path) -> bool | None:
    """Return whether a file binds one of an exercise's functions; None where it cannot be read."""
    functions = bound_functions(exercise, path)
    return None if functions is None else bool(functions)


def bound_functions(exercise: Exercise, path: Path) -> set[str] | None:
    """Return which of an exercise's functions a file binds; None where it cannot be read."""
    codes = _codes(path)
    if codes is None:
        return None
    return {name for code in codes for name in read_cell(code).bound.intersection(exercise.functions)}


def is_untouched(exercise: Exercise, path: Path) -> bool:
    """Return whether all of an exercise's functions that a file binds are as the stub has them.

    Comments, docstrings, annotations and what stands around the functions do not count.
    """
    codes = _codes(path)
    if codes is None:
        return False
    stub = _stub_bodies(files_of(exercise).stub, exercise.functions)
    bodies = [
        (name, body)
        for code in codes
        for name, bodies in _bodies(code, exercise.functions).items()
        for body in bodies
    ]
    return bool(bodies) and all(body in (_NOTHING, *stub.get(name, ())) for name, body in bodies)


@cache
def _stub_bodies(path: Path, names: tuple[str, ...]) -> dict[str, list[str]]:
    return _bodies(path.read_text(encoding="utf-8-sig"), names)


def _codes(path: Path) -> list[str] | None:
    """Return the code of a file's units; None where it cannot be read."""
    try:
        return [unit.code for unit in read_submission(path).units]
    except Exception:
        # Whatever is wrong with it, or with this program: what grades the file says so.
        return None


def _bodies(code: str, names: Collection[str]) -> dict[str, list[str]]:
    """Return what each definition of these names does."""
    # Python takes other letters for ASCII's in a name.
    if code.isascii() and not any(name in code for name in names):
        return {}
    tree = parsed(code)
    if tree is None:
        return {name: [_ANYTHING] for name in read_cell(code).bound.intersection(names)}
    bodies: dict[str, list[str]] = {}
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _DEFINITIONS) and node.name in names:
            # What is defined in it is a part of what it does.
            bodies.setdefault(node.name, []).append("\n".join(_done(node)))
            continue
        if isinstance(node, _ASSIGNMENTS) and is_placeholder(node):
            for name in set(assigned(node)).intersection(names):
                bodies.setdefault(name, []).append(_NOTHING)
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names:
            bodies.setdefault(node.id, []).append(_ANYTHING)
        elif isinstance(node, ast.alias) and (node.asname or node.name) in names:
            bodies.setdefault(node.asname or node.name, []).append(_ANYTHING)
    return bodies


def _done(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
    """Yield what a function does, or of a class each of its methods."""
    for item in _statements(node.body):
        if isinstance(node, ast.ClassDef) and isinstance(item, _DEFINITIONS):
            yield f"{item.name}: {' '.join(_done(item))}"
        else:
            yield ast.dump(item)


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what a function does, without its docstring and without saying that it is not written yet."""
    for node in body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        raised = node.exc.func if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else None
        raised = raised or (node.exc if isinstance(node, ast.Raise) else None)
        if not is_text and not (isinstance(raised, ast.Name) and raised.id == "NotImplementedError"):
            yield node
