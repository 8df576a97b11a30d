"""What most graders do: one pytest process for each submission, which imports TensorFlow and runs everything in itself.

A pytest plugin for `throughput.py`: the fixtures `submission` and `reference` call functions in this very process. The
checks are the course's own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.answers.file import read_submission
from grader.checks.remote import RemoteCode
from grader.course.load import load_course
from grader.judge.fixtures import check_seed
from grader.judge.submission import SubmissionCaller
from grader.model import Exercise
from tests.support.fakes import FakeRunner

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file and the exercise."""
    parser.addoption("--answer")
    parser.addoption("--exercise")


def _code(path: Path, exercise: Exercise) -> RemoteCode:
    return RemoteCode(SubmissionCaller(FakeRunner(), read_submission(path), exercise, is_limited=False))


def _exercise(request: pytest.FixtureRequest) -> Exercise:
    wanted = request.config.getoption("--exercise")
    return next(item for item in load_course(ROOT).exercises if item.id == wanted)


@pytest.fixture(scope="session")
def submission(request: pytest.FixtureRequest) -> RemoteCode:
    """Return the student's functions."""
    return _code(Path(request.config.getoption("--answer")), _exercise(request))


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> RemoteCode:
    """Return the reference's functions."""
    exercise = _exercise(request)
    assert exercise.solution_folder is not None
    return _code(exercise.solution_folder / "solution.py", exercise)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return the numbers that the checks draw everywhere."""
    return np.random.default_rng(check_seed(request.node.path, request.node.name))
