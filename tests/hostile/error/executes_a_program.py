# expected: 1 point, submission.raised
"""Runs a program."""

import subprocess
from typing import Any


def row_sums(x: Any) -> Any:
    return subprocess.run(["/bin/true"], check=True).returncode


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
