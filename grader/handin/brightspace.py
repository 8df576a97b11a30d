"""Brightspace's (D2L's) download of an assignment: a folder for each submission, named by Brightspace, and an index.html.

    <user id>-<assignment id> - <name> - <date and time>/<file>
    <user id>-<assignment id> - <name> - <date and time> - <file>       in older versions, without folders

The date is in the language of the site: `Mar 2, 2026 1011 AM`, `2 March, 2026 10:11`, `2026년 3월 2일 1011 오전`. It has no zone, and
is the institution's. Each submission of a student is one folder. Where groups hand in, the name is the group's.
docs/handing-in.md names the sources of these rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.handin.names import key_of, text_of
from grader.handin.records import Intake, Item, Origin
from grader.handin.student_files import take_file, take_folder

_IDS = re.compile(r"(?P<user>\d+)-(?P<assignment>\d+)\s+-\s*(?P<rest>.+)", re.DOTALL | re.ASCII)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b년?", re.ASCII)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?[:.시h]?\s?(\d\d)분?(?::\d\d)?\s*$", re.ASCII)
_HALF = re.compile(r"(?<![^\W\d_])(?:(?P<afternoon>p\.? ?m\b\.?|오후)|(?:a\.? ?m\b\.?|오전))")
_MONTHS = (
    ("jan", "ene", "jän"),
    ("feb", "fev", "fév"),
    ("mar", "mär"),
    ("apr", "avr", "abr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aou", "aoû", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
"""How the months' names begin in English, French, German, Portuguese and Spanish."""


@dataclass(frozen=True, slots=True)
class _Named:
    """What Brightspace says in a name."""

    item: Item
    user: str
    assignment: str
    name: str
    time: datetime
    file: str


def _named(item: Item) -> _Named | None:
    matched = _IDS.fullmatch(text_of(item.path.name))
    if matched is None:
        return None
    # A name may have hyphens, and so may a file: the date stands between them.
    parts = re.split(r"\s*-\s+", matched["rest"])
    for place in range(1, len(parts)):
        time = parse_date(parts[place])
        if time is not None and (item.is_folder or place + 1 < len(parts)):
            name, file = " - ".join(parts[:place]), " - ".join(parts[place + 1 :])
            return _Named(item, matched["user"], matched["assignment"], name, time, file)
    return None


def parse_date(text: str) -> datetime | None:
    """Return a date as Brightspace writes it in a name; None where it is none."""
    text = key_of(text).replace(",", " ")
    half = _HALF.search(text)
    text = _HALF.sub(" ", text).strip()
    year = _YEAR.search(text)
    clock = _CLOCK.search(text)
    if year is None or clock is None or clock.start() < year.end():
        return None
    words = re.findall(r"\d+|[^\W\d_]+", text[: year.start()] + " " + text[year.end() : clock.start()])
    months = [number for word in words for number, names in enumerate(_MONTHS, 1) if word.startswith(names)]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    if not months and "월" in words:
        months, numbers = numbers[:1], numbers[1:]
    hour = int(clock[1])
    if half is not None:
        hour = hour % 12 + (12 if half["afternoon"] else 0)
    try:
        (month,), (day,) = months, numbers
        return datetime(int(year[0][:4]), month, day, hour, int(clock[2]))
    except ValueError:
        return None


def is_brightspace_download(_intake: Intake, items: Sequence[Item]) -> bool:
    """Return whether Brightspace named more than half of these items, its own index.html aside."""
    named = sum(_named(item) is not None for item in items)
    return 2 * named > sum(item.path.name != "index.html" for item in items)


def read_brightspace(intake: Intake, items: Sequence[Item]) -> list[Item]:
    """Take what Brightspace named in the folder of a download; return the other items."""
    named = {item: found for item in items if (found := _named(item))}
    is_one_assignment = len({found.assignment for found in named.values()}) == 1
    for item, found in named.items():
        # Where the second number is not the assignment's, nobody knows what the first one is.
        person = intake.add_person(found.name, found.user if is_one_assignment else "")
        stated_at = found.time.replace(tzinfo=intake.zone)
        origin = Origin(person, stated_at=stated_at, is_trusted=False, is_timed=False)
        if item.is_folder:
            take_folder(intake, item, origin)
        else:
            take_file(intake, item, origin, found.file)
    return [item for item in items if item not in named]
