"""What a submission returned to each call of its checks: the evidence that names a mistake."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from grader.checks import tensors
from grader.checks.remote import Observed, slim
from grader.errors import SubmissionError
from grader.judge.agreement import ATOL, ENOUGH, RTOL, agree, differences, dtype_of
from grader.model import Verdict
from grader.runner.replies import Reply, TooSlow

Evidence = tuple[tuple[Observed, ...], ...]
"""The calls of each check in the order of the results, and after these the probes."""

Outcome = Reply | SubmissionError | TooSlow

_MOST_EVIDENCE = 32 << 20
"""Bytes of what one submission returned that are kept to name its mistakes."""


class BoundedEvidence(list[tuple[Observed, ...]]):
    """The calls of each check; those of a check that are too large to be kept are left out, so nothing is named there."""

    def __init__(self) -> None:
        super().__init__()
        self._left = _MOST_EVIDENCE

    def append(self, calls: tuple[Observed, ...]) -> None:
        """Keep the calls of the next check, or none of them."""
        size = weight_of_calls(calls)
        if size > self._left:
            calls, size = (), 0
        self._left -= size
        super().append(calls)


def weight_of_calls(calls: tuple[Observed, ...]) -> int:
    """Return about how many bytes the calls take, with what came of them."""
    return sum(_weight((item.call.args, item.call.kwargs, item.outcome)) for item in calls)


def _weight(value: Any) -> int:
    """Return about how many bytes a value takes."""
    own = max(sys.getsizeof(value), getattr(value, "nbytes", 0))
    if isinstance(value, list | tuple):
        return own + sum(map(_weight, value))
    if isinstance(value, dict):
        return own + sum(_weight(item) for pair in value.items() for item in pair)
    return own


State = Literal["same", "differs", "crashed"]
"""What a call gave: what is right, another value, or an exception where none is right."""


@dataclass(frozen=True)
class Finding:
    """A call of a submission beside what is right."""

    check: int
    """Which check made it."""
    functions: tuple[str, ...]
    """The function that was called; of a layer all that it went through, the one that made it last."""
    observed: Observed
    right: Reply | SubmissionError
    has_numbers: bool
    """Whether the numbers say anything: those of the reference are the same when it is asked again."""
    state: State
    has_right_values: bool
    """Whether only the dtype or an argument is wrong."""
    is_of_values: bool = False
    """Whether values alone are looked at: no dtype, no changed argument, nothing that is to be refused."""

    @property
    def function(self) -> str:
        """Return the function that was called, or that made the layer which was."""
        return self.functions[-1]

    @property
    def tolerance(self) -> tuple[float, float]:
        """Return how far a known mistake's numbers may differ from the submission's."""
        rtol, atol = self.observed.tolerance or (RTOL, ATOL)
        return max(rtol, RTOL), max(atol, ATOL)

    @cached_property
    def size(self) -> int:
        """Return about how much work the call is."""
        right = self.right.value if isinstance(self.right, Reply) else None
        return _weight((self.observed.call.args, self.observed.call.kwargs, right))

    @cached_property
    def differences(self) -> set[Any]:
        """Return the different pairs of what was given and what is right."""
        if self.state != "differs" or self._is_beside:
            return set()
        if self.has_right_values:
            # The dtype, the argument that was changed, or what was printed.
            given = dtype_of(self.observed.outcome), self.observed.changed, self.observed.output
            return {(given, place) for place in range(ENOUGH)}
        if not self.has_numbers or self.observed.call.operation == "describe":
            # A shape or a setting is not met by chance.
            return {("shape or settings", place) for place in range(ENOUGH)}
        if isinstance(self.right, SubmissionError):
            # Where an exception is right, no value is met by chance.
            return {("value", place) for place in range(ENOUGH)}
        if _are_empty(self.observed.outcome):
            # Loops that are never entered, whatever else was done.
            return set()
        # Who is given no tensor returns what is written in the function, and each place of that says something.
        given = (*self.observed.call.args, *self.observed.call.kwargs.values())
        has_places = not any(isinstance(value, np.ndarray) for value in given)
        right = shown(self.observed, self.right)
        return differences(self.observed.outcome, right, self.tolerance, has_places=has_places)

    @property
    def _is_beside(self) -> bool:
        """Return whether a mistake in the values does not explain what is wrong here."""
        is_refused = self.state != "same" and isinstance(self.right, SubmissionError)
        return self.is_of_values and (self.has_right_values or is_refused)

    def fits(self, answer: Outcome) -> bool | None:
        """Return whether a known mistake gives what the submission gave; None where this call cannot tell."""
        observed, given = self.observed, self.observed.outcome
        if isinstance(answer, TooSlow):
            return False
        if self._is_beside and not self.has_right_values:
            return None
        if self.state == "same" and isinstance(self.right, SubmissionError):
            # Who refuses what is to be refused may have made any mistake elsewhere, but one that refuses it too is more like it.
            return agree(given, answer) or None
        if self.state == "same":
            state, has_right_values = state_of(observed, answer, self.right, has_numbers=self.has_numbers)
            return state == "same" or (self.is_of_values and has_right_values)
        if observed.is_probe and (self.state == "crashed" or isinstance(answer, SubmissionError)):
            return None
        if self.state == "crashed" or isinstance(answer, SubmissionError):
            return agree(given, answer)
        value = shown(observed, answer)
        if not (
            agree(given, value, self.tolerance, has_numbers=self.has_numbers) or _are_empty(given, value)
        ):
            return False
        return self.is_of_values or (
            (not (self.has_right_values and observed.has_dtype) or dtype_of(given) == dtype_of(value))
            and (
                not (self.has_right_values and observed.is_unchanged_asked)
                or observed.changed == answer.changed
            )
            and (not observed.is_output_asked or observed.output == answer.output)
        )

    def has_message_of(self, answer: Outcome) -> bool:
        """Return whether a known mistake raises with the same text, whatever the numbers in it."""
        given = self.observed.outcome
        both = isinstance(given, SubmissionError) and isinstance(answer, SubmissionError)
        return both and letters(given) == letters(answer)  # type: ignore[arg-type]  # `both` says so


def _are_empty(*values: Any) -> bool:
    """Return whether there are no numbers in any; where numbers are missing, a shape depends on how one writes."""
    return all(tensor is not None and tensor.size == 0 for tensor in map(tensors.as_tensor, values))


def letters(error: SubmissionError) -> str:
    """Return the letters of an exception's text."""
    return re.sub(r"[^A-Za-z]+", "", str(error.explanation.values.get("message", "")))


