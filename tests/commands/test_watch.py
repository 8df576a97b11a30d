"""`grader watch` in a terminal, in the real sandbox: it goes on whatever is saved, and leaves nothing behind."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.judging import GOOD
from tests.support.places import ROOT
from tests.support.sandbox import needs_sandbox
from tests.support.waiting import SECONDS, comes_true

FOOTER = "q quit"


class Terminal:
    """A watch in a terminal of its own."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        self.process, self._end = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.environ |= {
                "TERM": "xterm",
                "COLUMNS": "100",
                "PYTHONPATH": str(ROOT),
                "XDG_RUNTIME_DIR": str(runtime),
            }
            os.execv(sys.executable, [sys.executable, "-m", "grader.cli", "watch", "--lang", "en"])

    def press(self, key: str) -> None:
        os.write(self._end, key.encode())

    def shown(self, expected: str = "", *, until: str = FOOTER) -> str:
        """Return what is shown up to what is expected and the text that ends it; fail where they do not come."""
        raw, deadline = b"", time.monotonic() + SECONDS
        while (
            until.encode() not in raw[max(0, raw.find(expected.encode())) :] or expected.encode() not in raw
        ):
            assert time.monotonic() < deadline, raw.decode()
            if select.select([self._end], [], [], 0.2)[0]:
                try:
                    raw += os.read(self._end, 65536)
                except OSError:
                    break
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw.decode()).replace("\r", "")

    def ended(self) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        self.process = 0
        return code

    def close(self) -> None:
        os.close(self._end)
        if self.process:
            os.kill(self.process, signal.SIGTERM)
            self.ended()


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("run")
    folder.chmod(0o700)
    yield folder
    assert list(folder.glob("grader/*.socket")) == []


@pytest.fixture
def terminal(tiny_copy: Path, runtime: Path) -> Iterator[Terminal]:
    """Watch the answers of a copy of the tests' course, of which one is not finished."""
    (tiny_copy / "ex01.py").write_text("def row_sums(x:\n")
    with closing(Terminal(tiny_copy, runtime)) as opened:
        yield opened


def children(process: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()[1:]]
    found = [str(process)]
    for parent in found:
        found += [child for child, above in rows if above == parent]
    return found[1:]


def alive(processes: list[str]) -> list[str]:
    comes_true(lambda: not any(Path("/proc", item).exists() for item in processes))
    return [item for item in processes if Path("/proc", item).exists()]


@needs_sandbox
def test_it_goes_on_whatever_is_saved(terminal: Terminal, tiny_copy: Path, runtime: Path) -> None:
    answer = tiny_copy / "ex01.py"
    assert "0 of 3 solved" in terminal.shown("0 of 3 solved")
    answer.write_text("def row_sums(x):\n    while True: pass\n")
    assert "Checking ex01.py ..." in terminal.shown(until="Checking ex01.py ...")
    # It does not wait for the end of the loop.
    answer.write_text("import os\nos._exit(3)\n")
    assert "exit code 3" in terminal.shown("exit code 3")
    terminal.press("h")
    assert "hint" in terminal.shown("hint")
    answer.write_text("from helper import *\n")
    assert "helper" in terminal.shown("helper")
    (tiny_copy / "helper.py").write_text(GOOD)
    shown = terminal.shown("All checks passed.")
    assert "Next: ex02 — Max pooling: 2x2 windows (ex02.py)" in shown
    assert shown.count("Next:") == 1
    assert "1 of 3 solved" in shown
    command = [sys.executable, "-m", "grader.cli", "check", "ex1", "--lang", "en"]
    environment = os.environ | {"XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(ROOT)}
    warm = subprocess.run(
        command, cwd=tiny_copy, env=environment, capture_output=True, text=True, check=False
    )
    # The key of `l`, where the keyboard is set to Korean.
    terminal.press("ㅣ")
    assert "· ex03 maxpool-2" in terminal.shown("· ex03 maxpool-2")
    started = children(terminal.process)
    assert started
    terminal.press("q")
    assert terminal.ended() == 0
    assert alive(started) == []
    own = subprocess.run(command, cwd=tiny_copy, env=environment, capture_output=True, text=True, check=False)
    assert (warm.returncode, warm.stdout, warm.stderr) == (own.returncode, own.stdout, own.stderr)
    assert warm.returncode == 0


@needs_sandbox
def test_ctrl_c_ends_a_loop_and_leaves_no_process(terminal: Terminal, tiny_copy: Path) -> None:
    terminal.shown()
    (tiny_copy / "ex01.py").write_text("def row_sums(x):\n    while True: pass\n")
    terminal.shown(until="Checking ex01.py ...")
    started = children(terminal.process)
    terminal.press("\x03")
    assert "Stopped." in terminal.shown(until="Stopped.")
    assert terminal.ended() == 130
    assert alive(started) == []


@needs_sandbox
def test_without_a_terminal_there_are_results_and_no_keys(tiny_copy: Path, runtime: Path) -> None:
    answer = tiny_copy / "ex01.py"
    answer.write_text("")
    command = [sys.executable, "-u", "-m", "grader.cli", "watch", "--lang", "en"]
    environment = os.environ | {"XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tiny_copy, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Next: ex01 —"):
                answer.write_text(GOOD)
            if line.startswith("Next: ex02 —"):
                process.terminate()
    assert process.returncode == 143
    text = "".join(lines)
    assert "All checks passed." in text
    assert FOOTER not in text
    assert "\x1b" not in text
