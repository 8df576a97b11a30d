from __future__ import annotations

import errno
import os
import platform
import re
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.assertions import assert_layer
from grader.checks.remote import RemoteCode, RemoteLayer
from grader.errors import CourseError, RunnerError, SubmissionError
from grader.judge.submission import SubmissionCaller
from grader.messages.sentences import explain
from grader.model import Course, Explanation, Frame, Isolation, Limits, RunnerSettings, Source, Unit, Verdict
from grader.runner.call import Call
from grader.runner.inside import misconceptions
from grader.runner.inside.confine import LANDLOCK_NEEDED, landlock_version
from grader.runner.process import SandboxedRunner
from grader.runner.sandbox import FIRST_UID, WORK, Launch, plan_launch, python_roots
from grader.runner.session import SandboxedSession
from tests.support.fakes import source_of
from tests.support.judging import GOOD, grade_files, verdicts
from tests.support.places import TESTS, TINY
from tests.support.sandbox import do_without, needs_sandbox

HOSTILE = sorted((TESTS / "hostile").glob("*/*.py"))
NUMPY = RunnerSettings(("numpy",))
LIMITS = Limits(load_seconds=1, call_seconds=1, check_seconds=2, memory_mib=128, disk_mib=1, result_mib=1)


def test_a_machine_where_the_sandbox_cannot_be_executed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("grader.runner.warm_process.subprocess.Popen", refuse)
    with pytest.raises(RunnerError) as raised:
        SandboxedRunner(NUMPY, isolation="none", slot=900)
    assert raised.value.explanation.key == "runner.no_start"
    assert "Operation not permitted" in explain(raised.value.explanation, "en")


@pytest.fixture(scope="module")
def full(sandbox: None) -> Iterator[SandboxedRunner]:
    """Return one warm sandbox that all of these submissions go through, one after another."""
    with SandboxedRunner(NUMPY, isolation="full", slot=901) as runner:
        yield runner


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_hostile_submission_earns_its_verdict_and_harms_nobody(
    path: Path, full: SandboxedRunner, tiny: Course, tmp_path: Path
) -> None:
    copy, good = tmp_path / path.name, tmp_path / "good.py"
    copy.write_bytes(path.read_bytes().replace(b"@COURSE@", str(TINY).encode()))
    good.write_text(GOOD, encoding="utf-8")
    points, complaint = expectation(path)
    grade, after = grade_files(tiny, full, [copy, good])
    assert grade.verdict == Verdict(path.parent.name)
    assert grade.points == points
    explanation = grade.checks[0].explanation
    assert (explanation.key if explanation else "no complaint") == complaint
    assert verdicts(after) == dict.fromkeys(verdicts(after), Verdict.PASSED)
    assert after.points == 6


def expectation(path: Path) -> tuple[float, str]:
    """Return what a file says of itself: its points, and the complaint about the first check."""
    first = path.read_bytes().splitlines()[0].decode()
    matched = re.fullmatch(r"# expected: (\d) points?, ([a-z_. ]+)", first)
    assert matched, first
    return float(matched[1]), matched[2]


def test_every_way_to_fail_has_a_hostile_submission() -> None:
    shown = {path.parent.name for path in HOSTILE}
    assert shown == {verdict.value for verdict in Verdict} - {"skipped", "ungraded", "partial", "waiting"}


def test_a_full_sandbox_says_what_protects_it(full: SandboxedRunner) -> None:
    protections = full.wait()
    # Root that cannot drop before has no namespace of users: where it could, anybody else has one.
    own = {"mnt", "pid", "net", "ipc", "uts", "cgroup"}
    own |= {"user"} if "--unshare-user" in launch_of(full).argv else set()
    assert set(protections.own_namespaces) == own
    assert (protections.isolation, protections.namespaces, protections.seccomp) == ("full", True, True)
    assert protections.limits_processes


def test_at_every_level_roots_students_are_somebody_else(leveled: SandboxedRunner) -> None:
    protections = leveled.wait()
    code = (
        "import os, resource\ndef f():\n    return os.getuid(), resource.getrlimit(resource.RLIMIT_NPROC)[0]"
    )
    session = leveled.open(source_of(code), LIMITS)
    user, processes = session.call(Call("f")).value
    session.close()
    assert user == protections.uid != 0
    assert protections.limits_processes is (processes == LIMITS.threads)
    if os.geteuid() == 0:
        assert user == FIRST_UID + leveled._plan.slot
        assert protections.limits_processes


Open = Callable[..., RemoteCode]


