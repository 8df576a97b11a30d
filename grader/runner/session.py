"""Call the functions of one submission from the pipe's trusted end, and make a verdict of every way it can end.

Whatever the student's code does, a call returns a `Reply` or raises: `SubmissionError` with the verdict that the
death or the exception earns, or `RunnerError` when the sandbox itself failed.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from grader.errors import RunnerError, SubmissionError
from grader.messages.printable import printable
from grader.model import WIDE, Explanation, Limits, Source, Verdict
from grader.runner.call import Call, asking
from grader.runner.folders import without_folders
from grader.runner.inside import wire
from grader.runner.inside.blocks import ProtocolFault
from grader.runner.replies import (
    UNREADABLE,
    Candidate,
    Loaded,
    Reply,
    TooSlow,
    Use,
    as_mapping,
    read_candidates,
    read_error,
    read_loaded,
    read_outcomes,
    read_reply,
    read_statement,
    read_use,
)

_START_SECONDS = 120.0
_ASK_SECONDS = 60.0
"""How long all known wrong answers may take for the calls of one message."""
_SHORT_SECONDS = 0.1
"""How long a request may take of which it is not asked how long it waited for a processor."""
_ASLEEP = 3
"""How many times the limit a file may take while it waits for anything but a processor: it may read much."""
_MOST_OUTPUT = 256 << 20
"""Bytes of printed output after which a submission is stopped: no print that ends comes so far."""
_FLOOD = 4 << 20
"""Bytes of printed output after which a call that does not end is one that prints without end."""
_MOST_READS = 64
"""Reads of printed output before the clock is looked at again: a loop may print faster than it is read."""


_ERRORS = re.compile(
    re.escape(wire.ERRORS_BEGIN) + rb"(.*?)(?:" + re.escape(wire.ERRORS_END) + rb"|\Z)", re.DOTALL
)
"""What was written to standard error, also where its end was dropped."""

Parsed = TypeVar("Parsed")


class Session(Protocol):
    """Holds one submission that a runner opened."""

    @property
    def loaded(self) -> Loaded:
        """Return what executing the file gave."""

    @property
    def dead(self) -> bool:
        """Return whether the submission's process has died."""

    @property
    def printed_too_much(self) -> bool:
        """Return whether a part of what was printed was dropped."""

    @property
    def seconds(self) -> float:
        """Return the seconds that the calls took, without what they waited for a processor."""

    def call(self, call: Call, seconds: float = ...) -> Reply:
        """Call a function of the submission, or call or describe an object that stayed in the runner.

        `seconds` is what is left of the check's time.
        """

    def choose(self, misconception: str) -> None:
        """Let a misconception answer from now on, or with an empty name the reference again."""

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every known wrong answer beside the reference, in the order in which they are named."""

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Reply | SubmissionError | TooSlow]]:
        """Make the same calls of several known wrong answers, each call at most `seconds` long."""

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


class WorkerOwner(Protocol):
    """Ends a session's worker: the warm process that forked it."""

    def times(self) -> tuple[float, float] | None:
        """Return the worker's CPU time and for how long it waited for a processor; None if that cannot be told."""

    def end_worker(self) -> None:
        """Ask for the worker's end."""

    def await_end(self) -> dict[str, Any] | None:
        """Return how the worker ended; None if that cannot be told, "lost" if that was not its own doing."""


