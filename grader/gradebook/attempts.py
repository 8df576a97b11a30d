"""Which grade of an attempt is its newest, and in which order a student's attempts were handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from grader.gradebook.tables import GRADES, RUNS


def newest_grades(until: int | None, *, proposed: bool = False) -> Select[Any]:
    """Select the id of the newest counted grade of every attempt.

    `until` is the number of the last run that counts; with `proposed` the grades of runs that are not yet accepted count, too.
    """
    states = ["counted", "proposed"] if proposed else ["counted"]
    query = (
        select(func.max(GRADES.c.id)).join(RUNS, RUNS.c.id == GRADES.c.run).where(RUNS.c.state.in_(states))
    )
    if until is not None:
        query = query.where(RUNS.c.id <= until)
    return query.group_by(GRADES.c.student, GRADES.c.exercise, GRADES.c.digest)


def in_order(grades: Sequence[Any], attempts: Sequence[Any]) -> list[tuple[Any, datetime | None]]:
    """Return one student's and exercise's grades in the order of the attempts, each with the time handed in.

    `grades` are rows of the table of grades, `attempts` those of the table of attempts. Attempts that were found together
    keep their order. Those that were found at different times are ordered by when they were handed in, where that is known,
    and else by when they were found. A file that could not be read comes last, unless other files were found after it was
    graded. A grade for nothing handed in is returned only where nothing else is.
    """
    if len(grades) == len(attempts) == 1 and grades[0]["digest"] == attempts[0].digest:
        # Nearly everybody has one file.
        return [(grades[0], attempts[0].submitted_at)]
    by_digest = {row["digest"]: row for row in grades}
    together: dict[datetime, list[Any]] = defaultdict(list)
    for attempt in attempts:
        together[attempt.last_seen].append(attempt)

    def moment(found: datetime) -> datetime:
        known = [item.submitted_at for item in together[found] if item.submitted_at is not None]
        return max(known, default=found)

    ordered = [
        (by_digest[item.digest], item.submitted_at)
        for found in sorted(together, key=lambda found: (moment(found), found))
        for item in sorted(together[found], key=lambda item: int(item.position))
        if item.digest in by_digest
    ]
    # The other grades are of files that could not be read or are too large, or of nothing handed in.
    digests = {item.digest for item in attempts}
    others: list[tuple[Any, datetime | None]] = [
        (row, None) for row in grades if row["digest"] not in digests
    ]
    last_found = max(together, default=datetime.min)
    unread = [(row, time) for row, time in others if row["path"] and row["graded_at"] > last_found]
    return [*ordered, *unread] or others
