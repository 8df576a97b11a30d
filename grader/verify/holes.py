"""Find holes in the checks: a mistake of the exercise's family that is wrong on an allowed input and passes every check.

The checks are run for each mistake, with its answers played back: those to all that the checks ask of the reference are
asked beforehand, of many mistakes in one message. A check that asks something else then is run with the mistake itself.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.remote import Observed, format_value, shortened
from grader.errors import SubmissionError
from grader.judge.agreement import ATOL, RTOL
from grader.judge.evidence import Outcome, state_of
from grader.judge.reference import allowed_inputs, read_reference
from grader.judge.reference_side import ReferenceSide
from grader.judge.submission import SubmissionCaller
from grader.model import CheckResult, Exercise, Explanation, Source, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.inside.misconceptions import WITHOUT_A_KNOB
from grader.runner.replies import Candidate, Reply, TooSlow

if TYPE_CHECKING:
    from grader.runner.process import SandboxedRunner

_MOST_INPUTS = 250
"""So many of the calls that a family yields are made, drawn at random where there are more."""
_FIRST_CALLS = 6
"""Most mistakes are caught by the first calls of a function: all others are asked of who is left."""
_MOST_TOGETHER = 256
"""So many mistakes are asked in one message."""
_MESSAGE_SECONDS = 10.0
"""How long a message may take, as far as the reference's own time tells."""
_CALL_SECONDS = 5.0
_CPU_SECONDS = 3600
_LONGEST_VALUE = 160


