"""What the slots of this machine start, and what they leave undone where nobody needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.checks.remote import Observed
from grader.grading.local import LocalSlots
from grader.judge.grades import ungraded
from grader.judge.kept import KeptAnswers
from grader.model import Course, Explanation, Submission
from grader.runner.call import Call


class Started:
    """Stands for all that is started, and remembers what was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kept: SimpleNamespace | None) -> None:
        self.references = 0
        self.has_many: list[bool] = []
        end = SimpleNamespace(stop=lambda: None)
        monkeypatch.setattr("grader.runner.start.warm_process", self._warm_process)
        monkeypatch.setattr("grader.grading.local.Judges", lambda *_, **__: end)
        monkeypatch.setattr("grader.grading.local.Slot", lambda *_: end)
        monkeypatch.setattr("grader.grading.kept.kept_answers", lambda *_: kept)
        monkeypatch.setattr("grader.judge.reference_side.proven_reference", self._reference)

    @contextmanager
    def _warm_process(self, *_: Any, has_many: bool) -> Iterator[None]:
        self.has_many.append(has_many)
        yield

    @contextmanager
    def _reference(
        self, course: Course, exercises: Any, isolation: str, slot: int, on_exercise: Any, kept: Any
    ) -> Iterator[Any]:
        self.references += 1
        for exercise in exercises:
            on_exercise(exercise)
        yield SimpleNamespace(
            recordings={"asked": None}, is_naming=True, diagnosed=lambda grade, _: (grade, "named")
        )


def kept_of(answers: dict[str, dict[str, Any]]) -> SimpleNamespace:
    kept = SimpleNamespace(recordings=lambda exercise: answers.get(exercise.id))
    kept.has = lambda exercise: KeptAnswers.has(kept, exercise)  # type: ignore[arg-type]  # it asks for `recordings` alone
    return kept


def test_of_a_right_answer_where_all_is_kept_no_checks_are_collected_here(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started(monkeypatch, kept_of({"ex01": {"one": None}, "ex02": {"two": None}}))
    submissions = [Submission("", name, Path("answer.py")) for name in ("ex01", "ex02")]
    told: list[str] = []
    slots = LocalSlots(1)
    with slots.start(tiny, submissions, lambda exercise: told.append(exercise.id)) as diagnosed:
        assert told == ["ex01", "ex02"]
        assert slots._recordings == {"one": None, "two": None}
        grade = ungraded(submissions[0], tiny.exercises[0], Explanation("runner.died"))
        assert diagnosed(grade, ()) is grade
        assert started.references == 0
        evidence = ((Observed(Call("row_sums"), 1),),)
        named: list[object] = [diagnosed(grade, evidence) for _ in range(2)]
        assert named == [(grade, "named")] * 2
        assert started.references == 1
    # Each exercise is told of once, although the reference has come later.
    assert told == ["ex01", "ex02"]


@pytest.mark.parametrize("kept", [None, kept_of({"ex01": {}})])
def test_what_is_not_kept_is_proven_before_anything_is_graded(
    kept: SimpleNamespace | None, tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started(monkeypatch, kept)
    submissions = [Submission("", name, Path("answer.py")) for name in ("ex01", "ex02")]
    told: list[str] = []
    slots = LocalSlots(1)
    with slots.start(tiny, submissions, lambda exercise: told.append(exercise.id)):
        assert started.references == 1
        assert told == ["ex01", "ex02"]
        assert slots._recordings == {"asked": None}


@pytest.mark.parametrize(("count", "has_many"), [(1, False), (200, True)])
def test_forks_are_made_cheaper_for_a_class_alone(
    count: int, has_many: bool, tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started(monkeypatch, None)
    submissions = [Submission(f"s{number}", "ex01", Path("answer.py")) for number in range(count)]
    with LocalSlots(1).start(tiny, submissions, lambda exercise: None):
        assert started.has_many == [has_many]
