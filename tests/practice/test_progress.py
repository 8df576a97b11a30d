"""`grader list`, `grader hint` and `grader show`: what is remembered of a student's folder, and what is damaged of it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.course.statements import hints_of, tasks_of, with_pictures_named
from grader.model import CheckResult, Course, Exercise, Grade, Text, Verdict
from grader.practice.answers import answer_files
from grader.practice.progress import FILE_NAME
from grader.warm.judge import Checked
from tests.support.places import ROOT, TINY, real_course

STATEMENT = """# ex01. Sums

```
## Hints
- not one
```

## Tasks

1. Write it.

## Hints

- First *hint*,
  on two lines.

  ```
  - code
  ```
- Second ![a table](data/table.png)

## More

- no hint
"""


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", language], catch_exceptions=False)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a copy of the tests' course, whose first exercise has hints."""
    folder = tmp_path / "course"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "exercises/ex01_row_sums/README.md").write_text(STATEMENT, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def graded(course: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Verdict]:
    """Replace the judge: every check of an exercise has the verdict that is set here."""
    verdicts: dict[str, Verdict] = {}

    def check_one(course: Course, exercise: Exercise, path: Path, **_: object) -> tuple[Grade, None]:
        verdict = verdicts[exercise.id]
        points = 2.0 if verdict is Verdict.PASSED else 0.0
        titles = (Text({"en": "sums of rows", "ko": "행의 합"}), Text({"en": "scale", "ko": "배율"}))
        checks = tuple(
            CheckResult(f"test_{i}", title, True, 1.0, points / 2, verdict) for i, title in enumerate(titles)
        )
        return Grade(
            "", exercise.id, points, 2.0, verdict, checks, graded_at=datetime(2026, 3, 2, tzinfo=UTC)
        ), None

    class FakeJudge:
        """Stands in for the judge that starts a library."""

        def __init__(self, course: Course, exercises: Sequence[Exercise], isolation: str, **_: bool) -> None:
            self._course = course

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def check(self, exercise: Exercise, path: Path) -> Checked:
            return Checked(*check_one(self._course, exercise, path))

    for module in ("door", "judge"):
        monkeypatch.setattr(f"grader.warm.{module}.WarmJudge", FakeJudge)
    return verdicts


def rows() -> dict[str, dict[str, object]]:
    result = run("list", "--json")
    assert result.exit_code == 0, result.output
    return {row["exercise"]: row for row in json.loads(result.stdout)["exercises"]}


def test_a_check_is_remembered_and_listed(course: Path, graded: dict[str, Verdict]) -> None:
    assert {row["state"] for row in rows().values()} == {"absent"}
    shutil.copy("exercises/ex01_row_sums/stub.py", "ex01.py")
    assert rows()["ex01"]["state"] == "untouched"
    Path("ex01.py").write_text("def row_sums(x):\n    return 0\n")
    assert rows()["ex01"]["state"] == "unchecked"
    graded["ex01"] = Verdict.FAILED
    assert run("check", "ex1").exit_code == 1
    assert rows()["ex01"]["state"] == "open"
    assert "0 / 2" in run("list").stdout
    assert "not passed: sums of rows, and 1 more" in run("list").stdout
    assert "행의 합 외 1개" in run("list", language="ko").stdout
    Path("ex01.py").write_text("def row_sums(x):\n    return 1\n")
    assert rows()["ex01"]["state"] == "changed"
    graded["ex01"] = Verdict.PASSED
    assert run("check", "ex1").exit_code == 0
    assert rows()["ex01"]["state"] == "done"
    assert "1 of 3 is done" in run("list").stdout
    Path("ex01.ipynb").write_text("{}")
    assert rows()["ex01"]["state"] == "two"


STUB = (TINY / "exercises/ex01_row_sums/stub.py").read_text()
WRITTEN = "def row_sums(x):\n    return x.sum(1)\n"


def notebook(code: str) -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": code,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


@pytest.mark.parametrize(
    ("files", "answers"),
    [
        ({"ex01.py": STUB, "ex01.ipynb": notebook(WRITTEN)}, ["ex01.ipynb"]),
        ({"ex01.py": WRITTEN, "ex01.ipynb": notebook(STUB)}, ["ex01.py"]),
        ({"ex01.ipynb": notebook(STUB), "Copy of ex01.ipynb": notebook(WRITTEN)}, ["Copy of ex01.ipynb"]),
        (
            {"ex01.ipynb": notebook(STUB), "ex01.ipynb의 사본.ipynb": notebook(WRITTEN)},
            ["ex01.ipynb의 사본.ipynb"],
        ),
        ({"ex01.py": STUB, "ex01 (1).py": WRITTEN}, ["ex01 (1).py"]),
        ({"ex01.py": STUB, "ex01 (1).py": WRITTEN, "ex01 (2).py": WRITTEN}, ["ex01 (1).py", "ex01 (2).py"]),
        ({"ex01.py": WRITTEN, "ex01 (1).py": "def row_sums(x): ...\n"}, ["ex01.py"]),
        ({"ex01.py": "def row_sums(x", "ex01 (1).py": WRITTEN}, ["ex01.py"]),
        ({"ex01.py": STUB, "test_ex01.py": "def test_sums():\n    assert row_sums([[1]])\n"}, ["ex01.py"]),
        ({"ex01.py": STUB, "ex01.ipynb": notebook(STUB), "ex01 (1).py": STUB}, ["ex01.ipynb"]),
        ({"ex01.py": WRITTEN, "ex01.ipynb": notebook(WRITTEN)}, ["ex01.ipynb", "ex01.py"]),
        ({"ex01 (1).py": WRITTEN}, ["ex01 (1).py"]),
    ],
)
def test_a_stub_stands_in_no_answers_way(course: Path, files: dict[str, str], answers: list[str]) -> None:
    for name, code in files.items():
        Path(name).write_text(code, encoding="utf-8")
    loaded = load_course(course)
    assert [path.name for path in answer_files(loaded, loaded.exercises[0], course)] == answers


@pytest.fixture
def refused(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an answer to ex01 that the system lets nobody read; root reads whatever its permissions forbid."""
    Path("ex01.py").write_text("def row_sums(x):\n    return 0\n")
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "ex01.py":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)


@pytest.mark.usefixtures("refused")
def test_what_cannot_be_read_is_listed_as_such() -> None:
    assert rows()["ex01"]["state"] == "unreadable"
    assert "cannot be read: grader check ex01 says why" in run("list").stdout


@pytest.mark.usefixtures("refused")
def test_what_cannot_be_read_keeps_no_other_from_being_checked(graded: dict[str, Verdict]) -> None:
    Path("ex02.py").write_text("def max_pool(x):\n    return 0\n")
    graded["ex02"] = Verdict.PASSED
    result = run("check")
    assert result.exit_code == 2
    assert result.stderr.startswith("ex01.py cannot be read: Permission denied")
    assert "ex02" in result.stdout
    assert "ex01" not in result.stdout
    assert rows()["ex02"]["state"] == "done"
    alone = run("check", "ex1")
    assert alone.exit_code == 2
    assert "Error: ex01.py cannot be read" in alone.stderr


@pytest.mark.parametrize("kind", ["dumb", "xterm"])
def test_a_narrow_terminal_gets_no_columns_whatever_its_kind(
    course: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TERM": kind, "COLUMNS": "40", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    shown = run("list").stdout
    assert "    next: no answer" in shown
    assert "reached  points" not in shown


def test_who_reads_only_the_first_line_is_told_nothing_of_it(course: Path) -> None:
    command = [sys.executable, "-m", "grader.cli", "list", "--lang", "en"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # Nobody reads any more before anything is written.
        process.stdout.close()
        assert process.stderr.read() == b""


def test_piped_no_line_is_padded_or_wrapped(course: Path) -> None:
    lines = run("list").stdout.splitlines()
    assert len(lines) == 1 + 3 + 2
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"course": "tiny", "checked": {"ex01": 3}}', b'{"course": "tiny", "format": 9}',
     b"[" * 100_000, b'{"course": "tiny", "hints": {"ex01": "many"}}', b'{"course": "other"}'],
)  # fmt: skip
def test_what_is_damaged_is_a_note_and_is_written_anew(
    course: Path, graded: dict[str, Verdict], content: bytes
) -> None:
    Path(FILE_NAME).parent.mkdir()
    Path(FILE_NAME).write_bytes(content)
    result = run("list")
    assert result.exit_code == 0
    assert FILE_NAME in result.stderr
    graded["ex01"] = Verdict.PASSED
    Path("ex01.py").write_text("def row_sums(x):\n    return 0\n")
    assert run("check", "ex1").exit_code == 0
    assert run("list").stderr == ""
    assert rows()["ex01"]["state"] == "done"


@pytest.mark.parametrize("place", [FILE_NAME, ".grader"])
def test_what_cannot_be_remembered_stops_no_check(
    course: Path, graded: dict[str, Verdict], place: str
) -> None:
    if place == FILE_NAME:
        Path(FILE_NAME).mkdir(parents=True)
    else:
        Path(place).write_text("")
    graded["ex01"] = Verdict.PASSED
    Path("ex01.py").write_text("def row_sums(x):\n    return 0\n")
    result = run("check", "ex1")
    assert result.exit_code == 0
    assert "cannot be" in result.stderr


def test_hints_come_one_at_a_time(course: Path) -> None:
    first, second, third = (run("hint", "row-sums").stdout for _ in range(3))
    assert "hint 1 of 2" in first
    assert "on two lines" in first
    assert "- code" in first
    assert "Second" not in first
    assert "last hint" not in first
    assert "hint 2 of 2" in second
    assert "last hint" in second
    assert "no hint" not in second
    assert "all 2 hints" in third
    assert "Second" not in third
    everything = run("hint", "ex1", "--all").stdout
    assert "hint 1 of 2" in everything
    assert "hint 2 of 2" in everything
    assert rows()["ex01"]["hints"] == {"taken": 2, "total": 2}


def test_fewer_hints_than_were_taken(course: Path) -> None:
    run("hint", "ex1", "--all")
    path = course / "exercises/ex01_row_sums/README.md"
    path.write_text(STATEMENT.replace("- Second", "  more"), encoding="utf-8")
    assert "all 1 hints" in run("hint", "ex1").stdout
    assert rows()["ex01"]["hints"] == {"taken": 1, "total": 1}


def test_a_statement_without_hints_says_so(course: Path) -> None:
    result = run("hint", "ex2")
    assert (result.exit_code, result.stdout) == (0, "The statement of ex02 has no hints.\n")


def test_the_statement_is_plain_where_nobody_looks_and_names_its_pictures(course: Path) -> None:
    result = run("show", "ex1")
    assert result.exit_code == 0
    assert "[picture: a table, exercises/ex01_row_sums/data/table.png]" in result.stdout
    assert "\x1b" not in result.stdout
    assert run("show", "ex1", language="ko").stdout.startswith("# ex01")


@pytest.mark.parametrize(
    ("statement", "language", "hints"),
    [
        ("## Hints\n\n* a\n* b", "en", ["a", "b"]),
        ("## Hint:\n\n1. a\n2) b", "en", ["a", "b"]),
        ("## 힌트\n\n- 가\n- 나", "ko", ["가", "나"]),
        ("## HINTS ##\n\nOne.\n\nTwo,\nlong.", "en", ["One.", "Two,\nlong."]),
        ("## Hints\n\n- a\n  - under\n  - a", "en", ["a\n- under\n- a"]),
        ("## Tasks\n\n1. x\n\n## Hinweise\n\n- a\n- b", "de", ["a", "b"]),
        ("## Tasks\n\n1. x\n\n## Ende\n\nText.", "de", []),
        ("", "en", []),
        ("## Hints\n\n", "en", []),
        ("~~~\n## Hints\n~~~\n", "en", []),
    ],
)
def test_hints_are_found(statement: str, language: str, hints: list[str]) -> None:
    assert hints_of(statement, language) == hints


def test_each_statement_of_the_course_has_hints_as_many_in_each_language() -> None:
    from grader.course.files import files_of

    for exercise in real_course().exercises:
        counts = {
            len(hints_of(path.read_text(encoding="utf-8"), language))
            for language, path in files_of(exercise).statements.items()
        }
        assert len(counts) == 1, exercise.id
        assert min(counts) >= 4, exercise.id


def test_tasks_in_code_are_none() -> None:
    assert tasks_of("```\n## Tasks\n1. no\n```\n## Tasks\n\n1. a\n2. b\n## Next\n3. c", "en") == ["1", "2"]


def test_a_picture_in_code_stays() -> None:
    named = with_pictures_named("![a](b.png)\n```\n![a](b.png)\n```", lambda name, path: f"<{name} {path}>")
    assert named == "<a b.png>\n```\n![a](b.png)\n```"
