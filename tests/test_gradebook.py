from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import GradebookError
from grader.gradebook import Gradebook
from grader.model import CheckResult, Difference, Explanation, Grade, TensorView, Text, Verdict, WrongPlace

DIFFERENCE = Difference(
    "values",
    TensorView("tensor", (1, 2), "int64", ("1", "2")),
    TensorView("tensor", (1, 2), "int64", ("1", "3")),
    wrong=(1,),
    wrong_count=1,
    total=2,
    first=(WrongPlace((0, 1), "2", "3"),),
    largest_error="1",
)
CHECK = CheckResult(
    name="test_batch",
    title=Text("works on a batch", "배치에서 동작한다"),
    visible=True,
    points=2,
    earned=0,
    verdict=Verdict.FAILED,
    explanation=Explanation("tensor.values", {}, DIFFERENCE),
    call="max_pool(int64 1x2)",
    output="hello",
    seconds=0.25,
)
GRADE = Grade(
    student="이서연",
    exercise="ex03",
    points=8,
    possible=10,
    verdict=Verdict.FAILED,
    checks=(CHECK,),
    notes=(Explanation("submission.magic_skipped", {"cell": 2, "line": "!ls"}),),
    path="submissions/이서연/ex03.py",
    digest="ab" * 32,
    seconds=1.5,
    graded_at=datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC),
)


def test_a_grade_comes_back_as_it_was(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({"jobs": 2}), GRADE)
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        assert gradebook.grades() == (GRADE,)


def test_the_newest_grade_counts_and_the_older_is_kept(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({}), GRADE)
        gradebook.add(gradebook.begin_run({}), replace(GRADE, points=10, checks=()))
        assert [grade.points for grade in gradebook.grades()] == [10]
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        assert connection.execute("select count(*) from grades").fetchone() == (2,)


def test_what_is_ungraded_has_no_points(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({}), replace(GRADE, verdict=Verdict.UNGRADED))
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        assert connection.execute("select points from grades").fetchone() == (None,)


def test_a_result_is_committed_when_it_is_added(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({}), GRADE)
        with Gradebook(tmp_path / "gradebook.db", "cnn") as other:
            assert other.grades() == (GRADE,)


def test_another_courses_gradebook_is_refused(tmp_path: Path) -> None:
    Gradebook(tmp_path / "gradebook.db", "cnn").close()
    with pytest.raises(GradebookError) as caught:
        Gradebook(tmp_path / "gradebook.db", "rnn")
    assert caught.value.explanation.key == "gradebook.other_course"
    assert caught.value.explanation.values["there"] == "cnn"


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    path.write_text("these are not the bytes of a database, and more than sixteen")
    with pytest.raises(GradebookError) as caught:
        Gradebook(path, "cnn")
    assert caught.value.explanation.key == "gradebook.cannot_open"
    assert path.read_text().startswith("these are not")


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GradebookError) as caught:
        Gradebook(tmp_path / "file" / "gradebook.db", "cnn")
    assert caught.value.explanation.key == "gradebook.cannot_open"


def test_a_locked_gradebook_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.gradebook.LOCK_SECONDS", 0.05)
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        blocker = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
        blocker.execute("begin immediate")
        with pytest.raises(GradebookError) as caught:
            gradebook.begin_run({})
        blocker.close()
    assert caught.value.explanation.key == "gradebook.cannot_write"
    assert "locked" in caught.value.explanation.values["error"]
