"""A student's folder begins: what a course gave out, a zip or a folder, is put there, with a file for each answer.

The zip came from somewhere: it is unpacked as one that nobody trusts, and nothing that is there already is overwritten.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.answers.file import SUFFIXES
from grader.course.files import files_of
from grader.course.load import load_course
from grader.course.yaml import FILE_NAME, read_yaml
from grader.errors import CourseError, RequestError, file_errors_as
from grader.files.write import write_file, write_new
from grader.handin.archives import CLASS_LIMITS, ZipRefused, unpack
from grader.handin.names import is_hidden
from grader.messages.sentences import LANGUAGE_FILE
from grader.model import Course, Explanation, Language
from grader.practice.answers import answer_files


@dataclass(frozen=True, slots=True)
class Begun:
    """What was put into a student's folder."""

    course: Course
    folder: Path
    answers: tuple[str, ...]
    """The answers that begin as the stub now."""
    kept: tuple[str, ...]
    """What was there already and is another file than the course's."""


def begin(source: Path, folder: Path | None, language: Language | None = None) -> Begun:
    """Put a course's release into a folder, or into a new one of the course's name, and keep the language if one was chosen.

    Raises:
        RequestError: it is no release, the zip is refused, or a file cannot be written.
        CourseError: the course in it has faults.
    """
    with _opened(source) as root:
        course = load_course(root)
        folder = folder or Path(course.id)
        for place in (root, folder):
            if (place / "solutions").exists():
                raise RequestError("practice.solutions", {"folder": str(source if place is root else place)})
        if folder.resolve().is_relative_to(root.resolve() / "exercises"):
            raise RequestError("practice.same_folder", {"folder": str(folder)})
        if (folder / FILE_NAME).exists() and (there := _id_in(folder)) != course.id:
            raise RequestError("practice.other_folder", {"folder": str(folder), "course": there})
        ids = {item.id for item in course.exercises}
        given = {name: root / name for name in _files(root)}
        kept = []
        answers = {}
        for exercise in course.exercises:
            name = f"{exercise.id}{SUFFIXES[0]}"
            if folder.is_dir() and answer_files(course, exercise, folder):
                given.pop(name, None)
                continue
            content = given.pop(name, files_of(exercise).stub)
            if not any(f"{exercise.id}{suffix}" in given for suffix in SUFFIXES):
                answers[name] = content
        for name, path in {**given, **answers}.items():
            if not _write_new(folder / name, path) and Path(name).stem not in ids:
                kept.append(name)
    if language is not None:
        write_file(folder / LANGUAGE_FILE, f"{language}\n", "practice.unwritable_file")
    return Begun(course, folder, tuple(answers), tuple(kept))


def _id_in(folder: Path) -> str:
    """Return the id of the course in a folder; empty where its course.yml is none."""
    try:
        described = read_yaml(folder / FILE_NAME)
    except CourseError:
        return ""
    return str(described.get("id", "")) if isinstance(described, dict) else ""


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """Yield the folder with course.yml: the one that was given, or that a zip is unpacked to for as long."""
    if source.is_dir():
        yield _course_in(source, source)
        return
    if not source.is_file():
        raise RequestError("practice.no_source", {"file": str(source)})
    with tempfile.TemporaryDirectory(prefix="grader-start-") as scratch:
        try:
            with file_errors_as(RequestError, "request.unreadable", source):
                unpacked = unpack(source, Path(scratch), CLASS_LIMITS)
        except ZipRefused as error:
            why = Explanation(error.explanation.key, {**error.explanation.values, "zip": source.name})
            raise RequestError("practice.zip_refused", {"file": str(source), "why": why}) from error
        if unpacked.notes:
            # A course of which a part is missing is none.
            raise RequestError("practice.zip_refused", {"file": str(source), "why": unpacked.notes[0]})
        yield _course_in(unpacked.folder, source)


def _course_in(folder: Path, source: Path) -> Path:
    """Return the folder with course.yml: this one, or the only one in it."""
    if (folder / FILE_NAME).is_file():
        return folder
    inner = [path for path in folder.iterdir() if (path / FILE_NAME).is_file() and not path.is_symlink()]
    if len(inner) != 1:
        raise RequestError("practice.no_course", {"file": str(source)})
    return inner[0]


def _files(root: Path) -> Iterator[str]:
    """Yield the names of the files below a folder; no links, and nothing that a system or an editor made."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in sorted(files):
            path = Path(folder, name)
            if not is_hidden(name) and path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix()


def _write_new(target: Path, source: Path) -> bool:
    """Write a file where there is none; return whether what is there now is the same."""
    content = source.read_bytes()
    with file_errors_as(RequestError, "practice.unwritable_file", target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_new(target, content)
        except FileExistsError:
            return target.is_file() and target.read_bytes() == content
    return True
