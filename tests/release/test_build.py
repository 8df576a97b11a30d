from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.errors import CourseError, Fault
from grader.model import Course
from grader.release.build import make_release
from grader.release.leaks import find_leaks
from tests.support.places import ROOT, real_course

COURSE = """
# A note of the instructor's: two marks less for Bob.
format: 1
id: small
title: {en: "A small course", ko: "작은 강좌"}
language: en
attempts: best
late_policy: {percent_per_day: 10}
limits: {call_seconds: 3}
runner: {preload: [numpy], environment: {OMP_NUM_THREADS: "1"}}
shared:
  secret: nobody needs this
  sums: &sums [np.sum, "*.sum"]
exercises:
  - slug: scaled-sum
    title: {en: "The scaled sum | total", ko: "합의 배수 | 전체"}
    points: 3
    banned: {scaled: *sums, total: *sums}
  - slug: spread
    title: {en: "The spread", ko: "범위"}
    points: 2.5
    due: 2026-12-01T23:59:00+09:00
    limits: {memory_mib: 64}
"""
STUB1 = '''"""Sums by hand."""

import numpy as np


def scaled(x: np.ndarray, factor: float) -> float:
    """Return the sum of all values, times the factor that was given."""
    raise NotImplementedError


def total(x: np.ndarray) -> float:
    """Return the sum of all values, whatever shape they come in."""
    raise NotImplementedError
'''
SOLUTION1 = '''"""Sums by hand."""

import numpy as np

STEPS = 4


def scaled(x: np.ndarray, factor: float) -> float:
    """Return the sum of all values, times the factor that was given."""
    amount = 0.0
    for value in x.ravel():
        amount += value * factor
    # Rounding once at the end loses less than rounding each product.
    return float(np.round(amount, 12))


def total(x: np.ndarray) -> float:
    """Return the sum of all values, whatever shape they come in."""
    return _added(np.asarray(x).ravel())


def _added(values: np.ndarray) -> float:
    middle = len(values) // 2
    return _added(values[:middle]) + _added(values[middle:]) if middle else float(values[0])


def halved(x: np.ndarray) -> np.ndarray:  # given
    return np.asarray(x, dtype=np.float64) / 2.0
'''
HIDDEN1 = '''"""Hidden checks of ex01: signs and shapes."""

import numpy as np

from grader import Reference, Rng, Submission, assert_tensor, check

TABLE = np.array([[3, 17, 5], [8, -2, 11]])


def plain_number(value: object) -> float:
    """Return a number as a Python float."""
    return float(np.asarray(value).item())


@check(points=1, en="works for numbers of any sign", ko="부호와 관계없이 동작한다")
def test_signs(submission: Submission, reference: Reference, rng: Rng) -> None:
    values = rng.integers(-77, 78, size=(5, 3))
    assert_tensor(submission.scaled(values, 2.5), reference.scaled(values, 2.5))


@check(points=1, en="works for a table", ko="표에서도 동작한다")
def test_table(submission: Submission) -> None:
    doubled = np.concatenate([TABLE, TABLE], axis=1)
    assert_tensor(plain_number(submission.total(doubled)), 84.0, rtol=1e-9)
'''
MISCONCEPTIONS1 = '''"""Known wrong answers to ex01."""

import numpy as np

from grader import misconception


@misconception(
    "first-row-only",
    en="You add up the first row only. Try it with a table of two rows and compare.",
    ko="첫째 행만 더했습니다. 두 행짜리 표로 시험해 보세요.",
)
def total(x: np.ndarray) -> float:
    return float(np.atleast_2d(x)[0].sum())
'''
VISIBLE1 = '''"""Visible checks of ex01."""

import numpy as np

from grader import Submission, assert_tensor, check


def plain_number(value: object) -> float:
    """Return a number as a Python float."""
    return float(np.asarray(value).item())


@check(points=1, en="1, 2, 3 add up to 6", ko="1, 2, 3의 합은 6이다")
def test_example(submission: Submission) -> None:
    assert_tensor(plain_number(submission.total(np.array([1, 2, 3]))), 6.0)
'''
STUB2 = '''"""The spread."""

import numpy as np


def spread(x: np.ndarray) -> float:
    """Return the largest value less the smallest."""
    raise NotImplementedError
'''
SOLUTION2 = STUB2.replace("    raise NotImplementedError", "    return np.max(x) - np.min(x)")
CHECK2 = '''"""Checks of ex02."""

import numpy as np

from grader import Submission, assert_tensor, check


@check(points={points}, en="{en}", ko="{ko}")
def test_{name}(submission: Submission) -> None:
    assert_tensor(submission.spread(np.array({values})), np.float64({wanted}))
'''
EX1, EX2 = "exercises/ex01_scaled_sum", "exercises/ex02_spread"
HIDDEN_FILES = {
    "solution.py": SOLUTION1,
    "test_ex01_hidden.py": HIDDEN1,
    "misconceptions.py": MISCONCEPTIONS1,
}


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return the folder of a small course with two exercises."""
    folder = tmp_path / "course"
    shown = CHECK2.format(
        points=1, en="1 to 4: 3", ko="1에서 4까지: 3", name="shown", values=[1, 4], wanted=3
    )
    more = CHECK2.format(
        points=1.5, en="negatives", ko="음수", name="more", values=[-71, 35, 12, -8], wanted=106
    )
    files: dict[str, str | bytes] = {
        "course.yml": COURSE,
        f"{EX1}/README.md": "# Sums\n\n## Tasks\n\n1. Write `scaled`.\n2. Write `total`.\n",
        f"{EX1}/README.ko.md": "# 합\n\n## 과제\n\n1. `scaled`를 작성하세요.\n2. `total`을 작성하세요.\n",
        f"{EX1}/stub.py": STUB1,
        f"{EX1}/test_ex01.py": VISIBLE1,
        f"{EX1}/data/numbers.csv": "a,b\n1,2\n3,4\n",
        f"{EX2}/README.md": "# Spread\n\n## Tasks\n\n1. Write `spread`.\n",
        f"{EX2}/README.ko.md": "# 범위\n\n## 과제\n\n1. `spread`를 작성하세요.\n",
        f"{EX2}/stub.py": STUB2,
        f"{EX2}/test_ex02.py": shown,
        **{f"solutions/ex01_scaled_sum/{name}": text for name, text in HIDDEN_FILES.items()},
        "solutions/ex01_scaled_sum/expected.bin": b"\0\1\2expected\xff",
        "solutions/ex02_spread/solution.py": SOLUTION2,
        "solutions/ex02_spread/test_ex02_hidden.py": more,
    }
    for name, content in files.items():
        write(folder / name, content)
    return folder


def run(course: Path, *arguments: str | Path, language: str = "en") -> Result:
    options = ["--course", str(course), "--lang", language, "--isolation", "none"]
    return CliRunner().invoke(main, ["release", *map(str, arguments), *options], catch_exceptions=False)


def faults_of(course: Path) -> list[Fault]:
    with pytest.raises(CourseError) as caught:
        make_release(load_course(course))
    return list(caught.value.faults)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def tree(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# --- a clean course ---------------------------------------------------------------------------------------------------


def test_a_release_holds_what_students_need_and_nothing_else(course: Path, tmp_path: Path) -> None:
    for stray in (f"{EX1}/.hidden", f"{EX1}/__pycache__/stub.pyc", f"{EX1}/notes.txt", "exercises/old/x.md"):
        write(course / stray, "a note")
    result = run(course, tmp_path / "out")
    assert result.exit_code == 0, result.output
    names = ["README.ko.md", "README.md", "stub.py"]
    expected = {
        "README.md",
        "README.ko.md",
        "course.yml",
        "ex01.py",
        "ex02.py",
        f"{EX1}/data/numbers.csv",
        "data/numbers.csv",
    }
    expected |= {f"{EX1}/{name}" for name in [*names, "test_ex01.py"]}
    expected |= {f"{EX2}/{name}" for name in [*names, "test_ex02.py"]}
    assert set(tree(tmp_path / "out")) == expected
    assert (tmp_path / "out" / "ex01.py").read_text() == STUB1
    assert f"{EX1}/notes.txt, exercises/old/x.md" in result.output
    assert sorted(item.name for item in tmp_path.iterdir()) == ["course", "out"]


def test_course_yml_says_the_same_of_the_exercises_and_nothing_of_the_instructors(
    course: Path, tmp_path: Path
) -> None:
    assert run(course, tmp_path / "out").exit_code == 0
    text = (tmp_path / "out" / "course.yml").read_text(encoding="utf-8")
    for word in ("Bob", "secret", "shared", "&", "late_policy", "attempts"):
        assert word not in text
    whole, part = load_course(course), load_course(tmp_path / "out")
    assert (part.id, part.title, part.language, part.runner) == (
        whole.id,
        whole.title,
        whole.language,
        whole.runner,
    )
    for given, made in zip(whole.exercises, part.exercises, strict=True):
        for name in ("slug", "title", "points", "functions", "banned", "limits", "due"):
            assert getattr(given, name) == getattr(made, name)
        assert made.solution_folder is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("README.md", ["# A small course", "grader check ex2", "The scaled sum \\| total", "Hidden checks"]),
        ("README.ko.md", ["# 작은 강좌", "grader check ex2", "합의 배수 \\| 전체", "비공개 검사"]),
    ],
)
def test_the_readme_lists_titles_points_and_due_dates(
    course: Path, tmp_path: Path, name: str, words: list[str]
) -> None:
    assert run(course, tmp_path / "out").exit_code == 0
    text = (tmp_path / "out" / name).read_text(encoding="utf-8")
    for word in [*words, "| 2.5 | 2026-12-01 14:59 UTC |", "| 5.5 |", f"({EX2}/{name})"]:
        assert word in text
    assert "{" not in text
    assert "\n| ex02" in text


def test_a_course_without_dates_has_no_column_for_them(course: Path, tmp_path: Path) -> None:
    text = (course / "course.yml").read_text(encoding="utf-8")
    write(course / "course.yml", text.replace("    due: 2026-12-01T23:59:00+09:00\n", ""))
    assert run(course, tmp_path / "out").exit_code == 0
    assert "| | exercise | points |\n|---|---|---|\n| ex01 |" in (tmp_path / "out" / "README.md").read_text()


def test_a_name_that_ends_in_zip_is_a_zip(course: Path, tmp_path: Path) -> None:
    assert run(course, tmp_path / "one.ZIP").exit_code == 0
    assert run(course, "--zip", tmp_path / "two.zip").exit_code == 0
    assert (tmp_path / "one.ZIP").read_bytes() == (tmp_path / "two.zip").read_bytes()
    result = run(course, tmp_path / "three.zip", "--zip", tmp_path / "four.zip")
    assert (result.exit_code, "two zips" in result.stderr) == (2, True)
    assert sorted(path.name for path in tmp_path.glob("*.[zZ]*")) == ["one.ZIP", "two.zip"]


def test_an_answer_is_checked_in_the_release(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(course, tmp_path / "out").exit_code == 0
    monkeypatch.chdir(tmp_path / "out")
    arguments = ["check", "ex2", "--isolation", "none", "--lang", "en"]
    blank = CliRunner().invoke(main, arguments)
    assert (blank.exit_code, "not attempted" in blank.output) == (1, True)
    write(tmp_path / "out" / "ex02.py", SOLUTION2)
    answered = CliRunner().invoke(main, arguments)
    assert (answered.exit_code, "points: 1 / 1" in answered.output) == (0, True), answered.output


def test_a_course_whose_reference_fails_is_not_released(course: Path, tmp_path: Path) -> None:
    path = course / "solutions/ex02_spread/solution.py"
    content = path.read_text(encoding="utf-8")
    path.write_text(
        content.replace("def spread(x", "def spread(x, unknown=None, *, needed"), encoding="utf-8"
    )
    result = run(course, tmp_path / "out", "--zip", tmp_path / "small.zip")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "solutions/ex02_spread/solution.py: line 6: the reference does not pass test_" in result.stderr
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "small.zip").exists()


def test_students_know_when_an_exercise_opens(course: Path, tmp_path: Path) -> None:
    text = (course / "course.yml").read_text(encoding="utf-8")
    write(course / "course.yml", text.replace("points: 2.5", "points: 2.5\n    opens: 2026-11-24"))
    assert run(course, tmp_path / "out").exit_code == 0
    assert load_course(tmp_path / "out").exercises[1].opens == load_course(course).exercises[1].opens


def test_json_says_what_was_written(course: Path, tmp_path: Path) -> None:
    result = run(course, tmp_path / "out", "--zip", tmp_path / "small.zip", "--json")
    document = json.loads(result.output)
    assert {item["path"]: item["bytes"] for item in document["files"]} == {
        name: len(content) for name, content in tree(tmp_path / "out").items()
    }
    assert (document["course"], document["kept"], document["left_out"]) == ("small", [], [])
    assert len(document["zip_sha256"]) == 64


def test_the_same_course_gives_the_same_zip(course: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b" / "b.zip"
    assert run(course, "--zip", first).exit_code == 0
    other = tmp_path / "other"
    shutil.copytree(course, other)
    for path in other.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o755)
    assert run(other, "--zip", second, tmp_path / "out").exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {name: archive.read(f"small/{name}") for name in tree(tmp_path / "out")} == tree(
            tmp_path / "out"
        )
        assert archive.namelist() == sorted(archive.namelist())


# --- over an earlier release ------------------------------------------------------------------------------------------


def test_a_second_release_keeps_answers_and_replaces_the_rest(course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(course, out).exit_code == 0
    write(out / "ex01.py", "mine = 1\n")
    write(out / "notes.txt", "mine too\n")
    write(out / EX2 / "stray.py", "")
    for name in ("stub.py", "README.md"):
        path = course / EX2 / name
        path.write_text(path.read_text().replace("The spread", "The range").replace("Spread", "Range"))
    before = tree(out)
    refused = run(course, out)
    assert (refused.exit_code, "--force" in refused.stderr) == (2, True)
    assert tree(out) == before
    result = run(course, out, "--force")
    assert result.exit_code == 0
    assert "ex01.py" in result.output.splitlines()[-1]
    assert (out / "ex01.py").read_text() == "mine = 1\n"
    assert (out / "notes.txt").read_text() == "mine too\n"
    assert not (out / EX2 / "stray.py").exists()
    # The answer that was never begun is the new stub.
    assert (out / "ex02.py").read_bytes() == (course / EX2 / "stub.py").read_bytes()
    assert "Range" in (out / EX2 / "README.md").read_text()
    assert not list(out.glob(".release-*"))


def test_an_answer_that_is_a_notebook_gets_no_stub_beside_it(course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(course, out).exit_code == 0
    (out / "ex02.py").rename(out / "ex02.ipynb")
    result = run(course, out, "--force", "--json")
    assert json.loads(result.output)["kept"] == ["ex02.ipynb"]
    assert not (out / "ex02.py").exists()


def test_a_failure_half_way_leaves_the_earlier_release(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert run(course, out).exit_code == 0
    before = tree(out)
    write(course / EX1 / "data" / "more.csv", "5,6\n")
    rename, calls = os.rename, []

    def failing(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 6:
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    result = run(course, out, "--force", "--zip", tmp_path / "small.zip")
    assert (result.exit_code, "No space left" in result.stderr) == (2, True)
    assert tree(out) == before
    assert not (tmp_path / "small.zip").exists()


def test_only_a_release_of_this_course_is_written_over(course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out / "thesis.tex", "years of work")
    for force in ([], ["--force"]):
        result = run(course, out, *force)
        assert (result.exit_code, "Name a new or an empty folder" in result.stderr) == (2, True)
    assert tree(out) == {"thesis.tex": b"years of work"}


def test_a_course_with_its_solutions_is_never_written_over(course: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(course, other)
    before = tree(other)
    assert run(course, other, "--force").exit_code == 2
    assert tree(other) == before


@pytest.mark.parametrize("place", ["", "..", "exercises/new", "solutions/ex02_spread/new"])
def test_the_course_itself_is_no_place_for_a_release(course: Path, place: str) -> None:
    before = tree(course)
    result = run(course, course / place, "--force")
    assert (result.exit_code, "Name a place of its own" in result.stderr) == (2, True)
    assert tree(course) == before


def test_a_zip_is_not_written_over_without_force_and_nothing_else_is_written(
    course: Path, tmp_path: Path
) -> None:
    write(tmp_path / "small.zip", "precious")
    assert run(course, tmp_path / "out", "--zip", tmp_path / "small.zip").exit_code == 2
    assert (tmp_path / "small.zip").read_text() == "precious"
    assert not (tmp_path / "out").exists()
    assert run(course, "--zip", tmp_path / "small.zip", "--force").exit_code == 0


def test_a_zip_within_the_release_is_refused(course: Path, tmp_path: Path) -> None:
    result = run(course, tmp_path / "out", "--zip", tmp_path / "out" / "small.zip")
    assert (result.exit_code, "outside of it" in result.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


def test_without_a_target_the_remedy_is_said(course: Path) -> None:
    assert "grader release students/, grader release cnn.zip" in run(course).stderr


def test_a_release_cannot_be_released(course: Path, tmp_path: Path) -> None:
    assert run(course, tmp_path / "out").exit_code == 0
    assert "students' version" in run(tmp_path / "out", tmp_path / "again").stderr


# --- what must not get out --------------------------------------------------------------------------------------------


def notebook(**parts: object) -> str:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "source": ["x = 1\n"]} | parts
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def packed(name: str, content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def arrays() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, values=np.arange(9), note=np.array(LINE))
    return buffer.getvalue()


LINE = "amount += value * factor"
ROUNDED = "return float(np.round(amount, 12))"
RENAMED = "def mine(a, b):\n    t = 0\n    for v in a.ravel():\n        t += v * b\n    return float(np.round(t, 12.0))\n"
RETITLED = """
@check(points=1, en="something else", ko="다른 것")
def test_more(s: Submission) -> None:
    twice = np.concatenate([TABLE, TABLE], axis=1)
    assert_tensor(plain_number(s.total(twice)), 84, rtol=1e-9)
