"""What `grader doctor` finds, on machines that are made up; `tests/commands/test_doctor.py` has what it prints."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader import doctor
from grader.errors import RunnerError
from grader.messages.sentences import explain
from grader.model import Explanation, RunnerSettings
from grader.runner.process import SandboxedRunner
from grader.runner.sandbox import Protections
from tests.support.sandbox import needs_sandbox

FORCE = Protections("full", True, 7, True, 61700, ("mnt", "pid", "net"), True)


def told(finding: doctor.Finding) -> str:
    assert finding.remedy is not None
    return explain(finding.remedy, "en")


def test_what_lets_something_through_is_missing() -> None:
    found = list(doctor.level("full", FORCE, {"files": True, "network": False, "limits": True}))
    assert [(item.name, item.state) for item in found] == [("full", "good"), ("full-network", "missing")]
    assert "not refused: network" in explain(found[1].said, "en")


@needs_sandbox
def test_a_real_sandbox_refuses_all_of_it() -> None:
    with SandboxedRunner(RunnerSettings(("numpy",)), slot=908) as runner:
        assert doctor.tried(runner) == dict.fromkeys(["files", "network", "processes", "limits"], True)
        assert runner.warm_bytes > 1 << 20


class BrokenRunner:
    """Starts at no level."""

    def __init__(self, settings: RunnerSettings, *, isolation: str, slot: int, **others: object) -> None:
        raise RunnerError("runner.no_start", {"error": f"no {isolation}"})


def test_a_sandbox_that_does_not_start_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SandboxedRunner", BrokenRunner)
    monkeypatch.setattr(doctor, "forbidden_by", lambda: Explanation("doctor.sysctl", {"setting": "a=1"}))
    found = {item.name: item for item in doctor.examine(None, 1)}
    assert found["full"].state == "missing"
    assert "no full" in explain(found["full"].said, "en")
    assert "sudo sysctl -w a=1" in told(found["full"])
    # Nobody has to have it: it is for machines without the other.
    assert found["reduced"].state == "weak"


def test_in_a_container_it_is_said_what_to_let_it_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SandboxedRunner", BrokenRunner)
    monkeypatch.setattr(doctor, "forbidden_by", lambda: None)
    for path, remedies in (("/usr/bin/bwrap", ["doctor.container"]), (None, [])):
        monkeypatch.setattr(doctor, "find_bubblewrap", lambda path=path: path)
        monkeypatch.setattr(doctor, "parts", lambda: iter(()))
        found = {item.name: item for item in doctor.examine(None, 1)}
        remedy = found["full"].remedy
        assert ([remedy.key] if remedy else []) == remedies


def test_without_a_folder_for_temporary_files_nothing_else_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", refuse)
    *_, last = doctor.examine(None, 1)
    assert (last.name, last.state) == ("disk-temporary", "missing")
    assert "TMPDIR" in told(last)


def test_a_package_that_is_missing_is_named_with_the_version_that_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def version(name: str) -> str:
        if name == "tensorflow":
            raise PackageNotFoundError(name)
        return "1.2"

    monkeypatch.setattr(doctor, "version", version)
    found = {item.name: item for item in doctor.versions()}
    assert found["tensorflow"].state == "missing"
    assert "pip install 'tensorflow>=2.18'" in told(found["tensorflow"])
    assert found["numpy"].said.values == {"name": "numpy", "version": "1.2"}


def test_parts_that_are_missing_come_with_the_distributions_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> bytes:
        raise RunnerError("runner.no_libseccomp", {"error": "absent"})

    monkeypatch.setattr(doctor, "find_bubblewrap", lambda: None)
    monkeypatch.setattr(doctor, "compile_filter", refuse)
    monkeypatch.setattr(doctor, "landlock_version", lambda: 1)
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "rocky", "ID_LIKE": "rhel fedora"})
    monkeypatch.setattr(doctor, "forbidden_by", lambda: None)
    found = {item.name: item for item in doctor.parts()}
    assert {name: item.state for name, item in found.items()} == {
        "bubblewrap": "missing",
        "seccomp": "missing",
        "landlock": "weak",
    }
    assert "sudo dnf install bubblewrap libseccomp" in told(found["bubblewrap"])
    assert "Linux 6.2" in told(found["landlock"])


def test_an_unknown_distribution_gets_debians_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "plan9"})
    assert "sudo apt-get install bubblewrap libseccomp2" in explain(doctor.distribution(), "en")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ("kernel/unprivileged_userns_clone", "1", ""),
    ],
)
def test_what_forbids_user_namespaces_is_named(
    name: str, value: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(f"{value}\n")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    forbidden = doctor.forbidden_by(tmp_path)
    assert (explain(forbidden, "en") if forbidden else "").count(remedy or "sysctl") == bool(remedy)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert doctor.forbidden_by(tmp_path) is None


@pytest.mark.parametrize(
    ("available", "count", "state"), [(9000, 4, "good"), (3000, 1, "weak"), (1000, 0, "weak")]
)
def test_slots_are_counted(available: int, count: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "available_mib", lambda: available)
    found = doctor.memory(200, 0, 1500, cores=4)
    assert found.said.values == {
        "available": available,
        "shared": doctor.COURSE_MIB + 200,
        "slot": doctor.JUDGE_MIB + 1500 + 256,
        "count": count,
        "cores": 4,
    }
    assert found.state == state
    assert found.remedy is None or f"--jobs {max(count, 1)}`" in told(found)


def test_what_slots_share_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "available_mib", lambda: 9000)
    assert doctor.memory(1200, 0, 500, cores=8).said.values["count"] == 9
    assert doctor.memory(0, 1200, 500, cores=8).said.values["count"] == 4


def test_a_control_groups_limit_counts(tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable: 8388608 kB\n")
    (tmp_path / "proc/self/cgroup").write_text("0::/box/inner\n")
    assert doctor.available_mib(tmp_path) == 8192
    for folder, limit in (("box/inner", "max"), ("box", str(3 << 30))):
        (tmp_path / "sys/fs/cgroup" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "sys/fs/cgroup" / folder / "memory.max").write_text(limit)
        (tmp_path / "sys/fs/cgroup" / folder / "memory.current").write_text(str(1 << 30))
    assert doctor.available_mib(tmp_path) == 2048


@pytest.mark.parametrize(("free", "state"), [(100, "missing"), (1000, "weak"), (9000, "good")])
def test_a_full_disk_is_found(free: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free << 20))
    found = list(doctor.disks())
    assert [item.state for item in found] == [state, state]
    assert found[0].remedy is None or ("--output" in told(found[0]) and "TMPDIR" in told(found[1]))


def test_doors_that_are_missing_are_named() -> None:
    assert list(doctor.doors(FORCE)) == []
    (found,) = doctor.doors(replace(FORCE, missing_doors=("numpy.correlate",)))
    assert (found.name, found.state) == ("doors", "missing")
    assert "numpy.correlate" in explain(found.said, "en")


def test_bubblewrap_is_asked_for_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_bubblewrap", lambda: "/somewhere/bwrap")
    answer = subprocess.CompletedProcess([], 0, stdout="bubblewrap 0.11.0\n")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: answer)
    assert explain(next(doctor.parts()).said, "en") == "bubblewrap 0.11.0 (/somewhere/bwrap)"
