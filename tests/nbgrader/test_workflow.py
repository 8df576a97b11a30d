"""nbgrader's own commands on a course that was built here, with the real sandbox; and both ways to the same points."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import grader
from grader.cli import main
from grader.course.load import load_course
from grader.release.leaks import find_leaks
from tests.support.nbgrader_course import ANSWERS, code_cell, notebook, open_gradebook, put_in, solve
from tests.support.places import TESTS, TINY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # nbgrader's own code
]

SUMS, POOL = "ex01_row_sums", "ex02_maxpool_1"
ZIP = r".*/(?P<student_id>[a-z]+)_week1_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
WRONG_POOL = ANSWERS["max_pool"].replace(".max(", ".min(")


@dataclass(frozen=True)
class Class:
    """A class that went through all of nbgrader's commands."""

    root: Path
    done: dict[str, dict[str, Any]]
    """The command's first words -> its exit code and output."""

    @property
    def course(self) -> Path:
        return self.root / "nb"


def commands(root: Path, lines: list[tuple[Path, str, str]]) -> dict[str, dict[str, Any]]:
    """Run nbgrader's commands; `@` stands for the options of the exchange. One account plays all the parts."""
    exchange = [f"--Exchange.root={root / 'exchange'}", "--course=tiny"]
    plan = []
    for folder, _, line in lines:
        words = [word for item in line.split() for word in (exchange if item == "@" else [item])]
        plan.append([str(folder), words])
    (root / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    package = Path(grader.__file__).parents[1]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        # What is on the path goes first: it may hold another version of nbgrader.
        "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(package)])),
        "HOME": str(root),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONWARNINGS": "ignore",
    }
    script = TESTS / "support" / "nbgrader_commands.py"
    done = subprocess.run(
        [sys.executable, str(script), str(root / "plan.json")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(results) == len(plan), done.stderr
    return {f"{line.split()[0]} {who}": result for result, (_, who, line) in zip(results, lines, strict=True)}


@pytest.fixture(scope="module")
def finished(sandbox: None, tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Return a class after its term: released, fetched, submitted, collected, graded, given feedback."""
    root = tmp_path_factory.mktemp("term")
    shutil.copytree(TINY, root / "course", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("exchange", "kim", "lee"):
        (root / name).mkdir()
    (root / "exchange").chmod(0o777)
    built = CliRunner().invoke(
        main, ["nbgrader", "build", str(root / "nb"), "ex1", "ex2", "--assignment", "week1", "--lang", "en",
               "--course", str(root / "course")]
    )  # fmt: skip
    assert built.exit_code == 0, built.output
    nb = root / "nb"
    first = commands(
        root,
        [
            (nb, "teacher", "generate_assignment week1"),
            (nb, "teacher", "release_assignment week1 @"),
            (root / "kim", "kim", "fetch_assignment week1 @"),
            (root / "lee", "lee", "fetch_assignment week1 @"),
        ],
    )
    assert {result["code"] for result in first.values()} == {0}, first
    shutil.copytree(root / "kim", root / "fetched")
    for student in ("kim", "lee"):
        for name in (SUMS, POOL):
            path = root / student / "week1" / f"{name}.ipynb"
            document = json.loads(path.read_text(encoding="utf-8"))
            if name == SUMS:
                solve(document, "row_sums", "scale")
            elif student == "kim":
                put_in(document, "max_pool", WRONG_POOL)
            path.write_text(json.dumps(document), encoding="utf-8")
    # A third one sends a zip by mail: one notebook alone, with what must not count.
    document = notebook(nb, SUMS, assignment="week1")
    solve(document, "scale")
    document["cells"].insert(
        1, code_cell("import sys\nprint('banner', file=sys.stderr)\nget_ipython().showtraceback = None\n")
    )
    downloads = nb / "downloaded" / "week1" / "archive"
    downloads.mkdir(parents=True)
    with zipfile.ZipFile(downloads / "class.zip", "w") as archive:
        archive.writestr(f"park_week1_attempt_2026-11-20-10-00-00_{SUMS}.ipynb", json.dumps(document))
    second = commands(
        root,
        [
            (root / "kim", "kim", f"validate week1/{SUMS}.ipynb"),
            (root / "lee", "lee", f"validate week1/{POOL}.ipynb"),
            (root / "kim", "kim", "submit week1 --student=kim @"),
            (root / "lee", "lee", "submit week1 --student=lee @"),
            (nb, "teacher", "collect week1 --ExchangeCollect.check_owner=False @"),
            (nb, "teacher", f"zip_collect week1 --FileNameCollectorPlugin.named_regexp={ZIP}"),
            (nb, "teacher", "autograde week1"),
            (nb, "teacher", "generate_feedback week1"),
            # What came by mail has no secret of the exchange's, and nbgrader stops at it.
            (nb, "teacher", "release_feedback week1 --CourseDirectory.student_id_exclude=park @"),
            (root / "kim", "kim", "fetch_feedback week1 --student=kim @"),
            (nb, "teacher", "export --to=scores.csv"),
            # The old spellings, which nbgrader still has.
            (nb, "old", "assign week1 --force"),
            (nb, "old", "release week1 --force @"),
        ],
    )
    return Class(root, {**first, **second})


@pytest.mark.nbgrader_versions
def test_every_command_succeeds(finished: Class) -> None:
    assert {name: result["code"] for name, result in finished.done.items() if result["code"]} == {}, (
        finished.done
    )


@pytest.mark.nbgrader_versions
def test_validate_tells_a_student_what_passes(finished: Class) -> None:
    assert "Success! Your notebook passes all the tests." in finished.done["validate kim"]["output"]
    assert "VALIDATION FAILED ON 1 CELL(S)!" in finished.done["validate lee"]["output"]


@pytest.mark.parametrize("step", ["release", "../fetched", "../exchange/tiny/outbound"])
@pytest.mark.nbgrader_versions
def test_nothing_hidden_is_handed_out(finished: Class, step: str) -> None:
    course = load_course(finished.root / "course")
    files = {
        f"exercises/{name}/{name}.ipynb": (finished.course / step / "week1" / f"{name}.ipynb").read_bytes()
        for name in (SUMS, POOL)
    }
    assert find_leaks(course, files) == ()
    for data in files.values():
        assert b"SOLUTION" not in data
        assert b"HIDDEN TESTS" not in data


SCORES = {
    ("kim", SUMS): 6.0,
    ("kim", POOL): 0.0,
    ("lee", SUMS): 6.0,
    ("lee", POOL): 0.0,
    ("park", SUMS): 1.0,
    ("park", POOL): 0.0,
}


def notebook_scores(folder: Path) -> dict[tuple[str, str], float]:
    with open_gradebook(folder) as gradebook:
        return {
            (student.id, name): gradebook.find_submission_notebook(name, "week1", student.id).score
            for student in gradebook.students
            for name in (SUMS, POOL)
        }


@pytest.mark.nbgrader_versions
def test_the_class_got_the_points_of_its_code(finished: Class) -> None:
    assert notebook_scores(finished.course) == SCORES


@pytest.mark.nbgrader_versions
def test_the_exported_table_has_the_same_points(finished: Class) -> None:
    with (finished.course / "scores.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: (row["raw_score"], row["max_score"]) for row in csv.DictReader(file)}
    assert rows == {"kim": ("6.0", "9.0"), "lee": ("6.0", "9.0"), "park": ("1.0", "9.0")}


@pytest.mark.nbgrader_versions
def test_the_feedback_has_each_checks_result_and_nothing_hidden(finished: Class) -> None:
    text = (finished.course / "feedback" / "kim" / "week1" / f"{POOL}.html").read_text(encoding="utf-8")
    fetched = (finished.root / "kim" / "week1" / "feedback").rglob(f"{POOL}.html")
    assert text in [page.read_text(encoding="utf-8") for page in fetched]
    assert "max_pool(int64 1x4x4x1)" in text
    assert "0 ✗" in text
    assert "works on numbers of any sign" in text
    assert "(Score: 0.0 / 2.0)" in text
    course = load_course(finished.root / "course")
    hidden = (course.exercises[1].solution_folder or Path()) / "test_ex02_hidden.py"
    assert "rng.integers" in hidden.read_text(encoding="utf-8")
    assert "rng" not in text.split("<body", 1)[1].replace("margin", "").replace("warning", "")


@pytest.fixture
def graded(finished: Class, tmp_path: Path) -> tuple[Path, Path]:
    """Return `grader grade`'s results for the same `submitted/`, and an nbgrader course that has no scores yet."""
    course = str(finished.root / "course")
    done = CliRunner().invoke(
        main,
        [
            "grade",
            str(finished.course),
            "--course",
            course,
            "--output",
            str(tmp_path / "graded"),
            "--jobs",
            "1",
            "--exercise",
            "ex1",
            "--exercise",
            "ex2",
        ],
    )
    assert done.exit_code in (0, 1), done.output
    shutil.copytree(finished.course, tmp_path / "nb")
    (tmp_path / "nb" / "gradebook.db").unlink()
    commands(tmp_path, [(tmp_path / "nb", "teacher", "generate_assignment week1 --force")])
    return tmp_path / "graded", tmp_path / "nb"


def sync(finished: Class, graded: Path, folder: Path, *more: str) -> Any:
    return CliRunner().invoke(
        main,
        ["nbgrader", "sync", str(graded), str(folder), "--course", str(finished.root / "course"), *more],
        env={"GRADER_LANG": "en"},
    )


def test_both_ways_give_the_same_points(finished: Class, graded: tuple[Path, Path]) -> None:
    results, folder = graded
    done = sync(finished, results, folder)
    assert done.exit_code == 0, done.output
    assert "5 grades written" in done.output
    assert notebook_scores(folder) == SCORES == notebook_scores(finished.course)
    assert cell_scores(folder) == cell_scores(finished.course)


def cell_scores(folder: Path) -> dict[tuple[str, str, str], float | None]:
    with open_gradebook(folder) as gradebook:
        return {
            (student.id, name, grade.name): grade.auto_score
            for student in gradebook.students
            for name in (SUMS, POOL)
            for grade in gradebook.find_submission_notebook(name, "week1", student.id).grades
        }
