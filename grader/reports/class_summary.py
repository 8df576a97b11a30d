"""What the terminal says below a class's table: what was graded, what could not be, and where everything is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text as RichText

from grader.files.write import write_file
from grader.grading.executor import Outcome
from grader.messages.sentences import explain, text
from grader.model import Explanation, Language, Verdict
from grader.platforms import own_user
from grader.reports.views import instructor_view, notes_of
from grader.runner.sandbox import Protections

MOST_NOTES = 20
"""Shown; all of them are in the file."""


def write_notes(path: Path, notes: tuple[Explanation, ...], language: Language) -> None:
    """Write all notes of how submissions were found, a line each; without any, what an earlier run wrote goes."""
    if notes:
        write_file(path, "".join(f"{_line(note, language)}\n" for note in notes))
    else:
        path.unlink(missing_ok=True)


def class_summary(
    outcome: Outcome, kept: int, notes: tuple[Explanation, ...], output: Path, language: Language
) -> Iterator[RenderableType]:
    """Yield what a run made, line by line; `kept` is how many grades are the same again."""
    graded = [item for item in outcome.grades if item.path]
    if graded:
        students = len({item.student for item in outcome.grades})
        rate = len(graded) / outcome.seconds if outcome.seconds else 0.0
        values = {
            "submissions": Explanation("count.submissions", {"count": len(graded)}),
            "students": Explanation("count.students", {"count": students}),
        }
        yield text("cli.graded", language, seconds=outcome.seconds, rate=rate, **values)
        protections = protections_text(outcome.protections, language)
        yield f"{text('cli.protections', language)}: {protections}"
    if kept:
        yield text("cli.kept", language, count=kept)
    if notes:
        yield text("cli.notes", language)
        yield from (RichText(f"  {_line(note, language)}") for note in shown_notes(notes))
    if len(notes) > MOST_NOTES:
        more = text("cli.more_notes", language, count=len(notes) - MOST_NOTES, file=output / "notes.txt")
        yield RichText(f"  {more}")
    missing = [item for item in outcome.grades if item.verdict is Verdict.UNGRADED]
    if missing:
        yield RichText(text("cli.ungraded", language, count=len(missing)), style="bold yellow")
        for item in missing:
            reasons = [
                *(note.text for note in notes_of(item, is_instructor=True)),
                *(view.why for view in instructor_view(item.checks)),
            ]
            why = next((reason.in_language(language) for reason in reasons if reason is not None), "")
            yield RichText(f"  {item.shown_student} {item.exercise}: {why}")
    written = ", ".join(str(output / name) for name in ("gradebook.db", "grades.csv", "results.json"))
    yield RichText(text("cli.written", language, files=written))
    yield RichText(text("cli.report", language, file=output / "reports" / "index.html"))


def shown_notes(notes: Sequence[Explanation]) -> list[Explanation]:
    """Return the notes that are shown: of each kind as many as of any other, so that no kind hides another."""
    number, places = Counter[str](), []
    for place, note in enumerate(notes):
        number[note.key] += 1
        places.append((number[note.key], place))
    return [notes[place] for _, place in sorted(sorted(places)[:MOST_NOTES], key=itemgetter(1))]


def _line(note: Explanation, language: Language) -> str:
    return " ".join(explain(note, language).split())


def protections_text(protections: Protections | None, language: Language) -> str:
    """Return what was in force while student code ran."""
    if protections is None:
        return "-"
    landlock = (
        text("cli.landlock", language, version=protections.landlock)
        if protections.landlock
        else text("cli.no_landlock", language)
    )
    if protections.isolation == "none":
        key = "cli.protection_none" if protections.uid in (own_user(), 0) else "cli.protection_user"
        return text(key, language, user=protections.uid)
    kinds = ", ".join(text(f"cli.namespace_{name}", language) for name in protections.own_namespaces)
    parts = [
        text("cli.namespaces", language, kinds=kinds) if kinds else text("cli.no_namespaces", language),
        landlock,
        "seccomp",
        text("cli.limits" if protections.limits_processes else "cli.limits_but_processes", language),
    ]
    if own_user() == 0:
        parts.append(text("cli.other_user", language, user=protections.uid))
    return f"{protections.isolation}: {', '.join(parts)}"
