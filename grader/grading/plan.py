"""What of a class is new or changed, and so has to be graded."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.answers.file import read_submitted
from grader.errors import SubmissionError
from grader.gradebook.records import Key
from grader.gradebook.store import Gradebook
from grader.grading.fingerprint import check_fingerprints, exercise_fingerprint, grade_key, what_changed
from grader.messages.printable import printable
from grader.model import Attempt, CheckResult, Course, Exercise, Explanation, Grade, Isolation, Submission

_LOOPS = ("submission.timeout", "submission.load_timeout")
_NOTHING = "nothing handed in"
"""What the grade of a missing file depends on."""


@dataclass(frozen=True, slots=True)
class Work:
    """One submission that is to be graded."""

    submission: Submission
    digest: str
    """Empty where nothing was handed in, or the file cannot be read."""
    path: str
    """What a reader is told; the file itself may be a copy."""
    key: str
    """What its grade depends on; empty where that is made anew each time."""
    shared_with: tuple[str, ...] = ()
    """Who else handed in this very file: the others of a group, who get the same grade."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do."""

    work: tuple[Work, ...]
    kept: int
    """Files whose grade would be the same again."""
    fingerprints: dict[str, str]
    """Exercise -> what its grades depend on."""
    again: int = 0
    """How many files have a grade already, which could be another now."""
    reasons: tuple[Explanation, ...] = ()
    """What was changed that it depends on, as far as that is known."""
    checks: dict[str, dict[str, str]] = field(default_factory=dict)
    """Exercise -> check -> what it depends on."""

    @property
    def files(self) -> int:
        """Return how many files are to be graded."""
        return sum(item.submission.path is not None for item in self.work)

    @property
    def exercises(self) -> set[str]:
        """Return the exercises for which something is to be executed."""
        return {item.submission.exercise for item in self.work if item.submission.path is not None}


def plan_class(
    course: Course,
    submissions: Sequence[Submission],
    gradebook: Gradebook,
    *,
    isolation: Isolation = "full",
    force: bool = False,
) -> Plan:
    """Record what was handed in, and return what of it has to be graded.

    Raises:
        GradebookError: the gradebook cannot be written.
    """
    fingerprints = _fingerprints(course, {item.exercise for item in submissions}, isolation)
    known = {} if force else gradebook.keys()
    work: dict[Key, Work] = {}
    again: dict[Key, int] = {}
    handed_in: dict[Key, tuple[Attempt, bytes]] = {}
    for submission in submissions:
        path = "" if submission.path is None else printable(str(submission.lay_at or submission.path))
        content, digest, key = read_attempt(submission, fingerprints[submission.exercise])
        place = (submission.student, submission.exercise, digest)
        if content is not None:
            attempt = Attempt(submission.student, submission.exercise, digest, path, submission.submitted_at)
            # The same bytes again, after others: handed in last, and graded once.
            handed_in.pop(place, None)
            handed_in[place] = (attempt, content)
        before, run = known.get(place, ("", 0))
        if not key or before != key:
            work[place if digest else (*place[:2], path)] = Work(submission, digest, path, key)
            if before and path:
                again[place] = run
    gradebook.hand_in(list(handed_in.values()))
    left = sum(item.submission.path is not None for item in work.values())
    found = len(handed_in) + sum(bool(item.path) and not item.digest for item in work.values())
    reasons = _reasons(gradebook, again, isolation)
    plan = Plan(_shared(work.values()), found - left, fingerprints, len(again), reasons)
    return replace(plan, checks=_checks(course, plan.exercises, isolation))


def _shared(work: Iterable[Work]) -> tuple[Work, ...]:
    """Return what is to be graded, a file of several students once."""
    found: dict[tuple[str, ...], Work] = {}
    for item in work:
        place = (
            item.submission.exercise,
            item.digest,
            item.path,
            "" if item.path else item.submission.student,
        )
        first = found.setdefault(place, item)
        if first is not item:
            found[place] = replace(first, shared_with=(*first.shared_with, item.submission.student))
    return tuple(found.values())


def _reasons(gradebook: Gradebook, again: Mapping[Key, int], isolation: Isolation) -> tuple[Explanation, ...]:
    """Return why grades are made again that these runs made, each reason once."""
    if not again:
        return ()
    settings = {run.number: run.settings for run in gradebook.runs()}
    reasons: list[Explanation] = []
    for exercise, run in sorted({(exercise, run) for (_, exercise, _), run in again.items()}):
        changed = what_changed(settings[run], exercise, isolation)
        reasons += [reason for reason in changed if reason not in reasons]
    return tuple(reasons)


