"""What TensorFlow does once in a process when it runs its first operation, done before a process forks.

The first operation costs about 25 ms of a processor: it fills the registries of operations, kernels and devices, for
thousands of operations. Nothing of that depends on who asks, and none of it starts a thread, so that a fork may have
it from its parent. The runtime itself (a context, devices, pools of threads) is made by each fork, as ever: threads do
not survive a fork.

The functions that do it are not part of TensorFlow's public interface. Where a version has them no more, the first
operation is slower and nothing else; a process of its own tries first whether they leave it without threads.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from grader.runner.inside import confine

__all__ = ["warm_up"]

_MOST_SECONDS = 20
_NO_OPERATION = "GraderHasNoSuchOperation"


def _fill_operations() -> None:
    # All operations are registered at the first question, and listed at the first one that is in vain.
    importlib.import_module("tensorflow.python.framework.op_def_registry").get(_NO_OPERATION)


def _fill_kernels() -> None:
    kernels: Any = importlib.import_module("tensorflow.python.framework.kernels")
    kernels.get_registered_kernels_for_op(_NO_OPERATION)


def _fill_compiled_kernels() -> None:
    compiler: Any = importlib.import_module("tensorflow.python.util.pywrap_xla_ops")
    compiler.get_cpu_kernel_names()


def _find_devices() -> None:
    sys.modules["tensorflow"].config.list_physical_devices()


_STEPS: tuple[Callable[[], None], ...] = (
    _fill_operations,
    _fill_kernels,
    _fill_compiled_kernels,
    _find_devices,
)


def warm_up(steps: tuple[Callable[[], None], ...] = _STEPS) -> bool:
    """Do it where TensorFlow is imported and it leaves no thread; return whether it was done."""
    if "tensorflow" not in sys.modules or not _leaves_no_thread(steps):
        return False
    _run(steps)
    return True


def _run(steps: tuple[Callable[[], None], ...]) -> None:
    for step in steps:
        with contextlib.suppress(Exception):
            step()


def _leaves_no_thread(steps: tuple[Callable[[], None], ...]) -> bool:
    """Return whether a fork that does it is well and starts no thread."""
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
