"""What changed between two states of a gradebook, and what happened to a student's grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from grader.gradebook.store import Gradebook
from grader.messages.sentences import points_count, points_text
from grader.model import Adjustment, CheckResult, Grade, Text


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check that gives other points than before."""

    name: str
    title: Text
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Change:
    """An exercise of a student that has other points than before, or of which a check has."""

    student: str
    exercise: str
    before: float
    after: float
    checks: tuple[CheckChange, ...]
    name: str = ""

    def as_object(self) -> dict[str, Any]:
        """Return the change as an object for JSON."""
        checks = [asdict(check) | {"title": dict(check.title)} for check in self.checks]
        return asdict(self) | {"checks": checks}


def changes_between(before: Sequence[Grade], after: Sequence[Grade]) -> tuple[Change, ...]:
    """Return what differs between two states of a class; a grade that is in one of them alone has 0 points in the other."""
    old = {(grade.student, grade.exercise): grade for grade in before}
    new = {(grade.student, grade.exercise): grade for grade in after}
    changes = []
    for place in sorted(old.keys() | new.keys()):
        grades = (old.get(place), new.get(place))
        earlier, later = map(_points, grades)
        checks = _check_changes(*(() if grade is None else grade.checks for grade in grades))
        if earlier != later or checks:
            name = next(grade.name for grade in grades if grade is not None)
            changes.append(Change(*place, earlier, later, checks, name))
    return tuple(changes)


def _points(grade: Grade | None) -> float:
    return 0.0 if grade is None or grade.is_open else grade.points


def _check_changes(before: Sequence[CheckResult], after: Sequence[CheckResult]) -> tuple[CheckChange, ...]:
    old = {check.name: check for check in before}
    new = {check.name: check for check in after}
    earned = {name: (old[name].earned if name in old else 0.0, check.earned) for name, check in new.items()}
    earned |= {name: (check.earned, 0.0) for name, check in old.items() if name not in new}
    titles = {name: check.title for name, check in (old | new).items()}
    return tuple(
        CheckChange(name, titles[name], earlier, later)
        for name, (earlier, later) in earned.items()
        if earlier != later
    )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a student's grade."""

    moment: datetime
    exercise: str
    key: str
    """The key of the sentence that says what happened."""
    values: dict[str, Any]
    who: str = ""
    where: str = ""
    """The number of the run or of the decision."""
    is_withdrawn: bool = False
    until: datetime | None = None
    """Of an extension."""

    def as_object(self) -> dict[str, Any]:
        """Return the event as an object for JSON."""
        return {
            "at": self.moment.isoformat(),
            "exercise": self.exercise,
            "what": self.key.removeprefix("history."),
            **self.values,
            **({} if self.until is None else {"until": self.until.isoformat()}),
            "who": self.who,
            "where": self.where,
            "withdrawn": self.is_withdrawn,
        }


_DECISIONS = {
    "override": "history.override",
    "score": "history.score",
    "comment": "history.comment",
    "extension": "history.extension",
}
"""The kind of a decision -> its sentence."""


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
            event = Event(grade.graded_at, grade.exercise, key, values, where=str(run.number))
            events.append(replace(event, is_withdrawn=run.state != "counted"))
    for item in gradebook.adjustments(student):
        events += _decision(item)
    return tuple(sorted(events, key=lambda event: event.moment))


def _decision(item: Adjustment) -> list[Event]:
    """Return an override, comment or extension as an event, and its withdrawal as another."""
    values: dict[str, Any] = {"why": item.why}
    if item.points is not None:
        values["points"] = points_text(item.points)
    if item.question:
        values |= {"question": item.question, "count": points_count(item.points or 0.0)}
    number = f"#{item.number}"
    event = Event(
        item.made_at, item.exercise, _DECISIONS[item.kind], values, item.author, number, until=item.until
    )
    if item.withdrawn_at is None:
        return [event]
    values, who = {"number": number}, item.withdrawn_by
    withdrawal = Event(item.withdrawn_at, item.exercise, "history.withdrawn", values, who, number)
    return [replace(event, is_withdrawn=True), withdrawal]
