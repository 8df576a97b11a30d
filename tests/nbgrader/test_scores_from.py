"""What is decided by hand, in either gradebook: overrides and lateness into nbgrader's, manual scores into ours."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.model import Attempt, Grade, Verdict
from grader.nbgrader.late import CourseLatePolicy
from grader.nbgrader.scores_from import read_manual_scores
from tests.nbgrader.test_scores_to import (  # noqa: F401  (fixtures)
    ANSWERED,
    NAMES,
    Place,
    document_of,
    fakes,
    generated,
    grades_of,
    place,
    scores,
)
from tests.support.nbgrader_course import hand_in, nbgrader_api, open_gradebook

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own code

LATE = datetime(2026, 12, 2, 4, 0, tzinfo=UTC)
"""Half a day after the class's exercise is due: a tenth is taken off."""


@pytest.fixture
def due(place: Place) -> Place:  # noqa: F811
    """Return the course, with its first exercise due."""
    path = place.course.root / "course.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("points: 6", "points: 6\n    due: 2026-12-01T23:59:00+09:00"), encoding="utf-8"
    )
    return Place(load_course(place.course.root), place.folder)


def recorded(place: Place, tmp_path: Path, *late: str) -> Path:  # noqa: F811
    """Return a folder with our gradebook of the class, some of whom handed in late."""
    folder = tmp_path / "graded"
    with Gradebook(folder / "gradebook.db", place.course.id) as gradebook:
        number = gradebook.begin_run({})
        for grade in grades_of(place, tmp_path):
            at = LATE if grade.student in late else datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
            attempt = Attempt(grade.student, grade.exercise, grade.digest, grade.path, at)
            gradebook.hand_in([(attempt, Path(grade.path).read_bytes())])
            gradebook.add(number, replace(grade, submitted_at=at))
        gradebook.end_run(number)
    return folder


def ours(place: Place, folder: Path) -> dict[str, float]:  # noqa: F811
    """Return the points that count in our gradebook."""
    return {grade.student: grade.points for grade in standing(place, folder)}


def standing(place: Place, folder: Path) -> tuple[Grade, ...]:  # noqa: F811
    with Gradebook(folder / "gradebook.db", place.course.id) as gradebook:
        return gradebook.grades(place.course)


def decide(place: Place, folder: Path, student: str, points: float) -> int:  # noqa: F811
    with Gradebook(folder / "gradebook.db", place.course.id) as gradebook:
        return gradebook.adjust("override", student, "ex01", points=points, why="seen", author="kang")


def theirs(folder: Path) -> dict[str, float]:
    """Return the points that nbgrader gives the assignment, as its export has them."""
    with open_gradebook(folder) as gradebook:
        found = {student.id: gradebook.find_submission("week1", student.id) for student in gradebook.students}
        return {
            student: round(max(0.0, item.score - (item.late_submission_penalty or 0.0)), 6)
            for student, item in found.items()
        }


def give(folder: Path, student: str, cell: str, **values: float | None) -> None:
    """Set scores by hand in nbgrader."""
    with open_gradebook(folder) as gradebook:
        grade = gradebook.find_grade(cell, NAMES["ex01"], "week1", student)
        for name, value in values.items():
            setattr(grade, name, value)
        gradebook.db.commit()


def sync(place: Place, *arguments: str | Path, language: str = "en") -> str:  # noqa: F811
    options = ["--course", str(place.course.root), "--lang", language]
    result = CliRunner().invoke(main, ["nbgrader", "sync", *map(str, arguments), *options])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.nbgrader_versions
def test_both_ways_give_the_same_points_late_and_by_hand(
    due: Place,
    tmp_path: Path,
    fakes: None,  # noqa: F811
) -> None:
    other = tmp_path / "other"
    shutil.copytree(due.folder.parent, other)
    for student in ANSWERED:
        path = hand_in(
            other / "nb", student, NAMES["ex01"], dict(document_of(due.folder, student)), assignment="week1"
        )
        at = "2026-12-02 04:00:00 UTC" if student == "kim" else "2026-11-30 10:00:00 UTC"
        (path.parent / "timestamp.txt").write_text(at)
    # Decided in either gradebook before the other hears of it.
    folder = recorded(due, tmp_path, "kim")
    decide(due, folder, "park", 2.5)
    sync(due, folder, due.folder)
    api: Any = nbgrader_api(other / "nb")
    answer = api.autograde("week1", "*")
    assert answer["success"], answer
    give(other / "nb", "park", "test_example", extra_credit=2.5)
    assert theirs(other / "nb") == theirs(due.folder) == {"kim": 5.4, "lee": 1.0, "park": 2.5}
    assert ours(due, folder) == theirs(due.folder)
    assert CourseLatePolicy.__module__ == "grader.nbgrader.late"


def test_an_override_goes_along_and_is_taken_back(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path, "kim")
    sync(due, folder, due.folder)
    assert theirs(due.folder) == {"kim": 5.4, "lee": 1.0, "park": 0.0}
    for points in (4.0, 0.5):
        number = decide(due, folder, "kim", points)
        for _ in range(2):
            sync(due, folder, due.folder)
            # An override is what counts, late or not; and it is nothing that nbgrader's instructors gave.
            assert theirs(due.folder)["kim"] == points
            assert read_manual_scores(due.course, due.folder) == ()
    with Gradebook(folder / "gradebook.db", due.course.id) as gradebook:
        for item in gradebook.adjustments("kim"):
            gradebook.withdraw(item.number, author="kang")
        assert number in {item.number for item in gradebook.adjustments("kim")}
    sync(due, folder, due.folder)
    assert theirs(due.folder) == {"kim": 5.4, "lee": 1.0, "park": 0.0}
    with open_gradebook(due.folder) as gradebook:
        comment = gradebook.find_comment("solution_row_sums", NAMES["ex01"], "week1", "kim").comment
    assert "extra credit" not in comment


