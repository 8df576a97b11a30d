"""Questions that a person grades, and bonus checks, with nbgrader: built, autograded, graded by hand, and both ways."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.nbgrader import resident_judge as warm
from grader.nbgrader.build import build_course
from tests.judge.test_terms import NO_SHIFT, RIGHT
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_files
from tests.support.nbgrader_course import (
    WarmFake,
    change_cell,
    hand_in,
    nbgrader_api,
    notebook,
    open_gradebook,
    put_in,
)
from tests.support.places import ASKING

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own code
NAME = "ex01_softmax"
RUBRIC = "2 for the overflow of exp"


def answer(document: dict[str, Any], code: str, why: str = "") -> None:
    put_in(document, "softmax", code)
    if why:
        change_cell(document, "question_why", lambda cell: cell.update(source=why))


def cells(folder: Path, student: str) -> dict[str, tuple[float | None, float | None, bool]]:
    """Return each cell's score, extra credit, and whether a person has to look at it."""
    with open_gradebook(folder) as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student).grades
        return {
            cell.name: (cell.auto_score, cell.extra_credit, bool(cell.needs_manual_grade)) for cell in found
        }


def score(folder: Path, student: str) -> float:
    with open_gradebook(folder) as gradebook:
        return float(round(gradebook.find_submission(NAME, student).score, 6))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a course; below it `nb`, where one exercise was released, handed in and autograded."""
    folder = tmp_path_factory.mktemp("asking") / "course"
    shutil.copytree(ASKING, folder, ignore=shutil.ignore_patterns("__pycache__"))
    loaded = load_course(folder)
    build_course(loaded, loaded.exercises[:1], folder / "nb", "en")
    api = nbgrader_api(folder / "nb")
    assert api.generate_assignment(NAME)["success"]
    for student, code, why in (("ann", RIGHT, "It overflows."), ("bob", NO_SHIFT, "")):
        document = notebook(folder / "nb", NAME)
        answer(document, code, why)
        hand_in(folder / "nb", student, NAME, document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm, "start_runner", lambda course, isolation, slot: WarmFake())
        for student in ("ann", "bob"):
            done = api.autograde(NAME, student)
            assert done["success"], done
        warm.close_all()
    return folder


@pytest.fixture
def place(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the folder in which our gradebook has the same class."""
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    monkeypatch.chdir(folder)
    loaded = load_course(folder)
    paths = [folder / "nb" / "submitted" / student / NAME / f"{NAME}.ipynb" for student in ("ann", "bob")]
    copies = [Path(shutil.copy(path, tmp_path / f"{path.parts[-3]}.ipynb")) for path in paths]
    with Gradebook(folder / "graded" / "gradebook.db", loaded.id) as gradebook:
        number = gradebook.begin_run({})
        for grade in grade_files(loaded, FakeRunner(), copies):
            gradebook.add(number, grade, "key")
    return folder


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments, "--lang", "en"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_question_is_a_cell_that_a_person_grades(course: Path) -> None:
    document = notebook(course / "nb", NAME)
    marks = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in document["cells"]}
    why, plot = marks["question_why"], marks["question_loss_plot"]
    for cell, kind, points in ((why, "markdown", 3), (plot, "code", 2)):
        about = cell["metadata"]["nbgrader"]
        assert (cell["cell_type"], about["points"]) == (kind, points)
        assert (about["grade"], about["solution"], about["locked"]) == (True, True, False)
    assert "Two sentences are enough." in marks["question_why_prompt"]["source"]
    # It is answered in its cell alone; the variable is for Python files.
    assert not any("why =" in cell["source"] for cell in document["cells"])
    assert RUBRIC not in json.dumps(document)
    assert RUBRIC in json.dumps(notebook(course / "nb", NAME, "source"))
    # The cases of a check share its points, and a bonus adds nothing to what can be reached.
    assert marks["test_equal_zeros_"]["metadata"]["nbgrader"]["points"] == 0.34
    assert marks["hidden_test_large"]["metadata"]["nbgrader"]["points"] == 0
    assert [name for name in marks if name and "random" in name] == [
        f"hidden_test_random_{number}" for number in range(1, 8)
    ]
    with open_gradebook(course / "nb") as gradebook:
        assert round(gradebook.find_assignment(NAME).max_score, 6) == 10


def test_autograded_an_answer_waits_and_a_bonus_is_extra_credit(course: Path) -> None:
    ann, bob = cells(course / "nb", "ann"), cells(course / "nb", "bob")
    assert ann["question_why"] == (None, None, True)
    assert ann["question_loss_plot"] == bob["question_why"] == (0, None, False)
    assert (ann["hidden_test_large"], bob["hidden_test_large"]) == ((0, 2, False), (0, None, False))
    assert (score(course / "nb", "ann"), score(course / "nb", "bob")) == (7, 5)


