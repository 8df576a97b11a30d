"""A judge that is warm: its runners have imported what the course needs, and the checks are collected."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.course.files import all_files, files_of
from grader.course.yaml import FILE_NAME
from grader.errors import RunnerError
from grader.grading.kept import kept_answers
from grader.judge.collect import collected
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.model import Course, Exercise, Grade, Isolation, Limits, Source, Submission
from grader.runner.plain import PlainRunner
from grader.runner.sandbox import Protections
from grader.runner.session import WorkerSession
from grader.runner.start import start_plain_runner, start_runner

if TYPE_CHECKING:
    from grader.runner.process import SandboxedRunner


@dataclass(frozen=True)
class Checked:
    """What came of an answer, and what confined it."""

    grade: Grade
    protections: Protections | None


class Stopped(Exception):
    """A check was stopped before it came to a result."""


class _Stoppable:
    """A runner whose submission another thread may stop; from then on it opens none until it is released."""

    def __init__(self, runner: SandboxedRunner | PlainRunner) -> None:
        self._runner = runner
        self._lock = threading.Lock()
        self._is_running = False
        self.is_stopped = False

    def open(self, source: Source, limits: Limits, *, data: str = "") -> WorkerSession:
        if self.is_stopped:
            raise RunnerError("runner.stopped")
        return self._runner.open(source, limits, data=data)

    def close(self) -> None:
        """Leave the runner to who started it."""

    def begin(self) -> None:
        with self._lock:
            self._is_running, self.is_stopped = True, False

    def end(self) -> None:
        with self._lock:
            self._is_running = False

    def stop(self) -> None:
        self.is_stopped = True
        while True:
            # Asked again until it has ended: a worker may be forked at this very moment.
            with self._lock:
                if not self._is_running:
                    return
                self._runner.end_worker()
            time.sleep(0.02)


class WarmJudge:
    """Checks answers to some exercises of a course, one after another."""

    def __init__(
        self, course: Course, exercises: Sequence[Exercise], isolation: Isolation, *, is_plain: bool = False
    ) -> None:
        """Start the runners and collect the checks; `is_plain` is for answers of which `runs_plainly` says so.

        Raises:
            CourseError: the checks cannot be run.
            RunnerError: the sandbox cannot be started.
        """
        self._course, self._isolation = course, isolation
        self._reference: SandboxedRunner | None = None
        with ExitStack() as self._open:
            runner: SandboxedRunner | PlainRunner
            if is_plain:
                runner = self._open.enter_context(start_plain_runner(course, keeps_spare=True))
            else:
                runner = self._open.enter_context(start_runner(course, isolation, 0))
            hidden = [item for item in exercises if item.solution_folder is not None]
            self._kept = kept_answers(course, hidden, isolation) if hidden else None
            # Both import at the same time; without hidden checks, or where all is kept, nobody may ask for the reference.
            if (self._kept is None and hidden) or (self._kept and not all(map(self._kept.has, hidden))):
                self._reference_runner()
            self._checks = self._open.enter_context(collected(course, exercises))
            self._protections = runner.wait()
            self._runner = _Stoppable(runner)
            self._open = self._open.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(self, exercise: Exercise, path: Path) -> Checked:
        """Check an answer as the first one is checked: nothing is kept of those before.

        Raises:
            CourseError: the reference does not pass the exercise's checks.
            RunnerError: the sandbox failed.
            Stopped: another thread has stopped it.
        """
        is_kept = self._kept is not None and exercise.solution_folder is not None
        side = ReferenceSide(self._checks, self._reference_runner, kept=self._kept if is_kept else None)
        if exercise.solution_folder is not None:
            side.prove([exercise])
        self._runner.begin()
        try:
            # Who practises does not wait for a second loop; what counts is graded elsewhere.
            judge = Judge(self._runner, side, most_timeouts=1)
            grade = judge.grade(Submission("", exercise.id, path))
        finally:
            self._runner.end()
            side.save()
            side.forget_layers()
        if self._runner.is_stopped:
            raise Stopped
        return Checked(grade, self._protections)

    def stop(self) -> None:
        """Stop the check that runs: nobody waits for it any more."""
        self._runner.stop()

    def _reference_runner(self) -> SandboxedRunner:
        if self._reference is None:
            self._reference = self._open.enter_context(start_runner(self._course, self._isolation, 1))
        return self._reference

    def close(self) -> None:
        """End the runners."""
        self._open.close()


def course_state(course: Course, exercises: Sequence[Exercise]) -> str:
    """Return what tells that a file of the course was changed."""
    files = [course.root / FILE_NAME]
    for exercise in exercises:
        files += [*all_files(exercise), *files_of(exercise).family]
    digest = hashlib.sha256()
    for file in files:
        # An editor may be about to put it back.
        with suppress(OSError):
            status = file.stat()
            digest.update(
                f"{file} {status.st_mtime_ns} {status.st_size}\n".encode("utf-8", "surrogateescape")
            )
    return digest.hexdigest()
