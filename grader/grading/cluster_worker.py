"""What runs on a worker of a Dask cluster: unpack the course once, keep warm slots, grade what is handed over."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import tarfile
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin

from grader.course.load import load_course
from grader.grading.bundle import Bundle
from grader.grading.fingerprint import environment
from grader.grading.slots import Slot
from grader.judge.evidence import Evidence
from grader.model import Grade, Submission
from grader.runner.sandbox import Protections

__all__ = ["BundlePlugin", "Graded", "RefusedError", "differences_here", "grade_there"]


@dataclass
class _Unpacked:
    """A bundle on a worker, with the slots that serve it."""

    root: Path
    bundle: Bundle
    differences: dict[str, tuple[str, str]]
    """Why it may not grade: what of its environment is another, name -> (the client's, the worker's)."""
    idle: list[tuple[Slot, Protections]] = field(default_factory=list)
    started: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


UNPACKED: dict[str, _Unpacked] = {}


class BundlePlugin(WorkerPlugin):
    """Unpacks a bundle on every worker, and cleans up when the class is graded."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.name = f"grader-{bundle.digest}"
        self.idempotent = True

    def setup(self, worker: Any) -> None:
        """Unpack."""
        root = Path(tempfile.mkdtemp(prefix="grader-bundle-"))
        with tarfile.open(fileobj=io.BytesIO(self.bundle.archive), mode="r:gz") as archive:
            archive.extractall(root, filter="data")
        here, there = environment(), self.bundle.environment
        names = [] if self.bundle.accepts_any else sorted(here.keys() | there.keys())
        differences = {
            name: (there.get(name, ""), here.get(name, ""))
            for name in names
            if here.get(name) != there.get(name)
        }
        UNPACKED[self.bundle.digest] = _Unpacked(root, self.bundle, differences)

    def teardown(self, worker: Any) -> None:
        """End the slots and remove the files."""
        unpacked = UNPACKED.pop(self.bundle.digest, None)
        if unpacked is not None:
            for slot, _ in unpacked.idle:
                slot.stop()
            shutil.rmtree(unpacked.root, ignore_errors=True)


def differences_here(digest: str) -> dict[str, tuple[str, str]] | None:
    """Return why this worker refuses a bundle; None where it accepts it."""
    unpacked = UNPACKED.get(digest)
    if unpacked is None:
        return {"bundle": (digest, "")}
    return unpacked.differences or None


@dataclass(frozen=True)
class Graded:
    """What comes back."""

    grade: Grade
    evidence: Evidence
    protections: Protections


class RefusedError(Exception):
    """The worker's environment is another than the client's, or it has no sandbox."""


def grade_there(digest: str, submission: Submission, name: str, content: bytes) -> Graded:
    """Grade a submission on a worker.

    Raises:
        RefusedError: the worker may not grade this bundle, or cannot.
        ConnectionError: the judge died.

    """
    if differences_here(digest) is not None:
        raise RefusedError(digest)
    unpacked = UNPACKED[digest]
    slot, protections = _taken(unpacked)
    with tempfile.TemporaryDirectory(prefix="grader-answer-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            course_exercises = {item.id: item for item in load_course(unpacked.root).exercises}
            slot.hand(replace(submission, path=path), course_exercises)
            if not slot.connection.poll(slot.deadline - time.monotonic()):
                raise ConnectionError("the judge is silent")
            kind, *answer = slot.connection.recv()
        except (EOFError, OSError) as error:
            slot.stop()
            raise ConnectionError(str(error) or slot.death()) from error
        except BaseException:
            slot.stop()
            raise
    with unpacked.lock:
        if digest in UNPACKED:
            unpacked.idle.append((slot, protections))
        else:
            # The client is gone.
            slot.stop()
    assert kind == "grade"
    grade, evidence = answer
    return Graded(grade, evidence, protections)


def _taken(unpacked: _Unpacked) -> tuple[Slot, Protections]:
    """Return an idle slot, or start one."""
    with unpacked.lock:
        if unpacked.idle:
            return unpacked.idle.pop()
        unpacked.started += 1
        # Several workers may share a machine: their slots must not share a user.
        number = (os.getpid() * 7 + unpacked.started) % 400
    slot = Slot(number, unpacked.root, unpacked.bundle.exercises, unpacked.bundle.isolation)
    try:
        kind, content = slot.connection.recv()
    except (EOFError, OSError) as error:
        slot.stop()
        raise ConnectionError(slot.death()) from error
    if kind == "fault":
        slot.stop()
        # No sandbox here, or a package that the course preloads is missing: others may do better.
        unpacked.differences["sandbox"] = (unpacked.bundle.isolation, str(content)[:300])
        raise RefusedError(str(content))
    slot.give(pickle.loads(unpacked.bundle.recordings))
    return slot, content
