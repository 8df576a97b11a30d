"""The class in the terminal: students x exercises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text as RichText

from grader.messages.sentences import text
from grader.model import Course, Grade, Language
from grader.reports.signs import SIGNS
from grader.reports.students import by_student, cell_text, shown_names, total_text


def class_table(course: Course, grades: Sequence[Grade], language: Language) -> RenderableType:
    """Return the table of a class, and below it what its signs mean."""
    rows, names = by_student(grades), shown_names(grades)
    exercises = [item.id for item in course.exercises if any(item.id in row for row in rows.values())]
    cells = {
        student: [_cell(row[name]) if name in row else ("", "") for name in exercises]
        for student, row in rows.items()
    }
    headings = [name.removeprefix("ex") for name in exercises]
    widths = [
        max(cell_len(heading), *(cell_len(found[at][0]) for found in cells.values()))
        for at, heading in enumerate(headings)
    ]
    table = Table(
        title=text("cli.class_title", language, course=course.title.in_language(language)),
        # Narrow enough for fourteen exercises in a terminal of 80 columns.
        box=box.SIMPLE_HEAD,
        padding=(0, 0, 0, 1),
        pad_edge=False,
    )
    # A name too long for the terminal is folded: nothing is cut off the points.
    table.add_column(text("cli.student", language), overflow="fold")
    # All exercises are one column that is aligned here: a cell of a table costs far more than its text.
    table.add_column(_aligned([(heading, "") for heading in headings], widths), no_wrap=True)
    table.add_column(text("cli.total", language), justify="right", style="bold", no_wrap=True)
    for student, found in cells.items():
        # A student's name is text, never markup.
        table.add_row(RichText(names[student]), _aligned(found, widths), total_text(rows[student]))
    return Group(table, _Legend(tuple(text("cli.legend", language).split(" | "))))


@dataclass(frozen=True, slots=True)
class _Legend:
    """What the signs mean: as many on a line as fit, none broken over two."""

    signs: tuple[str, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        line = ""
        for sign in self.signs:
            longer = f"{line}  {sign}" if line else sign
            if line and cell_len(longer) > options.max_width:
                yield RichText(line, style="dim")
                longer = sign
            line = longer
        yield RichText(line, style="dim")


def _cell(grade: Grade) -> tuple[str, str]:
    return cell_text(grade), SIGNS[grade.verdict].style


def _aligned(cells: Sequence[tuple[str, str]], widths: Sequence[int]) -> RichText:
    line = RichText()
    padded = [
        (" " * (width - cell_len(cell) + (at > 0)) + cell, style)
        for at, ((cell, style), width) in enumerate(zip(cells, widths, strict=True))
    ]
    # Neighbours of one style are one piece: a class of hundreds has thousands of cells.
    for style, pieces in groupby(padded, key=lambda piece: piece[1]):
        line.append("".join(piece for piece, _ in pieces), style=style)
    return line
