from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from grader.errors import SubmissionError
from grader.model import Limits, Source, Unit, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.session import SandboxedSession


class Owner:
    """A warm process whose worker ends when it is asked to."""

    def __init__(self) -> None:
        self.asked = 0
        self.used: tuple[float, float] | None = None

    def times(self) -> tuple[float, float] | None:
        """Return the worker's CPU time and its waiting."""
        return self.used

    def end_worker(self) -> None:
        """Note that the end was asked for."""
        self.asked += 1

    def await_end(self) -> dict[str, Any] | None:
        """Return the end of a worker that was killed."""
        return {"done": "killed", "status": 9, "cpu_seconds": 0.0}


Forge = Callable[[bytes], SandboxedSession]


@pytest.fixture
def forge() -> Iterator[Forge]:
    """Return a function that makes a session whose next answer is this frame, whatever it is asked."""
    ends: list[int] = []
    sessions: list[SandboxedSession] = []

    def session_with(frame: bytes) -> SandboxedSession:
        request, reply, log = os.pipe(), os.pipe(), os.pipe()
        os.set_blocking(log[0], False)
        os.write(reply[1], frame)
        ends.extend([request[0], reply[1], log[1]])
        sessions.append(SandboxedSession(Owner(), Limits(), request[1], reply[0], log[0]))
        return sessions[-1]

    yield session_with
    for session in sessions:
        session.close()
    for end in ends:
        with suppress(OSError):
            os.close(end)


def frame(text: object) -> bytes:
    """Return a frame of this JSON and no tensors."""
    raw = text if isinstance(text, bytes) else json.dumps(text).encode()
    return wire.HEAD.pack(b"GRD1", len(raw), 0) + raw


def answer(**fields: object) -> bytes:
    """Return an answer to the first request with these fields."""
    return wire.encode({"number": 1, **fields})


def test_an_answer_is_read(forge: Forge) -> None:
    reply = forge(answer(value=[7], changed=[0, "1"], seconds=0.5)).call(Call("f"))
    assert (reply.value, reply.changed, reply.seconds) == ([7], (0,), 0.5)


FORGED = {
    "number-true": wire.encode({"number": True, "value": 7}),
    "number-fraction": wire.encode({"number": 1.0, "value": 7}),
    "number-of-another": wire.encode({"number": 2, "value": 7}),
    "no-mapping": wire.encode([1]),
    "seconds-huge": answer(value=7, seconds=10**400),
    "error-text": answer(error="no mapping"),
    "error-types-number": answer(error={"types": 7, "message": "", "places": []}),
    "error-place-empty": answer(error={"types": ["E"], "message": "", "places": [()]}),
    "deep": frame(b"[" * 50_000),
    "deep-json": frame(json.loads("[" * 90 + "]" * 90)),
    "no-json": frame(b"}"),
}


@pytest.mark.parametrize("raw", FORGED.values(), ids=FORGED.keys())
def test_a_forged_answer_is_the_submissions_crash(raw: bytes, forge: Forge) -> None:
    session = forge(raw)
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f"))
    assert caught.value.verdict is Verdict.CRASHED
    assert caught.value.explanation.key == "submission.bad_answer"
    assert session.dead


LOADED = {
    "functions-number": {"functions": 7, "failures": []},
    "failures-of-text": {"functions": [], "failures": ["E"]},
    "misconceptions-of-numbers": {"functions": [], "failures": [], "misconceptions": [7]},
}


@pytest.mark.parametrize("fields", LOADED.values(), ids=LOADED.keys())
def test_a_forged_report_of_the_execution_is_a_crash(fields: dict[str, object], forge: Forge) -> None:
    with pytest.raises(SubmissionError) as caught:
        forge(answer(**fields)).load(Source((Unit("ex01.py", ""),)))
    assert caught.value.verdict is Verdict.CRASHED


