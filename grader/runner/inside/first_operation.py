"""Do before a process forks what libraries do once in a process, when they run their first operation.

Nothing of that depends on who asks, and what starts no thread a fork may have from its parent: threads do not survive a
fork. A process of its own tries first whether it leaves the process well and without threads.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Sequence

from grader.runner.inside import confine

_MOST_SECONDS = 20

Steps = Sequence[Callable[[], object]]


def warm_up(steps: Steps) -> bool:
    """Do the steps if they leave no thread; return whether they were done. One that raises costs only itself."""
    if not steps or not _leaves_no_thread(steps):
        return False
    _run(steps)
    return True


def _run(steps: Steps) -> None:
    for step in steps:
        with contextlib.suppress(Exception):
            step()


def _leaves_no_thread(steps: Steps) -> bool:
    """Return whether a fork that does the steps is well and starts no thread."""
    process = os.fork()
    if process == 0:
        code = 1
        signal.alarm(_MOST_SECONDS)
        with contextlib.suppress(BaseException):
            before = confine.thread_count()
            _run(steps)
            code = 0 if confine.thread_count() == before else 1
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
