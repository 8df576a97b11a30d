from __future__ import annotations

from pathlib import Path

import pytest

from grader.model import Course
from tests.support.handin import Class, hand_in


def submit(folder: Path, student: str, assignment: str, notebook: str, timestamp: str) -> None:
    """Write what nbgrader collects of one student."""
    hand_in(folder / student / assignment, notebook, "submission_secret.txt")
    if timestamp:
        (folder / student / assignment / "timestamp.txt").write_text(timestamp)


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """Return the folder `submitted` of an nbgrader course, with the folders that lie beside it."""
    folder = tmp_path / "nbgrader" / "submitted"
    submit(folder, "bitdiddle", "maxpool-1", "problem1.ipynb", "2015-02-02 15:58:23.948203 UTC")
    submit(folder, "hacker", "ps1", "ex02.ipynb", "2015-02-03 01:00:00 +0900\n")
    submit(folder, "reasoner", "ex03", "ex03.ipynb", "")
    hand_in(tmp_path / "nbgrader", "source/ps1/ex02.ipynb", "release/ps1/ex02.ipynb", "gradebook.db")
    return folder


@pytest.mark.parametrize("form", ["auto", "nbgrader"])
@pytest.mark.parametrize("given", ["submitted", "course"])
def test_the_assignment_or_the_notebook_names_the_exercise(
    form: str, given: str, submitted: Path, tiny: Course, tmp_path: Path
) -> None:
    source = submitted if given == "submitted" else submitted.parent
    result = Class(tiny, source, tmp_path / "work", form=form)
    assert result.taken == {
        "bitdiddle ex02": ["problem1.ipynb"],
        "hacker ex02": ["ex02.ipynb"],
        "reasoner ex03": ["ex03.ipynb"],
    }
    assert result.times == {
        "bitdiddle ex02": ["2015-02-02T15:58:23.948203+00:00"],
        "hacker ex02": ["2015-02-03T01:00:00+09:00"],
        "reasoner ex03": ["2026-03-02T10:00:00+00:00"],
    }
    assert result.notes == [("taken_as", "bitdiddle/maxpool-1/problem1.ipynb")]


def test_of_several_nameless_notebooks_none_is_taken(submitted: Path, tiny: Course, tmp_path: Path) -> None:
    hand_in(submitted, "bitdiddle/maxpool-1/problem2.ipynb")
    result = Class(tiny, submitted, tmp_path / "work")
    assert "bitdiddle ex02" not in result.taken
    assert "bitdiddle" in result.students
    assert [kind for kind, _ in result.notes] == ["one_of_several"] * 2


@pytest.mark.parametrize("text", ["", "tomorrow", "2015-02-02 15:58:23 XYZ", "\x00\xff"])
def test_a_timestamp_that_cannot_be_read_is_noted(
    text: str, submitted: Path, tiny: Course, tmp_path: Path
) -> None:
    (submitted / "hacker" / "ps1" / "timestamp.txt").write_text(text, encoding="latin-1")
    result = Class(tiny, submitted, tmp_path / "work")
    assert result.times["hacker ex02"] == ["2026-03-02T10:00:00+00:00"]
    assert ("bad_timestamp", "hacker/ps1/timestamp.txt") in result.notes


def test_an_assignment_may_be_a_number(submitted: Path, tiny: Course, tmp_path: Path) -> None:
    submit(submitted, "alyssa", "1", "answer.ipynb", "2015-02-02 15:58:23 UTC")
    assert Class(tiny, submitted, tmp_path / "work").taken["alyssa ex01"] == ["answer.ipynb"]


def test_where_nbgraders_form_is_asked_for_other_files_are_noted(
    submitted: Path, tiny: Course, tmp_path: Path
) -> None:
    hand_in(submitted, "hacker/ex01.py", "notes.txt")
    result = Class(tiny, submitted, tmp_path / "work", form="nbgrader")
    assert "hacker ex01" not in result.taken
    assert [item for item in result.notes if item[0] == "not_of_form"] == [
        ("not_of_form", "hacker/ex01.py"),
        ("not_of_form", "notes.txt"),
    ]
    assert Class(tiny, submitted, tmp_path / "work").taken["hacker ex01"] == ["ex01.py"]
