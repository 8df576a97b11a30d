"""What is said where no mistake is known is true, and of a relation nothing is said that no probe has confirmed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.checks.remote import Observed
from grader.judge.evidence import Finding, finding
from grader.judge.symptoms import RELATIONS, symptom
from grader.runner.call import Call
from grader.runner.replies import Reply

Tensor = NDArray[np.float64]
RNG = np.random.default_rng(3)
RIGHT = [RNG.integers(-999, 999, (3, 4, 2)) / 4 for _ in range(4)]


def findings(given: Callable[[int, Tensor], Tensor], *, has_probe: bool = True) -> list[Finding]:
    found = []
    for number, right in enumerate(RIGHT):
        call = Call("f", (np.full(2, number),))
        observed = Observed(call, given(number, right), is_probe=has_probe and number == 3)
        made = finding(0, ("f",), observed, Reply(right), Reply(right))
        assert made is not None
        found.append(made)
    return found


def told_relation(findings: list[Finding]) -> str | None:
    """Return the relation in words that is told, whatever else is."""
    told = symptom(findings)
    return told.id if told is not None and told.id in RELATIONS else None


TOLD: dict[str, Callable[[int, Tensor], Tensor]] = {
    "axes-in-another-order": lambda number, right: right.transpose(1, 0, 2),
    "order-reversed": lambda number, right: right[:, ::-1],
    "opposite-sign": lambda number, right: -right,
    "fractions-lost": lambda number, right: np.trunc(right),
    "one-entry-short": lambda number, right: right[:-1],
}


@pytest.mark.parametrize("name", TOLD)
def test_a_relation_that_every_wrong_result_has_is_told_in_words(name: str) -> None:
    told = symptom(findings(TOLD[name]))
    assert told is not None
    assert told.id == name
    assert not any(character.isdigit() for text in told.text.values() for character in text)


@pytest.mark.parametrize("name", TOLD)
def test_a_relation_is_not_told_without_a_probe(name: str) -> None:
    assert told_relation(findings(TOLD[name], has_probe=False)) is None


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("other", [0, 1, 2, 3])
def test_a_relation_is_not_told_where_one_wrong_result_lacks_it(name: str, other: int) -> None:
    def given(number: int, right: Tensor) -> Tensor:
        return right * 7.3 if number == other else TOLD[name](number, right)

    assert told_relation(findings(given)) is None


def test_what_is_short_at_one_end_and_then_at_the_other_is_not_told() -> None:
    assert told_relation(findings(lambda number, right: right[1:] if number else right[:-1])) is None


def test_a_number_that_a_submission_could_choose_is_not_told() -> None:
    assert told_relation(findings(lambda number, right: right * 3)) is None
    assert told_relation(findings(lambda number, right: right + 42)) is None
