"""A Dask cluster grades a class: `grader grade --cluster tcp://scheduler:8786`.

The course travels once, as a bundle known by its content; the scheduler hands it to every worker, to those that join
later too. Each worker keeps warm slots of its own. Results come back as plain records.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from distributed import Client, Future, wait

from grader.answers.file import MOST_BYTES, open_submitted
from grader.errors import RunnerError
from grader.grading.bundle import Bundle, make_bundle
from grader.grading.cluster_worker import BundlePlugin, RefusedError, differences_here, grade_there
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
_AHEAD = 4
"""Jobs on their way for each thread of the cluster: enough to keep it busy, few enough to be held."""


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
        self._pending: dict[Future[Any], Submission] = {}
        self._unread: list[tuple[Submission, Graded | Lost]] = []
        """Submissions whose file cannot be read here."""
        self._numbers = itertools.count()
        self._room = 0
        """How many jobs may be on their way."""
        self._left = 0
        """How many submissions have no grade yet."""
        self._done = 0
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
        self._left = len(submissions)
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
        self._room = max(8, _AHEAD * sum(self._client.nthreads().values()))

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
        """Send a submission, if the cluster is not busy enough."""
        if len(self._pending) >= self._room:
            return False
        self._send(submission)
        return True

    def _send(self, submission: Submission) -> None:
        """Send a submission with its content to whichever worker is free first."""
        assert submission.path is not None
        try:
            # What is too large is the worker's to say.
            with open_submitted(submission) as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            explanation = Explanation("submission.unreadable", {"error": error.strerror or str(error)})
            grade = ungraded(submission, self._exercises[submission.exercise], explanation)
            self._unread.append((submission, Graded(grade, (), None)))
            return
        future = self._client.submit(
            grade_there,
            self._bundle.digest,
            replace(submission, path=None),
            submission.path.name,
            content,
            pure=False,
            workers=self._accepting,
            key=f"grade-{submission.exercise}-{self._bundle.digest}-{next(self._numbers)}",
        )
        self._pending[future] = submission

    def receive(self) -> list[tuple[Submission, Graded | Lost]]:
        """Return what the workers have done.

        Raises:
            RunnerError: the scheduler is gone, or no worker is left that may grade.
        """
        unread, self._unread = self._unread, []
        if unread or not self._pending:
            return unread
        try:
            wait(list(self._pending), timeout=POLL_SECONDS, return_when="FIRST_COMPLETED")
        except TimeoutError:
            if self._client.status != "running":
                raise RunnerError("cluster.lost", {"count": self._done}) from None
            if not self._client.nthreads() and not self._is_told:
                self._is_told = True
                self._on_note(Explanation("cluster.waiting", {"count": self._left - self._done}))
            return []
        self._is_told = False
        self._make_room()
        done = [
            (future, self._pending.pop(future))
            for future in list(self._pending)
            if future.status != "pending"
        ]
        answers = ((submission, self._answer(future, submission)) for future, submission in done)
        return [(submission, answer) for submission, answer in answers if answer is not None]

    def _answer(self, future: Future[Any], submission: Submission) -> Graded | Lost | None:
        """Return what came of a job; None where its worker refused it, and it is on its way to another."""
        error = future.exception() if future.status == "error" else None
        if future.status == "finished":
            graded: Graded = future.result()
            self._done += graded.grade.verdict is not Verdict.UNGRADED
            return replace(graded, grade=replace(graded.grade, path=printable(str(submission.path))))
        if isinstance(error, RefusedError):
            self._ask_workers()
            self._send(submission)
            return None
        # A future without an error was lost with its worker, which Dask could not make good.
        return Lost(str(error or future.status)[:300], is_suspect=error is not None)
