"""Answers that need no code and no person: a choice or a number, read out of a text as a student writes it. Nothing is executed."""

from __future__ import annotations

import ast
import math
import operator
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from grader.model import Question

_SIGNS = " \t.:()[]{}'\"`"
"""What stands around an option: `(b)`, `b.`."""
_BETWEEN = (r"[,;\n]", r"\s+")
"""What stands between several options."""
_LONGEST = 1000
_RTOL = 1e-5
_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_NUMBERS = {"pi": math.pi, "e": math.e}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "Fraction": lambda above, below=1.0: above / below,
    **dict.fromkeys(("float", "int", "Decimal", "float32", "float64"), float),
}
"""What an answer may call, whatever stands before a dot: `np.sqrt(2)`, `Fraction(7, 2)`."""
_WRITTEN = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "⁄": "/", "∕": "/", "÷": "/"})


def read_short(question: Question, answer: str) -> tuple[str, ...] | tuple[float, ...] | None:
    """Return the options that an answer names, or the numbers that it may stand for; None where it cannot be read as that."""
    text = unicodedata.normalize("NFKC", answer).strip()
    if not text or len(text) > _LONGEST:
        return None
    return _options(question, text) if question.kind == "choice" else _numbers(question, text)


def is_right(question: Question, read: tuple[str, ...] | tuple[float, ...]) -> bool:
    """Return whether an answer that was read is the right one."""
    if isinstance(question.answer, tuple):
        return set(read) == set(question.answer)
    right = question.answer or 0.0
    tolerance = _RTOL * abs(right) if question.tolerance is None else question.tolerance
    # A number that is exactly as far away as is allowed is right, however its digits are kept.
    return any(abs(float(number) - right) <= tolerance + 1e-9 * abs(right) for number in read)


def names_of_option(question: Question, option: str) -> set[str]:
    """Return how an option may be written: by its letter, its text in any language, or both."""
    texts = {folded(text) for text in dict(question.options)[option].values()}
    id = folded(option)
    both = {
        form.format(id, text) for text in texts for form in ("{}) {}", "({}) {}", "{}. {}", "{}: {}", "{} {}")
    }
    return {id, *texts, *both}


def folded(text: str) -> str:
    """Return a text without what makes no difference: case, spaces, and how its letters are composed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _options(question: Question, text: str) -> tuple[str, ...] | None:
    known = {name: id for id, _ in question.options for name in names_of_option(question, id)}
    # A sign may be what two options differ by.
    bare: dict[str, str | None] = {}
    for name, id in known.items():
        plain = name.strip(_SIGNS)
        bare[plain] = id if bare.get(plain, id) == id else None

    def one(item: str) -> str | None:
        return known.get(folded(item)) or bare.get(folded(item).strip(_SIGNS))

    for items in _split(text):
        found = [one(item) for item in items if item.strip(_SIGNS)]
        if found and None not in found:
            return tuple(dict.fromkeys(filter(None, found)))
    return None


def _split(text: str) -> Iterator[list[str]]:
    yield [text]
    try:
        value = ast.literal_eval(text)
        if isinstance(value, list | tuple | set):
            yield [*map(str, value)]
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        pass
    for between in _BETWEEN:
        yield re.split(between, text)


def _numbers(question: Question, text: str) -> tuple[float, ...] | None:
    text = text.translate(_WRITTEN).removeprefix("=").strip()
    unit = unicodedata.normalize("NFKC", question.unit).translate(_WRITTEN)
    percent = 1.0
    if unit and text.endswith(unit):
        text = text.removesuffix(unit).rstrip()
    elif text.endswith("%"):
        text, percent = text[:-1].rstrip(), 0.01
    text = re.sub(r"(?<=\d)[ '](?=\d{3}(?!\d))", "", text).replace("^", "**")
    readings = [text]
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        # Of 1,000 nobody can tell which of the two it is.
        readings = [text.replace(",", ""), *([text.replace(",", ".")] if text.count(",") == 1 else [])]
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})*,\d+([eE][+-]?\d+)?", text):
        readings = [text.replace(".", "").replace(",", ".")]
    elif re.fullmatch(r"[+-]?\d*,\d+([eE][+-]?\d+)?", text):
        readings = [text.replace(",", ".")]
    values = [percent * value for reading in readings if (value := _value(reading)) is not None]
    return tuple(values) or None


def _value(text: str) -> float | None:
    try:
        value = _computed(ast.parse(text.strip(), mode="eval").body)
    except (ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, float) and math.isfinite(value) else None


def _computed(node: ast.expr) -> Any:
    """Return what a short expression comes to; all of it is calculated as floats, so that none takes long."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return _computed(ast.parse(node.value.strip(), mode="eval").body)
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return float(node.value)
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_computed(node.left), _computed(node.right))
    if isinstance(node, ast.UnaryOp):
        return _OPERATORS[type(node.op)](_computed(node.operand))
    name = getattr(node, "attr", getattr(node, "id", ""))
    if isinstance(node, ast.Call) and node.args:
        function = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return _FUNCTIONS[function](*map(_computed, node.args))
    return _NUMBERS[name]
