"""Prove the exercises of a course before it is released, side by side.

Each exercise is proved by itself, in a process with two runners: one for what is tried (the reference, the stub, a
misconception, a mutant) and one for the reference that the checks compare with.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from grader.course.load import load_course
from grader.judge.collect import collected
from grader.model import Course, Exercise
from grader.platforms import without_interrupts
from grader.runner.start import start_runner
from grader.verify.exercise import Options, Proof, VerifyReport

if TYPE_CHECKING:
    from grader.runner.process import SandboxedRunner


def verify_course(
    course: Course,
    exercises: Sequence[Exercise],
    options: Options,
    *,
    jobs: int,
    on_exercise: Callable[[VerifyReport], None] = lambda report: None,
) -> tuple[VerifyReport, ...]:
    """Prove exercises in parallel; return a report for each, in their order.

    Raises:
        CourseError: an exercise's checks cannot be run at all.
        RunnerError: the sandbox cannot be started.
    """
    context = multiprocessing.get_context("spawn")
    reports: dict[str, VerifyReport] = {}
    with ProcessPoolExecutor(max(1, min(jobs, len(exercises))), mp_context=context) as pool:
        # The exercises that may take longest go first.
        order = sorted(exercises, key=lambda item: -item.limits.check_seconds)
        try:
            # Ctrl-C reaches all of the terminal's processes: those that are started here leave it to this one.
            with without_interrupts():
                futures = [pool.submit(_verify_in_process, course.root, item.id, options) for item in order]
            for future in as_completed(futures):
                report = future.result()
                reports[report.exercise] = report
                on_exercise(report)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    return tuple(reports[exercise.id] for exercise in exercises)


_RUNNERS: dict[str, SandboxedRunner] = {}
"""The runners of this process; they serve one exercise after another."""


def _close_runners() -> None:
    for runner in _RUNNERS.values():
        runner.close()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # As in a slot nothing is raised, which pytest or a check could take for its own.
    _close_runners()
    os._exit(1)


def _verify_in_process(root: Path, exercise_id: str, options: Options) -> VerifyReport:
    course = load_course(root)
    exercise = next(item for item in course.exercises if item.id == exercise_id)
    if not _RUNNERS:
        for slot, role in enumerate(("tried", "reference")):
            _RUNNERS[role] = start_runner(course, options.isolation, slot)
        atexit.register(_close_runners)
        signal.signal(signal.SIGTERM, _stop)
    with collected(course, [exercise]) as checks:
        return Proof(course, exercise, checks, options, _RUNNERS).run()
