"""What a notebook shows of a grade: one check, or all of an exercise, with small tensors drawn as grids."""

from __future__ import annotations

from textwrap import indent

from rich.console import Console

from grader.messages.printable import printable
from grader.model import Grade, Language
from grader.reports.pages.markup import render
from grader.reports.terminal import render_grade
from grader.reports.views import CheckView, notes_of, student_view

_WIDTH = 100


def check_html(view: CheckView, language: Language) -> str:
    """Return one check as HTML; names, code and output are escaped."""
    return render("cell.html", language=language, views=[view], notes=[], grade=None)


def grade_html(grade: Grade, language: Language) -> str:
    """Return an exercise's checks and points as HTML, as its student may see them."""
    views = list(student_view(grade.checks, notes_of(grade)))
    checks = render("cell.html", language=language, views=views, notes=[], grade=grade)
    return checks + notes_html(grade, language)


def notes_html(grade: Grade, language: Language) -> str:
    """Return what was left out while a notebook was read, as HTML; empty where nothing was."""
    notes = notes_of(grade)
    return render("cell.html", language=language, views=[], notes=notes, grade=None) if notes else ""


def grade_text(grade: Grade, language: Language) -> str:
    """Return an exercise's checks and points as plain text."""
    # In a notebook's kernel rich would draw into the notebook, and capture nothing.
    console = Console(width=_WIDTH, color_system=None, highlight=False, force_jupyter=False)
    with console.capture() as capture:
        for note in notes_of(grade):
            console.print(note.text.in_language(language), markup=False)
            if note.code:
                console.print(indent(note.code, "    "), markup=False)
        console.print(render_grade(grade, language))
    return printable("\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n")