def shown(observed: Observed, reply: Reply) -> Any:
    """Return a value as the evidence has it."""
    return slim(reply.value) if observed.call.operation == "describe" else reply.value


def state_of(
    observed: Observed, given: Reply | SubmissionError, right: Reply | SubmissionError, *, has_numbers: bool
) -> tuple[State, bool]:
    """Return what an answer to a call is, as the check compared it, and whether at least its values are right."""
    if isinstance(given, SubmissionError):
        expected = right.type_names[:1] if isinstance(right, SubmissionError) else ()
        return ("same" if set(expected) & set(given.type_names) else "crashed"), False
    if isinstance(right, SubmissionError):
        return "differs", False
    one, other = shown(observed, given), shown(observed, right)
    tolerance = observed.tolerance or (RTOL, ATOL)
    if not agree(one, other, tolerance, has_numbers=has_numbers):
        return "differs", False
    is_same = (
        (not observed.has_dtype or dtype_of(one) == dtype_of(other))
        and (not observed.is_unchanged_asked or given.changed == right.changed)
        and (not observed.is_output_asked or given.output == right.output)
    )
    return ("same" if is_same else "differs"), True


def finding(
    check: int, functions: tuple[str, ...], observed: Observed, right: Outcome, again: Outcome
) -> Finding | None:
    """Return a call beside what is right; None where it says nothing: it was stopped, or cannot be asked again."""
    if isinstance(right, TooSlow) or isinstance(again, TooSlow):
        return None
    outcome = observed.outcome
    if isinstance(outcome, SubmissionError) and outcome.verdict is not Verdict.ERROR:
        return None
    given = outcome
    if not isinstance(outcome, SubmissionError):
        given = Reply(outcome, observed.changed, output=observed.output)
    has_numbers = (
        not isinstance(right, Reply)
        or not isinstance(again, Reply)
        or agree(shown(observed, right), shown(observed, again))
    )
    state, has_right_values = state_of(observed, given, right, has_numbers=has_numbers)
    return Finding(check, functions, observed, right, has_numbers, state, has_right_values)
