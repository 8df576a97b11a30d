# expected: 1 point, submission.raised
"""Kills the warm process, and all that it may."""

import os
import signal
from typing import Any


def row_sums(x: Any) -> Any:
    for process in (os.getppid(), 1):
        for number in (signal.SIGKILL, signal.SIGTERM):
            try:
                os.kill(process, number)
            except OSError:
                continue
    raise RuntimeError("still here")


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
