"""The trusted end of the pipe: start a warm process, open a submission in it, call its functions.

Whatever the student's code does, a call returns a `Reply` or raises: `SubmissionError` with the verdict that the
death or the exception earns, or `RunnerError` when the sandbox itself failed.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

from grader import wire
from grader.errors import RunnerError, SubmissionError
from grader.model import Explanation, Limits, RunnerSettings, Source, Verdict
from grader.runner.sandbox import Isolation, Launch, Protections, plan_launch

__all__ = ["LoadFailure", "Loaded", "Reply", "Runner", "SandboxedRunner", "SandboxedSession", "Session"]

_START_SECONDS = 120.0
_END_SECONDS = 5.0
_MOST_OUTPUT = 4 << 20
"""Bytes of printed output after which a submission is stopped."""
_MEMORY_ERRORS = frozenset(["MemoryError", "ResourceExhaustedError"])


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call returned."""

    value: Any
    """Plain data, `numpy.ndarray`, `wire.Handle` or `wire.Opaque`."""
    changed: tuple[int, ...] = ()
    """Positions of the array arguments whose content the call changed."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A unit of the submission that raised when it was executed."""

    unit: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Loaded:
    """What executing the submission's units gave."""

    functions: tuple[str, ...]
    failures: tuple[LoadFailure, ...] = ()


