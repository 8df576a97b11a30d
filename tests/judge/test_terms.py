"""A course's own terms: credit in parts, bonus checks, and questions that a person grades."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import CourseError
from grader.gradebook.store import Gradebook
from grader.judge.collect import collected
from grader.model import Adjustment, Course, Grade, Verdict
from grader.reports.students import cell_text, total_text
from grader.reports.views import instructor_view, student_grade, student_view
from grader.scoring import score, shares, standing_grade
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_text, result_of
from tests.support.places import ASKING

RIGHT = """
import numpy as np

def softmax(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
"""
NO_SHIFT = RIGHT.replace("x - x.max(axis=1, keepdims=True)", "x")
ANSWERED = RIGHT + "why = 'It overflows.'\nloss_plot = 'see below'\n"
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def graded(course: Course, folder: Path, code: str, exercise: int = 1) -> Grade:
    return grade_text(course, FakeRunner(), folder, code, exercise=exercise)


def given(question: str, points: float, number: int = 1) -> Adjustment:
    return Adjustment(number, "score", "answer", "ex01", "as said", "kim", AT, points, question=question)


@pytest.mark.parametrize(
    ("points", "count", "expected"),
    [
        (1, 3, [0.34, 0.33, 0.33]),
        (2, 2, [1, 1]),
        (1, 1, [1]),
        (0.1, 3, [0.034, 0.033, 0.033]),
        (0.01, 3, [0.0034, 0.0033, 0.0033]),
        (1 / 3, 2, [0.166667, 0.166666]),
        (1, 150, [0.0067] * 100 + [0.0066] * 50),
        (0.1, 7, [0.0143] * 6 + [0.0142]),
    ],
)
def test_the_shares_of_a_check_are_exactly_its_points(
    points: float, count: int, expected: list[float]
) -> None:
    assert shares(points, count) == expected
    assert round(sum(shares(points, count)), 6) == round(points, 6)


@pytest.mark.parametrize("count", range(1, 60))
def test_no_share_is_lost_in_a_sum(asking: Course, tmp_path: Path, count: int) -> None:
    for points in (0.5, 1, 1.25, 3, 7, 10):
        passed = result_of(_RIGHT, "order")
        results = tuple(replace(passed, points=part, earned=part) for part in shares(points, count))
        assert score(results) == (points, Verdict.PASSED)


@pytest.fixture(autouse=True, scope="module")
def _right(asking: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    global _RIGHT
    _RIGHT = graded(asking, tmp_path_factory.mktemp("right"), RIGHT)


_RIGHT: Grade


def test_the_cases_of_a_check_share_its_points(asking: Course, tmp_path: Path) -> None:
    assert [check.points for check in _RIGHT.checks if check.name.startswith("test_equal")] == [
        0.34,
        0.33,
        0.33,
    ]
    assert sum(
        check.points for check in _RIGHT.checks if check.name.startswith("test_random")
    ) == pytest.approx(3)
    half = RIGHT + "right = softmax\ndef softmax(x):\n    return right(x) if x.shape[1] > 1 else x\n"
    grade = graded(asking, tmp_path, half)
    assert grade.points == 0.67 + 3 + 2
    # What depends on a check depends on all of its cases.
    assert result_of(grade, "order").verdict is Verdict.SKIPPED


def test_a_bonus_is_beyond_the_exercises_points(asking: Course, tmp_path: Path) -> None:
    assert (_RIGHT.points, _RIGHT.possible) == (7, 10)
    without = graded(asking, tmp_path, NO_SHIFT)
    assert (without.points, without.possible) == (5, 10)
    assert result_of(without, "large").verdict is not Verdict.PASSED
    # Missed, it is nothing to mend: what is left are the questions.
    assert without.verdict is Verdict.NOT_ATTEMPTED
    assert student_grade(without).verdict is Verdict.NOT_ATTEMPTED


def test_an_answered_question_waits_for_a_person(asking: Course, tmp_path: Path) -> None:
    grade = graded(asking, tmp_path, ANSWERED)
    assert (grade.verdict, grade.points, grade.waiting) == (Verdict.WAITING, 7, 5)
    assert not grade.is_open
    assert [check.output for check in grade.checks[-2:]] == ["It overflows.", "see below"]
    essay = graded(asking, tmp_path, "essay = 'A lot.'", exercise=2)
    assert (essay.verdict, essay.points, essay.possible, essay.waiting) == (Verdict.WAITING, 0, 4, 4)


def test_what_cannot_be_executed_can_be_read(asking: Course, tmp_path: Path) -> None:
    grade = graded(asking, tmp_path, "# why\n# It overflows.\ndef softmax(x:\n")
    assert (grade.verdict, grade.waiting) == (Verdict.ERROR, 3)


def test_points_that_a_person_gives_are_earned_and_late(asking: Course, tmp_path: Path) -> None:
    exercise = replace(asking.exercises[0], due=AT.replace(day=23))
    grade = replace(graded(asking, tmp_path, ANSWERED), submitted_at=AT)
    standing = standing_grade(asking, exercise, [grade], [given("why", 2.5)])
    assert standing.standing is not None
    assert (standing.points, standing.standing.earned, standing.waiting) == (9.5 * 0.9, 9.5, 2)
    both = standing_grade(
        asking, exercise, [grade], [given("why", 1), given("why", 3, 2), given("loss_plot", 0, 3)]
    )
    assert (both.points, both.waiting, both.verdict) == (9, 0, Verdict.FAILED)
    assert [check.verdict for check in both.checks[-2:]] == [Verdict.PASSED, Verdict.FAILED]
    # Of a question that the course no longer has nothing counts, and an override counts alone.
    assert standing_grade(asking, exercise, [grade], [given("gone", 4)]).standing.earned == 7  # type: ignore[union-attr]  # it has one
    override = Adjustment(9, "override", "answer", "ex01", "oral", "kim", AT, 4)
    decided = standing_grade(asking, exercise, [grade], [given("why", 2.5), override])
    assert (decided.points, decided.waiting) == (4, 0)


def test_what_is_read_of_a_question(asking: Course, tmp_path: Path) -> None:
    exercise = asking.exercises[0]
    waiting = standing_grade(asking, exercise, [graded(asking, tmp_path, ANSWERED)], [])
    assert (cell_text(waiting), total_text({"ex01": waiting})) == ("7…", "7…")
    known = {view.name: view for view in instructor_view(waiting.checks)}["question_why"]
    assert known.rubric == exercise.questions[0].rubric
    assert (known.answer, known.output, known.verdict) == ("It overflows.", "", Verdict.WAITING)
    scored = standing_grade(asking, exercise, [waiting], [given("why", 2.5)])
    for view in student_view(scored.checks):
        assert view.rubric is None
        assert "2 for the overflow" not in repr(view)
        if view.name == "question_why":
            assert (view.verdict, view.earned, view.points) == (Verdict.PARTIAL, 2.5, 3)
            assert view.why is not None
            assert view.why["en"] == "kim: as said"


def test_a_rubric_that_is_written_later_is_shown_without_grading_again(
    asking: Course, tmp_path: Path
) -> None:
    with Gradebook(tmp_path / "gradebook.db", asking.id) as gradebook:
        gradebook.add(gradebook.begin_run({}), graded(asking, tmp_path, ANSWERED), "key")
        gradebook.adjust("score", "answer", "ex01", why="good", author="kim", points=2, question="loss_plot")
        exercise = asking.exercises[0]
        asked = replace(exercise.questions[0], rubric=exercise.title)
        course = replace(asking, exercises=(replace(exercise, questions=(asked, exercise.questions[1])),))
        (grade,) = gradebook.grades(course)
        (light,) = gradebook.standings(course)
    why = next(check for check in grade.checks if check.name == "question_why")
    assert why.explanation is not None
    assert why.explanation.values["rubric"] == dict(exercise.title)
    assert (grade.points, grade.waiting, grade.verdict) == (9, 3, Verdict.WAITING)
    assert (light.points, light.waiting, light.verdict) == (9, 3, Verdict.WAITING)


def collect(folder: Path) -> None:
    course = load_course(folder)
    with collected(course, course.exercises):
        pass


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("points: 10", "points: 12", "course.points_sum"),
        ("id: loss_plot", "id: why", "course.question_twice"),
        ("kind: plot", "kind: song", "course.field_wrong"),
        ('title: {en: "The loss of ten steps"}', 'title: {ko: "손실"}', "course.language_unknown"),
    ],
)
def test_what_a_question_may_not_be_is_told(tmp_path: Path, old: str, new: str, key: str) -> None:
    shutil.copytree(ASKING, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    settings = tmp_path / "course" / "course.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        collect(tmp_path / "course")
    assert key in {fault.explanation.key for fault in raised.value.faults}
