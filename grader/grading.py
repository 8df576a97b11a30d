"""Grade one answer, or a class: the only room that knows all the parts.

A class is graded by slots. A slot is a judge process with a runner of its own; the submissions are handed to whichever
is free, and each grade goes to `on_grade` (and from there to the gradebook) the moment it exists. Meanwhile the
reference is checked against itself here: that proves the course, and its answers are what the slots compare with.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from grader.course import load_course
from grader.errors import CourseError, Fault, GraderError, RunnerError
from grader.judge import Evidence, Judge, not_handed_in, ungraded
from grader.model import Course, Exercise, Explanation, Grade, Submission, Verdict
from grader.plugin import CollectedChecks, with_checks
from grader.recording import Recordings
from grader.runner.process import SandboxedRunner
from grader.runner.sandbox import Isolation, Protections

__all__ = ["Outcome", "check_one", "check_reference", "grade_all", "start_runner"]

_SLACK_SECONDS = 60.0
"""How much longer than a submission may take a judge may be silent before it is taken for hung."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading a class gave."""

    grades: tuple[Grade, ...]
    protections: Protections | None
    seconds: float
    """From the first submission handed out to the last grade."""


def start_runner(course: Course, isolation: Isolation, slot: int) -> SandboxedRunner:
    """Start a runner with what the course preloads and the data of its exercises."""
    data = {item.id: item.data_folder for item in course.exercises if item.data_folder is not None}
    return SandboxedRunner(course.runner, data, isolation=isolation, slot=slot)


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


def check_reference(
    judge: Judge,
    exercises: Sequence[Exercise],
    on_exercise: Callable[[Exercise], None] = lambda exercise: None,
) -> None:
    """Run every check against the reference; the judge then holds the reference's answers.

    Raises:
        CourseError: with every check that the reference does not pass.
        RunnerError: the sandbox failed.

    """
    faults = []
    for exercise in exercises:
        grade = judge.grade_reference(exercise)
        for result in grade.checks:
            why = result.explanation
            if why is not None and why.key.startswith("runner.") and why.key != "runner.reference_died":
                raise RunnerError(why.key, why.values)
            if result.verdict is not Verdict.PASSED:
                values = {"check": result.name, "verdict": result.verdict.value, "why": result.explanation}
                file = f"solutions/{exercise.exercise_folder.name}/solution.py"
                faults.append(Fault(file, "", Explanation("course.reference_fails", values)))
        on_exercise(exercise)
    if faults:
        raise CourseError(tuple(faults))


def _judge_process(
    connection: Connection, root: Path, exercise_ids: tuple[str, ...], isolation: Isolation, slot: int
) -> None:
    """Run one slot: say what protects it, take the reference's answers, then submissions until there are no more."""
    # Ctrl-C reaches the whole terminal's group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        course = load_course(root)
        exercises = [exercise for exercise in course.exercises if exercise.id in exercise_ids]
        with start_runner(course, isolation, slot) as runner:

            def serve(checks: CollectedChecks) -> None:
                connection.send(("ready", runner.wait()))
                recordings: Recordings = connection.recv()
                judge = Judge(checks, runner, lambda: start_runner(course, isolation, slot + 500), recordings)
                try:
                    while (submission := connection.recv()) is not None:
                        connection.send(("grade", *_grade_safely(judge, course, submission)))
                finally:
                    judge.close()

            with_checks(course, exercises, serve)
    except GraderError as error:
        connection.send(("fault", error))
    except EOFError:
        # The parent is gone: so is what this process is for.
        return


def _grade_safely(judge: Judge, course: Course, submission: Submission) -> tuple[Grade, Evidence]:
    """Grade a submission; a fault of this program leaves that one ungraded and does not stop the class."""
    try:
        return judge.grade_with_evidence(submission)
    except Exception as error:
        exercise = next(item for item in course.exercises if item.id == submission.exercise)
        place = traceback.extract_tb(error.__traceback__)[-1]
        values = {
            "type": type(error).__name__,
            "message": str(error)[:500],
            "place": f"{Path(place.filename).name}:{place.lineno}",
        }
        return ungraded(submission, exercise, Explanation("submission.judge_raised", values)), ()


