"""Find the known wrong answer that gives the same tensors as a submission did.

The evidence is what the submission returned to each call of each check. A misconception is asked the same calls, where
the reference runs and never beside a student, and is named for a failed check when it agrees on all of that check's
calls. What it returns is kept, so that a class with a thousand wrong answers asks it once.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from grader.checks.remote import Caller, Observed, slim
from grader.errors import SubmissionError
from grader.judge.agreement import ANYTHING, agree
from grader.judge.evidence import weight_of_calls
from grader.model import CheckResult, Exercise, Misconception, Verdict
from grader.runner.inside import wire

_MOST_HELD = 256 << 20
"""Bytes of calls whose replays are kept."""


class Impostor(Caller, Protocol):
    """Answers as the reference, and can let a misconception answer in its place."""

    def misconceptions(self) -> tuple[Misconception, ...]:
        """Return the exercise's misconceptions, in the order of their file."""

    def choose(self, misconception: str) -> None:
        """Let a misconception answer from now on, or with an empty name the reference again."""

    @property
    def generation(self) -> int:
        """Return a number that changes when its process does, and its layers are gone."""


class Diagnoser:
    """Compares submissions with the misconceptions of a course's exercises."""

    def __init__(
        self, open_impostor: Callable[[Exercise], Impostor], *, patience: float = float("inf")
    ) -> None:
        """Take `open_impostor(exercise) -> Impostor`, called when a check has failed.

        A call that took longer than `patience` seconds is not repeated for every misconception, nor are those after it
        in its check: what came before must tell.
        """
        self._open_impostor = open_impostor
        self._patience = patience
        self._replays: dict[tuple[str, str, str, int], _Replay] = {}
        self._held = 0
        """About how many bytes these hold."""
        self._known: dict[str, tuple[Misconception, ...]] = {}
        self._costly: set[tuple[str, str]] = set()
        """The sequences of calls that turned out to be too slow to be repeated for every misconception."""

    def diagnose(
        self, exercise: Exercise, results: Sequence[CheckResult], evidence: Sequence[tuple[Observed, ...]]
    ) -> tuple[CheckResult, ...]:
        """Return the results, with a misconception named for each failed check that one explains.

        Of several that agree on a check, the one that agrees on most of the exercise's checks is named: the most
        specific. Nothing is claimed where none agrees.
        """
        evidence = [self._affordable(calls) for calls in evidence]
        failed = [
            index
            for index, result in enumerate(results)
            if result.verdict in (Verdict.FAILED, Verdict.ERROR) and index < len(evidence)
        ]
        if not failed or not any(_is_value(call.outcome) for calls in evidence for call in calls):
            return tuple(results)
        try:
            return self._diagnose(exercise, results, evidence, failed)
        except SubmissionError:
            # A misconception that cannot be asked (it loops, it is too large) explains nothing.
            return tuple(results)

    def _affordable(self, calls: tuple[Observed, ...]) -> tuple[Observed, ...]:
        return tuple(itertools.takewhile(lambda call: call.seconds <= self._patience, calls))

    def _diagnose(
        self,
        exercise: Exercise,
        results: Sequence[CheckResult],
        evidence: Sequence[tuple[Observed, ...]],
        failed: Sequence[int],
    ) -> tuple[CheckResult, ...]:
        if exercise.id not in self._known:
            self._known[exercise.id] = self._open_impostor(exercise).misconceptions()
        candidates = self._known[exercise.id]
        agreeing = {
            index: [item for item in candidates if self._explains(exercise, item, evidence[index])]
            for index in failed
        }
        named_ids = {misconception.id for agreed in agreeing.values() for misconception in agreed}
        breadth = {
            misconception.id: sum(
                self._agrees(exercise, misconception, calls, result.verdict)
                for calls, result in zip(evidence, results, strict=False)
                if calls
            )
            for misconception in candidates
            if misconception.id in named_ids
        }
        named = list(results)
        everywhere = sum(bool(calls) for calls in evidence)
        for index, agreed in agreeing.items():
            if not any(_is_value(call.outcome) for call in evidence[index]):
                # To raise the same exception is little evidence: here it must agree on the whole exercise.
                agreed = [item for item in agreed if breadth[item.id] == everywhere]
            if agreed:
                best = max(agreed, key=lambda misconception: breadth[misconception.id])
                named[index] = replace(results[index], misconception=best)
        return tuple(named)

    def _explains(
        self, exercise: Exercise, misconception: Misconception, calls: tuple[Observed, ...]
    ) -> bool:
        """Return whether a misconception gives what the submission gave, and the reference does not."""
        return (
            _concerns(misconception, calls)
            and self._agrees_on(exercise, misconception, calls)
            and self._differs_from_reference(exercise, misconception, calls)
        )

    def _agrees(
        self, exercise: Exercise, misconception: Misconception, calls: tuple[Observed, ...], verdict: Verdict
    ) -> bool:
        if not _concerns(misconception, calls):
            # It is the reference here, and a submission that passed agrees with that.
            return verdict is Verdict.PASSED
        return self._agrees_on(exercise, misconception, calls)

    def _agrees_on(
        self, exercise: Exercise, misconception: Misconception, calls: tuple[Observed, ...]
    ) -> bool:
        for part in _parts(calls):
            key = (exercise.id, _digest(part))
            try:
                if key in self._costly or not self._agrees_together(exercise, misconception, part):
                    return False
            except _TooSlow:
                self._costly.add(key)
                return False
        return True

    def _agrees_together(
        self, exercise: Exercise, misconception: Misconception, calls: tuple[Observed, ...]
    ) -> bool:
        """Ask call by call and stop at the first that differs; training a network is not done in vain."""
        first = self._asked(exercise, misconception.id, calls, 0)
        for position, observed in enumerate(calls):
            outcome, other = observed.outcome, first.outcome(position)
            if agree(outcome, other, other):
                continue
            if exercise.seed is not None or not agree(outcome, other, ANYTHING):
                return False
            # Only numbers differ: that says nothing where the misconception itself gives others when asked again.
            if not agree(outcome, other, self._asked(exercise, misconception.id, calls, 1).outcome(position)):
                return False
        return True

    def _differs_from_reference(
        self, exercise: Exercise, misconception: Misconception, calls: tuple[Observed, ...]
    ) -> bool:
        """Return whether there is something to see: numbers that change by themselves are no evidence."""
        with contextlib.suppress(_TooSlow):
            for part in _parts(calls):
                known_wrong = self._asked(exercise, misconception.id, part, 0)
                reference = self._asked(exercise, "", part, 0)
                for position, observed in enumerate(part):
                    other, expected = known_wrong.outcome(position), reference.outcome(position)
                    if not agree(observed.outcome, other, other) or agree(other, expected, expected):
                        continue
                    if not agree(other, expected, ANYTHING) or exercise.seed is not None:
                        return True
                    if not agree(other, expected, self._asked(exercise, "", part, 1).outcome(position)):
                        return True
        return False

    def _asked(
        self, exercise: Exercise, misconception: str, calls: tuple[Observed, ...], turn: int
    ) -> _Replay:
        key = (exercise.id, misconception, _digest(calls), turn)
        if key not in self._replays:
            self._held += weight_of_calls(calls)
            if self._held > _MOST_HELD:
                # Calls with values of the students' own are asked for once: a class of them would fill the memory.
                self._replays.clear()
                self._held = weight_of_calls(calls)
            open_impostor = partial(self._open_impostor, exercise)
            self._replays[key] = _Replay(open_impostor, misconception, calls, self._patience)
        return self._replays[key]


