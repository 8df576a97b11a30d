from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Generator
from itertools import count
from pathlib import Path

import pytest

from grader.answers.notebook import _nbformat
from grader.course.load import load_course
from grader.model import Course
from tests.support.places import ASKING, TINY
from tests.support.sandbox import do_without, nothing_started, why_no_sandbox

# Nobody's tests wait for the grammar of addresses that it passes over.
_nbformat()
# The courses' own checks, and what is handed in to them, are material and not tests.
collect_ignore = ["tiny_course", "asking_course", "shapes_course", "hostile", "shapes_hostile", "made_before"]

_NUMBERS = count()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let nothing be started while tests are collected, and keep the collector of garbage from what is collected.

    Thousands of tests live until the end: looking through them again and again takes as long as collecting them, and in
    each test that makes many objects.
    """
    gc.disable()
    try:
        with nothing_started():
            return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Have three tests at a time for two processors: many wait for another process, or for time to pass."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no test's answers of a reference for another test, nor the user's for any."""
    # Few tests write there: `mktemp` would make a folder for each, having looked at all that there are.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / f"cache-{next(_NUMBERS)}"))
    # How wide output is that is piped is a test's to say, and not the terminal's that tests were begun in.
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def tiny() -> Course:
    """Return the tests' course where it lies: three exercises that need NumPy alone."""
    return load_course(TINY)


@pytest.fixture(scope="session")
def asking() -> Course:
    """Return the tests' course in English alone: credit in parts, a bonus, questions that a person grades, a quiz."""
    return load_course(ASKING)


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Skip what this machine cannot run, or fail it where that is asked for."""
    reason = why_no_sandbox()
    if reason:
        do_without(reason)


@pytest.fixture
def tiny_copy(tmp_path: Path) -> Path:
    """Return the folder of a copy of the tests' course, to be changed."""
    folder = tmp_path / "course"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder
