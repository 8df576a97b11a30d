"""Checks under plain pytest: `pytest solutions/ex03_maxpool_2 --submission FILE`, for authors.

Checks of hidden and visible files run the same way as in a judge, in the same sandbox; without `--submission` the
reference is checked against itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.answers.file import read_submission
from grader.checks.remote import Caller, RemoteCode
from grader.course.load import find_course, load_course
from grader.judge.fixtures import CheckFixtures
from grader.judge.reference import RecordedCaller, Recordings, ReferenceRunner
from grader.judge.submission import SubmissionCaller
from grader.model import Course, Exercise
from grader.runner.start import start_runner

if TYPE_CHECKING:
    from grader.runner.process import SandboxedRunner


class _PlainPytest:
    """The runners of one pytest session, started when a check first needs them."""

    def __init__(self, config: pytest.Config, course: Course) -> None:
        self.config = config
        self.course = course
        self.recordings: Recordings = {}
        self.reference = ReferenceRunner(lambda: self.start(1))
        self.runner: SandboxedRunner | None = None
        self.submission: tuple[str, SubmissionCaller] | None = None

    def start(self, slot: int) -> SandboxedRunner:
        runner = start_runner(self.course, self.config.getoption("--isolation"), slot)
        self.config.add_cleanup(runner.close)
        return runner

    def caller(self, role: str, exercise: Exercise) -> Caller:
        file = self.config.getoption("--submission")
        if role == "reference" or file is None:
            return RecordedCaller(self.recordings, lambda: self.reference.caller(exercise), exercise.id)
        if self.submission is None or self.submission[0] != exercise.id:
            if self.submission is not None:
                self.submission[1].close()
            if self.runner is None:
                self.runner = self.start(0)
            caller = SubmissionCaller(self.runner, read_submission(Path(file)), exercise)
            self.submission = (exercise.id, caller)
        self.submission[1].begin_check()
        return self.submission[1]


_KEY = pytest.StashKey[_PlainPytest]()


def fixtures_of(request: pytest.FixtureRequest) -> CheckFixtures:
    """Return what the fixtures of one check hand out under plain pytest."""
    config, path = request.config, request.node.path
    if _KEY not in config.stash:
        config.stash[_KEY] = _PlainPytest(config, load_course(find_course(path.parent)))
    state = config.stash[_KEY]
    for exercise in state.course.exercises:
        if path.parent in (exercise.exercise_folder, exercise.solution_folder):
            return CheckFixtures(
                RemoteCode(state.caller("submission", exercise), exercise.variables),
                RemoteCode(state.caller("reference", exercise), exercise.variables),
            )
    raise pytest.UsageError(f"{path} belongs to no exercise of {state.course.root / 'course.yml'}")
