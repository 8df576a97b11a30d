"""The answers in a student's folder: which file answers which exercise, and what else it depends on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from grader.answers.file import SUFFIXES, read_file, read_source
from grader.answers.helpers import imported_helpers, read_module
from grader.course.names import find_exercise, nearest_name, parse_exercise_name
from grader.errors import RequestError, file_errors_as
from grader.handin.helpers import helpers_beside
from grader.handin.names import is_answer
from grader.handin.notebooks import exercises_in, part_for
from grader.messages.printable import printable
from grader.model import Course, Exercise, Explanation
from grader.practice.answers import answer_files
from grader.warm.judge import Checked


@dataclass(frozen=True)
class Answer:
    """A file that answers an exercise."""

    exercise: Exercise
    path: Path


def answer_to(course: Course, exercise: Exercise, folder: Path) -> Path | None:
    """Return the one answer to an exercise in a folder; None where there is none.

    Raises:
        RequestError: there are two.
    """
    files = answer_files(course, exercise, folder)
    if len(files) > 1:
        raise RequestError("request.two_answers", {"first": str(files[0]), "second": str(files[1])})
    return files[0] if files else None


def answers_of(course: Course, folder: Path, tell: Callable[[Explanation], None]) -> list[Answer]:
    """Return the answer to each exercise in a folder that has one; of exercises with two it is told."""
    answers = []
    for exercise in course.exercises:
        try:
            path = answer_to(course, exercise, folder)
        except RequestError as error:
            tell(error.explanation)
            continue
        if path is not None:
            answers.append(Answer(exercise, path))
    return answers


def named_answers(
    course: Course, name: str, folder: Path, tell: Callable[[Explanation], None]
) -> list[Answer]:
    """Return the answers that a name means: an exercise's, a file or a folder.

    Raises:
        RequestError: it means none, or there are two answers to the exercise.
    """
    exercise, path = parse_exercise_name(course, name), folder / name
    if path.is_dir():
        # `exercises/ex03_maxpool_2` holds no answer, and says which exercise is meant.
        given_out = {item.exercise_folder.resolve(): item for item in course.exercises}
        exercise = given_out.get(path.resolve(), exercise)
        is_exercise = path.resolve() in given_out or (
            exercise is not None and answer_to(course, exercise, folder) is not None
        )
        answers = [] if is_exercise else answers_of(course, path, tell)
        if answers:
            return answers
        if exercise is None:
            raise RequestError("request.no_answers", {"folder": name})
    elif path.suffix.lower() in SUFFIXES:
        exercise = exercise or parse_exercise_name(course, path.stem)
        is_named = exercise is not None or nearest_name(course, path.stem) is not None
        if path.exists() or not is_named:
            return _answers_in_file(course, path, name)
    exercise = exercise or find_exercise(course, name)
    found = answer_to(course, exercise, folder)
    if found is None:
        raise _no_answer(course, exercise)
    return [Answer(exercise, found)]


def _answers_in_file(course: Course, path: Path, name: str) -> list[Answer]:
    with file_errors_as(RequestError, "request.unreadable", Path(name)):
        path.open("rb").close()
    exercises = exercises_in(course, path)
    if not exercises:
        raise RequestError("request.whose_answer", {"file": name})
    return [Answer(exercise, path) for exercise in exercises]


def _no_answer(course: Course, exercise: Exercise) -> RequestError:
    tried = ", ".join(f"{exercise.id}{suffix}" for suffix in SUFFIXES)
    if answer_files(course, exercise, course.root):
        values = {"tried": tried, "folder": os.path.relpath(course.root)}
        return RequestError("request.answer_elsewhere", values)
    return RequestError("request.no_answer", {"tried": tried, "exercise": exercise.id})


@contextmanager
def as_one_file(course: Course, answer: Answer) -> Iterator[tuple[Path, tuple[Explanation, ...]]]:
    """Yield an answer with the modules that it imports, of a notebook for several exercises its part for this one; and notes.

    Raises:
        RequestError: the file holds no such part, or a module cannot be read.
    """
    with (
        part_for(course, answer.exercise, answer.path) as (part, notes),
        helpers_beside(course, part, answer.path.parent) as (whole, more_notes),
    ):
        yield whole, (*notes, *more_notes)


def check_answer(course: Course, answer: Answer, check: Callable[[Exercise, Path], Checked]) -> Checked:
    """Check an answer.

    Raises:
        GraderError: it could not be checked.
    """
    with as_one_file(course, answer) as (file, notes):
        checked = check(answer.exercise, file)
    grade = replace(checked.grade, path=printable(str(answer.path)), notes=(*notes, *checked.grade.notes))
    return replace(checked, grade=grade)


def depends_on(path: Path) -> frozenset[Path]:
    """Return an answer's file and those of the modules that it may import from its folder, whether they are there or not."""
    files = {path}

    def read(file: str) -> bytes | None:
        module = path.parent / file
        files.add(module)
        return read_module(module) if module.is_file() else None

    # Whatever is wrong with the answer the judge says.
    with suppress(Exception):
        imported_helpers(read_source(read_file(path), path.name), read)
    return frozenset(files)


def files_to_watch(folder: Path, others: Sequence[frozenset[Path]]) -> Iterator[Path]:
    """Yield the files of a folder that may be answers or their modules, and those that answers depend on besides."""
    with suppress(OSError):
        yield from (path for path in folder.iterdir() if is_answer(path.name))
    for files in others:
        yield from files
