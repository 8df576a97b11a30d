"""`grader submit`: one zip, what it says of itself, and that `grade` believes none of it."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.handin.packed import MANIFEST, is_packed, read_packed
from grader.model import Course
from tests.support.handin import Class, make_zip
from tests.support.places import TINY

ANSWER = "def row_sums(x):\n    return x.sum(1)\n\n\ndef scale(x, factor):\n    return x * factor\n"
HANDED_IN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def run(*arguments: str | Path, answers: str = "", language: str = "en") -> Result:
    return CliRunner().invoke(
        main, [*map(str, arguments), "--lang", language], input=answers, catch_exceptions=False
    )


@pytest.fixture
def homework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a student's folder: an answer with a module, an untouched stub, no answer to the third exercise."""
    monkeypatch.delenv("GRADER_STUDENT", raising=False)
    folder = tmp_path / "hw"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__", "solutions"))
    shutil.copy(folder / "exercises/ex02_maxpool_1/stub.py", folder / "ex02.py")
    (folder / "ex01.py").write_text("import helper\n" + ANSWER)
    (folder / "helper.py").write_text("x = 1\n")
    (folder / "diary.py").write_text("secret = 1\n")
    (folder / "ex01.py.2026-03-02T10-00-00.bak").write_text("old")
    monkeypatch.chdir(folder)
    return folder


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return sorted(archive.namelist())


def test_a_zip_holds_the_answers_their_modules_and_the_manifest(homework: Path) -> None:
    result = run("submit", "--student", "kim")
    assert result.exit_code == 0, result.output
    assert names(Path("kim.zip")) == ["kim/ex01.py", "kim/ex02.py", f"kim/{MANIFEST}", "kim/helper.py"]
    with zipfile.ZipFile("kim.zip") as archive:
        packed = read_packed(archive.read(f"kim/{MANIFEST}"))
    assert packed is not None
    assert (packed.student, set(packed.versions) >= {"grader", "python"}) == ("kim", True)
    assert [file.path for file in packed.files] == ["ex01.py", "ex02.py", "helper.py"]
    assert "ex01  ex01.py will be graded" in result.output
    assert "ex02  unchanged" in result.output
    assert "ex03  missing" in result.output
    assert "1 answer of 3" in result.output


def test_what_cannot_be_read_is_said_before(homework: Path) -> None:
    Path("ex03.py").write_text("def max_pool(x:\n")
    result = run("submit", "--student", "kim")
    assert "ex03  ex03.py: nothing in it can be graded" in result.output


def test_the_name_is_asked_for_once(homework: Path) -> None:
    assert run("submit").exit_code == 2
    assert run("submit", answers="김민준\n").exit_code == 0
    assert run("submit").exit_code == 0
    assert is_packed(Path("김민준.zip"))


def test_the_name_may_be_in_the_environment(homework: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_STUDENT", "lee")
    assert run("submit").exit_code == 0
    assert Path("lee.zip").exists()


@pytest.mark.parametrize(
    "name", ["a/b", "..", "ex03", "maxpool-2", "kim_ex03", "a\tb\x1b", "x" * 200, 'a"b', "  "]
)
def test_a_name_that_says_nobody_is_refused(homework: Path, name: str) -> None:
    result = run("submit", "--student", name)
    assert result.exit_code == 2
    assert not list(Path().glob("*.zip"))


def test_another_zip_is_left_alone(homework: Path) -> None:
    make_zip(Path("kim.zip"), {"a.txt": "mine"})
    assert run("submit", "--student", "kim").exit_code == 2
    assert names(Path("kim.zip")) == ["a.txt"]
    assert run("submit", "--student", "kim", "--output", "other.zip").exit_code == 0
    assert run("submit", "--student", "kim", "--output", "other.zip").exit_code == 0


def test_nothing_to_hand_in(homework: Path) -> None:
    for name in ("ex01.py", "ex02.py"):
        Path(name).unlink()
    result = run("submit", "--student", "kim")
    assert (result.exit_code, Path("kim.zip").exists()) == (2, False)


@pytest.fixture
def packed(homework: Path, tmp_path: Path) -> Path:
    """Return the zip in a class's folder, as it was handed in."""
    assert run("submit", "--student", "kim").exit_code == 0
    (tmp_path / "class").mkdir()
    target = tmp_path / "class/kim.zip"
    shutil.copy("kim.zip", target)
    os.utime(target, (HANDED_IN.timestamp(),) * 2)
    return target


def forged(path: Path, **changes: object) -> None:
    """Change what the manifest says, and the dates of all members."""
    with zipfile.ZipFile(path) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members[f"kim/{MANIFEST}"])
    members[f"kim/{MANIFEST}"] = json.dumps(manifest | changes)
    make_zip(path, members, date=(2020, 1, 1, 0, 0, 0))
    os.utime(path, (HANDED_IN.timestamp(),) * 2)


