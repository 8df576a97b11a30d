"""Tests that need the real sandbox: they are skipped where it cannot start, and fail there if it is required."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NoReturn

import pytest

from grader.errors import RunnerError
from grader.messages.sentences import explain
from grader.model import RunnerSettings
from grader.runner.process import SandboxedRunner

needs_sandbox = pytest.mark.usefixtures("sandbox")
"""The mark of a test that starts a sandbox at the level `full`. Nothing is started while tests are collected."""


@contextmanager
def nothing_started() -> Iterator[None]:
    """Have every start of a process fail."""

    def refuse(*arguments: object, **_: object) -> NoReturn:
        raise AssertionError(f"a process was started while tests were collected: {arguments[1:]}")

    with pytest.MonkeyPatch.context() as patch:
        # Of the class itself: what is imported meanwhile keeps it.
        patch.setattr("subprocess.Popen.__init__", refuse)
        yield


@cache
def why_no_sandbox() -> str:
    """Return why this machine cannot run the full sandbox; empty where it can."""
    try:
        with SandboxedRunner(RunnerSettings(("numpy",)), isolation="full", slot=900) as runner:
            runner.wait()
    except RunnerError as error:
        return explain(error.explanation, "en")
    return ""


def do_without(reason: str) -> NoReturn:
    """Skip a test that this machine cannot run; with GRADER_REQUIRE_SANDBOX=1, as in CI, the test fails."""
    if os.environ.get("GRADER_REQUIRE_SANDBOX") == "1":
        pytest.fail(f"GRADER_REQUIRE_SANDBOX=1, and: {reason}", pytrace=False)
    pytest.skip(reason)
