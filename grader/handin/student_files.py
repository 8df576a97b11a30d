"""What one student handed in: a folder, a zip or a file -> candidates."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from grader.answers.regular import open_regular
from grader.course.names import parse_exercise_name
from grader.errors import reason
from grader.handin.archives import STUDENT_LIMITS, Unpacked, ZipRefused, unpack
from grader.handin.clones import origin_in
from grader.handin.names import is_answer, is_hidden, parse_file_name, shown_name, text_of
from grader.handin.packed import MANIFEST, MOST_BYTES, read_packed
from grader.handin.records import Candidate, Intake, Item, Origin, Person
from grader.handin.times import attempt_of, parse_time, parse_timestamp, time_on_disk
from grader.messages.sentences import time_text

TIMESTAMP = "timestamp.txt"
_NBGRADER_FILES = {TIMESTAMP, "submission_secret.txt"}
_MOST_FOLDERS = 6
"""Files in folders further down are not looked for."""
_MOST_ZIPS = 2
"""A student's zip, and a zip in it, are unpacked; a zip in that is not."""
LIBRARIES = {"venv", "env", "site-packages", "node_modules"}
"""Folders of installed code, in which `3.py` is nobody's third exercise."""


def list_folder(intake: Intake, folder: Item, person: Person | None = None) -> list[Item]:
    """Return what lies in a folder, sorted by name; links and pipes are noted and passed over.

    A folder that cannot be read is noted, and is kept as a `person`'s whose answers are not known.
    """
    try:
        with os.scandir(folder.path) as entries:
            items = [_item(intake, folder, entry) for entry in sorted(entries, key=lambda entry: entry.name)]
    except OSError as error:
        intake.note("submissions.unreadable_folder", folder=folder.shown, error=reason(error))
        if person is not None:
            intake.cannot_read(person, folder.path, error)
        return []
    return [item for item in items if item is not None]


def _item(intake: Intake, folder: Item, entry: os.DirEntry[str]) -> Item | None:
    shown = f"{folder.shown}/{shown_name(entry.name)}".removeprefix("/")
    path = Path(entry.path)
    if is_hidden(entry.name):
        return None
    if entry.is_dir(follow_symlinks=False):
        return Item(path, shown, is_folder=True)
    if not entry.is_file(follow_symlinks=False):
        intake.note("submissions.link" if entry.is_symlink() else "submissions.no_file", file=shown)
        return None
    if path in intake.zip_dates:
        return Item(path, shown, date=intake.zip_dates[path])
    return Item(path, shown, date=time_on_disk(entry.stat(follow_symlinks=False).st_mtime, intake.zone))


def take_folder(intake: Intake, folder: Item, origin: Origin) -> None:
    """Take what lies in a student's folder, and in the folders below it."""
    if origin.depth > _MOST_FOLDERS:
        intake.note("submissions.too_deep", folder=folder.shown)
        return
    if not (intake.is_nbgrader and origin.depth == 1 and (folder.path / TIMESTAMP).is_file()):
        # An assignment in nbgrader's tree has nbgrader's timestamp, whatever the student put beside it.
        origin = origin_in(intake, folder, origin)
    items = list_folder(intake, folder, origin.person)
    if origin.is_trusted:
        origin = _with_timestamp(intake, items, origin)
        items = [item for item in items if item.path.name not in _NBGRADER_FILES]
    items = _without_manifest(intake, items)
    if not items and not any(path == folder.path for _, path in intake.unreadable):
        intake.note("submissions.empty", folder=folder.shown or shown_name(origin.person.name))
    for item in items:
        if not item.is_folder:
            take_file(intake, item, origin)
        elif item.path.name.lower() in LIBRARIES:
            intake.note("submissions.library", folder=item.shown)
        else:
            take_folder(intake, item, _below(intake, item, origin))


def _without_manifest(intake: Intake, items: list[Item]) -> list[Item]:
    """Note what the manifest of `grader submit` says of a folder, if there is one; return what else lies there."""
    item = next((item for item in items if item.path.name == MANIFEST and not item.is_folder), None)
    if item is None:
        return items
    items = [other for other in items if other is not item]
    try:
        with intake.open(item.path) as file:
            packed = read_packed(file.read(MOST_BYTES + 1))
        digests = {file.path: file.sha256 for file in packed.files} if packed is not None else {}
        changed = [
            other.path.name
            for other in items
            if not other.is_folder and digests.get(other.path.name) != _digest(intake, other)
        ]
    except OSError as error:
        intake.note("submissions.zip_unreadable", zip=item.shown, error=reason(error))
        return items
    if packed is None:
        intake.note("submissions.packed_damaged", file=item.shown)
        return items
    version = shown_name(packed.versions.get("grader", "?")[:40])
    at = time_text(packed.packed_at, intake.course.timezone)
    intake.note("submissions.packed", file=item.shown, version=version, time=at)
    if changed:
        files = ", ".join(map(shown_name, changed))[:200]
        intake.note("submissions.packed_changed", file=item.shown, files=files)
    return items


