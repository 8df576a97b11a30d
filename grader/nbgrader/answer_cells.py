"""Stub and reference -> the code cells that a student writes in: one for each function, with the solution in a region.

nbgrader puts a placeholder in place of each region of a solution, also of one outside of functions. So a reference's own
helpers, constants and imports go into the region of each function that uses them: what is left after clearing is the
stub, and running it defines the functions and raises nothing until one is called.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.files import files_of, name_in_course
from grader.errors import CourseError, Fault
from grader.model import Exercise, Explanation
from grader.nbgrader.statements import bound_names, first_line, last_line, needed_by
from grader.release.likeness import without_docstring

BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class StudentCells:
    """The source of the cells of one exercise, as the instructor has them."""

    given: str
    """What the stub has outside of its public functions: the imports, for example."""
    functions: dict[str, str]
    """Function -> the source of its cell, with the solution in it."""


@dataclass(frozen=True, slots=True)
class _Module:
    file: str
    """Its path below the course's folder."""
    lines: Sequence[str]
    tree: ast.Module

    def text(self, first: int, last: int) -> str:
        """Return the lines with these numbers, and those between them."""
        return "\n".join(self.lines[first - 1 : last])

    def statement(self, node: ast.stmt) -> str:
        """Return the text of a statement."""
        return self.text(first_line(node), last_line(node))


def student_cells(exercise: Exercise) -> StudentCells:
    """Return the cells of an exercise.

    Raises:
        CourseError: the reference cannot be put into cells: a function is missing or has other parameters than the stub's,
            a statement outside of functions binds no name, or a function changes a global name.
    """
    assert exercise.solution_folder is not None
    files = files_of(exercise)
    stub, reference = _read(files.stub), _read(files.solution)
    solutions = {node.name: node for node in _functions(reference.tree)}
    given = [node for node in without_docstring(stub.tree) if not _is_public(node)]
    helpers: dict[str, list[ast.stmt]] = defaultdict(list)
    for helper in _helpers(reference, stub, set(exercise.functions)):
        for bound in bound_names(helper):
            helpers[bound].append(helper)
    cells = {}
    for node in _functions(stub.tree):
        if node.name not in exercise.functions:
            continue
        if node.name not in solutions:
            raise _fault(reference, None, "nbgrader.no_solution", function=node.name)
        cells[node.name] = _cell(stub, node, reference, solutions[node.name], helpers)
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
    helpers: Mapping[str, Sequence[ast.stmt]],
) -> str:
    """Return a function's cell: the stub's header and docstring, the reference's body between the marks."""
    if _parameters(signature) != _parameters(solution):
        raise _fault(reference, solution, "nbgrader.other_signature", function=solution.name)
    for node in ast.walk(solution):
        if isinstance(node, ast.Global):
            raise _fault(reference, node, "nbgrader.global_name", name=", ".join(node.names))
    has_text = ast.get_docstring(signature) is not None
    header_end = signature.body[0].end_lineno if has_text else signature.body[0].lineno - 1
    header = stub.text(first_line(signature), header_end or signature.lineno)
    parts = [_indented(reference.statement(node), node) for node in needed_by(solution.body, helpers)]
    body = without_docstring(solution)
    if body:
        # It begins after the docstring: a comment above the first statement belongs to the solution.
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
    """Yield the reference's statements that the stub does not have, without the functions of the exercise."""
    given = {ast.dump(node) for node in without_docstring(stub.tree)}
    for node in without_docstring(reference.tree):
        is_function = isinstance(node, ast.FunctionDef) and node.name in public
        if is_function or _is_future(node) or ast.dump(node) in given:
            continue
        if not bound_names(node):
            raise _fault(reference, node, "nbgrader.loose_statement")
        yield node


def _indented(text: str, node: ast.stmt) -> str:
    """Return a statement one level deeper. A literal text of several lines stays as it is, unless it is a docstring."""
    inside: set[int] = set()
    docstrings = {id(item.value) for item in ast.walk(node) if isinstance(item, ast.Expr)}
    start = first_line(node)
    for item in ast.walk(node):
        is_text = isinstance(item, ast.Constant) and isinstance(item.value, str | bytes)
        if isinstance(item, ast.JoinedStr) or (is_text and id(item) not in docstrings):
            inside |= {*range(item.lineno + 1, (item.end_lineno or item.lineno) + 1)}  # type: ignore[attr-defined]
    return "\n".join(
        line if not line.strip() or number in inside else _INDENT + line
        for number, line in enumerate(text.splitlines(), start=start)
    )


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def _is_public(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _parameters(function: ast.FunctionDef) -> list[tuple[str, str]]:
    """Return the kind and the name of each of a function's parameters."""
    arguments = function.args
    kinds = {
        "positional": arguments.posonlyargs,
        "any": arguments.args,
        "star": [arguments.vararg] if arguments.vararg else [],
        "keyword": arguments.kwonlyargs,
        "stars": [arguments.kwarg] if arguments.kwarg else [],
    }
    return [(kind, item.arg) for kind, items in kinds.items() for item in items]


def _fault(module: _Module, node: ast.AST | None, key: str, **values: object) -> CourseError:
    place = f"line {node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return CourseError((Fault(module.file, place, Explanation(key, dict(values))),))
