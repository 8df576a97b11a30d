"""Grade one submission: open it in a runner, run the checks against it, make a `Grade` of what came of them."""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader.answers.file import read_file, read_harmless, read_source
from grader.bans.search import find_forbidden
from grader.checks.remote import Caller, Observed, RemoteCode
from grader.errors import SubmissionError, is_our_fault
from grader.judge.diagnosis import Diagnoser
from grader.judge.evidence import BoundedEvidence, Evidence
from grader.judge.reference import RecordedCaller, Recordings, ReferenceRunner
from grader.judge.run import CollectedChecks
from grader.judge.submission import SubmissionCaller
from grader.messages.printable import printable
from grader.model import CheckResult, Exercise, Explanation, Grade, Misconception, Submission, Verdict
from grader.runner.session import Runner
from grader.scoring import score

__all__ = ["Judge", "not_handed_in", "our_failure", "ungraded"]


class Judge:
    """Holds what grading takes: the collected checks, a runner for students, the reference's answers."""

    def __init__(
        self,
        checks: CollectedChecks,
        runner: Runner | None,
        open_reference: Callable[[], Runner],
        recordings: Recordings | None = None,
        *,
        patience: float = 0.5,
    ) -> None:
        """Hold these; `patience` is how slow a call may be that is repeated to name a misconception (seconds)."""
        self._checks = checks
        self._runner = runner
        self._reference = ReferenceRunner(open_reference)
        self._diagnoser = Diagnoser(self._reference.caller, patience=patience)
        self.recordings: Recordings = {} if recordings is None else recordings

    def close(self) -> None:
        """End the reference's runner, if one was needed."""
        self._reference.close()

    def grade(self, submission: Submission) -> Grade:
        """Grade a submission and diagnose it. Whatever it does, a grade comes of it; our own faults are UNGRADED."""
        grade, evidence = self.grade_with_evidence(submission)
        return self.diagnose(grade, evidence)

    def diagnose(self, grade: Grade, evidence: Evidence) -> Grade:
        """Return a grade with the misconceptions named that explain its failed checks."""
        exercise = self._exercise(grade.exercise)
        if not evidence or exercise.solution_folder is None:
            return grade
        return replace(grade, checks=self.diagnose_results(exercise, grade.checks, evidence))

    def grade_with_evidence(self, submission: Submission) -> tuple[Grade, Evidence]:
        """Grade a submission; the evidence is what it returned to each call, empty where no check failed."""
        exercise = self._exercise(submission.exercise)
        if submission.path is None:
            return not_handed_in(submission, exercise), ()
        assert self._runner is not None
        digest = ""
        try:
            raw = read_file(submission.path)
            digest = hashlib.sha256(raw).hexdigest()
            source = read_source(raw, submission.path.name)
            caller = SubmissionCaller(self._runner, source, exercise)
        except SubmissionError as error:
            return self._same_for_all(submission, exercise, error.verdict, error.explanation, digest), ()
        except OSError as error:
            explanation = Explanation("submission.unreadable", {"error": error.strerror or str(error)})
            return self._same_for_all(submission, exercise, Verdict.UNGRADED, explanation), ()
        except Exception as error:
            if is_our_fault(error, lambda: _read_harmless(submission.path, exercise)):
                return self._same_for_all(
                    submission, exercise, Verdict.UNGRADED, our_failure(error), digest
                ), ()
            # Nothing but the student's file is looked at here, and others can be read.
            values = {"type": type(error).__name__, "message": printable(str(error)[:200])}
            explanation = Explanation("submission.unusable", values)
            return self._same_for_all(submission, exercise, Verdict.ERROR, explanation, digest), ()
        started = time.monotonic()
        try:
            evidence = BoundedEvidence()
            results = self._run(exercise, caller, self._recorded(exercise), caller.take_output, evidence)
        finally:
            caller.close()
        seconds = time.monotonic() - started
        grade = self._grade(submission, exercise, results, source.notes, digest, seconds)
        has_failed = any(result.verdict in (Verdict.FAILED, Verdict.ERROR) for result in results)
        return grade, tuple(evidence) if has_failed else ()

    def run_checks(
        self, exercise: Exercise, caller: SubmissionCaller, *, stop_at_first: bool = False
    ) -> tuple[tuple[CheckResult, ...], Evidence]:
        """Run an exercise's checks against whatever answers; optionally only until one does not pass."""
        evidence: list[tuple[Observed, ...]] = []
        reference = self._recorded(exercise)
        results = self._run(exercise, caller, reference, caller.take_output, evidence, stop_at_first)
        return results, tuple(evidence)

    def diagnose_results(
        self, exercise: Exercise, results: tuple[CheckResult, ...], evidence: Evidence
    ) -> tuple[CheckResult, ...]:
        """Return results with the misconceptions named that explain the failed ones."""
        languages = self._checks.course.languages
        return tuple(
            result
            if (found := result.misconception) is None
            else replace(result, misconception=replace(found, text=found.text.for_course(languages)))
            for result in self._diagnoser.diagnose(exercise, results, evidence)
        )

    def forget_layers(self) -> None:
        """Free what the reference holds: a long run of exercises with networks fills its memory."""
        self._reference.forget()

    def misconceptions(self, exercise: Exercise) -> tuple[Misconception, ...]:
        """Return an exercise's misconceptions."""
        return self._reference.caller(exercise).misconceptions()

    def grade_reference(self, exercise: Exercise) -> Grade:
        """Run an exercise's checks against the reference itself; this also records its answers."""
        results = self._run(exercise, self._recorded(exercise), self._recorded(exercise), str)
        return self._grade(Submission("reference", exercise.id, None), exercise, results, (), "", 0.0)

    def _run(
        self,
        exercise: Exercise,
        submission: Caller,
        reference: RecordedCaller,
        take_output: Callable[[], str],
        evidence: list[tuple[Observed, ...]] | None = None,
        stop_at_first: bool = False,
    ) -> tuple[CheckResult, ...]:
        def before_check() -> None:
            reference.begin_check()
            if isinstance(submission, RecordedCaller):
                submission.begin_check()

        return self._checks.run(
            exercise,
            RemoteCode(submission),
            RemoteCode(reference),
            before_check,
            take_output,
            evidence,
            stop_at_first,
        )

    def _recorded(self, exercise: Exercise) -> RecordedCaller:
        return RecordedCaller(self.recordings, lambda: self._reference.caller(exercise), exercise.id)

    def _exercise(self, exercise_id: str) -> Exercise:
        return next(exercise for exercise in self._checks.course.exercises if exercise.id == exercise_id)

    def _grade(
        self,
        submission: Submission,
        exercise: Exercise,
        results: tuple[CheckResult, ...],
        notes: tuple[Explanation, ...],
        digest: str,
        seconds: float,
    ) -> Grade:
        points, verdict = score(results)
        return Grade(
            student=submission.student,
            exercise=exercise.id,
            points=points,
            possible=sum(result.points for result in results),
            verdict=verdict,
            checks=results,
            notes=notes,
            path="" if submission.path is None else printable(str(submission.path)),
            digest=digest,
            seconds=seconds,
            graded_at=datetime.now(UTC),
            submitted_at=submission.submitted_at,
        )

    def _same_for_all(
        self,
        submission: Submission,
        exercise: Exercise,
        verdict: Verdict,
        explanation: Explanation,
        digest: str = "",
    ) -> Grade:
        results = tuple(
            replace(result, verdict=verdict, explanation=explanation, earned=0)
            for result in self._checks.blank_results(exercise)
        )
        return self._grade(submission, exercise, results, (), digest, 0.0)


