"""What slots run in: collect the checks once, then fork a judge for each slot, which grades what is handed over."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from types import FrameType
from typing import NoReturn

from grader.errors import GraderError
from grader.grading.executor import Forked, Graded, Ready, SlotFault
from grader.judge.collect import collected
from grader.judge.grades import our_failure, ungraded
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.judge.run import CollectedChecks
from grader.model import Course, Isolation, Submission
from grader.runner.inside.confine import end_with_parent, thread_count
from grader.runner.sandbox import Protections
from grader.runner.start import start_runner, warm_process

_END_SECONDS = 2.0


def _fork_judges(
    connection: Connection, line: socket.socket | None, open_here: contextlib.ExitStack, arguments: str
) -> None:
    """Collect the checks, and fork a judge for each request until there are no more.

    With `arguments`, which are not received then, each judge collects them itself. Whoever called closes what is open, in
    this process and in each judge.
    """
    given, exercise_ids, isolation, is_naming = json.loads(arguments) if arguments else connection.recv()
    try:
        course = given if isinstance(given, Course) else _read(Path(given))
        exercises = [exercise for exercise in course.exercises if exercise.id in exercise_ids]
        open_here.enter_context(warm_process(course, isolation, line, has_many=line is None))
        with nullcontext(None) if arguments else collected(course, exercises) as checks:
            if checks is not None and _lacks_threads():
                # A file of checks has computed with a library whose threads would be in no fork, and which waited for them.
                again = json.dumps([str(course.root), exercise_ids, isolation, is_naming])
                os.execv(sys.executable, [*sys.orig_argv[:4], "" if line is None else sys.argv[2], again])
            gc.freeze()
            gc.enable()
            for number, judged in _requests(connection):
                # Where the process that imports has died, another one serves the slots to come.
                open_here.enter_context(warm_process(course, isolation))
                with judged:
                    if _fork() == 0:
                        connection.close()
                        held = nullcontext(checks) if checks is not None else collected(course, exercises)
                        _judge(judged, held, isolation, number, open_here, is_naming=is_naming)
    except GraderError as error:
        for _, judged in _requests(connection):
            with contextlib.suppress(OSError), judged:
                judged.send(SlotFault(error))


def _read(folder: Path) -> Course:
    # Most are given the course, and need nothing of what reads one.
    from grader.course.load import load_course

    return load_course(folder)


def _lacks_threads() -> bool:
    """Return whether a fork would lack a thread; those of NumPy's library it ends itself before each."""
    if (process := _fork()) == 0:
        os._exit(0)
    os.waitpid(process, 0)
    return thread_count() > 1


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of any thread.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _requests(connection: Connection) -> Iterator[tuple[int, Connection]]:
    """Yield the number of each slot that is asked for, and what its judge serves."""
    while True:
        number = connection.recv()
        judged = Connection(recv_handle(connection))
        _reap()
        yield number, judged


def _reap() -> bool:
    """Take leave of the judges that have ended, which counts their times as this process's own; return if there are others."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return False
    return True


def _end_judges() -> None:
    """Have judges that are in a check end too, and leave nothing lying about; the kernel kills who takes too long."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGTERM)
    until = time.monotonic() + _END_SECONDS
    while _reap() and time.monotonic() < until:
        time.sleep(0.01)


def _judge(
    connection: Connection,
    held: AbstractContextManager[CollectedChecks],
    isolation: Isolation,
    number: int,
    open_here: contextlib.ExitStack,
    *,
    is_naming: bool,
) -> NoReturn:
    """Be the judge of a slot, in the process that was forked for it."""
    try:
        end_with_parent()
        connection.send(Forked(os.getpid()))
        _serve(connection, held, isolation, number, open_here, is_naming=is_naming)
    except (EOFError, ConnectionError):
        # The parent is gone: so is what this process is for.
        pass
    except BaseException:
        sys.excepthook(*sys.exc_info())
    _end(open_here)


def _serve(
    connection: Connection,
    held: AbstractContextManager[CollectedChecks],
    isolation: Isolation,
    number: int,
    open_here: contextlib.ExitStack,
    *,
    is_naming: bool,
) -> None:
    """Say that it is ready, take the reference's answers, then submissions until there are no more."""
    try:
        checks = open_here.enter_context(held)
        course = checks.course
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
    # An author's file that hangs while it is imported hears of nothing.
    end_with_parent()
    open_here = contextlib.ExitStack()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # Nothing is raised: what runs just now, pytest or a check, could take it for its own and go on or report it.
        open_here.close()
        _reap()
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    _, number, of_line, arguments, *_ = (*sys.argv, "", "")
    line = socket.socket(fileno=int(of_line)) if of_line else None
    # The parent is gone: so is what this process is for.
    with contextlib.suppress(EOFError, ConnectionError), Connection(int(number)) as connection:
        _fork_judges(connection, line, open_here, arguments)
    _end_judges()
    _end(open_here)
