from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from itertools import pairwise
from pathlib import Path

import pytest

from grader.model import Difference, Explanation, Limits, TensorView, Text, Verdict, summary_verdict
from tests.support.records import COURSE, EXERCISE, GRADE

GRAVITY = "ungraded forbidden crashed memory timeout error failed not_attempted skipped waiting partial passed".split()


def test_every_verdict_has_its_gravity() -> None:
    assert sorted(GRAVITY) == sorted(Verdict)


@pytest.mark.parametrize(("graver", "lighter"), list(pairwise(GRAVITY)))
def test_the_gravest_verdict_sums_up(graver: str, lighter: str) -> None:
    assert summary_verdict([Verdict(lighter), Verdict(graver), Verdict(lighter)]) == graver


def test_a_text_is_read_in_either_language() -> None:
    assert [Text({"en": "two", "ko": "둘"}).in_language(language) for language in ("en", "ko")] == [
        "two",
        "둘",
    ]


@pytest.mark.parametrize(("number", "name"), [(3, "ex03"), (14, "ex14")])
def test_an_exercises_short_name_has_two_digits(number: int, name: str) -> None:
    assert replace(EXERCISE, number=number).id == name


def test_data_is_a_folder_of_the_exercise(tmp_path: Path) -> None:
    exercise = replace(EXERCISE, exercise_folder=tmp_path)
    (tmp_path / "data").write_text("a file is no folder")
    assert exercise.data_folder is None
    (tmp_path / "data").unlink()
    (tmp_path / "data").mkdir()
    assert exercise.data_folder == tmp_path / "data"


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        GRADE.points = 10  # type: ignore[misc]  # what the test is about


def test_records_come_back_from_another_process_as_they_were() -> None:
    assert pickle.loads(pickle.dumps((COURSE, GRADE))) == (COURSE, GRADE)


def test_what_explains_a_result_can_be_a_key() -> None:
    relation = Explanation("relation.swapped", {"what": {"en": "a"}})
    difference = Difference("values", TensorView("tensor"), TensorView("tensor"), relation=relation)
    assert {difference: 1}[replace(difference)] == 1


def test_the_worst_case_of_a_submission_is_every_check_at_its_limits_on_a_busy_machine() -> None:
    limits = Limits(load_seconds=2, call_seconds=1, check_seconds=3)
    # Five times until what ends the process is left out, and once for each check.
    assert limits.worst_seconds(4) == 10 * ((5 + 4) * 2 + 4 * 3)
