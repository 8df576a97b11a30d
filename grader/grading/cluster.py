"""A Dask cluster grades a class: `grader grade --cluster tcp://scheduler:8786`.

The course travels once, as a bundle known by its content; the scheduler hands it to every worker, to those that join
later too. Each worker keeps warm slots of its own. Results come back as plain records.
"""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from distributed import Client, Future, wait

from grader.answers.file import MOST_BYTES, open_submitted
from grader.errors import RunnerError
from grader.grading.bundle import Bundle, make_bundle
from grader.grading.cluster_worker import (
    MOST_BATCH_BYTES,
    BundlePlugin,
    RefusedError,
    Sent,
    differences_here,
    grade_there,
)
from grader.grading.executor import Graded, Lost, exercises_of
from grader.grading.kept import kept_answers
from grader.judge.evidence import Evidence
from grader.judge.grades import ungraded
from grader.judge.reference_side import proven_reference
from grader.messages.printable import printable
from grader.model import Course, Exercise, Explanation, Grade, Isolation, Submission, Verdict

CONNECT_SECONDS = 20.0
POLL_SECONDS = 5.0
"""How often the client looks whether there are workers at all."""
_LOOK_SECONDS = 1.0
"""How often it asks how many threads they have."""
MOST_IN_BATCH = 32
"""Submissions that travel together: what a message costs is shared, and few are graded again where a worker dies."""
_AHEAD = 2
"""Batches on their way for each thread of the cluster: enough to keep it busy, few enough to be held."""


