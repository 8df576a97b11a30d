"""Choices and numbers with nbgrader: asked in the notebook, graded without a person, and both ways between the gradebooks."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.nbgrader import resident_judge as warm
from grader.nbgrader.build import build_course
from tests.judge.test_short_questions import write_course
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_files
from tests.support.nbgrader_course import (
    WarmFake,
    change_cell,
    hand_in,
    nbgrader_api,
    notebook,
    open_gradebook,
)

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own code
NAME = "ex03_quiz"
ANSWERS = {
    "ann": {"largest": "largest = 'exp(2)'", "layers": "layers = ['a', 'c']", "rate": "rate = '0,4242'"},
    "bob": {"largest": "largest = 'a'", "rate": "rate = f(3)"},
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a course; below it `nb`, where the quiz was released, handed in and autograded."""
    folder = write_course(tmp_path_factory.mktemp("quiz") / "course")
    loaded = load_course(folder)
    build_course(loaded, loaded.exercises[2:], folder / "nb", "en")
    api = nbgrader_api(folder / "nb")
    done = api.generate_assignment(NAME)
    assert done["success"], done
    for student, answers in ANSWERS.items():
        document = notebook(folder / "nb", NAME)
        for question, source in answers.items():
            change_cell(document, f"solution_{question}", partial(dict.update, source=source))
        hand_in(folder / "nb", student, NAME, document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm, "start_runner", lambda course, isolation, slot: WarmFake())
        for student in ANSWERS:
            done = api.autograde(NAME, student)
            assert done["success"], done
        warm.close_all()
    return folder


def scores(folder: Path, student: str) -> dict[str, tuple[float | None, bool]]:
    with open_gradebook(folder / "nb") as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student).grades
        return {
            cell.name: (cell.auto_score, bool(cell.needs_manual_grade))
            for cell in found
            if "question" in cell.name
        }


def test_the_notebook_asks_and_says_nothing_of_what_is_right(course: Path) -> None:
    released = notebook(course / "nb", NAME)
    sources = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"])
        for cell in released["cells"]
    }
    assert "- c) convolution" in sources["question_layers_prompt"]
    assert "`layers`" in sources["question_layers_prompt"]
    assert sources["solution_layers"].startswith("layers = None")
    assert not any("4242" in source or "['a', 'c']" in source for source in sources.values())
    assert "largest = None" not in sources.get("given", "")


WAITING = {
    "question_largest": (0, False),
    "question_layers": (0, False),
    "question_rate": (None, True),
}


def test_autograde_needs_no_person_but_for_what_cannot_be_read(course: Path) -> None:
    assert scores(course, "ann") == {
        "question_largest": (1, False),
        "question_layers": (1, False),
        "question_rate": (2, False),
    }
    assert scores(course, "bob") == WAITING


def test_sync_finds_the_same(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    monkeypatch.chdir(folder)
    loaded = load_course(folder)
    paths = [folder / "nb" / "submitted" / student / NAME / f"{NAME}.ipynb" for student in ANSWERS]
    copies = [Path(shutil.copy(path, tmp_path / f"{path.parts[-3]}.ipynb")) for path in paths]
    with Gradebook(folder / "graded" / "gradebook.db", loaded.id) as gradebook:
        number = gradebook.begin_run({})
        for grade in grade_files(loaded, FakeRunner(), copies, exercise=3):
            gradebook.add(number, grade, "key")
            assert grade.points == (4 if grade.student == "ann" else 0)
    done = CliRunner().invoke(
        main, ["nbgrader", "sync", "graded", "nb", "--lang", "en"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert scores(folder, "ann") == scores(course, "ann")
    assert scores(folder, "bob") == WAITING
