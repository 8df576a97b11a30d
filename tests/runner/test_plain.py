from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from grader.errors import RunnerError, SubmissionError
from grader.model import Limits, RunnerSettings, Source, Unit, Verdict
from grader.runner.call import Call
from grader.runner.plain import PlainRunner, PlainSession
from tests.support.waiting import comes_true

LIMITS = Limits(load_seconds=1, call_seconds=1, check_seconds=2, memory_mib=128, output_kib=4, result_mib=1)
Open = Callable[[str], PlainSession]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens a code; afterwards no process and no file is left."""
    (tmp_path / "numbers.txt").write_text("7")
    sessions: list[PlainSession] = []
    with PlainRunner(RunnerSettings(("numpy",)), {"ex01": tmp_path}) as runner:

        def open_code(code: str) -> PlainSession:
            sessions.append(runner.open(Source((Unit("answer.py", code),)), LIMITS, data="ex01"))
            return sessions[-1]

        yield open_code
        processes = list(runner._processes)
    assert not [item for item in processes if item.folder.exists() or psutil.pid_exists(item.process.pid)]


def test_it_answers_as_the_sandbox_does(opened: Open) -> None:
    session = opened(
        "import numpy as np\ndef f(x, by=1):\n    print('called')\n    return np.asarray(x) * by\n"
    )
    reply = session.call(Call("f", (np.arange(3),), {"by": 2}))
    assert reply.value.tolist() == [0, 2, 4]
    assert reply.output == "called\n"
    # More than a pipe holds, there and back.
    assert session.call(Call("f", (np.zeros(100_000),))).value.shape == (100_000,)
    assert session.take_output().endswith("called\n")


def test_it_sees_the_data_and_writes_in_a_folder_of_its_own(opened: Open, tmp_path: Path) -> None:
    session = opened(
        "def f():\n    open('data/numbers.txt', 'a').write('8')\n    return open('data/numbers.txt').read()\n"
    )
    assert session.call(Call("f")).value == "78"
    assert (tmp_path / "numbers.txt").read_text() == "7"


@pytest.mark.parametrize(
    ("code", "verdict", "key"),
    [
        ("while True: pass", Verdict.TIMEOUT, "submission.timeout"),
        ("import time; time.sleep(600)", Verdict.TIMEOUT, "submission.timeout"),
        ("while True: print('x' * 100_000)", Verdict.CRASHED, "submission.flood"),
        ("import os; os._exit(3)", Verdict.CRASHED, "submission.exit"),
        ("import os; os.abort()", Verdict.CRASHED, "submission.signal"),
        ("kept = [bytearray(b'x') * (1 << 20) for _ in range(100_000)]", Verdict.MEMORY, "submission.memory"),
        ("raise SystemExit(1)", Verdict.ERROR, "submission.error"),
        ("import os; os.write(11, b'x' * 100)", Verdict.CRASHED, "submission.bad_answer"),
        ("import os; os.close(11)", Verdict.CRASHED, "submission.exit"),
    ],
)
def test_whatever_ends_a_call_is_a_verdict(code: str, verdict: Verdict, key: str, opened: Open) -> None:
    session = opened(f"def f():\n    {code}\n")
    started = time.monotonic()
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f"))
    assert caught.value.verdict is verdict
    assert time.monotonic() - started < 60
    assert opened("def f(): return 1").call(Call("f")).value == 1


def test_a_file_that_does_not_end_is_stopped(opened: Open) -> None:
    with pytest.raises(SubmissionError) as caught:
        opened("while True: pass")
    assert (caught.value.verdict, caught.value.explanation.key) == (
        Verdict.TIMEOUT,
        "submission.load_timeout",
    )


def test_what_it_started_ends_with_it(opened: Open) -> None:
    session = opened(
        "import subprocess, sys\n"
        "def f(): return subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid\n"
    )
    child = session.call(Call("f")).value
    assert psutil.pid_exists(child)
    session.close()
    assert comes_true(lambda: has_ended(child))


def has_ended(process: int) -> bool:
    try:
        return bool(psutil.Process(process).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_timed_call_has_its_time(opened: Open) -> None:
    session = opened("def f():\n    for _ in range(3_000_000): pass\n")
    assert session.call(Call("f", is_timed=True)).cpu_seconds > 0


def test_what_cannot_be_imported_is_told() -> None:
    with PlainRunner(RunnerSettings(("no_such_library",))) as runner, pytest.raises(RunnerError) as caught:
        runner.open(Source((Unit("answer.py", ""),)), LIMITS)
    assert caught.value.explanation.key == "runner.no_plain"
    assert "No module named 'no_such_library'" in str(caught.value.explanation.values["error"])


def test_the_next_one_imports_while_one_is_used() -> None:
    with PlainRunner(RunnerSettings(("numpy",)), keeps_spare=True) as runner:
        source = Source((Unit("answer.py", "import os\ndef f(): return os.getpid()\n"),))
        for _ in range(2):
            with closing(runner.open(source, LIMITS)) as session:
                assert runner._next is not None
                assert session.call(Call("f")).value not in (os.getpid(), runner._next.process.pid)


def test_another_thread_may_end_a_call() -> None:
    with PlainRunner(RunnerSettings(("numpy",)), keeps_spare=True) as runner:
        source = Source((Unit("answer.py", "import time\ndef f(): time.sleep(60)\ndef g(): return 1\n"),))
        limits = replace(LIMITS, call_seconds=60)
        with closing(runner.open(source, limits)) as session:
            timer = threading.Timer(0.3, runner.end_worker)
            timer.start()
            with pytest.raises(SubmissionError) as caught:
                session.call(Call("f"))
            timer.join()
        assert caught.value.verdict is Verdict.CRASHED
        with closing(runner.open(source, limits)) as session:
            assert session.call(Call("g")).value == 1
