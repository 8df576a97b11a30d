"""Candidates -> submissions: which exercise a file is for, the order of attempts, and which are the same."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from grader.answers.file import read_file
from grader.answers.split import Split
from grader.answers.untouched import defines, is_untouched
from grader.course.names import parse_exercise_name
from grader.errors import SubmissionError
from grader.handin.helpers import Helpers
from grader.handin.names import stem_of
from grader.handin.notebooks import split_of, take_parts, write_part
from grader.handin.records import Candidate, Intake
from grader.handin.students import Students
from grader.model import Exercise, Submission

_UNKNOWN = datetime.min.replace(tzinfo=UTC)
"""What is not known to have a time is sorted before what is."""

Candidates = dict[tuple[str, str], list[Candidate]]
"""Candidates by student and exercise."""


def latest_attempts(submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    """Return the last attempt of each student and exercise."""
    return tuple({(item.student, item.exercise): item for item in submissions}.values())


def settle_exercises(intake: Intake, students: Students) -> Candidates:
    """Return the candidates by student and exercise; those that are for no exercise are noted.

    A name that has an exercise in it is taken at its word. A file whose name has none is looked into: headings and comments
    decide, then the functions. Where these do not tell, it is taken for the exercise that its folder or zip means, or for
    the one that was asked for, if nothing else is there for it.
    """
    settled: Candidates = defaultdict(list)
    others: dict[str, list[Candidate]] = defaultdict(list)
    helpers = Helpers(intake, students)
    # What several of a group handed in together is there for each of them, and the group's once.
    own = {
        (students.names[item.origin.person], item.item.shown): item for item in reversed(intake.candidates)
    }
    for (student, _), candidate in reversed(own.items()):
        if candidate.exercise is None:
            if not helpers.is_only_helper(candidate):
                others[student].append(candidate)
            continue
        settled[student, candidate.exercise].append(candidate)
        if intake.is_lms and intake.wanted not in (None, candidate.exercise):
            values = {"exercise": candidate.exercise, "wanted": intake.wanted}
            intake.note("submissions.other_exercise", file=candidate.item.shown, **values)
    for student, candidates in others.items():
        named = {
            exercise.id
            for exercise in intake.course.exercises
            if any(_may_count(intake, exercise, item) for item in settled.get((student, exercise.id), ()))
        }
        begun = {id for owner, id in settled if owner == student} - named
        for id, parts in _looked_into(intake, helpers, candidates, named, begun).items():
            settled[student, id] += parts
    exercises = {exercise.id: exercise for exercise in intake.course.exercises}
    return {
        (student, id): [helpers.with_helpers(item) for item in helpers.without_parts(exercises[id], items)]
        for (student, id), items in settled.items()
    }


def _looked_into(
    intake: Intake, helpers: Helpers, candidates: Sequence[Candidate], named: set[str], begun: set[str]
) -> dict[str, list[Candidate]]:
    """Return exercise -> a student's files for it whose names have no exercise.

    The student has `named` files for these exercises, and no more than the stubs of those that are `begun`.
    """
    settled: dict[str, list[Candidate]] = defaultdict(list)
    uncertain: dict[str, list[Candidate]] = defaultdict(list)
    """The files that are taken for an exercise if nothing else is there for it."""
    certain = [_certain(intake, candidate) for candidate in candidates]
    counts = Counter(id for ids in certain for id in ids)
    for candidate, own in zip(candidates, certain, strict=True):
        asked = candidate.origin.hint or intake.wanted
        others = named | {id for id, count in counts.items() if count > (id in own)}
        if (taken := take_parts(intake, candidate, named, others, begun)) is not None:
            parts, only = taken
            for id, part in parts.items():
                (uncertain if id in only else settled)[id].append(part)
        elif asked is not None:
            uncertain[asked].append(candidate)
        else:
            key = "submissions.no_exercise_lms" if intake.is_lms else "submissions.passed_over"
            intake.note(key, file=candidate.item.shown)
    for exercise in intake.course.exercises:
        several = helpers.without_parts(exercise, uncertain[exercise.id])
        are_stubs = [is_untouched(exercise, item.item.path) for item in several]
        are_answers = [
            not is_stub and defines(exercise, item.item.path) is True
            for item, is_stub in zip(several, are_stubs, strict=True)
        ]
        if not any(are_answers):
            are_answers = [True] * len(several)
        names = {item.name for item, is_answer in zip(several, are_answers, strict=True) if is_answer}
        is_only = len(names) == 1 and exercise.id not in named
        for candidate, is_stub, is_answer in zip(several, are_stubs, are_answers, strict=True):
            if is_only and is_answer and not (is_stub and settled[exercise.id]):
                settled[exercise.id].append(candidate)
                key = "submissions.taken_as"
            else:
                key = "submissions.untouched" if is_stub else "submissions.one_of_several"
            intake.note(key, file=candidate.item.shown, exercise=exercise.id)
    return settled


def _certain(intake: Intake, candidate: Candidate) -> set[str]:
    """Return the exercises that a file answers for sure by what is in it."""
    split = split_of(intake, candidate.item.path, candidate.origin.hint or intake.wanted)
    if not isinstance(split, Split):
        return set()
    try:
        return {
            exercise.id
            for exercise in intake.course.exercises
            if exercise.id in split.certain
            and not is_untouched(exercise, write_part(intake, candidate.item, split.parts[exercise.id]).path)
        }
    except OSError:
        # Its part cannot be written, which is said when it is taken.
        return set()


def _may_count(intake: Intake, exercise: Exercise, candidate: Candidate) -> bool:
    """Return whether a file may be an answer: no stub, and no file like `ex03_notes.py` without the exercise's functions."""
    path, name = candidate.item.path, stem_of(candidate.name)
    is_named = parse_exercise_name(intake.course, name) is not None
    return not is_untouched(exercise, path) and (is_named or defines(exercise, path) is not False)


