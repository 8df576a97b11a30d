"""Auto-graded homework for tensor courses: what an author of checks imports, and an extension of IPython."""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any
from typing import overload as _overload

if _TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from grader.checks.answers import assert_choice, assert_number
    from grader.checks.assertions import (
        Description,
        Reference,
        RemoteLayer,
        Rng,
        Submission,
        as_jax,
        as_tensorflow,
        as_torch,
        assert_equal,
        assert_frame,
        assert_layer,
        assert_plot,
        assert_tensor,
        assert_unchanged,
        expect,
        raises,
    )
    from grader.checks.doing import LastCall, assert_faster, last_call
    from grader.checks.remote import RemoteObject
    from grader.checks.spec import CheckFunction
    from grader.checks.windows import convolution_window, pooling_window
    from grader.ipython import Checked
    from grader.misconceptions import misconception
    from grader.model import Language

__all__ = [
    "Description",
    "LastCall",
    "Reference",
    "RemoteLayer",
    "RemoteObject",
    "Rng",
    "Submission",
    "as_jax",
    "as_tensorflow",
    "as_torch",
    "assert_choice",
    "assert_equal",
    "assert_faster",
    "assert_frame",
    "assert_layer",
    "assert_number",
    "assert_plot",
    "assert_tensor",
    "assert_unchanged",
    "check",
    "convolution_window",
    "expect",
    "last_call",
    "misconception",
    "pooling_window",
    "raises",
]

_ELSEWHERE = {
    "assert_choice": "grader.checks.answers",
    "assert_number": "grader.checks.answers",
    "LastCall": "grader.checks.doing",
    "RemoteObject": "grader.checks.remote",
    "assert_faster": "grader.checks.doing",
    "convolution_window": "grader.checks.windows",
    "last_call": "grader.checks.doing",
    "load_ipython_extension": "grader.ipython",
    "misconception": "grader.misconceptions",
    "pooling_window": "grader.checks.windows",
}


def __getattr__(name: str) -> _Any:
    """Import what is asked for: most commands check nothing, and NumPy alone takes a fifth of a second."""
    if name not in __all__ and name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(_ELSEWHERE.get(name, "grader.checks.assertions")), name)
    if name in __all__:
        globals()[name] = value
    return value


@_overload
def check(
    *, points: float, after: str | None = None, bonus: bool = False, **texts: str
) -> Callable[[CheckFunction], CheckFunction]: ...


@_overload
def check(
    exercise: str | int,
    /,
    *,
    course: str | Path | None = None,
    everything: bool = False,
    only: str | None = None,
    language: Language | None = None,
    namespace: Mapping[str, _Any] | None = None,
) -> Checked | None: ...


def check(*exercise: str | int, **settings: _Any) -> _Any:
    """Check what you have defined, or make a test function a check.

    `check("ex3")` in a notebook calls the functions that you have defined and shows what came of it
    (`grader.ipython.check`). `@check(points=2, en=..., ko=...)` is for authors (`grader.checks.spec.check`).
    """
    # Languages have two letters.
    if not exercise and not any(name == "points" or len(name) == 2 for name in settings):
        raise TypeError('check() is missing an argument: the exercise, as in check("ex3")')
    # Nobody pays for what the other reader needs: each is imported where it is asked for.
    module = _import_module("grader.ipython" if exercise else "grader.checks.spec")
    return module.check(*exercise, **settings)


# The name is not for anybody; what it stands for stays in force.
del annotations
