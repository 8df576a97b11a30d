from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from click.testing import CliRunner, Result

from grader.answers.file import read_submission
from grader.cli import COMMANDS, main
from grader.model import Exercise, Grade, Verdict
from grader.warm.judge import Checked
from tests.support.places import ROOT, TINY


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", language], catch_exceptions=False)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def course(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a copy of the tiny course."""
    folder = elsewhere / "course"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    return folder


def test_no_course_is_explained(elsewhere: Path) -> None:
    result = run("check", "ex1")
    assert result.exit_code == 2
    assert "There is no course.yml" in result.stderr
    assert "--course" in result.stderr


def test_no_course_is_explained_in_korean(elsewhere: Path) -> None:
    result = run("check", "ex1", language="ko")
    assert result.exit_code == 2
    assert "course.yml이 없습니다" in result.stderr


def test_an_unknown_exercise_lists_those_that_are_there(course: Path) -> None:
    result = run("check", "ex77")
    assert result.exit_code == 2
    assert "There is no exercise 'ex77'" in result.stderr
    assert "ex01 (" in result.stderr


def test_no_answer_says_how_to_begin(course: Path) -> None:
    result = run("check", "ex1")
    assert result.exit_code == 2
    assert "ex01.py, ex01.ipynb" in result.stderr
    assert "grader reset ex01" in result.stderr


def test_two_answers_are_not_guessed_between(course: Path) -> None:
    for name in ("ex01.py", "ex01.ipynb"):
        (course / name).write_text("")
    result = run("check", "ex1")
    assert result.exit_code == 2
    assert "--file" in result.stderr


def notebook(*sources: str) -> str:
    """Return a notebook; what begins with ## is a heading."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown" if source.startswith("##") else "code", "metadata": {}, "source": source}
        for source in sources
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


BOTH = notebook("## ex01", "def row_sums(x):\n    pass", "## ex02", "!ls", "def max_pool(x):\n    return x")


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the judge; return the code of what is handed to it."""
    seen: list[str] = []

    class FakeJudge(contextlib.nullcontext["FakeJudge"]):
        def __init__(self, *_: object, **__: object) -> None:
            super().__init__(self)

        def check(self, exercise: Exercise, path: Path) -> Checked:
            source = read_submission(path)
            seen.append("\n".join(unit.code for unit in (*source.units, *source.helpers)).strip())
            return Checked(Grade("", exercise.id, 3, 3, Verdict.PASSED, (), path=str(path)), None)

    monkeypatch.setattr("grader.warm.door.WarmJudge", FakeJudge)
    return seen


@pytest.mark.parametrize(("possible", "code"), [(0, 0), (3, 2)])
def test_without_a_visible_check_nothing_is_wrong_and_a_failure_of_ours_is_none_passed(
    possible: float, code: int, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "ex01.py").write_text("answer = 3\n", encoding="utf-8")
    grade = Grade("", "ex01", 0, possible, Verdict.UNGRADED, ())

    @contextlib.contextmanager
    def judge_for(*_: object, **__: object) -> Iterator[Callable[[Exercise, Path], Checked]]:
        yield lambda exercise, path: Checked(grade, None)

    monkeypatch.setattr("grader.warm.door.judge_for", judge_for)
    result = run("check", "ex1")
    assert (result.exit_code, "nothing to check here" in result.output) == (code, code == 0)
    assert "passed" not in result.output


@pytest.mark.parametrize("name", ["homework.ipynb", "과제.IPYNB"])
@pytest.mark.parametrize("how", ["by its name", "found"])
def test_an_exercises_part_of_a_notebook_is_checked(
    name: str, how: str, course: Path, judged: list[str]
) -> None:
    (course / name).write_text(BOTH)
    (course / "notes.ipynb").write_text("{")
    result = run("check", "ex2", *(["--file", name] if how == "by its name" else []))
    assert result.exit_code == 0
    assert judged == ["get_ipython().system('ls')\n\ndef max_pool(x):\n    return x"]
    assert f"Checking {name} for ex02" in result.stdout


