"""Blackboard's gradebook download: files beside each other, each named by Blackboard.

    <assignment>_<user name>_attempt_2026-03-02-10-11-12_<file>
    <assignment>_<user name>_attempt_2026-03-02-10-11-12.txt        the attempt's summary

Assignments and user names may have underscores. The summary begins with `Name: Kim Minjun (kim1)`, and ends with each file's own
name in the line before that of the download; what a student typed stands between them. Where groups hand in, the group's name
stands in place of the user's. Times are the institution's, without a zone. docs/handing-in.md names the sources of these rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.errors import reason
from grader.handin.names import text_of
from grader.handin.prefixes import without_prefix
from grader.handin.records import Intake, Item, Origin
from grader.handin.student_files import take_file

_NAME = re.compile(
    r"(?P<head>.+?_.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL | re.ASCII
)
_ACCOUNT = re.compile(r"[^:\n]*:[ \t]*(?P<name>[^\n]*?)[ \t]*\((?P<user>[^()\n]+)\)\s*")
"""A summary's first line, in any language."""
_TYPED = re.compile(r"^Submission Field:\s*(?!There is no )\S", re.MULTILINE)
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Named:
    """What Blackboard says in a file's name."""

    item: Item
    head: str
    """Assignment and user."""
    time: datetime
    file: str
    """The student's own name of it; empty for a summary."""


def _named(item: Item) -> _Named | None:
    matched = None if item.is_folder else _NAME.fullmatch(text_of(item.path.name))
    try:
        return matched and _Named(
            item,
            matched["head"],
            datetime.strptime(matched["time"], "%Y-%m-%d-%H-%M-%S"),
            matched["file"] or "",
        )
    except ValueError:
        return None


def is_blackboard_download(_intake: Intake, items: Sequence[Item]) -> bool:
    """Return whether more than half of the files are what Blackboard named for one assignment.

    What students call their files can look alike behind Canvas's own names, but these do not begin alike.
    """
    named = [found for item in items if (found := _named(item))]
    heads = sorted({found.head for found in named})
    is_one = len(heads) == 1 or (len(heads) > 1 and without_prefix(heads, "_", ())[heads[0]] != heads[0])
    return is_one and 2 * len(named) > sum(not item.is_folder for item in items)


def read_blackboard(intake: Intake, items: Sequence[Item]) -> list[Item]:
    """Take what Blackboard named in the folder of a download; return the other items."""
    named = {item: found for item in items if (found := _named(item))}
    summaries = {
        (found.head, found.time): _summary(intake, found.item) for found in named.values() if not found.file
    }
    accounts = _accounts({found.head for found in named.values()}, summaries, intake.roster_names)
    for item, found in named.items():
        person = intake.add_account(*accounts[found.head])
        summary = summaries.get((found.head, found.time), "")
        if found.file:
            stated_at = found.time.replace(tzinfo=intake.zone)
            origin = Origin(person, stated_at=stated_at, is_trusted=False, is_timed=False)
            take_file(intake, item, origin, _own_name(summary, text_of(item.path.name)) or found.file)
        elif _TYPED.search(summary):
            intake.note("submissions.online_text", file=item.shown)
    return [item for item in items if item not in named]


def _summary(intake: Intake, item: Item) -> str:
    try:
        with intake.open(item.path) as file:
            return file.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError as error:
        intake.note("submissions.unreadable_folder", folder=item.shown, error=reason(error))
        return ""


def _accounts(
    heads: Iterable[str], summaries: Mapping[tuple[str, datetime], str], known: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return head -> user name, and the full name where a summary tells it.

    The summaries tell where user names begin; without one that is where the heads begin to differ.
    """
    heads = sorted(heads)
    full_names: dict[str, str] = {}
    starts = set()
    for (head, _), summary in summaries.items():
        matched = _ACCOUNT.match(summary)
        if matched and head.endswith(f"_{matched['user']}"):
            full_names[head] = matched["name"]
            starts.add(head.removesuffix(matched["user"]))
    users = without_prefix(heads, "_", known)
    if len(starts) == 1 and all(head.startswith(start := min(starts)) for head in heads):
        users = {head: head.removeprefix(start) for head in heads}
    return {
        head: (user, full_names[head]) if full_names.get(head) else (user,) for head, user in users.items()
    }


def _own_name(summary: str, name: str) -> str:
    """Return what the student called a file: it stands in the line before the name in the download."""
    lines = [text_of(line).partition(":")[2].strip() for line in summary.splitlines()]
    # The last such line is Blackboard's; what the student typed stands above it.
    places = [place for place, line in enumerate(lines) if line == name and place]
    return lines[places[-1] - 1] if places else ""
