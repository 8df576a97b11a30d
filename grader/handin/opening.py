"""What was given to grade: a folder or a zip -> the folder that holds the class, and the form it is in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from grader.course.names import parse_exercise_name
from grader.errors import RequestError, file_errors_as
from grader.handin.archives import CLASS_LIMITS, ZipRefused, unpack
from grader.handin.canvas import is_canvas
from grader.handin.moodle import is_moodle
from grader.handin.names import is_answer, is_hidden, split_flat, text_of
from grader.handin.notebooks import are_of_a_class, is_notebook
from grader.handin.records import Clock, Form, Intake, Item
from grader.handin.student_files import TIMESTAMP, list_folder, note_unpacked, zip_dates
from grader.handin.times import attempt_of
from grader.model import Explanation

__all__ = ["TABLES", "class_folder", "class_items", "form_of", "open_source"]

TABLES = {"manifest.csv", "roster.csv"}
_DEEPEST = 4


def open_source(intake: Intake, source: Path) -> Item:
    """Return the folder that was given, or that a zip was unpacked to.

    Raises:
        RequestError: it is neither, cannot be read, or is a zip that holds too much.

    """
    if source.is_dir():
        return Item(source, "", Clock(intake.zone), is_folder=True)
    if not source.is_file() or source.suffix.lower() != ".zip":
        raise RequestError("request.no_folder", {"folder": str(source)})
    try:
        with file_errors_as(RequestError, "request.unreadable", source):
            unpacked = unpack(source, intake.unpack_into, CLASS_LIMITS)
    except ZipRefused as error:
        why = Explanation(error.explanation.key, {**error.explanation.values, "zip": source.name})
        raise RequestError("request.zip_refused", {"file": str(source), "why": why}) from error
    note_unpacked(intake, "", unpacked)
    return Item(unpacked.folder, "", Clock(intake.zone, zip_dates(intake, unpacked)), is_folder=True)


def class_folder(intake: Intake, root: Item, form: Form) -> Item:
    """Return the folder that holds the class: often a zip holds one folder, and that the class."""
    for _ in range(_DEEPEST):
        names = _names(root.path)
        submitted = next((name for name in names if name == "submitted"), None)
        if form in ("auto", "nbgrader") and submitted and (root.path / submitted).is_dir():
            # An nbgrader course: source/, release/, autograded/ beside it are not handed in.
            return _into(root, submitted)
        if len(names) != 1 or not _is_wrapping(intake, root.path / names[0], form):
            return root
        root = _into(root, names[0])
    return root


def _into(root: Item, name: str) -> Item:
    return Item(root.path / name, root.shown, root.clock, is_folder=True)


def _names(folder: Path) -> list[str]:
    """Return the names in a folder, without hidden ones and tables; nothing where it cannot be read."""
    try:
        return sorted(name for name in os.listdir(folder) if not is_hidden(name) and name not in TABLES)
    except OSError:
        return []


def _is_wrapping(intake: Intake, folder: Path, form: Form) -> bool:
    """Return whether an only folder holds the class, and is not the class's only student."""
    if folder.is_symlink() or not folder.is_dir() or is_moodle(folder.name) or (folder / TIMESTAMP).is_file():
        return False
    names = _names(folder)
    stems = [text_of(name).rpartition(".")[0] for name in names if is_answer(name)]
    if any(is_moodle(name) or is_canvas(name) for name in names):
        return True
    if any(parse_exercise_name(intake.course, stem) for stem in stems):
        return False
    if any(split_flat(intake.course, stem) for stem in stems):
        return True
    if are_of_a_class([text_of(name).rpartition(".")[0] for name in names if is_notebook(name)]):
        return True
    folders = [text_of(name) for name in names if (folder / name).is_dir()]
    zips = [name for name in names if name.lower().endswith(".zip")]
    if any((folder / name / TIMESTAMP).is_file() for name in folders):
        # An assignment of nbgrader's, in a student's folder.
        return False
    if any(attempt_of(name, intake.zone) or parse_exercise_name(intake.course, name) for name in folders):
        return False
    return bool(folders) or (len(zips) > 1 and form != "folders")


def form_of(items: Sequence[Item]) -> Form:
    """Return the form that the names in the class's folder are of; `auto` is any mix of the forms of no LMS."""
    names = [text_of(item.path.name) for item in items if item.path.name not in TABLES]
    if any(is_moodle(name) for name in names):
        return "moodle"
    files = [text_of(item.path.name) for item in items if not item.is_folder and item.path.name not in TABLES]
    if 2 * sum(is_canvas(name) for name in files) > len(names):
        return "canvas"
    return "auto"


def class_items(intake: Intake, root: Item) -> list[Item]:
    """Return what lies in the class's folder, without the tables."""
    return [item for item in list_folder(intake, root) if item.path.name not in TABLES]