def test_a_module_in_the_answers_folder_is_checked_with_it(course: Path, judged: list[str]) -> None:
    (course / "ex02.py").write_text("from helper import half\nimport json\n")
    (course / "helper.py").write_text("half = 1\n")
    (course / "json.py").write_text("")
    result = run("check", "ex2")
    assert result.exit_code == 0
    assert judged == ["from helper import half\nimport json\n\nhalf = 1"]
    assert "json.py: never imported" in result.stdout


def test_feedback_is_appended_to_a_summary(course: Path, judged: list[str]) -> None:
    (course / "ex02.py").write_text("def max_pool(x):\n    return x\n")
    (course / "summary.md").write_text("before\n")
    assert run("check", "ex2", "--summary", "summary.md", "--json").exit_code == 0
    lines = (course / "summary.md").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["before", "## ex02 · Max pooling: 2x2 windows"]
    assert run("check", "ex2", "--summary", "no/folder/summary.md").exit_code == 2


def test_all_answers_of_the_folder_are_checked(course: Path, judged: list[str]) -> None:
    for name in ("ex03.py", "ex01_final.py", "notes.py", "homework.ipynb"):
        (course / name).write_text(BOTH if name.endswith("ipynb") else f"# {name}\n")
    result = run("check")
    assert result.exit_code == 0
    assert len(judged) == 3
    lines = result.stdout.splitlines()
    assert [line.split()[1] for line in lines[1:4]] == ["ex01", "ex02", "ex03"]
    assert "2026-12-01 14:59 UTC" in lines[2]
    assert lines[-1] == "Every exercise here passes its checks."
    assert all(line == line.rstrip() for line in lines)


def test_no_answer_in_the_folder(course: Path, judged: list[str]) -> None:
    result = run("check")
    assert result.exit_code == 2
    assert f"There is no answer in {course}" in result.stderr


def test_two_answers_to_one_exercise_keep_no_other_from_its_check(course: Path, judged: list[str]) -> None:
    for name in ("ex01.py", "ex01.ipynb", "ex02.py"):
        (course / name).write_text("")
    result = run("check")
    assert result.exit_code == 2
    assert len(judged) == 1
    assert "There are two answers, ex01.ipynb and ex01.py" in result.stderr


