"""Canvas's "Download Submissions": files beside each other, each named by Canvas.

    <name>_<user id>_<file id>_<file>             <name>_LATE_<user id>_<file id>_<file>
    anon_<code>_<file id>_<file>                  LATE_anon_<code>_<file id>_<file>      where names are hidden
    <name>_<user id>_text.html, ..._link.html     typed or linked online

The name is the sortable one ("Kim, Ann") in small letters, without commas and spaces; where groups hand in, it is the group's.
The numbers of files grow with time. A file that a student hands in again under the same name gets `-1`, `-2`, ... The dates in
Canvas's zip are those of the download. docs/handing-in.md names the sources of these rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.handin.names import text_of
from grader.handin.records import Intake, Item, Origin
from grader.handin.student_files import take_file

_NAME = re.compile(
    r"(?:(?P<late_anonymous>LATE_)?(?P<anonymous>anon_[A-Za-z0-9]+)|(?P<name>.+?)_(?P<late>LATE_)?(?P<id>\d+))_"
    r"(?:(?P<number>\d+)_(?P<file>.+)|(?P<online>text|link)\.html)",
    re.DOTALL,
)


def is_canvas(name: str) -> bool:
    """Return whether Canvas gives such a name to a file of its download."""
    return _NAME.fullmatch(text_of(name)) is not None


def is_canvas_download(_intake: Intake, items: Sequence[Item]) -> bool:
    """Return whether more than half of these items are files that Canvas named."""
    return 2 * sum(not item.is_folder and is_canvas(item.path.name) for item in items) > len(items)


def read_canvas(intake: Intake, items: Sequence[Item]) -> list[Item]:
    """Take what Canvas named in the folder of a download; return the other items."""
    others = []
    for item in items:
        matched = None if item.is_folder else _NAME.fullmatch(text_of(item.path.name))
        if matched is None:
            others.append(item)
            continue
        anonymous = matched["anonymous"]
        person = intake.add_person(anonymous or matched["name"], anonymous or matched["id"])
        if matched["late"] or matched["late_anonymous"]:
            intake.note("submissions.canvas_late", file=item.shown)
        if matched["online"]:
            intake.note("submissions.online_text", file=item.shown)
            continue
        attempt = int(matched["number"][:18])
        origin = Origin(person, attempt=attempt, is_trusted=False, is_timed=False, may_be_numbered=True)
        take_file(intake, item, origin, matched["file"])
    return others
