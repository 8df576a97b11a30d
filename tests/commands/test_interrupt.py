"""Ctrl-C in a terminal: the message stands whole on a line of its own, whatever was drawn before."""

from __future__ import annotations

import os
import pty
import re
import sys
from pathlib import Path

import pytest

from tests.support.handin import hand_in
from tests.support.places import ROOT

SLOW = "import time\ntime.sleep(3600)\n"
COMMANDS = {
    "grade": (
        "Grading",
        ["grade", "in", "--jobs", "2"],
        "Stopped after 0 of 8 submissions. What is graded is kept",
    ),
    "grade, before": ("", ["grade", "in"], "Stopped"),
    "verify": ("Proving", ["verify", "--jobs", "2"], "Stopped."),
    "check": ("", ["check", "ex1", "--file", "in/s1/ex01.py"], "Stopped."),
    "release": ("Checking", ["release", "out"], "Stopped."),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_it_says_that_it_stopped(name: str, tiny_copy: Path) -> None:
    shown, arguments, sentence = COMMANDS[name]
    hand_in(tiny_copy / "in", *(f"s{number}/ex01.py" for number in range(8)))
    # No answer is done before somebody presses the keys, however late that is.
    limits = tiny_copy / "course.yml"
    limits.write_text(limits.read_text("utf-8").replace("load_seconds: 1\n", "load_seconds: 3600\n"), "utf-8")
    for path in tiny_copy.glob("in/*/ex01.py"):
        path.write_text(f"{SLOW}# {path}\n", encoding="utf-8")
    # It is asked to stop when this is imported, which is after the command is known.
    (tiny_copy / "sitecustomize.py").write_text(READY, encoding="utf-8")
    code, output = interrupted([*arguments, "--isolation", "none"], shown, tiny_copy)
    assert code == 130, output
    # What the terminal erases is left out.
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", output.decode()).replace("\r", "").split("\n")
    assert lines[-1] == ""
    assert lines[-2].startswith(sentence), output
    assert "Traceback" not in output.decode()


READY = """
import os, sys

IS_FIRST = os.environ.pop("IS_FIRST", "")


class Ready:
    def find_spec(self, name, path=None, target=None):
        if IS_FIRST and name == "grader.course.load":
            print("READY", flush=True)


sys.meta_path.insert(0, Ready())
"""


def interrupted(arguments: list[str], shown: str, course: Path) -> tuple[int, bytes]:
    """Press Ctrl-C once something is shown; return the exit code and what the terminal was sent."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(course)
        os.environ |= {"TERM": "xterm", "COLUMNS": "200", "PYTHONPATH": f"{course}:{ROOT}", "IS_FIRST": "yes"}
        os.execv(sys.executable, [sys.executable, "-m", "grader.cli", *arguments, "--lang", "en"])
    output, is_pressed = b"", False
    while True:
        try:
            output += os.read(terminal, 65536)
        except OSError:  # Nobody has the terminal any more.
            break
        if not is_pressed and (shown or "READY").encode() in output:
            os.write(terminal, b"\x03")
            is_pressed = True
    os.close(terminal)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # `python -m` ends by the signal itself where Ctrl-C came while a text was executed, as a dataclass is when its module is
    # imported; `grader` does not, and a shell says 130 of both.
    return code if code >= 0 else 128 - code, output