class Session(Protocol):
    """One submission, opened in a runner."""

    @property
    def loaded(self) -> Loaded:
        """What executing the file gave."""

    @property
    def dead(self) -> bool:
        """Whether the submission's process has died."""

    def call(
        self,
        function: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        target: wire.Handle | None = None,
    ) -> Reply:
        """Call a function of the submission, or an object that stayed in the runner."""

    def describe(self, target: wire.Handle, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
        """Describe a layer or model that stayed in the runner."""

    def take_output(self) -> str:
        """Return what was printed since the last time."""

    def close(self) -> None:
        """End the submission's process."""


class Runner(Protocol):
    """Opens submissions, one at a time."""

    def open(self, source: Source, limits: Limits, *, data: str = "") -> Session:
        """Execute a submission's file in a process of its own."""

    def close(self) -> None:
        """End the runner."""


class SandboxedRunner:
    """A warm process in a sandbox. Starts at once; `wait` returns when it is ready."""

    def __init__(
        self,
        settings: RunnerSettings,
        data: dict[str, Path] | None = None,
        *,
        isolation: Isolation = "full",
        slot: int = 0,
    ) -> None:
        self._settings = settings
        self._data = data or {}
        self._isolation = isolation
        self._slot = slot
        self._launch: Launch | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._control: socket.socket | None = None
        self._busy = False
        self.protections: Protections | None = None
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the process without waiting for its imports.

        Raises:
            RunnerError: what the level of isolation needs is missing.

        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            launch = plan_launch(
                self._isolation, self._settings, self._data, control=theirs.fileno(), slot=self._slot
            )
        except BaseException:
            ours.close()
            theirs.close()
            raise
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        drop: dict[str, Any] = (
            {} if launch.user is None else {"user": launch.user, "group": launch.user, "extra_groups": []}
        )
        self._process = subprocess.Popen(
            launch.argv,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            env=launch.environment,
            cwd="/",
            **drop,
        )
        theirs.close()
        self._control, self._launch, self._busy, self.protections = ours, launch, False, None

    def wait(self) -> Protections:
        """Wait until the imports are done; return which protections are in force.

        Raises:
            RunnerError: the process died, or took longer than two minutes.

        """
        if self.protections is not None:
            return self.protections
        hello = self._receive(_START_SECONDS)
        if hello is None or not hello.get("ready"):
            raise RunnerError("runner.no_start", {"error": self._last_errors()})
        if self._isolation != "none" and not hello["seccomp"]:
            raise RunnerError("runner.no_seccomp")
        if self._isolation == "reduced" and not hello["landlock"]:
            raise RunnerError("runner.no_landlock")
        self.protections = Protections(
            self._isolation,
            bool(hello["pid_namespace"]),
            int(hello["landlock"]),
            bool(hello["seccomp"]),
            hello["uid"],
        )
        return self.protections

    def open(self, source: Source, limits: Limits, *, data: str = "") -> SandboxedSession:
        """Fork a worker and execute a submission's units in it.

        Raises:
            SubmissionError: the file's own execution looped, crashed or took too much memory.
            RunnerError: no worker could be started.

        """
        for attempt in (1, 2):
            try:
                self.wait()
                self._await_end()
                session = self._fork(limits, data)
                break
            except RunnerError:
                # A zygote that died (it does on anything odd) is replaced once; twice in a row is our fault.
                if attempt == 2:
                    raise
                self.restart()
        session.load(source)
        return session

    def _fork(self, limits: Limits, data: str) -> SandboxedSession:
        assert self._control is not None
        request_end, request = os.pipe2(os.O_CLOEXEC)
        reply, reply_end = os.pipe2(os.O_CLOEXEC)
        log, log_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(request, False)
        os.set_blocking(log, False)
        message = {
            "op": "fork",
            "data": data,
            "limits": {
                "cpu_seconds": limits.cpu_seconds,
                "memory_mib": limits.memory_mib,
                "disk_mib": limits.disk_mib,
                "threads": limits.threads,
            },
        }
        theirs = [request_end, reply_end, log_end]
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", theirs))]
        try:
            self._control.sendmsg([json.dumps(message).encode()], rights)
        except OSError as error:
            for descriptor in (request, reply, log):
                os.close(descriptor)
            raise RunnerError("runner.died", {"error": self._last_errors()}) from error
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        self._busy = True
        return SandboxedSession(self, limits, request, reply, log)

    def _kill(self) -> None:
        """Ask for the end of the current worker."""
        assert self._control is not None
        try:
            self._control.send(b'{"op": "kill"}')
        except OSError:
            self._busy = False

    def _await_end(self) -> dict[str, Any] | None:
        """Wait for the end of the last worker; return what the zygote says of it, None if it is gone itself."""
        if not self._busy:
            return None
        done = self._receive(_END_SECONDS)
        self._busy = False
        if done is None:
            self.restart()
            self.wait()
        return done

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        assert self._control is not None
        self._control.settimeout(seconds)
        try:
            packet = self._control.recv(1 << 16)
        except OSError:
            return None
        message: dict[str, Any] | None = json.loads(packet) if packet else None
        return message

    def _last_errors(self) -> str:
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return self._errors.read()[-2000:].decode("utf-8", "replace").strip()

    def restart(self) -> None:
        """End the process and start another."""
        self.close()
        self.start()

    def close(self) -> None:
        """End the process and all that is in its sandbox."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(0.5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._errors is not None:
            self._errors.close()
        if self._launch is not None and self._launch.work is not None:
            shutil.rmtree(self._launch.work, ignore_errors=True)
        self._process = self._control = self._errors = None


class SandboxedSession:
    """One worker: the pipes to it, what it printed, and how it ended."""

    def __init__(self, runner: SandboxedRunner, limits: Limits, request: int, reply: int, log: int) -> None:
        self._runner = runner
        self._limits = limits
        self._request, self._reply, self._log = request, reply, log
        self._number = 0
        self._printed = 0
        self._kept = bytearray()
        self._death: SubmissionError | RunnerError | None = None
        self._open = True
        self.loaded = Loaded(())

    def load(self, source: Source) -> None:
        """Execute the units; what raised is kept in `loaded`."""
        if not self._greeted():
            ended = self._finish()
            output = self.take_output()
            raise RunnerError("runner.no_worker", {"error": f"{ended} {output}".strip()})
        answer = self._exchange(
            {
                "op": "load",
                "module": "submission",
                "units": [[unit.name, unit.code] for unit in source.units],
            },
            self._limits.load_seconds,
            at_load=True,
        )
        failures = [_mapping(item) for item in _sequence(answer.get("failures"))]
        self.loaded = Loaded(
            tuple(str(name) for name in _sequence(answer.get("functions"))),
            tuple(
                LoadFailure(
                    str((_sequence(failure.get("places")) or [("", 0, "")])[0][0]),
                    _exception_explanation("submission.load_raised", failure),
                )
                for failure in failures
            ),
        )

    def _greeted(self) -> bool:
        try:
            hello: object = self._read_frame(time.monotonic() + _START_SECONDS, 1 << 16)
            return hello == {"ready": True}
        except (_Ended, _TooLate, _TooMuchOutput, wire.ProtocolFault):
            return False

    def call(
        self,
        function: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        target: wire.Handle | None = None,
    ) -> Reply:
        """Call a function on plain values and arrays.

        Raises:
            SubmissionError: it raised, took too long or too much memory, or its process died.
            RunnerError: the sandbox failed.

        """
        answer = self._exchange(
            {
                "op": "call",
                "function": function,
                "target": None if target is None else target.number,
                "args": list(args),
                "kwargs": kwargs,
            },
            self._limits.call_seconds,
        )
        changed = answer.get("changed")
        seconds = answer.get("seconds")
        return Reply(
            answer.get("value"),
            tuple(index for index in changed if isinstance(index, int)) if isinstance(changed, list) else (),
            float(seconds) if isinstance(seconds, int | float) else 0.0,
        )

    @property
    def dead(self) -> bool:
        """Return whether the worker has died."""
        return self._death is not None

    def describe(self, target: wire.Handle, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
        """Return a layer or model as plain data (see `worker.describe_layer`)."""
        message = {
            "op": "describe",
            "target": target.number,
            "input_shape": None if input_shape is None else list(input_shape),
        }
        return _mapping(self._exchange(message, self._limits.call_seconds).get("value"))

    def take_output(self) -> str:
        """Return what was printed since the last time, as text, within the limit that is kept."""
        if self._open:
            with contextlib.suppress(_TooMuchOutput):
                self._drain_log()
        text = self._kept.decode("utf-8", "replace")
        self._kept.clear()
        return text

    def close(self) -> None:
        """End the worker; the runner waits for its end before it forks the next."""
        if self._open:
            self._open = False
            if self._death is None:
                self._runner._kill()
            for descriptor in (self._request, self._reply, self._log):
                os.close(descriptor)

    def _exchange(self, message: dict[str, Any], seconds: float, *, at_load: bool = False) -> dict[str, Any]:
        if self._death is not None:
            raise self._death
        self._number += 1
        deadline = time.monotonic() + seconds
        try:
            self._write(wire.encode({**message, "number": self._number}), deadline)
            answer = _mapping(self._read_frame(deadline, self._limits.result_mib << 20))
            if answer.get("number") != self._number:
                raise wire.ProtocolFault("an answer to another request")
        except _TooLate:
            key = "submission.load_timeout" if at_load else "submission.timeout"
            raise self._die(Verdict.TIMEOUT, Explanation(key, {"seconds": seconds})) from None
        except _TooMuchOutput:
            raise self._die(
                Verdict.CRASHED, Explanation("submission.flood", {"mib": _MOST_OUTPUT >> 20})
            ) from None
        except wire.ProtocolFault as fault:
            explanation = Explanation("submission.bad_answer", {"problem": str(fault)[:200]})
            raise self._die(Verdict.CRASHED, explanation) from None
        except _Ended:
            raise self._explain_end() from None
        if "error" in answer:
            raise _student_error(_mapping(answer["error"]))
        return answer

    def _write(self, frame: bytes, deadline: float) -> None:
        view = memoryview(frame)
        poll = select.poll()
        poll.register(self._request, select.POLLOUT)
        poll.register(self._log, select.POLLIN)
        while view:
            for descriptor, _ in self._poll(poll, deadline):
                if descriptor == self._log:
                    if not self._drain_log():
                        poll.unregister(self._log)
                    continue
                try:
                    view = view[os.write(self._request, view) :]
                except BlockingIOError:
                    continue
                except BrokenPipeError:
                    raise _Ended from None

    def _read_frame(self, deadline: float, max_body: int) -> Any:
        poll = select.poll()
        poll.register(self._reply, select.POLLIN)
        poll.register(self._log, select.POLLIN)
        head = self._read_exactly(poll, wire.HEAD_SIZE, deadline)
        text, body = wire.lengths(head, max_body)
        # One allocation each, of a size that is capped above.
        return wire.decode(self._read_exactly(poll, text, deadline), self._read_exactly(poll, body, deadline))

    def _read_exactly(self, poll: select.poll, count: int, deadline: float) -> bytes:
        buffer = bytearray()
        while len(buffer) < count:
            for descriptor, _ in self._poll(poll, deadline):
                if descriptor == self._log:
                    if not self._drain_log():
                        poll.unregister(self._log)
                    continue
                chunk = os.read(self._reply, min(count - len(buffer), 1 << 20))
                if not chunk:
                    raise _Ended
                buffer += chunk
        return bytes(buffer)

    def _poll(self, poll: select.poll, deadline: float) -> list[tuple[int, int]]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise _TooLate
        return poll.poll(max(1, int(left * 1000)))

    def _drain_log(self) -> bool:
        """Take what was printed; return False when the pipe has ended."""
        while True:
            try:
                chunk = os.read(self._log, 1 << 16)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            self._printed += len(chunk)
            self._kept += chunk[: (self._limits.output_kib << 10) - len(self._kept)]
            if self._printed > _MOST_OUTPUT:
                raise _TooMuchOutput

    def _die(self, verdict: Verdict, explanation: Explanation) -> SubmissionError:
        """End the worker because of what it did."""
        self._runner._kill()
        self._finish()
        self._death = SubmissionError(verdict, explanation)
        return self._death

    def _finish(self) -> dict[str, Any] | None:
        try:
            return self._runner._await_end()
        except RunnerError:
            return None

    def _explain_end(self) -> SubmissionError | RunnerError:
        """Make a verdict of how the worker ended by itself."""
        done = self._finish()
        if done is None:
            # The zygote died with it, or resisted being asked: the submission's doing, as far as can be seen.
            self._death = SubmissionError(Verdict.CRASHED, Explanation("submission.vanished"))
            return self._death
        status = int(done["status"])
        number, code = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, os.waitstatus_to_exitcode(status)
        if done["done"] == "memory":
            verdict, explanation = (
                Verdict.MEMORY,
                Explanation("submission.memory", {"mib": self._limits.memory_mib}),
            )
        elif number == signal.SIGXCPU or (number and done["cpu_seconds"] >= self._limits.cpu_seconds):
            verdict, explanation = (
                Verdict.TIMEOUT,
                Explanation("submission.cpu", {"seconds": self._limits.cpu_seconds}),
            )
        elif number:
            name = signal.Signals(number).name if number in list(signal.Signals) else str(number)
            verdict, explanation = Verdict.CRASHED, Explanation("submission.signal", {"signal": name})
        else:
            verdict, explanation = Verdict.CRASHED, Explanation("submission.exit", {"code": code})
        self._death = SubmissionError(verdict, explanation)
        return self._death


class _Ended(Exception):
    """The worker's pipe ended."""


class _TooLate(Exception):
    """The deadline passed."""


class _TooMuchOutput(Exception):
    """The worker printed more than is read."""


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wire.ProtocolFault("a mapping was expected")
    return value


def _sequence(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise wire.ProtocolFault("a list was expected")
    return list(value)


def _exception_explanation(key: str, error: dict[str, Any]) -> Explanation:
    types = [str(name) for name in _sequence(error.get("types"))] or ["Exception"]
    places = [
        f"{place[0]}:{place[1]}"
        for place in _sequence(error.get("places"))
        if isinstance(place, tuple | list)
    ]
    return Explanation(
        key,
        {
            "type": types[0][:200],
            "message": str(error.get("message", ""))[:2000],
            "place": places[-1] if places else "",
            "denied": "PermissionError" in types,
        },
    )


def _student_error(error: dict[str, Any]) -> SubmissionError:
    explanation = _exception_explanation("submission.raised", error)
    types = tuple(str(name) for name in _sequence(error.get("types")))
    if _MEMORY_ERRORS & set(types):
        return SubmissionError(Verdict.MEMORY, Explanation("submission.memory_error"), type_names=types)
    if "NotImplementedError" in types:
        return SubmissionError(
            Verdict.NOT_ATTEMPTED, Explanation("submission.not_attempted"), type_names=types
        )
    return SubmissionError(Verdict.ERROR, explanation, type_names=types)
