"""Slots are forked from one process that has imported, and nothing in one sees another."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.model import Limits, RunnerSettings
from grader.runner.call import Call
from grader.runner.process import SandboxedRunner
from grader.runner.sandbox import DISK_MIB
from grader.runner.start import start_runner, warm_process
from grader.runner.warm_process import WarmPlan, WarmProcess
from tests.support.fakes import source_of
from tests.support.places import TINY
from tests.support.sandbox import needs_sandbox
from tests.support.waiting import comes_true

LIMITS = Limits(load_seconds=10, call_seconds=10, memory_mib=128, disk_mib=1)
LOOKS = """
import os, stat
def processes():
    return sorted(name for name in os.listdir("/proc") if name.isdigit())
def shared():
    lines = open("/proc/self/maps").read().splitlines()
    return [line for line in lines if line.split()[1].startswith("rw") and line.split()[1].endswith("s")]
def sockets():
    found = []
    for number in range(256):
        try:
            found += [number] if stat.S_ISSOCK(os.fstat(number).st_mode) else []
        except OSError:
            pass
    return found
def files():
    place = os.statvfs(".")
    return place.f_files, place.f_blocks * place.f_frsize
def seven():
    return 7
"""


def answer(runner: SandboxedRunner, function: str) -> object:
    session = runner.open(source_of(LOOKS), LIMITS)
    try:
        return session.call(Call(function)).value
    finally:
        session.close()


@pytest.fixture(scope="module")
def pair(sandbox: None) -> Iterator[tuple[SandboxedRunner, SandboxedRunner]]:
    course = load_course(TINY)
    with start_runner(course, "full", 941) as first, start_runner(course, "full", 942) as second:
        yield first, second


def test_runners_of_a_course_share_what_has_imported(pair: tuple[SandboxedRunner, SandboxedRunner]) -> None:
    first, second = pair
    assert first.wait().namespaces
    assert second.wait().namespaces
    assert first._warm is second._warm


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may look at the namespaces of a process that hides its memory"
)
def test_slots_have_no_namespace_in_common(pair: tuple[SandboxedRunner, SandboxedRunner]) -> None:
    first, second = pair
    first.wait()
    second.wait()
    assert first._warm is not None
    assert first._warm.process is not None
    warm = first._warm.process.pid
    while Path(f"/proc/{warm}/comm").read_text().strip() == "bwrap":
        warm = int(Path(f"/proc/{warm}/task/{warm}/children").read_text())

    def places(name: str) -> set[str]:
        slots = Path(f"/proc/{warm}/task/{warm}/children").read_text().split()
        found = set()
        for process in (os.getpid(), warm, *slots):
            with suppress(FileNotFoundError, ProcessLookupError):
                found.add(os.readlink(f"/proc/{process}/ns/{name}"))
        return found

    # What forked a slot may not have ended yet when that is ready.
    assert comes_true(lambda: len(places("pid")) == 4)
    for name in ("mnt", "pid", "net", "ipc", "uts", "cgroup", "user"):
        assert len(places(name)) == 4, name


@needs_sandbox
def test_it_forks_when_it_is_told_of_many() -> None:
    course = load_course(TINY)
    with warm_process(course, "full", has_many=True) as warm, start_runner(course, "full", 943) as runner:
        assert answer(runner, "seven") == 7
        assert runner._warm is warm


def test_a_slot_sees_no_process_of_another(pair: tuple[SandboxedRunner, SandboxedRunner]) -> None:
    first, second = pair
    session = first.open(source_of(LOOKS), LIMITS)
    assert answer(second, "processes") == ["1", "2"]
    assert session.call(Call("processes")).value == ["1", "2"]
    session.close()


def test_slots_share_no_memory_that_can_be_written(pair: tuple[SandboxedRunner, SandboxedRunner]) -> None:
    assert [answer(runner, "shared") for runner in pair] == [[], []]


def test_a_slots_folder_holds_no_more_files_than_pages(
    pair: tuple[SandboxedRunner, SandboxedRunner],
) -> None:
    assert answer(pair[0], "files") == (DISK_MIB << 8, DISK_MIB << 20)


def test_a_worker_holds_no_socket(pair: tuple[SandboxedRunner, SandboxedRunner]) -> None:
    assert answer(pair[1], "sockets") == []


@needs_sandbox
def test_it_ends_with_the_last_who_holds_it(tiny_copy: Path) -> None:
    course = load_course(tiny_copy)
    with warm_process(course, "full") as warm:
        assert warm is not None
        assert warm.process is not None
        descriptor = os.pidfd_open(warm.process.pid)
        for number in (943, 944):
            with start_runner(course, "full", number) as runner:
                assert answer(runner, "seven") == 7
                assert runner._warm is warm
        assert not warm.is_dead
    assert select.select([descriptor], [], [], 10)[0]
    os.close(descriptor)


def test_where_it_has_no_namespaces_to_give_each_slot_has_one_of_its_own() -> None:
    opened: list[WarmProcess] = []

    def shared(plan: WarmPlan) -> WarmProcess:
        """Give the first one to both, as if it were not known yet that it serves one slot alone."""
        if len(opened) != 1:
            opened.append(WarmProcess(plan))
            return opened[-1]
        opened.append(opened[0])
        opened[0].users += 1
        return opened[0]

    settings = RunnerSettings(("numpy",))
    with (
        SandboxedRunner(settings, isolation="none", warm=shared) as first,
        SandboxedRunner(settings, isolation="none", warm=shared) as second,
    ):
        assert [answer(first, "seven"), answer(second, "seven")] == [7, 7]
        assert second._warm is opened[2] is not first._warm
