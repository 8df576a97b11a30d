"""What of the sandbox is in force on this machine, which versions and how much room there are, and how to get what is missing.

Nothing is taken from settings alone: a sandbox of each level is started, and code in it tries what it may not do.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from grader.errors import CourseError, RunnerError, SubmissionError
from grader.model import DISTRIBUTION, Course, Explanation, Isolation, Limits, RunnerSettings, Source, Unit
from grader.runner.call import Call
from grader.runner.inside.confine import LANDLOCK_NEEDED, landlock_version
from grader.runner.packages import find_packages
from grader.runner.process import SandboxedRunner
from grader.runner.sandbox import DISK_MIB, Protections, find_bubblewrap, python_roots
from grader.runner.seccomp import compile_filter
from grader.runner.start import banned_in

State = Literal["good", "weak", "missing"]
"""`weak`: classes are graded, with less than there could be. `missing`: they are not."""

PACKAGES = ("tensorflow", "numpy", "nbgrader")
SLOT = 998
"""Whose user no class is graded by at the same time."""
COURSE_MIB = 130
"""What the command and the process that collects the checks hold, once for all slots."""
JUDGE_MIB = 30
"""What a slot's judge and its warm process hold of their own."""
LEAST_MIB = 256
ENOUGH_MIB = 2048
"""Free space on a disk: without the least nothing is graded; with enough, a class of a few hundred."""

_PROBE = """
import os, resource, socket
def refused(what):
    try:
        what()
    except OSError:
        return True
    return False
def fork():
    if os.fork() == 0:
        os._exit(0)
def probe():
    return {
        "files": refused(lambda: open("/etc/passwd")) and refused(lambda: open("/tmp/grader-doctor", "a")),
        "network": refused(socket.socket),
        "processes": refused(fork),
        "limits": resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY,
    }
"""
_INSTALLERS = {
    "debian": "sudo apt-get install bubblewrap libseccomp2",
    "ubuntu": "sudo apt-get install bubblewrap libseccomp2",
    "fedora": "sudo dnf install bubblewrap libseccomp",
    "rhel": "sudo dnf install bubblewrap libseccomp",
    "suse": "sudo zypper install bubblewrap libseccomp2",
    "arch": "sudo pacman -S bubblewrap libseccomp",
    "alpine": "sudo apk add bubblewrap libseccomp",
}
"""By the distribution's id, the command that installs what the sandbox needs of it."""
_FORBIDDEN_BY = {
    ("user.max_user_namespaces", "0"): "15000",
    ("kernel.unprivileged_userns_clone", "0"): "1",
    ("kernel.apparmor_restrict_unprivileged_userns", "1"): "0",
}
"""Which settings of the kernel, with which value, forbid user namespaces, and the value that allows them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Says one thing about this machine."""

    area: Literal["versions", "sandbox", "room"]
    name: str
    state: State
    said: Explanation
    remedy: Explanation | None = None


def examine(course: Course | None, cores: int) -> Iterator[Finding]:
    """Yield what there is to say, in the order in which it is read."""
    settings = course.runner if course else RunnerSettings(("numpy",))
    banned = banned_in(course) if course else []
    root = course.root if course else None
    yield from versions()
    try:
        tempfile.gettempdir()
    except OSError as error:
        # Everything else writes something there.
        said = Explanation("doctor.no_temporary", {"error": str(error)})
        yield Finding("room", "disk-temporary", "missing", said, Explanation("doctor.disk_temporary"))
        return
    yield from parts()
    yield from packages(course)
    warm: dict[Isolation, int] = {}
    why: dict[Isolation, Explanation] = {}
    for isolation in ("full", "reduced"):
        try:
            with SandboxedRunner(
                settings, isolation=isolation, slot=SLOT, banned=banned, course=root
            ) as runner:
                yield from level(isolation, runner.wait(), tried(runner))
                yield from doors(runner.wait()) if isolation == "full" else ()
                warm[isolation] = runner.warm_bytes >> 20
        except CourseError as error:
            # A module that the course preloads is not there, at whatever level.
            (fault,) = error.faults
            values = {"file": fault.file, "place": fault.place, "why": fault.explanation}
            yield Finding("sandbox", "preload", "missing", Explanation("check.course", values))
            break
        except (RunnerError, SubmissionError) as error:
            why[isolation] = error.explanation
    if "full" in why:
        # Without bubblewrap its own finding has said how to get it.
        remedy = forbidden_by() or (Explanation("doctor.container") if find_bubblewrap() else None)
        yield Finding("sandbox", "full", "missing", why["full"], remedy)
    if "reduced" in why:
        yield Finding("sandbox", "reduced", "weak", why["reduced"])
    limits = [item.limits for item in course.exercises] if course else [Limits()]
    most = max(limit.memory_mib for limit in limits)
    # Without namespaces each slot imports for itself.
    shared, own = (warm["full"], 0) if "full" in warm else (0, warm.get("reduced", 0))
    yield memory(shared, own, most, cores)
    yield from disks()


