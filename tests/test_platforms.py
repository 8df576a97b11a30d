"""What depends on the operating system: where it lies, and which runner is chosen."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import GradebookError, RunnerError
from grader.gradebook.lock import gradebook_lock
from grader.runner.start import runs_plainly, start_runner
from tests.support.elsewhere import LINUX_ONLY, MISSING, NOT_ON_WINDOWS
from tests.support.places import ROOT, TINY
from tests.test_rooms import MODULES, imported, lies_in

SANDBOX = ["runner.warm_process", "runner.process", "runner.sandbox", "runner.seccomp", "runner.inside"]
SANDBOX += ["grading.slots", "grading.slot_process"]
"""All of it is Linux's, but for what a plain process uses of `runner/inside/`; slots are asked for where there is a sandbox."""
GUARDED = {"SIGXCPU", "SIGHUP", "AF_UNIX", "poll", "pread", "pwrite"}
"""Asked for where it is used, or used in what only a sandbox or a lock leads to."""
ELSEWHERE = ["runner.session", "gradebook.lock", "warm.door", "commands.watch"]


def test_what_some_systems_lack_is_used_in_its_place_only() -> None:
    missing = {name for names in MISSING["win32"].values() for name in names}
    for module, tree in MODULES.items():
        if any(lies_in(module, place) for place in [*SANDBOX, "platforms", "doctor"]):
            continue
        roots = {full.split(".")[0] for full in imported(tree)}
        assert not roots & {*LINUX_ONLY, *NOT_ON_WINDOWS, "ctypes"}, module
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("os", "signal", "select", "socket")
        }
        allowed = GUARDED if module in ELSEWHERE else set()
        assert not (used & missing) - allowed, module


def students_course(folder: Path) -> Path:
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__", "solutions"))
    shutil.copyfile(TINY / "solutions/ex01_row_sums/solution.py", folder / "ex01.py")
    return folder


@pytest.mark.parametrize(("system", "is_plain"), [("linux", False), ("darwin", True), ("win32", True)])
def test_only_where_there_is_no_sandbox_and_only_the_students_own(
    system: str, is_plain: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    folder = students_course(tmp_path / "own")
    students, authors = load_course(folder), load_course(TINY)
    assert runs_plainly(students, folder / "ex01.py") is is_plain
    (tmp_path / "ex01.py").write_text("")
    (folder / "linked.py").symlink_to(tmp_path / "ex01.py")
    assert not runs_plainly(students, tmp_path / "ex01.py")
    assert not runs_plainly(students, folder / "linked.py")
    assert not runs_plainly(authors, TINY / "ex01.py")


@pytest.mark.parametrize(("system", "name"), [("darwin", "macOS"), ("win32", "Windows")])
def test_a_runner_for_a_class_is_never_a_plain_process(
    system: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    for level in ("full", "reduced", "none"):
        with pytest.raises(RunnerError) as caught:
            start_runner(load_course(TINY), level, 0)
        assert (caught.value.explanation.key, caught.value.explanation.values) == (
            "runner.needs_linux",
            {"system": name},
        )


def test_on_linux_a_missing_sandbox_stays_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.runner.sandbox.find_bubblewrap", lambda: None)
    course = load_course(students_course(tmp_path / "own"))
    assert not runs_plainly(course, course.root / "ex01.py")
    with pytest.raises(RunnerError) as caught:
        start_runner(course, "full", 0)
    assert caught.value.explanation.key == "runner.no_bubblewrap"


def elsewhere(system: str, folder: Path, *commands: str) -> list[tuple[int, str, str]]:
    """Run `grader`'s commands in a folder as on another system; returns the exit code and both outputs of each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.elsewhere", system, *commands],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("system", "name"), [("darwin", "macOS"), ("win32", "Windows")])
def test_an_answer_is_checked_without_anything_of_linux(system: str, name: str, tmp_path: Path) -> None:
    folder = students_course(tmp_path / "own")
    endless = "def row_sums(x):\n    while True: pass\ndef scaled(x, by): return x\n"
    for file in (folder / "endless.py", tmp_path / "ex01.py"):
        file.write_text(endless)
    right, late, foreign = elsewhere(
        system, folder, "check ex1", "check ex1 --file endless.py", "check ex1 --file ../ex01.py"
    )
    assert (right[0], right[2].startswith(f"{name} has no sandbox")) == (0, True), right
    assert "points: 2 / 2" in right[1]
    assert late[0] == 1, late
    assert "1 s" in late[1]
    assert (foreign[0], f"this is {name}" in foreign[2]) == (2, True), foreign


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_what_needs_the_sandbox_says_so(system: str, tiny_copy: Path) -> None:
    (tiny_copy / "graded").mkdir()
    commands = ("grade .", "verify", "doctor", "release out")
    for command, done in zip(commands, elsewhere(system, tiny_copy, *commands), strict=True):
        assert done[0] == 2, (command, done)
        assert "Student code is sandboxed on Linux alone" in done[2], (command, done)


def test_without_locks_no_gradebook_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises((RunnerError, GradebookError)) as caught, gradebook_lock(tmp_path / "gradebook.db"):
        pass
    assert caught.value.explanation.key == "runner.needs_linux"
