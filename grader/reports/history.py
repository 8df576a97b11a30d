"""What happened to a class in the terminal: a student's history, the runs, and who goes up or down."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text as RichText

from grader.gradebook.changes import Change, Event
from grader.gradebook.records import RunRecord
from grader.messages.sentences import points_text, text, time_text
from grader.model import Language, student_text


def history_table(title: str, events: Sequence[Event], zone: str, language: Language) -> Table:
    """Return a row for each thing that happened to a student's grades, its time in this zone."""
    table = _table(("when", "exercise", "what", "who", "run"), language, title)
    for event in events:
        style = "strike dim" if event.is_withdrawn else ""
        until = {} if event.until is None else {"until": time_text(event.until, zone)}
        what = RichText(text(event.key, language, **event.values, **until), style=style)
        when = time_text(event.moment, zone)
        table.add_row(when, event.exercise, what, RichText(event.who), event.where)
    return table


def runs_table(runs: Sequence[RunRecord], zone: str, language: Language) -> Table:
    """Return a row for each run, its time in this zone."""
    table = _table(("run", "when", "grades", "state"), language)
    for run in runs:
        state = text(f"history.{run.state}", language)
        if run.finished_at is None:
            state += f", {text('history.interrupted', language)}"
        table.add_row(str(run.number), time_text(run.started_at, zone), str(run.grades), state)
    return table


def changes_table(changes: Sequence[Change], language: Language) -> Table:
    """Return a row for each grade that differs."""
    table = _table(("student", "exercise", "before", "after", "checks"), language)
    for change in changes:
        style = "green" if change.after > change.before else "red" if change.after < change.before else ""
        checks = "\n".join(
            f"{points_text(check.before)} → {points_text(check.after)}  {check.title.in_language(language)}"
            for check in change.checks
        )
        table.add_row(
            RichText(student_text(change.student, change.name)),
            change.exercise,
            points_text(change.before),
            RichText(points_text(change.after), style=style),
            RichText(checks),
        )
    return table


def changes_text(changes: Sequence[Change], language: Language) -> str:
    """Return how many grades go up, down, or neither."""
    up = sum(change.after > change.before for change in changes)
    down = sum(change.after < change.before for change in changes)
    return text("history.changes", language, up=up, down=down, same=len(changes) - up - down)


def _table(columns: Sequence[str], language: Language, title: str | None = None) -> Table:
    # Narrow enough for times with their zone in a terminal of 80 columns.
    table = Table(
        title=None if title is None else RichText(title),
        box=box.SIMPLE_HEAD,
        padding=(0, 0, 0, 1),
        pad_edge=False,
    )
    for column in columns:
        table.add_column(text(f"history.{column}", language))
    return table
