"""What was given to grade: a folder or a zip -> the folder that holds the class."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from grader.answers.notebook import is_notebook
from grader.course.names import parse_exercise_name
from grader.errors import RequestError, file_errors_as
from grader.handin.archives import CLASS_LIMITS, STUDENT_LIMITS, ZipRefused, unpack
from grader.handin.clones import is_clone
from grader.handin.forms import form_of, is_lms_name
from grader.handin.names import (
    PACKAGE_FILE,
    is_answer,
    is_general,
    is_hidden,
    key_of,
    parse_file_name,
    shown_name,
    stem_of,
    text_of,
    without_copy,
    without_exercise,
)
from grader.handin.notebooks import are_of_a_class
from grader.handin.packed import is_packed
from grader.handin.records import Intake, Item
from grader.handin.repositories import CLASSROOM_ROSTER
from grader.handin.student_files import LIBRARIES, TIMESTAMP, list_folder, unpacked_folder
from grader.handin.times import attempt_of, time_on_disk
from grader.model import Explanation

_TABLES = {"manifest.csv", "roster.csv", "groups.csv", CLASSROOM_ROSTER}
_MOST_WRAPPING = 8
"""So many folders around the class are looked through."""
_MOST_ATTEMPTS = 100
"""Folders with higher numbers are not attempts: an LMS counts what the whole class hands in."""
_MOST_SEEN = 6
"""So many names are told of what is not clear."""


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


def packed_item(intake: Intake, source: Path) -> Item | None:
    """Return the zip that was given as a student's, where `grader submit` packs such; None for anything else."""
    if not source.is_file() or source.suffix.lower() != ".zip" or not is_packed(source):
        return None
    date = time_on_disk(source.stat().st_mtime, intake.zone)
    return Item(source, shown_name(source.name), date=date)


def class_folder(intake: Intake, root: Item, form: str, source: Path) -> Item:
    """Return the folder that holds the class: often a zip holds one folder, and that the class.

    `source` is what was given: the root, or the zip that it was unpacked from.

    Raises:
        RequestError: nobody can tell whether what lies in it is one student's or several students'.
    """
    folder = root
    for _ in range(_MOST_WRAPPING):
        names = _names(folder.path)
        if form in ("auto", "nbgrader") and "submitted" in names and (folder.path / "submitted").is_dir():
            # An nbgrader course: source/, release/, autograded/ beside it are not handed in.
            return _into(folder, "submitted")
        inner = _inner(intake, folder.path, names)
        if inner is None or not _is_wrapping(intake, _into(folder, inner), form):
            break
        for name in names:
            if name != inner:
                shown = "/".join(map(shown_name, (folder.path / name).relative_to(root.path).parts))
                intake.note("submissions.passed_over", file=shown)
        folder = _into(folder, inner)
    if form == "auto":
        _check_is_class(intake, folder.path, source / folder.path.relative_to(root.path))
    return folder


def _into(folder: Item, name: str) -> Item:
    return Item(folder.path / name, folder.shown, is_folder=True)


def _names(folder: Path) -> list[str]:
    """Return the names in a folder, without hidden ones and tables; nothing where it cannot be read."""
    try:
        names = (name for name in os.listdir(folder) if name not in {*_TABLES, PACKAGE_FILE})
        return sorted(name for name in names if not is_hidden(name))
    except OSError:
        return []


def _has_form(intake: Intake, folder: Path) -> bool:
    """Return whether what lies in a folder is of a form that has a name, or anything in it is called as an LMS calls it."""
    names = _names(folder)
    items = [Item(folder / name, name, is_folder=(folder / name).is_dir()) for name in names]
    return any(map(is_lms_name, names)) or form_of(intake, items) != "auto"


def _inner(intake: Intake, folder: Path, names: Sequence[str]) -> str | None:
    """Return the only folder that answers lie in, where nothing beside it can be a student's."""
    if _has_form(intake, folder):
        return None
    folders = [name for name in names if _is_folder(folder / name)]
    holders = [name for name in folders if len(folders) == 1 or next(_answers_below(folder / name), None)]
    others = [name for name in names if name not in folders]
    is_alone = len(folders) == 1 and not any(is_answer(name) or _is_zip(name) for name in others)
    if len(holders) != 1 or any(_is_zip(name) or _is_students(intake, name) for name in others):
        return None
    return holders[0] if is_alone or _students_within(intake, folder / holders[0]) else None


def _is_students(intake: Intake, name: str) -> bool:
    """Return whether a file beside folders may be a student's: `assignment.ipynb` and `ex03.ipynb` name nobody."""
    rest, _ = without_exercise(intake.course, without_copy(stem_of(name))[0])
    return is_answer(name) and bool(rest) and not is_general(rest)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _answers_below(folder: Path) -> Iterator[str]:
    """Yield the names of answers and zips in a folder and those below it."""
    for _, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name) and name.lower() not in LIBRARIES)
        yield from (
            name for name in sorted(files) if not is_hidden(name) and (is_answer(name) or _is_zip(name))
        )


