"""What is said is what is the case: each known mistake, handed in, is named as itself, or nothing is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from grader.course.load import load_course
from grader.judge.probes import probe
from grader.judge.reference import read_reference
from grader.judge.submission import SubmissionCaller
from grader.model import CheckResult, Exercise, Verdict
from tests.support.fakes import FakeRunner
from tests.support.judging import reference_of
from tests.support.places import TESTS

TINY = load_course(TESTS / "tiny_course")


def known(exercise: Exercise) -> list[tuple[str, str]]:
    """Return the key and the id of all that is known of an exercise."""
    with closing(SubmissionCaller(FakeRunner(), read_reference(exercise), exercise)) as caller:
        return [(item.key, item.misconception.id) for item in caller.candidates()]


def told(exercise: Exercise, key: str) -> Iterator[CheckResult]:
    """Yield what is said of a submission that is a known mistake; with an empty key it is right."""
    asked = SubmissionCaller(FakeRunner(), read_reference(exercise), exercise, is_limited=False)
    with reference_of(TINY, [exercise]) as side, closing(asked) as caller:
        # Two references cannot be open in one process: the evidence comes first.
        side.prove([exercise])
        script = side.script(exercise)
        side.forget_layers()
        caller.choose(key)
        run = list(side.run_checks(exercise, caller))
        results = tuple(result for result, _ in run)
        evidence = tuple(calls for _, calls in run)
        evidence += (probe(caller, lambda: script, results, evidence),)
        caller.close()
        yield from side.diagnose(exercise, results, evidence)


@pytest.mark.parametrize(
    ("number", "key", "id"),
    [(exercise.number, *item) for exercise in TINY.exercises for item in known(exercise)],
    ids=str,
)
def test_a_known_mistake_is_named_as_itself_or_not_at_all(number: int, key: str, id: str) -> None:
    results = list(told(TINY.exercises[number - 1], key))
    named = {result.misconception.id for result in results if result.misconception is not None}
    assert named <= {id}
    # Where a check has caught it, it is named; what remembers shows itself only where two images are of one size.
    caught = any(result.verdict is not Verdict.PASSED for result in results)
    assert bool(named) == caught


@pytest.mark.parametrize("number", [1, 2, 3])
def test_nothing_is_said_of_a_right_answer(number: int) -> None:
    results = list(told(TINY.exercises[number - 1], ""))
    assert {result.verdict for result in results} == {Verdict.PASSED}
    assert not [result for result in results if result.misconception is not None]
