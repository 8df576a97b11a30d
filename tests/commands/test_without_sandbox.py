"""`--isolation none` says what it means before anything of a student's runs, and what ran says what was in force."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.model import Isolation
from grader.reports.class_summary import protections_text
from grader.runner.sandbox import Protections


@pytest.mark.parametrize(
    ("user", "closed", "said"),
    [
        (1000, None, "student code can read and change what you can"),
        (0, None, "student code runs as user 61700"),
        (0, Path("/root"), "student code can read and change what you can"),
    ],
)
def test_it_says_so_before(
    user: int, closed: Path | None, said: str, tiny_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_judge(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.geteuid", lambda: user)
    monkeypatch.setattr("grader.runner.sandbox.stays_root", lambda: closed)
    monkeypatch.setattr("grader.warm.door.WarmJudge", no_judge)
    (tiny_copy / "ex01.py").write_text("")
    monkeypatch.chdir(tiny_copy)
    for level, is_said in (("none", True), ("full", False)):
        result = CliRunner().invoke(main, ["check", "ex1", "--isolation", level, "--lang", "en"])
        assert result.exit_code == 130
        assert (said in result.stderr) is is_said


ALL = ("mnt", "pid", "net", "ipc", "uts", "cgroup")
FULL = "full: namespaces (bubblewrap): files, processes, network, IPC, host name, cgroups"
FORCE = {
    "ordinary": (
        1000,
        "full",
        (*ALL, "user"),
        1000,
        True,
        f"{FULL}, users, Landlock 7, seccomp, resource limits",
    ),
    "root": (
        0,
        "full",
        ALL,
        61700,
        True,
        f"{FULL}, Landlock 7, seccomp, resource limits, student code is user 61700",
    ),
    "reduced": (
        1000,
        "reduced",
        (),
        1000,
        False,
        "reduced: no namespaces, Landlock 7, seccomp, resource limits (none of the number of processes)",
    ),
    "reduced-root": (
        0,
        "reduced",
        ("mnt",),
        61701,
        True,
        "reduced: namespaces (bubblewrap): files, Landlock 7, seccomp, resource limits, student code is user 61701",
    ),
    "none": (
        1000,
        "none",
        (),
        1000,
        False,
        "NONE but resource limits: student code can read and change what you can",
    ),
    "none-root": (
        0,
        "none",
        (),
        0,
        False,
        "NONE but resource limits: student code can read and change what you can",
    ),
}


@pytest.mark.parametrize(
    ("user", "level", "namespaces", "uid", "limited", "line"), FORCE.values(), ids=FORCE.keys()
)
def test_the_line_says_what_is_in_force(
    user: int,
    level: Isolation,
    namespaces: tuple[str, ...],
    uid: int,
    limited: bool,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    landlock = 0 if level == "none" else 7
    protections = Protections(level, level == "full", landlock, level != "none", uid, namespaces, limited)
    assert protections_text(protections, "en") == line
