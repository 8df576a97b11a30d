"""Slots: judges that grade one submission after another, each with a runner of its own.

What judges have in common, Python's libraries and the course's checks, is loaded once: a plain process does that
(`grader.grading.slot_process`), and forks a judge for each slot. It is started from anywhere: from the command line, a test
or a worker of a cluster.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import TYPE_CHECKING

from grader.grading.executor import Forked, Graded, Ready, SlotFault
from grader.model import Isolation, Submission

if TYPE_CHECKING:
    import socket

    from grader.judge.reference import Recordings
    from grader.model import Course

CODE = "import gc; gc.disable(); from grader.grading.slot_process import main; main()"
"""What the process runs that judges are forked from: what an import makes stays, and is not searched for garbage."""

_SLACK_SECONDS = 60.0
"""How much longer than a submission may take a judge may be silent before it is taken for hung."""


class Judges:
    """The parent's end of the process that judges are forked from."""

    def __init__(
        self,
        course: Course | Path,
        exercises: tuple[str, ...],
        isolation: Isolation,
        *,
        is_naming: bool = True,
        line: socket.socket | None = None,
    ) -> None:
        """Start it for a course, or for the one in a folder.

        Its slots' runners are forked by the process that the `line` leads to, else by one of its own.
        """
        self._arguments = (course, exercises, isolation, is_naming)
        self._line = line
        self._start()

    def _start(self) -> None:
        self._connection, theirs = Pipe()
        package = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        descriptors = [theirs.fileno(), *([self._line.fileno()] if self._line is not None else [])]
        self._process = subprocess.Popen(
            [sys.executable, "-c", CODE, *map(str, descriptors)],
            pass_fds=descriptors,
            env={**os.environ, "PYTHONPATH": path},
            # Ctrl-C reaches the whole group of the terminal; the parent decides what it means.
            process_group=0,
        )
        theirs.close()
        self._send(self._arguments)

    def fork(self, connection: Connection, number: int) -> None:
        """Have it fork the judge of a slot, which serves a connection; a process that has died is started anew."""
        if self._process.poll() is not None:
            self.stop()
            self._start()
        self._send(number)
        with contextlib.suppress(OSError):
            send_handle(self._connection, connection.fileno(), self._process.pid)

    def _send(self, message: object) -> None:
        # A process that has died is found out by the closed connection of its slot, when it is heard.
        with contextlib.suppress(OSError):
            self._connection.send(message)

    def stop(self) -> None:
        """End the process, whatever it does; its judges are ended by their slots."""
        self._process.terminate()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._connection.close()


class Slot:
    """The parent's end of one judge.

    It says `Forked` and then `Ready` once its runner is warm, takes the reference's answers, and then answers
    every submission with `Graded`; a `SlotFault` means that it cannot work at all.
    """

    def __init__(self, number: int, judges: Judges) -> None:
        """Have it forked; it reports when it is ready."""
        self._number, self._judges = number, judges
        self.job: Submission | None = None
        self._deadline = 0.0
        self._worst_seconds: dict[str, float] = {}
        self.start()

    def start(self) -> None:
        """Have the judge forked."""
        self._process: int | None = None
        """A descriptor of the judge's process, once it is known."""
        self.connection, theirs = Pipe()
        self._judges.fork(theirs, self._number)
        theirs.close()
        self.job = None

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

    def receive(self) -> Forked | Ready | Graded | SlotFault:
        """Return what the process says next; it has no submission then.

        Raises:
            ConnectionError: it has died, or says nothing for longer than its submission can take.
        """
        seconds = None if self.job is None else max(0.0, self._deadline - time.monotonic())
        self.job = None
        if not self.connection.poll(seconds):
            raise ConnectionError("silent")
        try:
            message: Forked | Ready | Graded | SlotFault = self.connection.recv()
        except (EOFError, OSError) as error:
            raise ConnectionError("ended") from error
        if isinstance(message, Forked):
            # One that has ended already is heard of by its connection.
            with contextlib.suppress(ProcessLookupError):
                self._process = os.pidfd_open(message.process)
        if isinstance(message, Ready):
            self._worst_seconds = message.worst_seconds
        return message

    def stop(self) -> None:
        """End the judge, whatever it does."""
        # It may be stopped already.
        with contextlib.suppress(OSError):
            if self._process is None and self.connection.poll(0):
                self.receive()
        if self._process is not None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._process, number)
                if select.select([self._process], [], [], 2)[0]:
                    break
            os.close(self._process)
            self._process = None
        # One that is not known yet ends when it says who it is.
        self.connection.close()

    def _send(self, message: object) -> None:
        # A judge that has died is found out by its closed pipe, when it is heard.
        with contextlib.suppress(OSError):
            self.connection.send(message)