class _Slot:
    """The parent's end of one judge process."""

    def __init__(self, number: int, arguments: tuple[Any, ...]) -> None:
        self.number = number
        self._arguments = arguments
        self.job: Submission | None = None
        self.deadline = 0.0
        self.is_ready = False
        self.start()

    def start(self) -> None:
        """Start the process; it reports when it is ready."""
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=_judge_process, args=(theirs, *self._arguments, self.number), daemon=True
        )
        self.process.start()
        theirs.close()
        self.is_ready = False
        self.job = None

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self.process.terminate()
        self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


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
    arguments = (course.root, tuple(exercise.id for exercise in exercises), isolation)
    slots = [_Slot(number, arguments) for number in range(count)]
    try:
        outcomes: list[Outcome] = []

        def serve(checks: CollectedChecks) -> None:
            judge = Judge(checks, None, lambda: start_runner(course, isolation, count))
            try:
                check_reference(judge, exercises, on_reference)
                outcomes.append(_Distribution(course, slots, judge, on_grade).run(submissions))
            finally:
                judge.close()

        with_checks(course, exercises, serve)
        return outcomes[0]
    finally:
        for slot in slots:
            slot.stop()


class _Distribution:
    """Hands submissions to slots and collects the grades."""

    def __init__(
        self, course: Course, slots: list[_Slot], judge: Judge, on_grade: Callable[[Grade], None]
    ) -> None:
        self.exercises = {exercise.id: exercise for exercise in course.exercises}
        self.slots = slots
        self.judge = judge
        self.on_grade = on_grade
        self.grades: list[Grade] = []
        self.protections: Protections | None = None
        self.tries: dict[tuple[str, str], int] = {}
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

    def _receive(self, slot: _Slot) -> None:
        try:
            kind, *content = slot.connection.recv()
        except (EOFError, OSError):
            self._replace(slot, f"exit code {slot.process.exitcode}")
            return
        if kind == "fault":
            raise content[0]
        if kind == "ready":
            self.protections = content[0]
            slot.is_ready = True
            slot.connection.send(self.judge.recordings)
        slot.job = None
        # The slot gets its next submission first; what the last one's mistakes are is found out meanwhile.
        self._hand_out(slot)
        if kind == "grade":
            self._keep(self._diagnosed(*content))

    def _diagnosed(self, grade: Grade, evidence: Evidence) -> Grade:
        try:
            return self.judge.diagnose(grade, evidence)
        except RunnerError:
            # The points stand; only the explanation is missing.
            return grade

    def _hand_out(self, slot: _Slot) -> None:
        if self.waiting:
            slot.job = self.waiting.popleft()
            limits = self.exercises[slot.job.exercise].limits
            seconds = limits.load_seconds + limits.submission_seconds + limits.call_seconds
            slot.deadline = time.monotonic() + seconds + _SLACK_SECONDS
            slot.connection.send(slot.job)

    def _keep(self, grade: Grade) -> None:
        self.grades.append(grade)
        self.on_grade(grade)

    def _replace(self, slot: _Slot, why: str) -> None:
        """Start a slot anew whose judge died; its submission gets a second try, and is ungraded after that."""
        job = slot.job
        slot.stop()
        if job is None:
            self.faults += 1
            if self.faults > 2 * len(self.slots):
                raise RunnerError("runner.died", {"error": why})
        else:
            key = (job.student, job.exercise)
            self.tries[key] = self.tries.get(key, 0) + 1
            if self.tries[key] < 2:
                self.waiting.appendleft(job)
            else:
                explanation = Explanation("submission.judge_died", {"error": why})
                self._keep(ungraded(job, self.exercises[job.exercise], explanation))
        slot.start()
