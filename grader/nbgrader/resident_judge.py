"""A judge that stays: collected checks, warm runners and the reference's answers, until nobody has needed them for long."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing

from grader.grading.kept import kept_answers
from grader.judge.collect import collected
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.model import Course, Exercise, Grade, Isolation, Submission
from grader.runner.start import start_runner
from grader.warm.judge import course_state

_IDLE_SECONDS = 600.0
"""A Jupyter server lives for days, and the warm runners hold hundreds of MiB."""


class ResidentJudge:
    """Grades submissions of some exercises, one after another."""

    def __init__(self, course: Course, exercises: Sequence[Exercise], isolation: Isolation) -> None:
        """Start the runners and collect the checks.

        Raises:
            CourseError: the checks cannot be run.
            RunnerError: the sandbox cannot be started.
        """
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._proven: set[str] = set()
        self.idle = threading.Timer(_IDLE_SECONDS, _rest)
        """Ends this judge if it is the one that was set last."""
        with ExitStack() as stack:
            kept = kept_answers(course, exercises, isolation)
            is_kept = kept is not None and all(map(kept.has, exercises))
            # Both import at the same time; the reference is not needed where its answers are kept.
            runner = stack.enter_context(start_runner(course, isolation, 0))
            of_reference = None if is_kept else stack.enter_context(start_runner(course, isolation, 500))
            checks = stack.enter_context(collected(course, exercises))
            side = ReferenceSide(
                checks, lambda: of_reference or start_runner(course, isolation, 500), kept=kept
            )
            self._reference = stack.enter_context(closing(side))
            self._judge = Judge(runner, self._reference)
            self._open = stack.pop_all()

    def grade(self, submission: Submission) -> Grade:
        """Grade a submission.

        Raises:
            CourseError: the reference does not pass the exercise's checks.
            RunnerError: the sandbox failed.
        """
        if submission.exercise not in self._proven:
            # Nobody is graded by checks that the reference does not pass.
            self._reference.prove([self._exercises[submission.exercise]])
            self._proven.add(submission.exercise)
        return self._judge.grade(submission)

    def rest_later(self) -> None:
        """End it in a while, unless it is needed before."""
        self.idle.cancel()
        self.idle = threading.Timer(_IDLE_SECONDS, _rest)
        self.idle.daemon = True
        self.idle.start()

    def close(self) -> None:
        """End the runners."""
        self.idle.cancel()
        self._open.close()


_LOCK = threading.RLock()
"""Held while a submission is graded: there is one judge, and it grades one at a time."""
_OPEN: dict[tuple[object, ...], ResidentJudge] = {}
"""The judge in use, by what it was made of."""


def grade_warm(
    course: Course, exercises: Sequence[Exercise], isolation: Isolation, submission: Submission
) -> Grade:
    """Grade a submission with the judge that is warm; another course, or one that was changed, gets a new one.

    Raises:
        GraderError: see `ResidentJudge`.
    """
    key = (
        course.root,
        tuple(exercise.id for exercise in exercises),
        isolation,
        course_state(course, exercises),
    )
    with _LOCK:
        try:
            if key not in _OPEN:
                close_all()
                _OPEN[key] = ResidentJudge(course, exercises, isolation)
            grade = _OPEN[key].grade(submission)
            _OPEN[key].rest_later()
        except BaseException:
            # What was wrong may be mended before the next one, and a runner that was interrupted still has an answer to give.
            close_all()
            raise
    return grade


def _rest() -> None:
    with _LOCK:
        # A submission that came while this waited for the lock has set another timer.
        if any(judge.idle is threading.current_thread() for judge in _OPEN.values()):
            close_all()


@atexit.register
def close_all() -> None:
    """End the runners of this process."""
    with _LOCK:
        while _OPEN:
            _, judge = _OPEN.popitem()
            judge.close()
