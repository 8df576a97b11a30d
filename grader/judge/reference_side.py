"""The reference's side of judging: what every submission is compared with, and what names its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from grader.checks.remote import Observed
from grader.course.files import files_of, name_in_course
from grader.errors import CourseError, Fault, RunnerError
from grader.judge.collect import collected
from grader.judge.diagnosis import Diagnoser, Impostor
from grader.judge.evidence import Evidence
from grader.judge.kept import KeptAnswers, KeptMistakes
from grader.judge.reference import RecordedCaller, Recordings, ReferenceRunner, line_of_function
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
        kept: KeptAnswers | None = None,
    ) -> None:
        """Hold these; `patience` is how slow a call may be that is repeated to name a misconception (seconds).

        What is `kept` from earlier runs is not asked again, and what is asked now is kept for later ones.
        Without `is_naming` no mistake is looked for: what that costs can be measured so.
        """
        self.checks = checks
        self.recordings: Recordings = {} if recordings is None else recordings
        self._proven = {exercise.id for exercise in checks.course.exercises} if recordings else set()
        """The exercises whose checks were run against the reference, so that all that they ask is recorded."""
        self._runner = ReferenceRunner(open_runner)
        self.is_naming = is_naming and all(item.solution_folder for item in checks.course.exercises)
        self._asked: dict[str, list[tuple[Observed, ...]]] = {}
        self._kept = kept
        self._mistakes: dict[str, KeptMistakes] = {}
        self._diagnoser = Diagnoser(self._impostor, patience=patience, asked_of_all=self._asked_of_all)

    def save(self) -> None:
        """Keep what is new."""
        for mistakes in self._mistakes.values():
            mistakes.save()

    def close(self) -> None:
        """Keep what is new, and end the reference's runner, if one was needed."""
        self.save()
        self._runner.close()

    def forget_layers(self) -> None:
        """Free what the reference holds: a long run of exercises with networks fills its memory."""
        self._runner.forget()

    def run_checks(
        self,
        exercise: Exercise,
        caller: SubmissionCaller,
        known: Mapping[int, tuple[CheckResult, tuple[Observed, ...]]] = MappingProxyType({}),
    ) -> Iterator[tuple[CheckResult, tuple[Observed, ...]]]:
        """Run an exercise's checks against whatever answers; yield each result with the calls that the check made.

        A check is not run of which it is `known`, by its place, what comes of it.
        """
        before = len(self.recordings)
        yield from self.checks.run(exercise, caller, self._recorded(exercise), caller.take_output, known)
        # What the reference answers to one student's values is asked by nobody else, and may be large.
        while exercise.id in self._proven and len(self.recordings) > before:
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
        results = tuple(result for result, _ in until_died(run))
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
        faults: list[Fault] = []
        for exercise in exercises:
            recordings = self._kept.recordings(exercise) if self._kept is not None else None
            if recordings is not None:
                # It has passed: what its answers depend on is what it was then.
                self.recordings |= recordings
                self._proven.add(exercise.id)
                on_exercise(exercise)
                continue
            try:
                self.open(exercise)
            except CourseError as error:
                faults += [fault for fault in error.faults if fault not in faults]
                continue
            before, known = len(faults), len(self.recordings)
            for result in self.check_reference(exercise):
                why = result.explanation
                if why is not None and why.key.startswith("runner.") and not _reference_died(result):
                    raise RunnerError(why.key, why.values)
                fault = self.fault(exercise, result)
                if fault is not None and not is_said(fault, faults[before:]):
                    faults.append(fault)
            if self._kept is not None and len(faults) == before:
                self._kept.keep(exercise, dict(islice(self.recordings.items(), known, None)))
            on_exercise(exercise)
        if faults:
            raise CourseError(tuple(faults))

    def fault(self, exercise: Exercise, result: CheckResult) -> Fault | None:
        """Return what is wrong where the reference does not pass a check: the check, or the reference.

        Of a check that was skipped nothing is said: another one did not pass before it.
        """
        if result.verdict in (Verdict.PASSED, Verdict.SKIPPED):
            return None
        why = result.explanation
        at = self.checks.place(exercise, result.name)
        if why is not None and why.key == "check.course":
            return Fault(why.values["file"], why.values["place"], why.values["why"])
        values = {"check": result.name, "verdict": result.verdict.value, "why": why, "call": result.call}
        if why is not None and why.key in _BROKEN:
            return Fault(*at, Explanation("course.check_broken", {**values, **why.values}))
        if why is not None and why.key in _UNDEFINED:
            name = str(why.values["function"])
            if name in exercise.functions:
                file = name_in_course(files_of(exercise).solution)
                return Fault(file, "", Explanation("course.reference_lacks", {"name": name}))
            more = {"name": name, "code": "reference", "file": "solution.py"}
            return Fault(*at, Explanation("course.check_name", values | more))
        solution = files_of(exercise).solution
        file = name_in_course(solution)
        values["at"] = f"{Path(at[0]).name}, {at[1]}"
        line = line_of_function(solution, result.call.partition("(")[0])
        if _reference_died(result) or result.verdict in DEATHS:
            cause = why.values["why"] if why is not None and _reference_died(result) else why
            values["why"] = cause
            if isinstance(cause, Explanation) and "place" in cause.values:
                # What the exercise bans has the place of its use.
                return Fault(file, line, Explanation("course.reference_banned", values))
            return Fault(file, line, Explanation("course.reference_died", values))
        return Fault(file, line, Explanation("course.reference_fails", values))

    def open(self, exercise: Exercise) -> None:
        """Execute the files of an exercise's reference, before anything is asked of it.

        Raises:
            CourseError: one of them, or the course's runner, is not as it should be.
        """
        self._runner.caller(exercise)

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

    def allowed_inputs(self, exercise: Exercise, most: int) -> list[Call]:
        """Return so many calls that an exercise's statement allows, whatever its checks ask."""
        return self._runner.allowed_inputs(exercise, most)

    def _asked_of_all(self, exercise: Exercise) -> list[tuple[Observed, ...]]:
        """Return what an exercise's checks call of a right answer, check by check."""
        if exercise.id not in self._asked:
            run = self.checks.run(exercise, self._recorded(exercise), self._recorded(exercise))
            self._asked[exercise.id] = [calls for _, calls in run]
        return self._asked[exercise.id]

    def script(self, exercise: Exercise) -> tuple[Call, ...]:
        """Return the calls that an exercise's checks make of a right answer."""
        return tuple(observed.call for calls in self._asked_of_all(exercise) for observed in calls)

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

    def _impostor(self, exercise: Exercise) -> Impostor:
        """Return everything that is known to be wrong, beside the reference."""
        if self._kept is None:
            return self._runner.caller(exercise)
        if exercise.id not in self._mistakes:
            self._mistakes[exercise.id] = self._kept.mistakes(exercise, lambda: self._runner.caller(exercise))
        return self._mistakes[exercise.id]

    def _recorded(self, exercise: Exercise) -> RecordedCaller:
        return RecordedCaller(self.recordings, lambda: self._runner.caller(exercise), exercise.id)


