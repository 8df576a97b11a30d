"""Say what is seen where no mistake is known: statements that are true whatever was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks import tensors
from grader.checks.relations import find_relation
from grader.judge.agreement import agree
from grader.judge.evidence import Finding
from grader.messages.sentences import bilingual
from grader.model import Explanation, Misconception
from grader.runner.inside import wire
from grader.runner.replies import Reply


def symptom(findings: Sequence[Finding], *, is_alone: bool = False) -> Misconception | None:
    """Return what is seen in all calls of one function; None where there is nothing to say.

    Without a probe (`is_alone`) nothing is said of inputs that no check asked: a bias of 0 makes all images alike.
    A layer says nothing: two of them that are given the same may hold different weights.
    """
    values = [
        item
        for item in findings
        if item.has_numbers and not item.observed.call.handles and _tensor(item.observed.outcome) is not None
    ]
    wrong = [item for item in findings if item.state == "differs"]
    if any(item.state == "differs" for item in values):
        for name, is_seen in SYMPTOMS.items():
            if is_alone and name == "input-not-used":
                continue
            if is_seen(wrong if name in RELATIONS else values):
                sentence = bilingual(f"symptom.{name.replace('-', '_')}")
                return Misconception(name, sentence, (findings[0].function,))
    return None


def is_one_number(findings: Sequence[Finding]) -> bool:
    """Return whether all results are zeros, or whatever the image one other number: any mistake may give that."""
    tensors_given = [_tensor(item.observed.outcome) for item in findings]
    numbers = {number for each in tensors_given if each is not None for number in each.ravel().tolist()}
    asked = [
        item for item in findings if any(isinstance(value, np.ndarray) for value in item.observed.call.args)
    ]
    is_seen = not any(each is None for each in tensors_given) and not any(
        item.observed.call.handles for item in findings
    )
    return is_seen and len(numbers) == 1 and (numbers == {0} or len(asked) > 1)


def _tensor(value: Any) -> np.ndarray | None:
    return tensors.as_tensor(value)


def _arguments(item: Finding) -> Any:
    return [item.observed.call.args, item.observed.call.kwargs]


def _is_another_at_the_next_call(findings: Sequence[Finding]) -> bool:
    """Return whether two calls with the same arguments gave two results, where two give the same."""
    first: dict[bytes, Finding] = {}
    for item in findings:
        earlier = first.setdefault(wire.encode(_arguments(item)), item)
        if not agree(earlier.observed.outcome, item.observed.outcome):
            return True
    return False


def _is_whatever_is_given(findings: Sequence[Finding]) -> bool:
    """Return whether other numbers in tensors of the same shapes never change the result, and should."""
    pairs = list(_of_same_shapes(findings))
    return bool(pairs) and all(agree(one.observed.outcome, other.observed.outcome) for one, other in pairs)


def _of_same_shapes(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """Yield two calls in which only the numbers of the tensors differ, and the right results in many numbers."""
    seen: dict[bytes, Finding] = {}
    for item in findings:
        shapes = wire.map_values(
            _arguments(item),
            lambda value: str((value.shape, value.dtype)) if isinstance(value, np.ndarray) else value,
        )
        other = seen.setdefault(wire.encode(shapes), item)
        if isinstance(item.right, Reply) and isinstance(other.right, Reply):
            one, two = _tensor(item.right.value), _tensor(other.right.value)
            if one is not None and two is not None and one.shape == two.shape and np.sum(one != two) > 1:
                yield other, item


def _is_empty(findings: Sequence[Finding]) -> bool:
    """Return whether nothing is in the results that should have something in them."""
    return all(
        (tensor := _tensor(item.observed.outcome)) is not None and tensor.size == 0
        for item in findings
        if isinstance(item.right, Reply) and np.size(item.right.value)
    )


def _is_all_zero(findings: Sequence[Finding]) -> bool:
    """Return whether all results are zeros alone, and some should not be."""
    return all(
        (tensor := _tensor(item.observed.outcome)) is not None and tensor.size and not np.any(tensor)
        for item in findings
    )


def _is_always(*keys: str) -> Callable[[Sequence[Finding]], bool]:
    """Return what tells whether each wrong result is to the right one what one of these relations says."""
    return lambda wrong: (
        _is_confirmed(wrong)
        and all((found := relation(item)) is not None and found.key in keys for item in wrong)
    )


def _is_confirmed(wrong: Sequence[Finding]) -> bool:
    """Return whether no check alone says it: inputs such as 0, 1, 2, ... make relations by accident."""
    return any(item.observed.is_probe for item in wrong) and all(
        item.has_numbers and isinstance(item.right, Reply) for item in wrong
    )


def _is_one_short(wrong: Sequence[Finding]) -> bool:
    """Return whether each wrong result lacks one entry at an end of an axis, always the same one, and nothing else."""
    return _is_confirmed(wrong) and bool(set.intersection(*map(_lacking_ends, wrong)))


def _lacking_ends(item: Finding) -> set[tuple[int, bool]]:
    """Return the axes along which the first entry (True) or the last is all that a result lacks."""
    assert isinstance(item.right, Reply)
    given, right = _tensor(item.observed.outcome), _tensor(item.right.value)
    if given is None or right is None or given.ndim != right.ndim or not given.size:
        return set()
    return {
        (axis, is_first)
        for axis, length in enumerate(right.shape)
        for is_first in (True, False)
        if given.shape[axis] == length - 1
        and agree(given, np.delete(right, 0 if is_first else length - 1, axis), item.tolerance)
    }


def relation(item: Finding) -> Explanation | None:
    """Return how a wrong result is made of the right one."""
    assert isinstance(item.right, Reply)
    rtol, atol = item.observed.tolerance or item.tolerance
    return find_relation(item.observed.outcome, item.right.value, rtol=rtol, atol=atol)


RELATIONS: dict[str, Callable[[Sequence[Finding]], bool]] = {
    "axes-in-another-order": _is_always("relation.swapped", "relation.transposed"),
    "order-reversed": _is_always("relation.flipped"),
    "opposite-sign": _is_always("relation.negated"),
    "fractions-lost": _is_always("relation.truncated", "relation.floored", "relation.rounded"),
    "one-entry-short": _is_one_short,
}
"""Relations in words alone, without a number of which a submission could choose one: hidden checks tell them too."""

SYMPTOMS: dict[str, Callable[[Sequence[Finding]], bool]] = {
    "another-at-the-next-call": _is_another_at_the_next_call,
    "empty-result": _is_empty,
    "zeros-returned": _is_all_zero,
    "input-not-used": _is_whatever_is_given,
    **RELATIONS,
}
"""What is said of it -> whether it is seen; the first is said."""