@pytest.fixture
def functions(full: SandboxedRunner) -> Iterator[Open]:
    """Return a function that opens a submission; what it opened is closed."""
    sessions: list[SandboxedSession] = []

    def open_one(code: str, limits: Limits = LIMITS) -> RemoteCode:
        if sessions:
            sessions[-1].close()
        sessions.append(full.open(source_of(code), limits))
        return RemoteCode(sessions[-1])

    yield open_one
    sessions[-1].close()


@pytest.mark.parametrize("name", ["bool", "int8", "uint64", "float16", "float32", "complex128"])
def test_a_tensor_comes_back_with_its_dtype_shape_and_values(name: str, functions: Open) -> None:
    tensor = np.arange(6).reshape(1, 2, 3).astype(name)
    back = functions("def same(x):\n    return x[:, ::-1]").same(tensor)
    assert back.dtype == name
    assert back.shape == (1, 2, 3)
    assert np.array_equal(back, tensor[:, ::-1])


def test_plain_values_come_back_as_they_are(functions: Open) -> None:
    value = {"a": [1, 2.5, None], 3: ("텐서", True)}
    assert functions("def same(x):\n    return x").same(value) == value


def test_what_is_no_plain_data_stays_there(functions: Open) -> None:
    assert functions("def same():\n    return open('/dev/null')").same().type_name == "TextIOWrapper"


def test_a_changed_argument_is_reported(functions: Open) -> None:
    code = functions("def change(a, b):\n    b[0] = 7\n    return 0")
    code.change(np.zeros(2), np.zeros(2))
    assert code._last_reply is not None
    assert code._last_reply.changed == (1,)


def test_printed_output_is_kept_up_to_its_limit(full: SandboxedRunner) -> None:
    session = full.open(source_of("def say():\n    print('x' * 9000)"), replace(LIMITS, output_kib=4))
    session.call(Call("say"))
    assert session.take_output() == "x" * 4096
    assert session.printed_too_much
    assert session.take_output() == ""
    session.close()


def test_a_submission_finds_nothing_of_the_one_before(functions: Open) -> None:
    code = """
import os, pathlib, sys
def leave():
    pathlib.Path("left").write_text("secret")
    sys.modules["numpy"].left = "secret"
    os.environ["LEFT"] = "secret"
def find():
    import numpy
    return os.getcwd(), os.listdir(), hasattr(numpy, "left"), "LEFT" in os.environ
"""
    first = functions(code)
    first.leave()
    folder, files, *_ = first.find()
    assert files == ["left"]
    other, files, in_numpy, in_environment = functions(code).find()
    assert other != folder
    assert (files, in_numpy, in_environment) == ([], False, False)


def test_a_submission_is_alone_and_nobody_in_particular(functions: Open) -> None:
    code = """
import os
def look():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    processes = [name for name in os.listdir("/proc") if name.isdigit()]
    interfaces = [line.split(":")[0].strip() for line in open("/proc/self/net/dev") if ":" in line]
    return os.getuid(), int(status["CapEff"], 16), status["NoNewPrivs"].strip(), len(processes), interfaces
"""
    uid, capabilities, no_new_privileges, processes, interfaces = functions(code).look()
    assert uid != 0
    assert (capabilities, no_new_privileges, processes) == (0, "1", 2)
    assert interfaces == ["lo"]


CALLS = {
    "fork": 57,
    "clone": 56,
    "execve": 59,
    "socket": 41,
    "ptrace": 101,
    "shmget": 29,
    "memfd_create": 319,
    "unshare": 272,
    "mount": 165,
    "keyctl": 250,
    "bpf": 321,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "chmod": 90,
    "setuid": 105,
    "utimensat": 280,
    "removexattr": 197,
    "tkill": 200,
}
"""Their numbers on x86-64."""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers of system calls are those of x86-64")
@pytest.mark.parametrize("name", CALLS)
def test_a_system_call_is_refused_by_its_number_too(name: str, functions: Open) -> None:
    code = """
import ctypes
LIBC = ctypes.CDLL(None, use_errno=True)
def call(number):
    return LIBC.syscall(number, 0, 0, 0, 0, 0), ctypes.get_errno()
"""
    assert functions(code).call(CALLS[name]) == (-1, errno.EPERM)


def test_all_that_is_mounted_is_read_only_but_the_work_folder(functions: Open) -> None:
    code = """
def mounts():
    lines = [line.split() for line in open("/proc/self/mountinfo")]
    return [fields[4] for fields in lines if "rw" in fields[5].split(",")]
"""
    writable = functions(code).mounts()
    devices = {"null", "zero", "full", "random", "urandom", "tty", "pts", "shm", "mqueue", "console"}
    rest = [path for path in writable if path.removeprefix("/dev/") not in devices]
    assert sorted(rest) == ["/proc", WORK]


