"""Exercises as notebooks: what is in them, what a student does with them, and how they are graded."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from grader.answers.file import read_submission
from grader.answers.untouched import is_untouched
from grader.cli import main
from grader.course.load import load_course
from grader.errors import CourseError
from grader.release.build import Release, make_release
from grader.release.folder import write_release
from grader.release.mistakes import KnownMistakes
from tests.support.places import ROOT, TINY, real_course

PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")
STUB, CHECK = 2, 4
"""The cells that hold them."""


def cells_of(release: Release, name: str) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(release.everything()[name])["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def filled(notebook: bytes, solution: str) -> bytes:
    """Return a notebook as it is handed in: the functions are written."""
    document = json.loads(notebook)
    document["cells"][STUB]["source"] = solution
    return json.dumps(document).encode()


def test_a_notebook_has_the_statement_the_stub_and_the_checks() -> None:
    course = load_course(TINY)
    release = make_release(course, ("en", "ko"), "https://example.org/grader.whl")
    for language, folder in (("en", ""), ("ko", "notebooks/ko/")):
        for exercise in course.exercises:
            name = f"{folder}{exercise.id}.ipynb"
            nbformat.validate(json.loads(release.everything()[name]))
            statement, setup, stub, _, check = cells_of(release, name)
            assert statement["source"].startswith(f"# {exercise.id}. ")
            assert "# %pip install https://example.org/grader.whl\n" in setup["source"]
            assert (
                stub["source"] == (exercise.exercise_folder / "stub.py").read_text(encoding="utf-8").strip()
            )
            assert check["source"] == f"%check {exercise.id}" + (" --lang ko" if language == "ko" else "")
    assert not any(name.endswith(".py") for name in release.answers)
    assert "`ex03.ipynb`" in release.files["README.md"].decode()


def test_a_chosen_language_is_the_only_one(tiny_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.judge.reference_side.proven_reference", lambda *_: nullcontext())
    monkeypatch.setattr("grader.release.mistakes.known_mistakes", lambda *_: KnownMistakes())
    for language in ("ko", "en"):
        folder = tiny_copy.parent / language
        arguments = ["--course", str(tiny_copy), "release", str(folder), "--notebooks", "--lang", language]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        assert not (folder / "notebooks").exists()
    assert "검사" in (tiny_copy.parent / "ko/ex01.ipynb").read_text(encoding="utf-8")


def test_pictures_come_along_and_links_lead_to_their_files(tiny_copy: Path) -> None:
    folder = tiny_copy / "exercises/ex01_row_sums"
    (folder / "data").mkdir()
    (folder / "data/rows.png").write_bytes(PIXEL)
    (folder / "data/numbers.csv").write_text("1,2\n")
    text = (
        '\n![rows](data/rows.png "Rows") ![far](https://example.org/a.png) [the numbers](data/numbers.csv)'
        "\n[below](#tasks) ![gone](data/gone.png)\n\n```python\nopen('data/numbers.csv')  # ![x](data/rows.png)\n```\n"
    )
    for readme in folder.glob("README*"):
        readme.write_text(readme.read_text(encoding="utf-8") + text, encoding="utf-8")
    release = make_release(load_course(tiny_copy), ("en", "ko"))
    own, other = (cells_of(release, name)[0] for name in ("ex01.ipynb", "notebooks/ko/ex01.ipynb"))
    packed = "exercises-ex01_row_sums-data-rows.png"
    for cell, up in ((own, ""), (other, "../../")):
        assert f'![rows](attachment:{packed} "Rows") ![far](https://example.org/a.png)' in cell["source"]
        assert (
            f"[the numbers]({up}exercises/ex01_row_sums/data/numbers.csv)\n[below](#tasks)" in cell["source"]
        )
        assert f"![gone]({up}exercises/ex01_row_sums/data/gone.png)" in cell["source"]
        assert f"open('{up}data/numbers.csv')  # ![x](data/rows.png)" in cell["source"]
        assert list(cell["attachments"]) == [packed]
        assert list(cell["attachments"][packed]) == ["image/png"]
    assert release.files["data/numbers.csv"] == b"1,2\n"


def test_data_of_one_name_and_two_contents_is_refused(tiny_copy: Path) -> None:
    for number, name in enumerate(("ex01_row_sums", "ex02_maxpool_1")):
        folder = tiny_copy / "exercises" / name / "data"
        folder.mkdir()
        (folder / "numbers.csv").write_text(f"{number}\n")
    with pytest.raises(CourseError) as caught:
        make_release(load_course(tiny_copy))
    (fault,) = caught.value.faults
    assert (fault.file, fault.explanation.key) == (
        "exercises/ex02_maxpool_1/data/numbers.csv",
        "release.data_twice",
    )


def test_the_leak_scan_reads_the_notebooks() -> None:
    line = 'raise ValueError("a table has two dimensions")'
    assert line in (TINY / "solutions/ex01_row_sums/solution.py").read_text(encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        make_release(load_course(TINY), ("en", "ko"), f"x\n{line}")
    assert {fault.file for fault in caught.value.faults} >= {"ex01.ipynb", "notebooks/ko/ex01.ipynb"}


def test_what_was_written_stays_and_the_rest_is_replaced(tmp_path: Path) -> None:
    course, folder = load_course(TINY), tmp_path / "out"
    write_release(make_release(course), folder, None)
    written = write_release(make_release(course, ("en",)), folder, None, force=True)
    assert written.kept == ()
    assert {path.name for path in folder.glob("ex*.*")} == {"ex01.ipynb", "ex02.ipynb", "ex03.ipynb"}
    document = json.loads((folder / "ex01.ipynb").read_bytes())
    document["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    (folder / "ex01.ipynb").write_text(json.dumps(document))
    (folder / "ex02.ipynb").write_bytes(filled((folder / "ex02.ipynb").read_bytes(), "x = 1"))
    written = write_release(make_release(course, ("en",), "elsewhere"), folder, None, force=True)
    assert written.kept == ("ex02.ipynb",)
    assert "elsewhere" in (folder / "ex01.ipynb").read_text()
    assert "x = 1" in (folder / "ex02.ipynb").read_text()
    written = write_release(make_release(course), folder, None, force=True)
    assert {path.name for path in folder.glob("ex*.*")} == {"ex01.py", "ex02.ipynb", "ex03.py"}


def test_a_notebook_that_nobody_wrote_in_is_the_stub_and_says_nothing(tmp_path: Path) -> None:
    course = real_course()
    release = make_release(course, course.languages)
    for name, content in release.everything().items():
        if name.endswith(".ipynb"):
            path = tmp_path / Path(name).name
            path.write_bytes(content)
            exercise = next(item for item in course.exercises if item.id == path.stem)
            assert is_untouched(exercise, path), name
            assert read_submission(path).notes == (), name


def executed(notebook: Path, language: str) -> tuple[str, ...]:
    """Return what is executed of each cell: all but its comments, and the language in which `%check` answers."""
    codes = (unit.code.replace(f" --lang {language}", "") for unit in read_submission(notebook).units)
    return tuple(ast.dump(ast.parse(code)) for code in codes)


@pytest.mark.slow
def test_a_notebook_as_it_is_handed_in_is_graded_in_full(sandbox: None, tmp_path: Path) -> None:
    course = real_course()
    files = make_release(course, course.languages).everything()
    seen: set[tuple[str, ...]] = set()
    for language in reversed(course.languages):
        for exercise in course.exercises:
            assert exercise.solution_folder is not None
            solution = (exercise.solution_folder / "solution.py").read_text(encoding="utf-8")
            path = tmp_path / f"{exercise.id}.ipynb"
            folder = "" if language == course.languages[0] else f"notebooks/{language}/"
            path.write_bytes(filled(files[f"{folder}{path.name}"], solution))
            # What is executed is the same in every language, and graded once: the first exercise trains for long.
            code = executed(path, language)
            if code not in seen:
                student = tmp_path / "class" / language
                student.mkdir(parents=True, exist_ok=True)
                path.rename(student / path.name)
            seen.add(code)
    output = tmp_path / "graded"
    arguments = [
        "--course",
        str(ROOT),
        "grade",
        str(tmp_path / "class"),
        "--output",
        str(output),
        "--lang",
        "en",
    ]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    document = json.loads((output / "results.json").read_text(encoding="utf-8"))
    grades = document["grades"]
    assert len(grades) == len(seen) == len(course.exercises)
    assert [grade for grade in grades if grade["points"] != grade["possible"] or grade["notes"]] == []


# --- the statements' own snippets -------------------------------------------------------------------------------------


def snippets() -> Iterator[tuple[str, str]]:
    """Yield every piece of Python in a statement, with the statement's name."""
    for readme in sorted(ROOT.glob("exercises/*/README*.md")):
        text = readme.read_text(encoding="utf-8")
        for number, found in enumerate(
            re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL), 1
        ):
            yield f"{readme.relative_to(ROOT)} {number}", found[1]


SNIPPETS = dict(snippets())


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the course as a student has it."""
    folder = tmp_path_factory.mktemp("released") / "course"
    write_release(make_release(real_course()), folder, None)
    return folder


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_works_where_a_student_stands(name: str, released: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SNIPPETS[name]], cwd=released, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
