"""The same jobs on a Dask cluster: `grader grade --cluster tcp://scheduler:8786`.

The course travels once, as a bundle known by its content; the scheduler hands it to every worker, to those that join
later too. Each worker keeps warm slots of its own. Results come back as plain records and are committed by the client
as they arrive. What a worker had when it died is given to another one.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import pickle
import shutil
import tarfile
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from distributed import Client, Future, WorkerPlugin, wait

from grader.course import load_course
from grader.errors import RunnerError
from grader.fingerprint import environment
from grader.grading import Outcome, check_reference
from grader.judge import Evidence, Judge, not_handed_in, ungraded
from grader.messages import printable
from grader.model import Course, Exercise, Explanation, Grade, Submission, Verdict
from grader.replay import CollectedChecks, with_checks
from grader.runner.sandbox import Isolation, Protections
from grader.slots import Slot, start_runner

__all__ = ["Bundle", "grade_on_cluster", "make_bundle"]

CONNECT_SECONDS = 20.0
POLL_SECONDS = 5.0
"""How often the client looks whether there are workers at all."""
MOST_TRIES = 2
"""Of a submission; a worker that dies under it counts as one."""
MOST_LOSSES = 20
_AHEAD = 4
"""Jobs on their way for each thread of the cluster: enough to keep it busy, few enough to be held."""


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

    @property
    def digest(self) -> str:
        """Return what the bundle is known by."""
        digest = hashlib.sha256(self.archive)
        digest.update(self.recordings)
        digest.update(repr((self.exercises, self.isolation, self.environment, self.accepts_any)).encode())
        return digest.hexdigest()[:24]


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
        environment(),
        accepts_any,
    )


def _course_files(course: Course) -> list[Path]:
    found = [course.root / "course.yml"]
    for folder in ("exercises", "solutions"):
        for path in (course.root / folder).rglob("*"):
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                found.append(path)
    return found


# --- on a worker --------------------------------------------------------------------------------------------------


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


_UNPACKED: dict[str, _Unpacked] = {}


class _BundlePlugin(WorkerPlugin):
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
        _UNPACKED[self.bundle.digest] = _Unpacked(root, self.bundle, differences)

    def teardown(self, worker: Any) -> None:
        """End the slots and remove the files."""
        unpacked = _UNPACKED.pop(self.bundle.digest, None)
        if unpacked is not None:
            for slot, _ in unpacked.idle:
                slot.stop()
            shutil.rmtree(unpacked.root, ignore_errors=True)


def _differences(digest: str) -> dict[str, tuple[str, str]] | None:
    """Return why this worker refuses a bundle; None where it accepts it."""
    unpacked = _UNPACKED.get(digest)
    if unpacked is None:
        return {"bundle": (digest, "")}
    return unpacked.differences or None


@dataclass(frozen=True)
class _Graded:
    """What comes back."""

    grade: Grade
    evidence: Evidence
    protections: Protections


class _RefusedError(Exception):
    """The worker's environment is another than the client's, or it has no sandbox."""


def _grade_there(digest: str, submission: Submission, name: str, content: bytes) -> _Graded:
    """Grade a submission on a worker.

    Raises:
        _RefusedError: the worker may not grade this bundle, or cannot.
        ConnectionError: the judge died.

    """
    if _differences(digest) is not None:
        raise _RefusedError(digest)
    unpacked = _UNPACKED[digest]
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
        if digest in _UNPACKED:
            unpacked.idle.append((slot, protections))
        else:
            # The client is gone.
            slot.stop()
    assert kind == "grade"
    grade, evidence = answer
    return _Graded(grade, evidence, protections)


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
        raise _RefusedError(str(content))
    slot.give(pickle.loads(unpacked.bundle.recordings))
    return slot, content


# --- at the client ------------------------------------------------------------------------------------------------


def grade_on_cluster(
    course: Course,
    submissions: Sequence[Submission],
    *,
    address: str,
    isolation: Isolation = "full",
    accepts_any: bool = False,
    on_grade: Callable[[Grade], None] = lambda grade: None,
    on_reference: Callable[[Exercise], None] = lambda exercise: None,
    on_note: Callable[[Explanation], None] = lambda note: None,
    **_: Any,
) -> Outcome:
    """Grade submissions on the workers of a Dask scheduler; the reference is checked here first.

    `accepts_any` lets workers grade whose Python or packages are others than the client's. `on_note` hears of workers
    that refuse and of waiting for workers.

    Raises:
        CourseError: the course's checks cannot be run, or its reference does not pass them; nothing was graded.
        RunnerError: there is no scheduler, no worker accepts the course, or no sandbox can be started.

    """
    wanted = {submission.exercise for submission in submissions if submission.path is not None}
    exercises = [exercise for exercise in course.exercises if exercise.id in wanted]
    outcomes: list[Outcome] = []
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise RunnerError("cluster.no_scheduler", {"address": address, "error": str(error)[:300]}) from error

    def serve(checks: CollectedChecks) -> None:
        judge = Judge(checks, None, lambda: start_runner(course, isolation, 0))
        try:
            check_reference(judge, exercises, on_reference)
            bundle = make_bundle(course, judge.recordings, exercises, isolation, accepts_any=accepts_any)
            run = _Run(course, client, bundle, judge, on_grade, on_note)
            outcomes.append(run.all(submissions))
        finally:
            judge.close()

    try:
        with_checks(course, exercises, serve)
    finally:
        client.close()
    return outcomes[0]


class _Run:
    """Hands submissions to the cluster and collects the grades."""

    def __init__(
        self,
        course: Course,
        client: Client,
        bundle: Bundle,
        judge: Judge,
        on_grade: Callable[[Grade], None],
        on_note: Callable[[Explanation], None],
    ) -> None:
        self.exercises = {exercise.id: exercise for exercise in course.exercises}
        self.client = client
        self.bundle = bundle
        self.judge = judge
        self.on_grade = on_grade
        self.on_note = on_note
        self.accepting: list[str] | None = None
        """The workers that may grade; None while all may."""
        self.refused: set[str] = set()
        self.waiting: deque[Submission] = deque()
        self.pending: dict[Future[Any], Submission] = {}
        self.tries: dict[Submission, int] = {}
        self.grades: list[Grade] = []
        self.protections: Protections | None = None
        self.is_told = False
        """Whether it was said that there are no workers."""

    def all(self, submissions: Sequence[Submission]) -> Outcome:
        started = time.monotonic()
        plugin = _BundlePlugin(self.bundle)
        self.client.register_plugin(plugin)
        try:
            self._ask_workers()
            for submission in submissions:
                if submission.path is None:
                    self._keep(not_handed_in(submission, self.exercises[submission.exercise]))
                else:
                    self.waiting.append(submission)
            while self.waiting or self.pending:
                self._submit()
                self._collect()
        finally:
            self.client.cancel(list(self.pending))
            self.client.unregister_worker_plugin(plugin.name)
        return Outcome(tuple(self.grades), self.protections, time.monotonic() - started)

    def _ask_workers(self) -> None:
        """Find out which workers accept the bundle; those that do not are told of once."""
        answers = self.client.run(_differences, self.bundle.digest, on_error="return")
        self.accepting = None
        for worker, answer in answers.items():
            if isinstance(answer, dict) and worker not in self.refused:
                self.refused.add(worker)
                shown = ", ".join(f"{name} {there} ≠ {here}" for name, (there, here) in answer.items())
                self.on_note(Explanation("cluster.refused", {"worker": worker, "differences": shown}))
        if self.refused:
            self.accepting = [worker for worker, answer in answers.items() if answer is None]
            if answers and not self.accepting:
                raise RunnerError("cluster.no_worker", {"count": len(answers)})

    def _submit(self) -> None:
        threads = sum(self.client.nthreads().values())
        while self.waiting and len(self.pending) < max(8, _AHEAD * threads):
            submission = self.waiting.popleft()
            assert submission.path is not None
            try:
                content = submission.path.read_bytes()
            except OSError as error:
                explanation = Explanation("submission.unreadable", {"error": error.strerror or str(error)})
                self._keep(ungraded(submission, self.exercises[submission.exercise], explanation))
                continue
            future = self.client.submit(
                _grade_there,
                self.bundle.digest,
                replace(submission, path=None),
                submission.path.name,
                content,
                pure=False,
                workers=self.accepting,
                key=f"grade-{submission.exercise}-{len(self.tries)}-{time.monotonic_ns()}",
            )
            self.pending[future] = submission

    def _collect(self) -> None:
        if not self.pending:
            return
        try:
            wait(list(self.pending), timeout=POLL_SECONDS, return_when="FIRST_COMPLETED")
        except TimeoutError:
            if self.client.status != "running":
                raise RunnerError("cluster.lost", {"done": len(self.grades)}) from None
            if not self.client.nthreads() and not self.is_told:
                self.is_told = True
                self.on_note(Explanation("cluster.waiting", {"left": len(self.pending) + len(self.waiting)}))
            return
        self.is_told = False
        for future in [item for item in self.pending if item.status != "pending"]:
            self._receive(self.pending.pop(future), future)

    def _receive(self, submission: Submission, future: Future[Any]) -> None:
        error = future.exception() if future.status == "error" else None
        if future.status == "finished":
            graded: _Graded = future.result()
            self.protections = graded.protections
            if graded.grade.verdict is Verdict.UNGRADED and self._has_another_try(submission):
                return
            path = printable(str(submission.path))
            self._keep(replace(self._diagnosed(graded), path=path))
            return
        if isinstance(error, _RefusedError):
            self._ask_workers()
            self.waiting.appendleft(submission)
            return
        # A future without an error was lost with its worker, which Dask could not make good.
        if self._has_another_try(submission, MOST_TRIES if error is not None else MOST_LOSSES):
            return
        explanation = Explanation("submission.judge_died", {"error": str(error)[:300]})
        self._keep(ungraded(submission, self.exercises[submission.exercise], explanation))

    def _has_another_try(self, submission: Submission, most: int = MOST_TRIES) -> bool:
        """Count a try, and hand the submission out again if it has another."""
        self.tries[submission] = self.tries.get(submission, 0) + 1
        if self.tries[submission] < most:
            self.waiting.appendleft(submission)
            return True
        return False

    def _diagnosed(self, graded: _Graded) -> Grade:
        try:
            return self.judge.diagnose(graded.grade, graded.evidence)
        except RunnerError:
            # The points stand; only the explanation is missing.
            return graded.grade

    def _keep(self, grade: Grade) -> None:
        self.grades.append(grade)
        self.on_grade(grade)