def make_submissions(intake: Intake, students: Students, candidates: Candidates) -> tuple[Submission, ...]:
    """Return every student's submissions for every exercise, attempts in order."""
    unreadable = {students.names[person]: path for person, path in reversed(intake.unreadable)}
    submissions = []
    for student in students.everybody:
        for exercise in intake.course.exercises:
            attempts = _attempts(intake, student, exercise, candidates.get((student, exercise.id), []))
            submissions += [
                _submission(intake, student, exercise.id, item.item.path, item) for item in attempts
            ]
            if not attempts:
                # What could not be read is not nothing handed in: it leaves the exercise ungraded.
                submissions.append(_submission(intake, student, exercise.id, unreadable.get(student)))
    return tuple(submissions)


def _submission(
    intake: Intake, student: str, exercise: str, path: Path | None, candidate: Candidate | None = None
) -> Submission:
    if path is None:
        return Submission(student, exercise, None)
    return Submission(
        student,
        exercise,
        path,
        candidate.submitted_at if candidate else None,
        candidate.lay_at if candidate else None,
        below=intake.below(path),
        failure=intake.failures.get(path, ""),
    )


def _attempts(
    intake: Intake, student: str, exercise: Exercise, candidates: list[Candidate]
) -> list[Candidate]:
    """Return a student's attempts at an exercise in order; of identical ones that follow each other the first."""
    if len(candidates) < 2:
        return candidates
    attempts = []
    answers = _answers(intake, exercise, candidates)
    for _, same in groupby(_ordered(answers), key=lambda item: _content(intake, item)):
        first, *others = same
        attempts.append(first)
        for other in others:
            intake.note("submissions.identical", file=other.item.shown, first=first.item.shown)
    if len(attempts) > 1:
        files = ", ".join(attempt.item.shown for attempt in attempts)
        values = {"student": student, "exercise": exercise.id, "count": len(attempts), "files": files}
        intake.note("submissions.attempts", **values)
    return attempts


def _answers(intake: Intake, exercise: Exercise, candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates without what answers nothing, if anything else is there."""
    answers: list[Candidate] = []
    others: list[Candidate] = []
    for candidate in candidates:
        (answers if _may_count(intake, exercise, candidate) else others).append(candidate)
    for candidate in others if answers else ():
        is_stub = is_untouched(exercise, candidate.item.path)
        key = "submissions.untouched" if is_stub else "submissions.no_function"
        intake.note(key, file=candidate.item.shown, exercise=exercise.id)
    return answers or candidates


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
