"""What an earlier version wrote is still read: the files of `made_before/`, which version 0.1.0 made."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.messages.sentences import explain
from grader.model import Adjustment, CheckResult, Course, Grade, LatePolicy, Limits
from grader.nbgrader import resident_judge as warm
from grader.notebook_course.manual import read_manual_scores
from grader.notebook_split import split_notebook
from grader.reports.pages.student import student_page
from grader.reports.views import student_view
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_text, reference_of, result_of
from tests.support.nbgrader_course import WarmFake, nbgrader_api, open_gradebook
from tests.support.places import ROOT

MADE = Path(__file__).parent / "made_before"
SCHEMA = ROOT / "docs" / "results.schema.json"
AFFINE = """
import numpy as np


def affine(x, factor=2.0, offset=0.0):
    if isinstance(x, str):
        raise TypeError(x)
    return np.asarray(x) * float(factor) + offset


def pooled(x):
    return x.reshape(1, x.shape[1] // 2, 2, x.shape[2] // 2, 2, 1).max(axis=(2, 4))
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a copy of all that was made before, to be written into."""
    folder = tmp_path / "made_before"
    shutil.copytree(MADE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def course(made: Path) -> Course:
    return load_course(made / "course")


def read_back(path: Path, course: Course) -> dict[str, Any]:
    """Return what a gradebook holds, as it is kept in expected.json."""
    with Gradebook(path, course.id) as gradebook:
        return {
            "grades": [grade_facts(grade) for grade in gradebook.grades(course)],
            "after_the_first_run": [grade_facts(grade) for grade in gradebook.grades(course, until=1)],
            "attempts": [
                {"student": item.student, "exercise": item.exercise, "path": item.path, "digest": item.digest}
                | {"at": moment(item.submitted_at), "content": gradebook.content(item.digest).decode()}
                for item in gradebook.attempts()
            ],
            "adjustments": [adjustment_facts(item) for item in gradebook.adjustments()],
            "runs": [
                {"number": run.number, "state": run.state, "settings": run.settings, "grades": run.grades}
                | {"started_at": moment(run.started_at), "finished_at": moment(run.finished_at)}
                for run in gradebook.runs()
            ],
            "history": {
                student: [
                    [run.number, grade.exercise, grade.verdict.value, grade.points, moment(grade.graded_at)]
                    for run, grade in gradebook.past_grades(student)
                ]
                for student in gradebook.students()
            },
        }


def moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def adjustment_facts(item: Adjustment | None) -> dict[str, Any] | None:
    if item is None:
        return None
    moments = ("made_at", "until", "withdrawn_at")
    facts = asdict(item) | {name: moment(getattr(item, name)) for name in moments}
    # What came later says nothing of what was decided then.
    assert facts.pop("question") == ""
    return facts


def grade_facts(grade: Grade) -> dict[str, Any]:
    standing = grade.standing
    assert standing is not None
    return {
        "student": grade.student,
        "exercise": grade.exercise,
        "points": None if grade.is_open else grade.points,
        "possible": grade.possible,
        "verdict": grade.verdict.value,
        "path": grade.path,
        "notes": [note.key for note in grade.notes],
        "earned": standing.earned,
        "attempt": [standing.attempt, standing.attempts],
        "percent_off": None if standing.late is None else standing.late.percent,
        "override": adjustment_facts(standing.override),
        "extension": adjustment_facts(standing.extension),
        "comments": [adjustment_facts(item) for item in standing.comments],
        "checks": [check_facts(check) for check in grade.checks],
    }


def check_facts(check: CheckResult) -> dict[str, Any]:
    """Return what there is of a check, without the sentences of the catalogue, which may be mended."""
    why, mistake = check.explanation, check.misconception
    facts: dict[str, Any] = {"name": check.name, "title": [check.title["en"], check.title["ko"]]}
    facts |= {
        "visible": check.visible,
        "verdict": check.verdict.value,
        "points": [check.earned, check.points],
    }
    facts |= {"call": check.call, "output": check.output}
    facts["mistake"] = None if mistake is None else [mistake.id, mistake.text["en"], mistake.text["ko"]]
    facts["why"] = None if why is None else [why.key, why.values]
    if why is not None and why.difference is not None:
        found, window = why.difference, why.difference.window
        facts["difference"] = {
            "aspect": found.aspect,
            "cells": [found.actual.cells, found.expected.cells],
            "shapes": [found.actual.shape, found.expected.shape],
            "wrong": found.wrong,
            "first": [[place.index, place.actual, place.expected] for place in found.first],
            "relation": None if found.relation is None else [found.relation.key, found.relation.values],
            "window": None if window is None else [window.rows, window.columns, window.view.cells],
        }
    return facts


def test_the_gradebook_holds_what_it_held(made: Path, course: Course) -> None:
    expected = json.loads((made / "expected.json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(read_back(made / "gradebook.db", course)))
    for part in expected:
        assert found[part] == expected[part], part


def test_a_gradebooks_students_get_their_pages(made: Path, course: Course) -> None:
    with Gradebook(made / "gradebook.db", course.id) as gradebook:
        grades = gradebook.grades(course)
    mistakes = 0
    for grade in grades:
        row = {grade.exercise: grade}
        pages = [
            student_page(course, grade.student, row, student_view, language=language)
            for language in ("en", "ko")
        ]
        for check in grade.checks:
            assert all(check.title["en"] in page for page in pages)
            assert check.explanation is None or explain(check.explanation, "ko")
            mistakes += check.misconception is not None and check.misconception.text["ko"] in pages[1]
    assert mistakes == 2


def test_the_results_of_a_class_are_valid() -> None:
    document = json.loads((MADE / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert len({grade["student"] for grade in document["grades"]}) == 8


def test_a_course_with_every_field_is_read(course: Course) -> None:
    assert (course.id, course.language, course.attempts) == ("made-before", "ko", "best")
    assert (course.timezone, course.late_policy) == ("Asia/Seoul", LatePolicy(10, 50, 30))
    assert course.title.in_language("ko") == "0.1.0 버전의 강좌"
    assert course.runner.preload == ("numpy", "numpy.linalg")
    assert course.runner.environment == {"OMP_NUM_THREADS": "1"}
    assert course.runner.optional_modules == ("matplotlib", "google.colab")
    assert [item.id for item in course.exercises] == ["ex01", "ex02", "ex03", "ex04", "ex05"]
    first, *_, affine, layer = course.exercises
    assert moment(first.due) == "2026-12-01T23:59:00+09:00"
    assert first.banned == {"row_sums": ("np.sum", "np.einsum", "*.sum")}
    assert (affine.title["en"], affine.points, affine.seed) == ("Affine maps", 6.5, 7)
    assert affine.limits == Limits(2, 1.5, 5, 12, 96, 2, 16, 8, 2)
    assert affine.data_folder is not None
    assert layer.functions == ("dense",)


def test_checks_and_misconceptions_are_read(course: Course) -> None:
    with reference_of(course, course.exercises) as side:
        names = {
            exercise.id: [
                (item.name, item.points, item.title.in_language("en"), item.title.in_language("ko"))
                for item in side.checks.blank_results(exercise)
            ]
            for exercise in course.exercises
        }
        mistakes = side.misconceptions(course.exercises[3])
    assert {id: len(found) for id, found in names.items()} == {
        "ex01": 5,
        "ex02": 2,
        "ex03": 2,
        "ex04": 7,
        "ex05": 2,
    }
    assert names["ex04"][1] == ("test_axes", 0.5, "the result has two axes", "결과의 축은 두 개이다")
    assert [(item.id, item.functions, item.same_as) for item in mistakes] == [
        ("offset-first", ("affine",), None),
        ("offset-times-factor", ("affine",), "offset-first"),
        ("smallest", ("affine", "pooled"), None),
    ]
    assert mistakes[0].text.in_language("ko") == "곱하기 전에 더했습니다. 더하기는 마지막입니다."


def test_an_answer_is_graded_by_checks_of_before(course: Course, tmp_path: Path) -> None:
    assert grade_text(course, FakeRunner(), tmp_path, AFFINE, exercise=4).points == 6.5
    wrong = AFFINE.replace("np.asarray(x) * float(factor) + offset", "(np.asarray(x) + offset) * factor")
    result = result_of(grade_text(course, FakeRunner(), tmp_path, wrong, exercise=4), "example")
    assert result.misconception is not None
    assert result.misconception.id == "offset-first"
    assert result.explanation is not None
    assert result.explanation.difference is not None
    window = result.explanation.difference.window
    assert window is not None
    assert (window.rows, window.columns, window.view.cells) == ((0, 1), (0, 1), ("1",))


def test_a_released_course_gives_a_right_answer_full_points(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made / "released")
    Path("ex04.py").write_text(AFFINE, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "ex4", "--isolation", "none", "--lang", "en"])
    assert (result.exit_code, "points: 2.5 / 2.5" in result.output) == (0, True), result.output


@pytest.fixture
def nbgrader_course(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of an nbgrader course that was built before, graded by fakes in this process."""
    monkeypatch.setattr(warm, "start_runner", lambda course, isolation, slot: WarmFake())
    yield made / "nbgrader"
    warm.close_all()


@pytest.mark.filterwarnings("ignore")  # nbgrader's own code, under newer libraries than it was written for
def test_an_nbgrader_course_is_generated_graded_and_read(nbgrader_course: Path, course: Course) -> None:
    name = "ex01_row_sums"
    api = nbgrader_api(nbgrader_course)
    for answer in (api.generate_assignment(name), api.autograde(name, "kim-minjun")):
        assert answer["success"], answer
    with open_gradebook(nbgrader_course) as gradebook:
        notebook = gradebook.find_submission_notebook(name, name, "kim-minjun")
        scores = {grade.name: grade.auto_score for grade in notebook.grades}
        next(grade for grade in notebook.grades if grade.name == "test_example").manual_score = 0.5
        gradebook.db.commit()
        assert gradebook.find_assignment(name).duedate is not None
    hidden = ("hidden_test_random", "hidden_test_one_column", "hidden_test_no_table")
    assert scores == {"test_example": 0, "test_scale": 1, **dict.fromkeys(hidden, 0)}
    (score,) = read_manual_scores(course, nbgrader_course)
    assert (score.student, score.exercise, score.check) == ("kim-minjun", "ex01", "test_example")
    assert (score.auto_score, score.manual_score) == (0, 0.5)


def test_a_notebook_of_a_built_course_is_split(nbgrader_course: Path, course: Course) -> None:
    path = nbgrader_course / "submitted" / "kim-minjun" / "ex01_row_sums" / "ex01_row_sums.ipynb"
    assert list(split_notebook(course, path.read_text(encoding="utf-8")).parts) == ["ex01"]
