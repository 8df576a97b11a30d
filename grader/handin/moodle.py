"""Moodle's "Download all submissions": folders, or one folder of files, each named by Moodle.

    <full name>_<id>_assignsubmission_file/<path>/<file>       in folders, Moodle 4; before with `_` at the end
    <full name>_<id>_assignsubmission_file_<file>              without folders
    <full name>_<id>_assignsubmission_onlinetext/onlinetext.html

Underscores of the name are spaces. The id belongs to the assignment and not to the person; a group's name and id stand
in their place where groups hand in (without an id for those in no group), and the word for participant where names
are hidden. The dates in Moodle's zip are the download's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.handin.names import text_of
from grader.handin.records import Intake, Item
from grader.handin.student_files import Where, take_file, take_folder

__all__ = ["is_moodle", "read_moodle"]

_NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)


def is_moodle(name: str) -> bool:
    """Return whether Moodle gives such a name to a folder or file of its download."""
    return _NAME.fullmatch(text_of(name)) is not None


def read_moodle(intake: Intake, items: Sequence[Item]) -> list[Item]:
    """Take what lies in the folder of a download; return what Moodle did not name."""
    others = []
    for item in items:
        matched = _NAME.fullmatch(text_of(item.path.name))
        if matched is None:
            others.append(item)
            continue
        person = intake.meet(matched["name"], matched["id"] or "")
        where = Where(person, is_trusted=False, is_timed=False)
        if matched["kind"] == "onlinetext":
            intake.note("submissions.online_text", file=item.shown)
        elif item.is_folder:
            take_folder(intake, item, where)
        else:
            take_file(intake, item, where, matched["file"] or "")
    return others
