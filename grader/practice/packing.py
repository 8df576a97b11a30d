"""A student's answers in one zip, and what will be graded of it: that is asked of the intake itself."""

from __future__ import annotations

import hashlib
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.answers.file import read_submission
from grader.answers.helpers import read_bundle
from grader.answers.python import parses
from grader.answers.split import Split
from grader.answers.untouched import is_untouched
from grader.course.names import parse_exercise_name
from grader.errors import RequestError, SubmissionError, file_errors_as
from grader.files.zipped import zip_of
from grader.handin.attempts import latest_attempts
from grader.handin.find import find_submissions
from grader.handin.helpers import helpers_beside
from grader.handin.names import is_answer, parse_file_name
from grader.handin.notebooks import split_of
from grader.handin.packed import MANIFEST, Packed, PackedFile, packed_json
from grader.handin.records import Intake
from grader.handin.times import time_on_disk
from grader.model import DISTRIBUTION, Course, Exercise, Explanation, zone_of
from grader.practice.answers import answer_files, require_own_folder

_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
"""What some system allows in no file's name."""
_MOST_NAME = 100


@dataclass(frozen=True, slots=True)
class Counted:
    """What will be graded for an exercise."""

    exercise: Exercise
    file: str
    """Empty where nothing will be."""
    is_untouched: bool = False
    unreadable: Explanation | None = None
    """Why nothing can be graded in the file."""


@dataclass(frozen=True, slots=True)
class Packing:
    """A zip to be handed in."""

    content: bytes
    files: tuple[str, ...]
    counted: tuple[Counted, ...]
    """In the course's order, each exercise."""
    notes: tuple[Explanation, ...]


def pack(course: Course, folder: Path, student: str, now: datetime) -> Packing:
    """Return the zip of a student's answers in a folder, and what will be graded of it.

    Raises:
        RequestError: there is no answer, one cannot be read, or nobody could tell from the name whose the zip is.
    """
    require_own_folder(course, folder)
    name = _checked_name(course, student)
    files: dict[str, bytes] = {}
    dates: dict[str, datetime | None] = {}
    for path in _answers(course, folder):
        for file, content in _with_modules(course, path):
            files[file] = content
            with file_errors_as(RequestError, "request.unreadable", folder / file):
                dates[file] = time_on_disk((folder / file).stat().st_mtime, zone_of(course.timezone))
    if not files:
        raise RequestError("practice.nothing", {"folder": str(folder.resolve())})
    packed = Packed(
        course=course.id,
        student=student,
        packed_at=now,
        versions=_versions(course),
        files=[
            PackedFile(file, hashlib.sha256(content).hexdigest(), len(content), dates[file])
            for file, content in sorted(files.items())
        ],
    )
    members = {f"{name}/{file}": content for file, content in files.items()}
    zipped = zip_of({**members, f"{name}/{MANIFEST}": packed_json(packed)})
    counted, notes = _what_counts(course, name, zipped)
    return Packing(zipped, tuple(sorted(files)), counted, notes)


def _checked_name(course: Course, student: str) -> str:
    name = " ".join(student.split())
    if parse_exercise_name(course, name) is not None:
        raise RequestError("practice.bad_name", {"name": student})
    if not name or not name.isprintable() or len(name) > _MOST_NAME or _NOT_IN_NAMES.intersection(name):
        raise RequestError("practice.bad_name", {"name": student})
    return name


def _answers(course: Course, folder: Path) -> Iterator[Path]:
    """Yield the files in a folder that are an answer to something."""
    named = dict.fromkeys(
        path for exercise in course.exercises for path in answer_files(course, exercise, folder)
    )
    yield from named
    intake = Intake(course, zone_of(course.timezone), folder)
    for path in sorted(folder.iterdir()):
        if path not in named and path.is_file() and is_answer(path.name):
            is_nameless = parse_file_name(course, path.name)[0] is None
            split = split_of(intake, path) if is_nameless else None
            if isinstance(split, Split) and split.parts:
                yield path


def _with_modules(course: Course, path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield an answer's name and content, and those of the student's own modules that it imports."""
    with file_errors_as(RequestError, "request.unreadable", path):
        yield path.name, path.read_bytes()
        with helpers_beside(course, path, path.parent) as (bundle, _):
            if bundle != path:
                yield from read_bundle(bundle.read_bytes())[1].items()


def _versions(course: Course) -> dict[str, str]:
    found = {"grader": version(DISTRIBUTION), "python": platform.python_version()}
    for name in dict.fromkeys(module.partition(".")[0] for module in course.runner.preload):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _what_counts(
    course: Course, student: str, zipped: bytes
) -> tuple[tuple[Counted, ...], tuple[Explanation, ...]]:
    """Return what `grader grade` takes of a zip, and what it notes."""
    with tempfile.TemporaryDirectory(prefix="grader-submit-") as scratch:
        path = Path(scratch, f"{student}.zip")
        path.write_bytes(zipped)
        try:
            found = find_submissions(course, path, unpack_into=Path(scratch, "unpacked"))
        except RequestError as error:
            raise RequestError("practice.bad_name", {"name": student}) from error
        if {item.student for item in found.submissions} != {student}:
            raise RequestError("practice.bad_name", {"name": student})
        taken = {item.exercise: item.path for item in latest_attempts(found.submissions)}
        counted = tuple(_counted(exercise, taken.get(exercise.id)) for exercise in course.exercises)
    notes = [note for note in found.notes if note.key not in ("submissions.packed", "submissions.no_times")]
    return counted, tuple(notes)


def _counted(exercise: Exercise, path: Path | None) -> Counted:
    if path is None:
        return Counted(exercise, "")
    try:
        units = read_submission(path).units
    except SubmissionError as error:
        return Counted(exercise, path.name, unreadable=error.explanation)
    if units and not any(parses(unit.code) for unit in units):
        return Counted(exercise, path.name, unreadable=Explanation("practice.no_python"))
    return Counted(exercise, path.name, is_untouched=is_untouched(exercise, path))
