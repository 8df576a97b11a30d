"""What changed: between two states of a gradebook, and in a student's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from grader.gradebook.store import Gradebook
from grader.messages.sentences import points_text
from grader.model import Adjustment, CheckResult, Grade, Text

__all__ = ["Change", "CheckChange", "Event", "changes_between", "history_of"]


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check that gives other points."""

    name: str
    title: Text
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Change:
    """A student's exercise that has other points, or a check of it that has."""

    student: str
    exercise: str
    before: float
    after: float
    checks: tuple[CheckChange, ...]

    def as_object(self) -> dict[str, Any]:
        """Return it for JSON."""
        checks = [asdict(check) | {"title": dict(check.title)} for check in self.checks]
        return asdict(self) | {"checks": checks}


def changes_between(before: Sequence[Grade], after: Sequence[Grade]) -> tuple[Change, ...]:
    """Return what differs between two states of a class; whoever is in one of them alone counts as 0 in the other."""
    old = {(grade.student, grade.exercise): grade for grade in before}
    new = {(grade.student, grade.exercise): grade for grade in after}
    changes = []
    for place in sorted(old.keys() | new.keys()):
        mine, theirs = old.get(place), new.get(place)
        points = (_points(mine), _points(theirs))
        checks = _check_changes(() if mine is None else mine.checks, () if theirs is None else theirs.checks)
        if points[0] != points[1] or checks:
            changes.append(Change(*place, *points, checks))
    return tuple(changes)


def _points(grade: Grade | None) -> float:
    return 0.0 if grade is None or grade.is_open else grade.points


def _check_changes(before: Sequence[CheckResult], after: Sequence[CheckResult]) -> tuple[CheckChange, ...]:
    old = {check.name: check for check in before}
    new = {check.name: check for check in after}
    changes = []
    for name in [*new, *(name for name in old if name not in new)]:
        mine, theirs = old.get(name), new.get(name)
        earned = (mine.earned if mine else 0.0, theirs.earned if theirs else 0.0)
        known = theirs or mine
        if earned[0] != earned[1] and known is not None:
            changes.append(CheckChange(name, known.title, *earned))
    return tuple(changes)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a student's grade."""

    moment: datetime
    exercise: str
    key: str
    """The sentence that says it."""
    values: dict[str, Any]
    who: str = ""
    where: str = ""
    """The number of the run or of the decision."""
    is_withdrawn: bool = False

    def as_object(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "at": self.moment.isoformat(),
            "exercise": self.exercise,
            "what": self.key.removeprefix("history."),
            **self.values,
            "who": self.who,
            "where": self.where,
            "withdrawn": self.is_withdrawn,
        }


_DECISIONS = {
    "override": "history.override",
    "comment": "history.comment",
    "extension": "history.extension",
}


def history_of(gradebook: Gradebook, student: str) -> tuple[Event, ...]:
    """Return everything that happened to a student's grades, the oldest first."""
    events = []
    for attempt in gradebook.attempts():
        if attempt.student == student and attempt.submitted_at is not None:
            values = {"file": attempt.path, "digest": attempt.digest[:12]}
            events.append(Event(attempt.submitted_at, attempt.exercise, "history.handed_in", values))
    for run, grade in gradebook.past_grades(student):
        if grade.path and grade.graded_at is not None:
            values = {
                "points": points_text(grade.points),
                "possible": points_text(grade.possible),
                "digest": grade.digest[:12],
            }
            key = "history.ungraded" if grade.is_open else "history.graded"
            event = Event(
                grade.graded_at,
                grade.exercise,
                key,
                values,
                where=str(run.number),
                is_withdrawn=run.state != "counted",
            )
            events.append(event)
    for item in gradebook.adjustments(student):
        events += _decision(item)
    return tuple(sorted(events, key=lambda event: event.moment))


def _decision(item: Adjustment) -> list[Event]:
    values: dict[str, Any] = {"why": item.why}
    if item.points is not None:
        values["points"] = points_text(item.points)
    if item.until is not None:
        values["until"] = item.until.isoformat(timespec="minutes")
    number = f"#{item.number}"
    made = Event(
        item.made_at,
        item.exercise,
        _DECISIONS[item.kind],
        values,
        item.author,
        number,
        item.withdrawn_at is not None,
    )
    if item.withdrawn_at is None:
        return [made]
    return [
        made,
        Event(
            item.withdrawn_at,
            item.exercise,
            "history.withdrawn",
            {"number": number},
            item.withdrawn_by,
            number,
        ),
    ]
