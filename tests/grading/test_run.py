"""Grading into a gradebook, with an executor that needs no sandbox."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.grading import fingerprint
from grader.grading.plan import Plan, plan_class, plan_regrade
from grader.grading.run import grade_class
from grader.model import CheckResult, Course, Explanation, Grade, Submission, Text, Verdict
from tests.support.executor import FakeExecutor


class Graders:
    """Grades a submission by its length; counts, and stops where it is told to."""

    def __init__(self) -> None:
        self.graded: list[str] = []
        self.stop_after: int | None = None
        self.points: Callable[[bytes], float] = len
        self.before: Callable[[Submission], None] = lambda submission: None

    def __call__(self, submission: Submission) -> Grade:
        if self.stop_after is not None and len(self.graded) >= self.stop_after:
            raise KeyboardInterrupt
        self.before(submission)
        grade = self._grade(submission)
        self.graded.append(f"{submission.student}/{submission.exercise}")
        return grade

    def _grade(self, submission: Submission) -> Grade:
        blank = Grade(submission.student, submission.exercise, 0, 10, Verdict.NOT_ATTEMPTED, ())
        blank = replace(blank, graded_at=datetime.now(UTC), submitted_at=submission.submitted_at)
        assert submission.path is not None
        path = str(submission.path)
        try:
            content = submission.path.read_bytes()
        except OSError:
            return replace(blank, verdict=Verdict.UNGRADED, path=path)
        digest = hashlib.sha256(content).hexdigest()
        points = self.points(content)
        return replace(blank, verdict=Verdict.FAILED, points=points, path=path, digest=digest)


@pytest.fixture
def course(tiny_copy: Path) -> Course:
    return load_course(tiny_copy)


@pytest.fixture
def gradebook(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook(tmp_path / "out" / "gradebook.db", "tiny") as opened:
        yield opened


@pytest.fixture
def graders() -> Graders:
    return Graders()


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[[str, str, str], Submission]:
    def write(student: str, exercise: str, code: str) -> Submission:
        path = tmp_path / student / f"{exercise}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)
        return Submission(student, exercise, path)

    return write


HandIn = Callable[[str, str, str], Submission]


def run(
    course: Course,
    submissions: Sequence[Submission],
    gradebook: Gradebook,
    graders: Graders,
    **options: Any,
) -> Plan:
    plan = plan_class(course, submissions, gradebook, **options)
    grade_class(course, plan, gradebook, {}, FakeExecutor(graders))
    return plan


def points(course: Course, gradebook: Gradebook) -> dict[str, float]:
    return {f"{grade.student}/{grade.exercise}": grade.points for grade in gradebook.grades(course)}


def test_what_is_unchanged_is_not_graded_again(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submissions = [hand_in("ann", "ex01", "1"), hand_in("ben", "ex02", "22"), Submission("cem", "ex01", None)]
    assert run(course, submissions, gradebook, graders).kept == 0
    plan = run(course, submissions, gradebook, graders)
    assert (plan.kept, plan.work, plan.exercises) == (2, (), set())
    assert graders.graded == ["ann/ex01", "ben/ex02"]
    assert points(course, gradebook) == {"ann/ex01": 1, "ben/ex02": 2, "cem/ex01": 0}
    assert len(gradebook.runs()) == 1


def test_force_grades_everything(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submissions = [hand_in("ann", "ex01", "1")]
    for _ in range(2):
        run(course, submissions, gradebook, graders, force=True)
    assert graders.graded == ["ann/ex01"] * 2


def test_a_changed_file_is_graded_and_the_first_one_kept(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    run(course, [hand_in("ann", "ex01", "1"), hand_in("ben", "ex01", "1")], gradebook, graders)
    run(course, [hand_in("ann", "ex01", "1234"), hand_in("ben", "ex01", "1")], gradebook, graders)
    assert graders.graded == ["ann/ex01", "ben/ex01", "ann/ex01"]
    assert points(course, gradebook) == {"ann/ex01": 4, "ben/ex01": 1}
    assert [gradebook.content(item.digest) for item in gradebook.attempts()] == [b"1", b"1", b"1234"]


@pytest.mark.parametrize(
    ("file", "again"),
    [
        ("solutions/ex02_maxpool_1/test_ex02_hidden.py", ["ex02"]),
        ("solutions/ex02_maxpool_1/solution.py", ["ex02"]),
        ("solutions/ex02_maxpool_1/misconceptions.py", ["ex02"]),
        ("exercises/ex02_maxpool_1/test_ex02.py", ["ex02"]),
        ("exercises/ex02_maxpool_1/stub.py", ["ex02"]),
        ("exercises/ex02_maxpool_1/README.md", []),
    ],
)
def test_an_edited_check_grades_its_exercise_again(
    file: str, again: list[str], course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submissions = [hand_in("ann", "ex01", "1"), hand_in("ann", "ex02", "2")]
    run(course, submissions, gradebook, graders)
    with (course.root / file).open("a") as edited:
        edited.write("\n# edited\n")
    plan = run(course, submissions, gradebook, graders)
    assert [item.submission.exercise for item in plan.work] == again


@pytest.mark.parametrize("name", ["limits", "banned", "seed"])
def test_an_edited_setting_grades_its_exercise_again(
    name: str, course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submissions = [hand_in("ann", "ex01", "1"), hand_in("ann", "ex02", "2")]
    run(course, submissions, gradebook, graders)
    first = course.exercises[0]
    values = {"limits": replace(first.limits, call_seconds=9), "banned": {"row_sums": ("np.*",)}, "seed": 1}
    edited: Any = {name: values[name]}
    course = replace(course, exercises=(replace(first, **edited), *course.exercises[1:]))
    plan = run(course, submissions, gradebook, graders)
    assert [item.submission.exercise for item in plan.work] == ["ex01"]


def test_another_environment_grades_everything_again(
    course: Course,
    gradebook: Gradebook,
    graders: Graders,
    hand_in: HandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submissions = [hand_in("ann", "ex01", "1")]
    run(course, submissions, gradebook, graders)
    newer = fingerprint.environment() | {"tensorflow": "99.0"}
    monkeypatch.setattr(fingerprint, "environment", lambda: newer)
    assert len(run(course, submissions, gradebook, graders).work) == 1
    assert len(run(course, submissions, gradebook, graders, isolation="reduced").work) == 1


def test_an_interrupted_run_goes_on_where_it_was(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submissions = [hand_in(name, "ex01", name) for name in ("a", "bb", "ccc", "dddd")]
    graders.stop_after = 2
    with pytest.raises(KeyboardInterrupt):
        run(course, submissions, gradebook, graders)
    (interrupted,) = gradebook.runs()
    assert (interrupted.finished_at, interrupted.grades) == (None, 2)
    graders.stop_after = None
    run(course, submissions, gradebook, graders)
    assert graders.graded == ["a/ex01", "bb/ex01", "ccc/ex01", "dddd/ex01"]
    assert sorted(points(course, gradebook).values()) == [1, 2, 3, 4]


def test_a_file_that_is_changed_while_the_class_is_graded_is_recorded_as_it_was_graded(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submission = hand_in("ann", "ex01", "1")
    assert submission.path is not None
    path = submission.path

    def edit(_: Submission) -> None:
        path.write_text("12345")

    graders.before = edit
    run(course, [submission], gradebook, graders)
    assert points(course, gradebook) == {"ann/ex01": 5}
    assert run(course, [submission], gradebook, graders).kept == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_tried_again(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submission = hand_in("ann", "ex01", "1")
    assert submission.path is not None
    submission.path.chmod(0)
    run(course, [submission], gradebook, graders)
    assert gradebook.grades(course)[0].is_open
    submission.path.chmod(0o644)
    assert run(course, [submission], gradebook, graders).kept == 0
    assert points(course, gradebook) == {"ann/ex01": 1}


def test_a_file_that_is_not_there_any_more_is_tried_again(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submission = hand_in("ann", "ex01", "1")
    assert submission.path is not None
    submission.path.unlink()
    run(course, [submission], gradebook, graders)
    assert gradebook.grades(course)[0].is_open
    hand_in("ann", "ex01", "1")
    assert run(course, [submission], gradebook, graders).kept == 0
    assert points(course, gradebook) == {"ann/ex01": 1}


def test_several_attempts_are_all_graded(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    moments = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2)]
    first, second = hand_in("ann", "ex01", "123"), hand_in("ann1", "ex01", "1")
    submissions = [
        replace(first, submitted_at=moments[0]),
        replace(second, student="ann", submitted_at=moments[1]),
    ]
    run(course, submissions, gradebook, graders)
    assert points(replace(course, attempts="last"), gradebook) == {"ann/ex01": 1}
    assert points(replace(course, attempts="best"), gradebook) == {"ann/ex01": 3}


def test_the_same_bytes_after_others_are_graded_once_and_count_last(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn
) -> None:
    submissions = [
        replace(hand_in(name, "ex01", code), student="ann")
        for name, code in zip("abc", ("1", "333", "1"), strict=True)
    ]
    assert len(run(course, submissions, gradebook, graders).work) == 2
    assert points(replace(course, attempts="last"), gradebook) == {"ann/ex01": 1}
    assert run(course, submissions, gradebook, graders).kept == 2


CHECKS = "def test_one(submission):\n    submission.f(1)\n\ndef test_two(submission):\n    submission.f(2)\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "known"),
    [
        pytest.param("test_ex02_hidden.py", "f(2)", "f(3)", ["test_one"], id="another-check"),
        pytest.param("test_ex02_hidden.py", "f(1)", "f(3)", [], id="the-check"),
        pytest.param("test_ex02_hidden.py", "def test_one", "SIZE = 3\ndef test_one", [], id="what-both-use"),
        pytest.param("solution.py", "", "\n# edited\n", [], id="the-reference"),
        pytest.param("course.yml", "call_seconds: 1", "call_seconds: 2", [], id="limits"),
    ],
)
def test_a_regrade_knows_loops_that_depend_on_nothing_that_was_changed(
    file: str,
    old: str,
    new: str,
    known: list[str],
    course: Course,
    gradebook: Gradebook,
    graders: Graders,
    hand_in: HandIn,
    tmp_path: Path,
) -> None:
    folder = course.root if file == "course.yml" else course.root / "solutions/ex02_maxpool_1"
    (course.root / "solutions/ex02_maxpool_1/test_ex02_hidden.py").write_text(CHECKS, encoding="utf-8")
    verdicts = {
        "test_one": Explanation("submission.timeout", {"seconds": 5.0}),
        "test_two": Explanation("submission.not_called", {"function": "f"}),
    }
    checks = tuple(
        CheckResult(name, Text({"en": name, "ko": name}), False, 1, 0, Verdict.TIMEOUT, why)
        for name, why in verdicts.items()
    )
    executor = FakeExecutor(lambda submission: replace(graders(submission), checks=checks))
    submissions = [hand_in("ann", "ex02", "1")]
    grade_class(course, plan_class(course, submissions, gradebook), gradebook, {}, executor)
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
    course = load_course(course.root)
    (work,) = plan_regrade(course, gradebook, {"ex02"}, tmp_path / "again").work
    assert [result.name for result in work.submission.known_loops] == known
    (work,) = plan_regrade(course, gradebook, {"ex02"}, tmp_path / "forced", force=True).work
    assert work.submission.known_loops == ()


def test_a_regrade_takes_the_kept_files_and_says_where_they_came_from(
    course: Course, gradebook: Gradebook, graders: Graders, hand_in: HandIn, tmp_path: Path
) -> None:
    submissions = [hand_in("ann", "ex01", "1"), hand_in("ann", "ex02", "22")]
    run(course, submissions, gradebook, graders)
    for submission in submissions:
        assert submission.path is not None
        submission.path.unlink()
    with (course.root / "solutions/ex02_maxpool_1/solution.py").open("a") as edited:
        edited.write("\n# edited\n")
    exercises = [exercise.id for exercise in course.exercises]
    plan = plan_regrade(course, gradebook, exercises, tmp_path / "again")
    assert ([item.submission.exercise for item in plan.work], plan.kept) == (["ex02"], 1)
    assert (plan.again, plan.reasons) == (1, (Explanation("again.exercise", {"exercise": "ex02"}),))
    graders.points = lambda content: 7
    grade_class(course, plan, gradebook, {}, FakeExecutor(graders), proposed=True)
    assert points(course, gradebook) == {"ann/ex01": 1, "ann/ex02": 2}
    found = gradebook.proposal()
    assert found is not None
    gradebook.settle(found.run, "counted")
    assert points(course, gradebook) == {"ann/ex01": 1, "ann/ex02": 7}
    assert gradebook.grades(course)[1].path == str(submissions[1].path)
    assert plan_regrade(course, gradebook, exercises, tmp_path / "third").work == ()
