"""Grade one submission: open it in a runner, run the checks against it, make a `Grade` of what came of them."""

from __future__ import annotations

import hashlib
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.answers.file import read_harmless, read_source, read_submitted
from grader.bans.search import find_absent, find_forbidden
from grader.errors import SubmissionError, is_our_fault
from grader.judge.evidence import BoundedEvidence, Evidence
from grader.judge.grades import grade_of, not_handed_in, our_failure, question_results
from grader.judge.memory import limited_memory
from grader.judge.probes import probe
from grader.judge.reference_side import ReferenceSide
from grader.judge.submission import MOST_TIMEOUTS, SubmissionCaller
from grader.messages.printable import printable
from grader.model import Exercise, Explanation, Grade, Submission, Verdict
from grader.runner.session import Runner


class Judge:
    """Grades submissions in a runner of theirs, against the reference's side."""

    def __init__(
        self, runner: Runner, reference: ReferenceSide, *, most_timeouts: int = MOST_TIMEOUTS
    ) -> None:
        """Prepare to grade; a function is not called again that ran so often into a limit of time."""
        self._runner = runner
        self._most_timeouts = most_timeouts
        self._reference = reference

    def grade(self, submission: Submission) -> Grade:
        """Grade a submission and diagnose it. Whatever it does, a grade comes of it; our own faults are UNGRADED."""
        return self._reference.diagnosed(*self.grade_with_evidence(submission))

    def grade_with_evidence(self, submission: Submission) -> tuple[Grade, Evidence]:
        """Grade a submission; the evidence is what it returned to each call, empty where no check failed."""
        exercise = self._reference.exercise(submission.exercise)
        if submission.path is None:
            return not_handed_in(submission, exercise), ()
        with limited_memory(exercise.limits.result_mib):
            return self._graded(submission, submission.path, exercise)

    def _graded(self, submission: Submission, path: Path, exercise: Exercise) -> tuple[Grade, Evidence]:
        digest = ""
        questions = question_results(exercise, b"", "")
        try:
            raw = read_submitted(submission)
            digest = hashlib.sha256(raw).hexdigest()
            questions = question_results(exercise, raw, path.name)
            source = read_source(raw, path.name)
            loops = submission.known_loops
            caller = SubmissionCaller(
                self._runner, source, exercise, known_loops=loops, most_timeouts=self._most_timeouts
            )
        except Exception as error:
            verdict, explanation = _unusable(error, path, exercise)
            results = [
                replace(result, verdict=verdict, explanation=explanation)
                for result in self._reference.checks.blank_results(exercise)
            ] + questions
            # Our own fault is for the instructor, who reads of it at the checks.
            about = () if verdict is Verdict.UNGRADED else (explanation,)
            return grade_of(submission, results, notes=about, digest=digest), ()
        started = time.monotonic()
        judged, evidence = [], BoundedEvidence()
        with closing(caller):
            for result, calls in self._reference.run_checks(exercise, caller):
                judged.append((result, caller.called))
                evidence.append(calls)
            results = [caller.judged_again(result, called) for result, called in judged]
            results = self._reference.settled(exercise, results)
            seconds = time.monotonic() - started
            has_failed = any(result.verdict in (Verdict.FAILED, Verdict.ERROR) for result in results)
            notes = (*caller.notes, *source.notes)
            if has_failed and self._reference.is_naming:
                script = partial(self._reference.script, exercise)
                evidence.append(probe(caller, script, results, evidence))
        # Whatever came of them: which kind of failure it was is not to be told by a note.
        if any(result.verdict is not Verdict.PASSED for result in results):
            modules = self._reference.checks.course.runner.optional_modules
            notes += find_absent(source, exercise.functions, modules)
        results += questions
        grade = grade_of(submission, results, notes=notes, digest=digest, seconds=seconds)
        return grade, tuple(evidence) if has_failed else ()


def _unusable(error: Exception, path: Path, exercise: Exercise) -> tuple[Verdict, Explanation]:
    if isinstance(error, SubmissionError):
        return error.verdict, error.explanation
    if isinstance(error, OSError):
        return Verdict.UNGRADED, Explanation("submission.unreadable", {"error": error.strerror or str(error)})
    # The same is done with a file in which nothing can be wrong.
    if is_our_fault(error, lambda: find_forbidden(read_harmless(path.name), exercise.banned)):
        return Verdict.UNGRADED, our_failure(error)
    # Nothing but the student's file is looked at here, and others can be read.
    values = {"type": type(error).__name__, "message": printable(str(error)[:200])}
    return Verdict.ERROR, Explanation("submission.unusable", values)
