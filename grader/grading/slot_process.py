"""What slots run in: collect the checks once, then fork a judge for each slot, which grades what is handed over."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from types import FrameType
from typing import NoReturn

from grader.course.load import load_course
from grader.errors import GraderError
from grader.grading.executor import Forked, Graded, Ready, SlotFault
from grader.judge.collect import collected
from grader.judge.grades import our_failure, ungraded
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.judge.run import CollectedChecks
from grader.model import Course, Isolation, Submission
from grader.runner.sandbox import Protections
from grader.runner.start import start_runner, warm_process


def _fork_judges(connection: Connection, line: socket.socket | None, open_here: contextlib.ExitStack) -> None:
    """Collect the checks, and fork a judge for each request until there are no more.

    Whoever called closes what is open, in this process and in each judge.
    """
    course, exercise_ids, isolation, is_naming = connection.recv()
    try:
        course = load_course(course) if isinstance(course, Path) else course
        exercises = [exercise for exercise in course.exercises if exercise.id in exercise_ids]
        open_here.enter_context(warm_process(course, isolation, line, has_many=line is None))
        with collected(course, exercises) as checks:
            gc.collect()
            gc.freeze()
            for number, judged in _requests(connection):
                # Where the process that imports has died, another one serves the slots to come.
                open_here.enter_context(warm_process(course, isolation))
                with warnings.catch_warnings(), judged:
                    # Python 3.12 warns of any thread. The only ones are NumPy's, whose library ends them before a fork.
                    warnings.simplefilter("ignore", DeprecationWarning)
                    if os.fork() == 0:
                        connection.close()
                        _judge(judged, checks, isolation, number, open_here, is_naming=is_naming)
    except GraderError as error:
        for _, judged in _requests(connection):
            with contextlib.suppress(OSError), judged:
                judged.send(SlotFault(error))


def _requests(connection: Connection) -> Iterator[tuple[int, Connection]]:
    """Yield the number of each slot that is asked for, and what its judge serves."""
    while True:
        number = connection.recv()
        judged = Connection(recv_handle(connection))
        _reap()
        yield number, judged


def _reap() -> None:
    """Take leave of the judges that have ended, which counts their times as this process's own."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass


def _judge(
    connection: Connection,
    checks: CollectedChecks,
    isolation: Isolation,
    number: int,
    open_here: contextlib.ExitStack,
    *,
    is_naming: bool,
) -> NoReturn:
    """Be the judge of a slot, in the process that was forked for it."""
    try:
        connection.send(Forked(os.getpid()))
        _serve(connection, checks, isolation, number, open_here, is_naming=is_naming)
    except (EOFError, ConnectionError):
        # The parent is gone: so is what this process is for.
        pass
    except BaseException:
        sys.excepthook(*sys.exc_info())
    _end(open_here)


def _serve(
    connection: Connection,
    checks: CollectedChecks,
    isolation: Isolation,
    number: int,
    open_here: contextlib.ExitStack,
    *,
    is_naming: bool,
) -> None:
    """Say that it is ready, take the reference's answers, then submissions until there are no more."""
    course = checks.course
    try:
        runner = open_here.enter_context(start_runner(course, isolation, number))
        protections = runner.wait()
        # Probes are made as one check more.
        worst = {
            exercise.id: exercise.limits.worst_seconds(len(checks.items[exercise.id]) + 1)
            for exercise in course.exercises
            if exercise.id in checks.items
        }
        connection.send(Ready(worst))
        reference = ReferenceSide(
            checks,
            lambda: open_here.enter_context(start_runner(course, isolation, number + 500)),
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


def _end(open_here: contextlib.ExitStack) -> NoReturn:
    """End this process: nothing else of it is of use, and what was forked shall not finish what its parent began."""
    open_here.close()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(0)


def main() -> None:
    """Serve at the descriptor that the parent handed over; a second one leads to the process that has imported."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    open_here = contextlib.ExitStack()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # Nothing is raised: what runs just now, pytest or a check, could take it for its own and go on or report it.
        open_here.close()
        _reap()
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    line = socket.socket(fileno=int(sys.argv[2])) if sys.argv[2:] else None
    # The parent is gone: so is what this process is for.
    with contextlib.suppress(EOFError, ConnectionError), Connection(int(sys.argv[1])) as connection:
        _fork_judges(connection, line, open_here)
    _end(open_here)


if __name__ == "__main__":
    main()
