"""What a student is shown of a hidden check of each verdict, in every format, held to what was shown before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.console import Console

from grader.exports.gradescope import gradescope_results
from grader.exports.junit import junit_xml
from grader.model import Grade, Language
from grader.reports.cells import check_html, grade_html, grade_text
from grader.reports.markdown import exercise_markdown
from grader.reports.pages.student import student_page
from grader.reports.terminal import render_grade, render_notes
from grader.reports.views import notes_of, student_view
from tests.golden import same_as_golden
from tests.support.records import COURSE, EXERCISE
from tests.support.verdict_grades import GRADES, SECRET


def terminal(grade: Grade, language: Language) -> str:
    console = Console(width=100, color_system=None, highlight=False)
    with console.capture() as capture:
        for part in (*render_notes(notes_of(grade), language), render_grade(grade, language)):
            console.print(part)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def page(grade: Grade, language: Language) -> str:
    html = student_page(COURSE, grade.student, {grade.exercise: grade}, student_view, language=language)
    # What is around it, styles and scripts, is the same on every page.
    return html[html.index("<main") : html.index("</main>")]


def markdown(grade: Grade, language: Language) -> str:
    return "\n".join(exercise_markdown(EXERCISE, grade, language))


def nbgrader_cells(grade: Grade, language: Language) -> str:
    """Return the cells of the hidden checks in an nbgrader course, one after another."""
    return "\n".join(
        check_html(view, language) for view in student_view(grade.checks, notes_of(grade)) if view.hidden
    )


def junit(grade: Grade, language: Language) -> str:
    return junit_xml([grade], language)


def gradescope(grade: Grade, language: Language) -> str:
    return gradescope_results(COURSE, {grade.exercise: grade}, language) or "(no results.json)"


RENDERERS: dict[str, Callable[[Grade, Language], str]] = {
    "terminal.{}.txt": terminal,
    "page.{}.html": page,
    "markdown.{}.md": markdown,
    "notebook.{}.html": grade_html,
    "notebook.{}.txt": grade_text,
    "nbgrader_cells.{}.html": nbgrader_cells,
    "junit.{}.xml": junit,
    "gradescope.{}.json": gradescope,
}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", RENDERERS)
def test_a_hidden_check_of_each_verdict_is_shown_as_before(name: str, language: Language) -> None:
    shown = {title: RENDERERS[name](grade, language).strip("\n") for title, grade in GRADES.items()}
    assert [title for title, text in shown.items() if SECRET in text] == []
    content = "\n".join(f"=== {title} ===\n{text}\n" for title, text in shown.items())
    assert same_as_golden(f"verdicts/{name.format(language)}", content)
