"""Keep what an author says of a check: its points, its text, and what has to pass before it."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from grader.model import Explanation, Text

__all__ = ["CheckFunction", "CheckSpec", "check", "line_of", "spec_of", "spec_problems"]


CheckFunction = TypeVar("CheckFunction", bound=Callable[..., None])

SPEC = "__grader_check__"


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """Holds what `check` says of a check."""

    points: float
    text: Text
    after: str | None


def check(
    *, points: float, en: str, ko: str, after: str | None = None
) -> Callable[[CheckFunction], CheckFunction]:
    """Make a test function a check worth `points`.

    `en` and `ko` name the property that is checked: of a failed hidden check it is all that a student reads, so they
    hold no input and no expected value. `after` names a check above it in the same file; where that one does not pass,
    this one is skipped.
    """

    def mark(function: CheckFunction) -> CheckFunction:
        setattr(function, SPEC, CheckSpec(points, Text(en, ko), after))
        return function

    return mark


def spec_of(function: Callable[..., Any]) -> CheckSpec | None:
    """Return what `check` said of a function."""
    spec = getattr(function, SPEC, None)
    return spec if isinstance(spec, CheckSpec) else None


def spec_problems(function: Callable[..., Any], earlier: set[str]) -> list[Explanation]:
    """Return what is wrong with a check as it is written; `earlier` are the checks above it in its file."""
    spec = spec_of(function)
    if spec is None:
        return [Explanation("course.check_undecorated", {"check": function.__name__})]
    problems = []
    is_number = isinstance(spec.points, int | float) and not isinstance(spec.points, bool)
    if not is_number or not 0 < spec.points < math.inf:
        problems.append(
            Explanation("course.check_points", {"check": function.__name__, "points": repr(spec.points)})
        )
    for language in ("en", "ko"):
        if not getattr(spec.text, language).strip():
            problems.append(
                Explanation("course.check_text", {"check": function.__name__, "language": language})
            )
    if spec.text.ko.strip() and not re.search(r"[가-힣]", spec.text.ko):
        problems.append(Explanation("course.check_text", {"check": function.__name__, "language": "ko"}))
    if spec.after is not None and spec.after not in earlier:
        problems.append(Explanation("course.check_after", {"check": function.__name__, "after": spec.after}))
    return problems


def line_of(function: Callable[..., Any]) -> int:
    """Return the line where a check begins in its file."""
    return int(inspect.unwrap(function).__code__.co_firstlineno)
