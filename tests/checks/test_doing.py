"""What a check is told of the time that a call takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.doing import assert_faster
from grader.checks.remote import RemoteCode
from grader.checks.tensors import as_torch
from grader.errors import CheckFailed
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.inside.values import Column, Frame
from grader.runner.replies import Reply


class Timed:
    """Answers calls with what a function gives, and takes as long as is said of each."""

    def __init__(self, function: Callable[[Any], Any], *seconds: float) -> None:
        self._function = function
        self._seconds = list(seconds)
        self.asked: list[bytes] = []

    def call(self, call: Call) -> Reply:
        """Note what is asked, and answer."""
        self.asked.append(wire.encode(call.args))
        taken = self._seconds.pop(0) if call.is_timed and self._seconds else 0.0
        return Reply(self._function(*call.args), cpu_seconds=taken)


FRAME = Frame([Column("a", "int64", np.arange(9))], [Column(None, "int64", np.arange(9))])


@pytest.mark.parametrize(
    "data", [np.arange(9), [*range(500)], FRAME, as_torch(np.arange(9)), {"a": np.eye(2)}]
)
def test_a_call_that_is_measured_again_gets_other_data(data: Any) -> None:
    code = Timed(lambda x: 1, 3.0, 3.0, 0.0)
    assert assert_faster(RemoteCode(code).f, RemoteCode(Timed(lambda x: 1)).f, data) == 1
    assert len(set(code.asked)) == len(code.asked) == 3


@pytest.mark.parametrize("data", [3, [2, 3], "text", None])
def test_what_is_no_data_stays_as_it_is(data: Any) -> None:
    code = Timed(lambda x: 1, 3.0, 0.0)
    assert assert_faster(RemoteCode(code).f, RemoteCode(Timed(lambda x: 1)).f, data) == 1
    assert code.asked[0] == code.asked[1]


def test_no_time_counts_of_a_wrong_result_where_the_first_was_right() -> None:
    x, results = np.arange(9.0), iter([np.arange(9.0), np.zeros(9), np.zeros(9)])
    code, reference = Timed(lambda x: next(results), 3.0), Timed(lambda x: x)
    with pytest.raises(CheckFailed):
        assert_faster(RemoteCode(code).f, RemoteCode(reference).f, x)
    wrong = Timed(lambda x: np.zeros(9), 3.0)
    assert_faster(RemoteCode(wrong).f, RemoteCode(reference).f, x)


def test_what_a_busy_machine_adds_to_the_reference_buys_nobody_time() -> None:
    reference = Timed(lambda x: 1, *[0.001, 9.0] * 3)
    with pytest.raises(CheckFailed):
        assert_faster(RemoteCode(Timed(lambda x: 1, 3.0, 3.0, 3.0)).f, RemoteCode(reference).f, np.arange(9))
