"""What a grade depends on, as one digest: where it is the same, grading again would give the same."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

from grader.course.files import all_files, check_files, files_of, name_in_course
from grader.model import Course, Exercise, Explanation

PACKAGES = ("tensorflow", "keras", "numpy", "pytest")
"""What student code and checks run on."""

DECIDING = "model misconceptions errors platforms short_answers scoring course runner answers bans checks judge".split()
"""The rooms of this program that a grade depends on: all that they import, but for `messages`, which only words it."""

PACKAGE = Path(__file__).parents[1]


@cache
def environment() -> dict[str, str]:
    """Return the versions that a grade depends on; of this program the digest of what decides one."""
    found = {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}
    # What authors import beside the rooms themselves.
    found["source"] = program_digest("__init__", *DECIDING)[:16]
    return found


def environment_of(course: Course) -> dict[str, str]:
    """Return the versions that a course's grades depend on: of the libraries too that it imports before anything else."""
    asked = [*course.runner.preload, *(exercise.tensors for exercise in course.exercises)]
    return {
        name: _version(name) for name in sorted({item.partition(".")[0] for item in asked})
    } | environment()


@cache
def _version(name: str) -> str:
    """Return the version of what is imported, or distributed, by a name; empty where it is not installed."""
    with suppress(PackageNotFoundError):
        return version(name)
    # To list them all takes longer than the rest of a fingerprint.
    for distribution in _distributions().get(name, ()):
        with suppress(PackageNotFoundError):
            return version(distribution)
    return ""


_distributions = cache(packages_distributions)


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


def exercise_fingerprint(course: Course, exercise: Exercise, isolation: str) -> str:
    """Return what the grades of an exercise depend on besides the submission: checks, reference, limits, environment."""
    files = files_of(exercise)
    graded = {*all_files(exercise), *files.family} - files.ungraded
    return _fingerprint(course, exercise, isolation, graded)


def check_fingerprints(course: Course, exercise: Exercise, isolation: str) -> dict[str, str]:
    """Return what each check depends on besides the submission, which no other check of the exercise is part of."""
    paths, files = check_files([exercise]), files_of(exercise)
    others = set(all_files(exercise)) - files.ungraded - {*paths, files.misconceptions}
    common = _fingerprint(course, exercise, isolation, others)
    found: dict[str, str] = {}
    for path in paths:
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            # The course cannot be graded by it, and that is told elsewhere.
            continue
        checks = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:4] == "test"]
        tree.body = [node for node in tree.body if node not in checks]
        for node in checks:
            described = f"{common} {name_in_course(path)} {ast.dump(tree)} {ast.dump(node)}"
            # One that has the name of another is not known by it.
            digest = hashlib.sha256(described.encode()).hexdigest()[:16]
            found[node.name] = "" if node.name in found else digest
    return found


def _fingerprint(course: Course, exercise: Exercise, isolation: str, files: set[Path]) -> str:
    # What a question says and gives is looked up when its grade is read.
    questions = {"questions": [item.id for item in exercise.questions]} if exercise.questions else {}
    described = questions | {
        "files": _digest_of_files(course.root, sorted(files)),
        "functions": exercise.functions,
        "banned": exercise.banned,
        "limits": asdict(exercise.limits),
        "seed": exercise.seed,
        "tensors": exercise.tensors,
        "runner": asdict(course.runner),
        "isolation": isolation,
        "environment": environment_of(course),
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def what_changed(before: Mapping[str, Any], exercise: str, isolation: str) -> list[Explanation]:
    """Return why an exercise's grades may be others than those of a run with these settings."""
    then = {"--isolation": before.get("isolation", isolation)} | before.get("environment", {})
    # Release 0.1 kept this program's own version, where its digest says more.
    libraries = {name for name in then if name.isidentifier()} - {"grader"}
    now = {name: _version(name) for name in libraries} | {"--isolation": isolation} | environment()
    changed = [
        Explanation("again.source")
        if name == "source"
        else Explanation("again.version", {"name": name, "before": old or "-", "now": now[name] or "-"})
        for name, old in then.items()
        if name in now and old != now[name]
    ]
    # What the exercise was then is not known: it has changed where nothing else has.
    return changed or [Explanation("again.exercise", {"exercise": exercise})]


def grade_key(fingerprint: str, digest: str, name: str) -> str:
    """Return the key of a grade: the exercise's fingerprint, the file's digest and the kind of file."""
    suffix = os.path.splitext(name)[1].lower()
    return hashlib.sha256(f"{fingerprint} {digest} {suffix}".encode()).hexdigest()


def _files_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _digest_of_files(root: Path, files: list[Path]) -> str:
    """Return one digest of the names, below `root`, and contents of files."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