@pytest.mark.parametrize("is_alone", [False, True], ids=["class", "zip"])
@pytest.mark.parametrize("is_forged", [False, True], ids=["packed", "forged"])
def test_grade_takes_it_and_believes_no_time_in_it(
    tiny: Course, packed: Path, tmp_path: Path, is_alone: bool, is_forged: bool
) -> None:
    if is_forged:
        forged(packed, packed_at="2020-01-01T00:00:00Z", student="lee")
    found = Class(tiny, packed if is_alone else packed.parent, tmp_path / "work")
    assert found.students == ("kim",)
    assert found.taken == {"kim ex01": ["ex01.py"], "kim ex02": ["ex02.py"]}
    assert {time for times in found.times.values() for time in times} == {HANDED_IN.isoformat()}
    assert any("grader submit" in sentence for sentence in found.sentences)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[" * 100_000, b"\xff", b'{"files": 3}', b" " * (2 << 20)], ids=range(6)
)
def test_a_damaged_manifest_costs_nothing(tiny: Course, tmp_path: Path, content: bytes) -> None:
    make_zip(tmp_path / "class/kim.zip", {"kim/ex01.py": ANSWER, f"kim/{MANIFEST}": content})
    found = Class(tiny, tmp_path / "class", tmp_path / "work")
    assert found.taken == {"kim ex01": ["ex01.py"]}
    assert any("no manifest" in sentence for sentence in found.sentences)


def test_what_was_changed_afterwards_is_noted_and_graded_as_it_is(
    tiny: Course, packed: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(packed) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    make_zip(packed, members | {"kim/ex01.py": ANSWER})
    found = Class(tiny, packed.parent, tmp_path / "work")
    assert found.texts["kim ex01"] == [ANSWER.strip()]
    assert ("packed_changed", f"kim.zip/kim/{MANIFEST}") in found.notes


def test_it_is_unpacked_under_a_students_limits(tiny: Course, tmp_path: Path) -> None:
    members = {f"kim/{number}.txt": "" for number in range(5_001)}
    make_zip(tmp_path / "kim.zip", {"kim/ex01.py": ANSWER, f"kim/{MANIFEST}": "{}", **members})
    from grader.errors import RequestError

    with pytest.raises(RequestError):
        Class(tiny, tmp_path / "kim.zip", tmp_path / "work")


def test_unpacked_by_hand_it_has_no_time(tiny: Course, packed: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(packed, tmp_path / "by_hand")
    for path in (tmp_path / "by_hand/kim").iterdir():
        os.utime(path, (datetime(1980, 1, 1, 9, tzinfo=UTC).timestamp(),) * 2)
    found = Class(tiny, tmp_path / "by_hand", tmp_path / "work")
    assert {time for times in found.times.values() for time in times} == {None}


def test_of_two_answers_it_is_said_which_counts(homework: Path) -> None:
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "source": ANSWER,
        "outputs": [],
        "execution_count": None,
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    Path("ex01.ipynb").write_text(json.dumps(notebook))
    result = run("submit", "--student", "kim")
    assert "kim/ex01.ipynb" in names(Path("kim.zip"))
    assert "ex01  ex01.py will be graded" in result.output


def test_a_notebook_for_several_exercises_is_packed_and_counts(homework: Path) -> None:
    Path("ex01.py").unlink()
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": "## ex01"},
        {"cell_type": "code", "metadata": {}, "source": ANSWER, "outputs": [], "execution_count": None},
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    Path("homework.ipynb").write_text(json.dumps(notebook))
    result = run("submit", "--student", "kim")
    assert names(Path("kim.zip")) == ["kim/ex02.py", f"kim/{MANIFEST}", "kim/homework.ipynb"]
    assert "ex01  homework.ipynb will be graded" in result.output
