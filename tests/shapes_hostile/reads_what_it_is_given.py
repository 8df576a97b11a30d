# expected: nothing
"""Right, and prints all that can be found of the author's function and of the checks."""

import inspect
import sys


def twice(function, x):
    print(getattr(function, "__globals__", None), getattr(function, "__code__", None), [*sys.modules])
    for frame in inspect.stack():
        print(frame.filename, [*frame.frame.f_locals])
    return function(function(x))
