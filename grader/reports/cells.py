"""What a notebook shows of a grade: one check, or all of an exercise, with small tensors drawn as grids."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text as RichText

from grader.messages.printable import printable
from grader.model import Grade, Language
from grader.reports.hidden import hidden_points_text
from grader.reports.next_step import next_step
from grader.reports.pages.markup import render
from grader.reports.terminal import render_grade, render_notes
from grader.reports.views import CheckView, notes_of, student_view

_WIDTH = 100


def check_html(view: CheckView, language: Language) -> str:
    """Return one check as HTML; names, code and output are escaped."""
    return render("cell.html", language=language, views=[view], notes=[], grade=None)


def grade_html(grade: Grade, language: Language, hidden: float = 0.0) -> str:
    """Return an exercise's checks and points as HTML, as its student may see them, and what to do next.

    `hidden` is how many points there are beyond those of these checks.
    """
    notes = notes_of(grade)
    views = list(student_view(grade.checks, notes))
    step = next_step(grade)
    more = hidden_points_text(hidden, language) if hidden else ""
    return render("cell.html", language=language, views=views, notes=notes, grade=grade, more=more, step=step)


def notes_html(grade: Grade, language: Language) -> str:
    """Return what is said of a file as a whole, as HTML; empty where nothing is."""
    notes = notes_of(grade)
    return render("cell.html", language=language, views=[], notes=notes, grade=None) if notes else ""


def grade_text(grade: Grade, language: Language, hidden: float = 0.0) -> str:
    """Return the same as plain text."""
    # In a notebook's kernel rich would draw into the notebook, and capture nothing.
    console = Console(width=_WIDTH, color_system=None, highlight=False, force_jupyter=False)
    with console.capture() as capture:
        for note in render_notes(notes_of(grade), language):
            console.print(note)
        console.print(render_grade(grade, language))
        if hidden:
            console.print(RichText(hidden_points_text(hidden, language)))
        console.print(RichText(next_step(grade).in_language(language)))
    return printable("\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n")
