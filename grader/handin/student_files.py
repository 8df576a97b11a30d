"""What one student handed in: a folder, a zip or a file -> candidates."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.course.names import parse_exercise_name
from grader.errors import reason
from grader.handin.archives import STUDENT_LIMITS, Unpacked, ZipRefused, unpack
from grader.handin.names import is_answer, is_hidden, parse_file_name, shown_name, text_of
from grader.handin.records import Candidate, Clock, Intake, Item, Person
from grader.handin.times import attempt_of, parse_time, parse_timestamp
from grader.model import Explanation

__all__ = ["Where", "list_folder", "note_unpacked", "take_file", "take_folder", "zip_dates"]

TIMESTAMP = "timestamp.txt"
_OF_NBGRADER = {TIMESTAMP, "submission_secret.txt"}
_DEEPEST = 6
_MOST_ZIPS = 2
"""A student's zip, and a zip in it."""
_LIBRARIES = {"venv", "env", "site-packages", "node_modules"}
"""Folders of installed code, in which `3.py` is nobody's third exercise."""


@dataclass(frozen=True, slots=True)
class Where:
    """What the folders above a file say of it."""

    person: Person
    hint: str | None = None
    number: int = 0
    told: datetime | None = None
    is_trusted: bool = True
    """Whether names of folders and timestamps can be believed: those that a student made cannot."""
    is_timed: bool = True
    is_counted: bool = False
    """Whether a number at a name's end may be the LMS's."""
    depth: int = 0
    zips: int = 0


def list_folder(intake: Intake, folder: Item, person: Person | None = None) -> list[Item]:
    """Return what lies in a folder, sorted; links and what is no file are noted and passed over."""
    try:
        with os.scandir(folder.path) as entries:
            found = [_item(intake, folder, entry) for entry in sorted(entries, key=lambda entry: entry.name)]
    except OSError as error:
        intake.note("submissions.unreadable_folder", folder=folder.shown, error=reason(error))
        if person is not None:
            intake.unreadable.append((person, folder.path))
        return []
    return [item for item in found if item is not None]


def _item(intake: Intake, folder: Item, entry: os.DirEntry[str]) -> Item | None:
    shown = f"{folder.shown}/{shown_name(entry.name)}" if folder.shown else shown_name(entry.name)
    path = Path(entry.path)
    if is_hidden(entry.name):
        return None
    if entry.is_symlink():
        intake.note("submissions.link", file=shown)
        return None
    if entry.is_dir(follow_symlinks=False):
        return Item(path, shown, folder.clock, is_folder=True)
    if not entry.is_file(follow_symlinks=False):
        intake.note("submissions.no_file", file=shown)
        return None
    observed, written = folder.clock.times(path, entry.stat(follow_symlinks=False).st_mtime)
    return Item(path, shown, folder.clock, observed=observed, written=written)


def take_folder(intake: Intake, folder: Item, where: Where) -> None:
    """Take what lies in a student's folder, and in the folders below it."""
    if where.depth > _DEEPEST:
        intake.note("submissions.too_deep", folder=folder.shown)
        return
    items = list_folder(intake, folder, where.person)
    if where.is_trusted:
        where = _with_timestamp(intake, items, where)
        items = [item for item in items if item.path.name not in _OF_NBGRADER]
    if not items and not any(path == folder.path for _, path in intake.unreadable):
        intake.note("submissions.empty", folder=folder.shown or shown_name(where.person.name))
    for item in items:
        if not item.is_folder:
            take_file(intake, item, where)
        elif item.path.name.lower() in _LIBRARIES:
            intake.note("submissions.library", folder=item.shown)
        else:
            take_folder(intake, item, _below(intake, item, where))


def _below(intake: Intake, folder: Item, where: Where) -> Where:
    """Return what is known in a folder below: a number or a time is an attempt, an exercise's name an assignment."""
    where = replace(where, depth=where.depth + 1)
    name = text_of(folder.path.name)
    attempt = attempt_of(name, intake.zone)
    is_assignment = where.is_trusted and (folder.path / TIMESTAMP).is_file()
    if attempt is not None and not is_assignment:
        number, told = attempt
        if not where.is_trusted:
            # A student could have made the folder: it puts their own attempts in order and tells no time.
            return replace(where, number=where.number or number)
        return replace(where, number=number or where.number, told=told or where.told)
    exercise = parse_exercise_name(intake.course, name)
    return where if exercise is None else replace(where, hint=exercise.id)


def _with_timestamp(intake: Intake, items: Iterable[Item], where: Where) -> Where:
    item = next((item for item in items if item.path.name == TIMESTAMP and not item.is_folder), None)
    if item is None:
        return where
    try:
        with item.path.open("rb") as file:
            text = file.read(200).decode("utf-8-sig", "replace")
    except OSError as error:
        text = error.strerror or ""
    told = parse_timestamp(text, intake.zone)
    if told is None:
        intake.note("submissions.bad_timestamp", file=item.shown, text=text.strip()[:80])
    return replace(where, told=told or where.told)


def take_file(intake: Intake, item: Item, where: Where, name: str = "") -> None:
    """Take a file as a candidate, or the files in it where it is a zip; `name` is the student's own name of it."""
    name = name or text_of(item.path.name)
    if name.lower().endswith(".zip"):
        _take_zip(intake, item, where, name)
    elif not is_answer(name):
        intake.note("submissions.passed_over", file=item.shown)
    else:
        exercise, plain, copy = parse_file_name(intake.course, name, is_counted=where.is_counted)
        intake.candidates.append(
            Candidate(
                where.person,
                item,
                plain,
                exercise,
                where.hint,
                where.number or copy,
                where.told,
                where.is_timed,
            )
        )


def _take_zip(intake: Intake, item: Item, where: Where, name: str) -> None:
    if where.zips >= _MOST_ZIPS:
        intake.note("submissions.zip_nested", zip=item.shown)
        return
    try:
        unpacked = unpack(item.path, intake.unpack_into, STUDENT_LIMITS)
    except ZipRefused as error:
        intake.note(error.explanation.key, zip=item.shown, **error.explanation.values)
        return
    except OSError as error:
        intake.note("submissions.zip_unreadable", zip=item.shown, error=reason(error))
        intake.unreadable.append((where.person, item.path))
        return
    note_unpacked(intake, item.shown, unpacked)
    hint, _, _ = parse_file_name(intake.course, name, is_counted=where.is_counted)
    # What is inside a student's zip is the student's to write: the zip's own time counts.
    clock = Clock(intake.zone, zip_dates(intake, unpacked), (item.observed,))
    folder = Item(unpacked.folder, item.shown, clock, is_folder=True)
    inside = replace(where, hint=hint or where.hint, is_trusted=False, is_counted=False)
    take_folder(intake, folder, replace(inside, depth=where.depth + 1, zips=where.zips + 1))


def note_unpacked(intake: Intake, shown: str, unpacked: Unpacked) -> None:
    """Note what of a zip was passed over, under the zip's name."""
    for note in unpacked.notes:
        file = note.values["file"]
        values = {**note.values, "file": f"{shown}/{file}" if shown else file}
        intake.notes.append(Explanation(note.key, values))


def zip_dates(intake: Intake, unpacked: Unpacked) -> dict[Path, datetime | None]:
    """Return the dates of a zip's members; one without a zone is in the course's."""
    return {unpacked.folder / name: parse_time(date, intake.zone) for name, date in unpacked.dates.items()}
