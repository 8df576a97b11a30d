"""A table whose rows take several lines each where the terminal is too narrow for columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

_NARROW = 60
"""Columns of a terminal below which words would be broken letter by letter."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands above it, if anything, and whether it holds numbers and whether its cells may be folded."""

    heading: str
    is_number: bool = False
    is_folded: bool = True


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of cells, which rich can print."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[RichText]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield a table, or in a narrow terminal the rows one by one."""
        if options.max_width < _NARROW:
            for row in self.rows:
                yield from self._spread(row)
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in self.columns:
            justify: Literal["left", "right"] = "right" if column.is_number else "left"
            table.add_column(column.heading, justify=justify, overflow="fold", no_wrap=not column.is_folded)
        for row in self.rows:
            table.add_row(*row)
        yield table

    def _spread(self, row: Sequence[RichText]) -> Iterator[RenderableType]:
        """Yield what a row is of, then its other cells with what stands above them, and the last in a line of its own."""
        named: list[RichText] = [row[0]]
        others: list[RichText] = []
        for column, cell in zip(self.columns[1:], row[1:], strict=True):
            if not cell:
                continue
            if column.heading:
                others.append(RichText.assemble(f"{column.heading}: ", cell, style=cell.style))
            else:
                named.append(cell)
        yield RichText("  ").join(named)
        yield from (
            Padding(line, (0, 0, 0, 4)) for line in (RichText("  ").join(others[:-1]), *others[-1:]) if line
        )
