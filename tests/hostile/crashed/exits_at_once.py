# expected: 1 point, submission.exit
"""Ends its process with a code that says that all is well."""

import os
from typing import Any


def row_sums(x: Any) -> Any:
    os._exit(0)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
