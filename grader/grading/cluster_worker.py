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
from grader.grading.bundle import Bundle, worker_environment
from grader.grading.executor import Forked, Graded, Lost, SlotFault
from grader.grading.slots import Judges, Slot
from grader.judge.evidence import weight_of_calls
from grader.model import Submission

BATCH_SECONDS = 1.0
"""How long a worker goes on with a batch before it says what there is."""
MOST_BATCH_BYTES = 1 << 20
"""Of the files in a batch, and of what one batch's submissions returned: the next one then begins another."""

Sent = tuple[Submission, str, bytes]
"""A submission without its path, the name of its file, and what is in it."""


@dataclass
class _Unpacked:
    """A bundle on a worker, with the slots that serve it."""

    root: Path
    bundle: Bundle
    differences: dict[str, tuple[str, str]]
    """Why it may not grade: what of its environment is another, name -> (the client's, the worker's)."""
    judges: Judges | None = None
    idle: list[Slot] = field(default_factory=list)
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
            # Debian 12's Python (3.11.2) has no filter yet; the bundle is the instructor's own.
            safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            archive.extractall(root, **safely)
        here, there = worker_environment(load_course(root)), self.bundle.environment
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
            for slot in unpacked.idle:
                slot.stop()
            if unpacked.judges is not None:
                unpacked.judges.stop()
            shutil.rmtree(unpacked.root, ignore_errors=True)


def differences_here(digest: str) -> dict[str, tuple[str, str]] | None:
    """Return why this worker refuses a bundle; None where it accepts it."""
    unpacked = UNPACKED.get(digest)
    if unpacked is None:
        return {"bundle": (digest, "")}
    return unpacked.differences or None


class RefusedError(Exception):
    """The worker's environment is another than the client's, or it has no sandbox."""


def grade_there(digest: str, batch: list[Sent]) -> list[Graded | Lost]:
    """Grade a batch on a worker, or the first of it: what there is goes back after BATCH_SECONDS, or when it is large.

    Raises:
        RefusedError: the worker may not grade this bundle, or cannot.
    """
    if differences_here(digest) is not None:
        raise RefusedError(digest)
    answers: list[Graded | Lost] = []
    weight, until = 0, time.monotonic() + BATCH_SECONDS
    for sent in batch:
        try:
            answer: Graded | Lost = _graded(UNPACKED[digest], *sent)
        except ConnectionError as error:
            answer = Lost(str(error))
        answers.append(answer)
        weight += weight_of_calls(sum(answer.evidence, ())) if isinstance(answer, Graded) else 0
        if weight > MOST_BATCH_BYTES or time.monotonic() > until:
            break
    return answers


def _graded(unpacked: _Unpacked, submission: Submission, name: str, content: bytes) -> Graded:
    """Grade a submission in a slot.

    Raises:
        RefusedError: no slot can work here.
        ConnectionError: the judge died.
    """
    slot = _taken(unpacked)
    try:
        with tempfile.TemporaryDirectory(prefix="grader-answer-") as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            slot.hand(replace(submission, path=path, below=None))
            message = slot.receive()
    except BaseException:
        slot.stop()
        raise
    with unpacked.lock:
        if unpacked.bundle.digest in UNPACKED:
            unpacked.idle.append(slot)
        else:
            # The client is gone.
            slot.stop()
    assert isinstance(message, Graded)
    return message


def _taken(unpacked: _Unpacked) -> Slot:
    """Return an idle slot, or start one."""
    with unpacked.lock:
        if unpacked.idle:
            return unpacked.idle.pop()
        unpacked.started += 1
        # Several workers may share a machine: where their slots have no namespaces of their own, they must not share a user.
        number = (os.getpid() * 7 + unpacked.started) % 400
        bundle = unpacked.bundle
        unpacked.judges = unpacked.judges or Judges(unpacked.root, bundle.exercises, bundle.isolation)
        slot = Slot(number, unpacked.judges)
    try:
        while isinstance(message := slot.receive(), Forked):
            pass
    except ConnectionError:
        slot.stop()
        raise
    if isinstance(message, SlotFault):
        slot.stop()
        # No sandbox here, or a package that the course preloads is missing: others may do better.
        unpacked.differences["sandbox"] = (unpacked.bundle.isolation, str(message.error)[:300])
        raise RefusedError(str(message.error))
    slot.give(pickle.loads(unpacked.bundle.recordings))
    return slot
