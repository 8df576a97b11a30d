"""What grades a class, as the queue of submissions sees it: slots of this machine, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from grader.errors import GraderError
from grader.model import Course, Exercise, Grade, Submission
from grader.runner.sandbox import Protections

if TYPE_CHECKING:
    # NumPy comes with it, which a run with nothing to grade does not need.
    from grader.judge.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading a class gave."""

    grades: tuple[Grade, ...]
    protections: Protections | None
    seconds: float
    """From the first submission handed out to the last grade."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A slot has a judge."""

    process: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A slot's runner is warm, and it takes the reference's answers."""

    worst_seconds: dict[str, float]
    """Exercise -> the wall time that one of its submissions can take."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A submission has a grade; its mistakes are not named yet."""

    grade: Grade
    evidence: Evidence
    protections: Protections | None


@dataclass(frozen=True, slots=True)
class SlotFault:
    """A slot cannot work at all."""

    error: GraderError


@dataclass(frozen=True, slots=True)
class Lost:
    """A submission came back without a grade."""

    why: str
    is_suspect: bool = True
    """Whether the submission itself may be what ended the process that had it."""


class Executor(Protocol):
    """Grades submissions, several at the same time."""

    def start(
        self, course: Course, submissions: Sequence[Submission], on_reference: Callable[[Exercise], None]
    ) -> AbstractContextManager[Callable[[Grade, Evidence], Grade]]:
        """Prove the course for these submissions, and be ready to grade them; return what names a grade's mistakes.

        Raises:
            CourseError: the checks cannot be run, or the reference does not pass them.
            RunnerError: no sandbox can be started.
        """

    def hand(self, submission: Submission) -> bool:
        """Take a submission, which `receive` returns sooner or later; return False where there is no room for it now."""

    def receive(self) -> Sequence[tuple[Submission, Graded | Lost]]:
        """Wait for what comes next, for some seconds at most, and return the submissions that are done with.

        Raises:
            RunnerError: nothing more is going to come.
        """


def exercises_of(course: Course, submissions: Sequence[Submission]) -> list[Exercise]:
    """Return the exercises that these submissions are for, in the course's order."""
    wanted = {submission.exercise for submission in submissions}
    return [exercise for exercise in course.exercises if exercise.id in wanted]
