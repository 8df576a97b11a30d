"""The forms by which two lines, functions or rows of numbers are the same, however they are written."""

from __future__ import annotations

import ast
import contextlib
import copy
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from grader.model import Language

SHORTEST = 4
"""Fewer numbers than this are not compared."""
_NUMBER = re.compile(r"[^\W\d]\w*|(?<![\w.])-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_DECORATION = re.compile(r"(?:(?:>>>|\.\.\.|>|#+|[-*+|]|\d+[.)])\s+)+")
_COMMENT = re.compile(r"\s+#\s.*$")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(node: ast.stmt) -> range:
    """Return the numbers of a statement's lines."""
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def plain(line: str, *, with_comment: bool = False) -> str:
    """Return a line without its comment, and without the signs of a list, a quotation, a comment or a prompt before it."""
    text = line.strip()
    if matched := _DECORATION.match(text):
        text = text[matched.end() :]
    return (text if with_comment else _COMMENT.sub("", text)).strip("`| ")


def squeeze(text: str) -> str:
    """Return a text without blanks, with double quotation marks in place of single ones."""
    return "".join(text.split()).replace("'", '"')


def without_texts(line: str, languages: Sequence[Language]) -> str:
    """Return a line without the texts of a check, which are keyword arguments named by a language of the course."""
    return _texts(tuple(languages)).sub("", line)


@cache
def _texts(languages: tuple[Language, ...]) -> re.Pattern[str]:
    codes = "|".join(languages)
    return re.compile(rf""",?\s*\b(?:{codes})=[fr]?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")


def bare(text: str, languages: Sequence[Language]) -> str:
    """Return a line without blanks, and without the brackets, quotation marks and commas at its ends."""
    name, equals, rest = squeeze(text).partition("=")
    return (rest if equals and name in languages else name + equals + rest).strip('"()[]{},:')


def forms(line: str, languages: Sequence[Language]) -> set[str]:
    """Return the forms by which a line is compared: itself, itself without the texts of a check, and its comment."""
    text, comment = plain(line), _COMMENT.search(line)
    found = {text, without_texts(text, languages), plain(comment[0]) if comment else ""}
    return {bare(item, languages) for item in found}


def parse(code: str) -> ast.Module | None:
    """Return the syntax tree; None where the text is not Python, even without a notebook's magics."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in (code, re.sub(r"^[ \t]*[%!?][^\n]*", "", code, flags=re.MULTILINE)):
            try:
                return ast.parse(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


def functions(tree: ast.AST) -> Iterator[Function]:
    """Return all functions in a tree, with methods and inner functions."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def without_docstring(node: Function | ast.Module) -> list[ast.stmt]:
    """Return the statements of a function or a module, without the docstring."""
    return node.body[1:] if ast.get_docstring(node) is not None else node.body


def normal_body(function: Function, languages: Sequence[Language]) -> str | None:
    """Return a function's statements in a form that does not depend on local names, or on how constants are written.

    None for a function that says too little to be compared: a stub, or a line that any function may have.
    """
    telling_statements = [item for item in without_docstring(function) if not _is_stub(item)]
    local: dict[str, str] = {}
    for node in ast.walk(function):
        name = node.arg if isinstance(node, ast.arg) else None
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, Function) and node is not function:
            name = node.name
        if name is not None:
            local.setdefault(name, f"v{len(local)}")
    normal = _Normal(local, languages)
    module = ast.Module([normal.visit(copy.deepcopy(item)) for item in telling_statements], [])
    return ast.dump(module) if len(normal.telling) >= 2 else None


def _is_stub(statement: ast.stmt) -> bool:
    """Return whether a statement only stands for one that is to be written."""
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    is_dots = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_dots or isinstance(statement, ast.Pass)


class _Normal(ast.NodeTransformer):
    """The rewriting of a function: other local names, all numbers as floats, no annotations, no texts of checks."""

    def __init__(self, local: Mapping[str, str], languages: Sequence[Language]) -> None:
        self.local = local
        self.languages = languages
        self.telling: set[str] = set()
        """The names and constants that tell the function from others."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.local:
            self.telling.add(node.id)
        node.id = self.local.get(node.id, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.telling.add(node.attr)
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            with contextlib.suppress(OverflowError):
                node.value = float(node.value)
        if node.value not in (0.0, 1.0, 2.0, None, True, False, ""):
            self.telling.add(repr(node.value))
        node.kind = None
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.keywords = [item for item in node.keywords if item.arg not in self.languages]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self.local.get(node.arg, node.arg)
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.visit(ast.Assign([node.target], node.value))  # type: ignore[no-any-return]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.local.get(node.name, node.name)
        node.returns = None
        node.body = without_docstring(node) or [ast.Pass()]
        return self.generic_visit(node)


def written_numbers(text: str) -> tuple[list[float | None], list[int]]:
    """Return the numbers of a text, with None for each word between them, and the index of the line of each."""
    values: list[float | None] = []
    lines: list[int] = []
    for index, line in enumerate(text.split("\n")):
        for match in _NUMBER.finditer(line):
            is_word = match[0][0].isalpha() or match[0][0] == "_"
            values.append(None if is_word else float(match[0]))
            lines.append(index)
    return values, lines


def literals(tree: ast.Module) -> Iterator[tuple[tuple[float, ...], int, int]]:
    """Yield the numbers of lists and tuples that tell something, with the first and last line; a table and each of its rows.

    Shapes, steps of one size and few different numbers tell nothing.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.List | ast.Tuple):
            continue
        numbers = _flat(node)
        if numbers is None or len(numbers) < SHORTEST:
            continue
        is_flat = all(not isinstance(item, ast.List | ast.Tuple) for item in node.elts)
        is_shape = (
            isinstance(node, ast.Tuple)
            and is_flat
            and len(numbers) <= 5
            and all(number >= 0 and number.is_integer() for number in numbers)
        )
        steps = {round(after - before, 9) for before, after in pairwise(numbers)}
        is_telling = len(steps) > 1 and len(set(numbers)) >= (3 if len(numbers) < 6 else 2)
        if is_telling and not is_shape:
            yield numbers, node.lineno, node.end_lineno or node.lineno


def _flat(node: ast.expr) -> tuple[float, ...] | None:
    """Return the numbers of nested lists and tuples; None where anything else is among them."""
    if isinstance(node, ast.List | ast.Tuple):
        parts = [_flat(item) for item in node.elts]
        return None if None in parts else tuple(number for part in parts if part for number in part)
    sign = 1.0
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1.0
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and abs(node.value) < 1e300
    ):
        return (sign * float(node.value),)
    return None
