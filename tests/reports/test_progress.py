"""What a log says while a class is graded."""

from __future__ import annotations

import io
import json

import pytest

from grader.reports.progress import JsonProgress, LineProgress
from tests.support.records import GRADE


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time, which a test moves on."""
    now = [1000.0]
    monkeypatch.setattr("grader.reports.progress.time.monotonic", lambda: now[0])
    return now


def test_a_line_tells_how_fast_and_how_long_yet(clock: list[float]) -> None:
    stream = io.StringIO()
    lines = LineProgress("en", stream)
    lines.start(submissions=41, kept=3, exercises=2)
    clock[0] += 12  # Starting up is no grading: the rate is counted from the first grade on.
    lines.grade(GRADE)
    assert stream.getvalue().splitlines() == ["To grade: 41; unchanged: 3."]
    for _ in range(20):
        clock[0] += 0.5
        lines.grade(GRADE)
    assert stream.getvalue().splitlines()[1:] == ["2/41, 2.0/s, 0:19 left, not passed: 2"]


def test_each_grade_is_an_event() -> None:
    stream = io.StringIO()
    events = JsonProgress(stream)
    events.start(submissions=1, kept=0, exercises=1)
    events.grade(GRADE)
    started, graded = map(json.loads, stream.getvalue().splitlines())
    assert started == {"event": "start", "submissions": 1, "kept": 0, "exercises": 1}
    assert (graded["student"], graded["done"], graded["total"]) == (GRADE.student, 1, 1)