def test_points_by_hand_in_nbgrader_become_ours_with_the_comment(place: Path) -> None:
    with open_gradebook(place / "nb") as gradebook:
        gradebook.find_grade("question_why", NAME, NAME, "ann").manual_score = 2.5
        gradebook.find_comment("question_why", NAME, NAME, "ann").manual_comment = "say what overflows"
        gradebook.db.commit()
    run("nbgrader", "sync", "graded", "nb", "--manual")
    assert "say what overflows" in (history := run("history", "ann"))
    assert "override" not in history
    with Gradebook(place / "graded" / "gradebook.db", "asking") as gradebook:
        ann, _ = gradebook.grades(load_course(place))
    assert (ann.points, ann.waiting) == (9.5, 0)
    assert score(place / "nb", "ann") == 9.5
    # What was taken over is not taken over again, and a later decision of ours stands.
    run("override", "ann", "ex1", "--question", "why", "--points", "1", "--why", "copied", "--author", "kim")
    document = json.loads(run("nbgrader", "sync", "graded", "nb", "--manual", "--json"))
    assert [(item["question"], item["points"], item["is_new"]) for item in document["taken"]] == [
        ("why", 2.5, False)
    ]
    with Gradebook(place / "graded" / "gradebook.db", "asking") as gradebook:
        assert gradebook.grades(load_course(place))[0].points == 8


def test_points_by_hand_in_ours_become_nbgraders(place: Path) -> None:
    run("nbgrader", "sync", "graded", "nb")
    assert cells(place / "nb", "ann")["question_why"] == (None, None, True)
    assert cells(place / "nb", "ann")["hidden_test_large"] == (0, 2, False)
    run("override", "ann", "ex1", "--question", "why", "--points", "2", "--why", "good", "--author", "kim")
    run("nbgrader", "sync", "graded", "nb")
    assert cells(place / "nb", "ann")["question_why"] == (2, None, False)
    assert score(place / "nb", "ann") == 9
    # An override of the whole exercise is what counts there too, and is no manual score.
    run("override", "ann", "ex1", "--points", "4", "--why", "oral", "--author", "kim")
    document = json.loads(run("nbgrader", "sync", "graded", "nb", "--manual", "--json"))
    assert (score(place / "nb", "ann"), document["manual_scores"], document["taken"]) == (4, [], [])


@pytest.fixture
def imported(place: Path) -> Path:
    """Return the course, with the gradebook of an nbgrader course from which its first exercise was imported."""
    folder = place / "old"
    folder.mkdir()
    with open_gradebook(folder) as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("softmax", "ps1")
        for name, points in (("correct-softmax", 5), ("Why", 3), ("loss-plot", 2)):
            gradebook.add_grade_cell(name, "softmax", "ps1", max_score=points, cell_type="code")
            gradebook.add_solution_cell(name, "softmax", "ps1")
        for student in ("ann", "bob"):
            gradebook.add_student(student)
            gradebook.add_submission("ps1", student)
        for student, name, given in (
            ("ann", "Why", 2.5),
            ("ann", "loss-plot", 1.0),
            ("bob", "correct-softmax", 3.0),
            ("bob", "Why", 0.5),
            ("bob", "loss-plot", 0.0),
        ):
            gradebook.find_grade(name, "softmax", "ps1", student).manual_score = given
        gradebook.find_comment("Why", "softmax", "ps1", "ann").manual_comment = "say what overflows"
        gradebook.db.commit()
    return place


def scores_of(place: Path) -> dict[str, float]:
    with Gradebook(place / "graded" / "gradebook.db", "asking") as gradebook:
        return {grade.student: grade.points for grade in gradebook.grades(load_course(place))}


def test_marks_of_the_notebook_that_an_exercise_is_from_are_taken_over(imported: Path) -> None:
    before = (imported / "old" / "gradebook.db").read_bytes()
    output = run("nbgrader", "sync", "graded", "old", "--manual")
    assert "0 grades written" in output
    # 7 points of checks and 3.5 of questions; bob's checks were marked by hand too.
    assert scores_of(imported) == {"ann": 10.5, "bob": 3.5}
    assert "say what overflows" in run("history", "ann")
    assert "counts from now on" not in run("nbgrader", "sync", "graded", "old", "--manual")
    assert (imported / "old" / "gradebook.db").read_bytes() == before


def test_the_notebook_that_an_exercise_is_from_is_not_written_to(imported: Path) -> None:
    result = CliRunner().invoke(main, ["nbgrader", "sync", "graded", "old", "--lang", "en"])
    assert result.exit_code == 2
    assert "is no check of the course" in result.stderr


def test_beside_what_was_built_the_old_marks_stay_and_count_for_nothing(imported: Path) -> None:
    with open_gradebook(imported / "nb") as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("softmax", "ps1")
        gradebook.add_grade_cell("Why", "softmax", "ps1", max_score=3, cell_type="markdown")
        gradebook.add_submission("ps1", "ann")
        gradebook.find_grade("Why", "softmax", "ps1", "ann").manual_score = 1
        gradebook.find_grade("question_why", NAME, NAME, "ann").manual_score = 2.5
        gradebook.db.commit()
    run("nbgrader", "sync", "graded", "nb", "--manual")
    assert scores_of(imported)["ann"] == 9.5
    assert score(imported / "nb", "ann") == 9.5
    with open_gradebook(imported / "nb") as gradebook:
        assert gradebook.find_submission("ps1", "ann").score == 1
