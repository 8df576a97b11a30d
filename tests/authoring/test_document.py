"""What docs/authoring.md walks through is a course that is proved."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from grader.cli import main
from tests.support.places import ROOT
from tests.support.sandbox import needs_sandbox

TEXT = (ROOT / "docs/authoring.md").read_text(encoding="utf-8")
FILES = {
    name: dedent(block).strip() + "\n"
    for name, block in re.findall(
        r"^`((?:exercises|solutions)/\S+)`\n\n((?:    [^\n]*\n|\n)+)", TEXT, flags=re.MULTILINE
    )
}


def run(words: list[str]) -> None:
    result = CliRunner().invoke(main, [*words, "--lang", "en"], catch_exceptions=False)
    assert result.exit_code == 0, result.output


@needs_sandbox
def test_the_first_exercise_of_the_document_is_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    begin = re.findall(r"^    grader (new .*)$", TEXT, flags=re.MULTILINE)
    words = [[part.strip('"') for part in re.findall(r'"[^"]*"|\S+', line)] for line in begin[:2]]
    run(words[0])
    monkeypatch.chdir("numpy-ml")
    run(words[1])
    course = Path.cwd()
    made = {path.relative_to(course).as_posix() for path in course.glob("*/ex01_softmax/*")}
    assert set(FILES) == made
    for name, content in FILES.items():
        (course / name).write_text(content, encoding="utf-8")
    run(["verify"])
    run(["release", "students"])
    for student, name in (
        ("right", "solutions/ex01_softmax/solution.py"),
        ("begun", "exercises/ex01_softmax/stub.py"),
    ):
        folder = course / "submissions" / student
        folder.mkdir(parents=True)
        (folder / "ex01.py").write_text(FILES[name], encoding="utf-8")
    run(["grade", "submissions"])


def test_every_chapter_of_the_document_is_listed() -> None:
    chapters = re.findall(r"^## (.+)$", re.sub(r"^    .*$", "", TEXT, flags=re.MULTILINE), flags=re.MULTILINE)
    assert chapters == re.findall(r"^\d\. \[(.+?)\]", TEXT, flags=re.MULTILINE)