def _digest(intake: Intake, item: Item) -> str:
    with open_regular(item.path, intake.below(item.path)) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _below(intake: Intake, folder: Item, origin: Origin) -> Origin:
    """Return what is known in a folder below: a number or a time is an attempt, an exercise's name an assignment."""
    name = text_of(folder.path.name)
    attempt = attempt_of(name, intake.zone)
    is_assignment = origin.is_trusted and (folder.path / TIMESTAMP).is_file()
    origin = replace(origin, depth=origin.depth + 1)
    if attempt is None or is_assignment:
        exercise = parse_exercise_name(intake.course, name)
        return origin if exercise is None else replace(origin, hint=exercise.id)
    number, stated_at = attempt
    if not origin.is_trusted:
        # A student could have made the folder: it puts their own attempts in order and tells no time.
        return replace(origin, attempt=origin.attempt or number)
    return replace(origin, attempt=number or origin.attempt, stated_at=stated_at or origin.stated_at)


def _with_timestamp(intake: Intake, items: Iterable[Item], origin: Origin) -> Origin:
    """Return what is known in an assignment's folder, with the time in its `timestamp.txt` if there is one."""
    item = next((item for item in items if item.path.name == TIMESTAMP and not item.is_folder), None)
    if item is None:
        return origin
    try:
        with intake.open(item.path) as file:
            text = file.read(200).decode("utf-8-sig", "replace")
    except OSError as error:
        text = error.strerror or ""
    stated_at = parse_timestamp(text, intake.zone)
    if stated_at is None:
        intake.note("submissions.bad_timestamp", file=item.shown, text=text.strip()[:80])
    return replace(origin, stated_at=stated_at or origin.stated_at)


def take_file(intake: Intake, item: Item, origin: Origin, name: str = "") -> None:
    """Take a file as a candidate, or the files in it where it is a zip; `name` is the student's own name of it."""
    # Browsers and Windows add an ending of their own to what they take for a text.
    name = re.sub(r"(?i)(\.py|\.ipynb)\.(?:txt|json)$", r"\1", name or text_of(item.path.name))
    if name.lower().endswith(".zip"):
        _take_zip(intake, item, origin, name)
    elif not is_answer(name) or name in intake.check_names:
        intake.note("submissions.passed_over", file=item.shown)
    else:
        exercise, plain, copy = parse_file_name(intake.course, name, may_be_numbered=origin.may_be_numbered)
        origin = replace(origin, attempt=origin.attempt or copy)
        intake.candidates.append(Candidate(item, origin, plain, exercise, name, item.path.parent))


def _take_zip(intake: Intake, item: Item, origin: Origin, name: str) -> None:
    if origin.zip_depth >= _MOST_ZIPS:
        intake.note("submissions.zip_nested", zip=item.shown)
        return
    try:
        spent, below = intake.spent[origin.person], intake.below(item.path)
        unpacked = unpack(item.path, intake.unpack_into, STUDENT_LIMITS, spent, below)
    except ZipRefused as error:
        intake.note(error.explanation.key, zip=item.shown, **error.explanation.values)
        return
    except OSError as error:
        intake.note("submissions.zip_unreadable", zip=item.shown, error=reason(error))
        intake.cannot_read(origin.person, item.path, error)
        return
    hint, _, _ = parse_file_name(intake.course, name, may_be_numbered=origin.may_be_numbered)
    inside = replace(
        origin,
        zip=origin.zip or item,
        hint=hint or origin.hint,
        is_trusted=False,
        may_be_numbered=False,
        depth=origin.depth + 1,
        zip_depth=origin.zip_depth + 1,
    )
    take_folder(intake, unpacked_folder(intake, unpacked, item.shown), inside)


def unpacked_folder(intake: Intake, unpacked: Unpacked, shown: str = "") -> Item:
    """Return the folder that a zip was unpacked to, and note under the zip's name what of it was passed over.

    A date without a zone is in the course's.
    """
    for note in unpacked.notes:
        intake.note(note.key, **{**note.values, "file": f"{shown}/{note.values['file']}".strip("/") or "zip"})
    for name, date in unpacked.dates.items():
        intake.zip_dates[unpacked.folder / name] = parse_time(date, intake.zone)
    return Item(unpacked.folder, shown, is_folder=True)
