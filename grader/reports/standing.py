"""How the points that count came about, in sentences: by hand, late, extended, which attempt; and comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grader.messages.sentences import bilingual, points_count, points_text, time_text
from grader.model import Exercise, Grade, Standing, Text, Verdict


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about a grade."""

    kind: Literal["override", "late", "fact", "comment"]
    text: Text


def is_remarkable(grade: Grade) -> bool:
    """Return whether something was decided by hand, or was late."""
    standing = grade.standing
    return standing is not None and bool(
        standing.override or standing.extension or standing.comments or standing.late
    )


def remarks(grade: Grade, exercise: Exercise, *, instructor: bool) -> tuple[Remark, ...]:
    """Return what there is to say of a grade besides its checks.

    A student reads the same as an instructor, but for the reason of an extension, which may be a private one and is
    not for a page that is shown around.
    """
    return tuple(_remarks(grade, exercise, instructor))


def _remarks(grade: Grade, exercise: Exercise, instructor: bool) -> Iterator[Remark]:
    standing = grade.standing
    if grade.group and grade.path:
        yield Remark("fact", bilingual("report.group", group=grade.group))
    if grade.submitted_at is not None:
        at = time_text(grade.submitted_at, exercise.timezone)
        yield Remark("fact", bilingual("report.handed_in", at=at))
    if standing is None:
        return
    if standing.attempts > 1 and standing.attempt:
        counts = {"attempt": standing.attempt, "attempts": standing.attempts}
        yield Remark("fact", bilingual("report.attempt", **counts))
    yield from _due(standing, exercise, instructor)
    if grade.waiting:
        yield Remark(
            "fact",
            bilingual("report.waiting", count=points_count(grade.waiting), points=points_text(grade.waiting)),
        )
    override = standing.override
    lost = standing.late is not None and standing.late.percent > 0
    if grade.verdict is not Verdict.UNGRADED and (override is not None or lost):
        values = {"earned": points_text(standing.earned), "possible": points_text(grade.possible)}
        yield Remark("fact", bilingual("report.earned", **values))
    if override is not None:
        values = {"points": points_text(grade.points), "by": override.author, "reason": override.why}
        yield Remark("override", bilingual("report.overridden", **values))
    for comment in standing.comments:
        yield Remark("comment", bilingual("report.comment", by=comment.author, comment=comment.why))


def _due(standing: Standing, exercise: Exercise, instructor: bool) -> Iterator[Remark]:
    extension, late = standing.extension, standing.late
    due = exercise.due if extension is None else extension.until
    if extension is not None and due is not None:
        until = time_text(due, exercise.timezone)
        if instructor:
            values = {"until": until, "by": extension.author, "reason": extension.why}
            yield Remark("fact", bilingual("report.extended_by", **values))
        else:
            yield Remark("fact", bilingual("report.extended", until=until))
    if late is not None and due is not None:
        key = "report.late" if late.percent else "report.late_free" if late.days else "report.late_graced"
        values = {
            "due": time_text(due, exercise.timezone),
            "days": str(late.days),
            "percent": points_text(late.percent),
        }
        yield Remark("late", bilingual(key, **values))