def versions() -> Iterator[Finding]:
    """Yield the versions of this program, Python and the packages."""
    said = partial(Explanation, "doctor.version")
    yield Finding("versions", "grader", "good", said({"name": "grader", "version": version(DISTRIBUTION)}))
    python = {"name": "Python", "version": platform.python_version()}
    yield Finding("versions", "python", "good", said(python))
    for name in PACKAGES:
        try:
            found = {"name": name, "version": version(name)}
        except PackageNotFoundError:
            needed = next(line for line in requires(DISTRIBUTION) or [name] if line.startswith(name))
            remedy = Explanation("doctor.pip", {"requirement": needed.partition(";")[0].strip()})
            absent = Explanation("doctor.no_package", {"name": name})
            yield Finding("versions", name, "missing", absent, remedy)
        else:
            yield Finding("versions", name, "good", said(found))


def parts() -> Iterator[Finding]:
    """Yield what the sandbox is made of: bubblewrap, libseccomp, Landlock, user namespaces."""
    path = find_bubblewrap()
    if path is None:
        yield Finding("sandbox", "bubblewrap", "missing", Explanation("doctor.no_bubblewrap"), distribution())
    else:
        ran = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        found = {"version": ran.stdout.strip().removeprefix("bubblewrap "), "path": path}
        yield Finding("sandbox", "bubblewrap", "good", Explanation("doctor.bubblewrap", found))
    try:
        compile_filter()
    except RunnerError as error:
        yield Finding("sandbox", "seccomp", "missing", error.explanation, distribution())
    else:
        yield Finding("sandbox", "seccomp", "good", Explanation("doctor.seccomp"))
    landlock = landlock_version()
    if landlock >= LANDLOCK_NEEDED:
        said = Explanation("doctor.landlock", {"version": landlock})
        yield Finding("sandbox", "landlock", "good", said)
    else:
        kernel = platform.release()
        values: dict[str, object] = {"version": landlock, "needed": LANDLOCK_NEEDED, "kernel": kernel}
        remedy = Explanation("doctor.newer_kernel")
        yield Finding("sandbox", "landlock", "weak", Explanation("doctor.old_landlock", values), remedy)
    forbidden = forbidden_by()
    if forbidden is not None:
        yield Finding(
            "sandbox", "user-namespaces", "weak", Explanation("doctor.no_user_namespaces"), forbidden
        )


def packages(course: Course | None) -> Iterator[Finding]:
    """Yield which folders of Python's path code in the sandbox does not see."""
    found = find_packages(python_roots(), course.root if course else None)
    if found.folders:
        folders = ", ".join(map(str, found.folders))
        yield Finding("sandbox", "packages", "good", Explanation("doctor.packages", {"folders": folders}))
    for folder, why in found.hidden:
        said = Explanation("doctor.hidden", {"folder": str(folder), "why": why})
        yield Finding("sandbox", "hidden-packages", "weak", said, Explanation("doctor.install_there"))


