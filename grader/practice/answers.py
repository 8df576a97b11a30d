"""The answers in a student's folder, and how far each exercise is."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from grader.answers.file import SUFFIXES
from grader.answers.untouched import defines, is_untouched
from grader.course.files import files_of
from grader.course.statements import hints_of
from grader.errors import RequestError, file_errors_as
from grader.handin.names import is_answer
from grader.handin.notebooks import answers_in
from grader.model import Course, Exercise, Language, Verdict
from grader.practice.progress import Checked, Progress

State = Literal[
    "later", "absent", "untouched", "two", "unreadable", "unchecked", "changed", "ungraded", "open", "done"
]
"""How far an exercise is, and so what is next: it opens later; no answer; the stub; two answers; ..."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an exercise is."""

    exercise: Exercise
    state: State
    file: Path | None
    checked: Checked | None
    hints_taken: int
    hints: int


def answer_files(course: Course, exercise: Exercise, folder: Path) -> list[Path]:
    """Return the files in a folder that are an exercise's answer: those of its name, else those that have it in them.

    A stub as it was given out is none where another file is one: that of its name, or a copy that a browser or Colab named.
    """
    if _is_given_out(course, folder):
        # `test_ex03.py` is no answer, though it is named for ex03.
        return []
    owners = {f"{item.id}{suffix}": item.id for item in course.exercises for suffix in SUFFIXES}
    names = {path: path.name.lower() for path in sorted(folder.iterdir()) if is_answer(path.name)}
    named = [path for path, name in names.items() if owners.get(name) == exercise.id and path.is_file()]
    if len(named) == 1 and owners.keys() >= set(names.values()):
        return named
    answers = answers_in(course, exercise, folder)
    if not named or len(answers) == 1:
        return answers
    # This is asked at every save: only where there are several they are looked into.
    written = [path for path in named if not is_untouched(exercise, path)]
    copies = (path for path in answers if path not in named and defines(exercise, path))
    return written or [path for path in copies if not is_untouched(exercise, path)] or named[:1]


def require_own_folder(course: Course, folder: Path) -> None:
    """Hold that a folder is none of those in which the course gives out its exercises.

    Raises:
        RequestError: it is one.
    """
    if _is_given_out(course, folder):
        values = {"folder": str(folder.resolve()), "own": os.path.relpath(course.root, folder.resolve())}
        raise RequestError("request.given_out", values)


def _is_given_out(course: Course, folder: Path) -> bool:
    here = folder.resolve()
    return any(
        here.is_relative_to(parent.resolve())
        for parent in {exercise.exercise_folder.parent for exercise in course.exercises}
    )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        RequestError: it cannot be read.
    """
    with file_errors_as(RequestError, "request.unreadable", path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def statement_of(exercise: Exercise, language: Language) -> tuple[Path, Language]:
    """Return the statement that a reader of a language gets, and the language that it is in."""
    statements = files_of(exercise).statements
    code = language if language in statements else next(iter(statements))
    return statements[code], code


def standings(course: Course, folder: Path, progress: Progress, language: Language) -> list[Standing]:
    """Return how far each exercise is in a folder.

    Raises:
        RequestError: the course gives out its exercises in it.
    """
    require_own_folder(course, folder)
    return [_standing(course, exercise, folder, progress, language) for exercise in course.exercises]


def _standing(
    course: Course, exercise: Exercise, folder: Path, progress: Progress, language: Language
) -> Standing:
    checked = progress.checked.get(exercise.id)
    files = answer_files(course, exercise, folder)
    path, written_in = statement_of(exercise, language)
    hints = len(hints_of(path.read_text(encoding="utf-8-sig"), written_in))
    taken = min(progress.hints.get(exercise.id, 0), hints)
    file = files[0] if len(files) == 1 else None
    return Standing(exercise, _state(exercise, files, checked), file, checked, taken, hints)


def _state(exercise: Exercise, files: list[Path], checked: Checked | None) -> State:
    if len(files) > 1:
        return "two"
    if not files:
        return "later" if exercise.opens is not None and exercise.opens > datetime.now(UTC) else "absent"
    try:
        digest = digest_of(files[0])
    except RequestError:
        return "unreadable"
    if is_untouched(exercise, files[0]):
        return "untouched"
    if checked is None:
        return "unchecked"
    if digest != checked.digest:
        return "changed"
    if checked.verdict is Verdict.UNGRADED:
        return "ungraded"
    return "done" if checked.verdict.is_fine else "open"
