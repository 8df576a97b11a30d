"""Moodle's "Download all submissions": folders, or one folder of files, each named by Moodle.

    <full name>_<id>_assignsubmission_file/<path>/<file>       in folders; before Moodle 4 with `_` at their end
    <full name>_<id>_assignsubmission_file_<file>              without folders
    <full name>_<id>_assignsubmission_onlinetext/onlinetext.html

Moodle writes the spaces of a name as underscores. The id belongs to the assignment and not to the person. Where groups hand
in, the group's name and id stand in their place (without an id for those in no group); where names are hidden, the word for
participant does. The dates in Moodle's zip are those of the download. docs/handing-in.md names the sources of these rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.handin.names import text_of
from grader.handin.records import Intake, Item, Origin
from grader.handin.student_files import take_file, take_folder

_NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)


def is_moodle(name: str) -> bool:
    """Return whether Moodle gives such a name to a folder or file of its download."""
    return _NAME.fullmatch(text_of(name)) is not None


def is_moodle_download(_intake: Intake, items: Sequence[Item]) -> bool:
    """Return whether Moodle named any of these items."""
    return any(is_moodle(item.path.name) for item in items)


def read_moodle(intake: Intake, items: Sequence[Item]) -> list[Item]:
    """Take what Moodle named in the folder of a download; return the other items."""
    others = []
    for item in items:
        matched = _NAME.fullmatch(text_of(item.path.name))
        if matched is None:
            others.append(item)
            continue
        person = intake.add_person(matched["name"], matched["id"] or "")
        origin = Origin(person, is_trusted=False, is_timed=False)
        if matched["kind"] == "onlinetext":
            intake.note("submissions.online_text", file=item.shown)
        elif item.is_folder:
            take_folder(intake, item, origin)
        else:
            take_file(intake, item, origin, matched["file"] or "")
    return others
