"""The same jobs on a Dask cluster: `grader grade --cluster tcp://scheduler:8786`.

The course travels once, as a bundle known by its content; the scheduler hands it to every worker, to those that join
later too. Each worker keeps warm slots of its own. Results come back as plain records and are committed by the client
as they arrive. What a worker had when it died is given to another one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from distributed import Client, Future, wait

from grader.errors import RunnerError
from grader.grading.bundle import Bundle, make_bundle
from grader.grading.cluster_worker import BundlePlugin, Graded, RefusedError, differences_here, grade_there
from grader.grading.local import Outcome
from grader.judge.grades import not_handed_in, ungraded
from grader.judge.reference_side import ReferenceSide, proven_reference
from grader.messages.printable import printable
from grader.model import Course, Exercise, Explanation, Grade, Submission, Verdict
from grader.runner.sandbox import Isolation, Protections

__all__ = ["grade_on_cluster"]

CONNECT_SECONDS = 20.0
POLL_SECONDS = 5.0
"""How often the client looks whether there are workers at all."""
MOST_TRIES = 2
"""Of a submission; a worker that dies under it counts as one."""
MOST_LOSSES = 20
_AHEAD = 4
"""Jobs on their way for each thread of the cluster: enough to keep it busy, few enough to be held."""


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
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise RunnerError("cluster.no_scheduler", {"address": address, "error": str(error)[:300]}) from error
    try:
        with proven_reference(course, exercises, isolation, 0, on_reference) as reference:
            bundle = make_bundle(course, reference.recordings, exercises, isolation, accepts_any=accepts_any)
            return _Run(course, client, bundle, reference, on_grade, on_note).all(submissions)
    finally:
        client.close()


class _Run:
    """Hands submissions to the cluster and collects the grades."""

    def __init__(
        self,
        course: Course,
        client: Client,
        bundle: Bundle,
        reference: ReferenceSide,
        on_grade: Callable[[Grade], None],
        on_note: Callable[[Explanation], None],
    ) -> None:
        self.exercises = {exercise.id: exercise for exercise in course.exercises}
        self.client = client
        self.bundle = bundle
        self.reference = reference
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
        plugin = BundlePlugin(self.bundle)
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
        answers = self.client.run(differences_here, self.bundle.digest, on_error="return")
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
                grade_there,
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
            graded: Graded = future.result()
            self.protections = graded.protections
            if graded.grade.verdict is Verdict.UNGRADED and self._has_another_try(submission):
                return
            path = printable(str(submission.path))
            self._keep(replace(self._diagnosed(graded), path=path))
            return
        if isinstance(error, RefusedError):
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

    def _diagnosed(self, graded: Graded) -> Grade:
        try:
            return self.reference.diagnosed(graded.grade, graded.evidence)
        except RunnerError:
            # The points stand; only the explanation is missing.
            return graded.grade

    def _keep(self, grade: Grade) -> None:
        self.grades.append(grade)
        self.on_grade(grade)
