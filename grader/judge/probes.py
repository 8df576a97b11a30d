"""The few calls more that are made of a submission that failed: they tell mistakes apart, and end chance agreement.

They are those that the checks make of a right answer, with other numbers in their tensors; what has not been asked yet
comes first, for its check has stopped before. The same course makes the same ones, so that what a known mistake gives to
them is asked once for a class.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from grader.checks.remote import Observed
from grader.errors import SubmissionError
from grader.judge.submission import SubmissionCaller
from grader.model import CheckResult, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire

MOST = 5
"""So many calls more are made of a submission."""
_MOST_ELEMENTS = 1 << 14
_MOST_SECONDS = 1.0
"""How long these calls may take together before no other is made."""
_DEAD = (Verdict.TIMEOUT, Verdict.CRASHED, Verdict.MEMORY)


def probe(
    caller: SubmissionCaller,
    script: Callable[[], Sequence[Call]],
    results: Sequence[CheckResult],
    evidence: Sequence[tuple[Observed, ...]],
) -> tuple[Observed, ...]:
    """Make a few more calls of a submission, and return what came of them; `script` gives what checks ask of a right answer.

    One that died of a call is not asked any more.
    """
    if any(result.verdict in _DEAD for result in results):
        return ()
    failed = [
        calls
        for result, calls in zip(results, evidence, strict=False)
        if result.verdict in (Verdict.FAILED, Verdict.ERROR) and calls and not _has_layers(calls)
    ]
    functions = {observed.call.function for calls in failed for observed in calls}
    if not functions:
        return ()
    asked = [observed.call for calls in evidence for observed in calls]
    fitting = (call for call in probes(script(), asked) if call.function in functions)
    chosen = list(islice(fitting, MOST - 1))
    # What gives another result when it is asked the same again keeps something, or rolls dice.
    chosen += [observed.call for calls in failed[:1] for observed in calls[-1:]]
    caller.begin_check()
    made: list[Observed] = []
    for call in chosen:
        try:
            reply = caller.call(call)
            made.append(Observed(call, reply.value, reply.seconds, reply.changed, is_probe=True))
        except SubmissionError as error:
            if error.verdict is not Verdict.ERROR:
                break
            made.append(Observed(call, error, is_probe=True))
        if sum(observed.seconds for observed in made) > _MOST_SECONDS:
            break
    caller.take_output()
    return tuple(made)


def _has_layers(calls: Iterable[Observed]) -> bool:
    return any(observed.has_state for observed in calls)


def probes(script: Iterable[Call], asked: Iterable[Call]) -> Iterator[Call]:
    """Yield calls as those of the script with other numbers, one for each form of arguments, first those not asked yet."""
    known = {_form(call) for call in asked}
    forms: dict[bytes, Call] = {}
    for call in script:
        if _is_probed(call):
            forms.setdefault(_form(call), call)
    ordered = sorted(forms.items(), key=lambda item: (item[0] in known, -_variety(item[1])))
    for form, call in ordered:
        seed = int.from_bytes(hashlib.sha256(form).digest()[:8], "little")
        rng = np.random.default_rng(seed)
        yield call.mapped(partial(_other, rng=rng))


def _is_probed(call: Call) -> bool:
    tensors = [value for value in (*call.args, *call.kwargs.values()) if isinstance(value, np.ndarray)]
    size = sum(tensor.size for tensor in tensors)
    return call.operation == "call" and not call.handles and 1 < size <= _MOST_ELEMENTS


def _form(call: Call) -> bytes:
    """Return what two calls have in common that differ in the numbers of their tensors alone."""
    parts = wire.map_values(
        [call.function, call.args, call.kwargs],
        lambda value: f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else value,
    )
    return wire.encode(parts)


def _variety(call: Call) -> int:
    """Return how many different lengths are in a call: the more, the less two mistakes look alike."""
    lengths: set[int] = set()

    def note(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            lengths.update(value.shape)
        elif type(value) is int:
            lengths.add(-value)
        return value

    call.mapped(note)
    return len(lengths)


def _other(tensor: Any, rng: np.random.Generator) -> Any:
    """Return a tensor of the same shape and dtype with numbers from -999 to 999; unsigned ones are not negative.

    All else stays as it is.
    """
    if not isinstance(tensor, np.ndarray):
        return tensor
    kind = tensor.dtype.kind
    if kind == "b":
        return rng.integers(0, 2, tensor.shape).astype(bool)
    if kind in "iu":
        limits = np.iinfo(tensor.dtype)
        low, high = max(-999, int(limits.min)), min(999, int(limits.max))
        return rng.integers(low, high, tensor.shape, tensor.dtype, endpoint=True)
    if kind == "f":
        # Not whole ones: whether something is lost after the point can be seen.
        return (rng.integers(-3996, 3996, tensor.shape) / 4).astype(tensor.dtype)
    return tensor
