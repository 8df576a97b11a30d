"""What is banned, seen while it is executed, in the real sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course.load import load_course
from grader.errors import SubmissionError
from grader.model import Limits, Verdict
from grader.runner.call import Call
from grader.runner.process import SandboxedRunner
from grader.runner.start import start_runner
from tests.bans import answers
from tests.support.fakes import source_of
from tests.support.sandbox import needs_sandbox

pytestmark = needs_sandbox

COURSE = load_course(Path(__file__).parents[2])
BANNED = {name: patterns for item in COURSE.exercises for name, patterns in item.banned.items()}
IMAGES = np.arange(32, dtype="f").reshape(2, 4, 4, 1) * np.where(np.arange(32).reshape(2, 4, 4, 1) % 3, 1, -1)
IMAGES = IMAGES.astype("f")
EXPECTED = {
    "max_pool": IMAGES.reshape(2, 2, 2, 2, 2, 1).max((2, 4)),
    "convolve": IMAGES[:, :-1, :-1] + IMAGES[:, 1:, :-1] + IMAGES[:, :-1, 1:] + IMAGES[:, 1:, 1:],
}
LIMITS = Limits(load_seconds=20, call_seconds=20, check_seconds=20, cpu_seconds=40, memory_mib=1024)
EVASIONS = [("max_pool", name) for name in answers.POOLING] + [
    ("convolve", name) for name in answers.CONVOLUTION
]
HONEST = [("max_pool", name) for name in answers.HONEST_POOLING]
HONEST += [("convolve", name) for name in answers.HONEST_CONVOLUTION]


@pytest.fixture(scope="module")
def runner(sandbox: None) -> Iterator[SandboxedRunner]:
    with start_runner(COURSE, "full", 910) as opened:
        yield opened


def called(
    runner: SandboxedRunner, code: str, function: str, banned: Mapping[str, Sequence[str]], times: int = 1
) -> list[Any]:
    """Return what calls of a function give: a value, or what was said of it."""
    session = runner.open(replace(source_of(code), banned=banned), LIMITS)
    values: list[Any] = []
    try:
        for _ in range(times):
            try:
                values.append(session.call(Call(function, (IMAGES,))).value)
            except SubmissionError as error:
                values.append(error)
    finally:
        session.close()
    return values


@pytest.mark.parametrize(("function", "name"), EVASIONS)
def test_what_is_banned_is_seen_however_it_is_called(
    runner: SandboxedRunner, function: str, name: str
) -> None:
    code = (answers.POOLING if function == "max_pool" else answers.CONVOLUTION)[name]
    for error in called(runner, code, function, BANNED, times=2):
        assert isinstance(error, SubmissionError)
        assert (error.verdict, error.explanation.key) == (Verdict.FORBIDDEN, "submission.forbidden")
        # What is executed as a text has no line in the file.
        assert error.explanation.values["place"].startswith(("answer.py:", "<string>:", "a:"))


@pytest.mark.parametrize(("function", "name"), HONEST)
def test_an_honest_answer_is_not_accused(runner: SandboxedRunner, function: str, name: str) -> None:
    code = (answers.HONEST_POOLING if function == "max_pool" else answers.HONEST_CONVOLUTION)[name]
    for value in called(runner, code, function, BANNED, times=2):
        assert not isinstance(value, SubmissionError), value.explanation
        np.testing.assert_allclose(value, EXPECTED[function])
