"""The reference's side of judging: what every submission is compared with, and what names its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace

from grader.checks.remote import Observed
from grader.course.files import files_of, name_in_course
from grader.errors import CourseError, Fault, RunnerError
from grader.judge.collect import collected
from grader.judge.diagnosis import Diagnoser
from grader.judge.evidence import Evidence
from grader.judge.reference import RecordedCaller, Recordings, ReferenceRunner
from grader.judge.run import CollectedChecks
from grader.judge.stored import named_from_file
from grader.judge.submission import SubmissionCaller
from grader.model import CheckResult, Course, Exercise, Explanation, Grade, Isolation, Misconception, Verdict
from grader.runner.call import Call
from grader.runner.session import Runner
from grader.runner.start import start_runner


class ReferenceSide:
    """Holds a course's collected checks, the reference's answers to them, and a runner for what was not asked yet."""

    def __init__(
        self,
        checks: CollectedChecks,
        open_runner: Callable[[], Runner],
        recordings: Recordings | None = None,
        *,
        patience: float = 0.5,
        is_naming: bool = True,
    ) -> None:
        """Hold these; `patience` is how slow a call may be that is repeated to name a misconception (seconds).

        Without `is_naming` no mistake is looked for: what that costs can be measured so.
        """
        self.checks = checks
        self.recordings: Recordings = {} if recordings is None else recordings
        self._proven = {exercise.id for exercise in checks.course.exercises} if recordings else set()
        """The exercises whose checks were run against the reference, so that all that they ask is recorded."""
        self._runner = ReferenceRunner(open_runner)
        self.is_naming = is_naming and all(item.solution_folder for item in checks.course.exercises)
        self._scripts: dict[str, tuple[Call, ...]] = {}
        self._diagnoser = Diagnoser(self._runner.caller, patience=patience, asked_of_all=self._asked_of_all)

    def close(self) -> None:
        """End the reference's runner, if one was needed."""
        self._runner.close()

    def forget_layers(self) -> None:
        """Free what the reference holds: a long run of exercises with networks fills its memory."""
        self._runner.forget()

    def run_checks(
        self, exercise: Exercise, caller: SubmissionCaller
    ) -> Iterator[tuple[CheckResult, tuple[Observed, ...]]]:
        """Run an exercise's checks against whatever answers; yield each result with the calls that the check made."""
        known = len(self.recordings)
        yield from self.checks.run(exercise, caller, self._recorded(exercise), caller.take_output)
        # What the reference answers to one student's values is asked by nobody else, and may be large.
        while exercise.id in self._proven and len(self.recordings) > known:
            self.recordings.popitem()

    def settled(self, exercise: Exercise, results: Sequence[CheckResult]) -> list[CheckResult]:
        """Return results in which the reference is not blamed for a student's value.

        Where it died of a call in a check that it passes itself, it was given what the submission returned.
        """
        died = [item for item in results if _reference_died(item)]
        passed = {item.name for item in (self.check_reference(exercise) if died else ()) if item.earned}
        return [
            replace(item, verdict=Verdict.FAILED, explanation=Explanation("check.reference_died"))
            if item in died and item.name in passed
            else item
            for item in results
        ]

    def check_reference(self, exercise: Exercise) -> tuple[CheckResult, ...]:
        """Run an exercise's checks against the reference itself; this also records its answers."""
        run = self.checks.run(exercise, self._recorded(exercise), self._recorded(exercise))
        results = tuple(result for result, _ in run)
        self._proven.add(exercise.id)
        return results

    def prove(
        self, exercises: Sequence[Exercise], on_exercise: Callable[[Exercise], None] = lambda exercise: None
    ) -> None:
        """Run every check against the reference, as a class is graded: all its answers are recorded thereby.

        Raises:
            CourseError: with every check that the reference does not pass.
            RunnerError: the sandbox failed.
        """
        faults = []
        for exercise in exercises:
            for result in self.check_reference(exercise):
                why = result.explanation
                if why is not None and why.key.startswith("runner.") and not _reference_died(result):
                    raise RunnerError(why.key, why.values)
                if why is not None and why.key == "check.course":
                    faults.append(Fault(why.values["file"], why.values["place"], why.values["why"]))
                elif result.verdict is not Verdict.PASSED:
                    values = {"check": result.name, "verdict": result.verdict.value, "why": why}
                    file = name_in_course(files_of(exercise).solution)
                    faults.append(Fault(file, "", Explanation("course.reference_fails", values)))
            on_exercise(exercise)
        if faults:
            raise CourseError(tuple(faults))

    def misconceptions(self, exercise: Exercise) -> tuple[Misconception, ...]:
        """Return an exercise's misconceptions."""
        return self._runner.caller(exercise).misconceptions()

    def diagnose(
        self, exercise: Exercise, results: tuple[CheckResult, ...], evidence: Evidence
    ) -> tuple[CheckResult, ...]:
        """Return results with the misconceptions named that explain the failed ones."""
        languages = self.checks.course.languages
        return tuple(
            result
            if (found := result.misconception) is None
            else replace(
                result, misconception=replace(found, text=found.text.for_course(languages) or found.text)
            )
            for result in self._diagnoser.diagnose(exercise, results, evidence)
        )

    def rehearse(self, exercise: Exercise) -> tuple[list[tuple[Observed, ...]], list[Observed]]:
        """Return what the visible checks call of a right answer, check by check, and what hidden checks call and ask."""
        visible: list[tuple[Observed, ...]] = []
        hidden: list[Observed] = []
        for result, calls in self.checks.run(exercise, self._recorded(exercise), self._recorded(exercise)):
            if result.visible:
                visible.append(calls)
            else:
                hidden += calls
        asked = self.checks.fixtures.reference
        # Visible checks never ask the reference.
        return visible, hidden + (asked._observed if asked is not None else [])

    def impostor(self, exercise: Exercise) -> SubmissionCaller:
        """Return the reference of an exercise, beside which its known mistakes are."""
        return self._runner.caller(exercise)

    def allowed_inputs(self, exercise: Exercise) -> list[Call]:
        """Return calls that an exercise's statement allows, whatever its checks ask."""
        return self._runner.allowed_inputs(exercise)

    def _asked_of_all(self, exercise: Exercise) -> list[tuple[Observed, ...]]:
        """Return what an exercise's checks call of a right answer, check by check."""
        run = self.checks.run(exercise, self._recorded(exercise), self._recorded(exercise))
        return [calls for _, calls in run]

    def script(self, exercise: Exercise) -> tuple[Call, ...]:
        """Return the calls that an exercise's checks make of a right answer."""
        if exercise.id not in self._scripts:
            asked = self._asked_of_all(exercise)
            self._scripts[exercise.id] = tuple(observed.call for calls in asked for observed in calls)
        return self._scripts[exercise.id]

    def diagnosed(self, grade: Grade, evidence: Evidence) -> Grade:
        """Return a grade with the misconceptions named that explain its failed checks."""
        exercise = self.exercise(grade.exercise)
        if evidence and exercise.solution_folder is None:
            return named_from_file(exercise, grade, evidence)
        if not evidence or not self.is_naming:
            return grade
        return replace(grade, checks=self.diagnose(exercise, grade.checks, evidence))

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of this name."""
        return next(exercise for exercise in self.checks.course.exercises if exercise.id == name)

    def _recorded(self, exercise: Exercise) -> RecordedCaller:
        return RecordedCaller(self.recordings, lambda: self._runner.caller(exercise), exercise.id)


def _reference_died(result: CheckResult) -> bool:
    return result.explanation is not None and result.explanation.key == "runner.reference_died"


@contextmanager
def proven_reference(
    course: Course,
    exercises: Sequence[Exercise],
    isolation: Isolation,
    slot: int,
    on_exercise: Callable[[Exercise], None],
) -> Iterator[ReferenceSide]:
    """Collect the checks of these exercises and run them against the reference, in a runner of this slot's user.

    Raises:
        CourseError: the checks cannot be run, or the reference does not pass them.
        RunnerError: no sandbox can be started.
    """
    with (
        collected(course, exercises) as checks,
        closing(ReferenceSide(checks, lambda: start_runner(course, isolation, slot))) as reference,
    ):
        reference.prove(exercises, on_exercise)
        yield reference