def test_the_disk_is_as_empty_as_before_the_last_submission(functions: Open) -> None:
    code = """
import os
def free():
    return os.statvfs(".").f_bfree
def fill():
    open("large", "wb").write(bytes(900 << 10))
"""
    first = functions(code)
    before = first.free()
    first.fill()
    assert first.free() < before
    assert functions(code).free() == before


def test_the_machines_own_files_and_settings_are_not_there(
    functions: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import os
def look(paths):
    return [path for path in paths if os.path.exists(path)], sorted(os.environ)
"""
    paths = ["/etc/passwd", "/etc/shadow", "/root/.ssh", "/home", "/var/lib", str(TINY), __file__]
    there, environment = functions(code).look(paths)
    # The folders above Python itself are there.
    assert there == [path for path in paths if any(root.is_relative_to(path) for root in python_roots())]
    assert not {"GRADER_ZYGOTE", "USER", "PWD_OLD", "SSH_AUTH_SOCK", "VIRTUAL_ENV"} & set(environment)


KNOWN_WRONG = """
import sys
import time
import grader.misconceptions
from grader import misconception
from grader.misconceptions import misconception as same
assert same is misconception is grader.misconceptions.misconception

@misconception("one-more", en="one more", ko="하나 더")
def f(x):
    return x + 1

def held():
    return sorted(vars(sys.modules["grader"])), sorted(name for name in sys.modules if name.startswith("grader"))

def found(name):
    __import__(name)

def listed():
    import os
    return sorted(os.listdir(os.path.dirname(sys.modules["grader.misconceptions"].__file__)))
"""


@pytest.fixture(params=["full", "reduced", "none"])
def leveled(request: pytest.FixtureRequest) -> Iterator[SandboxedRunner]:
    """Return a sandbox of each level."""
    if request.param != "none":
        yield request.getfixturevalue(request.param)
        return
    with SandboxedRunner(NUMPY, isolation="none") as runner:
        yield runner


def test_of_this_package_there_is_one_folder_inside_and_what_authors_import(leveled: SandboxedRunner) -> None:
    session = leveled.open(source_of(KNOWN_WRONG), LIMITS)
    assert session.loaded.failures == ()
    assert [item.id for item in session.loaded.misconceptions] == ["one-more"]
    names, modules = session.call(Call("held")).value
    assert [name for name in names if name[:2] != "__"] == ["misconception", "misconceptions"]
    inside = [name for name in modules if name.startswith("grader.runner.inside.")]
    assert set(modules) == {"grader", "grader.misconceptions", "grader.runner.inside", *inside}
    # Without a sandbox an editable installation finds its own files, as code that is trusted may.
    absent = ("grader.model", "grader.runner", "grader.runner.session", "grader.runner.inside.session")
    for name in absent if leveled.wait().isolation != "none" else ():
        with pytest.raises(SubmissionError) as caught:
            session.call(Call("found", (name,)))
        assert "ModuleNotFoundError" in caught.value.type_names
    session.close()


def test_the_folder_inside_is_listed_and_no_worker_reads_it(leveled: SandboxedRunner) -> None:
    session = leveled.open(source_of(KNOWN_WRONG), LIMITS)
    if leveled.wait().isolation == "none":
        folder = Path(misconceptions.__file__).parent
        assert session.call(Call("listed")).value == sorted(path.name for path in folder.glob("*.py"))
    else:
        with pytest.raises(SubmissionError) as caught:
            session.call(Call("listed"))
        assert "PermissionError" in caught.value.type_names
    session.close()


@needs_sandbox
def test_the_exercises_data_can_be_read_and_not_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "table.txt").write_text("1 2 3")
    code = """
def read():
    return open("data/table.txt").read()
def write():
    open("data/table.txt", "w")
"""
    with SandboxedRunner(NUMPY, {"ex01": tmp_path}, slot=902) as runner:
        session = runner.open(source_of(code), LIMITS, data="ex01")
        assert session.call(Call("read")).value == "1 2 3"
        with pytest.raises(SubmissionError) as caught:
            session.call(Call("write"))
        assert caught.value.type_names[-2:] == ("OSError", "Exception")
        session.close()
    assert (tmp_path / "table.txt").read_text() == "1 2 3"


def test_every_unit_is_executed_even_after_one_that_raised(full: SandboxedRunner) -> None:
    units = [
        Unit("cell 1", "import numpy as np"),
        Unit("cell 2", "1 / 0"),
        Unit("cell 3", "def f():\n    return np.ndim(1)"),
    ]
    session = full.open(Source(tuple(units)), LIMITS)
    assert session.loaded.functions == ("f",)
    assert [(failure.unit, failure.explanation.values["type"]) for failure in session.loaded.failures] == [
        ("cell 2", "ZeroDivisionError")
    ]
    assert session.call(Call("f")).value == 0
    session.close()


def test_an_error_names_its_classes_text_and_place(functions: Open) -> None:
    code = functions("class Mine(KeyError):\n    pass\ndef f():\n    g()\ndef g():\n    raise Mine('no key')")
    with pytest.raises(SubmissionError) as caught:
        code.f()
    assert caught.value.verdict is Verdict.ERROR
    assert caught.value.type_names == ("Mine", "KeyError", "LookupError", "Exception")
    assert caught.value.explanation.values == {
        "type": "Mine",
        "message": "'no key'",
        "place": "answer.py:6",
        "denied": False,
    }


def kill_warm_process(runner: SandboxedRunner) -> None:
    """Kill what is inside of the sandbox; bubblewrap itself, outside, ends with it."""
    runner.wait()
    os.kill(warm_process_of(runner), signal.SIGKILL)
    process_of(runner).wait()


def kill_slot(runner: SandboxedRunner) -> None:
    """Kill what is forked for a slot of its own, and with it all that is in its namespaces."""
    runner.wait()
    (slot,) = children_of(warm_process_of(runner))
    descriptor = os.pidfd_open(slot)
    os.kill(slot, signal.SIGKILL)
    assert select.select([descriptor], [], [], 30)[0]
    os.close(descriptor)


def process_of(runner: SandboxedRunner) -> subprocess.Popen[bytes]:
    assert runner._warm is not None
    assert runner._warm.process is not None
    return runner._warm.process


def warm_process_of(runner: SandboxedRunner) -> int:
    """Return the process that has imported, which bubblewrap has started, and that another one."""
    process = process_of(runner).pid
    while Path(f"/proc/{process}/comm").read_text().strip() == "bwrap":
        (process,) = children_of(process)
    return process


def launch_of(runner: SandboxedRunner) -> Launch:
    assert runner._warm is not None
    assert runner._warm.launch is not None
    return runner._warm.launch


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@needs_sandbox
def test_a_warm_process_that_was_killed_is_replaced(tiny: Course) -> None:
    with SandboxedRunner(NUMPY, slot=903) as runner:
        kill_warm_process(runner)
        caller = SubmissionCaller(runner, source_of(GOOD), tiny.exercises[0])
        assert caller.call(Call("scale", (np.array([2]), 4))).value.tolist() == [8]
        caller.close()


@needs_sandbox
def test_a_slot_that_dies_under_a_submission_is_no_fault_of_its(tiny: Course) -> None:
    with SandboxedRunner(NUMPY, slot=904) as runner:
        caller = SubmissionCaller(runner, source_of(GOOD), tiny.exercises[0])
        assert caller.call(Call("scale", (np.array([2]), 4))).value.tolist() == [8]
        kill_slot(runner)
        with pytest.raises(RunnerError) as caught:
            caller.call(Call("scale", (np.array([2]), 4)))
        assert caught.value.explanation.key == "runner.died"
        assert caller.call(Call("scale", (np.array([2]), 4))).value.tolist() == [8]
        caller.close()


LOOPS = """
import os
def wait():
    while True:
        pass
def leave():
    os._exit(3)
"""


@needs_sandbox
@pytest.mark.parametrize(("function", "is_timed"), [("wait", False), ("leave", False), ("scale", True)])
def test_a_slot_that_is_silent_is_no_fault_of_a_submissions(
    function: str, is_timed: bool, tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.runner.process._END_SECONDS", 0.5)
    with SandboxedRunner(NUMPY, slot=904) as runner:
        session = runner.open(source_of(GOOD + LOOPS), LIMITS)
        (slot,) = children_of(warm_process_of(runner))
        # As on a machine that has no time for it; its worker goes on.
        os.kill(slot, signal.SIGSTOP)
        with pytest.raises(RunnerError) as caught:
            session.call(Call(function, (np.array([2]), 4) if is_timed else (), is_timed=is_timed))
        assert caught.value.explanation.key == "runner.died"
        session.close()
        caller = SubmissionCaller(runner, source_of(GOOD), tiny.exercises[0])
        assert caller.call(Call("scale", (np.array([2]), 4))).value.tolist() == [8]
        caller.close()


@needs_sandbox
def test_where_all_slots_die_no_submission_is_to_blame(tiny: Course) -> None:
    with SandboxedRunner(NUMPY, slot=904) as runner:
        caller = SubmissionCaller(runner, source_of(GOOD), tiny.exercises[0])
        assert caller.call(Call("scale", (np.array([2]), 4))).value.tolist() == [8]
        kill_warm_process(runner)
        with pytest.raises(RunnerError) as caught:
            caller.call(Call("scale", (np.array([2]), 4)))
        assert caught.value.explanation.key == "runner.died"
        assert caller.call(Call("scale", (np.array([2]), 4))).value.tolist() == [8]
        caller.close()


@needs_sandbox
def test_where_nothing_can_be_started_in_their_place_no_submission_is_to_blame(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise RunnerError("runner.no_start", {"error": "no memory"})

    with SandboxedRunner(NUMPY, slot=904) as runner:
        caller = SubmissionCaller(runner, source_of(GOOD), tiny.exercises[0])
        assert caller.call(Call("scale", (np.array([2]), 4))).value.tolist() == [8]
        kill_warm_process(runner)
        with monkeypatch.context() as patched:
            patched.setattr(runner, "start", refuse)
            with pytest.raises(RunnerError) as caught:
                caller.call(Call("scale", (np.array([2]), 4)))
        assert caught.value.explanation.key == "runner.no_start"
        caller.close()


def test_who_ends_the_process_that_is_a_slot_itself_is_to_blame() -> None:
    code = "import os, signal, time\ndef f():\n    os.kill(os.getppid(), signal.SIGKILL)\n    time.sleep(0.2)\n    os._exit(0)"
    with SandboxedRunner(NUMPY, isolation="none", slot=905) as runner:
        session = runner.open(source_of(code), LIMITS)
        with pytest.raises(SubmissionError) as caught:
            session.call(Call("f"))
        assert caught.value.explanation.key == "submission.vanished"
        session.close()


@needs_sandbox
def test_python_may_have_been_started_by_a_path_that_goes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("executable", "prefix"):
        monkeypatch.setattr(sys, name, os.path.join(TINY, os.path.relpath(getattr(sys, name), TINY)))
    assert ".." in Path(sys.executable).parts
    with SandboxedRunner(NUMPY, slot=907) as runner:
        assert runner.wait().namespaces


@needs_sandbox
def test_a_preload_that_cannot_be_imported_is_the_courses_fault_and_says_which() -> None:
    with SandboxedRunner(RunnerSettings(("numpy", "no_such_library")), slot=905) as runner:
        for ask in (runner.wait, lambda: runner.open(source_of("pass"), LIMITS)):
            with pytest.raises(CourseError) as caught:
                ask()
            (fault,) = caught.value.faults
            assert (fault.place, fault.explanation.key) == ("runner.preload[1]", "course.preload")
            assert "No module named 'no_such_library'" in fault.explanation.values["error"]


MEDDLES = """
import os, resource
def limits():
    return [resource.getrlimit(number) for number in (resource.RLIMIT_SIGPENDING, resource.RLIMIT_STACK)]
def limit(which):
    soft, hard = resource.getrlimit(which)
    return resource.prlimit(os.getppid(), which, (4096, hard))
def processors():
    return sorted(os.sched_getaffinity(0))
def pin():
    os.sched_setaffinity(os.getppid(), [min(os.sched_getaffinity(0))])
"""


@pytest.mark.parametrize("function", ["limit", "pin"])
def test_the_limits_of_the_warm_process_cannot_be_changed(function: str, functions: Open) -> None:
    code = functions(MEDDLES)
    with pytest.raises(SubmissionError) as caught:
        getattr(code, function)(*([resource.RLIMIT_SIGPENDING] if function == "limit" else []))
    assert caught.value.type_names[0] == "PermissionError"


def test_a_warm_process_whose_limits_were_changed_is_replaced() -> None:
    with SandboxedRunner(NUMPY, isolation="none") as runner:
        session = runner.open(source_of(MEDDLES), LIMITS)
        before, process = session.call(Call("limits")).value, process_of(runner).pid
        session.call(Call("limit", (resource.RLIMIT_SIGPENDING,)))
        session.close()
        session = runner.open(source_of(MEDDLES), LIMITS)
        assert session.call(Call("limits")).value == before
        assert process_of(runner).pid != process
        session.close()


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="there is one processor")
def test_a_warm_process_that_was_pinned_is_replaced() -> None:
    with SandboxedRunner(NUMPY, isolation="none") as runner:
        session = runner.open(source_of(MEDDLES), LIMITS)
        before = session.call(Call("processors")).value
        session.call(Call("pin"))
        session.close()
        session = runner.open(source_of(MEDDLES), LIMITS)
        assert session.call(Call("processors")).value == before
        session.close()


def test_a_worker_that_could_not_be_confined_is_tried_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    greet, greeted = SandboxedSession.greet, []

    def fail_once(session: SandboxedSession) -> None:
        greeted.append(session)
        if len(greeted) == 1:
            session.close()
            raise RunnerError("runner.no_worker", {"error": "a full moon"})
        greet(session)

    monkeypatch.setattr(SandboxedSession, "greet", fail_once)
    with SandboxedRunner(NUMPY, isolation="none") as runner:
        session = runner.open(source_of("def f():\n    return 7"), LIMITS)
        assert session.call(Call("f")).value == 7
        session.close()
    assert len(greeted) == 2


def test_a_worker_that_does_not_greet_is_our_fault() -> None:
    # What the worker is told about its limits makes no sense: it dies before it reads a student's file.
    with SandboxedRunner(NUMPY, isolation="none") as runner:
        with pytest.raises(RunnerError) as caught:
            runner.open(source_of("pass"), replace(LIMITS, disk_mib="much"))  # type: ignore[arg-type]
        assert caught.value.explanation.key == "runner.no_worker"
        runner.open(source_of("pass"), LIMITS).close()


def test_who_changes_the_warm_process_and_ends_is_to_blame() -> None:
    with SandboxedRunner(NUMPY, isolation="none") as runner:
        session = runner.open(source_of(MEDDLES + LOOPS), LIMITS)
        session.call(Call("limit", (resource.RLIMIT_SIGPENDING,)))
        with pytest.raises(SubmissionError) as caught:
            session.call(Call("leave"))
        assert caught.value.explanation.key == "submission.vanished"
        session.close()
        runner.open(source_of("pass"), LIMITS).close()


def test_a_worker_ends_with_its_warm_process_where_it_has_no_namespaces(reduced: SandboxedRunner) -> None:
    code = """
import ctypes, os
def stay():
    return os.getpid(), os.getppid(), ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
"""
    session = reduced.open(source_of(code), LIMITS)
    process, warm, refused = session.call(Call("stay")).value
    assert refused == -1
    descriptor = os.pidfd_open(process)
    os.kill(warm, signal.SIGKILL)
    assert select.select([descriptor], [], [], 10)[0]
    os.close(descriptor)
    session.close()


def test_a_limit_of_few_open_files_is_enough() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        with SandboxedRunner(NUMPY, isolation="none") as runner:
            runner.open(source_of("pass"), LIMITS).close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


RESISTS = {
    "closed": "import os\nos.mkdir('z', 0)\nopen('left', 'w')",
    "closed-within": "import os\nos.makedirs('a/b')\nos.mkdir('a/b/c', 0)",
    "deep": "import os\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')",
    "full": "try:\n    for n in range(900):\n        open(str(n), 'wb').write(bytes(1 << 20))\nexcept OSError:\n    pass",
}


@pytest.mark.parametrize("code", RESISTS.values(), ids=RESISTS.keys())
def test_whatever_a_folder_is_made_of_it_is_removed(code: str, full: SandboxedRunner) -> None:
    full.wait()
    process = process_of(full).pid
    # Time is not what is tried: on a busy machine filling a disk takes more than a second.
    full.open(source_of(code), replace(LIMITS, load_seconds=60)).close()
    session = full.open(source_of("import os\ndef look():\n    return os.listdir()"), LIMITS)
    assert session.call(Call("look")).value == []
    assert process_of(full).pid == process
    session.close()


def test_a_closed_runner_leaves_no_process_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    runner = SandboxedRunner(NUMPY, isolation="none")
    runner.open(source_of("pass"), LIMITS).close()
    process = process_of(runner).pid
    assert len(list(tmp_path.iterdir())) == 1
    runner.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize(
    "name", ["reads_solutions", "forks", "opens_a_socket", "executes_a_program", "writes_outside"]
)
def test_reduced_isolation_refuses_the_same(
    name: str, reduced: SandboxedRunner, tiny: Course, tmp_path: Path
) -> None:
    text = (TESTS / "hostile" / "error" / f"{name}.py").read_text(encoding="utf-8")
    (tmp_path / "answer.py").write_text(text.replace("@COURSE@", str(TINY)), encoding="utf-8")
    grade = grade_files(tiny, reduced, [tmp_path / "answer.py"])[0]
    explanation = grade.checks[0].explanation
    assert grade.verdict is Verdict.ERROR
    assert explanation is not None
    assert explanation.values["type"] == "PermissionError"


DRAWS = """
import no_drawing.pyplot as plt
from no_drawing.progress import tqdm
fig, ax = plt.subplots()
ax.plot([1, 2])
def f():
    plt.show()
    return sum(tqdm([3, 4]))
"""


def test_a_module_that_is_optional_need_not_be_there() -> None:
    settings = replace(NUMPY, optional_modules=("no_drawing", "numpy"))
    with SandboxedRunner(settings, isolation="none") as runner:
        session = runner.open(source_of(DRAWS), LIMITS)
        assert session.loaded.failures == ()
        assert session.call(Call("f")).value == 7
        session.close()


def test_a_module_that_is_missing_is_named(full: SandboxedRunner) -> None:
    session = full.open(source_of(DRAWS), LIMITS)
    first, second, without, _ = session.loaded.failures
    values = {"module": "no_drawing", "place": "answer.py:2"}
    assert first.explanation == Explanation("submission.load_no_module", values)
    assert (first.line, first.frames[0].line, first.frames[0].begin) == (2, 2, 0)
    assert second.explanation.values == {"module": "no_drawing", "place": "answer.py:3"}
    assert (without.explanation.values["type"], without.line) == ("NameError", 4)
    assert without.frames == (Frame("answer.py", 4, "", 10, 13),)
    assert session.loaded.functions == ("f",)
    session.close()
    session = full.open(source_of("def late():\n    import no_such_module.inner"), LIMITS)
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("late"))
    assert caught.value.verdict is Verdict.ERROR
    assert caught.value.explanation.key == "submission.no_module"
    assert caught.value.explanation.values["module"] == "no_such_module"
    session.close()


TOUCHES = """
import os
def touch(path):
    os.utime(path)
def signal_parent():
    os.kill(os.getppid(), 0)
"""


@pytest.mark.parametrize(("function", "args"), [("touch", (sys.executable,)), ("signal_parent", ())])
def test_reduced_isolation_leaves_times_of_files_and_other_processes_alone(
    function: str, args: tuple[object, ...], reduced: SandboxedRunner
) -> None:
    session = reduced.open(source_of(TOUCHES), LIMITS)
    with pytest.raises(SubmissionError) as caught:
        session.call(Call(function, args))
    assert caught.value.type_names[0] == "PermissionError"
    session.close()


@pytest.mark.parametrize("version", [0, 2])
def test_reduced_isolation_needs_a_landlock_that_covers_truncation(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SandboxedRunner(NUMPY, isolation="reduced") as runner:
        receive = runner._receive

        def older(seconds: float) -> dict[str, Any] | None:
            return {**(receive(seconds) or {}), "landlock": version}

        monkeypatch.setattr(runner, "_receive", older)
        with pytest.raises(RunnerError) as caught:
            runner.wait()
        assert caught.value.explanation == Explanation(
            "runner.no_landlock", {"version": version, "needed": 3}
        )
        # It greets once: who asks again gets the same answer, and does not wait for another greeting.
        monkeypatch.setattr(runner, "_receive", pytest.fail)
        for ask in (runner.wait, lambda: runner.open(source_of("pass"), LIMITS)):
            with pytest.raises(RunnerError) as again:
                ask()
            assert again.value.explanation == caught.value.explanation


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that others cannot go through, below which Python and the temporary folder lie; we are root."""
    folder = tmp_path / "closed"
    (folder / "python" / "bin").mkdir(parents=True)
    (folder / "tmp").mkdir()
    for path in (tmp_path, *tmp_path.parents):
        if "pytest" in str(path):
            path.chmod(0o755)
    folder.chmod(0o700)
    monkeypatch.setattr("tempfile.tempdir", str(folder / "tmp"))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.chown", lambda *_: None)
    monkeypatch.setattr("grader.runner.sandbox.python_roots", lambda: [folder / "python"])
    monkeypatch.setattr("sys.path", [])
    return folder


@pytest.mark.parametrize("level", ["none", "reduced"])
def test_root_becomes_another_user_without_a_sandbox_too(
    level: Isolation, closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed.chmod(0o755)
    launch = plan_launch(level, NUMPY, {}, control=3, slot=2)
    assert launch.user == FIRST_UID + 2
    assert launch.argv[0] == sys.executable


@pytest.mark.parametrize("level", ["none", "reduced"])
def test_what_is_closed_is_mounted_in_the_open(
    level: Isolation, closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.runner.sandbox._can_become_another", lambda: True)
    launch = plan_launch(level, NUMPY, {}, control=3, slot=2)
    command = " ".join(launch.argv)
    assert f"--tmpfs {closed} " in command
    assert f"--ro-bind {closed}/python {closed}/python " in command
    assert f"--dir {closed}/tmp --bind {launch.work} {launch.work} -- " in command
    assert f"setpriv --reuid {FIRST_UID + 2} " in command
    assert launch.user is None


def test_where_nothing_can_be_mounted_root_is_refused(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.runner.sandbox._can_become_another", lambda: False)
    with pytest.raises(RunnerError) as caught:
        plan_launch("reduced", NUMPY, {}, control=3)
    assert caught.value.explanation == Explanation("runner.stays_root", {"folder": str(closed)})
    assert f"chmod o+x {closed}" in explain(caught.value.explanation, "en")
    assert list((closed / "tmp").iterdir()) == []
    # Code that is trusted is run, and what that means was said before (`tests/commands/test_without_sandbox.py`).
    assert plan_launch("none", NUMPY, {}, control=3).argv[0] == sys.executable


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
@pytest.mark.parametrize("level", ["none", "reduced"])
def test_data_in_a_closed_folder_can_be_read(level: Isolation, tmp_path: Path) -> None:
    if level == "reduced" and landlock_version() < LANDLOCK_NEEDED:
        do_without("this kernel has no Landlock, or an old one")
    data = tmp_path / "closed" / "data"
    (data / "inner").mkdir(parents=True)
    (data / "inner" / "table.txt").write_text("1 2 3")
    (data / "inner" / "table.txt").chmod(0o600)
    data.parent.chmod(0o700)
    with SandboxedRunner(NUMPY, {"ex01": data}, isolation=level, slot=907) as runner:
        code = "def read():\n    return open('data/inner/table.txt').read()"
        session = runner.open(source_of(code), LIMITS, data="ex01")
        assert session.call(Call("read")).value == "1 2 3"
        session.close()


@pytest.fixture(scope="module")
def reduced() -> Iterator[SandboxedRunner]:
    """Return a sandbox without namespaces."""
    if landlock_version() < LANDLOCK_NEEDED:
        do_without("this kernel has no Landlock, or an old one")
    with SandboxedRunner(NUMPY, isolation="reduced") as runner:
        yield runner


KERAS = """
import tensorflow as tf

def layer(units):
    return tf.keras.layers.Dense(units, kernel_initializer="ones")

def apply(layer, x):
    return layer(x)

def pair():
    return [tf.constant([1, 2]), tf.keras.layers.Flatten()]
"""


@needs_sandbox
def test_a_layer_stays_in_the_sandbox_and_is_called_described_and_handed_back() -> None:
    settings = RunnerSettings(
        ("numpy", "tensorflow.keras.layers.Dense"),
        {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"},
    )
    limits = Limits(load_seconds=30, call_seconds=30, memory_mib=1024)
    with SandboxedRunner(settings, slot=906) as runner:
        session = runner.open(source_of(KERAS), limits)
        code = RemoteCode(session)
        layer = code.layer(2)
        assert isinstance(layer, RemoteLayer)
        assert layer.type_name == "Dense"
        ones = np.ones((1, 3), np.float32)
        assert layer.describe().parameters == 0
        assert layer(ones).tolist() == [[3.0, 3.0]]
        assert code.apply(layer, 2 * ones).tolist() == [[6.0, 6.0]]
        description = assert_layer(layer, "Dense", units=2, use_bias=True)
        assert description.parameters == 8
        assert [weight.shape for weight in description.weights] == [(3, 2), (2,)]
        tensor, flatten = code.pair()
        assert tensor.tolist() == [1, 2]
        assert flatten.describe((None, 4, 5)).output_shape == (None, 20)
        session.close()


BURNS = """
import time

def burn(seconds):
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass

burn(0.5)
"""


def test_what_else_the_machine_does_takes_none_of_a_submissions_time(full: SandboxedRunner) -> None:
    others = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))
    ]
    try:
        session = full.open(source_of(BURNS), LIMITS)
        session.call(Call("burn", (0.5,)))
        # What it did not wait for is all that is counted of it, however long that was, and loading is not.
        assert 0.4 < session.seconds < 0.9
        session.close()
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_loading_may_wait_and_a_call_may_not(full: SandboxedRunner) -> None:
    session = full.open(source_of("import time\ntime.sleep(1.2)\ndef f():\n    time.sleep(1.2)"), LIMITS)
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f"))
    assert caught.value.explanation == Explanation("submission.timeout", {"seconds": 1})
    session.close()