def tried(runner: SandboxedRunner) -> dict[str, bool]:
    """Return what code in a sandbox was refused, by the layer that should refuse it."""
    source = Source((Unit("probe.py", _PROBE),))
    session = runner.open(source, Limits())
    try:
        answer = session.call(Call("probe")).value
    finally:
        session.close()
    return {str(name): bool(was_refused) for name, was_refused in answer.items()}


def level(isolation: Isolation, protections: Protections, refused: dict[str, bool]) -> Iterator[Finding]:
    """Yield what is in force at a level of isolation, and which layer lets through what it should not."""
    values = {"protections": protections}
    yield Finding("sandbox", isolation, "good", Explanation("doctor.level", values))
    for name, was_refused in refused.items():
        if not was_refused:
            open_to = Explanation("doctor.open", {"isolation": isolation, "layer": name})
            yield Finding(
                "sandbox", f"{isolation}-{name}", "missing", open_to, Explanation("doctor.report_it")
            )


def doors(protections: Protections) -> Iterator[Finding]:
    """Yield which doors are missing that see at run time what an exercise bans."""
    if protections.missing_doors:
        said = Explanation("doctor.no_doors", {"doors": ", ".join(protections.missing_doors)})
        yield Finding("sandbox", "doors", "missing", said, Explanation("doctor.locked_versions"))


def distribution() -> Explanation:
    """Return the command that installs what the sandbox needs, of the distribution that this machine has."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    names = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    command = next((_INSTALLERS[name] for name in names if name in _INSTALLERS), _INSTALLERS["debian"])
    return Explanation("doctor.install", {"command": command})


def forbidden_by(settings: Path = Path("/proc/sys")) -> Explanation | None:
    """Return how to allow user namespaces, where a setting of the kernel forbids them to ordinary users."""
    if os.geteuid() == 0:
        return None
    for (name, forbids), allows in _FORBIDDEN_BY.items():
        path = settings / name.replace(".", "/")
        if path.is_file() and path.read_text().strip() == forbids:
            return Explanation("doctor.sysctl", {"setting": f"{name}={allows}"})
    return None


def memory(shared_mib: int, own_mib: int, limit_mib: int, cores: int) -> Finding:
    """Return how many slots fit into the memory, each with a submission that uses all that it may.

    What has been imported takes so many MiB once where slots share it, or in each slot where it is their own.
    """
    available = available_mib()
    # What a submission writes lies in memory too.
    shared, slot = COURSE_MIB + shared_mib, JUDGE_MIB + own_mib + limit_mib + DISK_MIB
    count = max(available - shared, 0) // slot
    values = {"available": available, "shared": shared, "slot": slot, "count": count, "cores": cores}
    remedy = None if count >= cores else Explanation("doctor.fewer_slots", {"count": max(count, 1)})
    state: State = "good" if count >= cores else "weak"
    return Finding("room", "memory", state, Explanation("doctor.memory", values), remedy)


def available_mib(root: Path = Path("/")) -> int:
    """Return the memory that is available: the machine's, or what is left of the control group's limit."""
    lines = (root / "proc/meminfo").read_text().splitlines()
    free = [next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))]
    group = (root / "proc/self/cgroup").read_text().rpartition("::")[2].strip().lstrip("/")
    folder = root / "sys/fs/cgroup" / group
    for place in (folder, *folder.parents):
        if (place / "memory.max").is_file() and (
            limit := (place / "memory.max").read_text().strip()
        ) != "max":
            free.append(int(limit) - int((place / "memory.current").read_text()))
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return max(0, min(free + ([soft] if soft != resource.RLIM_INFINITY else []))) >> 20


def disks() -> Iterator[Finding]:
    """Yield the free space where grades are written and where zips are unpacked."""
    for name, folder in (("here", Path.cwd()), ("temporary", Path(tempfile.gettempdir()))):
        free = shutil.disk_usage(folder).free >> 20
        state: State = "missing" if free < LEAST_MIB else "weak" if free < ENOUGH_MIB else "good"
        remedy = None if state == "good" else Explanation(f"doctor.disk_{name}")
        said = Explanation("doctor.disk", {"folder": str(folder), "free": free})
        yield Finding("room", f"disk-{name}", state, said, remedy)
