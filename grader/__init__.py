"""Auto-graded homework for tensor courses: what an author of checks imports."""

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
