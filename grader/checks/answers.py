"""Answers without code: a choice and a number, in a variable; what a wrong one is told says nothing of the right one."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from grader.checks.remote import shortened
from grader.errors import CheckFailed
from grader.model import Explanation, Question, Text
from grader.short_answers import read_short


def assert_choice(
    actual: Any, expected: str | Collection[str], *, options: Collection[str] | Mapping[str, str] = ()
) -> None:
    """Fail unless the options that were chosen are the expected ones, all of them and no others.

    A choice is read as that of a question in course.yml is: an option's letter or word, in any case: `"b"`, `"B)"`. Several are
    a list or set, or a text with commas between them. With `options`, which may have a word for each letter, one that is none
    of them is said to be none. It is never said which one is right.
    """
    items = _items(actual)
    if not items:
        raise CheckFailed(Explanation("choice.none", {"actual": _shown(actual)}))
    named = options or (re.split("[,;]", expected) if isinstance(expected, str) else expected)
    words = named if isinstance(named, Mapping) else {name: name for name in named}
    known = tuple((str(name), Text({"en": str(word)})) for name, word in words.items())
    question = Question("", Text({}), "choice", 0, options=known)
    for item in items if options else ():
        if read_short(question, item) is None:
            parts = [part.strip() for part in re.split("[,;]", item)]
            foreign = next((part for part in parts if read_short(question, part) is None), item)
            values = {"actual": shortened(foreign, 100), "options": ", ".join(map(str, words))}
            raise CheckFailed(Explanation("choice.unknown", values))
    chosen, right = (
        {option for item in given for option in read_short(question, item) or (None,)}
        for given in (items, _items(expected))
    )
    if chosen != right:
        raise CheckFailed(Explanation("choice.wrong"))


def assert_number(
    actual: Any, expected: float, *, rtol: float = 1e-5, atol: float = 1e-8, unit: str = ""
) -> None:
    """Fail unless a value is a number within the tolerance of the expected one, which is never said.

    A text is read as the answer to a question in course.yml is: `"0,87"`, `"174 / 200"`, with the unit behind it.
    """
    values = _numbers(actual, unit)
    if not values:
        raise CheckFailed(Explanation("number.none", {"actual": _shown(actual)}))
    tolerance = atol + rtol * abs(float(expected))
    if not any(math.isclose(value, float(expected), rel_tol=0, abs_tol=tolerance) for value in values):
        raise CheckFailed(Explanation("number.wrong"))


def _items(value: Any) -> list[str]:
    """Return the texts in a value, each of which names options; nothing where it holds something else."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple | set | frozenset):
        return []
    return [item for item in items if item.strip()] if all(isinstance(item, str) for item in items) else []


def _numbers(value: Any, unit: str) -> tuple[Any, ...]:
    """Return the numbers that a value may stand for; none where it is none, as a truth value and a table are."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.item() if value.size == 1 else None
    if isinstance(value, str):
        return read_short(Question("", Text({}), "number", 0, unit=unit), value) or ()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return (float(value),) if is_number else ()
    except OverflowError:
        return ()


def _shown(value: Any) -> str:
    return str(getattr(value, "type_name", None) or shortened(value, 100))
