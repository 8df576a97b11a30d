"""Give a forked process namespaces of its own, from inside of the sandbox and without any privilege (user_namespaces(7))."""

from __future__ import annotations

import contextlib
import ctypes
import os

from grader.runner.inside import confine

_NEW_USER, _NEW_PID, _NEW_MOUNTS = 0x10000000, 0x20000000, 0x00020000
_NEW_IPC, _NEW_NETWORK, _NEW_HOST_NAME, _NEW_CGROUP = 0x08000000, 0x40000000, 0x04000000, 0x02000000
_ALL = _NEW_USER | _NEW_PID | _NEW_MOUNTS | _NEW_IPC | _NEW_NETWORK | _NEW_HOST_NAME | _NEW_CGROUP
_READ_ONLY, _NO_SET_USER, _NO_DEVICES, _NO_EXECUTION, _REMOUNT, _BIND = 1, 2, 4, 8, 32, 4096
_LIBC = ctypes.CDLL(None, use_errno=True)


def enter(work: str, mib: int) -> None:
    """Go on in a new process that is pid 1 of namespaces of its own, with an empty folder `work` of so many MiB.

    What this process was called with ends here. In the new one capabilities are gone for good, and no further namespace of
    users can be made.

    Raises:
        OSError: the kernel, or the sandbox around this one, does not allow it.
    """
    user, group = os.getuid(), os.getgid()
    # The files in /proc that say who is who belong to who may trace the process.
    confine.show_memory()
    _check("unshare", _LIBC.unshare(_ALL))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        _write(f"/proc/self/{name}", text)
    confine.hide_memory()
    if os.fork() != 0:
        # What unshare(2) did to processes is so for this one's children alone; the warm process adopts the child.
        os._exit(0)
    os.setsid()
    # The kernel's memory for a file without content is no part of the size, nor of anybody's limit.
    options = f"mode=0700,size={mib << 20},nr_inodes={mib << 8}".encode()
    _mount(b"tmpfs", work.encode(), _NO_SET_USER | _NO_DEVICES, options)
    _mount(b"proc", b"/proc", _NO_SET_USER | _NO_DEVICES | _NO_EXECUTION, None)
    _write("/proc/sys/user/max_user_namespaces", "0")
    # Not the folder of the same name that lies below.
    os.chdir(work)
    confine.empty_bounding_set()
    confine.drop_capabilities()


def can_be_entered() -> bool:
    """Return whether a process that is forked here gets namespaces of its own."""
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        try:
            os.close(read_end)
            enter(os.getcwd(), 1)
            os.write(write_end, b"1")
        except OSError as error:
            os.write(2, f"namespaces: {error}\n".encode())
        os._exit(0)
    os.close(write_end)
    with open(read_end, "rb") as answer:
        can = answer.read() == b"1"
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    return can


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _mount(kind: bytes, place: bytes, flags: int, options: bytes | None) -> None:
    """Mount over a place; what lies there, which others share, is read-only from now on."""
    for wanted, given in ((_REMOUNT | _BIND | _READ_ONLY | flags, None), (flags, options)):
        _check(f"mount {kind.decode()}", _LIBC.mount(kind, place, kind, ctypes.c_ulong(wanted), given))


def _check(call: str, result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
