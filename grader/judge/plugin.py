"""The pytest plugin: the fixtures of checks, and the options for running them under plain pytest.

Two ways to run the same checks. Authors run plain pytest, with `--submission FILE` (or the reference, when none is
given). A judge collects the checks once and runs them again and again with `grader.judge.collect.collected`.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.checks.remote import RemoteCode
from grader.judge.fixtures import FIXTURES, check_generator


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> RemoteCode:
    """Return the student's functions, in their sandbox."""
    return _remote(request, "submission")


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> RemoteCode:
    """Return the reference's functions, in a sandbox of their own."""
    return _remote(request, "reference")


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return a generator seeded by the check's name: every student gets the same numbers."""
    return check_generator(request.node)


def _remote(request: pytest.FixtureRequest, role: str) -> RemoteCode:
    fixtures = request.config.stash.get(FIXTURES, None)
    if fixtures is None:
        # Imported where it is needed: a judge never needs it.
        from grader.judge.plain_pytest import fixtures_of

        fixtures = fixtures_of(request)
    code: RemoteCode | None = getattr(fixtures, role)
    assert code is not None
    return code


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for running checks under plain pytest."""
    group = parser.getgroup("grader", "checks of a grader course")
    group.addoption(
        "--submission", metavar="FILE", help="run the checks against this file (default: the reference)"
    )
    group.addoption(
        "--isolation",
        choices=("full", "reduced", "none"),
        default="full",
        help="the sandbox's level (default: full)",
    )
