"""Stub and reference -> the code cells that a student writes in: one for each function, the solution in its region.

nbgrader puts a placeholder where a region is, also around what stands outside of functions. So a reference's own
helpers, constants and imports go into the region of each function that uses them: what is left after clearing is the
stub, and running it defines the functions and raises nothing until one is called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.files import files_of, name_in_course
from grader.errors import CourseError, Fault
from grader.model import Exercise, Explanation

__all__ = ["BEGIN_SOLUTION", "END_SOLUTION", "StudentCells", "student_cells"]

BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class StudentCells:
    """The source of the cells of one exercise, as the instructor has them."""

    given: str
    """What the stub holds beside its functions: the imports."""
    functions: dict[str, str]
    """Function -> its cell, with the solution in it."""


@dataclass(frozen=True, slots=True)
class _Module:
    """A file, its statements and its lines."""

    file: str
    lines: Sequence[str]
    tree: ast.Module

    def text(self, first: int, last: int) -> str:
        return "\n".join(self.lines[first - 1 : last])

    def statement(self, node: ast.stmt) -> str:
        return self.text(_first_line(node), node.end_lineno or node.lineno)


def student_cells(exercise: Exercise) -> StudentCells:
    """Return the cells of an exercise.

    Raises:
        CourseError: the reference cannot be put into cells: its signature is another one, it has a statement that binds
            no name, or it changes a global name.

    """
    assert exercise.solution_folder is not None
    files = files_of(exercise)
    stub, reference = _read(files.stub), _read(files.solution)
    written = {node.name: node for node in _functions(reference.tree)}
    given = [node for node in _body(stub.tree) if not _is_public(node)]
    helpers = list(_helpers(reference, stub, set(exercise.functions)))
    cells = {}
    for node in _functions(stub.tree):
        if node.name not in exercise.functions:
            continue
        if node.name not in written:
            raise _fault(reference, None, "nbgrader.no_solution", function=node.name)
        cells[node.name] = _cell(stub, node, reference, written[node.name], helpers)
    future = [stub.statement(node) for node in given if _is_future(node)]
    source = "\n".join(stub.statement(node) for node in given)
    return StudentCells(source, {name: "\n".join([*future, cell]) for name, cell in cells.items()})


def _read(path: Path) -> _Module:
    file = name_in_course(path)
    text = path.read_text(encoding="utf-8")
    try:
        return _Module(file, text.splitlines(), ast.parse(text))
    except SyntaxError as error:
        explanation = Explanation("course.python", {"problem": error.msg})
        raise CourseError((Fault(file, f"line {error.lineno}", explanation),)) from error


def _cell(
    stub: _Module,
    signature: ast.FunctionDef,
    reference: _Module,
    solution: ast.FunctionDef,
    helpers: list[ast.stmt],
) -> str:
    """Return a function's cell: the stub's header and docstring, the reference's body between the marks."""
    if _parameters(signature) != _parameters(solution):
        raise _fault(reference, solution, "nbgrader.other_signature", function=solution.name)
    for node in ast.walk(solution):
        if isinstance(node, ast.Global):
            raise _fault(reference, node, "nbgrader.global_name", name=", ".join(node.names))
    has_text = ast.get_docstring(signature) is not None
    header_end = signature.body[0].end_lineno if has_text else signature.body[0].lineno - 1
    header = stub.text(_first_line(signature), header_end or signature.lineno)
    needed = _needed(solution, helpers)
    parts = [_indented(reference.statement(node), node) for node in needed]
    body = solution.body[1:] if ast.get_docstring(solution) is not None else solution.body
    if body:
        # From the end of the docstring on: a comment above the first statement belongs to the solution.
        above = solution.body[0].end_lineno or 0 if len(body) < len(solution.body) else body[0].lineno - 1
        text = reference.text(above + 1, solution.end_lineno or above + 1)
        parts.append(text.strip("\n"))
    else:
        parts.append(f"{_INDENT}pass")
    cell = "\n".join([header, _INDENT + BEGIN_SOLUTION, *parts, _INDENT + END_SOLUTION])
    try:
        compile(cell, solution.name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _fault(reference, solution, "course.python", problem=error.msg) from error
    return cell


def _helpers(reference: _Module, stub: _Module, public: set[str]) -> Iterator[ast.stmt]:
    """Yield the reference's statements that the stub does not have and that are no exercise's function."""
    given = {ast.dump(node) for node in _body(stub.tree)}
    for node in _body(reference.tree):
        is_function = isinstance(node, ast.FunctionDef) and node.name in public
        if is_function or _is_future(node) or ast.dump(node) in given:
            continue
        if not _bound(node):
            raise _fault(reference, node, "nbgrader.loose_statement")
        yield node


def _needed(function: ast.FunctionDef, helpers: list[ast.stmt]) -> list[ast.stmt]:
    """Return the helpers that a function uses, directly or through each other, in their order."""
    by_name: dict[str, list[ast.stmt]] = {}
    for node in helpers:
        for name in _bound(node):
            by_name.setdefault(name, []).append(node)
    waiting: list[ast.stmt] = list(function.body)
    taken: list[ast.stmt] = []
    while waiting:
        for name in _used(waiting.pop(), by_name):
            new = [node for node in by_name[name] if node not in taken]
            taken += new
            waiting += new
    return [node for node in helpers if node in taken]


def _used(node: ast.AST, by_name: Mapping[str, object]) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and item.id in by_name}


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that a statement outside of functions binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    names = {
        item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }
    for item in ast.walk(node):
        if isinstance(item, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.split(".")[0] for alias in item.names}
    return names


def _indented(text: str, node: ast.stmt) -> str:
    """Return a statement one level deeper; the inside of a text that spans lines stays as it is, docstrings aside."""
    inside: set[int] = set()
    docstrings = {id(item.value) for item in ast.walk(node) if isinstance(item, ast.Expr)}
    start = _first_line(node)
    for item in ast.walk(node):
        is_text = isinstance(item, ast.Constant) and isinstance(item.value, str | bytes)
        if isinstance(item, ast.JoinedStr) or (is_text and id(item) not in docstrings):
            inside |= {*range(item.lineno + 1, (item.end_lineno or item.lineno) + 1)}  # type: ignore[attr-defined]
    lines = text.splitlines()
    return "\n".join(
        line if not line.strip() or start + index in inside else _INDENT + line
        for index, line in enumerate(lines)
    )


def _body(tree: ast.Module) -> list[ast.stmt]:
    """Return a module's statements without its docstring."""
    return tree.body[1:] if ast.get_docstring(tree) is not None else tree.body


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def _is_public(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _parameters(function: ast.FunctionDef) -> list[tuple[str, str]]:
    """Return a function's parameters: kind and name."""
    arguments = function.args
    kinds = {
        "positional": arguments.posonlyargs,
        "any": arguments.args,
        "star": [arguments.vararg] if arguments.vararg else [],
        "keyword": arguments.kwonlyargs,
        "stars": [arguments.kwarg] if arguments.kwarg else [],
    }
    return [(kind, item.arg) for kind, items in kinds.items() for item in items]


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def _fault(module: _Module, node: ast.AST | None, key: str, **values: object) -> CourseError:
    place = f"line {node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return CourseError((Fault(module.file, place, Explanation(key, dict(values))),))