"""

PLANTED: dict[str, tuple[str, str | bytes, str, str, str]] = {
    # where, what, kind, hidden file, a part of the hidden line
    "a line in a statement": (f"{EX1}/README.md", f"text\n\n    {LINE}\n", "line", "solution.py", LINE),
    "another exercise's line": (f"{EX2}/README.md", f"- `{LINE}`\n", "line", "solution.py", LINE),
    "a line spaced otherwise": (f"{EX1}/data/a.txt", "amount+=value*factor", "line", "solution.py", LINE),
    "a line with other quotes in a comment": (
        f"{EX1}/data/a.py",
        f"x = 1  # {ROUNDED}",
        "line",
        "solution.py",
        ROUNDED,
    ),
    "a line in the stub": (
        f"{EX1}/stub.py",
        STUB1.replace("    raise NotImplementedError", f"    {LINE}\n    raise NotImplementedError", 1),
        "line",
        "solution.py",
        LINE,
    ),
    "a comment": (
        f"{EX1}/README.ko.md",
        "Rounding once at the end loses less than rounding each product.",
        "line",
        "solution.py",
        "Rounding once",
    ),
    "a line broken in two": (
        f"{EX1}/data/a.md",
        "_added(values[:middle]) + _added(\n    values[middle:]) if middle else float(values[0])".join(
            ["return ", "\n"]
        ),
        "line",
        "solution.py",
        "_added(values[:middle])",
    ),
    "an explanation": (
        f"{EX1}/README.md",
        "> You add up the first row only. Try it with a table of two rows and compare.",
        "line",
        "misconceptions.py",
        "You add up",
    ),
    "an explanation in Korean": (
        f"{EX1}/README.ko.md",
        "첫째 행만 더했습니다. 두 행짜리 표로 시험해 보세요.",
        "line",
        "misconceptions.py",
        "첫째 행만",
    ),
    "a line of a hidden check": (
        f"{EX1}/test_ex01.py",
        VISIBLE1 + "    values = rng.integers(-77, 78, size=(5, 3))\n",
        "line",
        "test_ex01_hidden.py",
        "rng.integers",
    ),
    "a call of the reference": (
        f"{EX1}/data/a.py",
        "assert_tensor(submission.scaled(values, 2.5), reference.scaled(values, 2.5))",
        "line",
        "test_ex01_hidden.py",
        "reference.scaled(values",
    ),
    "a solution forgotten in the stub": (f"{EX2}/stub.py", SOLUTION2, "body", "ex02", "def spread"),
    "a body with other names": (f"{EX1}/data/a.py", RENAMED, "body", "solution.py", "def scaled"),
    "a body in a statement": (
        f"{EX1}/README.md",
        f"So:\n\n```python\n{RENAMED}```\n",
        "body",
        "solution.py",
        "def scaled",
    ),
    "a misconception": (
        f"{EX1}/data/a.py",
        "def f(a):\n    return float(np.atleast_2d(a)[0].sum())\n",
        "body",
        "misconceptions.py",
        "def total",
    ),
    "a hidden check with another title": (
        f"{EX1}/test_ex01.py",
        VISIBLE1 + RETITLED,
        "body",
        "test_ex01_hidden.py",
        "def test_table",
    ),
    "a body in a cell": (
        f"{EX1}/data/a.ipynb",
        notebook(source=["%matplotlib inline\n", *RENAMED.splitlines(keepends=True)]),
        "body",
        "solution.py",
        "def scaled",
    ),
    "a line in a cell": (
        f"{EX1}/data/a.ipynb",
        notebook(source=f"x = 1\n{LINE}\n"),
        "line",
        "solution.py",
        LINE,
    ),
    "a line in an output": (
        f"{EX1}/data/a.ipynb",
        notebook(outputs=[{"output_type": "stream", "name": "stdout", "text": ["1\n", LINE]}]),
        "line",
        "solution.py",
        LINE,
    ),
    "a line in metadata": (
        f"{EX1}/data/a.ipynb",
        notebook(metadata={"grader": {"answer": LINE}}),
        "line",
        "solution.py",
        LINE,
    ),
    "numbers in an output": (
        f"{EX1}/data/a.ipynb",
        notebook(
            outputs=[{"data": {"text/plain": ["array([[ 3., 17.,  5.],\n", "       [ 8., -2., 11.]])"]}}]
        ),
        "numbers",
        "test_ex01_hidden.py",
        "TABLE =",
    ),
    "numbers in a table": (
        f"{EX2}/README.md",
        "| -71.0 | 35 |\n| 12 | -8e0 |\n",
        "numbers",
        "test_ex02_hidden.py",
        "-71",
    ),
    "numbers in another check": (
        f"{EX1}/test_ex01.py",
        VISIBLE1 + "OTHER = ((3, 17, 5), (8, -2, 11))\n",
        "numbers",
        "test_ex01_hidden.py",
        "TABLE =",
    ),
    "a line in a file that is no text": (
        f"{EX1}/data/a.bin",
        b"\x93\0\xff" + LINE.encode() + b"\0\xfe",
        "line",
        "solution.py",
        LINE,
    ),
    "a line in two bytes a letter": (
        f"{EX1}/data/a.dat",
        LINE.encode("utf-16"),
        "line",
        "solution.py",
        LINE,
    ),
    "a line in an archive": (f"{EX1}/data/a.zip", packed("b.txt", LINE), "line", "solution.py", LINE),
    "a line in arrays": (f"{EX1}/data/a.npz", arrays(), "line", "solution.py", LINE),
    "a line in a stray file": (f"{EX1}/notes.txt", LINE, "line", "solution.py", LINE),
    "a line in course.yml": (
        "course.yml",
        COURSE.replace("A small course", ROUNDED),
        "line",
        "solution.py",
        ROUNDED,
    ),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_leak_is_found_and_nothing_is_written(course: Path, tmp_path: Path, kind: str) -> None:
    where, what, key, hidden, part = PLANTED[kind]
    write(course / where, what)
    found = [fault for fault in faults_of(course) if fault.file in (where, "README.md", "README.ko.md")]
    fault = found[0]
    assert fault.explanation.key == f"leak.{key}"
    path = next(path for path in sorted(course.glob("solutions/*/*")) if hidden in path.as_posix())
    assert fault.explanation.values["hidden"] == path.relative_to(course).as_posix()
    assert fault.explanation.values["line"] == line_of(path.read_text(encoding="utf-8"), part)
    assert fault.place
    for language, word in (("en", "Take"), ("ko", "지우거나")):
        result = run(course, tmp_path / "out", "--zip", tmp_path / "small.zip", language=language)
        assert result.exit_code == 2
        assert word in result.stderr
        assert f"{fault.file}: {fault.place}: " in result.stderr
    assert sorted(item.name for item in tmp_path.iterdir()) == ["course"]


@pytest.mark.parametrize(
    ("where", "what", "place"),
    [
        (f"{EX1}/README.md", f"a\n\nb\n    {LINE}\n", "line 4"),
        (f"{EX1}/data/a.py", RENAMED, "lines 1-5"),
        (f"{EX1}/data/a.bin", b"\0\0\xff" + LINE.encode() + b"\xff", "byte 3"),
        (f"{EX1}/data/a.ipynb", notebook(source=f"x = 1\n{LINE}\n"), "cell 1, line 2"),
        (
            f"{EX1}/data/a.ipynb",
            notebook(outputs=[{"text": ["1\n", LINE]}]),
            "cell 1, output 1, text, line 2",
        ),
        (f"{EX1}/data/a.ipynb", notebook(metadata={"a": LINE}), "cell 1, metadata, a, line 1"),
        (f"{EX1}/data/a.zip", packed("b.txt", f"\n{LINE}"), "b.txt, line 2"),
    ],
)
def test_the_place_of_a_leak_is_named(course: Path, where: str, what: str | bytes, place: str) -> None:
    write(course / where, what)
    assert [(fault.file, fault.place) for fault in faults_of(course)] == [(where, place)]


@pytest.mark.parametrize(
    "name",
    ["solution.py", "Misconceptions.py", "test_ex01_hidden.py", "solutions/a.txt", "families/pooling.py"],
)
def test_a_name_of_a_hidden_file_is_found(course: Path, name: str) -> None:
    write(course / EX1 / "data" / name, "")
    write(course / EX1 / "data" / "packed.zip", packed(name, ""))
    found = [(fault.file, fault.explanation.key) for fault in faults_of(course)]
    assert found == [(f"{EX1}/data/{file}", "leak.name") for file in sorted([name, "packed.zip"])]


def test_a_copy_of_a_hidden_file_is_found(course: Path) -> None:
    shutil.copy(course / "solutions" / "ex01_scaled_sum" / "expected.bin", course / EX1 / "data" / "x.bin")
    (fault,) = faults_of(course)
    assert fault.explanation.key == "leak.copy"
    assert fault.explanation.values["hidden"] == "solutions/ex01_scaled_sum/expected.bin"


@pytest.mark.parametrize(
    "target",
    ["../../../solutions/ex01_scaled_sum/expected.bin", "../../ex02_spread", "nowhere", "/etc/passwd"],
)
def test_a_link_that_leads_out_is_found(course: Path, target: str) -> None:
    (course / EX1 / "data").mkdir(exist_ok=True)
    (course / EX1 / "data" / "x").symlink_to(target)
    (fault,) = faults_of(course)
    assert (fault.file, fault.explanation.key) == (f"{EX1}/data/x", "leak.link")


def test_a_folder_that_is_a_link_is_found(course: Path) -> None:
    (course / EX2).rename(course / "elsewhere")
    (course / EX2).symlink_to(course / "elsewhere")
    assert [(fault.file, fault.explanation.key) for fault in faults_of(course)] == [(EX2, "leak.link")]


def test_a_link_within_the_exercises_becomes_a_file(course: Path, tmp_path: Path) -> None:
    (course / EX2 / "data").mkdir()
    (course / EX2 / "data" / "same.csv").symlink_to(f"../../../{EX1}/data/numbers.csv")
    assert run(course, tmp_path / "out").exit_code == 0
    copied = tmp_path / "out" / EX2 / "data" / "same.csv"
    assert copied.read_text() == "a,b\n1,2\n3,4\n"
    assert not copied.is_symlink()


def test_every_leak_is_named_at_once(course: Path) -> None:
    write(course / EX1 / "data" / "a.md", LINE)
    write(course / EX2 / "data" / "solution.py", ROUNDED)
    (course / EX2 / "data" / "x").symlink_to("/etc/passwd")
    assert {fault.explanation.key for fault in faults_of(course)} == {"leak.line", "leak.name", "leak.link"}


NO_LEAKS: dict[str, dict[str, str]] = {
    "imports, signatures, docstrings": {
        f"{EX1}/data/a.py": "\n".join(
            line for line in SOLUTION1.splitlines() if line.startswith(("def ", "import", '"""', '    """'))
        )
    },
    "lines that any code has": {f"{EX1}/data/a.py": "return amount\nelse:\n)\nfor value in x:\n"},
    "a title of a hidden check": {f"{EX1}/README.md": "- works for numbers of any sign"},
    "a function marked as given": {f"{EX1}/data/a.py": SOLUTION1[SOLUTION1.index("def halved") :]},
    "numbers with words between": {f"{EX1}/README.md": "3, 17, 5, and then 8, -2, 11"},
    "a line marked as given": {
        "solutions/ex01_scaled_sum/solution.py": SOLUTION1.replace(LINE, f"{LINE}  # given"),
        f"{EX1}/stub.py": STUB1.replace("    raise", f"    {LINE}\n    raise", 1),
    },
    "numbers marked as given": {
        "solutions/ex01_scaled_sum/test_ex01_hidden.py": HIDDEN1.replace("-2, 11]])", "-2, 11]])  # given"),
        f"{EX1}/README.md": "3 17 5\n8 -2 11\n",
    },
}


@pytest.mark.parametrize("kind", NO_LEAKS)
def test_what_students_may_have_is_no_leak(course: Path, kind: str) -> None:
    for name, content in NO_LEAKS[kind].items():
        write(course / name, content)
    make_release(load_course(course))


def test_the_points_of_a_hidden_check_are_no_secret(tiny_copy: Path) -> None:
    """In a course of one language the text and the points of a check stand in one line."""
    hidden = "solutions/ex01_row_sums/test_ex01_hidden.py"
    more = '\n\n@check(points=4, en="other words", ko="다른 말")\ndef test_more(submission):\n    pass\n'
    (tiny_copy / hidden).write_text((tiny_copy / hidden).read_text(encoding="utf-8") + more, encoding="utf-8")
    shown = '@check(points=4, en="shown words", ko="보이는 말")\n'.encode()
    assert find_leaks(load_course(tiny_copy), {"exercises/ex01_row_sums/test_ex01.py": shown}) == ()


def test_the_real_course_can_be_released() -> None:
    course = real_course()
    release = make_release(course)
    assert release.left_out == ()
    assert list(release.answers) == [f"{exercise.id}.py" for exercise in course.exercises]


@pytest.mark.parametrize("name", ["solution.py", "misconceptions.py", "test_ex{}_hidden.py"])
def test_every_hidden_file_of_the_real_course_would_be_found(name: str) -> None:
    course = real_course()
    contents = {
        f"exercises/{item.exercise_folder.name}/data/leaked.txt": (
            ROOT / "solutions" / item.exercise_folder.name / name.format(item.id[2:])
        ).read_bytes()
        for item in course.exercises
    }
    assert {fault.file for fault in find_leaks(course, contents)} == set(contents)


def test_a_family_is_never_released_and_its_lines_are_looked_for(tiny: Course) -> None:
    release = make_release(tiny)
    assert not [name for name in release.files if "families" in name]
    code = (tiny.root / "solutions" / "families" / "pooling.py").read_text(encoding="utf-8")
    line = next(line for line in code.splitlines() if "at.reduce(" in line)
    leaks = find_leaks(tiny, {"exercises/ex03_maxpool_2/README.md": f"# Hint\n\n{line}\n".encode()})
    assert [fault.explanation.values["hidden"] for fault in leaks] == ["solutions/families/pooling.py"]
