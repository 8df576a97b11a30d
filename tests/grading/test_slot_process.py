"""A slot that is told to stop does, whatever it is at, and prints nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from multiprocessing.connection import Pipe
from pathlib import Path

import pytest

from tests.support.places import ROOT

CHECKS = "exercises/ex01_row_sums/test_ex01.py"
WAITS = """
import pathlib, time


def wait():
    pathlib.Path({mark!r}).touch()
    time.sleep(60)
"""
IN_PLACE = {
    "import": "wait()",
    "swallowed": "try:\n    wait()\nexcept BaseException:\n    wait()",
    "finaliser": "class Late:\n    def __del__(self):\n        wait()\n\n\nLate()",
}


@pytest.mark.parametrize("place", IN_PLACE)
def test_it_stops_in_the_middle_of_anything(place: str, tiny_copy: Path, tmp_path: Path) -> None:
    mark = tmp_path / "waiting"
    checks = tiny_copy / CHECKS
    code = checks.read_text(encoding="utf-8") + WAITS.format(mark=str(mark)) + f"\n\n{IN_PLACE[place]}\n"
    checks.write_text(code, encoding="utf-8")
    ours, theirs = Pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "grader.grading.slot_process", str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
    )
    with process, ours:
        theirs.close()
        ours.send((tiny_copy, ("ex01",), "none", True))
        while not mark.exists() and process.poll() is None:
            time.sleep(0.02)
        process.terminate()
        output, _ = process.communicate(timeout=20)
    assert (output, process.returncode) == (b"", 0)
