"""A solved answer -> the stub that students start from, and the reference."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from textwrap import indent

from grader.answers.cells import names_of
from grader.authoring.parts import Answer, Notebook

_BODY = "raise NotImplementedError"
_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Code:
    """The code of an assignment: what students write in it, and what they are given."""

    def __init__(self, notebook: Notebook) -> None:
        self.answers = [item for item in notebook.content if isinstance(item, Answer) and item.removed]
        self.trees: dict[int, ast.Module] = {}
        """The cells that are Python, by their numbers."""
        for item in notebook.content:
            if isinstance(item, Answer):
                try:
                    self.trees[item.cell] = ast.parse(item.solution)
                except SyntaxError as error:
                    notebook.note(item.cell, "authoring.lost_no_python", line=error.lineno or 0)
        self.names: set[str] = set()
        """What students define: functions, classes, variables."""
        self.first: dict[str, int] = {}
        """The same in their order, each with a cell that defines it."""
        for answer in self.answers:
            tree = self.trees.get(answer.cell, ast.Module([], []))
            removed = (node for node in tree.body if is_removed(answer, node))
            names = [name for node in removed for name in sorted(_defined(node))]
            for name in sorted(self.names.intersection(names)):
                notebook.note(answer.cell, "authoring.set_twice", name=name, first=self.first[name])
            self.first |= dict.fromkeys(names, answer.cell)
            self.names.update(names)


def is_removed(answer: Answer, node: ast.stmt) -> bool:
    """Return whether students do not get all of a statement; an import is no part of an answer."""
    is_import = isinstance(node, ast.Import | ast.ImportFrom)
    return not is_import and bool(answer.removed & set(range(_first_line(node), _last_line(node) + 1)))


def _defined(node: ast.stmt) -> frozenset[str]:
    """Return the names that a statement binds for later: what a loop goes through is not meant."""
    passing = {
        name
        for item in ast.walk(node)
        if isinstance(item, ast.For | ast.AsyncFor)
        for name in names_of(ast.Module([ast.Expr(item.target)], [])).bound
    }
    return names_of(ast.Module([node], [])).bound - passing


def stub_and_solution(code: Code, content: Sequence[str | Answer], read: Collection[str]) -> tuple[str, str]:
    """Return what students start from, and the reference; `read` are the names that tests read."""
    stub: list[str] = []
    solution: list[str] = []
    for item in content:
        if isinstance(item, str) or item.cell not in code.trees:
            continue
        if item.removed:
            solution.append(item.solution)
            stub.append(_stub(item, code.trees[item.cell]))
        else:
            kept = _kept(item, code, read)
            solution.append(kept)
            stub.append(kept)
    # An empty line or two between functions, as Python's style has them.
    return tuple("\n\n\n".join(filter(None, map(str.strip, part))) + "\n" for part in (stub, solution))  # type: ignore[return-value]  # of two


def _kept(given: Answer, code: Code, read: Collection[str]) -> str:
    """Return what an answer needs of a given cell: a call that only shows something is not needed."""
    lines: list[str | None] = list(given.solution.splitlines())
    for node in _shown(given, code, read):
        lines[_first_line(node) - 1 : _last_line(node)] = [None] * (_last_line(node) - _first_line(node) + 1)
    return "\n".join(line for line in lines if line is not None)


def _shown(given: Answer, code: Code, read: Collection[str]) -> Iterator[ast.stmt]:
    for node in code.trees[given.cell].body:
        names = names_of(ast.Module([node], []))
        is_call = not isinstance(node, _DEFINITIONS) and bool(names.used & code.names)
        is_display = isinstance(node, ast.Expr) and not prepares(node)
        if is_display or (is_call and not names.bound & set(read)):
            yield node


def prepares(node: ast.Expr) -> bool:
    """Return whether a call prepares what comes after it, as `np.random.seed(0)` does, and shows nothing."""
    called = node.value.func if isinstance(node.value, ast.Call) else None
    # What stands at the end of a chain of names is what is done.
    return isinstance(called, ast.Attribute) and "seed" in called.attr


def is_shown(given: Answer, code: Code, read: Collection[str]) -> bool:
    """Return whether a given cell does something that students should see and do themselves."""
    return any(True for _ in _shown(given, code, read))


def _stub(answer: Answer, tree: ast.Module) -> str:
    """Return a cell without what students do not get."""
    lines: list[str | None] = list(answer.solution.splitlines())
    for first, last in _runs(answer.removed):
        function = _around(tree, first)
        text = "\n".join(answer.solution.splitlines()[first - 1 : last])
        width = len(text) - len(text.lstrip()) if text.strip() else 0
        if function is not None:
            # One `raise` is enough for a function, whatever was taken out of it.
            begun = _first_line(function.body[0])
            is_first = not any(line in answer.removed for line in range(begun, first))
            replaced = " " * width + _BODY if is_first else None
        else:
            nodes = _between(tree.body, first, last)
            replaced = indent("\n".join(dict.fromkeys(map(_stub_of, nodes))).rstrip(), " " * width) or None
        lines[first - 1 : last] = [replaced, *[None] * (last - first)]
    return "\n".join(line for line in lines if line is not None)


def _stub_of(node: ast.stmt) -> str:
    """Return what students get in place of a statement: a function without its body, a variable without its value."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return f"{ast.unparse(_blank(node))}\n"
    if isinstance(node, ast.Import | ast.ImportFrom):
        return ast.unparse(node)
    return "\n".join(f"{name} = None" for name in sorted(_defined(node)))


def _blank(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.stmt:
    described = node.body[:1] if ast.get_docstring(node) is not None else []
    if isinstance(node, ast.ClassDef):
        methods = [_blank(item) for item in node.body if isinstance(item, _DEFINITIONS)]
        node.body = [*described, *methods] or [ast.Pass()]
    else:
        node.body = [*described, *ast.parse(_BODY).body]
    return node


def _around(tree: ast.Module, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the innermost function in whose body a line lies."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno < line <= _last_line(node)
    ]
    return max(found, key=lambda node: node.lineno, default=None)


def _between(nodes: Iterable[ast.AST], first: int, last: int) -> Iterator[ast.stmt]:
    """Yield the statements that lie between two lines, and not those in them."""
    for node in nodes:
        if isinstance(node, ast.stmt) and first <= _first_line(node) and _last_line(node) <= last:
            yield node
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _between(ast.iter_child_nodes(node), first, last)


def _runs(numbers: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of numbers that follow each other, the last run first."""
    ordered = sorted(numbers, reverse=True)
    while ordered:
        last = first = ordered.pop(0)
        while ordered and ordered[0] == first - 1:
            first = ordered.pop(0)
        yield first, last


def _first_line(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    return min([node.lineno, *(item.lineno for item in decorators)])


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
