"""Start the process that imports what a course needs, in its sandbox, and have it fork the warm process of each slot."""

from __future__ import annotations

import array
import contextlib
import os
import select
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from grader.errors import RunnerError
from grader.model import Isolation, RunnerSettings
from grader.runner.inside.wipe import remove_folder
from grader.runner.sandbox import Launch, plan_launch


@dataclass(frozen=True)
class WarmPlan:
    """Says how the process is started."""

    settings: RunnerSettings
    data: dict[str, Path] = field(default_factory=dict)
    isolation: Isolation = "full"
    slot: int = 0
    """By which root chooses the user that it becomes."""
    banned: Sequence[Sequence[str]] = ()
    course: Path | None = None


class WarmProcess:
    """Holds one end of the line to the process; it lives for as long as anybody holds one."""

    def __init__(self, plan: WarmPlan, line: socket.socket | None = None) -> None:
        """Start it, without waiting for its imports; or use the `line` to one that somebody else has started.

        Raises:
            RunnerError: what the level of isolation needs is missing.
        """
        self.plan = plan
        self.users = 1
        """How many hold this object; the last one to close it ends the process."""
        self.launch: Launch | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._owner = os.getpid()
        self.line = line or self._start()

    def _start(self) -> socket.socket:
        own_end, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            plan = self.plan
            launch = plan_launch(
                plan.isolation,
                plan.settings,
                plan.data,
                control=other_end.fileno(),
                slot=plan.slot,
                banned=plan.banned,
                course=plan.course,
            )
        except BaseException:
            own_end.close()
            other_end.close()
            raise
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        drop: dict[str, Any] = (
            {} if launch.user is None else {"user": launch.user, "group": launch.user, "extra_groups": []}
        )
        try:
            self.process = subprocess.Popen(
                launch.argv,
                pass_fds=[other_end.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=launch.environment,
                cwd="/",
                **drop,
            )
        except OSError as error:
            # A container may let its root become nobody else, or execute nothing.
            own_end.close()
            self._errors.close()
            raise RunnerError("runner.no_start", {"error": str(error)}) from error
        finally:
            other_end.close()
        self.launch = launch
        return own_end

    def fork(self) -> socket.socket:
        """Have it fork a slot's warm process, once it has imported; return the control socket of that.

        Raises:
            RunnerError: it has died.
        """
        own_end, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [other_end.fileno()]))]
        try:
            self.line.sendmsg([b'{"op": "slot"}'], rights)
        except OSError as error:
            own_end.close()
            raise RunnerError("runner.died", {"error": self.last_errors()}) from error
        finally:
            other_end.close()
        return own_end

    def expect_many(self) -> None:
        """Say that many submissions will come: only for them does it pay to put its memory together first."""
        # One that has died is found out when it is to fork.
        with contextlib.suppress(OSError):
            self.line.send(b'{"op": "many"}')

    @property
    def is_dead(self) -> bool:
        """Return whether it has died, or forks nothing any more."""
        poll = select.poll()
        poll.register(self.line, 0)
        return bool(poll.poll(0))

    def last_errors(self) -> str:
        """Return the end of what it has written to its standard error."""
        if self.process is not None and os.getpid() == self._owner:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1.0)
        if self._errors is None:
            return ""
        size = os.fstat(self._errors.fileno()).st_size
        return os.pread(self._errors.fileno(), 2000, max(0, size - 2000)).decode("utf-8", "replace").strip()

    def close(self) -> None:
        """Let go of it; with the last who holds it, it and all that is in its sandbox end."""
        self.users -= 1
        if self.users > 0:
            return
        self.line.close()
        if self._errors is not None:
            self._errors.close()
        if self.process is None or os.getpid() != self._owner:
            return
        try:
            self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.launch is not None and self.launch.work is not None:
            with contextlib.suppress(OSError):
                remove_folder(self.launch.work)
