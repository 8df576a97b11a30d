"""Figures and files of checks that did not pass, and pictures of answers: seen by an instructor, and by nobody else."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.course.load import load_course
from grader.files.png import remade_png
from grader.gradebook.store import Gradebook
from grader.model import Course, Grade, Verdict
from grader.reports.pages.class_report import class_report
from grader.reports.views import instructor_view, student_view
from grader.runner.inside import worker
from grader.runner.inside.written import Written
from tests.files.test_png import PLAIN
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_files, grade_text, result_of
from tests.support.places import ASKING

_STUB = """
def draw(x):
    raise NotImplementedError


def write(text):
    raise NotImplementedError
"""
_RIGHT = """
from matplotlib import pyplot as plt


def draw(x):
    plt.plot(x)
    plt.title("Loss")


def write(text):
    with open("report.html", "w") as file:
        file.write(text)
"""
_VISIBLE = """
from grader import assert_plot, check, last_call


@check(points=1, en="draws three values")
def test_three(submission):
    submission.draw([3.0, 2.0, 1.0])
    assert_plot(last_call(submission).figure, lines=[[3.0, 2.0, 1.0]], title="loss")
"""
_HIDDEN = """
from grader import assert_plot, check, last_call


@check(points=2, en="draws any values")
def test_any(submission, reference, rng):
    x = rng.normal(size=5).tolist()
    submission.draw(x)
    assert_plot(last_call(submission).figure, lines=[x])


@check(points=1, en="writes a report")
def test_report(submission):
    submission.write("<p>4711</p>")
    assert last_call(submission).files["report.html"] == b"<p>4711</p>"
"""
_MISTAKES = """
from matplotlib import pyplot as plt

from grader.misconceptions import misconception


@misconception("reversed", en="Your values are the wrong way round.")
def draw(x):
    plt.plot(x[::-1])
    plt.title("Loss")
"""


@pytest.fixture(autouse=True)
def _files_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what the fake runner calls write into a folder of the test's, as the sandbox does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(worker, "Written", lambda *_: Written(1 << 20, str(tmp_path)))


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course whose third exercise draws and returns nothing."""
    pytest.importorskip("matplotlib.pyplot")
    root = tmp_path_factory.mktemp("drawing") / "course"
    shutil.copytree(ASKING, root, ignore=shutil.ignore_patterns("__pycache__"))
    exercise, solution = root / "exercises" / "ex03_quiz", root / "solutions" / "ex03_quiz"
    for path, text in (
        (exercise / "stub.py", _STUB),
        (exercise / "test_ex03.py", _VISIBLE),
        (solution / "solution.py", _RIGHT),
        (solution / "test_ex03_hidden.py", _HIDDEN),
        (solution / "misconceptions.py", _MISTAKES),
    ):
        path.write_text(text, encoding="utf-8")
    # The first figure of a process takes a second; what took longer than its limit is not asked of mistakes.
    settings = (root / "course.yml").read_text(encoding="utf-8")
    (root / "course.yml").write_text(
        settings.replace("call_seconds: 1,", "call_seconds: 60,"), encoding="utf-8"
    )
    return load_course(root)


def graded(course: Course, folder: Path, code: str) -> Grade:
    return grade_text(course, FakeRunner(), folder, code, exercise=3)


def test_a_figure_that_was_left_open_is_looked_at(drawing: Course, tmp_path: Path) -> None:
    grade = graded(drawing, tmp_path, _RIGHT)
    assert (grade.points, grade.verdict) == (4, Verdict.PASSED)
    assert not any(check.attachments for check in grade.checks)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (_RIGHT.replace('plt.title("Loss")', "plt.close()"), "plot.none_open"),
        (_RIGHT.replace("plt.plot(x)", "plt.figure()"), "plot.line"),
        (_RIGHT.replace('plt.title("Loss")', ""), "plot.unwritten"),
    ],
)
def test_a_figure_that_is_not_as_wanted_says_why(
    drawing: Course, tmp_path: Path, code: str, key: str
) -> None:
    why = result_of(graded(drawing, tmp_path, code), "three").explanation
    assert why is not None
    assert why.key == key


def test_a_mistake_in_a_figure_that_is_returned_by_nobody_is_named(drawing: Course, tmp_path: Path) -> None:
    grade = graded(drawing, tmp_path, _RIGHT.replace("plt.plot(x)", "plt.plot(x[::-1])"))
    found = result_of(grade, "three").misconception
    assert found is not None
    assert found.id == "reversed"


def failing(course: Course, folder: Path) -> Grade:
    code = _RIGHT.replace("plt.plot(x)", "plt.plot(x[::-1])").replace(
        "write(text)\n", "write('<script>alert(1)</script>' + text)\n"
    )
    return graded(course, folder, code)


def test_figures_and_files_are_the_instructors_alone(drawing: Course, tmp_path: Path) -> None:
    grade = failing(drawing, tmp_path)
    kinds = {check.name: [file.kind for file in check.attachments] for check in grade.checks}
    assert kinds == {"test_three": ["picture"], "test_any": ["picture"], "test_report": ["text"]}
    picture = base64.b64decode(result_of(grade, "three").attachments[0].content)
    assert remade_png(picture) == picture
    assert [view.attachments for view in instructor_view(grade.checks)] == [
        check.attachments for check in grade.checks
    ]
    assert not any(view.attachments for view in student_view(grade.checks))


def test_the_gradebook_keeps_them_and_the_report_shows_them_as_they_are(
    drawing: Course, tmp_path: Path
) -> None:
    grade = replace(failing(drawing, tmp_path), student="ann")
    with Gradebook(tmp_path / "gradebook.db", "drawing") as gradebook:
        gradebook.add(gradebook.begin_run({}), grade, "key")
        (kept,) = gradebook.grades(drawing)
    assert [check.attachments for check in kept.checks] == [check.attachments for check in grade.checks]
    pages = dict(class_report(drawing, [kept], None))
    (page,) = (text for name, text in pages.items() if name.startswith("students/"))
    assert page.count('src="data:image/png;base64,') == page.count(" src=") == 2
    assert "img-src data:;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;4711" in page
    assert page.count("<script>") == 1


class _Cell(dict[str, Any]):
    """A cell of code with what it shows."""

    def __init__(self, source: str, *outputs: Any) -> None:
        super().__init__(
            cell_type="code", execution_count=None, metadata={}, source=source, outputs=list(outputs)
        )


def shows(content: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": content}}


def test_the_picture_of_an_answer_is_taken_out_of_the_notebook(asking: Course, tmp_path: Path) -> None:
    encoded = base64.b64encode(PLAIN).decode()
    heading = {"cell_type": "markdown", "metadata": {}, "source": "## The loss of ten steps"}
    svg = {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": "<svg/>"}}
    cells = [
        _Cell("other()", shows(encoded)),
        heading,
        _Cell("plot(losses)", svg, shows("no base64 !"), shows([encoded[:8], encoded[8:]]), shows(7)),
        {**heading, "source": "## Another"},
        _Cell("last()", shows(encoded)),
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path = tmp_path / "answer.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (grade,) = grade_files(asking, FakeRunner(), [path])
    plot = next(check for check in grade.checks if check.name == "question_loss_plot")
    assert plot.verdict is Verdict.WAITING
    pictures = [file for file in plot.attachments if file.kind == "picture"]
    assert [(file.name, base64.b64decode(file.content)) for file in pictures] == [
        ("cell_2.png", remade_png(PLAIN))
    ]
    assert not any(view.attachments for view in student_view(grade.checks))
