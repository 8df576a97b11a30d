"""What was given to grade: a folder or a zip -> the folder that holds the class."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from grader.answers.notebook import is_notebook
from grader.course.names import parse_exercise_name
from grader.errors import RequestError, file_errors_as
from grader.handin.archives import CLASS_LIMITS, ZipRefused, unpack
from grader.handin.clones import is_clone
from grader.handin.forms import form_of, is_lms_name
from grader.handin.names import is_answer, is_hidden, key_of, split_flat, stem_of, text_of
from grader.handin.notebooks import are_of_a_class
from grader.handin.records import Intake, Item
from grader.handin.repositories import CLASSROOM_ROSTER
from grader.handin.student_files import TIMESTAMP, list_folder, unpacked_folder
from grader.handin.times import attempt_of
from grader.model import Explanation

_TABLES = {"manifest.csv", "roster.csv", CLASSROOM_ROSTER}
_MOST_WRAPPING = 4
"""So many folders around the class are looked through."""


def open_source(intake: Intake, source: Path) -> Item:
    """Return the folder that was given, or that a zip was unpacked to.

    Raises:
        RequestError: it is neither, cannot be read, or is a zip that holds too much.
    """
    if source.is_dir():
        return Item(source, "", is_folder=True)
    if not source.is_file() or source.suffix.lower() != ".zip":
        raise RequestError("request.no_folder", {"folder": str(source)})
    try:
        with file_errors_as(RequestError, "request.unreadable", source):
            return unpacked_folder(intake, unpack(source, intake.unpack_into, CLASS_LIMITS))
    except ZipRefused as error:
        why = Explanation(error.explanation.key, {**error.explanation.values, "zip": source.name})
        raise RequestError("request.zip_refused", {"file": str(source), "why": why}) from error


def class_folder(intake: Intake, root: Item, form: str) -> Item:
    """Return the folder that holds the class: often a zip holds one folder, and that the class."""
    folder = root
    for _ in range(_MOST_WRAPPING):
        names = _names(folder.path)
        if form in ("auto", "nbgrader") and "submitted" in names and (folder.path / "submitted").is_dir():
            # An nbgrader course: source/, release/, autograded/ beside it are not handed in.
            return _into(folder, "submitted")
        if len(names) != 1 or not _is_wrapping(intake, _into(folder, names[0]), form):
            break
        folder = _into(folder, names[0])
    return folder


def _into(folder: Item, name: str) -> Item:
    return Item(folder.path / name, folder.shown, is_folder=True)


def _names(folder: Path) -> list[str]:
    """Return the names in a folder, without hidden ones and tables; nothing where it cannot be read."""
    try:
        return sorted(name for name in os.listdir(folder) if not is_hidden(name) and name not in _TABLES)
    except OSError:
        return []


def _is_wrapping(intake: Intake, folder: Item, form: str) -> bool:
    """Return whether an only folder holds the class, and is not the class's only student."""
    path, course = folder.path, intake.course
    if form in ("git", "github-classroom") and is_clone(path):
        return False
    if (
        path.is_symlink()
        or not path.is_dir()
        or form_of(intake, [folder]) != "auto"
        or (path / TIMESTAMP).is_file()
    ):
        return False
    names = _names(path)
    if _is_a_students(intake, path, names):
        return False
    items = [Item(path / name, name, is_folder=(path / name).is_dir()) for name in names]
    if any(map(is_lms_name, names)) or form_of(intake, items) != "auto":
        return True
    answers = [name for name in names if is_answer(name)]
    if any(parse_exercise_name(course, stem_of(name)) for name in answers):
        return False
    notebooks = [stem_of(name) for name in answers if is_notebook(name)]
    if any(split_flat(course, stem_of(name)) for name in answers) or are_of_a_class(notebooks):
        return True
    folders = [text_of(name) for name in names if (path / name).is_dir()]
    for name in folders:
        # An assignment of nbgrader's, an attempt or an exercise: they lie in a student's folder.
        if (
            (path / name / TIMESTAMP).is_file()
            or attempt_of(name, intake.zone)
            or parse_exercise_name(course, name)
        ):
            return False
    zips = [name for name in names if name.lower().endswith(".zip")]
    return bool(folders) or (len(zips) > 1 and form != "folders")


def _is_a_students(intake: Intake, folder: Path, names: Sequence[str]) -> bool:
    """Return whether the roster names a folder, or folders in it are called like those beside it.

    A student can make folders that are called like other students.
    """
    beside = {key_of(name) for name in _names(folder.parent) if name != folder.name}
    inside = (name for name in names if key_of(name) in beside)
    return key_of(folder.name) in intake.roster_names or any((folder / name).is_dir() for name in inside)


def class_items(intake: Intake, folder: Item) -> list[Item]:
    """Return what lies in the class's folder, without the tables."""
    return [item for item in list_folder(intake, folder) if item.path.name not in _TABLES]
