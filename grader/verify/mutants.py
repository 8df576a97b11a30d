"""Automatic mutants of a reference solution: small mistakes that an exercise's checks have to notice.

The operators are cosmic-ray's (MIT), applied to parso's tree of the source, without its runner and its database. It is
imported here and nowhere else. Used are:

- arithmetic: each of + - * / // % ** replaced by each other, and each of & | ^ << >> by each other;
- comparison: each of == != < <= > >= replaced by each other, `is` and `is not` by each other;
- unary: minus, `~` and `not` removed, minus and `~` exchanged;
- boolean: True and False, `and` and `or` exchanged, `not` put before the condition of if, while, assert and `a if b else c`;
- numbers: one more and one less;
- flow: a for loop over nothing, `break` and `continue` exchanged, an `except` that catches something else.

Left out are:

- VariableInserter and VariableReplacer: they need every pair of a function's variables and put in random operators and
  numbers, so there would be very many, and others in each run;
- arithmetic replaced by bits and shifts, `==` by `is`, and minus by `not`: no student writes them, and on small whole
  numbers many of them change nothing, so that each would need a waiver;
- unary plus: it is the same as removing the minus;
- RemoveDecorator: decorators are left alone.

Nothing in cosmic-ray changes texts, names, arguments left out or `in`: such mistakes are for misconceptions.py.
"""

from __future__ import annotations

import ast
import difflib
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.operators.provider import OperatorProvider

from grader.errors import CourseError, Fault
from grader.model import Explanation


def _replacements(kind: str, *names: str) -> Iterator[str]:
    return (f"Replace{kind}Operator_{old}_{new}" for old, new in permutations(names, 2))


_OPERATORS = (
    *_replacements("Binary", "Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"),
    *_replacements("Binary", "BitAnd", "BitOr", "BitXor", "LShift", "RShift"),
    *_replacements("Comparison", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"),
    *_replacements("Comparison", "Is", "IsNot"),
    *_replacements("Unary", "USub", "Invert"),
    *(f"ReplaceUnaryOperator_Delete_{name}" for name in ("USub", "Invert", "Not")),
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("NumberReplacer", "ZeroIterationForLoop"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer"),
)

_LEFT_ALONE = frozenset({"decorator", "decorators", "import_from", "import_name"})

_DIFF_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Mutant:
    """A reference solution with one small change."""

    id: str
    """Operator, line, and which of this operator's changes to the line it is: `NumberReplacer:12:2`."""
    operator: str
    line: int
    source: str
    """The whole changed file."""
    diff: str
    """What is changed, as a unified diff."""

    @property
    def code(self) -> str:
        """Return the changed line, without its indentation."""
        return self.source.splitlines()[self.line - 1].strip()


def make_mutants(source: str, *, file: str = "solution.py") -> tuple[Mutant, ...]:
    """Return every mutant of a source that differs from it and from the others, in the order of the file.

    Only the bodies of functions are changed, and in them no annotation, import or decorator.

    Raises:
        CourseError: the source is no Python.
    """
    with warnings.catch_warnings():
        # What Python warns of in a mutant (`1 is x`) is no news to anybody.
        warnings.simplefilter("ignore")
        try:
            known = {_meaning(source)}
        except SyntaxError as error:
            explanation = Explanation("course.python", {"problem": error.msg})
            raise CourseError((Fault(file, f"line {error.lineno}", explanation),)) from error
        mutants = []
        for mutant in _all_mutants(source, file):
            try:
                meaning = _meaning(mutant.source)
            except (SyntaxError, ValueError):
                continue
            if meaning not in known:
                known.add(meaning)
                mutants.append(mutant)
    return tuple(mutants)


def _all_mutants(source: str, file: str) -> Iterator[Mutant]:
    provider = OperatorProvider()
    changes = []
    untouched = get_ast(source)
    for rank, name in enumerate(_OPERATORS):
        operator = provider[name]()
        survey = _Mutation(operator, None)
        survey.walk(untouched)
        changes += [(place, rank, index, operator) for index, place in enumerate(survey.places)]
    seen: Counter[tuple[str, int]] = Counter()
    for (line, _), rank, index, operator in sorted(changes, key=lambda change: change[:3]):
        name = _OPERATORS[rank]
        seen[name, line] += 1
        mutated = _Mutation(operator, index).walk(get_ast(source)).get_code()
        yield Mutant(f"{name}:{line}:{seen[name, line]}", name, line, mutated, _diff(source, mutated, file))


class _Mutation(Visitor):  # type: ignore[misc]  # cosmic-ray has no types
    """Walks the bodies of functions, notes where an operator could change them, and makes one of the changes."""

    def __init__(self, operator: Any, wanted: int | None) -> None:
        self.places: list[tuple[int, int]] = []
        self._operator = operator
        self._wanted = wanted
        self._in_function = False

    def walk(self, node: Any) -> Any:
        """Return the node with the change made; the part of a definition that is no body is left as it is."""
        if node.type in _LEFT_ALONE:
            return node
        if node.type == "funcdef":
            self._walk_from(node, len(node.children) - 1)
            return node
        if node.type == "annassign":  # `: annotation = value`
            self._walk_from(node, 3)
            return node
        return super().walk(node)

    def _walk_from(self, node: Any, first: int) -> None:
        outside, self._in_function = self._in_function, self._in_function or node.type == "funcdef"
        node.children[first:] = [self.walk(child) for child in node.children[first:]]
        self._in_function = outside

    def visit(self, node: Any) -> Any:
        """Return the node, or the changed node where this is the change that is wanted."""
        if not self._in_function:
            return node
        for index, (start, _) in enumerate(self._operator.mutation_positions(node)):
            self.places.append(start)
            if len(self.places) - 1 == self._wanted:
                before = node.get_first_leaf().prefix
                node = self._operator.mutate(node, index)
                if node.type == "number":  # cosmic-ray writes `x[ 1]`
                    node.value, node.prefix = node.value.strip(), before
        return node


def _meaning(source: str) -> str:
    """Return what tells two programs apart: the syntax tree without positions and docstrings."""
    tree = ast.parse(source)
    compile(source, "<mutant>", "exec", dont_inherit=True)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            del node.body[: ast.get_docstring(node, clean=False) is not None]
    return ast.dump(tree)


def _diff(source: str, mutated: str, file: str) -> str:
    lines = difflib.unified_diff(
        source.splitlines(), mutated.splitlines(), file, f"{file} (mutant)", n=_DIFF_CONTEXT, lineterm=""
    )
    return "\n".join(lines)
