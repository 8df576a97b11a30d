"""A judge that stays: collected checks, warm runners and the reference's answers, for as long as this process lives.

Checks can be used only while `with_checks` runs, so it runs in a thread of its own that takes submissions from a queue.
"""

from __future__ import annotations

import atexit
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack

from grader.course.files import all_files
from grader.course.yaml import FILE_NAME
from grader.errors import GraderError
from grader.grading.reference import check_reference
from grader.judge.collect import forget_checks, with_checks
from grader.judge.judge import Judge
from grader.judge.run import CollectedChecks
from grader.model import Course, Exercise, Grade, Submission
from grader.runner.sandbox import Isolation
from grader.runner.start import start_runner

__all__ = ["WarmJudge", "grade_warm"]

_Job = tuple[Submission, "Future[Grade]"]
_END_SECONDS = 10.0
_IDLE_SECONDS = 600.0
"""A Jupyter server lives for days, and the warm runners hold hundreds of MiB."""


class _Rested(Exception):
    """The runners were ended because nobody needed them: another judge has to be started."""


class WarmJudge:
    """Grades submissions of some exercises, one after another."""

    def __init__(self, course: Course, exercises: Sequence[Exercise], isolation: Isolation) -> None:
        self._course = course
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._isolation: Isolation = isolation
        self._proven: set[str] = set()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._fault: BaseException | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="grader-judge", daemon=True)
        self._thread.start()

    def grade(self, submission: Submission) -> Grade:
        """Grade a submission.

        Raises:
            CourseError: the checks cannot be run, or the reference does not pass them.
            RunnerError: the sandbox cannot be started.

        """
        answer: Future[Grade] = Future()
        with self._lock:
            if self._fault is not None:
                raise self._fault
            self._jobs.put((submission, answer))
        return answer.result()

    def close(self) -> None:
        """End the runners."""
        self._jobs.put(None)
        self._thread.join(_END_SECONDS)

    def _run(self) -> None:
        try:
            with ExitStack() as stack:
                runner = stack.enter_context(start_runner(self._course, self._isolation, 0))
                # Both import at the same time.
                reference = stack.enter_context(start_runner(self._course, self._isolation, 500))

                def serve(checks: CollectedChecks) -> None:
                    judge = Judge(checks, runner, lambda: reference)
                    job = self._jobs.get()
                    while job is not None:
                        self._answer(judge, *job)
                        job = self._next()

                with_checks(self._course, tuple(self._exercises.values()), serve)
        except BaseException as error:
            self._give_up(error)
        finally:
            forget_checks(self._course.exercises)

    def _next(self) -> _Job | None:
        """Return what to grade next; None where it is time to end."""
        try:
            return self._jobs.get(timeout=_IDLE_SECONDS)
        except queue.Empty:
            with self._lock:
                if self._jobs.empty():
                    self._fault = _Rested()
            return None if self._fault is not None else self._jobs.get()

    def _answer(self, judge: Judge, submission: Submission, answer: Future[Grade]) -> None:
        try:
            exercise = self._exercises[submission.exercise]
            if exercise.id not in self._proven:
                # Nobody is graded by checks that the reference does not pass.
                check_reference(judge, [exercise])
                self._proven.add(exercise.id)
            answer.set_result(judge.grade(submission))
        except Exception as error:
            answer.set_exception(error)

    def _give_up(self, error: BaseException) -> None:
        """Let every submission that waits, and every one that comes, fail for this reason."""
        with self._lock:
            self._fault = error
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                job[1].set_exception(error)


_LOCK = threading.Lock()
_OPEN: dict[tuple[object, ...], WarmJudge] = {}
"""The judge in use, by what it was made of."""


def grade_warm(
    course: Course, exercises: Sequence[Exercise], isolation: Isolation, submission: Submission
) -> Grade:
    """Grade a submission with the judge that is warm; another course, or one that was changed, gets a new one.

    Raises:
        GraderError: see `WarmJudge.grade`.

    """
    key = (course.root, tuple(exercise.id for exercise in exercises), isolation, _state(course, exercises))
    while True:
        with _LOCK:
            if key not in _OPEN:
                close_all()
                _OPEN[key] = WarmJudge(course, exercises, isolation)
            judge = _OPEN[key]
        try:
            return judge.grade(submission)
        except _Rested:
            _forget(key, judge)
        except GraderError:
            # What was wrong may be mended before the next one: it is tried again.
            _forget(key, judge)
            raise


def _forget(key: tuple[object, ...], judge: WarmJudge) -> None:
    with _LOCK:
        if _OPEN.get(key) is judge:
            del _OPEN[key]
    judge.close()


def _state(course: Course, exercises: Sequence[Exercise]) -> tuple[tuple[str, int, int], ...]:
    """Return what tells that the course's files were changed."""
    files = [course.root / FILE_NAME]
    for exercise in exercises:
        files += all_files(exercise, "*.py")
    stats = [(file, file.stat()) for file in files]
    return tuple((str(file), status.st_mtime_ns, status.st_size) for file, status in stats)


@atexit.register
def close_all() -> None:
    """End the runners of this process."""
    while _OPEN:
        _, judge = _OPEN.popitem()
        judge.close()
