"""What is wrong with a course has one exit code and one sentence in all commands that an author uses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from tests.support.sandbox import needs_sandbox
from tests.verify.test_course import append, replaced

SOLUTION = "solutions/ex02_maxpool_1/solution.py"
MISTAKES = "solutions/ex02_maxpool_1/misconceptions.py"
COMMANDS = {
    "verify": ("verify", "ex2", "--no-mutants", "--runs", "1"),
    "check": ("check", "ex2", "--file", "answer.py"),
    "grade": ("grade", "submissions", "--exercise", "ex2"),
    "release": ("release", "students"),
}


@pytest.fixture
def course(tiny_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a course in whose folder a right answer of its second exercise lies, and a class that handed it in."""
    code = (tiny_copy / SOLUTION).read_text(encoding="utf-8")
    (tiny_copy / "submissions" / "ann").mkdir(parents=True)
    for name in ("answer.py", "submissions/ann/ex02.py"):
        (tiny_copy / name).write_text(code, encoding="utf-8")
    monkeypatch.chdir(tiny_copy)
    return tiny_copy


def said(command: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*COMMANDS[command], "--lang", "en"], catch_exceptions=False)
    return result.exit_code, " ".join(result.output.split())


@needs_sandbox
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            append(SOLUTION, "\n_right = max_pool\n\n\ndef max_pool(x):\n    return _right(x) + 1\n"),
            f"{SOLUTION}: line 14: the reference does not pass test_",
        ),
        (
            append(MISTAKES, '\n\n@misconception("mute", en="a")\ndef max_pool(x):\n    return x\n'),
            "mute: the explanation in ko is missing",
        ),
        (append(MISTAKES, "\nabsent.x\n"), "raises NameError when it is executed"),
        (replaced("course.yml", "slug: maxpool-2", "slug: maxpol-2"), "course.yml: line "),
    ],
    ids=["reference-fails", "mistake-without-text", "mistake-raises", "course-file"],
)
def test_what_keeps_a_class_from_being_graded_is_two_everywhere(
    change: Callable[[Path], None], sentence: str, course: Path
) -> None:
    change(course)
    for command in COMMANDS:
        code, output = said(command)
        assert code == 2, (command, output)
        assert sentence in output, command


@needs_sandbox
def test_what_verify_alone_asks_for_is_one(course: Path) -> None:
    same = "import solution\n    return solution.max_pool(x)"
    append(MISTAKES, f'\n\n@misconception("right", en="a", ko="가")\ndef max_pool(x):\n    {same}\n')(course)
    codes = {command: said(command)[0] for command in COMMANDS}
    assert codes == {"verify": 1, "check": 0, "grade": 0, "release": 0}


@needs_sandbox
def test_what_ends_a_proof_and_no_grading_is_one(course: Path) -> None:
    append("solutions/families/pooling.py", "\n\ndef inputs(exercise, rng):\n    yield absent\n")(course)
    words = ["verify", "ex3", "--no-mutants", "--runs", "1", "--lang", "en"]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 1
    assert "cannot be asked for the inputs" in " ".join(result.output.split())


@needs_sandbox
def test_what_is_left_to_write_keeps_nobody_but_students_waiting(course: Path) -> None:
    append(MISTAKES, "\n# TODO(author): more\n")(course)
    codes = {command: said(command) for command in COMMANDS}
    assert {command: code for command, (code, _) in codes.items()} == {
        "verify": 1,
        "check": 0,
        "grade": 0,
        "release": 2,
    }
    for command in ("check", "grade", "release"):
        assert "1 line is left to write: " + MISTAKES in codes[command][1]
