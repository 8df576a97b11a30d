"""Nothing starts a sandbox while tests are collected, and where one is required its absence is a failure."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import sandbox
from tests.support.places import ROOT


def test_nothing_is_started_while_tests_are_collected() -> None:
    program = (
        "import subprocess, sys, pytest\n"
        "def refuse(*_, **__): sys.exit('a process was started while tests were collected')\n"
        "subprocess.Popen = refuse\n"
        "sys.exit(pytest.main(['--collect-only', '-q', '-p', 'no:cacheprovider', 'tests']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("required", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_what_is_required_fails_where_it_would_be_skipped(
    required: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_REQUIRE_SANDBOX", required)
    # Both are caught: a skip that nobody expects would skip this test, where it has to fail.
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="no bubblewrap") as caught:
        sandbox.do_without("no bubblewrap")
    assert caught.type is outcome
