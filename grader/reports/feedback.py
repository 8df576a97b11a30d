"""What a student reads in the terminal: each check's verdict, and where a check is visible, the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from grader.messages import VERDICTS, explain, index_text, points_text, text
from grader.model import PADDED, CheckResult, Difference, Grade, Language, TensorView, Verdict

__all__ = [
    "STYLES",
    "explain_result",
    "grid_rows",
    "render_grade",
    "window_rows",
    "window_sentence",
    "with_titles",
]

STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.ERROR: "red",
    Verdict.TIMEOUT: "magenta",
    Verdict.MEMORY: "magenta",
    Verdict.CRASHED: "magenta",
    Verdict.FORBIDDEN: "magenta",
    Verdict.NOT_ATTEMPTED: "yellow",
    Verdict.SKIPPED: "dim",
    Verdict.UNGRADED: "bold yellow",
}
_SIGNS = {Verdict.PASSED: "✓", Verdict.SKIPPED: "–", Verdict.UNGRADED: "!"}
_MOST_LINES = 12


def explain_result(result: CheckResult, language: Language) -> str:
    """Return why a check did not pass, as far as a student may know it.

    Of a hidden check that failed on a value a student reads the property alone: neither the call, nor what the code
    printed, nor the text of its exceptions, all of which could carry the hidden input out. Nor why a hidden check could
    not be graded: our own fault may tell what the check is about.
    """
    if result.verdict is Verdict.PASSED or result.explanation is None:
        return ""
    if not result.visible and result.verdict in (Verdict.FAILED, Verdict.UNGRADED):
        return ""
    return explain(result.explanation, language, with_values=result.visible)


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


def with_titles(results: Sequence[CheckResult]) -> Iterator[CheckResult]:
    """Yield results that name another check by its title: a function's name says nothing to who never saw the file."""
    titles = {result.name: {"en": result.title.en, "ko": result.title.ko} for result in results}
    for result in results:
        why = result.explanation
        title = titles.get(str(why.values.get("after"))) if why is not None else None
        if why is not None and title is not None:
            result = replace(result, explanation=replace(why, values={**why.values, "after": title}))
        yield result


def _headline(result: CheckResult, language: Language) -> RichText:
    style = STYLES[result.verdict]
    line = RichText(f"{_SIGNS.get(result.verdict, '✗')} ", style=style)
    line.append(f"{points_text(result.earned)}/{points_text(result.points)}  ", style="default")
    line.append(result.title.in_language(language), style="default")
    if result.verdict is not Verdict.PASSED:
        line.append(f"  [{VERDICTS[result.verdict][language == 'ko']}]", style=style)
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
        shown = "\n".join(lines[:_MOST_LINES]) + ("\n..." if len(lines) > _MOST_LINES else "")
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


def window_sentence(difference: Difference, language: Language) -> str:
    """Return which part of the input the first wrong element is made from; empty where the check does not say."""
    window = difference.window
    if window is None or not difference.first:
        return ""
    sentence = text(
        "tensor.window",
        language,
        index=index_text(difference.first[0].index),
        first_row=window.rows[0],
        last_row=window.rows[1] - 1,
        first_column=window.columns[0],
        last_column=window.columns[1] - 1,
    )
    if PADDED in (window.view.cells or ()):
        sentence += f" ({text('tensor.window_padded', language, sign=PADDED)})"
    return sentence


def window_rows(difference: Difference | None) -> list[list[tuple[int, str]]] | None:
    """Return that part of the input as rows of cells; None where there is none, or it is too large to be drawn."""
    if difference is None or difference.window is None or not difference.first:
        return None
    rows = grid_rows(difference.window.view)
    return rows if rows is not None and len(rows) <= _MOST_LINES else None


def _window(difference: Difference, language: Language) -> Iterator[RenderableType]:
    sentence = window_sentence(difference, language)
    if sentence:
        yield RichText(sentence)
    rows = window_rows(difference)
    if rows is not None:
        padded = {flat for row in rows for flat, cell in row if cell == PADDED}
        yield Padding(_grid(rows, padded, style="dim"), (0, 0, 0, 2))


def grid_rows(view: TensorView) -> list[list[tuple[int, str]]] | None:
    """Return a small tensor as rows of (flat position, cell): its images below each other, an empty row between.

    The last axis is the channel: channels stand below each other too. None where a tensor is too large to be drawn.
    """
    if view.cells is None or view.shape is None or not view.cells:
        return None
    shape = view.shape if len(view.shape) == 4 else (1, *view.shape[:2], 1) if len(view.shape) == 2 else None
    if shape is None:
        return [[(flat, cell) for flat, cell in enumerate(view.cells)]]
    images, height, width, channels = shape
    if width > 12:
        return None
    rows: list[list[tuple[int, str]]] = []
    for image in range(images):
        for channel in range(channels):
            if rows:
                rows.append([])
            for y in range(height):
                flats = [((image * height + y) * width + x) * channels + channel for x in range(width)]
                rows.append([(flat, view.cells[flat]) for flat in flats])
    return rows


def _grid(rows: list[list[tuple[int, str]]], wrong: set[int], style: str = "bold red") -> Table:
    table = Table.grid(padding=(0, 1))
    for _ in range(max(map(len, rows))):
        table.add_column(justify="right")
    for row in rows:
        table.add_row(*(RichText(cell, style=style if flat in wrong else "") for flat, cell in row))
    return table
