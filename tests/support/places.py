"""Where things lie that tests read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grader.course.load import load_course
from grader.model import Course

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
TINY = TESTS / "tiny_course"
ASKING = TESTS / "asking_course"


@cache
def real_course() -> Course:
    """Return the course of this repository, which takes a second to read."""
    return load_course(ROOT)