_BROKEN = ("check.broken", "check.unusable")
_UNDEFINED = ("submission.no_function", "submission.no_function_but", "submission.no_function_in_class")
DEATHS = (Verdict.TIMEOUT, Verdict.MEMORY, Verdict.CRASHED)
"""What came of a check in which an author's own code came to no end."""


def until_died(
    run: Iterator[tuple[CheckResult, tuple[Observed, ...]]],
) -> Iterator[tuple[CheckResult, tuple[Observed, ...]]]:
    """Yield what comes of checks, up to the first in which an author's own code died: each further one could wait as long."""
    for result, calls in run:
        yield result, calls
        if _reference_died(result) or result.verdict in DEATHS:
            return


def is_said(fault: Fault, faults: Iterable[Fault]) -> bool:
    """Return whether a fault stands among others, or for the same reason at the same place: one cause is told once."""
    why = fault.explanation.values.get("why")
    places = [item for item in faults if (item.file, item.place) == (fault.file, fault.place)]
    return any(
        item == fault or (why is not None and item.explanation.values.get("why") == why) for item in places
    )


def _reference_died(result: CheckResult) -> bool:
    return result.explanation is not None and result.explanation.key == "runner.reference_died"


@contextmanager
def proven_reference(
    course: Course,
    exercises: Sequence[Exercise],
    isolation: Isolation,
    slot: int,
    on_exercise: Callable[[Exercise], None],
    kept: KeptAnswers | None = None,
) -> Iterator[ReferenceSide]:
    """Collect the checks of these exercises and run them against the reference, in a runner of this slot's user.

    An exercise whose answers are kept has been proven, and no runner is started for it until something else is asked.

    Raises:
        CourseError: the checks cannot be run, or the reference does not pass them.
        RunnerError: no sandbox can be started.
    """
    with (
        collected(course, exercises) as checks,
        closing(ReferenceSide(checks, lambda: start_runner(course, isolation, slot), kept=kept)) as reference,
    ):
        reference.prove(exercises, on_exercise)
        yield reference
