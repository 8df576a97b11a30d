"""What a test waits for that another process does: it is long in coming where a machine is busy."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 300
"""For how long a test waits before it fails: only a test that fails takes so long."""


def comes_true(condition: Callable[[], object]) -> bool:
    """Return whether a condition is met, as soon as it is."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
