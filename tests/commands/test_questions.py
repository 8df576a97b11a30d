"""Questions that a person grades and bonus points, through the commands: decided, graded again, reported, exported."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.messages.sentences import languages
from grader.model import Submission
from tests.judge.test_terms import ANSWERED, NO_SHIFT
from tests.support.fakes import FakeRunner
from tests.support.judging import judging
from tests.support.places import ASKING, ROOT
from tests.support.sandbox import needs_sandbox

RUBRIC = "2 for the overflow of exp"


def run(*arguments: str | Path, code: int = 0, language: str = "en") -> Result:
    result = CliRunner().invoke(main, [*map(str, arguments), "--lang", language], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a course whose first exercise was graded: ann answered the questions, bob did not."""
    folder = tmp_path / "course"
    shutil.copytree(ASKING, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    course = load_course(folder)
    with Gradebook(folder / "graded" / "gradebook.db", course.id) as gradebook:
        number = gradebook.begin_run({})
        with judging(course, course.exercises[:1], FakeRunner()) as judge:
            for student, code in (("ann", ANSWERED), ("bob", NO_SHIFT)):
                path = tmp_path / student / "ex01.py"
                path.parent.mkdir()
                path.write_text(code, encoding="utf-8")
                gradebook.add(number, judge.grade(Submission(student, "ex01", path)), "key")
    return folder


def give(question: str, points: float, why: str = "as said", code: int = 0) -> str:
    decided = ("--points", str(points), "--why", why, "--author", "kim")
    return run("override", "ann", "ex1", "--question", question, *decided, code=code).output


def test_points_are_given_to_a_question_and_taken_back(place: Path) -> None:
    assert "2.5 points given for question why. Now 9.5…/10." in give("why", 2.5)
    assert "Now 11.5/10." in give("loss_plot", 2)
    assert "2.5 points for question why: as said" in " ".join(run("history", "ann").output.split())
    assert "Now 9…/10." in run("withdraw", "1", "--author", "kim").output


@pytest.mark.parametrize(("question", "points"), [("nothing", 1), ("why", 3.5), ("why", -1), ("why", "nan")])
def test_what_cannot_be_given_is_refused(place: Path, question: str, points: float) -> None:
    before = (place / "graded" / "gradebook.db").read_bytes()
    give(question, points, code=2)
    assert (place / "graded" / "gradebook.db").read_bytes() == before


def test_the_instructor_reads_the_answer_and_the_rubric_and_the_student_the_points(place: Path) -> None:
    give("loss_plot", 1, why="no <labels>")
    reports = "".join(path.read_text("utf-8") for path in (place / "graded/reports/students").iterdir())
    assert "It overflows." in reports
    assert RUBRIC in reports
    run("feedback")
    for language in languages():
        run("feedback", language=language)
        page, text = ((place / "graded/feedback" / f"ann.{end}").read_text("utf-8") for end in ("html", "md"))
        assert RUBRIC not in page + text
        assert "kim: no &lt;labels&gt;" in page
        for shown in (page, text):
            assert "It overflows." in shown
            assert {"en": "waits for a person", "ko": "채점자를 기다림"}[language] in shown
            assert {"en": "3 points wait for a person.", "ko": "3점은 사람의 채점을 기다립니다."}[
                language
            ] in shown


def test_every_export_has_what_counts_now_and_says_what_waits(place: Path) -> None:
    give("why", 2.5)
    rows = list(csv.DictReader(io.StringIO(run("export", "csv").output)))
    assert [(row["ex01"], row["waiting"]) for row in rows] == [("9.5", "2"), ("5", "0")]
    checks = {row["check"]: row for row in csv.DictReader(io.StringIO(run("export", "csv-checks").output))}
    assert (checks["question_why"]["verdict"], checks["question_loss_plot"]["earned"]) == (
        "not_attempted",
        "0",
    )
    document = json.loads(run("export", "json").output)
    jsonschema.validate(document, json.loads((ROOT / "docs/results.schema.json").read_text("utf-8")))
    ann = document["grades"][0]
    assert (document["format"], ann["points"], ann["possible"], ann["standing"]["waiting"]) == (3, 9.5, 10, 2)
    assert [check["kind"] for check in ann["checks"]].count("bonus") == 1
    moodle = run("export", "moodle", "--output", "moodle.csv").output
    assert "1 grade is written without points that still wait" in moodle
    run("export", "gradescope", "--output", "results")
    results = json.loads((place / "results" / "ann.json").read_text("utf-8"))
    tests = {test["name"]: test for test in results["tests"]}
    assert results["score"] == 9.5
    bonus = tests["ex01 · stays finite for large values (hidden) (bonus)"]
    assert (bonus["score"], bonus["max_score"]) == (2, 0)
    assert "score" not in tests["ex01 · The loss of ten steps [waits for a person: 2]"]
    give("loss_plot", 2)
    assert "Moodle cuts" in run("export", "moodle", "--output", "moodle.csv").output
    # A missed bonus fails no build.
    junit = run("export", "junit").output
    assert 'testsuite name="bob ex01" tests="14" failures="2" errors="0" skipped="1"' in junit


def test_a_gradebook_from_before_there_were_questions_is_opened(place: Path) -> None:
    file = place / "graded" / "gradebook.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE checks DROP COLUMN kind")
        connection.execute("ALTER TABLE adjustments DROP COLUMN question")
        connection.commit()
    course = load_course(place)
    with Gradebook(file, course.id) as one, Gradebook(file, course.id) as two:
        assert [grade.points for grade in one.grades(course)] == [
            grade.points for grade in two.grades(course)
        ]
    assert "Now 9.5…/10." in give("why", 2.5)


def test_students_get_the_questions_without_their_rubrics(place: Path) -> None:
    run("release", "released")
    for path in (place / "released").rglob("*"):
        assert not path.is_file() or RUBRIC not in path.read_text("utf-8")
    released = load_course(place / "released")
    assert [item.id for item in released.exercises[0].questions] == ["why", "loss_plot"]


@needs_sandbox
def test_what_a_person_gave_survives_being_graded_again(place: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    for student, code in (("ann", ANSWERED), ("cho", "")):
        (answers / student).mkdir(parents=True)
        (answers / student / "ex01.py").write_text(
            code or (place / "exercises/ex01_softmax/stub.py").read_text("utf-8")
        )
        (answers / student / "ex03.py").write_text("largest = 'B)'\nlayers = ['c', 'a']\nrate = 1 / 8\n")
    shutil.rmtree(place / "graded")
    output = run("grade", answers).output
    assert "2 answers wait for a person, with 5 pt together." in " ".join(output.split())
    give("why", 2)
    run("regrade", "--preview", "--force")
    run("regrade", "--apply")
    run("grade", answers, "--force")
    table = (place / "graded/grades.csv").read_text("utf-8")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(table))}
    assert [rows["ann"][name] for name in ("ex01", "ex03", "waiting")] == ["9", "4", "2"]
    assert [rows["cho"][name] for name in ("ex01", "ex03", "waiting")] == ["0", "4", "0"]
