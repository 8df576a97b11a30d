"""What is noted of how submissions were found: some in the terminal, all in a file."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text as RichText

from grader.files.write import write_file
from grader.messages.sentences import explain, text
from grader.model import Explanation, Language

__all__ = ["MOST_NOTES", "print_notes", "write_notes"]

MOST_NOTES = 20
"""Printed; all of them are in the file."""


def write_notes(path: Path, notes: tuple[Explanation, ...], language: Language) -> None:
    """Write all notes, a line each; without any, what an earlier run wrote goes."""
    if notes:
        write_file(path, "".join(f"{_line(note, language)}\n" for note in notes))
    else:
        path.unlink(missing_ok=True)


def print_notes(console: Console, notes: tuple[Explanation, ...], path: Path, language: Language) -> None:
    """Print the first notes, and where all of them are."""
    if notes:
        console.print(text("cli.notes", language))
        for note in notes[:MOST_NOTES]:
            console.print(RichText(f"  {_line(note, language)}"))
    if len(notes) > MOST_NOTES:
        more = text("cli.more_notes", language, count=len(notes) - MOST_NOTES, file=path)
        console.print(RichText(f"  {more}"))


def _line(note: Explanation, language: Language) -> str:
    return " ".join(explain(note, language).split())
