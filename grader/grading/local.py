"""Grade one answer, or a class: the only room that knows all the parts.

A class is graded by slots. A slot is a judge process with a runner of its own; the submissions are handed to whichever
is free, and each grade goes to `on_grade` (and from there to the gradebook) the moment it exists. Meanwhile the
reference is checked against itself here: that proves the course, and its answers are what the slots compare with.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait

from grader.errors import RunnerError
from grader.grading.executor import Outcome
from grader.grading.slots import Slot
from grader.judge.evidence import Evidence
from grader.judge.grades import not_handed_in, ungraded
from grader.judge.reference_side import ReferenceSide, proven_reference
from grader.model import Course, Exercise, Explanation, Grade, Submission, Verdict
from grader.runner.sandbox import Isolation, Protections

__all__ = ["Outcome", "grade_all"]


def grade_all(
    course: Course,
    submissions: Sequence[Submission],
    *,
    jobs: int,
    isolation: Isolation = "full",
    on_grade: Callable[[Grade], None] = lambda grade: None,
    on_reference: Callable[[Exercise], None] = lambda exercise: None,
) -> Outcome:
    """Grade submissions in parallel slots.

    Raises:
        CourseError: the course's checks cannot be run, or its reference does not pass them; nothing was graded.
        RunnerError: no sandbox can be started.

    """
    wanted = {submission.exercise for submission in submissions if submission.path is not None}
    exercises = [exercise for exercise in course.exercises if exercise.id in wanted]
    count = max(1, min(jobs, sum(submission.path is not None for submission in submissions)))
    ids = tuple(exercise.id for exercise in exercises)
    slots = [Slot(number, course.root, ids, isolation) for number in range(count)]
    try:
        with proven_reference(course, exercises, isolation, count, on_reference) as reference:
            return _Distribution(course, slots, reference, on_grade).run(submissions)
    finally:
        for slot in slots:
            slot.stop()


class _Distribution:
    """Hands submissions to slots and collects the grades."""

    def __init__(
        self, course: Course, slots: list[Slot], reference: ReferenceSide, on_grade: Callable[[Grade], None]
    ) -> None:
        self.exercises = {exercise.id: exercise for exercise in course.exercises}
        self.slots = slots
        self.reference = reference
        self.on_grade = on_grade
        self.grades: list[Grade] = []
        self.protections: Protections | None = None
        self.tries: dict[Submission, int] = {}
        self.faults = 0
        self.waiting: deque[Submission] = deque()

    def run(self, submissions: Sequence[Submission]) -> Outcome:
        started = time.monotonic()
        # Exercises one after another: a slot stays with the code and data that it has just used.
        for submission in sorted(submissions, key=lambda item: self.exercises[item.exercise].number):
            if submission.path is None:
                self._keep(not_handed_in(submission, self.exercises[submission.exercise]))
            else:
                self.waiting.append(submission)
        while len(self.grades) < len(submissions):
            ready = wait([slot.connection for slot in self.slots], timeout=1.0)
            for slot in self.slots:
                if slot.connection in ready:
                    self._receive(slot)
                elif slot.job is not None and time.monotonic() > slot.deadline:
                    self._replace(slot, "silent")
        return Outcome(tuple(self.grades), self.protections, time.monotonic() - started)

    def _receive(self, slot: Slot) -> None:
        try:
            kind, *content = slot.connection.recv()
        except (EOFError, OSError):
            self._replace(slot, slot.death())
            return
        if kind == "fault":
            raise content[0]
        if kind == "ready":
            self.protections = content[0]
            # Only deaths in a row say that no judge can be started here.
            self.faults = 0
            slot.give(self.reference.recordings)
        job, slot.job = slot.job, None
        if kind == "grade" and job is not None and self._tried_in_vain(job, content[0]):
            self.waiting.appendleft(job)
            kind = "failed"
        # The slot gets its next submission first; what the last one's mistakes are is found out meanwhile.
        self._hand_out(slot)
        if kind == "grade":
            self._keep(self._diagnosed(*content))

    def _tried_in_vain(self, job: Submission, grade: Grade) -> bool:
        """Return whether a submission gets a second try: its runner died, or something else that is our fault."""
        if grade.verdict is not Verdict.UNGRADED or self.tries.get(job, 0) >= 1:
            return False
        self.tries[job] = 1
        return True

    def _diagnosed(self, grade: Grade, evidence: Evidence) -> Grade:
        try:
            return self.reference.diagnosed(grade, evidence)
        except RunnerError:
            # The points stand; only the explanation is missing.
            return grade

    def _hand_out(self, slot: Slot) -> None:
        if self.waiting:
            slot.hand(self.waiting.popleft(), self.exercises)

    def _keep(self, grade: Grade) -> None:
        self.grades.append(grade)
        self.on_grade(grade)

    def _replace(self, slot: Slot, why: str) -> None:
        """Start a slot anew whose judge died; its submission gets a second try, and is ungraded after that."""
        job = slot.job
        slot.stop()
        if job is None:
            self.faults += 1
            if self.faults > 2 * len(self.slots):
                raise RunnerError("runner.died", {"error": why})
        else:
            self.tries[job] = self.tries.get(job, 0) + 1
            if self.tries[job] < 2:
                self.waiting.appendleft(job)
            else:
                explanation = Explanation("submission.judge_died", {"error": why})
                self._keep(ungraded(job, self.exercises[job.exercise], explanation))
        slot.start()
