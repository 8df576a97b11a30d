"""What a stub or a check may not do, because a check could not ask for it, or a student could read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.course.files import files_of, name_in_course
from grader.errors import Fault
from grader.model import Exercise, Explanation

RESERVED = frozenset(["type_name", "describe"])
"""What every object that a check holds has: a class's own attribute of this name could not be asked for."""
_TELLING = ("expected", "answer", "solution")
"""Parts of names by which authors call what is right."""


def shape_faults(exercise: Exercise) -> Iterator[Fault]:
    """Yield reserved names and missing methods in an exercise's stub, and functions passed by its checks that tell an answer."""
    files = files_of(exercise)
    stub = files.stub
    yield from _missing_methods(exercise)
    for owner in ast.walk(ast.parse(stub.read_text(encoding="utf-8-sig"))):
        for node in owner.body if isinstance(owner, ast.ClassDef) else ():
            names = {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else _set(node)
            for name in sorted(names & RESERVED):
                explanation = Explanation("verify.reserved_name", {"name": name})
                yield Fault(name_in_course(stub), f"line {node.lineno}", explanation)
    for path in (files.visible_checks, files.hidden_checks):
        if path is not None and path.is_file():
            for line, name in _telling(ast.parse(path.read_text(encoding="utf-8-sig"))):
                explanation = Explanation("verify.telling_function", {"name": name})
                yield Fault(name_in_course(path), f"line {line}", explanation)


def _missing_methods(exercise: Exercise) -> Iterator[Fault]:
    """Yield the methods of the reference's classes that checks ask for, and of which the stub's classes say nothing."""
    files = files_of(exercise)
    checks = [path for path in (files.visible_checks, files.hidden_checks) if path.is_file()]
    asked = {
        node.attr
        for path in checks
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8-sig")))
        if isinstance(node, ast.Attribute)
    }
    given = _classes(files.stub)
    for name, right in _classes(files.solution).items() if files.solution.is_file() else ():
        if name in given:
            known = {item for node in ast.walk(given[name]) for item in _bound(node)}
            for node in right.body:
                if isinstance(node, ast.FunctionDef) and node.name in asked - known:
                    explanation = Explanation(
                        "verify.stub_lacks_method", {"method": node.name, "class": name}
                    )
                    yield Fault(name_in_course(files.stub), f"line {given[name].lineno}", explanation)


def _classes(path: Path) -> dict[str, ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8-sig"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _bound(node: ast.AST) -> set[str]:
    return {node.name} if isinstance(node, ast.FunctionDef) else _set(node)


def _set(node: ast.AST) -> set[str]:
    return {
        item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }


def _telling(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where a function is passed to a submission's code that uses what is right, by its name or because the reference gave it."""
    definitions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for check in tree.body:
        from_reference, from_submission = _made_of(check, "reference"), _made_of(check, "submission")
        for call in ast.walk(check):
            if not isinstance(call, ast.Call) or not _is_of(call.func, from_submission):
                continue
            for given in [*call.args, *(item.value for item in call.keywords)]:
                known = definitions.get(given.id) if isinstance(given, ast.Name) else None
                function = known if known is not None else given
                if not isinstance(function, ast.Lambda | ast.FunctionDef):
                    continue
                own = {item.arg for item in ast.walk(function.args) if isinstance(item, ast.arg)}
                used = {
                    item.id
                    for item in ast.walk(function)
                    if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)
                } - own
                for name in sorted(used):
                    is_named = any(part in name.lower() for part in _TELLING)
                    if name in from_reference or is_named:
                        yield given.lineno, name


def _made_of(check: ast.stmt, name: str) -> set[str]:
    """Return a name, and those that a check gives to what it makes of it."""
    assignments = [node for node in ast.walk(check) if isinstance(node, ast.Assign)]
    uses = (
        (node, {item.id for item in ast.walk(node.value) if isinstance(item, ast.Name)})
        for node in assignments
    )
    return {name, *(bound for node, used in uses if name in used for bound in _set(node))}


def _is_of(node: ast.expr, names: set[str]) -> bool:
    """Return whether an expression is one of the names, or an attribute of it."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in names
