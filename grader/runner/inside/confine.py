"""Confine a forked worker before it reads a byte of student code. This runs inside of the sandbox.

Landlock, seccomp and no_new_privs bind the calling thread and what it starts later (landlock(7), seccomp(2)), so a
process must have one thread when it comes here: TensorFlow starts its threads with the first operation.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import stat
import struct
import time
from dataclasses import dataclass
from functools import cache

OWN_PROCESS = 0x7E1F5EED
"""In a compiled seccomp filter: in the place of the number of the process that loads it. No process has it."""
LANDLOCK_NEEDED = 3
"""The Landlock version without which a file that may be read can be emptied too."""

PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_CREATE, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT = 444, 445, 446
"""Calls of the kernel, by the numbers that they have on every processor."""
_LANDLOCK_PATH_BENEATH = 1
_INSTRUCTION = struct.Struct("=HBBI")
_LIBC = ctypes.CDLL(None, use_errno=True)
_RLIMITS = {name: number for name, number in vars(resource).items() if name.startswith("RLIMIT_")}


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("process", ctypes.c_int)]


def _prctl(option: int, argument: int, pointer: object = 0) -> None:
    if _LIBC.prctl(option, ctypes.c_ulong(argument), pointer, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}): {os.strerror(number)}")


def hide_memory() -> None:
    """Forbid other processes of the same user to trace this one or to read its memory."""
    _prctl(_PR_SET_DUMPABLE, 0)


def show_memory() -> None:
    """Take back what `hide_memory` forbids."""
    _prctl(_PR_SET_DUMPABLE, 1)


def end_with_parent() -> None:
    """Have the kernel kill this process when the one that forked it ends, however that comes."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def empty_bounding_set() -> None:
    """Give up the capabilities that an executed file could bring; who has none of its own cannot."""
    for number in range(64):
        # Those that this kernel does not know.
        with contextlib.suppress(OSError):
            _prctl(_PR_CAPBSET_DROP, number)