def no_longer_there(
    grades: Iterable[Grade], submissions: Iterable[Submission], exercises: Collection[str]
) -> tuple[Explanation, ...]:
    """Return what counts although its file was not among these submissions, as notes: one for each student who is not.

    A file that is gone decides nothing: what was handed in and graded stays. That somebody removed it, renamed a folder,
    or gave a part of the class to grade looks the same from here, so it is said.
    """
    there: dict[str, set[str]] = {}
    for item in submissions:
        there.setdefault(item.student, set()).update([item.exercise] if item.path is not None else [])
    gone: dict[str, list[Grade]] = {}
    for grade in grades:
        if grade.path and grade.exercise in exercises and grade.exercise not in there.get(grade.student, ()):
            gone.setdefault(grade.student, []).append(grade)
    return tuple(
        Explanation("submissions.gone", {"student": student, "exercise": grade.exercise, "file": grade.path})
        if student in there
        else Explanation("submissions.gone_student", {"student": student, "count": len(theirs)})
        for student, theirs in gone.items()
        for grade in (theirs if student in there else theirs[:1])
    )


def plan_regrade(
    course: Course,
    gradebook: Gradebook,
    exercises: Iterable[str],
    folder: Path,
    *,
    isolation: Isolation = "full",
    force: bool = False,
) -> Plan:
    """Return what of all that was ever handed in has to be graded again; the files are written into `folder`.

    A check that looped, and which depends on nothing that was changed, is known to loop.
    """
    wanted = set(exercises)
    fingerprints = _fingerprints(course, wanted, isolation)
    known = {} if force else gradebook.keys()
    timeouts = {} if force else gradebook.timeouts()
    settings = {run.number: run.settings for run in gradebook.runs()}
    checks = _checks(course, wanted, isolation)
    attempts = [item for item in gradebook.attempts() if item.exercise in wanted]
    work = []
    again: dict[Key, int] = {}
    for number, attempt in enumerate(attempts):
        key = grade_key(fingerprints[attempt.exercise], attempt.digest, attempt.path)
        place = (attempt.student, attempt.exercise, attempt.digest)
        before, run = known.get(place, ("", 0))
        if before == key:
            continue
        if before:
            again[place] = run
        # Each in a folder of its own: the name of the file is what the student sees in a traceback.
        copy = folder / str(number) / Path(attempt.path).name
        copy.parent.mkdir(parents=True)
        copy.write_bytes(gradebook.content(attempt.digest))
        then = settings[run].get("checks", {}).get(attempt.exercise, {}) if before else {}
        loops = _loops(timeouts.get(place, ()), then, checks[attempt.exercise])
        submission = Submission(
            attempt.student, attempt.exercise, copy, attempt.submitted_at, known_loops=loops
        )
        work.append(Work(submission, attempt.digest, attempt.path, key))
    reasons = _reasons(gradebook, again, isolation)
    return Plan(_shared(work), len(attempts) - len(work), fingerprints, len(again), reasons, checks)


def _loops(
    timeouts: Iterable[CheckResult], then: Mapping[str, str], now: Mapping[str, str]
) -> tuple[CheckResult, ...]:
    """Return the checks that looped and depend on the same as they did."""
    return tuple(
        result
        for result in timeouts
        if result.explanation is not None
        and result.explanation.key in _LOOPS
        and now.get(result.name, "") == then.get(result.name) != ""
    )


def _checks(course: Course, exercises: set[str], isolation: Isolation) -> dict[str, dict[str, str]]:
    wanted = [exercise for exercise in course.exercises if exercise.id in exercises]
    return {exercise.id: check_fingerprints(course, exercise, isolation) for exercise in wanted}


def _fingerprints(course: Course, exercises: set[str], isolation: Isolation) -> dict[str, str]:
    wanted: list[Exercise] = [exercise for exercise in course.exercises if exercise.id in exercises]
    return {exercise.id: exercise_fingerprint(course, exercise, isolation) for exercise in wanted}


def read_attempt(submission: Submission, fingerprint: str) -> tuple[bytes | None, str, str]:
    """Return a submission's content, its digest, and what its grade depends on."""
    path = submission.path
    if path is None:
        return None, "", _NOTHING
    try:
        content = read_submitted(submission)
    except SubmissionError:
        # Too large to be kept. The judge meets the same and says it as this submission's verdict.
        with suppress(OSError):
            status = path.lstat()
            return None, "", grade_key(fingerprint, f"{status.st_size} {status.st_mtime_ns}", path.name)
        return None, "", ""
    except OSError:
        # Our fault, perhaps: tried again each time.
        return None, "", ""
    digest = hashlib.sha256(content).hexdigest()
    return content, digest, grade_key(fingerprint, digest, path.name)
