"""Nothing starts a sandbox while tests are collected, and where one is required its absence is a failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import sandbox
from tests.support.places import ROOT


def test_nothing_is_started_while_tests_are_collected(tmp_path: Path) -> None:
    """The hook of `tests/conftest.py` holds it for all that are collected; this collects one that it fails."""
    (tmp_path / "test_starts.py").write_text("import subprocess\nsubprocess.run(['true'])\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "tests.conftest", str(tmp_path)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert "a process was started while tests were collected: (['true'],)" in done.stdout


@pytest.mark.parametrize(("required", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_what_is_required_fails_where_it_would_be_skipped(
    required: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_REQUIRE_SANDBOX", required)
    # Both are caught: a skip that nobody expects would skip this test, where it has to fail.
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="no bubblewrap") as caught:
        sandbox.do_without("no bubblewrap")
    assert caught.type is outcome
