"""Scores between the two gradebooks."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbgrader.api
import pytest
import sqlalchemy
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.errors import GradebookError, RequestError
from grader.gradebook.store import Gradebook
from grader.judge.grades import not_handed_in, ungraded
from grader.messages.sentences import sentences_of
from grader.model import Course, Explanation, Grade, Submission
from grader.nbgrader import book
from grader.nbgrader import resident_judge as warm
from grader.nbgrader.build import build_course
from grader.nbgrader.scores_from import read_manual_scores
from grader.nbgrader.scores_to import write_scores
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_files
from tests.support.nbgrader_course import WarmFake, hand_in, nbgrader_api, notebook, open_gradebook, solve
from tests.support.places import TINY

pytestmark = pytest.mark.filterwarnings(
    "ignore"
)  # nbgrader's own code, under newer libraries than it was written for

NAMES = {"ex01": "ex01_row_sums", "ex02": "ex02_maxpool_1"}
ANSWERED = {"kim": ("row_sums", "scale"), "lee": ("scale",), "park": ()}
POINTS = {"kim": 6.0, "lee": 1.0, "park": 0.0}


@dataclass(frozen=True)
class Place:
    """A course, and the nbgrader course that was made of it."""

    course: Course
    folder: Path


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of both, two exercises released as one assignment."""
    root = tmp_path_factory.mktemp("generated")
    shutil.copytree(TINY, root / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course = load_course(root / "course")
    build_course(course, course.exercises[:2], root / "nb", "en", assignment="week1")
    answer = nbgrader_api(root / "nb").generate_assignment("week1")
    assert answer["success"], answer
    return root


@pytest.fixture
def place(generated: Path, tmp_path: Path) -> Place:
    shutil.copytree(generated, tmp_path / "here")
    return Place(load_course(tmp_path / "here" / "course"), tmp_path / "here" / "nb")


def document_of(folder: Path, student: str) -> dict[str, object]:
    document = notebook(folder, NAMES["ex01"], assignment="week1")
    solve(document, *ANSWERED[student])
    return document


def grades_of(place: Place, tmp_path: Path) -> list[Grade]:
    """Return our grades of the class's first exercise."""
    paths = [tmp_path / f"{student}.ipynb" for student in ANSWERED]
    for path in paths:
        path.write_text(json.dumps(document_of(place.folder, path.stem)), encoding="utf-8")
    return grade_files(place.course, FakeRunner(), paths)


def cells(folder: Path) -> dict[tuple[str, str], tuple[float | None, bool]]:
    with open_gradebook(folder) as gradebook:
        return {
            (student.id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for student in gradebook.students
            for grade in gradebook.find_submission_notebook(NAMES["ex01"], "week1", student.id).grades
        }


def scores(folder: Path) -> dict[str, float]:
    with open_gradebook(folder) as gradebook:
        return {
            student.id: gradebook.find_submission("week1", student.id).score for student in gradebook.students
        }


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nbgrader's autograder in this process use fakes."""
    monkeypatch.setattr(warm, "start_runner", lambda course, isolation, slot: WarmFake())
    yield
    warm.close_all()


def test_both_ways_give_the_same_points(place: Place, tmp_path: Path, fakes: None) -> None:
    other = tmp_path / "other"
    shutil.copytree(place.folder.parent, other)
    for student in ANSWERED:
        hand_in(
            other / "nb", student, NAMES["ex01"], dict(document_of(place.folder, student)), assignment="week1"
        )
    answer = nbgrader_api(other / "nb").autograde("week1", "*")
    assert answer["success"], answer
    synced = write_scores(place.course, grades_of(place, tmp_path), place.folder, "en")
    assert synced.written == 3
    assert cells(place.folder) == cells(other / "nb")
    assert scores(place.folder) == POINTS == scores(other / "nb")


def test_the_feedback_becomes_a_comment(place: Place, tmp_path: Path) -> None:
    write_scores(place.course, grades_of(place, tmp_path), place.folder, "en")
    with open_gradebook(place.folder) as gradebook:
        comment = gradebook.find_comment("solution_row_sums", NAMES["ex01"], "week1", "lee").comment
    assert "points: 1 / 6" in comment
    assert "works on a table of any size" in comment
    assert "int64 3x5" not in comment


def test_manual_scores_stay_and_are_read_back(place: Place, tmp_path: Path) -> None:
    grades = grades_of(place, tmp_path)
    write_scores(place.course, grades, place.folder, "en")
    with open_gradebook(place.folder) as gradebook:
        gradebook.find_grade("hidden_test_random", NAMES["ex01"], "week1", "lee").manual_score = 1.5
        gradebook.find_grade("test_scale", NAMES["ex01"], "week1", "kim").extra_credit = 0.5
        gradebook.db.commit()
    synced = write_scores(place.course, grades, place.folder, "en")
    assert synced.kept == (("lee", "ex01"),)
    assert scores(place.folder) == {"kim": 6.5, "lee": 2.5, "park": 0}
    assert cells(place.folder)["lee", "hidden_test_random"] == (0.0, True)
    first, second = read_manual_scores(place.course, place.folder)
    assert (first.student, first.check, first.visible, first.extra_credit, first.manual_score) == (
        "kim", "test_scale", True, 0.5, None,
    )  # fmt: skip
    assert (second.student, second.exercise, second.check, second.visible) == (
        "lee",
        "ex01",
        "test_random",
        False,
    )
    assert (second.auto_score, second.manual_score, second.max_score) == (0, 1.5, 2)


def test_our_fault_is_no_score(place: Place, tmp_path: Path) -> None:
    exercise = place.course.exercises[0]
    broken = ungraded(
        Submission("kim", "ex01", tmp_path / "ex01.py"),
        exercise,
        Explanation("submission.judge_died", {"error": "x"}),
    )
    synced = write_scores(place.course, [broken], place.folder, "en")
    assert synced.ungraded == (("kim", "ex01"),)
    assert set(cells(place.folder).values()) == {(None, True)}
    # An earlier score is not taken away.
    write_scores(place.course, grades_of(place, tmp_path), place.folder, "en")
    write_scores(place.course, [broken], place.folder, "en")
    assert scores(place.folder)["kim"] == 6.0


def test_who_handed_in_nothing_has_no_submission_and_a_missing_notebook_no_points(
    place: Place, tmp_path: Path
) -> None:
    first, second, third = place.course.exercises
    nothing = [
        not_handed_in(Submission("kim", "ex02", None), second),
        not_handed_in(Submission("nobody", "ex01", None), first),
        # nbgrader does not know this one: nobody handed it in, so that does not matter.
        not_handed_in(Submission("kim", "ex03", None), third),
    ]
    write_scores(place.course, [*nothing, *grades_of(place, tmp_path)], place.folder, "en")
    assert scores(place.folder) == POINTS
    with open_gradebook(place.folder) as gradebook:
        grades = gradebook.find_submission_notebook(NAMES["ex02"], "week1", "kim").grades
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in grades} == {(0.0, False)}


def test_lateness_goes_along_where_it_is_known(place: Place, tmp_path: Path) -> None:
    text = (place.course.root / "course.yml").read_text(encoding="utf-8")
    due = "points: 6\n    due: 2026-12-01T12:00:00+09:00"
    (place.course.root / "course.yml").write_text(text.replace("points: 6", due), encoding="utf-8")
    course = load_course(place.course.root)
    kim = next(grade for grade in grades_of(place, tmp_path) if grade.student == "kim")
    timed = replace(kim, submitted_at=datetime(2026, 12, 2, 4, 0, tzinfo=UTC))
    write_scores(course, [timed], place.folder, "en")
    with open_gradebook(place.folder) as gradebook:
        there = gradebook.find_submission("week1", "kim")
        assert there.timestamp == datetime(2026, 12, 2, 4, 0)
        assert there.total_seconds_late == 13 * 3600 + 60  # the assignment's last exercise is due a day later
        assert there.late_submission_penalty == pytest.approx(0.6)


def test_nothing_is_written_where_nbgrader_does_not_know_an_exercise(place: Place, tmp_path: Path) -> None:
    grades = grades_of(place, tmp_path)
    unknown = replace(grades[0], exercise="ex03", checks=())
    with pytest.raises(RequestError) as caught:
        write_scores(place.course, [*grades, unknown], place.folder, "en")
    assert caught.value.explanation.key == "nbgrader.not_generated"
    assert caught.value.explanation.values["assignments"] == "ex03_maxpool_2"
    assert scores(place.folder) == {}


def test_a_course_without_nbgrader_s_gradebook_is_told_what_makes_one(place: Place, tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        write_scores(place.course, grades_of(place, tmp_path), tmp_path, "en")
    assert sentences_of(caught.value, "en") == [
        f"nbgrader has no gradebook in {tmp_path}. Run `nbgrader generate_assignment` there first, for each assignment."
    ]


def test_nothing_is_written_where_the_checks_are_others(place: Place, tmp_path: Path) -> None:
    grades = grades_of(place, tmp_path)
    checks = tuple(replace(check, points=7) for check in grades[2].checks)
    with pytest.raises(RequestError) as caught:
        write_scores(place.course, [*grades[:2], replace(grades[2], checks=checks)], place.folder, "en")
    assert caught.value.explanation.key == "nbgrader.stale_cell"
    assert scores(place.folder) == {}


def test_a_gradebook_that_is_none_is_a_plain_error(place: Place) -> None:
    (place.folder / "gradebook.db").write_bytes(
        b"not a database, and long enough to be looked at as one" * 50
    )
    with pytest.raises(GradebookError) as caught:
        read_manual_scores(place.course, place.folder)
    assert caught.value.explanation.key == "nbgrader.cannot_use_gradebook"


def test_a_gradebook_that_is_in_use_is_a_plain_error(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grades = grades_of(place, tmp_path)
    monkeypatch.setattr(book, "NbgraderGradebook", impatient)
    file = place.folder / "gradebook.db"
    before = dump(file)
    with contextlib.closing(sqlite3.connect(file)) as other:
        # What another program writes: it may still be read.
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError) as caught:
            write_scores(place.course, grades, place.folder, "en")
    assert "database is locked" in caught.value.explanation.values["error"]
    assert dump(file) == before
    assert write_scores(place.course, grades, place.folder, "en").written == 3


def impatient(url: str) -> Any:
    """Return nbgrader's gradebook that does not wait for others."""
    gradebook = nbgrader.api.Gradebook(url)
    gradebook.db.execute(sqlalchemy.text("PRAGMA busy_timeout = 0"))
    return gradebook


def dump(file: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())


def test_written_twice_is_written_once(place: Place, tmp_path: Path) -> None:
    grades = grades_of(place, tmp_path)
    first = write_scores(place.course, grades, place.folder, "en")
    before = dump(place.folder / "gradebook.db")
    assert write_scores(place.course, grades, place.folder, "en") == first
    assert dump(place.folder / "gradebook.db") == before


def test_an_exercise_in_two_assignments_is_written_to_neither(place: Place, tmp_path: Path) -> None:
    build_course(place.course, place.course.exercises[:1], place.folder, "en")
    assert nbgrader_api(place.folder).generate_assignment(NAMES["ex01"])["success"]
    with pytest.raises(RequestError) as caught:
        write_scores(place.course, grades_of(place, tmp_path), place.folder, "en")
    assert caught.value.explanation.key == "nbgrader.in_two_assignments"
    assert caught.value.explanation.values["assignments"] == "ex01_row_sums, week1"
    with open_gradebook(place.folder) as gradebook:
        assert gradebook.students == []


def test_students_that_nbgrader_did_not_know_are_named_where_it_knew_others(
    place: Place, tmp_path: Path
) -> None:
    grades = grades_of(place, tmp_path)
    with open_gradebook(place.folder) as gradebook:
        gradebook.add_student("lee")
        gradebook.add_student("Kim")
    assert write_scores(place.course, grades, place.folder, "en").added == ("kim", "park")
    assert write_scores(place.course, grades, place.folder, "en").added == ()


@pytest.mark.parametrize(
    "config",
    [
        "c = get_config(\n",
        "1 / 0\n",
        "import nosuchmodule\n",
        "c = get_config()\nc.CourseDirectory.db_url = 3\n",
    ],
)
def test_a_configuration_that_cannot_be_read_is_named(place: Place, config: str) -> None:
    (place.folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        read_manual_scores(place.course, place.folder)
    assert caught.value.explanation.key == "nbgrader.bad_config"
    assert caught.value.explanation.values["file"] == str(place.folder / "nbgrader_config.py")


def test_a_gradebook_is_where_the_configuration_says(place: Place, tmp_path: Path) -> None:
    (place.folder / "books").mkdir()
    (place.folder / "gradebook.db").rename(place.folder / "books" / "week.db")
    config = place.folder / "nbgrader_config.py"
    config.write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///books/week.db'\n", encoding="utf-8"
    )
    assert write_scores(place.course, grades_of(place, tmp_path), place.folder, "en").written == 3


# --- the command ------------------------------------------------------------------------------------------------------


def run(place: Place, *arguments: str | Path) -> tuple[int, str]:
    options = ["--course", str(place.course.root), "--lang", "en"]
    result = CliRunner().invoke(main, ["nbgrader", "sync", *map(str, arguments), *options])
    return result.exit_code, result.output


def recorded(place: Place, tmp_path: Path) -> Path:
    """Return a folder with our gradebook of the class."""
    with Gradebook(tmp_path / "graded" / "gradebook.db", place.course.id) as gradebook:
        number = gradebook.begin_run({})
        for grade in grades_of(place, tmp_path):
            gradebook.add(number, grade)
        gradebook.end_run(number)
    return tmp_path / "graded"


def test_the_command_writes_and_lists(place: Place, tmp_path: Path) -> None:
    folder = recorded(place, tmp_path)
    assert run(place, folder, place.folder) == (0, "3 grades written to nbgrader's gradebook\n")
    with open_gradebook(place.folder) as gradebook:
        gradebook.find_grade("test_scale", NAMES["ex01"], "week1", "park").manual_score = 1
        gradebook.db.commit()
    code, output = run(place, folder / "gradebook.db", place.folder)
    assert code == 0
    assert "park ex01" in output
    assert "park  ex01_row_sums  test_scale: automatic 0, manual 1, extra credit 0, of 1" in output
    code, output = run(place, folder, place.folder, "--json")
    document = json.loads(output)
    assert (document["format"], document["written"], document["kept"]) == (1, 3, [["park", "ex01"]])
    assert document["manual_scores"][0]["manual_score"] == 1


def test_a_folder_without_a_gradebook_is_named(place: Place, tmp_path: Path) -> None:
    code, output = run(place, tmp_path / "nowhere", place.folder)
    assert code == 2
    assert "nowhere" in output
    folder = recorded(place, tmp_path)
    (tmp_path / "empty").mkdir()
    code, output = run(place, folder, tmp_path / "empty")
    assert code == 2
    assert "generate_assignment" in output
    assert list((tmp_path / "empty").iterdir()) == []
