from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.doctor import Finding
from grader.model import Course, Explanation
from grader.runner.sandbox import Protections

GOOD = Finding(
    "versions", "numpy", "good", Explanation("doctor.version", {"name": "numpy", "version": "2.4"})
)
FORCE = Protections("full", True, 7, True, 1000, ("mnt", "pid", "net", "user"), True)
LEVEL = Finding("sandbox", "full", "good", Explanation("doctor.level", {"protections": FORCE}))
WEAK = Finding(
    "room",
    "memory",
    "weak",
    Explanation("doctor.memory", {"available": 3000, "shared": 700, "slot": 2300, "count": 1, "cores": 8}),
    Explanation("doctor.fewer_slots", {"count": 1}),
)
MISSING = Finding(
    "sandbox",
    "bubblewrap",
    "missing",
    Explanation("doctor.no_bubblewrap"),
    Explanation("doctor.install", {"command": "sudo dnf install bubblewrap"}),
)


def run(monkeypatch: pytest.MonkeyPatch, found: list[Finding], *options: str, language: str = "en") -> Result:
    def examine(course: Course | None, cores: int) -> Iterator[Finding]:
        assert cores > 0
        yield from found

    monkeypatch.setattr("grader.doctor.examine", examine)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    return CliRunner().invoke(main, ["doctor", "--lang", language, *options], catch_exceptions=False)


def test_what_is_there_is_said_by_area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(monkeypatch, [GOOD, LEVEL, WEAK])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Versions",
        "  ✓ numpy 2.4",
        "The sandbox",
        "  ✓ --isolation full: namespaces (bubblewrap): files, processes, network, users, Landlock 7, seccomp, "
        "resource limits; started, and code in it was refused files, network and processes",
        "Room",
        "  ! Memory: 3000 MiB available; all slots together take 700 MiB and each up to 2300 MiB more, "
        "room for 1 (8 processors)",
        "    Grade with `--jobs 1`, or lower `memory_mib` in course.yml; most answers use a tenth of it.",
        "Classes can be graded here.",
    ]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "cannot be graded here"), ("ko", "채점할 수 없습니다")]
)
def test_what_is_missing_is_said_with_the_remedy(
    language: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(monkeypatch, [GOOD, MISSING], language=language)
    assert result.exit_code == 1
    assert "✗" in result.stdout
    assert "`sudo dnf install bubblewrap`" in result.stdout
    assert said in result.stdout


def test_other_programs_get_values(tiny_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_copy)
    result = run(monkeypatch, [LEVEL, MISSING], "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["ready"] is False
    level, missing = answer["findings"]
    assert level["values"]["protections"]["own_namespaces"] == ["mnt", "pid", "net", "user"]
    assert missing == {
        "area": "sandbox",
        "name": "bubblewrap",
        "state": "missing",
        "values": {},
        "text": "bubblewrap is not installed.",
        "remedy": "Install it: `sudo dnf install bubblewrap`.",
    }


def test_a_folder_that_was_named_and_is_no_course_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, [GOOD], "--course", str(tmp_path)).exit_code == 2
