"""Canvas's "Download Submissions": files beside each other, each named by Canvas.

    <name>_<user id>_<file id>_<file>             <name>_LATE_<user id>_<file id>_<file>
    anon_<code>_<file id>_<file>                  LATE_anon_<code>_<file id>_<file>      where names are hidden
    <name>_<user id>_text.html, ..._link.html     typed or linked online

The name is the sortable one ("Kim, Ann") in small letters, without commas and spaces; a group's where groups hand in.
The numbers of files grow with time. A file that a student hands in again under the same name gets `-1`, `-2`, ... The
dates in Canvas's zip are the download's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.handin.names import text_of
from grader.handin.records import Intake, Item
from grader.handin.student_files import Where, take_file

__all__ = ["is_canvas", "read_canvas"]

_NAME = re.compile(
    r"(?:(?P<late_anonymous>LATE_)?(?P<anonymous>anon_[A-Za-z0-9]+)|(?P<name>.+?)_(?P<late>LATE_)?(?P<id>\d+))_"
    r"(?:(?P<number>\d+)_(?P<file>.+)|(?P<online>text|link)\.html)",
    re.DOTALL,
)


def is_canvas(name: str) -> bool:
    """Return whether Canvas gives such a name to a file of its download."""
    return _NAME.fullmatch(text_of(name)) is not None


def read_canvas(intake: Intake, items: Sequence[Item]) -> list[Item]:
    """Take what lies in the folder of a download; return what Canvas did not name."""
    others = []
    for item in items:
        matched = None if item.is_folder else _NAME.fullmatch(text_of(item.path.name))
        if matched is None:
            others.append(item)
            continue
        anonymous = matched["anonymous"]
        person = intake.meet(anonymous or matched["name"], anonymous or matched["id"])
        if matched["late"] or matched["late_anonymous"]:
            intake.note("submissions.canvas_late", file=item.shown)
        if matched["online"]:
            intake.note("submissions.online_text", file=item.shown)
            continue
        number = int(matched["number"][:18])
        where = Where(person, number=number, is_trusted=False, is_timed=False, is_counted=True)
        take_file(intake, item, where, matched["file"])
    return others
