"""One answer is graded, in a sandbox of its own or in a plain process."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge.collect import collected
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.model import Course, Exercise, Grade, Isolation, Submission
from grader.runner.plain import PlainRunner
from grader.runner.sandbox import Protections
from grader.runner.start import start_plain_runner, start_runner

if TYPE_CHECKING:
    from grader.runner.process import SandboxedRunner


def check_one(
    course: Course, exercise: Exercise, path: Path, *, isolation: Isolation = "full", is_plain: bool = False
) -> tuple[Grade, Protections]:
    """Grade one answer to one exercise; `is_plain` is for one of which `runs_plainly` says so.

    Raises:
        CourseError: the exercise's checks cannot be run.
        RunnerError: the sandbox cannot be started.
    """
    with ExitStack() as stack:

        def start(slot: int) -> SandboxedRunner | PlainRunner:
            if is_plain:
                return stack.enter_context(start_plain_runner(course))
            return stack.enter_context(start_runner(course, isolation, slot))

        runner = start(0)
        # Both import at the same time; without hidden checks nobody is going to ask for the reference.
        reference = start(1) if exercise.solution_folder is not None else None
        checks = stack.enter_context(collected(course, [exercise]))
        protections = runner.wait()
        judge = Judge(runner, ReferenceSide(checks, lambda: reference or start(1)))
        return judge.grade(Submission("", exercise.id, path)), protections
