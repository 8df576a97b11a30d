"""What a grade depends on, as one digest: where it is the same, grading again would give the same."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.course.files import all_files, files_of
from grader.model import DISTRIBUTION, Course, Exercise

__all__ = ["digest_of_files", "environment", "exercise_fingerprint", "grade_key"]


PACKAGES = (DISTRIBUTION, "tensorflow", "keras", "numpy", "pytest")
"""What student code and checks run on."""


@cache
def environment() -> dict[str, str]:
    """Return the versions that a grade depends on; of this program the digest of its source too."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    package = Path(__file__).parents[1]
    found["source"] = digest_of_files(package, sorted(package.rglob("*.py")))[:16]
    return found


def exercise_fingerprint(course: Course, exercise: Exercise, isolation: str) -> str:
    """Return what the grades of an exercise depend on besides the submission: checks, reference, limits, environment."""
    files = sorted(set(all_files(exercise)) - files_of(exercise).ungraded)
    described = {
        "files": digest_of_files(course.root, files),
        "functions": exercise.functions,
        "banned": exercise.banned,
        "limits": asdict(exercise.limits),
        "seed": exercise.seed,
        "runner": asdict(course.runner),
        "isolation": isolation,
        "environment": environment(),
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def grade_key(fingerprint: str, digest: str, name: str) -> str:
    """Return the key of a grade: the exercise's fingerprint, the file's digest and the kind of file."""
    suffix = os.path.splitext(name)[1].lower()
    return hashlib.sha256(f"{fingerprint} {digest} {suffix}".encode()).hexdigest()


def digest_of_files(root: Path, files: list[Path]) -> str:
    """Return one digest of the names, below `root`, and contents of files."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
