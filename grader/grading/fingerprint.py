"""What a grade depends on, as one digest: where it is the same, grading again would give the same."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from grader.model import Course, Exercise, Explanation

__all__ = [
    "environment",
    "exercise_digest",
    "exercise_fingerprint",
    "grade_key",
    "program_digest",
    "what_changed",
]


PACKAGES = ("tensorflow", "keras", "numpy", "pytest")
"""What student code and checks run on."""

DECIDING = "model misconceptions errors scoring course runner answers bans checks judge".split()
"""The rooms of this program that a grade depends on: all that they import, but for `messages`, which only words it."""

_NOT_GRADED_BY = ("README.md", "README.ko.md", "waivers.yml")
"""Files of an exercise that no grade depends on."""

PACKAGE = Path(__file__).parents[1]


@cache
def environment() -> dict[str, str]:
    """Return the versions that a grade depends on; of this program the digest of what decides one."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    # What authors import beside the rooms themselves.
    found["source"] = program_digest("__init__", *DECIDING)[:16]
    return found


@cache
def program_digest(*rooms: str) -> str:
    """Return the digest of this program's files, or of those in some of its rooms."""
    places = [PACKAGE / room for room in rooms] or [PACKAGE]
    files = [
        path
        for place in places
        for path in (_files_in(place) if place.is_dir() else [place.with_suffix(".py")])
    ]
    return _digest_of_files(PACKAGE, sorted(files))


def exercise_digest(course: Course, exercise: Exercise) -> str:
    """Return what is an exercise's own of what its grades depend on: checks, reference, limits."""
    folders = [exercise.exercise_folder, exercise.solution_folder]
    files = sorted(
        path
        for folder in folders
        if folder is not None
        for path in _files_in(folder)
        if path.name not in _NOT_GRADED_BY
    )
    described = {
        "files": _digest_of_files(course.root, files),
        "functions": exercise.functions,
        "banned": exercise.banned,
        "limits": asdict(exercise.limits),
        "seed": exercise.seed,
        "runner": asdict(course.runner),
    }
    return _digest_of(described)


def exercise_fingerprint(course: Course, exercise: Exercise, isolation: str) -> str:
    """Return what the grades of an exercise depend on besides the submission."""
    own = exercise_digest(course, exercise)
    return _digest_of({"exercise": own, "isolation": isolation, "environment": environment()})


def what_changed(
    before: Mapping[str, Any], course: Course, exercise: Exercise, isolation: str
) -> list[Explanation]:
    """Return what an exercise's grades depend on and is another than in a run, as far as its settings tell."""
    then, now = before.get("environment", {}), environment()
    changed = [
        Explanation("again.source")
        if name == "source"
        else Explanation(
            "again.version", {"name": name, "before": then[name] or "-", "now": now[name] or "-"}
        )
        for name in now
        if name in then and then[name] != now[name]
    ]
    if before.get("isolation", isolation) != isolation:
        changed.append(Explanation("again.isolation", {"before": before["isolation"], "now": isolation}))
    # Runs of release 0.1 kept no digest: it is the exercise where it is nothing else.
    known = before.get("exercises", {}).get(exercise.id, "" if not changed else None)
    if known is not None and known != exercise_digest(course, exercise):
        changed.append(Explanation("again.exercise", {"exercise": exercise.id}))
    return changed


def grade_key(fingerprint: str, digest: str, name: str) -> str:
    """Return the key of a grade: the exercise's fingerprint, the file's digest and the kind of file."""
    suffix = os.path.splitext(name)[1].lower()
    return hashlib.sha256(f"{fingerprint} {digest} {suffix}".encode()).hexdigest()


def _files_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _digest_of(described: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def _digest_of_files(root: Path, files: list[Path]) -> str:
    """Return one digest of the names, below `root`, and contents of files."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
