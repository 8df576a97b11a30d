"""An executor without processes: a function of the submission says what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from grader.grading.executor import Graded, Lost
from grader.judge.evidence import Evidence
from grader.model import Course, Exercise, Grade, Submission

__all__ = ["FakeExecutor"]


class FakeExecutor:
    """Grades one submission after another in this process; `events` has what was asked of it, in order."""

    def __init__(self, grade: Callable[[Submission], Grade | Lost], *, room: int = 1) -> None:
        """Take what says a submission's grade, or how it is lost; `room` is how many may be under way."""
        self.grade = grade
        self.room = room
        self.submissions: list[Submission] = []
        """Every submission that was handed to it, each time."""
        self.events: list[str] = []
        self._under_way: list[Submission] = []

    @contextmanager
    def start(
        self, course: Course, submissions: Sequence[Submission], on_reference: Callable[[Exercise], None]
    ) -> Iterator[Callable[[Grade, Evidence], Grade]]:
        """Prove nothing."""
        self.events.append("start")
        try:
            yield self.diagnosed
        finally:
            self.events.append("end")

    def hand(self, submission: Submission) -> bool:
        """Take a submission, if fewer are under way than may be."""
        if len(self._under_way) >= self.room:
            return False
        self.submissions.append(submission)
        self.events.append(f"hand {submission.student}")
        self._under_way.append(submission)
        return True

    def receive(self) -> list[tuple[Submission, Graded | Lost]]:
        """Return what comes of the submission that was handed to it first."""
        submission = self._under_way.pop(0)
        answer = self.grade(submission)
        return [(submission, answer if isinstance(answer, Lost) else Graded(answer, (), None))]

    def diagnosed(self, grade: Grade, evidence: Evidence) -> Grade:
        """Return a grade as it is."""
        self.events.append(f"diagnose {grade.student}")
        return grade
