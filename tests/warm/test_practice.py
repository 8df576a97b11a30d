from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import CourseError
from grader.model import Course, Exercise, Explanation, Grade, Isolation, Verdict
from grader.warm.answers import depends_on
from grader.warm.judge import Checked, Stopped
from grader.warm.practice import Practice


class FakeJudge:
    """Finds an answer right that has `right` in it; stops where it has `stop`."""

    def __init__(self, course: Course, exercises: Sequence[Exercise], isolation: Isolation) -> None:
        self.is_closed = False
        STARTED.append(self)

    def check(self, exercise: Exercise, path: Path) -> Checked:
        code = path.read_text()
        if "stop" in code:
            raise Stopped
        verdict = Verdict.PASSED if "right" in code else Verdict.FAILED
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return Checked(Grade("", exercise.id, 1, 1, verdict, (), digest=digest), None)

    def stop(self) -> None:
        """Nothing runs beside a test."""

    def close(self) -> None:
        self.is_closed = True


STARTED: list[FakeJudge] = []


@pytest.fixture
def practice(tiny_copy: Path) -> Practice:
    STARTED.clear()
    return Practice(lambda: load_course(tiny_copy), "full", tiny_copy, start=FakeJudge)


def ignore(_: Explanation) -> None:
    raise AssertionError("nothing is to be told")


def ids(practice: Practice, *files: str) -> list[str]:
    paths = {practice.course.root / file for file in files}
    return [answer.exercise.id for answer in practice.affected(paths, ignore)]


def test_what_an_answer_imports_is_a_part_of_it(practice: Practice, tiny_copy: Path) -> None:
    (tiny_copy / "pack").mkdir()
    for name, code in {
        "ex01.py": "from helper import a",
        "ex02.py": "import pack.inner",
        "helper.py": "import other",
        "pack/inner.py": "",
    }.items():
        (tiny_copy / name).write_text(code)
    for answer in practice.answers(ignore):
        practice.check(answer)
    assert ids(practice, "ex01.py") == ["ex01"]
    assert ids(practice, "helper.py") == ["ex01"]
    # It is not there yet: the answer waits for it.
    assert ids(practice, "other.py") == ["ex01"]
    assert ids(practice, "pack/inner.py") == ["ex02"]
    assert ids(practice, "unrelated.py") == []
    assert tiny_copy / "pack" / "inner.py" in practice.files()


def notebook(first: str, second: str) -> str:
    cells = [
        {"cell_type": kind, "metadata": {}, "source": source}
        for kind, source in [
            ("markdown", "## ex01"),
            ("code", first),
            ("markdown", "## ex02"),
            ("code", second),
        ]
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def test_of_a_notebook_for_several_exercises_what_changed_is_checked(
    practice: Practice, tiny_copy: Path
) -> None:
    file = tiny_copy / "homework.ipynb"
    first, second = "def row_sums(x):\n    pass", "def max_pool(x):\n    pass"
    file.write_text(notebook(first, second))
    assert ids(practice, "homework.ipynb") == ["ex01", "ex02"]
    for answer in practice.answers(ignore):
        practice.check(answer)
    assert ids(practice, "homework.ipynb") == []
    file.write_text(notebook(first, second + "  # right"))
    assert ids(practice, "homework.ipynb") == ["ex02"]


def test_it_moves_on_to_the_next_that_is_not_solved(practice: Practice, tiny_copy: Path) -> None:
    for name in ("ex01.py", "ex03.py"):
        (tiny_copy / name).write_text("right")
    for answer in practice.answers(ignore):
        practice.check(answer)
    assert practice.solved == 2
    assert practice.current is practice.course.exercises[2]
    following = practice.move_on()
    assert following is practice.course.exercises[1]
    assert practice.answer_to(following) is None
    (tiny_copy / "ex02.py").write_text("right")
    practice.check(practice.affected({tiny_copy / "ex02.py"}, ignore)[0])
    assert practice.move_on() is None


def test_a_changed_course_means_a_fresh_start(practice: Practice, tiny_copy: Path) -> None:
    assert practice.state == ""
    first = practice.warm()
    assert practice.warm() is first
    before = practice.state
    check = next(tiny_copy.glob("exercises/ex01*/test_ex01.py"))
    check.write_text(check.read_text() + "\n")
    assert practice.warm() is not first
    assert STARTED[0].is_closed
    assert practice.state not in ("", before)
    (tiny_copy / "course.yml").write_text("format: 7\n")
    with pytest.raises(CourseError):
        practice.warm()
    assert practice.state == ""
    assert STARTED[1].is_closed


def test_what_is_stopped_keeps_what_was_known(practice: Practice, tiny_copy: Path) -> None:
    answer = tiny_copy / "ex01.py"
    answer.write_text("right")
    practice.check(practice.answers(ignore)[0])
    answer.write_text("stop")
    assert practice.check(practice.answers(ignore)[0]) is None
    assert practice.solved == 1
    practice.is_over = True
    answer.write_text("wrong")
    assert practice.check(practice.answers(ignore)[0]) is None
    answer.unlink()
    assert practice.answers(ignore) == []
    assert practice.solved == 0


def test_an_answer_that_cannot_be_read_depends_on_itself(tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    for code in (b"import helper\nx = (", b"\xff\xfe\x00", b"import json"):
        path.write_bytes(code)
        assert path in depends_on(path)
