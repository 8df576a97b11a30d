"""What a student reads in the terminal: each check's verdict, and where a check is visible, the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from grader.messages.sentences import points_count, points_text, text
from grader.model import Grade, Language
from grader.reports.views import CheckView, Note, Row, notes_of, student_view

_MOST_LINES = 12


def render_grade(grade: Grade, language: Language) -> RenderableType:
    """Return a grade, check by check."""
    parts: list[RenderableType] = []
    views = list(student_view(grade.checks, notes_of(grade)))
    count = sum(view.is_told for view in views)
    if count and all(view.is_told or view.kind == "question" for view in views):
        # One thing is wrong, and it stands above.
        parts.append(RichText(text("report.none_ran", language, count=count), style="red"))
        views = [view for view in views if not view.is_told]
    for view in views:
        parts.append(_headline(view, language))
        parts += [Padding(part, (0, 0, 0, 4)) for part in _details(view, language)]
    total = f"{text('cli.points', language)}: {points_text(grade.points)} / {points_text(grade.possible)}"
    read = sum(view.points for view in views if view.is_read)
    for key, points in (("report.waiting", grade.waiting), ("report.read", read)):
        if points:
            total += f"\n{text(key, language, count=points_count(points), points=points_text(points))}"
    return Group(*parts, RichText(f"\n{total}", style="bold"))


def render_notes(notes: Sequence[Note], language: Language) -> Iterator[RenderableType]:
    """Yield what there is to say of the file as a whole."""
    for note in notes:
        yield RichText(note.text.in_language(language))
        if note.code:
            yield Padding(RichText(note.code, style="bold"), (0, 0, 0, 4))


def _headline(view: CheckView, language: Language) -> Table:
    line = RichText(view.title.in_language(language))
    if not view.passed:
        line.append(f"  [{view.verdict_text.in_language(language)}]", style=view.sign.style)
    if view.kind == "bonus":
        line.append(f"  ({text('cli.bonus', language)})", style="dim")
    if view.hidden:
        line.append(f"  ({text('cli.hidden', language)})", style="dim")
    # A title that takes several lines stays to the right of its points.
    grid = Table.grid(padding=(0, 1))
    for _ in range(2):
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    points = f"{points_text(view.earned)}/{points_text(view.points)} "
    grid.add_row(RichText(view.sign.mark, style=view.sign.style), points, line)
    return grid


def _details(view: CheckView, language: Language) -> Iterator[RenderableType]:
    """Yield what is said of a check that did not pass, and of a question."""
    if view.answer:
        yield RichText(_short(view.answer), style="dim")
    if view.call:
        yield RichText(f"{text('cli.call', language)}: {view.call}", style="cyan")
    if view.why is not None:
        yield RichText(view.why.in_language(language))
    if view.code:
        yield RichText(view.code, style="bold")
    if view.mistake is not None:
        yield RichText(f"→ {view.mistake.in_language(language)}", style="yellow")
    if view.grids:
        table = Table.grid(padding=(0, 3))
        table.add_row(*(RichText(grid.name.in_language(language), style="bold") for grid in view.grids))
        table.add_row(*(_drawn(grid.rows, "bold red" if grid.is_actual else "green") for grid in view.grids))
        yield table
    yield from (RichText(place.in_language(language)) for place in view.places)
    if view.window is not None:
        yield RichText(view.window.sentence.in_language(language))
        if view.window.rows:
            yield Padding(_drawn(view.window.rows, "dim"), (0, 0, 0, 2))
    if view.output:
        yield RichText(f"{text('cli.printed', language)}: {_short(view.output)}", style="dim")


def _short(lines_of: str) -> str:
    lines = lines_of.splitlines()
    return "\n".join(lines[:_MOST_LINES]) + ("\n..." if len(lines) > _MOST_LINES else "")


def _drawn(rows: list[Row], style: str) -> Table:
    """Return rows of cells, the marked ones in a style."""
    table = Table.grid(padding=(0, 1))
    for _ in range(max(map(len, rows))):
        table.add_column(justify="right")
    for row in rows:
        table.add_row(*(RichText(cell, style=style if is_marked else "") for cell, is_marked in row))
    return table