@pytest.mark.parametrize(
    ("words", "checked"),
    [
        (["ex02.py"], ["# ex02.py"]),
        (["ex2", "week/mine.ipynb"], ["# ex02.py", "x = 1\ndef row_sums(x):\n    return x"]),
        (["week"], ["x = 1\ndef row_sums(x):\n    return x", "# week/ex03.py"]),
        (["exercises/ex02_maxpool_1/"], ["# ex02.py"]),
        (["./ex02.py", "maxpool-1"], ["# ex02.py"]),
    ],
)
def test_answers_have_many_names(
    course: Path, judged: list[str], words: list[str], checked: list[str]
) -> None:
    (course / "week").mkdir()
    (course / "week" / "mine.ipynb").write_text(notebook("x = 1", "def row_sums(x):\n    return x"))
    for name in ("ex02.py", "week/ex03.py"):
        (course / name).write_text(f"# {name}\n")
    assert run("check", *words).exit_code == 0
    assert judged == checked


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["helper.py"], "Nothing in helper.py says which exercise it answers"),
        (["nothing.py"], "nothing.py cannot be read: No such file"),
        (["empty"], "There is no answer in empty"),
        (["--file", "helper.py"], "Name that exercise too"),
        (["ex1", "ex2", "--file", "helper.py"], "Name that exercise too"),
    ],
)
def test_a_name_that_means_no_answer(course: Path, words: list[str], message: str) -> None:
    (course / "helper.py").write_text("x = 1\n")
    (course / "empty").mkdir()
    result = run("check", *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_json_has_the_exercises_that_were_asked_for(course: Path, judged: list[str]) -> None:
    (course / "ex03.py").write_text("")
    results = json.loads(run("check", "ex3", "--json").stdout)
    assert [item["id"] for item in results["exercises"]] == ["ex03"]
    assert [item["exercise"] for item in results["grades"]] == ["ex03"]
    jsonschema.validate(results, json.loads((ROOT / "docs" / "results.schema.json").read_text()))


def test_a_notebook_with_headings_for_other_exercises_is_not_checked(course: Path, judged: list[str]) -> None:
    (course / "homework.ipynb").write_text(BOTH)
    result = run("check", "ex3", "--file", "homework.ipynb")
    assert result.exit_code == 2
    assert "headings for several exercises (ex01, ex02) and nothing for ex03" in result.stderr
    assert judged == []


def test_a_notebook_without_headings_is_checked_as_a_whole(course: Path, judged: list[str]) -> None:
    (course / "homework.ipynb").write_text(notebook("x = 1", "def max_pool(x):\n    return x"))
    assert run("check", "ex3").exit_code == 0
    assert judged == ["x = 1\ndef max_pool(x):\n    return x"]


@pytest.mark.parametrize("heading", ["## Question 4", "## 연습 1"])
@pytest.mark.parametrize("how", ["by its name", "found"])
def test_a_notebook_that_counts_otherwise_is_checked_as_a_whole(
    heading: str, how: str, course: Path, judged: list[str]
) -> None:
    (course / "homework.ipynb").write_text(notebook("x = 1", heading, "def max_pool(x):\n    return x"))
    assert run("check", "ex3", *(["--file", "homework.ipynb"] if how == "by its name" else [])).exit_code == 0
    assert judged == ["x = 1\ndef max_pool(x):\n    return x"]


@pytest.mark.parametrize("name", ["ex03_final.py", "Copy of ex03.ipynb", "내_maxpool-2.ipynb"])
def test_an_answer_with_the_exercise_in_its_name_is_found(name: str, course: Path, judged: list[str]) -> None:
    (course / name).write_text(notebook("x = 1") if name.endswith("ipynb") else "x = 1")
    (course / "homework.ipynb").write_text(notebook("## ex03", "def max_pool(x):\n    return x"))
    result = run("check", "ex3")
    assert result.exit_code == 0
    assert f"Checking {name} for ex03" in result.stdout


def test_two_notebooks_are_not_guessed_between(course: Path, judged: list[str]) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        (course / name).write_text(BOTH)
    result = run("check", "ex2")
    assert result.exit_code == 2
    assert "There are two answers, a.ipynb and b.ipynb" in result.stderr


def test_an_answer_may_be_named_in_capitals(course: Path, judged: list[str]) -> None:
    (course / "EX02.IPYNB").write_text(notebook("y = 1", "def max_pool(x):\n    return x"))
    assert run("check", "ex2").exit_code == 0
    assert run("check", "ex2", "--file", "EX02.IPYNB").exit_code == 0
    assert judged == ["y = 1\ndef max_pool(x):\n    return x"] * 2


@pytest.mark.parametrize(
    ("name", "message"),
    [("answer.txt", "neither a Python file nor a notebook"), ("nothing.py", "cannot be read: No such file")],
)
def test_a_file_that_cannot_be_an_answer(course: Path, name: str, message: str) -> None:
    (course / "answer.txt").write_text("")
    result = run("check", "ex1", "--file", name)
    assert result.exit_code == 2
    assert message in result.stderr


def test_every_fault_of_course_yml_is_reported_and_nothing_is_written(course: Path) -> None:
    text = (course / "course.yml").read_text(encoding="utf-8")
    (course / "course.yml").write_text(text.replace("format: 1", "format: 7\ncolour: red"), encoding="utf-8")
    (course / "submissions" / "ann").mkdir(parents=True)
    result = run("grade", "submissions")
    assert result.exit_code == 2
    assert "course.yml: line 2, format: " in result.stderr
    assert "course.yml: line 3, colour: is no field of a course" in result.stderr
    assert not (course / "graded").exists()


def test_an_empty_submissions_folder_says_what_is_expected(course: Path) -> None:
    (course / "submissions" / "ann").mkdir(parents=True)
    result = run("grade", "submissions")
    assert result.exit_code == 2
    assert "submissions/<student>/ex01.py" in result.stderr
    assert not (course / "graded").exists()


def test_a_missing_submissions_folder(course: Path) -> None:
    result = run("grade", "nowhere")
    assert result.exit_code == 2
    assert "There is no folder and no zip nowhere" in result.stderr


def test_a_students_course_cannot_grade(course: Path) -> None:
    shutil.rmtree(course / "solutions")
    result = run("grade", "submissions")
    assert result.exit_code == 2
    assert "grader check" in result.stderr


def test_a_gradebook_that_is_none_is_left_alone(course: Path) -> None:
    (course / "submissions" / "ann").mkdir(parents=True)
    (course / "submissions" / "ann" / "ex01.py").write_text("")
    (course / "graded").mkdir()
    (course / "graded" / "gradebook.db").write_text("not a database, and longer than a header")
    result = run("grade", "submissions")
    assert result.exit_code == 2
    assert "cannot be opened" in result.stderr
    assert (course / "graded" / "gradebook.db").read_text().startswith("not a database")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_where_the_list_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name


def test_an_unknown_command_is_refused() -> None:
    result = run("grad")
    assert result.exit_code == 2
    assert "No such command 'grad'. Did you mean grade?" in result.stderr


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["nbgrader", "buidl"], "build"),
        (["export", "gradescop"], "gradescope"),
        (["grade", "in", "--from", "moodel"], "moodle"),
        (["check", "--isolation", "ful"], "full"),
        (["check", "maxpol-2"], "maxpool-2"),
        (["check", "maxpol-2.py"], "maxpool-2"),
        (["grade", "in", "--exercise", "row-sum"], "row-sums"),
    ],
)
def test_what_is_mistyped_is_answered_with_the_nearest(course: Path, words: list[str], near: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert f"Did you mean {near}?" in result.stderr


ALL_HELP = """
import contextlib, io, sys
before = {*sys.modules}
from grader.cli import COMMANDS, main
from grader.commands.nbgrader import nbgrader
for words in [[], *([name] for name in COMMANDS), *(["nbgrader", name] for name in nbgrader.commands)]:
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        main([*words, "--help"], prog_name="grader", standalone_mode=False)
    assert shown.getvalue().startswith("Usage: grader"), words
print(*{*sys.modules} - before)
"""


def test_help_imports_nothing_that_takes_time() -> None:
    command = [sys.executable, "-c", ALL_HELP]
    environment = os.environ | {"GRADER_LANG": "en"}
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    loaded = {name.split(".")[0] for name in ran.stdout.split()}
    assert loaded - sys.stdlib_module_names - {"grader"} == {"click"}
    assert (
        loaded & {"asyncio", "concurrent", "email", "sqlite3", "unittest", "xml", "zipfile", "zoneinfo"}
        == set()
    )
    assert "importlib.metadata" not in ran.stdout.split()


def test_what_is_not_called_is_not_imported(tmp_path: Path) -> None:
    """Half of what an unchanged class costs would be imports that it does not need."""
    code = """if True:
        import sys
        from grader.cli import main
        main(sys.argv[1:], standalone_mode=False)
        print(*sys.modules)
    """
    command = [sys.executable, "-c", code, "grade", str(tmp_path / "nowhere"), "--course", str(TINY)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = ran.stdout.split()
    assert "grader.grading.run" in loaded
    assert {"numpy", "pytest", "jinja2", "nbformat", "grader.judge.judge"} & set(loaded) == set()


def test_help_is_in_the_readers_language() -> None:
    assert "Auto-graded homework" in CliRunner().invoke(main, ["--help"]).output
    assert "grader check ex3" in run("check", "--help").output


def test_the_exercises_are_completed(course: Path) -> None:
    completion = {"_GRADER_COMPLETE": "bash_complete", "COMP_WORDS": "grader check ex", "COMP_CWORD": "2"}
    result = CliRunner(env=completion).invoke(main, prog_name="grader")
    assert "ex01" in result.output
