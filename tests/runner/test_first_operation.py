"""What is done once in the warm process, before it forks."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from types import ModuleType

import pytest

from grader.runner.inside import first_operation as warm
from grader.runner.inside.confine import thread_count


@pytest.fixture
def with_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))


def fail() -> None:
    raise AttributeError("this version has it no more")


def start_thread() -> None:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def test_nothing_is_done_for_a_course_without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert not warm.warm_up((pytest.fail,))


@pytest.mark.usefixtures("with_tensorflow")
def test_a_step_that_a_version_does_not_have_costs_only_itself() -> None:
    done: list[str] = []
    assert warm.warm_up((fail, lambda: done.append("second")))
    assert done == ["second"]


@pytest.mark.usefixtures("with_tensorflow")
def test_nothing_is_done_that_would_leave_a_thread() -> None:
    before = thread_count()
    assert not warm.warm_up((start_thread,))
    assert thread_count() == before


@pytest.mark.usefixtures("with_tensorflow")
def test_nothing_is_done_that_would_end_the_process() -> None:
    assert not warm.warm_up((sys.exit,))


STEP_BY_STEP = """
import tensorflow
from tensorflow.python.eager import context
from grader.runner.inside import confine, first_operation as warm

for step in warm._STEPS:
    before = confine.thread_count()
    step()
    assert confine.thread_count() == before, step
    assert context.context()._context_handle is None, step
print(warm.warm_up())
"""


def test_tensorflow_has_every_step_and_none_starts_its_runtime() -> None:
    result = subprocess.run(
        [sys.executable, "-c", STEP_BY_STEP], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.stdout == "True\n", result.stderr[-2000:]
