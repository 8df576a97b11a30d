"""Candidates -> submissions: which exercise a file is for, the order of attempts, and which are the same."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from grader.answers.file import read_file
from grader.answers.notebook import is_notebook
from grader.errors import SubmissionError
from grader.handin.notebooks import take_parts
from grader.handin.records import Candidate, Intake
from grader.handin.students import Students
from grader.model import Submission

_UNKNOWN = datetime.min.replace(tzinfo=UTC)
"""What is not known to have a time is sorted before what is."""

Candidates = dict[tuple[str, str], list[Candidate]]
"""Candidates by student and exercise."""


def latest_attempts(submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    """Return the last attempt of each student and exercise."""
    return tuple({(item.student, item.exercise): item for item in submissions}.values())


def settle_exercises(intake: Intake, students: Students) -> Candidates:
    """Return the candidates by student and exercise; those that are for no exercise are noted.

    A name that means an exercise is taken at its word. One that means none is taken for the exercise that its folder
    or zip means, or for the one that was asked for, if nothing else is there for it; a notebook is looked into first.
    """
    settled: Candidates = defaultdict(list)
    for candidate in intake.candidates:
        if candidate.exercise is not None:
            settled[students.names[candidate.origin.person], candidate.exercise].append(candidate)
    named = set(settled)
    nameless: Candidates = defaultdict(list)
    for candidate in intake.candidates:
        file, student = candidate.item.shown, students.names[candidate.origin.person]
        exercise = candidate.origin.hint or intake.wanted
        if candidate.exercise is not None:
            if intake.is_lms and intake.wanted not in (None, candidate.exercise):
                values = {"exercise": candidate.exercise, "wanted": intake.wanted}
                intake.note("submissions.other_exercise", file=file, **values)
            continue
        if is_notebook(candidate.name):
            parts = take_parts(intake, candidate, {id for owner, id in named if owner == student})
            if parts is not None:
                for id, part in parts.items():
                    settled[student, id].append(part)
                continue
        if exercise is not None:
            nameless[student, exercise].append(candidate)
        else:
            key = "submissions.no_exercise_lms" if intake.is_lms else "submissions.passed_over"
            intake.note(key, file=file)
    for (student, exercise), candidates in nameless.items():
        is_only = len({item.name for item in candidates}) == 1 and (student, exercise) not in named
        for candidate in candidates:
            key = "submissions.taken_as" if is_only else "submissions.one_of_several"
            intake.note(key, file=candidate.item.shown, exercise=exercise)
        if is_only:
            settled[student, exercise] += candidates
    return settled


def make_submissions(intake: Intake, students: Students, candidates: Candidates) -> tuple[Submission, ...]:
    """Return every student's submissions for every exercise, attempts in order."""
    unreadable = {students.names[person]: path for person, path in reversed(intake.unreadable)}
    submissions = []
    for student in students.everybody:
        for exercise in intake.course.exercises:
            attempts = _attempts(intake, student, exercise.id, candidates.get((student, exercise.id), []))
            submissions += [
                _submission(intake, student, exercise.id, item.item.path, item.submitted_at)
                for item in attempts
            ]
            if not attempts:
                # What could not be read is not nothing handed in: it leaves the exercise ungraded.
                submissions.append(_submission(intake, student, exercise.id, unreadable.get(student)))
    return tuple(submissions)


def _submission(
    intake: Intake, student: str, exercise: str, path: Path | None, submitted_at: datetime | None = None
) -> Submission:
    if path is None:
        return Submission(student, exercise, None)
    failure = intake.failures.get(path, "")
    return Submission(student, exercise, path, submitted_at, intake.below(path), failure)


def _attempts(intake: Intake, student: str, exercise: str, candidates: list[Candidate]) -> list[Candidate]:
    """Return a student's attempts at an exercise in order; of identical ones that follow each other the first."""
    if len(candidates) < 2:
        return candidates
    attempts = []
    for _, same in groupby(_ordered(candidates), key=lambda item: _content(intake, item)):
        first, *others = same
        attempts.append(first)
        for other in others:
            intake.note("submissions.identical", file=other.item.shown, first=first.item.shown)
    if len(attempts) > 1:
        files = ", ".join(attempt.item.shown for attempt in attempts)
        values = {"student": student, "exercise": exercise, "count": len(attempts), "files": files}
        intake.note("submissions.attempts", **values)
    return attempts


def _ordered(candidates: list[Candidate]) -> list[Candidate]:
    """Return attempts in order: by their stated times if all have one, else by their numbers, then by files' dates."""
    by_time = all(candidate.origin.stated_at is not None for candidate in candidates)

    def order(candidate: Candidate) -> tuple[object, ...]:
        item, attempt = candidate.item, candidate.origin.attempt
        time = candidate.submitted_at or _UNKNOWN
        # Of one time the notebook goes before the file: which one is last must not depend on the disk.
        inner_date = (item.date if candidate.origin.zip else None) or _UNKNOWN
        tail = (inner_date, item.path.suffix.lower(), item.shown)
        return (time, attempt, *tail) if by_time else (attempt, time, *tail)

    return sorted(candidates, key=order)


def _content(intake: Intake, candidate: Candidate) -> tuple[str, str]:
    """Return what identical files have in common; a file that cannot be read, or is too large, is like no other."""
    path = candidate.item.path
    try:
        return path.suffix.lower(), hashlib.sha256(read_file(path, intake.below(path))).hexdigest()
    except (OSError, SubmissionError):
        return "", candidate.item.shown
