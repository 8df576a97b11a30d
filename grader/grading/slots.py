"""A slot: a process that judges one submission after another, with a runner of its own.

The process is a plain one (`grader.grading.slot_process`) and talks through a socket pair, so that it can be started
from anywhere: from the command line, a test or a worker of a cluster.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import TYPE_CHECKING

from grader.grading.executor import Graded, Ready, SlotFault
from grader.model import Isolation, Submission

if TYPE_CHECKING:
    from grader.judge.reference import Recordings

_SLACK_SECONDS = 60.0
"""How much longer than a submission may take a judge may be silent before it is taken for hung."""


class Slot:
    """The parent's end of one judge process.

    It says `Ready` once its runner is warm and its checks are collected, takes the reference's answers, and then answers
    every submission with `Graded`; a `SlotFault` means that it cannot work at all.
    """

    def __init__(
        self,
        number: int,
        root: Path,
        exercises: tuple[str, ...],
        isolation: Isolation,
        *,
        is_naming: bool = True,
    ) -> None:
        """Start the process; it reports when it is ready."""
        self._arguments = (root, exercises, isolation, number, is_naming)
        self.job: Submission | None = None
        self._deadline = 0.0
        self._worst_seconds: dict[str, float] = {}
        self.start()

    def start(self) -> None:
        """Start the process."""
        self.connection, theirs = Pipe()
        package = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader.grading.slot_process", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": path},
            # Ctrl-C reaches the whole group of the terminal; the parent decides what it means.
            process_group=0,
        )
        theirs.close()
        self.job = None
        self._send(self._arguments)

    def give(self, recordings: Recordings) -> None:
        """Give it the reference's answers."""
        self._send(recordings)

    def hand(self, submission: Submission) -> None:
        """Give it a submission to grade."""
        self.job = submission
        self._deadline = time.monotonic() + self._worst_seconds[submission.exercise] + _SLACK_SECONDS
        self._send(submission)

    @property
    def is_overdue(self) -> bool:
        """Return whether it has had its submission for longer than that can take."""
        return self.job is not None and time.monotonic() > self._deadline

    def receive(self) -> Ready | Graded | SlotFault:
        """Return what the process says next; it has no submission then.

        Raises:
            ConnectionError: it has died, or says nothing for longer than its submission can take.
        """
        seconds = None if self.job is None else max(0.0, self._deadline - time.monotonic())
        self.job = None
        if not self.connection.poll(seconds):
            raise ConnectionError("silent")
        try:
            message: Ready | Graded | SlotFault = self.connection.recv()
        except (EOFError, OSError) as error:
            raise ConnectionError(self._death()) from error
        if isinstance(message, Ready):
            self._worst_seconds = message.worst_seconds
        return message

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.connection.close()

    def _send(self, message: object) -> None:
        # A judge that has died is found out by its closed pipe, when it is heard.
        with contextlib.suppress(OSError):
            self.connection.send(message)

    def _death(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        return f"exit code {self.process.returncode}"
