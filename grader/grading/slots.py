"""A slot: a process that judges one submission after another, with a runner of its own.

The process is a plain one (`python -m grader.slots`) and talks through a socket pair, so that it can be started from
anywhere: from the command line, a test or a worker of a cluster.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

from grader.course.load import load_course
from grader.errors import GraderError
from grader.judge.collect import collected
from grader.judge.evidence import Evidence
from grader.judge.grades import our_failure, ungraded
from grader.judge.judge import Judge
from grader.judge.reference import Recordings
from grader.judge.reference_side import ReferenceSide
from grader.model import Course, Exercise, Grade, Submission
from grader.runner.sandbox import Isolation
from grader.runner.start import start_runner

__all__ = ["Slot"]


_SLACK_SECONDS = 60.0
"""How much longer than a submission may take a judge may be silent before it is taken for hung."""


class Slot:
    """The parent's end of one judge process.

    It says `ready` with its protections once its runner is warm and its checks are collected, takes the reference's
    answers, and then answers every submission with `grade`; `fault` means that it cannot work at all.
    """

    def __init__(self, number: int, root: Path, exercises: tuple[str, ...], isolation: Isolation) -> None:
        """Start the process; it reports when it is ready."""
        self.number = number
        self._arguments = (root, exercises, isolation, number)
        self.job: Submission | None = None
        self.deadline = 0.0
        self.start()

    def start(self) -> None:
        """Start the process."""
        self.connection, theirs = Pipe()
        package = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader.grading.slots", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": path},
            # Ctrl-C reaches the whole group of the terminal; the parent decides what it means.
            process_group=0,
        )
        theirs.close()
        self.job = None
        with contextlib.suppress(OSError):
            self.connection.send(self._arguments)

    def give(self, recordings: Recordings) -> None:
        """Give it the reference's answers. A judge that has died is found out by its closed pipe."""
        with contextlib.suppress(OSError):
            self.connection.send(recordings)

    def hand(self, submission: Submission, exercises: Mapping[str, Exercise]) -> None:
        """Give it a submission to grade."""
        self.job = submission
        limits = exercises[submission.exercise].limits
        seconds = limits.load_seconds + limits.submission_seconds + limits.call_seconds
        self.deadline = time.monotonic() + seconds + _SLACK_SECONDS
        with contextlib.suppress(OSError):
            self.connection.send(submission)

    def death(self) -> str:
        """Return how the process ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        return f"exit code {self.process.returncode}"

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _serve(connection: Connection) -> None:
    """Say what protects it, take the reference's answers, then submissions until there are no more."""
    root, exercise_ids, isolation, number = connection.recv()
    try:
        course = load_course(root)
        exercises = [exercise for exercise in course.exercises if exercise.id in exercise_ids]
        with start_runner(course, isolation, number) as runner, collected(course, exercises) as checks:
            connection.send(("ready", runner.wait()))
            recordings: Recordings = connection.recv()
            with closing(
                ReferenceSide(checks, lambda: start_runner(course, isolation, number + 500), recordings)
            ) as reference:
                judge = Judge(runner, reference)
                while (submission := connection.recv()) is not None:
                    connection.send(("grade", *_grade_safely(judge, course, submission)))
    except GraderError as error:
        connection.send(("fault", error))


def _grade_safely(judge: Judge, course: Course, submission: Submission) -> tuple[Grade, Evidence]:
    """Grade a submission; a fault of this program leaves that one ungraded and does not stop the class."""
    try:
        return judge.grade_with_evidence(submission)
    except Exception as error:
        exercise = next(item for item in course.exercises if item.id == submission.exercise)
        return ungraded(submission, exercise, our_failure(error)), ()


def main() -> None:
    """Serve at the descriptor that the parent handed over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Ends as at Ctrl-C: runners are closed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # The parent is gone: so is what this process is for.
    with contextlib.suppress(EOFError, ConnectionError), Connection(int(sys.argv[1])) as connection:
        _serve(connection)


if __name__ == "__main__":
    main()