@dataclass(frozen=True, slots=True)
class Hole:
    """A mistake that no check catches, and an allowed input that shows it."""

    id: str
    """The mistake's."""
    code: str
    """The functions in which it can be made so."""
    text: Mapping[str, str]
    call: str
    given: str
    """What the mistake gives."""
    right: str
    memory: bool
    """Whether it is wrong after other calls only."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """An allowed input for which a family without a knob does not give what the reference gives."""

    call: str
    given: str
    """What the family gives."""
    right: str


Ran = tuple[CheckResult, tuple[Observed, ...]]
"""What came of a check, and the calls that it made."""


def untouched(run: Sequence[Ran], functions: Collection[str]) -> dict[int, Ran]:
    """Return what came of the checks that call none of some functions, by their place: whoever replaces these, it is the same."""
    return {
        place: (result, calls)
        for place, (result, calls) in enumerate(run)
        if not {*functions} & {item.call.function for item in calls}
    }


class _Asked(SubmissionCaller):
    """Answers what the checks ask, in the order in which they asked the reference, with answers that are known."""

    def __init__(self, asked: Sequence[bytes], answers: Sequence[Outcome]) -> None:
        self._asked = asked
        self._answers = iter(answers)
        self._place = 0
        self.is_asked_other = False
        """Whether something was asked that the reference was not, so that what came of the checks says nothing."""

    def call(self, call: Call) -> Reply:
        """Return the answer to a call."""
        place, self._place = self._place, self._place + 1
        self.is_asked_other |= place >= len(self._asked) or self._asked[place] != _encoded(call)
        answer = TooSlow() if self.is_asked_other else next(self._answers)
        if isinstance(answer, TooSlow):
            raise SubmissionError(
                Verdict.TIMEOUT, Explanation("submission.timeout", {"seconds": _CALL_SECONDS})
            )
        if isinstance(answer, SubmissionError):
            raise answer.with_traceback(None)
        return answer

    def begin_check(self, name: str = "", *, is_hidden: bool = False) -> None:
        """Begin the next check."""

    def take_output(self) -> str:
        """Return that nothing was printed."""
        return ""


class _Noting(SubmissionCaller):
    """Calls the reference, and keeps what it answered."""

    def __init__(self, caller: SubmissionCaller) -> None:
        self._caller = caller
        self.answers: list[Outcome] = []

    def call(self, call: Call) -> Reply:
        """Call a function."""
        try:
            reply = self._caller.call(call)
        except SubmissionError as error:
            self.answers.append(error)
            raise
        self.answers.append(reply)
        return reply

    def begin_check(self, name: str = "", *, is_hidden: bool = False) -> None:
        """Begin the next check."""
        self._caller.begin_check(name, is_hidden=is_hidden)

    def take_output(self) -> str:
        """Return what was printed."""
        return self._caller.take_output()


def _encoded(call: Call) -> bytes:
    return wire.encode([call.operation, call.function, call.args, call.kwargs, call.target])


class HoleFinder:
    """Looks for the holes in the checks of one exercise that has a family."""

    def __init__(self, exercise: Exercise, reference: ReferenceSide, runner: SandboxedRunner) -> None:
        # Bans hold for students, and so does the time that all known mistakes take together.
        self._exercise = replace(
            exercise, banned={}, limits=replace(exercise.limits, cpu_seconds=_CPU_SECONDS)
        )
        self._reference = reference
        self._runner = runner

    def find(self) -> tuple[int, tuple[Hole, ...], Unlike | None]:
        """Return how many mistakes the family has here, those that are holes, and where it is wrong with none of them.

        Raises:
            CourseError: the family cannot be asked for its inputs.
            SubmissionError: the family cannot be asked for its mistakes.
        """
        inputs = allowed_inputs(self._runner, self._exercise, _MOST_INPUTS)
        with self._opened(read_reference(self._exercise)) as caller:
            known = [item for item in caller.candidates() if item.is_family]
            noting = _Noting(caller)
            run = list(self._reference.run_checks(self._exercise, noting))
            passing = list(self._passing(known, run, noting.answers, caller))
            observed = [call for _, calls in run for call in calls]
            functions = {name for item in known for name in item.misconception.functions}
            calls = [*inputs, *(item.call for item in observed if not _has_layers(item))]
            unlike = _unlike([call for call in calls if call.function in functions], observed, caller)
            return len(known), tuple(self._holes(passing, inputs, observed, caller)), unlike

    def _opened(self, source: Source) -> closing[SubmissionCaller]:
        return closing(SubmissionCaller(self._runner, source, self._exercise, is_limited=False))

    def _passing(
        self,
        known: Sequence[Candidate],
        run: Sequence[Ran],
        right: Sequence[Outcome],
        caller: SubmissionCaller,
    ) -> Iterator[Candidate]:
        """Yield the mistakes that pass every check."""
        for functions in dict.fromkeys(item.misconception.functions for item in known):
            others = untouched(run, functions)
            answered = iter(right)
            pairs = [
                pair
                for index, (_, calls) in enumerate(run)
                for pair in zip(calls, list(islice(answered, len(calls))), strict=True)
                if index not in others
            ]
            observed = [item for item, _ in pairs]
            asked = [_encoded(item.call) for item in observed]
            places = [place for place, item in enumerate(observed) if item.call.function in functions]
            # A layer stays where it was made: these checks are run with the mistake itself.
            has_layers = any(_has_layers(observed[place]) for place in places)
            left = {item: False for item in known if item.misconception.functions == functions}
            for count in (_FIRST_CALLS, len(places)):
                end = 0 if has_layers else places[count] if count < len(places) else len(observed)
                calls = [observed[place].call for place in places[:count]]
                rows = list(_answers(caller, list(left), calls))
                left = {}
                # Equal outcomes are one object: what came of these checks is known of every mistake that gives the same.
                memo: dict[tuple[int, ...], tuple[bool, bool]] = {}
                for candidate, row in rows:
                    likeness = tuple(map(id, row))
                    if likeness not in memo:
                        answers = [answer for _, answer in pairs]
                        for place, answer in zip(places, row, strict=False):
                            answers[place] = answer
                        played = _Asked(asked[:end], answers)
                        memo[likeness] = self._passes(played, others), played.is_asked_other
                    is_passing, is_asked_other = memo[likeness]
                    if is_passing or is_asked_other:
                        left[candidate] = is_asked_other
            for candidate, is_asked_other in left.items():
                if not is_asked_other or self._passes_really(candidate, caller, others):
                    yield candidate

    def _passes_really(
        self, candidate: Candidate, caller: SubmissionCaller, others: Mapping[int, Ran]
    ) -> bool:
        """Return whether a mistake itself passes every check, with nothing kept of what it was asked before."""
        caller.close()
        caller.choose(candidate.key)
        is_passing = self._passes(caller, others)
        caller.choose("")
        return is_passing

    def _passes(self, caller: SubmissionCaller, others: Mapping[int, Ran]) -> bool:
        run = self._reference.run_checks(self._exercise, caller, others)
        return all(result.verdict is Verdict.PASSED for result, _ in run)

    def _holes(
        self,
        passing: Sequence[Candidate],
        inputs: Sequence[Call],
        observed: Sequence[Observed],
        caller: SubmissionCaller,
    ) -> Iterator[Hole]:
        """Yield the mistakes that are wrong on an input, each with the smallest that shows it."""
        found: dict[str, list[tuple[int, str, Candidate, Call, Outcome, Outcome]]] = {}
        for functions in dict.fromkeys(item.misconception.functions for item in passing):
            calls = [call for call in inputs if call.function in functions]
            asked = [_as_compared(call, observed) for call in calls]
            right = _right(caller, calls)
            candidates = [item for item in passing if item.misconception.functions == functions]
            for candidate, row in _answers(caller, candidates, calls):
                for looked_at, given, expected in zip(asked, row, right, strict=True):
                    if _differs(looked_at, given, expected):
                        call = looked_at.call
                        wrong = (_size(call), call.function, candidate, call, given, expected)
                        found.setdefault(candidate.misconception.id, []).append(wrong)
        for id, items in found.items():
            _, _, candidate, call, given, expected = min(items, key=lambda item: item[0])
            code = ", ".join(sorted({item[1] for item in items}))
            text = dict(candidate.misconception.text)
            shown = _call_text(call), _text(given), _text(expected)
            yield Hole(id, code, text, *shown, candidate.memory)


def _unlike(calls: Sequence[Call], observed: Sequence[Observed], caller: SubmissionCaller) -> Unlike | None:
    """Return the smallest of some calls to which a family answers other than the reference where nothing is wrong."""
    rows = zip(calls, *caller.ask([WITHOUT_A_KNOB, ""], [calls], _CALL_SECONDS), strict=True)
    wrong = [row for row in rows if _differs(_as_compared(row[0], observed), *row[1:])]
    if not wrong:
        return None
    call, given, right = min(wrong, key=lambda row: _size(row[0]))
    return Unlike(_call_text(call), _text(given), _text(right))


def _answers(
    caller: SubmissionCaller, candidates: Sequence[Candidate], calls: Sequence[Call]
) -> Iterator[tuple[Candidate, Sequence[Outcome]]]:
    """Yield each mistake with what it gives to calls that are made one after another."""
    started = time.monotonic()
    _right(caller, calls)
    together = int(_MESSAGE_SECONDS / max(time.monotonic() - started, 1e-3))
    together = max(1, min(together, _MOST_TOGETHER))
    for start in range(0, len(candidates), together):
        group = candidates[start : start + together]
        rows = caller.ask([item.key for item in group], [calls], _CALL_SECONDS)
        yield from zip(group, rows, strict=True)


def _right(caller: SubmissionCaller, calls: Sequence[Call]) -> Sequence[Outcome]:
    (row,) = caller.ask([""], [calls], _CALL_SECONDS)
    return row


def _has_layers(item: Observed) -> bool:
    return bool(item.call.handles or wire.handles_in(item.outcome))


def _as_compared(call: Call, observed: Sequence[Observed]) -> Observed:
    """Return a call that is looked at as strictly as any check looks at a call of the same function."""
    alike = [item for item in observed if item.call.function == call.function]
    tolerances = [item.tolerance for item in alike if item.tolerance is not None]
    rtol, atol = min(tolerances, default=(RTOL, ATOL))
    return Observed(
        call,
        None,
        # Two ways of writing a sum differ in their rounding.
        tolerance=(max(rtol, RTOL), max(atol, ATOL)),
        has_dtype=any(item.has_dtype for item in alike),
        is_unchanged_asked=any(item.is_unchanged_asked for item in alike),
    )


def _differs(call: Observed, given: Outcome, right: Outcome) -> bool:
    if isinstance(right, TooSlow):
        return False
    return isinstance(given, TooSlow) or state_of(call, given, right, has_numbers=True)[0] != "same"


def _size(call: Call) -> int:
    return sum(np.size(value) for value in (*call.args, *call.kwargs.values()))


def _call_text(call: Call) -> str:
    arguments = [_value_text(value) for value in call.args]
    arguments += [f"{name}={_value_text(value)}" for name, value in call.kwargs.items()]
    return f"{call.function}({', '.join(arguments)})"


def _text(outcome: Outcome) -> str:
    """Return what came of a call, shortened."""
    if isinstance(outcome, TooSlow):
        return "..."
    return outcome.type_names[0] if isinstance(outcome, SubmissionError) else _value_text(outcome.value)


def _value_text(value: Any) -> str:
    """Return a value as an author writes it; of an array the dtype, the shape, and its numbers without axes of length one."""
    if not isinstance(value, np.ndarray):
        return format_value(value)
    return f"{format_value(value)} {shortened(np.squeeze(value).tolist(), _LONGEST_VALUE)}"