class Cluster:
    """An executor of the workers of a Dask scheduler; what a worker had when it died is lost, and so tried again."""

    _client: Client
    _bundle: Bundle

    def __init__(
        self,
        address: str,
        isolation: Isolation = "full",
        *,
        accepts_any: bool = False,
        on_note: Callable[[Explanation], None] = lambda note: None,
    ) -> None:
        """Take the workers of a scheduler.

        `accepts_any` lets workers grade whose Python or packages are others than the client's. `on_note` hears of workers
        that refuse and of waiting for workers.
        """
        self._address = address
        self._isolation: Isolation = isolation
        self._accepts_any = accepts_any
        self._on_note = on_note
        self._exercises: dict[str, Exercise] = {}
        self._accepting: list[str] | None = None
        """The workers that may grade; None while all may."""
        self._refused: set[str] = set()
        self._pending: dict[Future[Any], list[Submission]] = {}
        """What is on its way, by its batch."""
        self._waiting: deque[Submission] = deque()
        """What is to be sent."""
        self._alone: set[Submission] = set()
        """What was in a batch of several that may be what a worker died of: which one it was is found out."""
        self._answers: list[tuple[Submission, Graded | Lost]] = []
        """What is known without a worker: of files that cannot be read here."""
        self._numbers = itertools.count()
        self._room = 0
        """How many batches may be on their way."""
        self._next_look = 0.0
        """When to look again how many threads there are."""
        self._all = self._left = 0
        """How many submissions there are, and how many have no grade yet."""
        self._is_told = False
        """Whether it was said that there are no workers."""

    @contextmanager
    def start(
        self, course: Course, submissions: Sequence[Submission], on_reference: Callable[[Exercise], None]
    ) -> Iterator[Callable[[Grade, Evidence], Grade]]:
        """Find the scheduler, check the reference here, and send the course to the workers.

        Raises:
            RunnerError: there is no scheduler, no worker accepts the course, or no sandbox can be started.
        """
        exercises = exercises_of(course, submissions)
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._all = self._left = len(submissions)
        try:
            self._client = Client(self._address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            values = {"address": self._address, "error": str(error)[:300]}
            raise RunnerError("cluster.no_scheduler", values) from error
        kept = kept_answers(course, exercises, self._isolation)
        with (
            closing(self._client),
            proven_reference(course, exercises, self._isolation, 0, on_reference, kept) as reference,
        ):
            recordings, accepts_any = reference.recordings, self._accepts_any
            self._bundle = make_bundle(
                course, recordings, exercises, self._isolation, accepts_any=accepts_any
            )
            plugin = BundlePlugin(self._bundle)
            self._client.register_plugin(plugin)
            try:
                self._ask_workers()
                self._make_room()
                yield reference.diagnosed
            finally:
                self._client.cancel(list(self._pending))
                self._client.unregister_worker_plugin(plugin.name)

    def _make_room(self) -> None:
        # Workers come and go, but to ask costs as much as to send.
        if time.monotonic() > self._next_look:
            self._room = max(2, _AHEAD * sum(self._client.nthreads().values()))
            self._next_look = time.monotonic() + _LOOK_SECONDS

    def _ask_workers(self) -> None:
        """Find out which workers accept the bundle; those that do not are told of once."""
        answers = self._client.run(differences_here, self._bundle.digest, on_error="return")
        self._accepting = None
        for worker, answer in answers.items():
            if isinstance(answer, dict) and worker not in self._refused:
                self._refused.add(worker)
                shown = ", ".join(f"{name} {there} ≠ {here}" for name, (there, here) in answer.items())
                self._on_note(Explanation("cluster.refused", {"worker": worker, "differences": shown}))
        if self._refused:
            self._accepting = [worker for worker, answer in answers.items() if answer is None]
            if answers and not self._accepting:
                raise RunnerError("cluster.no_worker", {"count": len(answers)})

    def hand(self, submission: Submission) -> bool:
        """Take a submission, if the cluster is not busy enough; it is sent together with those that follow."""
        if len(self._pending) >= self._room:
            return False
        self._waiting.append(submission)
        if len(self._waiting) >= self._most_in_batch:
            self._send()
        return True

    @property
    def _most_in_batch(self) -> int:
        """Return how many may travel together: fewer at the end, so that all workers end at the same time."""
        return max(1, min(MOST_IN_BATCH, self._left // self._room))

    def _send(self) -> None:
        """Send the next batch, each submission with its content, to whichever worker is free first."""
        submissions: list[Submission] = []
        batch: list[Sent] = []
        size, most = 0, self._most_in_batch
        while self._waiting and len(batch) < most and size < MOST_BATCH_BYTES:
            if batch and self._waiting[0] in self._alone:
                break
            submission = self._waiting.popleft()
            assert submission.path is not None
            try:
                # What is too large is the worker's to say.
                with open_submitted(submission) as file:
                    content = file.read(MOST_BYTES + 1)
            except OSError as error:
                explanation = Explanation("submission.unreadable", {"error": error.strerror or str(error)})
                grade = ungraded(submission, self._exercises[submission.exercise], explanation)
                self._answers.append((submission, Graded(grade, (), None)))
                continue
            submissions.append(submission)
            batch.append((replace(submission, path=None), submission.path.name, content))
            size += len(content)
            if submission in self._alone:
                break
        if not batch:
            return
        future = self._client.submit(
            grade_there,
            self._bundle.digest,
            batch,
            pure=False,
            workers=self._accepting,
            key=f"grade-{self._bundle.digest}-{next(self._numbers)}",
        )
        self._pending[future] = submissions

    def receive(self) -> list[tuple[Submission, Graded | Lost]]:
        """Return what the workers have done.

        Raises:
            RunnerError: the scheduler is gone, or no worker is left that may grade.
        """
        while self._waiting:
            self._send()
        if self._pending and not self._answers:
            self._wait()
        answers, self._answers = self._answers, []
        return answers

    def _wait(self) -> None:
        """Wait for batches, and take their answers."""
        try:
            wait(list(self._pending), timeout=POLL_SECONDS, return_when="FIRST_COMPLETED")
        except TimeoutError:
            if self._client.status != "running":
                raise RunnerError("cluster.lost", {"count": self._all - self._left}) from None
            if not self._client.nthreads() and not self._is_told:
                self._is_told = True
                self._on_note(Explanation("cluster.waiting", {"count": self._left}))
            return
        self._is_told = False
        self._make_room()
        done = [future for future in self._pending if future.status != "pending"]
        finished = [future for future in done if future.status == "finished"]
        # All in one message.
        results = dict(zip(finished, self._client.gather(finished), strict=True))
        for future in done:
            self._take(future, self._pending.pop(future), results.get(future))

    def _take(
        self, future: Future[Any], submissions: list[Submission], results: list[Graded | Lost] | None
    ) -> None:
        """Take what came of a batch; what has no answer yet is sent again."""
        if results is not None:
            for submission, answer in zip(submissions, results, strict=False):
                if isinstance(answer, Graded):
                    self._left -= answer.grade.verdict is not Verdict.UNGRADED
                    grade = replace(answer.grade, path=printable(str(submission.path)))
                    answer = replace(answer, grade=grade)
                self._answers.append((submission, answer))
            self._waiting.extend(submissions[len(results) :])
            return
        error = future.exception() if future.status == "error" else None
        if isinstance(error, RefusedError):
            self._ask_workers()
            self._waiting.extend(submissions)
            return
        # A future without an error was lost with its worker, which Dask could not make good.
        is_suspect = error is not None and len(submissions) == 1
        if error is not None:
            self._alone.update(submissions)
        lost = Lost(str(error or future.status)[:300], is_suspect=is_suspect)
        self._answers += [(submission, lost) for submission in submissions]
