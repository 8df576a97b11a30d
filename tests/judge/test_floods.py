"""What prints without end costs its limit of time twice, and not once for each check."""

from __future__ import annotations

import pytest

from grader.errors import SubmissionError
from grader.judge.submission import SubmissionCaller
from grader.model import Course, Explanation, Verdict
from grader.runner.call import Call
from tests.support.fakes import FakeRunner, FakeSession, source_of


def test_what_prints_without_end_is_called_twice(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def flood(session: FakeSession, call: Call, seconds: float) -> None:
        raise SubmissionError(Verdict.CRASHED, Explanation("submission.flood", {"mib": 4}))

    monkeypatch.setattr(FakeSession, "call", flood)
    code = "def row_sums(x):\n    return x\n\ndef scale(x, factor=2):\n    return x\n"
    caller = SubmissionCaller(FakeRunner(), source_of(code), tiny.exercises[0])
    keys = []
    for _ in range(4):
        caller.begin_check()
        with pytest.raises(SubmissionError) as caught:
            caller.call(Call("row_sums", (1,)))
        keys.append(caught.value.explanation.key)
    assert keys == ["submission.flood"] * 2 + ["submission.not_called"] * 2
