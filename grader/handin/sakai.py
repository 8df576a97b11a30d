"""Sakai's "Download all" of an assignment: a folder for each student, below one that has the assignment's title.

    <Last, First>(<user name>)/Submission attachment(s)/<file>      where names are hidden, the folder has a code's name
    <Last, First>(<user name>)/timestamp.txt                        in UTC: 20260302011112000, newer 2026-03-02T01:11:12Z
    <Last, First>(<user name>)/..._submissionText.html              typed online
    <Last, First>(<user name>)/feedbackText.html, comments.txt, Feedback Attachment(s)/     the instructors'
    <Last, First>(<user name>)_Submission attachment(s)_<file>      newer versions, when asked for without folders: no times
    grades.csv

Where groups hand in, the folder has the group's title and id. docs/handing-in.md names the sources of these rules.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from grader.errors import reason
from grader.handin.names import text_of
from grader.handin.records import Intake, Item, Origin, Person
from grader.handin.student_files import TIMESTAMP, list_folder, take_file, take_folder
from grader.handin.times import parse_time

_ATTACHMENTS = "submission attachment(s)"
_FEEDBACK = "feedback attachment(s)"
_INSTRUCTORS = {"feedbacktext.html", "comments.txt", TIMESTAMP}
_TYPED = ("_submissiontext.html", "_submissiontext.txt")
_WHO = re.compile(r"(?P<name>.*)\((?P<user>[^()]+)\)", re.DOTALL)
_FLAT = re.compile(
    r"(?P<who>.+?)_(?:(?P<kind>Submission attachment\(s\))_(?P<file>.+)|_?submissionText\.html)",
    re.IGNORECASE | re.DOTALL,
)


def is_sakai_download(_intake: Intake, items: Sequence[Item]) -> bool:
    """Return whether Sakai made more than half of these folders, or named more than half of the files."""
    made = sum(_is_students(item) for item in items)
    return 2 * made > sum(item.is_folder for item in items) or 2 * sum(map(_is_flat, items)) > len(items)


def _is_students(item: Item) -> bool:
    """Return whether a folder holds what Sakai puts there for a student."""
    if not item.is_folder:
        return False
    try:
        names = {text_of(name).lower() for name in os.listdir(item.path)}
    except OSError:
        return False
    return _ATTACHMENTS in names or "feedbacktext.html" in names or not names.isdisjoint(_typed(item))


def _typed(folder: Item) -> set[str]:
    """Return the names that a file of what a student typed may have, in small letters."""
    return {f"{text_of(folder.path.name).lower()}{end}" for end in _TYPED}


def _is_flat(item: Item) -> bool:
    return not item.is_folder and _FLAT.fullmatch(text_of(item.path.name)) is not None


def read_sakai(intake: Intake, items: Sequence[Item]) -> Iterator[Item]:
    """Take the students' folders or files; yield the other items."""
    for item in items:
        flat = None if item.is_folder else _FLAT.fullmatch(text_of(item.path.name))
        if _is_students(item):
            _take_student(intake, item, _person(intake, item.path.name))
        elif flat is None:
            yield item
        elif flat["kind"] is None:
            _person(intake, flat["who"])
            intake.note("submissions.online_text", file=item.shown)
        else:
            origin = Origin(_person(intake, flat["who"]), is_trusted=False, is_timed=False)
            take_file(intake, item, origin, flat["file"])


def _person(intake: Intake, name: str) -> Person:
    name = text_of(name)
    matched = _WHO.fullmatch(name)
    return intake.add_account(*((matched["user"], matched["name"].strip()) if matched else (name,)))


def _take_student(intake: Intake, folder: Item, person: Person) -> None:
    below = {text_of(item.path.name).lower(): item for item in list_folder(intake, folder, person)}
    stated_at = _timestamp(intake, below[TIMESTAMP]) if TIMESTAMP in below else None
    origin = Origin(person, stated_at=stated_at, is_trusted=False, is_timed=False)
    for name, item in below.items():
        if item.is_folder and name != _FEEDBACK and (name == _ATTACHMENTS or _ATTACHMENTS not in below):
            # In another language than English the folder has another name.
            take_folder(intake, item, origin)
        elif name in _typed(folder):
            if item.path.stat().st_size:
                intake.note("submissions.online_text", file=item.shown)
        elif not item.is_folder and name not in _INSTRUCTORS:
            intake.note("submissions.passed_over", file=item.shown)


def _timestamp(intake: Intake, item: Item) -> datetime | None:
    """Return when a student handed in; Sakai's own times are in UTC."""
    try:
        with intake.open(item.path) as file:
            text = file.read(100).decode("utf-8-sig", "replace").strip()
    except OSError as error:
        text = reason(error)
    if re.fullmatch(r"\d{17}", text, re.ASCII):
        stated_at = parse_time(f"{text[:8]}T{text[8:14]}.{text[14:]}", UTC)
    else:
        stated_at = parse_time(text, UTC)
    if stated_at is None:
        intake.note("submissions.bad_timestamp", file=item.shown, text=text[:80])
    return stated_at
