# expected: 1 point, submission.timeout
"""Waits, and hears no signal."""

import signal
import time
from typing import Any

for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)


def row_sums(x: Any) -> Any:
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
