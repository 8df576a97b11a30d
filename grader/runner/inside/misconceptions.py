"""How an author writes down a known wrong answer.

    @misconception("mean-instead-of-max", en="The values of each window look averaged ...", ko="...")
    def max_pool(x): ...

The function's name is that of the exercise's function which it replaces; what is not replaced is the reference's.
Several functions of one misconception share its id, and one of them carries the texts, one for each language of the course.

Authors import it from `grader.misconceptions` or from `grader`, on both sides of the sandbox's wall.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


def misconception(
    id: str, /, *, same_as: str | None = None, **texts: str
) -> Callable[[AnyFunction], AnyFunction]:
    """Mark a function as a part of the misconception `id`, explained in the course's languages (`en=`, `ko=`).

    `same_as` names another misconception of the exercise which this one cannot be told from by any check, and says
    that this is known.
    """

    def mark(function: AnyFunction) -> AnyFunction:
        registry = function.__globals__.setdefault("__misconceptions__", {})
        entry = registry.setdefault(id, {"texts": {}, "same_as": None, "functions": {}})
        entry["texts"].update(texts)
        entry["same_as"] = same_as or entry["same_as"]
        entry["functions"][function.__name__] = function
        return function

    return mark