def test_an_extension_is_known_to_nbgrader(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path, "kim")
    with Gradebook(folder / "gradebook.db", due.course.id) as gradebook:
        gradebook.adjust("extension", "kim", "ex01", until=LATE, why="ill", author="kang")
    sync(due, folder, due.folder)
    assert theirs(due.folder)["kim"] == 6.0


def test_what_nbgraders_instructors_gave_stands_before_an_override(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path)
    sync(due, folder, due.folder)
    give(due.folder, "lee", "test_scale", extra_credit=0.25)
    decide(due, folder, "lee", 5)
    assert "lee ex01" in sync(due, folder, due.folder)
    assert theirs(due.folder)["lee"] == 1.25


def test_manual_scores_become_overrides_once(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path, "kim")
    sync(due, folder, due.folder)
    give(due.folder, "lee", "hidden_test_random", manual_score=1.5)
    give(due.folder, "kim", "test_scale", manual_score=0.0)
    give(due.folder, "park", "test_scale", manual_score=0.0)
    output = sync(due, folder, due.folder, "--manual")
    assert "lee ex01: nbgrader's manual score of 2.5 counts from now on, in place of 1" in output
    # Late as it was: a tenth of what the checks gave.
    assert "kim ex01: nbgrader's manual score of 4.5 counts from now on, in place of 5.4" in output
    # The score by hand is the one that counts already.
    assert "park ex01: nbgrader's manual score of 0 is nothing new, the points stay 0" in output
    assert ours(due, folder) == {"kim": 4.5, "lee": 2.5, "park": 0.0}
    with Gradebook(folder / "gradebook.db", due.course.id) as gradebook:
        first = gradebook.adjustments()
    assert [(item.student, item.kind, item.points, item.author, item.why) for item in first] == [
        ("kim", "override", 4.5, "nbgrader", "given by hand in nbgrader: test_scale"),
        ("lee", "override", 2.5, "nbgrader", "given by hand in nbgrader: hidden_test_random"),
    ]
    assert "count from now on" not in sync(due, folder, due.folder, "--manual")
    with Gradebook(folder / "gradebook.db", due.course.id) as gradebook:
        assert gradebook.adjustments() == first
    assert theirs(due.folder) == ours(due, folder)


def test_they_are_shown_and_kept_as_any_override(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path)
    sync(due, folder, due.folder)
    give(due.folder, "lee", "hidden_test_random", manual_score=1.5)
    sync(due, folder, due.folder, "--manual", language="ko")
    grade = next(item for item in standing(due, folder) if item.student == "lee")
    # A re-grade adds grades and leaves decisions.
    with Gradebook(folder / "gradebook.db", due.course.id) as gradebook:
        gradebook.add(gradebook.begin_run({}), replace(grade, points=0.0))
    assert ours(due, folder)["lee"] == 2.5
    options = ["--output", str(folder), "--course", str(due.course.root), "--lang", "ko"]
    history = CliRunner().invoke(main, ["history", "lee", *options]).output
    assert "nbgrader" in history
    assert "lee" in (folder / "grades.csv").read_text(encoding="utf-8")


def test_a_later_decision_of_ours_stands(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path)
    sync(due, folder, due.folder)
    give(due.folder, "lee", "hidden_test_random", manual_score=1.5)
    sync(due, folder, due.folder, "--manual")
    decide(due, folder, "lee", 4)
    assert "nothing new, the points stay 4" in sync(due, folder, due.folder, "--manual")
    assert ours(due, folder)["lee"] == 4
    # Until nbgrader's instructors decide anew.
    give(due.folder, "lee", "hidden_test_random", manual_score=2)
    sync(due, folder, due.folder, "--manual")
    assert ours(due, folder)["lee"] == 3


def test_without_the_option_they_are_only_listed(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path)
    sync(due, folder, due.folder)
    give(due.folder, "lee", "hidden_test_random", manual_score=1.5)
    assert "hidden_test_random" in sync(due, folder, due.folder)
    assert ours(due, folder)["lee"] == 1.0


def test_a_student_that_we_do_not_know_is_said(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path)
    sync(due, folder, due.folder)
    with open_gradebook(due.folder) as gradebook:
        gradebook.add_student("nobody")
        gradebook.update_or_create_submission("week1", "nobody")
        for grade in gradebook.find_submission_notebook(NAMES["ex01"], "week1", "nobody").grades:
            grade.manual_score = 0.5
        gradebook.db.commit()
    assert "nobody ex01: nbgrader's manual score of 2.5 is not taken over" in sync(
        due, folder, due.folder, "--manual"
    )
    document = json.loads(sync(due, folder, due.folder, "--manual", "--json"))
    assert document["taken"] == [
        {"student": "nobody", "exercise": "ex01", "points": 2.5, "before": None}
        | {"is_new": False, "question": None}
    ]


def test_what_has_no_score_in_some_check_is_left(due: Place, tmp_path: Path) -> None:
    folder = recorded(due, tmp_path)
    with Gradebook(folder / "gradebook.db", due.course.id) as gradebook:
        broken = next(item for item in standing(due, folder) if item.student == "kim")
        checks = tuple(replace(check, verdict=Verdict.UNGRADED, earned=0.0) for check in broken.checks)
        gradebook.add(gradebook.begin_run({}), replace(broken, verdict=Verdict.UNGRADED, checks=checks))
    sync(due, folder, due.folder)
    give(due.folder, "kim", "hidden_test_random", manual_score=1.5)
    assert "kim  ex01_row_sums  hidden_test_random" in (output := sync(due, folder, due.folder, "--manual"))
    assert "kim ex01: 1.5 points" not in output
