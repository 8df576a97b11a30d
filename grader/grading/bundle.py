"""A course as one file that travels: what a worker on another machine needs to grade, known by its content."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.grading.fingerprint import environment_of, program_digest
from grader.model import Course, Exercise, Isolation


@dataclass(frozen=True)
class Bundle:
    """What a worker needs to grade a course's submissions."""

    archive: bytes
    """course.yml, exercises/ and solutions/ as .tar.gz; the same course gives the same bytes."""
    recordings: bytes
    """The reference's answers, pickled: the client made them, and workers trust it."""
    exercises: tuple[str, ...]
    isolation: Isolation
    environment: dict[str, str]
    accepts_any: bool

    @cached_property
    def digest(self) -> str:
        """Return what the bundle is known by."""
        digest = hashlib.sha256(self.archive)
        digest.update(self.recordings)
        digest.update(repr((self.exercises, self.isolation, self.environment, self.accepts_any)).encode())
        return digest.hexdigest()[:24]


def worker_environment(course: Course) -> dict[str, str]:
    """Return what has to be the same on a worker: what a grade depends on, and all of this program, whose records travel."""
    return environment_of(course) | {"source": program_digest()[:16]}


def make_bundle(
    course: Course,
    recordings: Any,
    exercises: Sequence[Exercise],
    isolation: Isolation,
    *,
    accepts_any: bool = False,
) -> Bundle:
    """Return the bundle of a course; everything in it that could differ from day to day is left out."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for path in sorted(_course_files(course)):
            entry = tarfile.TarInfo(path.relative_to(course.root).as_posix())
            content = path.read_bytes()
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return Bundle(
        buffer.getvalue(),
        pickle.dumps(recordings),
        tuple(exercise.id for exercise in exercises),
        isolation,
        worker_environment(course),
        accepts_any,
    )


def _course_files(course: Course) -> list[Path]:
    found = [course.root / "course.yml"]
    for folder in ("exercises", "solutions"):
        for path in (course.root / folder).rglob("*"):
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                found.append(path)
    return found