def _is_wrapping(intake: Intake, folder: Item, form: str) -> bool:
    """Return whether an only folder holds the class, and is not the class's only student."""
    path = folder.path
    if form in ("git", "github-classroom") and is_clone(path):
        return False
    if not _is_folder(path) or form_of(intake, [folder]) != "auto" or (path / TIMESTAMP).is_file():
        return False
    names = _names(path)
    if _is_a_students(intake, path, names):
        return False
    if _has_form(intake, path):
        return True
    answers = [name for name in names if is_answer(name)]
    if any(_is_own(intake, name) for name in answers):
        return False
    notebooks = [stem_of(name) for name in answers if is_notebook(name)]
    if any(_flat(intake, name) for name in answers) or are_of_a_class(notebooks):
        return True
    folders = [name for name in names if (path / name).is_dir()]
    # An assignment of nbgrader's, an attempt or an exercise: they lie in a student's folder.
    if any(_is_part(intake, path / name) for name in folders):
        return False
    zips = [name for name in names if _is_zip(name)]
    return bool(folders) or (len(zips) > 1 and form != "folders")


def _is_own(intake: Intake, name: str) -> bool:
    """Return whether a file's name is an exercise's, with nothing beside it that may be a student's name."""
    base = without_copy(stem_of(name))[0]
    rest, exercises = without_exercise(intake.course, base)
    return parse_exercise_name(intake.course, base) is not None or (
        bool(exercises) and (not rest or is_general(rest) or not re.search(r"[^\W\d_]|\d{5}", rest))
    )


def _flat(intake: Intake, name: str) -> tuple[str, frozenset[str]] | None:
    """Return the student and the exercises that a file's name has in it, if it has both."""
    rest, exercises = without_exercise(intake.course, without_copy(stem_of(name))[0])
    return (key_of(rest), exercises) if exercises and not _is_own(intake, name) else None


def _is_part(intake: Intake, folder: Path) -> bool:
    """Return whether a folder is a part of what one student handed in: an attempt, an assignment or an exercise."""
    name = text_of(folder.stem if _is_zip(folder.name) else folder.name)
    number, _ = attempt_of(name, intake.zone) or (_MOST_ATTEMPTS, None)
    return (
        (folder / TIMESTAMP).is_file()
        or number < _MOST_ATTEMPTS
        or parse_exercise_name(intake.course, name) is not None
    )


def _students_within(intake: Intake, folder: Path) -> list[str]:
    """Return what in a folder may be several students': files, folders and zips with the same exercise for other names."""
    names = _names(folder)
    if from_lms := [name for name in names if is_lms_name(name)]:
        return from_lms
    students: dict[object, dict[str, str]] = defaultdict(dict)
    for name in names:
        if is_answer(name) and (flat := _flat(intake, name)) is not None:
            student, exercises = flat
            students[exercises][student] = name
    units = _units(intake, folder)
    for name, path in units.items():
        if not _is_part(intake, folder / name):
            for answer in _answers_below(path):
                exercise, plain, _ = parse_file_name(intake.course, answer)
                students[exercise or plain][key_of(without_copy(text_of(name))[0])] = name
    several = {name for owners in students.values() if len(owners) > 1 for name in owners.values()}
    if not several and len(units) == 1 and not any(map(is_answer, names)):
        ((name, path),) = units.items()
        return [f"{name}/{inner}" for inner in _students_within(intake, path)]
    return sorted(several)


def _units(intake: Intake, folder: Path) -> dict[str, Path]:
    """Return the folders and the zips in a folder, and where they lie unpacked."""
    units = {}
    for name in _names(folder):
        path = folder / name
        if _is_folder(path) and name.lower() not in LIBRARIES:
            units[name] = path
        elif _is_zip(name) and path.is_file() and not path.is_symlink():
            # What is wrong with a zip is said when it is taken.
            with suppress(ZipRefused, OSError):
                units[name] = unpack(path, intake.unpack_into, STUDENT_LIMITS).folder
    return units


def _check_is_class(intake: Intake, folder: Path, given: Path) -> None:
    """Raise a `RequestError` where what lies in the class's folder may be one student's or several students'.

    It names the folder as it was `given`.

    Folders in a student's folder are the student's where the folder beside it is surely a student's.
    """
    if _has_form(intake, folder):
        return
    units = _units(intake, folder)
    seen = []
    if units and all(_is_part(intake, folder / name) and not name.isdigit() for name in units):
        seen = [*units]
    else:
        for name, path in units.items():
            names = _names(path)
            within = _students_within(intake, path)
            is_student = key_of(text_of(name)) in intake.roster_names or (
                len(units) > 1 and any(is_answer(file) and not _flat(intake, file) for file in names)
            )
            has_parts = any(_is_folder(path / below) and _is_part(intake, path / below) for below in names)
            if is_student or (has_parts and not within):
                return
            seen += [f"{name}/{inner}" for inner in within]
    if seen:
        first = ", ".join(map(shown_name, seen[:_MOST_SEEN])) + (", ..." if len(seen) > _MOST_SEEN else "")
        values = {"folder": str(given), "seen": first}
        if all(parse_exercise_name(intake.course, text_of(name)) for name in units):
            raise RequestError(
                "request.whose_exercises", {**values, "one": given / seen[0], "exercise": seen[0]}
            )
        raise RequestError("request.whose", values)


def _is_a_students(intake: Intake, folder: Path, names: Sequence[str]) -> bool:
    """Return whether the roster names a folder, or folders in it are called like those beside it.

    A student can make folders that are called like other students.
    """
    beside = {key_of(name) for name in _names(folder.parent) if name != folder.name}
    inside = (name for name in names if key_of(name) in beside)
    return key_of(folder.name) in intake.roster_names or any((folder / name).is_dir() for name in inside)


def class_items(intake: Intake, folder: Item) -> list[Item]:
    """Return what lies in the class's folder, without the tables."""
    no_students = {*_TABLES, PACKAGE_FILE}
    return [item for item in list_folder(intake, folder) if item.path.name not in no_students]
