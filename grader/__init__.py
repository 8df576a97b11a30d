"""Auto-graded homework for tensor courses: what an author of checks imports, and an extension of IPython."""

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


def __getattr__(name: str) -> object:
    # `%load_ext grader`: imported when it is asked for, and by nobody else.
    if name == "load_ipython_extension":
        from grader.interactive import load_ipython_extension

        return load_ipython_extension
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
