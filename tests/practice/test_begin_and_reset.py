"""`grader start` and `grader reset`: nothing that is there is lost."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.release.build import make_release
from grader.release.folder import write_release
from tests.support.handin import make_zip
from tests.support.places import TINY


def run(*arguments: str | Path, answers: str = "", language: str = "en") -> Result:
    return CliRunner().invoke(
        main, [*map(str, arguments), "--lang", language], input=answers, catch_exceptions=False
    )


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the zip of the tests' course, in a folder that we are in."""
    monkeypatch.chdir(tmp_path)
    write_release(make_release(load_course(TINY)), None, tmp_path / "tiny.zip")
    return tmp_path / "tiny.zip"


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_course_begins_with_a_file_for_each_answer(released: Path) -> None:
    result = run("start", released, "hw")
    assert result.exit_code == 0, result.output
    assert "3 exercises" in result.output
    for name, content in members(released).items():
        assert Path("hw", name.partition("/")[2]).read_bytes() == content
    assert Path("hw/ex01.py").read_bytes() == (TINY / "exercises/ex01_row_sums/stub.py").read_bytes()


def test_without_a_folder_it_is_called_like_the_course(released: Path) -> None:
    assert run("start", released).exit_code == 0
    assert (released.parent / load_course(TINY).id / "ex01.py").is_file()


def test_a_folder_is_as_good_as_a_zip(released: Path) -> None:
    write_release(make_release(load_course(TINY)), Path("given"), None)
    Path("given/ex02.py").unlink()
    Path("given/ex01.py").write_text("# mine")
    assert run("start", "given", "hw").exit_code == 0
    assert Path("hw/ex02.py").read_bytes() == (TINY / "exercises/ex02_maxpool_1/stub.py").read_bytes()
    assert Path("hw/ex01.py").read_text() == "# mine"


def test_nothing_is_overwritten(released: Path) -> None:
    Path("hw/exercises").mkdir(parents=True)
    Path("hw/ex01.py").write_text("# mine")
    Path("hw/ex02.ipynb").write_text("{}")
    Path("hw/README.md").write_text("mine")
    result = run("start", released, "hw")
    assert result.exit_code == 0
    assert Path("hw/ex01.py").read_text() == "# mine"
    assert not Path("hw/ex02.py").exists()
    assert Path("hw/README.md").read_text() == "mine"
    assert "README.md" in result.output
    assert run("start", released, "hw").exit_code == 0