def drop_capabilities() -> None:
    """Give up every capability for good, so that uid 0 is a user like others (capabilities(7))."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if _LIBC.capset(ctypes.byref(header), ctypes.byref(nothing)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"capset: {os.strerror(number)}")


def thread_count() -> int:
    """Return the number of threads of this process."""
    return int(status_field("self", "Threads"))


def status_field(process: int | str, name: str) -> str:
    """Return one field of /proc/<process>/status, as text."""
    with open(f"/proc/{process}/status", "rb") as status:
        for line in status:
            if line.startswith(name.encode() + b":"):
                return line.split(b":", 1)[1].strip().decode()
    raise LookupError(name)


def own_memory(process: int) -> int:
    """Return the bytes that a process holds by itself.

    Library text (RssFile) is shared by all processes and is left out; shared memory (RssShmem) is counted because
    no resource limit sees it.
    """
    total = 0
    with open(f"/proc/{process}/status", "rb") as status:
        for line in status:
            if line.startswith((b"RssAnon:", b"RssShmem:")):
                total += int(line.split()[1]) * 1024
    return total


def times(process: int) -> tuple[float, float]:
    """Return the CPU seconds of a process, and for how many its threads were ready to run and had no processor."""
    waited = 0
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            # A thread may end meanwhile.
            with contextlib.suppress(OSError), open(f"/proc/{process}/task/{thread}/schedstat") as status:
                waited += int(status.read().split()[1])
    # The number of a process's clock is made of its own: clock_getcpuclockid(3).
    return time.clock_gettime(~process << 3 | 2), waited / 1e9


def own_allowance() -> tuple[object, ...]:
    """Return what this process may use: every resource limit, its processors, its priority and its place among others.

    The warm process runs as the same user as the workers that it forks, so the kernel alone would let them change it.
    """
    limits = {name: resource.getrlimit(number) for name, number in _RLIMITS.items()}
    return (
        limits,
        os.sched_getaffinity(0),
        os.getpriority(os.PRIO_PROCESS, 0),
        os.sched_getscheduler(0),
        os.getpgid(0),
    )


def landlock_version() -> int:
    """Return the kernel's Landlock ABI version, 0 where there is none.

    The library's first call starts a subprocess, so this is called before any fork.
    """
    try:
        import landlockpy

        return int(landlockpy.abi_version())
    except (ImportError, OSError, RuntimeError):
        return 0


@dataclass(frozen=True)
class _Rights:
    """What Landlock forbids, packed for the kernel, and what is allowed again."""

    forbidden: bytes
    file: int
    folder: int
    own_file: int
    own_folder: int


@cache
def landlock_rights() -> _Rights:
    """Return what is forbidden and allowed to every worker, as far as the kernel knows of it.

    Asked before any fork: the library takes longer to put its flags together than the kernel to confine a process.
    """
    from landlockpy import AccessFS, Ruleset, Scope

    file = AccessFS.READ_FILE | AccessFS.EXECUTE
    own_file = AccessFS.READ_FILE | AccessFS.WRITE_FILE
    # No symbolic links, sockets, pipes or devices, and nothing that was written may be executed.
    made = AccessFS.MAKE_REG | AccessFS.MAKE_DIR | AccessFS.REMOVE_FILE | AccessFS.REMOVE_DIR
    own_folder = own_file | AccessFS.READ_DIR | made | AccessFS.REFER | AccessFS.TRUNCATE
    with Ruleset(scoped=Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET) as rules:
        return _Rights(
            struct.pack("=QQQ", rules.handled_fs, rules.handled_net, rules.scoped),
            *(
                int(access & rules.handled_fs)
                for access in (file, file | AccessFS.READ_DIR, own_file, own_folder)
            ),
        )


def restrict_files(writable: list[str], readable: list[str]) -> None:
    """Allow these files and folders and no others; forbid TCP, and signals to processes outside (Landlock)."""
    rights = landlock_rights()
    rules = _landlock(_LANDLOCK_CREATE, rights.forbidden, ctypes.c_size_t(len(rights.forbidden)), 0)
    for path in readable:
        # What is not there, or not for this user, need not be allowed.
        with contextlib.suppress(FileNotFoundError, PermissionError):
            _allow(rules, path, rights.file, rights.folder)
    for path in writable:
        _allow(rules, path, rights.own_file, rights.own_folder)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _landlock(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, of_file: int, of_folder: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    access = of_folder if stat.S_ISDIR(os.fstat(descriptor).st_mode) else of_file
    rule = struct.pack("=Qi", access, descriptor)
    _landlock(_LANDLOCK_ADD_RULE, rules, _LANDLOCK_PATH_BENEATH, rule, 0)
    os.close(descriptor)


def _landlock(call: int, *arguments: object) -> int:
    result: int = _LIBC.syscall(ctypes.c_long(call), *arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"landlock: {os.strerror(number)}")
    return result


def restrict_calls(program: bytes) -> None:
    """Load a compiled seccomp filter."""
    number = os.getpid()
    program = b"".join(
        _INSTRUCTION.pack(code, true, false, number if value == OWN_PROCESS else value)
        for code, true, false, value in _INSTRUCTION.iter_unpack(program)
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_program = _FilterProgram(len(program) // _INSTRUCTION.size, ctypes.cast(buffer, ctypes.c_void_p))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_program))


def restrict_resources(limits: dict[str, int]) -> None:
    """Set soft and hard limits, by the names of setrlimit(2) without RLIMIT_; none is ever raised."""
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # SIGXCPU at the soft limit names the cause; SIGKILL follows where it is ignored.
        top = min(wanted + 2, hard) if name == "CPU" and hard != resource.RLIM_INFINITY else wanted
        resource.setrlimit(
            number, (wanted, wanted + 2 if name == "CPU" and hard == resource.RLIM_INFINITY else top)
        )
