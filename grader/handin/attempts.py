"""Candidates -> submissions: which exercise a file is for, the order of attempts, and which are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from grader.handin.notebooks import is_notebook, take_parts
from grader.handin.records import Candidate, Intake, Person
from grader.model import Submission

__all__ = ["latest_attempts", "make_submissions", "settle_exercises"]

_MOST_BYTES = 20 << 20
"""What is larger is not read: as a submission it is refused."""


def latest_attempts(submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    """Return the last attempt of each student and exercise."""
    return tuple({(item.student, item.exercise): item for item in submissions}.values())


def settle_exercises(intake: Intake, names: Mapping[Person, str]) -> list[tuple[str, Candidate]]:
    """Return the candidates with an exercise, each with its student.

    A name that means an exercise is taken at its word. One that means none is taken for the exercise that its folder
    or zip means, or for the one that was asked for, if nothing else is there for it; a notebook is looked into first.
    """
    settled = [(names[item.person], item) for item in intake.candidates if item.exercise is not None]
    there = {(student, item.exercise) for student, item in settled}
    nameless: dict[tuple[str, str], list[Candidate]] = {}
    for item in intake.candidates:
        exercise = item.hint or intake.wanted
        if item.exercise is None and is_notebook(item.name):
            named = {id for student, id in there if student == names[item.person] and id}
            parts = take_parts(intake, item, named)
            if parts is not None:
                settled += [(names[item.person], part) for part in parts]
                continue
        if item.exercise is None and exercise is None:
            key = "submissions.no_exercise_lms" if intake.is_lms else "submissions.passed_over"
            intake.note(key, file=item.item.shown)
        elif item.exercise is None and exercise is not None:
            nameless.setdefault((names[item.person], exercise), []).append(item)
        elif intake.is_lms and intake.wanted not in (None, item.exercise):
            values = {"file": item.item.shown, "exercise": item.exercise, "wanted": intake.wanted}
            intake.note("submissions.other_exercise", **values)
    for (student, exercise), items in nameless.items():
        is_only = len({item.name for item in items}) == 1 and (student, exercise) not in there
        for item in items:
            if is_only:
                intake.note("submissions.taken_as", file=item.item.shown, exercise=exercise)
                settled.append((student, replace(item, exercise=exercise)))
            else:
                intake.note("submissions.one_of_several", file=item.item.shown, exercise=exercise)
    return settled


def make_submissions(
    intake: Intake,
    everybody: Sequence[str],
    settled: list[tuple[str, Candidate]],
    names: Mapping[Person, str],
) -> tuple[Submission, ...]:
    """Return every student's submissions for every exercise, attempts in order."""
    handed_in: dict[tuple[str, str | None], list[Candidate]] = {}
    for student, candidate in settled:
        handed_in.setdefault((student, candidate.exercise), []).append(candidate)
    unreadable = {names[person]: path for person, path in reversed(intake.unreadable)}
    submissions = []
    for student in everybody:
        for exercise in intake.course.exercises:
            attempts = _attempts(intake, student, exercise.id, handed_in.get((student, exercise.id), []))
            submissions += [
                Submission(student, exercise.id, item.item.path, item.submitted_at) for item in attempts
            ]
            if not attempts:
                # What could not be read is not nothing handed in: reading it again leaves the exercise ungraded.
                submissions.append(Submission(student, exercise.id, unreadable.get(student)))
    return tuple(submissions)


def _attempts(intake: Intake, student: str, exercise: str, items: list[Candidate]) -> list[Candidate]:
    if len(items) < 2:
        return items
    kept = []
    for _, same in groupby(_ordered(items), key=_content):
        first, *others = same
        kept.append(first)
        for other in others:
            intake.note("submissions.identical", file=other.item.shown, first=first.item.shown)
    if len(kept) > 1:
        files = ", ".join(item.item.shown for item in kept)
        intake.note("submissions.attempts", student=student, exercise=exercise, count=len(kept), files=files)
    return kept


def _ordered(items: list[Candidate]) -> list[Candidate]:
    """Return attempts in order: by the times that were told, else by their numbers, else by what files' dates say."""
    are_told = all(item.told is not None for item in items)

    def order(item: Candidate) -> tuple[object, ...]:
        # Of one time the notebook goes before the file: which one is last must not depend on the disk.
        tail = (_or_first(item.item.written), item.item.path.suffix.lower(), item.item.shown)
        at = _or_first(item.submitted_at)
        return (at, item.number, *tail) if are_told else (item.number, at, *tail)

    return sorted(items, key=order)


def _or_first(at: datetime | None) -> datetime:
    return at or datetime.min.replace(tzinfo=UTC)


def _content(item: Candidate) -> tuple[str, str]:
    """Return what identical files have in common; a file that cannot be read is like no other."""
    path = item.item.path
    try:
        if path.stat().st_size <= _MOST_BYTES:
            with path.open("rb") as file:
                return path.suffix.lower(), hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        pass
    return "", item.item.shown
