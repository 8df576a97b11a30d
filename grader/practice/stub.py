"""An exercise begins anew: the stub is put back, and the answer that was there is kept under a name that nobody grades."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from grader.answers.file import SUFFIXES
from grader.course.files import files_of
from grader.errors import RequestError, file_errors_as
from grader.files.write import write_file
from grader.model import Course, Exercise
from grader.practice.answers import answer_files


def file_to_reset(course: Course, exercise: Exercise, folder: Path) -> Path:
    """Return the file that the stub is put back into, whether it is there or not.

    Raises:
        RequestError: the answer is in another file, beside which the stub would be a second answer; or it is the stub.
    """
    stub = files_of(exercise).stub
    files = answer_files(course, exercise, folder)
    plain = next((path for path in files if path.name.lower() == f"{exercise.id}{SUFFIXES[0]}"), None)
    if plain is None and files:
        raise RequestError("practice.other_answer", {"file": str(files[0]), "exercise": exercise.id})
    if plain is not None:
        with file_errors_as(RequestError, "request.unreadable", plain):
            if plain.read_bytes() == stub.read_bytes():
                raise RequestError("practice.is_stub", {"file": plain.name})
    return plain or folder / f"{exercise.id}{SUFFIXES[0]}"


def put_stub_back(exercise: Exercise, file: Path, now: datetime) -> Path | None:
    """Put the stub into an answer's place; return where the answer is kept, None where there was none.

    Raises:
        RequestError: a file cannot be read or written; the answer is as it was.
    """
    stub = files_of(exercise).stub
    backup = None
    if file.exists():
        with file_errors_as(RequestError, "request.unreadable", file):
            content = file.read_bytes()
        backup = _write_beside(file, now, content)
    write_file(file, stub.read_bytes(), "practice.unwritable_file")
    return backup


def _write_beside(file: Path, now: datetime, content: bytes) -> Path:
    """Write a copy of a file under a new name, never over another one."""
    # A name with a colon is none on Windows.
    name = f"{file.name}.{now:%Y-%m-%dT%H-%M-%S}"
    for number in range(1, 1000):
        backup = file.with_name(f"{name}{f'-{number}' if number > 1 else ''}.bak")
        with file_errors_as(RequestError, "practice.unwritable_file", backup):
            try:
                with backup.open("xb") as opened:
                    opened.write(content)
            except FileExistsError:
                continue
        return backup
    raise RequestError("practice.unwritable_file", {"file": str(backup), "error": "-"})
