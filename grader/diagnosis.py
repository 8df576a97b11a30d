"""Which known wrong answer gives the same tensors as a submission did.

The evidence is what the submission returned to each call of each check. A misconception is asked the same calls, where
the reference runs and never beside a student, and is named for a failed check when it agrees on all of that check's
calls. What it returns is kept, so that a class with a thousand wrong answers asks it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from grader import tensors, wire
from grader.checks import Caller, Observed
from grader.errors import SubmissionError
from grader.model import CheckResult, Exercise, Misconception, Verdict

__all__ = ["Diagnoser", "Impostor"]

RTOL, ATOL = 1e-4, 1e-5
"""Two ways of writing the same mistake may sum in another order."""


class Impostor(Caller, Protocol):
    """The reference, which can let a misconception answer in its place."""

    def misconceptions(self) -> tuple[Misconception, ...]:
        """Return the exercise's misconceptions, in the order of their file."""

    def choose(self, misconception: str) -> None:
        """Let a misconception answer from now on, or with an empty name the reference again."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a misconception gave to one call."""

    value: Any
    """The value; a `SubmissionError` where it raised."""
    again: Any
    """What it gave when it was asked again: a layer with random weights gives something else."""


class Diagnoser:
    """Compares submissions with the misconceptions of a course's exercises."""

    def __init__(self, open_impostor: Callable[[Exercise], Impostor]) -> None:
        """Take `open_impostor(exercise) -> Impostor`, called when a check has failed."""
        self._open_impostor = open_impostor
        self._answers: dict[tuple[str, str, str], tuple[_Answer, ...]] = {}
        self._known: dict[str, tuple[Misconception, ...]] = {}

    def diagnose(
        self, exercise: Exercise, results: Sequence[CheckResult], evidence: Sequence[tuple[Observed, ...]]
    ) -> tuple[CheckResult, ...]:
        """Return the results, with a misconception named for each failed check that one explains.

        Of several that agree on a check, the one that agrees on most of the exercise's checks is named: the most
        specific. Nothing is claimed where none agrees.
        """
        failed = [
            index
            for index, result in enumerate(results)
            if result.verdict is Verdict.FAILED and any(_is_value(call.outcome) for call in evidence[index])
        ]
        if not failed:
            return tuple(results)
        if exercise.id not in self._known:
            self._known[exercise.id] = self._open_impostor(exercise).misconceptions()
        candidates = self._known[exercise.id]
        agreeing = {index: self._agreeing(exercise, candidates, evidence[index]) for index in failed}
        wanted = {misconception.id for found in agreeing.values() for misconception in found}
        breadth = {
            misconception.id: sum(self._agrees(exercise, misconception, calls) for calls in evidence if calls)
            for misconception in candidates
            if misconception.id in wanted
        }
        named = list(results)
        for index, found in agreeing.items():
            if found:
                best = max(found, key=lambda misconception: breadth[misconception.id])
                named[index] = replace(results[index], misconception=best)
        return tuple(named)

    def _agreeing(
        self, exercise: Exercise, candidates: Sequence[Misconception], calls: tuple[Observed, ...]
    ) -> list[Misconception]:
        return [item for item in candidates if self._agrees(exercise, item, calls)]

    def _agrees(self, exercise: Exercise, misconception: Misconception, calls: tuple[Observed, ...]) -> bool:
        answers = self._ask(exercise, misconception, calls)
        return all(_same(call.outcome, answer) for call, answer in zip(calls, answers, strict=True))

    def _ask(
        self, exercise: Exercise, misconception: Misconception, calls: tuple[Observed, ...]
    ) -> tuple[_Answer, ...]:
        key = (exercise.id, misconception.id, _digest(calls))
        if key not in self._answers:
            impostor = self._open_impostor(exercise)
            impostor.choose(misconception.id)
            try:
                first, second = _replay(impostor, calls), _replay(impostor, calls)
            finally:
                impostor.choose("")
            self._answers[key] = tuple(map(_Answer, first, second))
        return self._answers[key]