def _read_harmless(path: Path | None, exercise: Exercise) -> None:
    """Do what is done with a submission before it is executed, with one in which nothing can be wrong."""
    find_forbidden(read_harmless("" if path is None else path.name), exercise.banned)


def our_failure(error: Exception) -> Explanation:
    """Return what is said of an exception of this program's own."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    values = {
        "type": type(error).__name__,
        "message": printable(str(error)[:500]),
        "place": f"{Path(place.filename).name}:{place.lineno}",
    }
    return Explanation("submission.judge_raised", values)


def not_handed_in(submission: Submission, exercise: Exercise) -> Grade:
    """Return the grade of a student who handed in nothing for an exercise."""
    return _without_checks(submission, exercise, Verdict.NOT_ATTEMPTED, Explanation("submission.nothing"))


def ungraded(submission: Submission, exercise: Exercise, explanation: Explanation) -> Grade:
    """Return the grade of a submission that could not be graded through no fault of its own."""
    return _without_checks(submission, exercise, Verdict.UNGRADED, explanation)


def _without_checks(
    submission: Submission, exercise: Exercise, verdict: Verdict, explanation: Explanation
) -> Grade:
    return Grade(
        student=submission.student,
        exercise=exercise.id,
        points=0,
        possible=exercise.points,
        verdict=verdict,
        checks=(),
        notes=(explanation,),
        path="" if submission.path is None else printable(str(submission.path)),
        graded_at=datetime.now(UTC),
        submitted_at=submission.submitted_at,
    )