class WorkerSession(ABC):
    """Holds one worker: what it is asked, what it printed, and how it ended; how bytes come and go is a subclass's."""

    def __init__(self, owner: WorkerOwner, limits: Limits) -> None:
        self._owner = owner
        self._limits = limits
        self._number = 0
        self._output = bytearray()
        self._call_output = bytearray()
        """What was printed since the last call began, up to the same limit, however much was printed before."""
        self._output_size = 0
        """The number of bytes printed, of which `_output` holds no more than the limit."""
        self.printed_too_much = False
        self._death: SubmissionError | None = None
        self._lost: RunnerError | None = None
        """What is said in place of its death where that is not its doing."""
        self._statement: tuple[int, int] | None = None
        """What the worker said last that it executes, while it loads."""
        self._open = True
        self._times = (0.0, 0.0)
        """CPU time and waiting of the worker, as far as they are known."""
        self.seconds = 0.0
        self.loaded = Loaded(())
        self._banned: Mapping[str, Sequence[str]] = {}
        self._use: Use | None = None
        """The first use of what is banned since the last answer."""
        self._used_at_load: Use | None = None
        """What was done to the doors while the file was executed, which counts for every call."""

    def greet(self) -> None:
        """Wait until the worker is confined and ready; nothing of a student's has run before.

        Raises:
            RunnerError: it could not be confined; the session is closed.
        """
        if not self._is_greeted():
            end = self._await_end()
            output = self.take_output()
            self.close()
            raise RunnerError("runner.no_worker", {"error": f"{end} {output}".strip()})

    def load(self, source: Source) -> None:
        """Execute the units; `loaded` says what came of it."""
        message = {
            "op": "load",
            "units": [[unit.name, unit.code, unit.module, sorted(unit.left_out)] for unit in source.units],
            "seed": source.seed,
            "tensors": source.tensors,
            "variables": source.variables,
            "largest_file": self._limits.result_mib << 20,
            "helpers": [[unit.name, unit.code] for unit in source.helpers],
            "banned": {function: list(patterns) for function, patterns in source.banned.items()},
        }
        self._banned = source.banned
        self.loaded = self._exchange(message, self._limits.load_seconds, read_loaded, at_load=True)

    def _is_greeted(self) -> bool:
        try:
            hello: object = self._read_frame(Deadline(_START_SECONDS, lambda wall: wall), 1 << 16)
            return hello == {"ready": True}
        except (Ended, TooLate, TooMuchOutput, ProtocolFault):
            return False

    def call(self, call: Call, seconds: float = float("inf")) -> Reply:
        """Call a function, or call or describe an object that stayed in the worker.

        Raises:
            SubmissionError: it raised, took too long or too much memory, or its process died.
            RunnerError: the sandbox failed.
        """
        seconds = min(seconds, self._limits.call_seconds)
        with contextlib.suppress(TooMuchOutput):
            self._drain_log()
        self._call_output.clear()
        before = self._owner.times() if call.is_timed else None
        reply = self._exchange(call.request, seconds, lambda answer: read_reply(answer, call))
        after = self._owner.times() if call.is_timed else None
        if call.is_timed and (before is None or after is None):
            raise self._kill(Verdict.CRASHED, "submission.vanished")
        # The worker has flushed before it answered.
        with contextlib.suppress(TooMuchOutput):
            self._drain_log()
        if not self._call_output and not call.is_timed:
            return reply
        output = printable(_ERRORS.sub(b"", self._call_output).decode("utf-8", "replace"))
        return replace(
            reply,
            output=without_folders(output),
            cpu_seconds=after[0] - before[0] if after and before else 0.0,
        )

    def _forbidden(self, message: dict[str, Any]) -> SubmissionError | None:
        """Return the verdict of a call that used what its function may not, whatever it answers."""
        if message["op"] == "load":
            self._used_at_load = self._use
        use, self._use = self._use, self._used_at_load
        function = message.get("maker") or message.get("function")
        if use is None or function not in self._banned:
            return None
        values = {"function": function, "name": use.name, "place": use.place}
        return SubmissionError(Verdict.FORBIDDEN, Explanation("submission.forbidden", values))

    @property
    def dead(self) -> bool:
        """Return whether the worker has died."""
        return self._death is not None

    def choose(self, misconception: str) -> None:
        """Let a misconception answer from now on, or with an empty name the reference again."""
        message = {"op": "select", "misconception": misconception}
        self._exchange(message, self._limits.call_seconds, lambda answer: None)

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every known wrong answer beside the reference, in the order in which they are named."""
        return self._exchange({"op": "candidates"}, _ASK_SECONDS, read_candidates)

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Reply | SubmissionError | TooSlow]]:
        """Make the same calls of several known wrong answers, each call at most `seconds` long."""
        read = partial(read_outcomes, count=len(candidates))
        return self._exchange(asking(candidates, sequences, seconds), _ASK_SECONDS, read)

    def take_output(self) -> str:
        """Return the text that was printed since the last time, as much of it as is kept."""
        if self._open:
            with contextlib.suppress(TooMuchOutput):
                self._drain_log()
        text = without_folders(printable(_ERRORS.sub(rb"\1", self._output).decode("utf-8", "replace")))
        self._output.clear()
        return text

    def close(self) -> None:
        """End the worker; the runner waits for its end before it forks the next."""
        if self._open:
            self._open = False
            if self._death is None:
                self._owner.end_worker()
            self._close_pipes()

    def _exchange(
        self,
        message: dict[str, Any],
        seconds: float,
        parse: Callable[[dict[str, Any]], Parsed],
        *,
        at_load: bool = False,
    ) -> Parsed:
        """Send a request and return what `parse` makes of the answer, every field of which may be a lie."""
        if self._death is not None:
            raise self._lost or self._death
        self._number += 1
        try:
            answer = self._ask(message, seconds, at_load=at_load)
            number = answer.get("number")
            if type(number) is not int or number != self._number:
                raise ProtocolFault("an answer to another request")
            error = self._forbidden(message)
            if error is None and "error" in answer:
                error = read_error(as_mapping(answer["error"]))
            parsed = parse(answer) if error is None else None
        except TooMuchOutput:
            raise self._kill(Verdict.CRASHED, "submission.flood", mib=_MOST_OUTPUT >> 20) from None
        except TooLate:
            if self._output_size > _FLOOD:
                raise self._kill(Verdict.CRASHED, "submission.flood", mib=_FLOOD >> 20) from None
            key = "submission.load_timeout" if at_load else "submission.timeout"
            raise self._kill(Verdict.TIMEOUT, key, seconds=seconds) from None
        except UNREADABLE as fault:
            problem = printable(str(fault)[:200])
            raise self._kill(Verdict.CRASHED, "submission.bad_answer", problem=problem) from None
        except Ended:
            death = self._explain_end()
            raise self._lost or death from None
        if error is not None:
            raise error
        return cast("Parsed", parsed)

    def _ask(self, message: dict[str, Any], seconds: float, *, at_load: bool) -> dict[str, Any]:
        """Send a request and return the answer; the time until then is the student's, whatever comes of it."""
        frame = wire.encode({**message, "number": self._number})
        waited_before = self._times[1]

        def spent(wall: float) -> float:
            """Return how much of its limit the request has used; loading may also read files without a hurry."""
            self._times = cpu, waited = self._owner.times() or self._times
            own = wall - max(0.0, waited - waited_before)
            return max(min(own, cpu), own / _ASLEEP) if at_load else own

        deadline = Deadline(seconds, spent)
        try:
            self._write(frame, deadline)
            while True:
                answer = as_mapping(self._read_frame(deadline, self._limits.result_mib << 20))
                if "used" in answer:
                    self._use = self._use or read_use(answer["used"])
                elif "at" not in answer or not at_load:
                    return answer
                else:
                    self._statement = read_statement(answer["at"])
        finally:
            wall = deadline.wall
            own = wall if wall < _SHORT_SECONDS else spent(wall)
            self.seconds += 0.0 if at_load else own

    def _read_frame(self, deadline: Deadline, max_body: int) -> Any:
        text, body = wire.lengths(self._read_exactly(wire.HEAD_SIZE, deadline), max_body)
        # One allocation each, of a size that is capped above.
        return wire.decode(self._read_exactly(text, deadline), self._read_exactly(body, deadline))

    def _keep(self, chunk: bytes) -> None:
        """Keep what was printed as far as there is room."""
        self._output_size += len(chunk)
        if self._output_size > _MOST_OUTPUT:
            raise TooMuchOutput
        most = self._limits.output_kib << 10
        room = most - len(self._output)
        self._output += chunk[:room]
        self._call_output += chunk[: most - len(self._call_output)]
        self.printed_too_much |= len(chunk) > room

    @abstractmethod
    def _write(self, frame: bytes, deadline: Deadline) -> None:
        """Send a frame."""

    @abstractmethod
    def _read_exactly(self, count: int, deadline: Deadline) -> bytes:
        """Return so many bytes of the answer, and keep what is printed meanwhile."""

    @abstractmethod
    def _drain_log(self) -> bool:
        """Keep what was printed; return False when nothing comes any more."""

    @abstractmethod
    def _close_pipes(self) -> None:
        """Close what leads to the worker."""

    def _kill(self, verdict: Verdict, key: str, **values: Any) -> SubmissionError | RunnerError:
        self._owner.end_worker()
        self._await_end()
        death = self._note_death(verdict, key, **values)
        return self._lost or death

    def _note_death(self, verdict: Verdict, key: str, **values: Any) -> SubmissionError:
        self._death = SubmissionError(verdict, Explanation(key, values))
        if key != "submission.bad_answer":
            # Who writes answers of their own says nothing of where they are.
            self._death.statement = self._statement
        return self._death

    def _await_end(self) -> dict[str, Any] | None:
        try:
            end = self._owner.await_end()
        except RunnerError as error:
            # Nothing can be started in its place, which no submission brings about.
            self._lost = error
            return None
        if end is not None and end["done"] == "lost":
            # Nobody's submission is to blame.
            self._lost = RunnerError("runner.died", {"error": ""})
            return None
        return end

    def _explain_end(self) -> SubmissionError:
        """Make a verdict of how the worker ended by itself."""
        end, limits = self._await_end(), self._limits
        if end is None or end["done"] == "resisted":
            # The zygote died of it: the submission's doing, as far as can be seen.
            return self._note_death(Verdict.CRASHED, "submission.vanished")
        if end["done"] == "memory":
            return self._note_death(Verdict.MEMORY, "submission.memory", mib=limits.memory_mib)
        code = os.waitstatus_to_exitcode(int(end["status"]))
        if code >= 0:
            return self._note_death(Verdict.CRASHED, "submission.exit", code=code)
        if -code == signal.SIGXCPU or end["cpu_seconds"] >= limits.cpu_seconds:
            return self._note_death(Verdict.TIMEOUT, "submission.cpu", seconds=limits.cpu_seconds)
        name = signal.Signals(-code).name if -code in list(signal.Signals) else str(-code)
        return self._note_death(Verdict.CRASHED, "submission.signal", signal=name)


