"""A runner without a sandbox: executes trusted test code in this process, and dies as it is told to.

Values go through the wire in both directions and exceptions are described by the worker itself, so that a check sees
what it would see of the real one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from grader.errors import RunnerError, SubmissionError
from grader.model import Explanation, Limits, Source, Unit, Verdict
from grader.runner.call import Call, asking
from grader.runner.inside import wire, worker
from grader.runner.inside.helpers import HelperFinder
from grader.runner.replies import (
    Candidate,
    Loaded,
    Reply,
    TooSlow,
    read_candidates,
    read_error,
    read_loaded,
    read_outcomes,
    read_reply,
)

__all__ = ["LOAD", "FakeRunner", "FakeSession", "ScriptedCaller", "source_of"]

Parsed = TypeVar("Parsed")

LOAD = ""
"""In place of a function's name: the execution of the file itself."""

Deaths = Mapping[str, Verdict | RunnerError]
"""Function -> the verdict that the process dies with when it is called, or the failure of the sandbox.

In place of a function a statement of the file may be named, by its unit and its line: `answer.py:3`.
"""


def source_of(code: str, name: str = "answer.py") -> Source:
    """Return a submission of one file."""
    return Source((Unit(name, code),))


class FakeSession:
    """A submission in this process."""

    def __init__(self, runner: FakeRunner, source: Source, limits: Limits) -> None:
        self._runner = runner
        self._source = source
        self._limits = limits
        self._worker = worker.Worker(self._announced)
        self._death: SubmissionError | None = None
        self.closed = False
        self.printed_too_much = False
        self.seconds = 0.0
        self.loaded = Loaded(())
        self._finder = HelperFinder(self._worker.helpers, ())
        sys.meta_path.insert(0, self._finder)
        self._units = [unit.name for unit in source.units]
        units = [[unit.name, unit.code, unit.module, sorted(unit.left_out)] for unit in source.units]
        helpers = [[unit.name, unit.code] for unit in source.helpers]
        request = {"op": "load", "units": units, "helpers": helpers, "variables": source.variables}
        self.loaded = self._exchange(LOAD, request, read_loaded)

    def _announced(self, message: dict[str, Any]) -> None:
        """Die where the script says that a statement ends the process."""
        index, line = message["at"]
        end = self._runner.deaths.get(f"{self._units[index]}:{line}")
        if isinstance(end, Verdict):
            self._death = SubmissionError(end, Explanation("submission.vanished"))
            self._death.statement = (index, line)
            raise self._death

    @property
    def dead(self) -> bool:
        """Return whether a scripted death has come."""
        return self._death is not None

    def call(self, call: Call, seconds: float = float("inf")) -> Reply:
        """Call a function of the submission, or call or describe an object that stayed here."""
        name = "describe" if call.operation == "describe" else call.function
        if call.operation == "call":
            self._runner.calls.append(name)
        taken, limit = self._runner.slow.get(name, 0.0), min(seconds, self._limits.call_seconds)
        self.seconds += min(taken, limit)
        if taken > limit:
            self._death = SubmissionError(
                Verdict.TIMEOUT, Explanation("submission.timeout", {"seconds": limit})
            )
        reply = self._exchange(name, call.request, lambda answer: read_reply(answer, call))
        return replace(reply, cpu_seconds=taken)

    def choose(self, misconception: str) -> None:
        """Let a misconception answer from now on, or the submission itself again."""
        self._exchange("choose", {"op": "select", "misconception": misconception}, lambda answer: None)

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every known wrong answer beside the reference."""
        return self._exchange("candidates", {"op": "candidates"}, read_candidates)

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Reply | SubmissionError | TooSlow]]:
        """Make the same calls of several known wrong answers."""
        read = partial(read_outcomes, count=len(candidates))
        return self._exchange("ask", asking(candidates, sequences, seconds), read)

    def take_output(self) -> str:
        """Return what the runner was given to say, once."""
        output, self._runner.output = self._runner.output, ""
        return output

    def close(self) -> None:
        """Forget the submission's modules."""
        self.closed = True
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self._finder]
        for name in [*self._worker.modules, *(unit.module for unit in self._source.helpers)]:
            sys.modules.pop(name, None)

    def _exchange(
        self, function: str, request: dict[str, Any], parse: Callable[[dict[str, Any]], Parsed]
    ) -> Parsed:
        if self._death is not None:
            raise self._death
        end = self._runner.deaths.get(function)
        if function == LOAD and self._runner.slow.get(LOAD, 0.0) > self._limits.load_seconds:
            values = {"seconds": self._limits.load_seconds}
            raise SubmissionError(Verdict.TIMEOUT, Explanation("submission.load_timeout", values))
        if isinstance(end, RunnerError):
            raise end
        if end is not None:
            self._death = SubmissionError(end, Explanation("submission.vanished"))
            raise self._death
        answer = wire.copied(self._worker.answer(wire.copied(request, is_request=True)), self._worker.convert)
        if self._death is not None:
            raise self._death
        if "error" in answer:
            raise read_error(answer["error"])
        return parse(answer)


class FakeRunner:
    """Opens submissions in this process; remembers what was opened and called."""

    def __init__(self, deaths: Deaths | None = None) -> None:
        self.deaths = dict(deaths or {})
        self.slow: dict[str, float] = {}
        """Function -> the seconds that a call of it takes."""
        self.output = ""
        """What the next `take_output` returns."""
        self.opened: list[Source] = []
        """Every source that was to be opened, also where it died of it."""
        self.sessions: list[FakeSession] = []
        self.calls: list[str] = []
        self.closed = False

    def open(self, source: Source, limits: Limits, *, data: str = "") -> FakeSession:
        """Execute a submission's units."""
        if self.sessions and not self.sessions[-1].closed:
            raise AssertionError("a runner holds one submission at a time")
        self.opened.append(source)
        opened = FakeSession(self, source, limits)
        self.sessions.append(opened)
        return opened

    def close(self) -> None:
        """End the runner."""
        self.closed = True


class ScriptedCaller:
    """Answers calls with what a script says, and remembers them.

    An answer is a value, a `Reply`, an exception to raise, or a function of the call's arguments. `new` makes a layer: it
    gets the next free number, as in a runner.
    """

    def __init__(
        self, script: Mapping[str, Any], descriptions: Mapping[int, dict[str, Any]] | None = None
    ) -> None:
        self.script = dict(script)
        self.descriptions = dict(descriptions or {})
        self.calls: list[tuple[Any, ...]] = []
        self._layers = 0

    def new(self, type_name: str = "Dense") -> wire.Handle:
        """Return a new layer's handle."""
        self._layers += 1
        return wire.Handle(self._layers - 1, type_name)

    def call(self, call: Call) -> Reply:
        """Answer a call; one on a layer is answered by the script of its class."""
        if call.operation == "describe":
            assert call.target is not None
            self.calls.append(("describe", call.target, *call.args))
            return Reply(self.descriptions[call.target.number])
        self.calls.append((call.target or call.function, *call.args, *call.kwargs.items()))
        answer = self.script[call.function]
        answer = answer(*call.args, **call.kwargs) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Reply) else Reply(answer)