def _digest(calls: tuple[Observed, ...]) -> str:
    """Return what a sequence of calls is known by; a layer counts by its place, whoever made it."""
    places: dict[int, int] = {}
    digest = hashlib.sha256()
    for call in calls:
        message = [call.operation, call.function, call.args, call.kwargs, call.target]
        digest.update(wire.encode(_numbered(message, places)))
        for handle in _handles(call.outcome):
            places.setdefault(handle.number, len(places))
    return digest.hexdigest()


def _numbered(value: Any, places: dict[int, int]) -> Any:
    if isinstance(value, wire.Handle):
        return wire.Handle(places.get(value.number, value.number), "")
    if isinstance(value, list | tuple):
        return [_numbered(item, places) for item in value]
    if isinstance(value, dict):
        return {key: _numbered(item, places) for key, item in value.items()}
    return value


def _replay(impostor: Impostor, calls: tuple[Observed, ...]) -> list[Any]:
    """Make the calls; a layer that the submission made is the one that was made in the same place here."""
    layers: dict[int, wire.Handle] = {}
    outcomes: list[Any] = []
    for call in calls:
        try:
            args, kwargs, target = _translated((call.args, call.kwargs, call.target), layers)
            if call.operation == "describe":
                outcomes.append(impostor.describe(target, call.args[0]))
                continue
            value = impostor.call(call.function, args, kwargs, target=target).value
        except SubmissionError as error:
            outcomes.append(error)
            continue
        except KeyError:
            # It made no layer where the submission made one.
            outcomes.append(None)
            continue
        for theirs, ours in zip(_handles(call.outcome), _handles(value), strict=False):
            layers[theirs.number] = ours
        outcomes.append(value)
    return outcomes


def _translated(value: Any, layers: dict[int, wire.Handle]) -> Any:
    if isinstance(value, wire.Handle):
        return layers[value.number]
    if isinstance(value, list | tuple):
        return type(value)(_translated(item, layers) for item in value)
    if isinstance(value, dict):
        return {key: _translated(item, layers) for key, item in value.items()}
    return value


def _handles(value: Any) -> list[wire.Handle]:
    if isinstance(value, wire.Handle):
        return [value]
    if isinstance(value, list | tuple):
        return [handle for item in value for handle in _handles(item)]
    if isinstance(value, dict):
        return [handle for item in value.values() for handle in _handles(item)]
    return []


def _is_value(outcome: Any) -> bool:
    return not isinstance(outcome, SubmissionError)


def _same(value: Any, answer: _Answer) -> bool:
    other = answer.value
    if isinstance(value, SubmissionError) or isinstance(other, SubmissionError):
        both = isinstance(value, SubmissionError) and isinstance(other, SubmissionError)
        return both and value.type_names[:1] == other.type_names[:1]
    return _equal(value, other, answer.again)


def _equal(value: Any, other: Any, again: Any) -> bool:
    """Return whether two outcomes are equal, in as far as `other` is when it is asked `again`."""
    if isinstance(value, np.ndarray) or isinstance(other, np.ndarray):
        mine, theirs = tensors.as_tensor(value), tensors.as_tensor(other)
        if (
            mine is None
            or theirs is None
            or mine.shape != theirs.shape
            or mine.dtype.kind != theirs.dtype.kind
        ):
            return False
        return _close(mine, theirs) or not _close(theirs, again)
    if isinstance(value, wire.Handle | wire.Opaque) or isinstance(other, wire.Handle | wire.Opaque):
        return type(value) is type(other) and value.type_name == other.type_name
    if isinstance(value, dict) and isinstance(other, dict) and isinstance(again, dict):
        # Keras numbers the names of layers; they say nothing.
        keys = (value.keys() | other.keys()) - {"name"}
        return all(_equal(value.get(key), other.get(key), again.get(key)) for key in keys)
    if (
        isinstance(value, list | tuple)
        and isinstance(other, list | tuple)
        and isinstance(again, list | tuple)
    ):
        triples = zip(value, other, again, strict=False)
        return len(value) == len(other) == len(again) and all(_equal(*triple) for triple in triples)
    if isinstance(value, float) and isinstance(other, float):
        return _close(value, other) or not _close(other, again)
    return type(value) is type(other) and bool(value == other)


def _close(value: Any, other: Any) -> bool:
    given = tensors.as_tensor(other)
    return given is not None and tensors.compare(value, given, rtol=RTOL, atol=ATOL) is None
