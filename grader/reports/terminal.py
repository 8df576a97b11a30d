"""What a student reads in the terminal: each check's verdict, and where a check is visible, the difference."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from grader.messages.sentences import index_text, points_text, text
from grader.model import PADDED, CheckResult, Difference, Grade, Language, Verdict
from grader.reports.signs import SIGNS, STYLES
from grader.reports.views import (
    MOST_LINES,
    explain_result,
    grid_rows,
    window_rows,
    window_sentence,
    with_titles,
)

__all__ = ["render_grade"]


def render_grade(grade: Grade, language: Language) -> RenderableType:
    """Return a grade, check by check."""
    parts: list[RenderableType] = []
    named: set[str] = set()
    for result in with_titles(grade.checks):
        parts.append(_headline(result, language))
        parts += [Padding(part, (0, 0, 0, 4)) for part in _details(result, language, named)]
    total = RichText(
        f"\n{text('cli.points', language)}: {points_text(grade.points)} / {points_text(grade.possible)}",
        style="bold",
    )
    return Group(*parts, total)


def _headline(result: CheckResult, language: Language) -> RichText:
    style = STYLES[result.verdict]
    line = RichText(f"{SIGNS.get(result.verdict, '✗')} ", style=style)
    line.append(f"{points_text(result.earned)}/{points_text(result.points)}  ", style="default")
    line.append(result.title.in_language(language), style="default")
    if result.verdict is not Verdict.PASSED:
        line.append(f"  [{text(f'verdict.{result.verdict}', language)}]", style=style)
    if not result.visible:
        line.append(f"  ({text('cli.hidden', language)})", style="dim")
    return line


def _details(result: CheckResult, language: Language, named: set[str]) -> Iterator[RenderableType]:
    """Yield what is said of a check that did not pass; `named` holds the misconceptions explained before."""
    if result.verdict is Verdict.PASSED:
        return
    if result.visible and result.call and result.verdict not in (Verdict.SKIPPED, Verdict.FORBIDDEN):
        yield RichText(f"{text('cli.call', language)}: {result.call}", style="cyan")
    sentence = explain_result(result, language)
    if sentence:
        yield RichText(sentence)
    if result.misconception is not None:
        is_new = result.misconception.id not in named
        named.add(result.misconception.id)
        again = text("feedback.same_mistake", language)
        yield RichText(
            f"→ {result.misconception.text.in_language(language) if is_new else again}", style="yellow"
        )
    difference = result.explanation.difference if result.explanation is not None else None
    if result.visible and difference is not None:
        yield from _difference(difference, language)
    if result.visible and result.output.strip():
        lines = result.output.strip().splitlines()
        shown = "\n".join(lines[:MOST_LINES]) + ("\n..." if len(lines) > MOST_LINES else "")
        yield RichText(f"{text('cli.printed', language)}: {shown}", style="dim")


def _difference(difference: Difference, language: Language) -> Iterator[RenderableType]:
    given, wanted = difference.actual, difference.expected
    wrong = set(difference.wrong)
    mine, expected = grid_rows(given), grid_rows(wanted)
    if mine is not None and expected is not None and difference.aspect in ("values", "shape"):
        table = Table.grid(padding=(0, 3))
        table.add_row(
            RichText(text("tensor.yours", language), style="bold"),
            RichText(text("tensor.expected", language), style="bold"),
        )
        table.add_row(_grid(mine, wrong), _grid(expected, wrong, style="green"))
        yield table
    else:
        for place in difference.first:
            index = index_text(place.index)
            yield RichText(
                text("tensor.place", language, index=index, actual=place.actual, expected=place.expected)
            )
    yield from _window(difference, language)


def _window(difference: Difference, language: Language) -> Iterator[RenderableType]:
    sentence = window_sentence(difference, language)
    if sentence:
        yield RichText(sentence)
    rows = window_rows(difference)
    if rows is not None:
        padded = {flat for row in rows for flat, cell in row if cell == PADDED}
        yield Padding(_grid(rows, padded, style="dim"), (0, 0, 0, 2))


def _grid(rows: list[list[tuple[int, str]]], wrong: set[int], style: str = "bold red") -> Table:
    table = Table.grid(padding=(0, 1))
    for _ in range(max(map(len, rows))):
        table.add_column(justify="right")
    for row in rows:
        table.add_row(*(RichText(cell, style=style if flat in wrong else "") for flat, cell in row))
    return table
