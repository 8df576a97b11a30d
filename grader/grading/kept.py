"""What of a course's reference is kept from one run to the next, where it lies, and what it depends on."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from grader.grading.fingerprint import exercise_fingerprint
from grader.judge.kept import KeptAnswers, KeptFolder
from grader.model import Course, Exercise, Isolation
from grader.runner.sandbox import READABLE, python_roots


def kept_answers(course: Course, exercises: Sequence[Exercise], isolation: Isolation) -> KeptAnswers | None:
    """Return what is kept of these exercises; None where nothing may be.

    Without isolation student code could read it, and where it lies in what a sandbox shows all could.
    """
    if isolation == "none" or any(exercise.solution_folder is None for exercise in exercises):
        return None
    folder = _folder()
    shown = [*map(Path, READABLE), *python_roots(), course.root]
    if folder is None or any(place.resolve() in folder.resolve().parents for place in shown):
        return None
    return KeptAnswers(KeptFolder(folder), {item.id: _key(course, item, isolation) for item in exercises})


def _folder() -> Path | None:
    """Return the folder `grader` among the user's caches (the XDG base directories say where); None without a home."""
    # One that is not absolute is to be ignored.
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return Path(named, "grader")
    with suppress(RuntimeError):
        return Path.home() / ".cache" / "grader"
    return None


def _key(course: Course, exercise: Exercise, isolation: Isolation) -> str:
    """Return the digest of all that the reference's answers and those of known mistakes depend on."""
    described = [
        exercise_fingerprint(course, exercise, isolation),
        exercise.id,
        exercise.variables,
        course.languages,
        _machine(),
        _installed(),
    ]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()


@cache
def _machine() -> list[str]:
    """Return what libraries choose their kernels by: the type of the processor and what it can."""
    found = [platform.machine(), platform.system()]
    with suppress(OSError):
        processor = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("\n\n")[0]
        wanted = ("vendor_id", "cpu family", "model", "stepping", "flags", "CPU", "Features")
        found += [line for line in processor.splitlines() if line.startswith(wanted)]
    return found


@cache
def _installed() -> list[str]:
    """Return the names and versions of all that is installed, by the folders that say so: a reference may import any."""
    found = {sys.version, os.path.realpath(sys.executable)}
    for place in sys.path:
        # Whatever else is on the path comes of how and where this program was called.
        if os.path.basename(place) in ("site-packages", "dist-packages"):
            with suppress(OSError):
                found |= {name for name in os.listdir(place) if name.endswith((".dist-info", ".egg-info"))}
    return sorted(found)
