"""What depends on the operating system: whether there is a sandbox, and what Python offers on some systems only.

The sandbox itself (`runner/process.py`, `runner/sandbox.py`, `runner/seccomp.py` and `runner/inside/`) is Linux's and
is imported there alone. `tests/test_platforms.py` holds that no other module uses what some systems lack.
"""

from __future__ import annotations

import codecs
import os
import platform
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

from grader.errors import RunnerError

_NAMES = {"darwin": "macOS", "win32": "Windows"}
_OWN_FILE = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
OPEN_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | _OWN_FILE
"""How a file is opened for which nobody waits, should it be a pipe."""
OPEN_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | _OWN_FILE
"""How a folder is opened to open what lies in it."""
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""What refuses a link, on the systems that can."""


def has_sandbox() -> bool:
    """Return whether student code can be sandboxed on this system at all."""
    return sys.platform == "linux"


def system_name() -> str:
    """Return what people call this operating system."""
    return _NAMES.get(sys.platform) or platform.system()


def require_sandbox() -> None:
    """Hold that this system has a sandbox.

    Raises:
        RunnerError: it has none, and nothing takes its place.
    """
    if not has_sandbox():
        raise RunnerError("runner.needs_linux", {"system": system_name()})


def processors() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def own_user() -> int:
    """Return the number of the user whose process this is; Windows numbers nobody, and 1 stands for them."""
    number = getattr(os, "geteuid", None)
    return int(number()) if number is not None else 1


def try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed, or the process ends; return False where another process holds the lock."""
    try:
        import fcntl
    except ImportError:
        raise RunnerError("runner.needs_linux", {"system": system_name()}) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def tells_who_calls() -> bool:
    """Return whether a socket in a folder tells which user is at its other end."""
    return hasattr(socket, "AF_UNIX") and hasattr(socket, "SO_PEERCRED")


def has_single_keys() -> bool:
    """Return whether a key that is pressed can be read at once, as POSIX has it."""
    return find_spec("termios") is not None


@contextmanager
def single_keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """Hand every key that is pressed to `pressed`, in a thread of its own; the terminal gives them at once meanwhile."""
    import termios
    import tty

    terminal, decoder = sys.stdin.fileno(), codecs.getincrementaldecoder("utf-8")("replace")
    before = termios.tcgetattr(terminal)

    def read() -> None:
        # Where the terminal is gone, this ends, and what is told by a signal is enough.
        with suppress(OSError):
            while raw := os.read(terminal, 1):
                # A letter may take several bytes.
                if key := decoder.decode(raw):
                    pressed(key.lower())

    tty.setcbreak(terminal, termios.TCSANOW)
    threading.Thread(target=read, daemon=True).start()
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C for the end of the block; the processes that are started in it never hear of one."""
    mask: Any = getattr(signal, "pthread_sigmask", lambda *_: ())
    if os.name == "posix":
        from multiprocessing import resource_tracker

        # It lifts what is blocked when it is started.
        resource_tracker.ensure_running()
    pressed: list[int] = []
    # What this thread blocks is blocked in what it starts, but another thread of this process may still be told.
    handler = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    before = mask(getattr(signal, "SIG_BLOCK", 0), {signal.SIGINT})
    try:
        yield
    finally:
        mask(getattr(signal, "SIG_SETMASK", 0), before)
        signal.signal(signal.SIGINT, handler)
        if pressed:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def limited_data(share: int) -> Iterator[None]:
    """Let this process take so many bytes beside what it holds; without Linux's RLIMIT_DATA as many as it likes.

    Only memory of its own counts, so that libraries may map what they like.
    """
    if not has_sandbox():
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    most = pages * resource.getpagesize() + share
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([most, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


@contextmanager
def limited_processor_time(seconds: float, stop: Callable[[FrameType | None], None]) -> Iterator[None]:
    """Call `stop` with what is executed when that has taken so much processor time, and again and again until it ends.

    Without such a timer, and outside of the main thread, whatever is executed may take as long as it likes.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, lambda number, frame: stop(frame))
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


_AGAIN = 0.05
"""Seconds of processor time after which one is told once more that there was too much."""