class SandboxedSession(WorkerSession):
    """Reaches a worker that a warm process forked through three pipes."""

    def __init__(self, owner: WorkerOwner, limits: Limits, request: int, reply: int, log: int) -> None:
        super().__init__(owner, limits)
        self._request, self._reply, self._log = request, reply, log
        self._received = bytearray()
        """What was read of an answer and not taken yet."""
        self._reading: select.poll | None = None
        """What waits for an answer."""

    def _close_pipes(self) -> None:
        for descriptor in (self._request, self._reply, self._log):
            os.close(descriptor)

    def _write(self, frame: bytes, deadline: Deadline) -> None:
        view = memoryview(frame)
        poll = None
        while view:
            try:
                view = view[os.write(self._request, view) :]
            except BlockingIOError:
                poll = poll or self._poll(self._request, select.POLLOUT)
                self._is_ready(poll, deadline)
            except BrokenPipeError:
                raise Ended from None

    def _read_exactly(self, count: int, deadline: Deadline) -> bytes:
        received = self._received
        while len(received) < count:
            self._reading = self._reading or self._poll(self._reply, select.POLLIN)
            if self._is_ready(self._reading, deadline):
                # As much as a pipe holds: a larger buffer would be mapped and unmapped each time.
                chunk = os.read(self._reply, 1 << 16)
                if not chunk:
                    raise Ended
                received += chunk
        with memoryview(received) as view:
            taken = bytes(view[:count])
        del received[:count]
        return taken

    def _poll(self, pipe: int, event: int) -> select.poll:
        """Return what waits for a pipe, and for what is printed meanwhile: a worker whose log is full stands still."""
        poll = select.poll()
        poll.register(pipe, event)
        poll.register(self._log, select.POLLIN)
        return poll

    def _is_ready(self, poll: select.poll, deadline: Deadline) -> bool:
        """Wait until something happens, and take what was printed; return whether the pipe is ready."""
        is_ready = False
        for descriptor, _ in poll.poll(max(1, int(deadline.left() * 1000))):
            if descriptor != self._log:
                is_ready = True
            elif not self._drain_log():
                poll.unregister(self._log)
        return is_ready

    def _drain_log(self) -> bool:
        """Take what was printed, and drop what is too much; return False when the pipe has ended."""
        for _ in range(_MOST_READS):
            try:
                chunk = os.read(self._log, 1 << 16)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            self._keep(chunk)
        return True


class Deadline:
    """Says when a request has used its time up, by the clock at first, and then by what it has used of its limit."""

    def __init__(self, seconds: float, spent: Callable[[float], float]) -> None:
        """Begin now; `spent` is asked, with the wall time, once that has reached the limit."""
        self._seconds, self._spent = seconds, spent
        self._started = time.monotonic()
        self._next_look = seconds

    @property
    def wall(self) -> float:
        """Return the wall time since the beginning."""
        return time.monotonic() - self._started

    def left(self) -> float:
        """Return for how long to wait before this is asked again.

        Raises:
            TooLate: the time is used up.
        """
        wall, widest = self.wall, WIDE * self._seconds
        if wall >= self._next_look:
            left = self._seconds - self._spent(wall)
            if left <= 0 or wall >= widest:
                raise TooLate
            self._next_look = min(wall + left, widest)
        return self._next_look - wall


class Ended(Exception):
    """The worker's pipe ended."""


class TooLate(Exception):
    """The deadline passed."""


class TooMuchOutput(Exception):
    """The worker printed more than is read."""
