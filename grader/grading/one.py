"""One answer is graded, in a sandbox of its own."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from grader.judge.collect import with_checks
from grader.judge.judge import Judge
from grader.judge.run import CollectedChecks
from grader.model import Course, Exercise, Grade, Submission
from grader.runner.sandbox import Isolation, Protections
from grader.runner.start import start_runner

__all__ = ["check_one"]


def check_one(
    course: Course, exercise: Exercise, path: Path, *, isolation: Isolation = "full"
) -> tuple[Grade, Protections]:
    """Grade one answer to one exercise.

    Raises:
        CourseError: the exercise's checks cannot be run.
        RunnerError: the sandbox cannot be started.

    """
    found: list[Grade] = []
    with ExitStack() as stack:
        runner = stack.enter_context(start_runner(course, isolation, 0))
        if exercise.solution_folder is not None:
            # Both import at the same time; hidden checks are going to ask for the reference.
            reference = stack.enter_context(start_runner(course, isolation, 1))

        def serve(checks: CollectedChecks) -> None:
            judge = Judge(checks, runner, lambda: reference)
            runner.wait()
            found.append(judge.grade(Submission("", exercise.id, path)))

        with_checks(course, [exercise], serve)
        return found[0], runner.wait()
