"""Kill anything at any moment, run it again, and it goes on: nothing is lost, nothing twice."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.model import Grade
from tests.support.places import ROOT
from tests.support.sandbox import needs_sandbox

pytestmark = needs_sandbox

KILLS = 50
STUDENTS = 40
RIGHT = "solutions/ex0{0}_{1}/solution.py"
EXERCISES = {"ex01": "row_sums", "ex02": "maxpool_1"}
WRONG = {
    "ex01": "def row_sums(x):\n    return x.T.dot([1] * len(x))\n",
    "ex02": "def max_pool(x):\n    return x[:, ::2, ::2]\n",
}


@pytest.fixture
def course(tiny_copy: Path) -> Path:
    """Return the tiny course with a class: right and wrong answers, a stub, one that raises, nothing."""
    for number in range(STUDENTS):
        for exercise, slug in EXERCISES.items():
            folder = tiny_copy / "submissions" / f"student-{number:02d}"
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{exercise}.py"
            kind = number % 5
            if kind == 0:
                path.write_text(f"{WRONG[exercise]}\n# {number}\n")
            elif kind == 1:
                shutil.copy(tiny_copy / f"exercises/{exercise}_{slug}/stub.py", path)
            elif kind == 2:
                path.write_text(f"raise ValueError({number})\n")
            elif kind == 3:
                shutil.copy(tiny_copy / f"solutions/{exercise}_{slug}/solution.py", path)
    return tiny_copy


def start(course: Path, output: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "grader.cli", "grade", "submissions", "--output", output]
    return subprocess.Popen(
        [*command, "--jobs", "2", "--json"],
        cwd=course,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def events(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        try:
            yield json.loads(line)
        except ValueError:
            # The line that it was killed in.
            return


def children(process: int) -> list[int]:
    """Return the processes that any thread of a process has started."""
    found = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(item) for item in file.read_text().split()]
    return found


def descendants(process: int) -> list[int]:
    """Return all that a process and those that it has started have started, whoever is first."""
    found = children(process)
    return found + [other for child in found for other in descendants(child)]


def is_judges(process: int) -> bool:
    """Return whether a process is a judge, or the one that judges are forked from."""
    try:
        return b"grader.grading.slot_process" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def kill_something(process: subprocess.Popen[str], chance: random.Random) -> str:
    """Kill the program, a judge (or what they are forked from), or the process that has imported; return which."""
    (kind,) = chance.choices(["program", "judge", "runner"], [1, 3, 4])
    if kind == "program":
        process.kill()
        return kind
    targets = [child for child in descendants(process.pid) if is_judges(child)]
    if kind == "runner":
        # The outermost one in a sandbox, whose end is that of all slots.
        targets = [child for child in descendants(process.pid) if has_imported(child)][:1]
    if not targets:
        return "none"
    try:
        os.kill(chance.choice(targets), signal.SIGKILL)
    except ProcessLookupError:
        return "none"
    return kind


def has_imported(process: int) -> bool:
    """Return whether a process is the first one in a sandbox."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return False
    (numbers,) = (line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
    return b"grader-box" in command and len(numbers) == 2 and numbers[1] == "1" and b"bwrap" not in command


def recorded(course: Path, output: str) -> list[Grade]:
    """Return the grades that count, without what is another in each run."""
    with Gradebook(course / output / "gradebook.db", load_course(course).id) as gradebook:
        return [
            replace(
                grade,
                seconds=0,
                graded_at=None,
                checks=tuple(replace(check, seconds=0) for check in grade.checks),
            )
            for grade in gradebook.grades(load_course(course))
        ]


def finish(process: subprocess.Popen[str]) -> None:
    """Let a run come to its end, which must be a good one."""
    for _ in events(process):
        pass
    _, errors = process.communicate()
    assert process.returncode == 0, errors


@pytest.mark.slow
def test_killed_at_fifty_random_points_it_ends_as_if_undisturbed(course: Path) -> None:
    finish(start(course, "undisturbed"))
    chance = random.Random(20261123)
    killed: Counter[str] = Counter()
    lives = 0
    while killed.total() - killed["none"] < KILLS:
        lives += 1
        process = start(course, "disturbed")
        until = chance.randrange(1, 4)
        for number, event in enumerate(events(process), start=1):
            # Once all is graded, nothing is left to be disturbed: begin again with the rest forgotten.
            if event["event"] == "end":
                break
            if number >= until:
                until = number + chance.randrange(1, 4)
                killed[kill_something(process, chance)] += 1
                if killed.total() - killed["none"] >= KILLS:
                    break
        process.kill()
        process.communicate()
        if event["event"] == "end":
            # All is graded: an edited check gives the rest of the kills something to disturb.
            for exercise, slug in EXERCISES.items():
                path = course / f"solutions/{exercise}_{slug}/test_{exercise}_hidden.py"
                path.write_text(path.read_text(encoding="utf-8") + f"\n# {lives}\n", encoding="utf-8")
    finish(start(course, "disturbed"))
    assert recorded(course, "disturbed") == recorded(course, "undisturbed")
    assert min(killed["program"], killed["judge"], killed["runner"]) > 0
    # Nothing twice: what was committed was not graded again.
    with contextlib.closing(sqlite3.connect(course / "disturbed" / "gradebook.db")) as connection, connection:
        query = "select count(*) from grades where verdict != 'ungraded' and digest != '' group by student, exercise, key"
        assert {count for (count,) in connection.execute(query)} == {1}
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(course: Path) -> None:
    # One answer never returns and has an hour for it: however late the signal comes, the run has not ended.
    path = course / "course.yml"
    limits = path.read_text(encoding="utf-8")
    for name, seconds in (("call", 1), ("check", 2)):
        limits = limits.replace(f"{name}_seconds: {seconds}\n", f"{name}_seconds: 3600\n")
    path.write_text(limits, encoding="utf-8")
    endless = "import time\n\ndef row_sums(x):\n    time.sleep(3600)\n"
    (course / "submissions" / "student-03" / "ex01.py").write_text(endless, encoding="utf-8")
    process = start(course, "graded")
    done = 0
    left: list[int] = []
    """File descriptors that become readable when a process ends."""
    for event in events(process):
        if event["event"] == "grade":
            done += 1
            if done == 5:
                running = descendants(process.pid)
                assert sum(map(is_judges, running)) == 3
                assert sum(map(has_imported, running)) == 1
                left = [os.pidfd_open(number) for number in running]
                process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert f"Stopped after {done} of 64 submissions" in errors
    assert "run the same command to go on" in errors
    assert left
    for descriptor in left:
        assert select.select([descriptor], [], [], 30)[0], "a process goes on after the program has ended"
        os.close(descriptor)
    again = start(course, "graded")
    first = next(events(again))
    again.kill()
    again.communicate()
    assert (first["kept"], first["submissions"]) == (done, 64 - done)
