"""Kept answers and the real sandbox: student code does not see them, and names are the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.model import Course, Grade, Isolation, Verdict
from tests.support.judging import GOOD, check_one, verdicts
from tests.support.sandbox import needs_sandbox

pytestmark = needs_sandbox

PEEKING = """
import os

SEEN = []
for folder in {folders}:
    try:
        SEEN += [name for name in os.listdir(folder) if name.endswith((".reference", ".mistakes"))]
    except OSError:
        pass
if SEEN:
    raise RuntimeError(str(SEEN))
"""
WRONG = GOOD.replace("for row in x])", "for row in x]) + 1")


def check(course: Course, folder: Path, code: str, isolation: Isolation = "full") -> Grade:
    path = folder / "answer.py"
    path.write_text(code, encoding="utf-8")
    return check_one(course, course.exercises[0], path, isolation=isolation)[0]


def test_a_known_course_gives_the_same_grades_and_names(tiny: Course, tmp_path: Path) -> None:
    """The first run asks a reference of its own, the second starts it late, the third asks none."""
    entries = Path(os.environ["XDG_CACHE_HOME"], "grader")
    assert check(tiny, tmp_path, GOOD).verdict is Verdict.PASSED
    assert [path.suffix for path in entries.iterdir()] == [".reference"]
    forked = check(tiny, tmp_path, WRONG)
    assert sorted(path.suffix for path in entries.iterdir()) == [".mistakes", ".reference"]
    kept = check(tiny, tmp_path, WRONG)
    for path in entries.iterdir():
        path.unlink()
    alone = check(tiny, tmp_path, WRONG)
    stories = [
        [(item.name, item.verdict, item.explanation, item.misconception) for item in grade.checks]
        for grade in (forked, kept, alone)
    ]
    assert stories[0] == stories[1] == stories[2]
    assert Verdict.FAILED in verdicts(alone).values()


@pytest.mark.parametrize("isolation", ["full", "reduced"])
def test_student_code_sees_nothing_of_what_is_kept(
    tiny: Course, tmp_path: Path, isolation: Isolation
) -> None:
    assert check(tiny, tmp_path, GOOD, isolation).verdict is Verdict.PASSED
    folder = Path(os.environ["XDG_CACHE_HOME"], "grader")
    assert list(folder.iterdir())
    folders = [str(folder), str(folder.parent), ".", ".."]
    with pytest.raises(RuntimeError, match="reference"):
        exec(PEEKING.format(folders=folders), {})  # whoever may look there finds it
    grade = check(tiny, tmp_path, GOOD + PEEKING.format(folders=folders), isolation)
    assert grade.notes == ()
    assert grade.verdict is Verdict.PASSED
