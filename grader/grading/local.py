"""Slots of this machine grade a class.

While one process imports for all slots, and another one collects, the reference is checked here: that proves the course, and
its answers are what the slots compare with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from grader.errors import RunnerError
from grader.grading.executor import Forked, Graded, Lost, Ready, SlotFault, exercises_of
from grader.grading.slots import Judges, Slot
from grader.model import Course, Exercise, Grade, Isolation, Submission

if TYPE_CHECKING:
    from grader.judge.evidence import Evidence
    from grader.judge.reference import Recordings
    from grader.judge.reference_side import ReferenceSide

_MANY = 20
"""From how many submissions on their cheaper forks are worth what they cost once."""


class LocalSlots:
    """An executor of judge processes, each with a runner of its own."""

    def __init__(self, jobs: int, isolation: Isolation = "full", *, is_naming: bool = True) -> None:
        """Use so many slots; what it costs to name mistakes is measured without `is_naming`."""
        self._jobs = jobs
        self._is_naming = is_naming
        self._isolation: Isolation = isolation
        self._slots: list[Slot] = []
        self._idle: list[Slot] = []
        self._recordings: Recordings = {}
        self._deaths = 0
        """How many slots in a row have died with nothing to grade."""

    @contextmanager
    def start(
        self, course: Course, submissions: Sequence[Submission], on_reference: Callable[[Exercise], None]
    ) -> Iterator[Callable[[Grade, Evidence], Grade]]:
        """Start the slots, and meanwhile run every check against the reference."""
        # A run that grades nothing does without it and NumPy.
        from grader.runner.start import warm_process

        exercises = exercises_of(course, submissions)
        count = min(self._jobs, len(submissions))
        names = tuple(item.id for item in exercises)
        with ExitStack() as running:
            has_many = len(submissions) >= _MANY
            warm = running.enter_context(warm_process(course, self._isolation, has_many=has_many))
            line = None if warm is None else warm.line
            judges = Judges(course, names, self._isolation, is_naming=self._is_naming, line=line)
            running.callback(judges.stop)
            self._slots = [Slot(number, judges) for number in range(count)]
            for slot in self._slots:
                running.callback(slot.stop)
            # Imported now: where nothing has changed this is not needed, and the slots are importing it at the same time.
            from grader.grading.kept import kept_answers

            kept = kept_answers(course, exercises, self._isolation)
            is_kept = kept is not None and all(map(kept.has, exercises))

            @cache
            def reference() -> ReferenceSide:
                from grader.judge.reference_side import proven_reference

                tell = (lambda exercise: None) if is_kept else on_reference
                proof = proven_reference(course, exercises, self._isolation, count, tell, kept)
                side = running.enter_context(proof)
                side.is_naming &= self._is_naming
                return side

            def diagnosed(grade: Grade, evidence: Evidence) -> Grade:
                # Of a right answer nothing is to be named: where all is kept the checks are not collected here for it.
                return reference().diagnosed(grade, evidence) if evidence else grade

            if kept is not None and is_kept:
                self._recordings = {}
                for exercise in exercises:
                    self._recordings |= kept.recordings(exercise) or {}
                    on_reference(exercise)
            else:
                self._recordings = reference().recordings
            yield diagnosed

    def hand(self, submission: Submission) -> bool:
        """Give a submission to an idle slot."""
        if self._idle:
            self._idle.pop().hand(submission)
            return True
        return False

    def receive(self) -> list[tuple[Submission, Graded | Lost]]:
        """Return what the slots have done; one that died or is silent is started anew.

        Raises:
            GraderError: a slot says that it cannot work here.
            RunnerError: slots die before they are ready.
        """
        heard = wait([slot.connection for slot in self._slots], timeout=1.0)
        answers: list[tuple[Submission, Graded | Lost]] = []
        for slot in self._slots:
            if slot.connection not in heard and not slot.is_overdue:
                continue
            job = slot.job
            message: Forked | Ready | Graded | SlotFault | Lost
            try:
                message = slot.receive()
            except ConnectionError as error:
                message = Lost(str(error))
                self._replace(slot, job, message.why)
            match message:
                case SlotFault(error=fault):
                    raise fault
                case Ready():
                    # Only deaths in a row say that no judge can be started here.
                    self._deaths = 0
                    slot.give(self._recordings)
                    self._idle.append(slot)
                case Graded():
                    self._idle.append(slot)
            if job is not None and isinstance(message, Graded | Lost):
                answers.append((job, message))
        return answers

    def _replace(self, slot: Slot, job: Submission | None, why: str) -> None:
        slot.stop()
        if slot in self._idle:
            self._idle.remove(slot)
        if job is None:
            self._deaths += 1
            if self._deaths > 2 * len(self._slots):
                raise RunnerError("runner.died", {"error": why})
        slot.start()