class _TooSlow(Exception):
    """A call took longer than it is worth."""


class _Replay:
    """Makes the same calls of a misconception; each is made once, and only when its outcome is asked for."""

    def __init__(
        self,
        open_impostor: Callable[[], Impostor],
        misconception: str,
        calls: tuple[Observed, ...],
        patience: float,
    ) -> None:
        self._patience = patience
        self._open_impostor = open_impostor
        self._misconception = misconception
        self._calls = calls
        self._outcomes: list[Any] = []
        self._layers: dict[int, wire.Handle] = {}
        self._generation = -1

    def outcome(self, position: int) -> Any:
        """Return what came of one call."""
        if position >= len(self._outcomes):
            impostor = self._open_impostor()
            impostor.choose(self._misconception)
            if impostor.generation != self._generation:
                # Another process: the layers of the earlier calls are gone.
                self._generation, self._outcomes, self._layers = impostor.generation, [], {}
            try:
                while position >= len(self._outcomes):
                    started = time.monotonic()
                    self._outcomes.append(self._make(impostor, self._calls[len(self._outcomes)]))
                    if time.monotonic() - started > self._patience:
                        raise _TooSlow
            finally:
                impostor.choose("")
        return self._outcomes[position]

    def _make(self, impostor: Impostor, observed: Observed) -> Any:
        """Make a call; a layer that the submission made is the one that was made in the same place here."""
        try:
            call = observed.call.mapped(wire.for_handles(lambda handle: self._layers[handle.number]))
            value = impostor.call(call).value
        except SubmissionError as error:
            return error
        except KeyError:
            # It made no layer where the submission made one.
            return None
        for handle, own in zip(wire.handles_in(observed.outcome), wire.handles_in(value), strict=False):
            self._layers[handle.number] = own
        return slim(value) if observed.call.operation == "describe" else value


def _concerns(misconception: Misconception, calls: tuple[Observed, ...]) -> bool:
    """Return whether a check calls a function that the misconception replaces; elsewhere it is the reference."""
    functions = {observed.call.function for observed in calls if observed.call.target is None}
    return not functions.isdisjoint(misconception.functions)


def _parts(calls: tuple[Observed, ...]) -> list[tuple[Observed, ...]]:
    """Return the calls that mean something only together: a layer remembers, a function does not."""
    if any(observed.call.handles or wire.handles_in(observed.outcome) for observed in calls):
        return [calls]
    return [(call,) for call in calls]


def _digest(calls: tuple[Observed, ...]) -> str:
    """Return what a sequence of calls is known by; a layer counts by its place, whoever made it."""
    places: dict[int, int] = {}

    @wire.for_handles
    def numbered(handle: wire.Handle) -> wire.Handle:
        return wire.Handle(places.get(handle.number, handle.number), "")

    digest = hashlib.sha256()
    for observed in calls:
        call = observed.call.mapped(numbered)
        digest.update(wire.encode([call.operation, call.function, call.args, call.kwargs, call.target]))
        for handle in wire.handles_in(observed.outcome):
            places.setdefault(handle.number, len(places))
    return digest.hexdigest()


def _is_value(outcome: Any) -> bool:
    return not isinstance(outcome, SubmissionError)
