"""What runs in a slot: collect the checks, warm a runner, and grade what is handed over until there is no more."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from multiprocessing.connection import Connection
from types import FrameType

from grader.course.load import load_course
from grader.errors import GraderError
from grader.grading.executor import Graded, Ready, SlotFault
from grader.judge.collect import collected
from grader.judge.grades import our_failure, ungraded
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.model import Course, Submission
from grader.runner.sandbox import Protections
from grader.runner.start import start_runner


def _serve(connection: Connection, runners: contextlib.ExitStack) -> None:
    """Say that it is ready, take the reference's answers, then submissions until there are no more.

    Whoever called ends the runners.
    """
    root, exercise_ids, isolation, number, is_naming = connection.recv()
    try:
        course = load_course(root)
        exercises = [exercise for exercise in course.exercises if exercise.id in exercise_ids]
        runner = runners.enter_context(start_runner(course, isolation, number))
        with collected(course, exercises) as checks:
            protections = runner.wait()
            # Probes are made as one check more.
            worst = {item.id: item.limits.worst_seconds(len(checks.items[item.id]) + 1) for item in exercises}
            connection.send(Ready(worst))
            reference = ReferenceSide(
                checks,
                lambda: runners.enter_context(start_runner(course, isolation, number + 500)),
                connection.recv(),
                is_naming=is_naming,
            )
            with contextlib.closing(reference):
                judge = Judge(runner, reference)
                while (submission := connection.recv()) is not None:
                    connection.send(_graded(judge, course, submission, protections))
    except GraderError as error:
        connection.send(SlotFault(error))


def _graded(judge: Judge, course: Course, submission: Submission, protections: Protections) -> Graded:
    """Grade a submission; a fault of this program leaves that one ungraded and does not stop the class."""
    try:
        return Graded(*judge.grade_with_evidence(submission), protections)
    except Exception as error:
        exercise = next(item for item in course.exercises if item.id == submission.exercise)
        return Graded(ungraded(submission, exercise, our_failure(error)), (), protections)


def main() -> None:
    """Serve at the descriptor that the parent handed over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    runners = contextlib.ExitStack()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # Nothing is raised: what runs just now, pytest or a check, could take it for its own and go on or report it.
        runners.close()
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    # The parent is gone: so is what this process is for.
    with (
        contextlib.suppress(EOFError, ConnectionError),
        runners,
        Connection(int(sys.argv[1])) as connection,
    ):
        _serve(connection, runners)


if __name__ == "__main__":
    main()
