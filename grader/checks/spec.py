"""What an author says of a check: its points, its text in each language, and what has to pass before it."""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from grader.course.languages import is_written_in
from grader.model import Explanation, Language, Text

CheckFunction = TypeVar("CheckFunction", bound=Callable[..., None])

SPEC = "__grader_check__"
_WITH_TEXTS = ("assert_equal", "expect")
"""The assertions that an author gives texts by language."""
_OTHER_ARGUMENTS = ("actual", "atol", "condition", "expected", "rtol")
"""What else these take."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """Holds what `check` says of a check."""

    points: float
    """Of all cases of a parametrised check together."""
    text: Text
    after: str | None
    is_bonus: bool = False


def check(
    *, points: float = 0, after: str | None = None, bonus: bool = False, **texts: str
) -> Callable[[CheckFunction], CheckFunction]:
    """Make a test function a check worth `points`.

    The texts, one for each language of the course (`en=`, `ko=`), name the property that is checked: of a failed hidden
    check it is all that a student reads, so they hold no input and no expected value. `after` names a check above it in
    the same file; where that one does not pass, this one is skipped. The cases of `pytest.mark.parametrize` share the
    points. Those of a `bonus` are beyond the exercise's, which stay what can be reached. A check without points is refused
    where it stands, with the course's other faults.
    """

    def mark(function: CheckFunction) -> CheckFunction:
        setattr(function, SPEC, CheckSpec(points, Text(texts), after, bonus))
        return function

    return mark


def spec_of(function: Callable[..., Any]) -> CheckSpec | None:
    """Return what `check` said of a function."""
    spec = getattr(function, SPEC, None)
    return spec if isinstance(spec, CheckSpec) else None


def settle_text(function: Callable[..., Any], languages: Sequence[Language]) -> None:
    """Put a check's text into the course's languages, in their order."""
    spec = spec_of(function)
    if spec is not None:
        setattr(function, SPEC, replace(spec, text=spec.text.for_course(languages)))


def spec_problems(
    function: Callable[..., Any], earlier: set[str], languages: Sequence[Language]
) -> list[Explanation]:
    """Return what is wrong with a check as it is written; `earlier` are the checks above it in its file."""
    spec = spec_of(function)
    if spec is None:
        texts = ", ".join(f"{language}=..." for language in languages)
        return [Explanation("course.check_undecorated", {"check": function.__name__, "texts": texts})]
    problems = []
    is_number = isinstance(spec.points, int | float) and not isinstance(spec.points, bool)
    if not is_number or not 0 < spec.points < math.inf:
        problems.append(
            Explanation("course.check_points", {"check": function.__name__, "points": repr(spec.points)})
        )
    # A text given under a wrong name is not missing under the right one too.
    problems += _foreign(function.__name__, spec.text, languages) or _missing(
        function.__name__,
        [
            language
            for language in languages
            if not isinstance(text := spec.text.get(language), str) or not is_written_in(text, language)
        ],
    )
    if spec.after is not None and spec.after not in earlier:
        problems.append(Explanation("course.check_after", {"check": function.__name__, "after": spec.after}))
    return problems


def _foreign(name: str, texts: Iterable[str], languages: Sequence[Language]) -> list[Explanation]:
    known = ", ".join(languages)
    return [
        Explanation("course.check_language", {"check": name, "argument": item, "languages": known})
        for item in texts
        if item not in languages
    ]


def _missing(name: str, languages: Sequence[Language]) -> list[Explanation]:
    """Return that texts are missing in these languages: one problem, for one edit mends it."""
    texts = ", ".join(f'{language}="..."' for language in languages)
    values = {"check": name, "languages": ", ".join(languages), "texts": texts}
    return [Explanation("course.check_text", values)] if languages else []


def text_problems(tree: ast.Module, languages: Sequence[Language]) -> Iterator[tuple[int, Explanation]]:
    """Yield what is wrong with the texts of the assertions in a file of checks, each with its line."""
    imported = {
        item.asname or item.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "grader"
        for item in node.names
        if item.name in _WITH_TEXTS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [item.arg for item in node.keywords if item.arg not in _OTHER_ARGUMENTS]
        # What `**texts` holds is not known before it is executed.
        if node.func.id not in imported or None in given:
            continue
        for problem in _foreign(node.func.id, [name for name in given if name], languages) or _missing(
            node.func.id, [language for language in languages if language not in given]
        ):
            yield node.lineno, problem


def line_of(function: Callable[..., Any]) -> int:
    """Return the line where a check begins in its file."""
    return int(inspect.unwrap(function).__code__.co_firstlineno)
