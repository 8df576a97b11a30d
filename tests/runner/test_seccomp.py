from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

from grader.runner.inside.confine import OWN_PROCESS
from grader.runner.seccomp import compile_filter

TRIES = """
import ctypes, errno, fcntl, json, os, signal, sys, tempfile, threading
from grader.runner import seccomp
from grader.runner.inside import confine
file = tempfile.NamedTemporaryFile()
program, parent, own = seccomp.compile_filter(), os.getppid(), os.getpid()
attribute = os.open(file.name, os.O_RDONLY)
confine.restrict_calls(program)

def tried(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "allowed"

def sent(thread):
    signal.pthread_kill(thread.ident, 0)

LIBC = ctypes.CDLL(None, use_errno=True)
def numbered(number, *arguments):
    if LIBC.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

thread = threading.Thread(target=lambda: sent(threading.main_thread()))
thread.start()
thread.join()
print(json.dumps({
    "itself": tried(os.kill, own, 0),
    "its-thread": tried(signal.pthread_kill, threading.get_ident(), 0),
    "parent": tried(os.kill, parent, 0),
    "group": tried(os.kill, 0, 0),
    "everybody": tried(os.kill, -1, 0),
    "parents-thread": tried(numbered, 234, parent, parent, 0),
    "queued": tried(numbered, 129, parent, 0, ctypes.create_string_buffer(128)),
    "owner": tried(fcntl.fcntl, attribute, fcntl.F_SETOWN, parent),
    "owner-signal": tried(fcntl.fcntl, attribute, 10, 9),
    "flags": tried(fcntl.ioctl, attribute, 0x40086602, b"\\\\0" * 8),
    "times": tried(os.utime, file.name),
    "times-of-a-descriptor": tried(os.utime, attribute),
    "attribute": tried(os.removexattr, file.name, "user.x"),
    "mode": tried(os.chmod, file.name, 0o777),
    "mode-newer": tried(numbered, 452, -100, file.name.encode(), 0o777, 0),
    "attribute-newer": tried(numbered, 463, -100, file.name.encode(), 0, b"user.x", 0, 0),
    "written": tried(file.write, b"own"),
}))
"""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers of system calls are those of x86-64")
def test_the_filter_by_itself_keeps_signals_and_the_modes_of_files_from_a_submission() -> None:
    done = subprocess.run([sys.executable, "-c", TRIES], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    allowed = {"itself", "its-thread", "written"}
    missing = {"mode-newer", "attribute-newer"}
    found = json.loads(done.stdout)
    assert found == {
        name: "allowed" if name in allowed else "ENOSYS" if name in missing else "EPERM" for name in found
    }
    assert len(found) == 17


def test_the_filter_holds_the_place_of_the_process() -> None:
    program = compile_filter()
    assert program.count(OWN_PROCESS.to_bytes(4, "little")) > 0
    assert len(program) % 8 == 0
    assert len(program) // 8 < 4096

    # The kernel's largest number of a process is 2**22.
    assert OWN_PROCESS > 1 << 22
