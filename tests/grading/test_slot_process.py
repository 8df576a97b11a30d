"""A slot that is told to stop does, whatever it is at, and prints nothing; and it grades, whatever threads checks have."""

from __future__ import annotations

import signal
import subprocess
import sys
from multiprocessing.connection import Pipe
from pathlib import Path

import pytest

from grader.grading.executor import Forked, Graded, Ready
from grader.grading.slots import CODE, Judges, Slot
from grader.model import Submission, Verdict
from tests.support.places import ROOT
from tests.support.waiting import SECONDS, comes_true

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
        [sys.executable, "-c", CODE, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
    )
    with process, ours:
        theirs.close()
        ours.send((tiny_copy, ("ex01",), "none", True))
        assert comes_true(lambda: mark.exists() or process.poll() is not None)
        process.terminate()
        output, _ = process.communicate(timeout=SECONDS)
    assert (output, process.returncode) == (b"", 0)


THREAD = """
import queue, threading

asked, answered = queue.Queue(), queue.Queue()


def double():
    while True:
        answered.put(2 * asked.get())


threading.Thread(target=double, daemon=True).start()


@check(points=1, en="asks a thread", ko="스레드에 묻는다")
def test_thread(submission):
    asked.put(3)
    assert answered.get(timeout=60) == 6
"""


def test_a_check_has_the_thread_that_its_file_has_started(tiny_copy: Path) -> None:
    checks = tiny_copy / CHECKS
    checks.write_text(checks.read_text(encoding="utf-8") + THREAD, encoding="utf-8")
    course_file = tiny_copy / "course.yml"
    course_file.write_text(course_file.read_text(encoding="utf-8").replace("points: 6", "points: 7"), "utf-8")
    judges = Judges(tiny_copy, ("ex01",), "none")
    slot = Slot(0, judges)
    try:
        # A judge that hangs before it has a submission says nothing for ever.
        for kind in (Forked, Ready):
            assert slot.connection.poll(SECONDS)
            assert isinstance(slot.receive(), kind)
        slot.give({})
        slot.hand(Submission("ann", "ex01", tiny_copy / "solutions/ex01_row_sums/solution.py"))
        assert slot.connection.poll(SECONDS)
        graded = slot.receive()
        assert isinstance(graded, Graded)
        assert {check.name: check.verdict for check in graded.grade.checks}["test_thread"] is Verdict.PASSED
    finally:
        slot.stop()
        slot.stop()
        judges.stop()


DIES = """
import os, signal, sys, time
from pathlib import Path
from grader.grading.slots import Judges, Slot
from grader.model import Submission

course, mark = Path(sys.argv[1]), Path(sys.argv[2])
slot = Slot(0, Judges(course, ("ex01",), "none"))
while not mark.exists():
    if slot.connection.poll(0.05) and type(slot.receive()).__name__ == "Ready":
        slot.give({})
        slot.hand(Submission("ann", "ex01", course / "solutions/ex01_row_sums/solution.py"))
os.kill(os.getpid(), signal.SIGKILL)
"""
HANGS = """
import os, pathlib, signal, time


def hang():
    pathlib.Path({mark!r} + "-").write_text(str(os.getpid()))
    pathlib.Path({mark!r} + "-").rename({mark!r})
    time.sleep(60)


@check(points=1, en="hangs", ko="멈춘다")
def test_hangs(submission):
    {first}
    hang()
"""
IN_HANG = {
    "check": ("pass", ""),
    "deaf": ("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])", ""),
    "import": ("pass", "\n\nhang()\n"),
}


@pytest.mark.parametrize("place", IN_HANG)
def test_what_hangs_in_an_authors_file_ends_with_a_program_that_was_killed(
    place: str, tiny_copy: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "hangs"
    first, last = IN_HANG[place]
    checks = tiny_copy / CHECKS
    code = checks.read_text(encoding="utf-8") + HANGS.format(mark=str(mark), first=first) + last
    checks.write_text(code, encoding="utf-8")
    course_file = tiny_copy / "course.yml"
    course_file.write_text(course_file.read_text(encoding="utf-8").replace("points: 6", "points: 7"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", DIES, tiny_copy, mark], cwd=ROOT, timeout=SECONDS, check=False
    )
    assert done.returncode == -signal.SIGKILL
    process = int(mark.read_text())
    assert comes_true(lambda: not Path(f"/proc/{process}/cmdline").exists())
