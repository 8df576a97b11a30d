"""Auto-graded homework for tensor courses: what an author of checks imports, and an extension of IPython."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

if _TYPE_CHECKING:
    from grader.checks import (
        Description,
        Reference,
        RemoteLayer,
        Rng,
        Submission,
        assert_equal,
        assert_layer,
        assert_tensor,
        assert_unchanged,
        check,
        expect,
        raises,
    )
    from grader.misconceptions import misconception
    from grader.windows import convolution_window, pooling_window

__all__ = [
    "Description",
    "Reference",
    "RemoteLayer",
    "Rng",
    "Submission",
    "assert_equal",
    "assert_layer",
    "assert_tensor",
    "assert_unchanged",
    "check",
    "convolution_window",
    "expect",
    "misconception",
    "pooling_window",
    "raises",
]

_ELSEWHERE = {
    "convolution_window": "grader.windows",
    "load_ipython_extension": "grader.interactive",
    "misconception": "grader.misconceptions",
    "pooling_window": "grader.windows",
}


def __getattr__(name: str) -> _Any:
    """Import what is asked for: most commands check nothing, and NumPy alone takes a fifth of a second."""
    if name not in __all__ and name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(_ELSEWHERE.get(name, "grader.checks")), name)
    if name in __all__:
        globals()[name] = value
    return value