def test_the_language_of_the_beginning_is_that_of_what_follows(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    monkeypatch.delenv("GRADER_LANG", raising=False)
    invoke = partial(CliRunner().invoke, main, catch_exceptions=False)
    assert run("start", released, "hw").exit_code == 0
    monkeypatch.chdir("hw")
    assert "Go on with: grader show ex01" in invoke(["list"]).output
    assert "grader show ex01" in invoke(["list"], env={"GRADER_LANG": "ko"}).output
    assert "Go on with" not in invoke(["list"], env={"GRADER_LANG": "ko"}).output
    assert "Go on with" not in invoke(["list", "--lang", "ko"]).output
    # It stays, until another one is chosen.
    assert invoke(["start", str(released), "."]).exit_code == 0
    assert "Go on with" in invoke(["list"]).output
    assert run("start", released, ".", language="ko").exit_code == 0
    assert "Go on with" not in invoke(["list"]).output


def test_a_language_that_was_not_chosen_is_not_kept(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_LANG", "en")
    assert CliRunner().invoke(main, ["start", str(released), "hw"]).exit_code == 0
    assert not Path("hw/.grader").exists()


@pytest.mark.parametrize("name", ["../outside.py", "/outside.py", "tiny/../../outside.py"])
def test_a_zip_that_reaches_out_is_refused_whole(released: Path, name: str) -> None:
    make_zip(Path("bad.zip"), {**members(released), name: "x"})
    result = run("start", "bad.zip", "hw")
    assert result.exit_code == 2
    assert "Nothing was written" in result.stderr
    assert not Path("hw").exists()
    assert not Path("outside.py").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no zip", "cannot be used"), (None, "There is no"), ({"a.txt": "x"}, "holds no course.yml")],
)
def test_what_is_no_release_is_refused(
    released: Path, content: bytes | dict[str, str] | None, message: str
) -> None:
    if isinstance(content, bytes):
        Path("bad.zip").write_bytes(content)
    elif content is not None:
        make_zip(Path("bad.zip"), dict(content))
    result = run("start", "bad.zip", "hw")
    assert (result.exit_code, message in result.stderr, Path("hw").exists()) == (2, True, False)


def test_an_instructors_course_is_no_release(released: Path) -> None:
    result = run("start", TINY, "hw")
    assert result.exit_code == 2
    assert "grader release" in result.stderr


def test_another_courses_folder_is_left_alone(released: Path) -> None:
    Path("hw").mkdir()
    Path("hw/course.yml").write_text("id: other\n")
    result = run("start", released, "hw")
    assert result.exit_code == 2
    assert "'other'" in result.stderr
    assert os.listdir("hw") == ["course.yml"]


@pytest.fixture
def homework(released: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a student's folder that has begun."""
    run("start", released, "hw")
    monkeypatch.chdir("hw")
    return Path.cwd()


STUB = (TINY / "exercises/ex01_row_sums/stub.py").read_bytes()


def backups() -> list[str]:
    return sorted(path.read_text() for path in Path().glob("ex01.py.*.bak"))


def test_an_answer_is_kept_when_it_begins_anew(homework: Path) -> None:
    for number in range(3):
        Path("ex01.py").write_text(f"# {number}")
        assert run("reset", "ex1", "--yes").exit_code == 0
        assert Path("ex01.py").read_bytes() == STUB
    assert backups() == ["# 0", "# 1", "# 2"]


@pytest.mark.parametrize(
    ("answer", "code", "kept"), [("n\n", 1, "# mine"), ("y\n", 0, None), ("", 2, "# mine")]
)
def test_it_asks_before(homework: Path, answer: str, code: int, kept: str | None) -> None:
    Path("ex01.py").write_text("# mine")
    result = run("reset", "ex1", answers=answer)
    assert result.exit_code == code
    assert Path("ex01.py").read_bytes() == (kept.encode() if kept else STUB)
    assert ("--yes" in result.stderr) == (code == 2)
    if code == 2:
        # The error begins a line of its own.
        assert result.stdout.endswith("[y/N]: \n")


def test_the_stub_needs_no_reset(homework: Path) -> None:
    result = run("reset", "ex1", "--yes")
    assert result.exit_code == 2
    assert backups() == []


def test_where_there_is_no_answer_the_stub_is_written(homework: Path) -> None:
    Path("ex01.py").unlink()
    assert run("reset", "row-sums").exit_code == 0
    assert Path("ex01.py").read_bytes() == STUB


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a student's folder whose answers are notebooks; return it."""
    folder = tmp_path / "hw"
    write_release(make_release(load_course(TINY), ("en", "ko"), "https://example.org/g.whl"), folder, None)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("name", ["ex01.ipynb", "notebooks/ko/ex01.ipynb"])
def test_a_notebook_begins_anew_as_it_was_given_out(
    notebooks: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = notebooks / name
    monkeypatch.chdir(path.parent)
    given = path.read_bytes()
    work = json.loads(given)
    work["cells"][2]["source"] = "def row_sums(x):\n    return 1\n"
    del work["cells"][0], work["cells"][-1]
    path.write_text(json.dumps(work))
    kept = path.read_bytes()
    result = run("reset", "ex1", "--yes")
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == given
    (backup,) = path.parent.glob("ex01.ipynb.*.bak")
    assert backup.read_bytes() == kept
    assert "Reload Notebook from Disk" in result.output
    assert not path.with_suffix(".py").exists()


def test_a_notebook_that_is_damaged_or_gone_is_written_anew(notebooks: Path) -> None:
    path, language = notebooks / "ex01.ipynb", load_course(TINY).languages[0]
    given = json.loads(path.read_bytes())
    path.write_text("{")
    assert run("reset", "ex1", "--yes", language=language).exit_code == 0
    assert json.loads(path.read_bytes())["cells"][0] == given["cells"][0]
    path.unlink()
    assert run("reset", "ex1", language=language).exit_code == 0
    assert json.loads(path.read_bytes())["cells"][2] == given["cells"][2]
    assert not path.with_suffix(".py").exists()


def test_a_notebook_in_which_only_cells_were_run_needs_no_reset(notebooks: Path) -> None:
    path = notebooks / "ex01.ipynb"
    run_once = json.loads(path.read_bytes())
    run_once["cells"][2] |= {"execution_count": 1, "outputs": []}
    path.write_text(json.dumps(run_once))
    assert run("reset", "ex1", "--yes").exit_code == 2
    assert list(notebooks.glob("*.bak")) == []


def several(*sources: str) -> str:
    """Return a notebook of a student's own: `#` begins a text, all else is code."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": source}
        if source.startswith("# ")
        else {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 7}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {"mine": 1}, "nbformat": 4, "nbformat_minor": 4})


def test_in_a_notebook_for_several_exercises_one_begins_anew(homework: Path) -> None:
    for path in homework.glob("ex*.py"):
        path.unlink()
    pool = "def max_pool(x):\n    return x[:, ::2, ::2]"
    Path("lecture.ipynb").write_text(
        several(
            "import numpy as np",
            "# ex01",
            "def helper():\n    pass",
            "def row_sums(x):\n    return 0",
            "row_sums = row_sums",
            "# ex02",
            pool,
        )
    )
    assert run("reset", "ex1", "--yes").exit_code == 0
    document = json.loads(Path("lecture.ipynb").read_bytes())
    sources = ["".join(cell["source"]) for cell in document["cells"]]
    assert sources == [
        "import numpy as np",
        "# ex01",
        "def helper():\n    pass",
        STUB.decode().strip(),
        "",
        "# ex02",
        pool,
    ]
    assert document["metadata"] == {"mine": 1}
    (backup,) = homework.glob("lecture.ipynb.*.bak")
    assert "return 0" in backup.read_text()


def test_a_cell_of_two_exercises_is_left_alone(homework: Path) -> None:
    for path in homework.glob("ex*.py"):
        path.unlink()
    content = several("def row_sums(x):\n    return 0\ndef max_pool(x):\n    return x")
    Path("lecture.ipynb").write_text(content)
    result = run("reset", "ex1", "--yes")
    assert (result.exit_code, "lecture.ipynb" in result.stderr) == (2, True)
    assert Path("lecture.ipynb").read_text() == content


@pytest.mark.parametrize("command", [["check"], ["list"], ["submit", "--student", "kim"], ["reset", "ex1"]])
@pytest.mark.parametrize("below", ["exercises", "exercises/ex01_row_sums"])
def test_what_was_given_out_is_no_answer(
    homework: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], below: str
) -> None:
    monkeypatch.chdir(below)
    before = sorted(homework.rglob("*"))
    result = run(*command)
    assert result.exit_code == 2
    assert f"cd {os.path.relpath(homework)}\n" in result.stderr
    assert sorted(homework.rglob("*")) == before


def test_an_answer_that_may_not_be_read_is_said(homework: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        # Root may read every file.
        if path.name == "ex01.py":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    for command in (["check", "ex1"], ["submit", "--student", "kim"], ["reset", "ex1", "--yes"]):
        result = run(*command)
        assert (result.exit_code, "Permission denied. See" in result.stderr) == (2, True)


def test_the_folder_to_go_to_is_written_for_a_shell(released: Path) -> None:
    result = run("start", released, "it's mine")
    assert "cd 'it'\"'\"'s mine'," in result.output


def test_nobody_is_told_to_make_a_file_that_is_there(homework: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("exercises")
    result = run("check", "ex1")
    assert result.exit_code == 2
    assert "cd .." in result.stderr
    assert "reset" not in result.stderr
