"""Stub and reference -> the code cells that a student writes in: one for each function, class and variable.

The solution is in a region, of a class one in each method.

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
from grader.course.stub import assigned
from grader.errors import CourseError, Fault
from grader.model import Exercise, Explanation
from grader.nbgrader.statements import bound_names, first_line, last_line, needed_by
from grader.release.likeness import without_docstring

BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"
_INDENT = "    "
_ASSIGNMENTS = ast.Assign | ast.AnnAssign


@dataclass(frozen=True, slots=True)
class StudentCells:
    """The source of the cells of one exercise, as the instructor has them."""

    given: str
    """What the stub has outside of its public functions: the imports, for example."""
    functions: dict[str, str]
    """Function, class or variable -> the source of its cell, with the solution in it."""


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
    solutions = {name: node for node in reference.tree.body for name in _written(node, exercise)}
    # Questions have cells of their own.
    asked = {question.id for question in exercise.questions}
    given = [
        node
        for node in without_docstring(stub.tree)
        if not _is_public(node, exercise) and not asked.intersection(assigned(node))
    ]
    helpers: dict[str, list[ast.stmt]] = defaultdict(list)
    for helper in _helpers(reference, stub, set(exercise.functions)):
        for bound in bound_names(helper):
            helpers[bound].append(helper)
    cells = {}
    for node in stub.tree.body:
        for name in _written(node, exercise):
            if name not in solutions:
                raise _fault(reference, None, "nbgrader.no_solution", function=name)
            cells[name] = _any_cell(stub, node, reference, solutions[name], helpers)
    future = [stub.statement(node) for node in given if _is_future(node)]
    source = "\n".join(stub.statement(node) for node in given)
    return StudentCells(source, {name: "\n".join([*future, cell]) for name, cell in cells.items()})


def _read(path: Path) -> _Module:
    file = name_in_course(path)
    text = path.read_text(encoding="utf-8-sig")
    try:
        return _Module(file, text.splitlines(), ast.parse(text))
    except SyntaxError as error:
        explanation = Explanation("course.python", {"problem": error.msg})
        raise CourseError((Fault(file, f"line {error.lineno}", explanation),)) from error


def _any_cell(
    stub: _Module,
    node: ast.stmt,
    reference: _Module,
    solution: ast.stmt,
    helpers: Mapping[str, Sequence[ast.stmt]],
) -> str:
    """Return the cell of a function, a class or a variable."""
    if isinstance(node, ast.FunctionDef) and isinstance(solution, ast.FunctionDef):
        cell = _cell(stub, node, reference, solution, helpers)
    elif isinstance(node, ast.ClassDef) and isinstance(solution, ast.ClassDef):
        cell = _class_cell(stub, node, reference, solution, helpers)
    elif isinstance(node, _ASSIGNMENTS) and isinstance(solution, _ASSIGNMENTS):
        needed = [reference.statement(item) for item in needed_by([solution], helpers)]
        parts = [stub.statement(node), BEGIN_SOLUTION, *needed, reference.statement(solution), END_SOLUTION]
        cell = "\n".join(parts)
    else:
        raise _fault(reference, solution, "nbgrader.other_kind")
    try:
        compile(cell, reference.file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _fault(reference, solution, "course.python", problem=error.msg) from error
    return cell


def _class_cell(
    stub: _Module,
    node: ast.ClassDef,
    reference: _Module,
    solution: ast.ClassDef,
    helpers: Mapping[str, Sequence[ast.stmt]],
) -> str:
    """Return a class's cell: the stub's, with the solution of each method in a region of its own."""
    members = {name for item in node.body for name in bound_names(item)}
    methods = {item.name: item for item in solution.body if isinstance(item, ast.FunctionDef)}
    for item in solution.body:
        # A region outside of a method would raise where the class is defined.
        if not bound_names(item) <= members:
            raise _fault(reference, item, "nbgrader.other_members", function=node.name)
    cell = stub.text(first_line(node), node.lineno)
    end = node.lineno
    for item in node.body:
        cell += "\n" + stub.text(end + 1, first_line(item) - 1) if first_line(item) > end + 1 else ""
        end = last_line(item)
        if not isinstance(item, ast.FunctionDef):
            cell += "\n" + stub.statement(item)
        elif item.name in methods:
            cell += "\n" + _cell(stub, item, reference, methods[item.name], helpers)
        else:
            raise _fault(reference, solution, "nbgrader.no_solution", function=f"{node.name}.{item.name}")
    return cell


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
    indent = " " * signature.col_offset + _INDENT
    header_end = signature.body[0].end_lineno if has_text else signature.body[0].lineno - 1
    header = stub.text(first_line(signature), header_end or signature.lineno)
    parts = [_indented(reference.statement(node), node, indent) for node in needed_by(solution.body, helpers)]
    body = without_docstring(solution)
    if body:
        # It begins after the docstring: a comment above the first statement belongs to the solution.
        above = solution.body[0].end_lineno or 0 if len(body) < len(solution.body) else body[0].lineno - 1
        text = reference.text(above + 1, solution.end_lineno or above + 1)
        parts.append(text.strip("\n"))
    else:
        parts.append(f"{indent}pass")
    return "\n".join([header, indent + BEGIN_SOLUTION, *parts, indent + END_SOLUTION])


def _helpers(reference: _Module, stub: _Module, public: set[str]) -> Iterator[ast.stmt]:
    """Yield the reference's statements that the stub does not have, without the functions of the exercise."""
    given = {ast.dump(node) for node in without_docstring(stub.tree)}
    for node in without_docstring(reference.tree):
        if bound_names(node) & public or _is_future(node) or ast.dump(node) in given:
            continue
        if not bound_names(node):
            raise _fault(reference, node, "nbgrader.loose_statement")
        yield node


def _indented(text: str, node: ast.stmt, indent: str) -> str:
    """Return a statement deeper. A literal text of several lines stays as it is, unless it is a docstring."""
    inside: set[int] = set()
    docstrings = {id(item.value) for item in ast.walk(node) if isinstance(item, ast.Expr)}
    start = first_line(node)
    for item in ast.walk(node):
        is_text = isinstance(item, ast.Constant) and isinstance(item.value, str | bytes)
        if isinstance(item, ast.JoinedStr) or (is_text and id(item) not in docstrings):
            inside |= {*range(item.lineno + 1, (item.end_lineno or item.lineno) + 1)}  # type: ignore[attr-defined]
    return "\n".join(
        line if not line.strip() or number in inside else indent + line
        for number, line in enumerate(text.splitlines(), start=start)
    )


def _written(node: ast.stmt, exercise: Exercise) -> list[str]:
    """Return which of an exercise's functions, classes and variables a statement of a file is."""
    is_one = isinstance(node, ast.FunctionDef | ast.ClassDef | _ASSIGNMENTS)
    return [name for name in exercise.functions if is_one and name in bound_names(node)]


def _is_public(node: ast.stmt, exercise: Exercise) -> bool:
    is_function = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    return is_function or bool(_written(node, exercise))


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
