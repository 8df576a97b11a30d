"""Answers without code: a choice and a number, in a variable; what a wrong one is told says nothing of the right one."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Any

import numpy as np

from grader.checks.remote import shortened
from grader.errors import CheckFailed
from grader.model import Explanation

_SIGNS = " \t\r\n.:()[]{}'\"`"
"""What stands around the letter of an option: `(b)`, `b.`."""


def assert_choice(actual: Any, expected: str | Collection[str], *, options: Collection[str] = ()) -> None:
    """Fail unless the options that were chosen are the expected ones, all of them and no others.

    A choice is the option's letter or word, in any case: `"b"`, `"B)"`. Several are a list or set, or a text with commas
    between them. With `options` one that is none of them is said to be none. It is never said which one is right.
    """
    chosen = _chosen(actual)
    if chosen is None:
        raise CheckFailed(Explanation("choice.none", {"actual": _shown(actual)}))
    known = {_plain(option) for option in options}
    foreign = sorted(chosen - known) if known else []
    if foreign:
        values = {"actual": shortened(foreign[0], 100), "options": ", ".join(map(str, options))}
        raise CheckFailed(Explanation("choice.unknown", values))
    if chosen != _chosen(expected):
        raise CheckFailed(Explanation("choice.wrong"))


def assert_number(actual: Any, expected: float, *, rtol: float = 1e-5, atol: float = 1e-8) -> None:
    """Fail unless a value is a number within the tolerance of the expected one, which is never said."""
    value = _number(actual)
    if value is None:
        raise CheckFailed(Explanation("number.none", {"actual": _shown(actual)}))
    if not math.isclose(value, float(expected), rel_tol=0, abs_tol=atol + rtol * abs(float(expected))):
        raise CheckFailed(Explanation("number.wrong"))


def _chosen(value: Any) -> set[str] | None:
    """Return the options in a value; None where there is none."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    items = re.split(r"[,;]", value) if isinstance(value, str) else value
    if not isinstance(items, list | tuple | set | frozenset) or not all(
        isinstance(item, str) for item in items
    ):
        return None
    return {plain for item in items if (plain := _plain(item))} or None


def _plain(option: str) -> str:
    return str(option).strip(_SIGNS).casefold()


def _number(value: Any) -> float | None:
    """Return a value as a number; None where it is none. A truth value, a text and a table are none."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.item() if value.size == 1 else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return float(value) if is_number else None
    except OverflowError:
        return None


def _shown(value: Any) -> str:
    return str(getattr(value, "type_name", None) or shortened(value, 100))
