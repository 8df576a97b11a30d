"""Compile the seccomp filter, once and on the trusted side: it says which system calls student code may not make."""

from __future__ import annotations

import errno
import tempfile
from functools import cache

from grader.errors import RunnerError
from grader.runner.inside.confine import OWN_PROCESS, PR_SET_PDEATHSIG

FORBIDDEN_CALLS = """
    fork vfork execve execveat
    socket connect bind listen accept accept4
    ptrace process_vm_readv process_vm_writev kcmp pidfd_open pidfd_getfd pidfd_send_signal process_madvise
    process_mrelease
    unshare setns mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    keyctl add_key request_key
    memfd_create memfd_secret shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
    mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
    kexec_load init_module finit_module delete_module reboot swapon swapoff acct quotactl settimeofday clock_settime
    clock_adjtime adjtimex personality iopl ioperm modify_ldt name_to_handle_at open_by_handle_at fanotify_init
    fanotify_mark syslog vhangup sysfs _sysctl sethostname setdomainname
    setuid setgid setreuid setregid setresuid setresgid setgroups capset
    chown fchown lchown fchownat chmod fchmod fchmodat mknod mknodat
    utime utimes futimesat utimensat utimensat_time64
    setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    tkill
    sched_setscheduler sched_setattr sched_setparam ioprio_set setpriority mlock mlock2 mlockall setrlimit
""".split()
"""Files that are not a submission's own: Landlock covers what is in them and their names, not their times and modes."""
_NEWER_CALLS = range(451, 512)
"""Numbers of what kernels learned since 6.4, the same on every architecture: fchmodat2, setxattrat, file_setattr, ... A
library of an older distribution has no names for them, and nothing needs them."""
_SIGNALS = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
_CLONE_THREAD = 0x10000
_IOCTLS = {
    "TIOCSTI": 0x5412,
    "FIOSETOWN": 0x8901,
    "SIOCSPGRP": 0x8902,
    "FS_IOC_SETFLAGS": 0x40086602,
    "FS_IOC_FSSETXATTR": 0x401C5820,
    "FS_IOC_ENABLE_VERITY": 0x40806685,
}
_FCNTLS = {"F_SETOWN": 8, "F_SETSIG": 10, "F_SETOWN_EX": 15}
"""What has a signal sent to somebody."""


@cache
def compile_filter() -> bytes:
    """Return the seccomp program: everything is allowed but the listed calls, new processes and exec.

    Listed calls fail with EPERM, so a student reads an error and not a dead process. In the place of the process's own
    number stands `confine.OWN_PROCESS`.

    Raises:
        RunnerError: libseccomp is not installed.
    """
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise RunnerError("runner.no_libseccomp", {"error": str(error)}) from error
    seccomp_filter = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in FORBIDDEN_CALLS:
        try:
            seccomp_filter.add_rule(refuse, name)
        except (ValueError, OSError):
            # A call that this architecture or this libseccomp does not know cannot be made by name either.
            continue
    for name in ("prlimit64", "sched_setaffinity"):
        # Of itself only (0): the warm process is of the same user, and every later fork would inherit its limits.
        seccomp_filter.add_rule(refuse, name, pyseccomp.Arg(0, pyseccomp.NE, 0))
    for name in _SIGNALS:
        seccomp_filter.add_rule(refuse, name, pyseccomp.Arg(0, pyseccomp.NE, OWN_PROCESS))
    seccomp_filter.add_rule(
        refuse, "prctl", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 0xFFFFFFFF, PR_SET_PDEATHSIG)
    )
    for number in _NEWER_CALLS:
        seccomp_filter.add_rule(pyseccomp.ERRNO(errno.ENOSYS), number)
    seccomp_filter.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))
    # clone3 hides its flags behind a pointer; glibc falls back to clone when the call does not exist.
    seccomp_filter.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for name, requests in (("ioctl", _IOCTLS), ("fcntl", _FCNTLS)):
        for request in requests.values():
            seccomp_filter.add_rule(refuse, name, pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request))
    with tempfile.TemporaryFile() as file:
        seccomp_filter.export_bpf(file)
        file.seek(0)
        return file.read()
