"""What is done once in the warm process, before it forks."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from grader.runner.inside import keras
from grader.runner.inside.confine import thread_count
from grader.runner.inside.first_operation import warm_up


def fail() -> None:
    raise AttributeError("this version has it no more")


def start_thread() -> None:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def test_nothing_is_done_for_a_course_without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert keras.first_steps() == ()
    assert not warm_up(())


def test_a_step_that_a_version_does_not_have_costs_only_itself() -> None:
    done: list[str] = []
    assert warm_up((fail, lambda: done.append("second")))
    assert done == ["second"]


def test_nothing_is_done_that_would_leave_a_thread() -> None:
    before = thread_count()
    assert not warm_up((start_thread,))
    assert thread_count() == before


def test_nothing_is_done_that_would_end_the_process() -> None:
    assert not warm_up((sys.exit,))


STEP_BY_STEP = """
import tensorflow
from tensorflow.python.eager import context
from grader.runner.inside import confine, keras
from grader.runner.inside.first_operation import warm_up

for step in keras.first_steps():
    before = confine.thread_count()
    step()
    assert confine.thread_count() == before, step
    assert context.context()._context_handle is None, step
print(warm_up(keras.first_steps()))
"""


def test_tensorflow_has_every_step_and_none_starts_its_runtime() -> None:
    result = subprocess.run(
        [sys.executable, "-c", STEP_BY_STEP], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.stdout == "True\n", result.stderr[-2000:]