@pytest.mark.parametrize("error", [MemoryError, RecursionError, OverflowError, KeyError])
def test_an_answer_that_cannot_be_held_is_a_crash(
    error: type[Exception], forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error("no")

    session = forge(answer(value=7))
    monkeypatch.setattr("json.loads", fail)
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f"))
    assert caught.value.verdict is Verdict.CRASHED


def test_the_names_of_an_exceptions_classes_can_be_shown(forge: Forge) -> None:
    types = ["E\x1b[31m\u202e", "x" * 1000] + ["Exception"] * 1000
    session = forge(answer(error={"types": types, "message": "\x07", "places": []}))
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f"))
    names = caught.value.type_names
    assert names[:2] == ("E\ufffd[31m\ufffd", "x" * 200)
    assert len(names) == 50
    assert caught.value.explanation.values["type"] == names[0]
    assert caught.value.explanation.values["message"] == "\ufffd"


def test_only_what_the_submission_takes_is_on_its_clock(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    session = forge(frame(b"}"))

    def end(owner: Owner) -> None:
        clock[0] += 1000

    monkeypatch.setattr(Owner, "end_worker", end)
    with pytest.raises(SubmissionError):
        session.call(Call("f"))
    assert session.seconds < 1


def test_what_is_printed_beyond_the_limit_is_dropped_and_the_answer_read() -> None:
    request, reply, log = os.pipe(), os.pipe(), os.pipe()
    os.set_blocking(log[0], False)
    session = SandboxedSession(Owner(), Limits(output_kib=1), request[1], reply[0], log[0])
    os.write(log[1], b"x" * 60_000)
    os.write(reply[1], answer(value=7))
    assert session.call(Call("f")).value == 7
    assert session.take_output() == "x" * 1024
    assert session.printed_too_much
    session.close()
    for end in (request[0], reply[1], log[1]):
        os.close(end)


def test_a_call_that_only_prints_ends_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    request, reply, log = os.pipe(), os.pipe(), os.pipe()
    session = SandboxedSession(Owner(), Limits(call_seconds=0.1), request[1], reply[0], log[0])
    read = os.read
    # It prints faster than anybody reads: the pipe is never empty.
    monkeypatch.setattr(os, "read", lambda pipe, count: b"x" * count if pipe == log[0] else read(pipe, count))
    os.write(log[1], b"x")
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f"))
    assert (caught.value.verdict, caught.value.explanation.key) == (Verdict.CRASHED, "submission.flood")
    monkeypatch.undo()
    session.close()
    for end in (request[0], reply[1], log[1]):
        os.close(end)


class Clock:
    """Stands for time: each look at an empty pipe lets as much of it pass as was to be waited."""

    def __init__(self, forge: Forge, monkeypatch: pytest.MonkeyPatch, *, cpu: float, waiting: float) -> None:
        """Let a worker have this share of the wall time on a processor, and wait for one for that share."""
        self.now = 0.0
        self.session = forge(b"")
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr(Owner, "times", lambda owner: (cpu * self.now, waiting * self.now))
        monkeypatch.setattr(SandboxedSession, "_poll", lambda session, pipe, event: self)

    def poll(self, milliseconds: int) -> list[tuple[int, int]]:
        """Let the time pass."""
        self.now += milliseconds / 1000
        return []

    def stopped_at(self, ask: Callable[[SandboxedSession], object]) -> float:
        """Return when a request was stopped that is never answered."""
        # A request that is not taken and one that is not answered are the same.
        with pytest.raises(SubmissionError) as caught:
            ask(self.session)
        assert caught.value.verdict is Verdict.TIMEOUT
        return self.now


LIMITED = Limits()
"""5 s for a call, and as much for loading."""


@pytest.mark.parametrize(
    ("cpu", "waiting", "load", "call"),
    [
        pytest.param(1.0, 0.0, 5, 5, id="alone"),
        pytest.param(2.0, 0.0, 5, 5, id="in-two-threads"),
        pytest.param(0.5, 0.5, 10, 10, id="beside-one-other"),
        pytest.param(0.25, 0.75, 20, 20, id="beside-three-others"),
        pytest.param(0.01, 0.99, 50, 50, id="beside-very-many"),
        pytest.param(0.0, 0.0, 15, 5, id="asleep"),
        pytest.param(0.5, 0.0, 10, 5, id="half-asleep"),
    ],
)
def test_a_request_is_stopped_when_its_own_time_is_over(
    cpu: float, waiting: float, load: float, call: float, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(forge, monkeypatch, cpu=cpu, waiting=waiting)
    assert clock.stopped_at(lambda session: session.call(Call("f"))) == pytest.approx(call, rel=0.01)
    assert clock.session.seconds == pytest.approx(call * (1 - waiting), rel=0.02)
    clock = Clock(forge, monkeypatch, cpu=cpu, waiting=waiting)
    source = Source((Unit("answer.py", "pass"),))
    assert clock.stopped_at(lambda session: session.load(source)) == pytest.approx(load, rel=0.01)
    assert clock.session.seconds == 0


def test_what_is_left_of_a_check_limits_a_call(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(forge, monkeypatch, cpu=1.0, waiting=0.0)
    assert clock.stopped_at(lambda session: session.call(Call("f"), 2.0)) == pytest.approx(2, rel=0.01)
    clock = Clock(forge, monkeypatch, cpu=1.0, waiting=0.0)
    assert clock.stopped_at(lambda session: session.call(Call("f"), 100.0)) == pytest.approx(5, rel=0.01)


def test_a_worker_of_which_nothing_is_heard_has_the_wall_time(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(forge, monkeypatch, cpu=1.0, waiting=0.5)
    monkeypatch.setattr(Owner, "times", lambda owner: None)
    assert clock.stopped_at(lambda session: session.call(Call("f"))) == pytest.approx(5, rel=0.01)
