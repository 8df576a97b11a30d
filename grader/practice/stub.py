"""An exercise begins anew: what was given out is put back, and the answer that was there is kept under a name that nobody grades."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from grader.answers.cells import read_cell
from grader.answers.file import SUFFIXES
from grader.answers.notebook import as_python, is_notebook, read_cells
from grader.answers.split import split_notebook
from grader.course.files import all_files, files_of
from grader.errors import RequestError, SubmissionError, file_errors_as
from grader.files.write import write_file, write_new
from grader.handin.names import parse_file_name
from grader.model import Course, Exercise, Language
from grader.practice.answers import answer_files, require_own_folder
from grader.release.notebooks import is_as_released, notebook_of, released_as


def file_to_reset(course: Course, exercise: Exercise, folder: Path) -> Path:
    """Return the file in which an exercise begins anew, whether it is there or not: of a script and a notebook the script.

    Raises:
        RequestError: the course gives out its exercises in this folder.
    """
    require_own_folder(course, folder)
    files = answer_files(course, exercise, folder)
    if files:
        return min(files, key=lambda path: is_notebook(path.name))
    others = {
        suffix
        for item in course.exercises
        for suffix in SUFFIXES
        if (folder / f"{item.id}{suffix}").is_file()
    }
    has_notebooks = others == {".ipynb"}
    return folder / f"{exercise.id}{'.ipynb' if has_notebooks else '.py'}"


def as_given_out(course: Course, exercise: Exercise, file: Path, language: Language) -> bytes:
    """Return a file in which an exercise begins anew; `language` is that of a notebook which does not say its own.

    Raises:
        RequestError: a file cannot be read, nothing was changed in it, or its cells cannot be told from other exercises'.
    """
    stub = files_of(exercise).stub
    with file_errors_as(RequestError, "request.unreadable", stub):
        content = stub.read_bytes()
    is_named = parse_file_name(course, file.name)[0] == exercise.id
    if is_notebook(file.name):
        content = (
            _notebook(course, exercise, file, language)
            if is_named
            else _with_stub(course, exercise, file, content.decode())
        )
    if file.exists():
        with file_errors_as(RequestError, "request.unreadable", file):
            if file.read_bytes() == content or (is_named and is_as_released(file)):
                raise RequestError("practice.is_stub", {"file": file.name})
    return content


def _notebook(course: Course, exercise: Exercise, file: Path, language: Language) -> bytes:
    released_in, install = released_as(file)
    known = (code for code in (released_in, language) if code in course.languages)
    folder, root = file.resolve().parent, course.root.resolve()
    below = folder.relative_to(root) if folder.is_relative_to(root) else Path()
    files = {}
    for path in all_files(exercise):
        with file_errors_as(RequestError, "request.unreadable", path):
            files[path.relative_to(course.root).as_posix()] = path.read_bytes()
    prefix = "".join(f"{part}/" for part in below.parts)
    return notebook_of(course, exercise, files, next(known, course.languages[0]), prefix, install)


def _with_stub(course: Course, exercise: Exercise, file: Path, stub: str) -> bytes:
    """Return a notebook for several exercises with the stub in place of the cells that define one exercise's functions."""
    refusal = RequestError("practice.other_answer", {"file": file.name, "exercise": exercise.id})
    with file_errors_as(RequestError, "request.unreadable", file):
        text = file.read_text(encoding="utf-8")
    try:
        document, cells = json.loads(text), read_cells(text)
        part = split_notebook(course, text, exercise.id).parts[exercise.id]
        code = [cell.source for cell in read_cells(part) if cell.kind == "code"]
        bound = [read_cell(python or "").bound for python in as_python(code)]
        places = [place for place, cell in enumerate(cells) if cell.kind == "code"]
        own = [place for place, names in zip(places, bound, strict=True) if names & set(exercise.functions)]
        written = [document["cells"][place] for place in own]
    except (SubmissionError, ValueError, LookupError, TypeError) as error:
        raise refusal from error
    functions = {name for item in course.exercises for name in item.functions} - set(exercise.functions)
    if not own or any(names & functions for place, names in zip(places, bound, strict=True) if place in own):
        raise refusal
    for cell, source in zip(written, [stub.strip(), *[""] * len(written)], strict=False):
        cell |= {"source": source.splitlines(keepends=True), "outputs": [], "execution_count": None}
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def put_back(file: Path, content: bytes, now: datetime) -> Path | None:
    """Put what was given out into an answer's place; return where the answer is kept, None where there was none.

    Raises:
        RequestError: a file cannot be read or written; the answer is as it was.
    """
    backup = None
    if file.exists():
        with file_errors_as(RequestError, "request.unreadable", file):
            answer = file.read_bytes()
        backup = _write_beside(file, now, answer)
    write_file(file, content, "practice.unwritable_file")
    return backup


def _write_beside(file: Path, now: datetime, content: bytes) -> Path:
    """Write a copy of a file under a new name, never over another one."""
    # A name with a colon is none on Windows.
    name = f"{file.name}.{now:%Y-%m-%dT%H-%M-%S}"
    for number in range(1, 1000):
        backup = file.with_name(f"{name}{f'-{number}' if number > 1 else ''}.bak")
        with file_errors_as(RequestError, "practice.unwritable_file", backup):
            try:
                write_new(backup, content)
            except FileExistsError:
                continue
        return backup
    raise RequestError("practice.unwritable_file", {"file": str(backup), "error": "-"})
