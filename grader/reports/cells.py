"""What a notebook shows of a grade: one check, or all of an exercise, with small tensors drawn as grids."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from rich.console import Console

from grader.messages.printable import printable
from grader.messages.sentences import explain, points_text, text
from grader.model import PADDED, CheckResult, Difference, Grade, Language, TensorView, Verdict
from grader.reports.terminal import render_grade
from grader.reports.views import explain_result, grid_rows, window_rows, window_sentence, with_titles

__all__ = ["grade_html", "grade_text", "notes_html", "result_html"]

_WIDTH = 100


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("grader.reports.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update(
        explain=explain,
        explain_result=explain_result,
        grids=_grids,
        list_of_places=_list_of_places,
        window_rows=window_rows,
        window_sentence=window_sentence,
        PADDED=PADDED,
        points=points_text,
        t=text,
        Verdict=Verdict,
    )
    return environment.get_template("cell.html")


def result_html(result: CheckResult, language: Language) -> str:
    """Return what a student may know of one check, as HTML; names, code and output are escaped."""
    return _render((result,), language)


def grade_html(grade: Grade, language: Language) -> str:
    """Return an exercise's checks and points as HTML."""
    return _render(grade.checks, language, grade=grade) + notes_html(grade, language)


def notes_html(grade: Grade, language: Language) -> str:
    """Return what was left out while a notebook was read, as HTML; empty where nothing was."""
    notes = [explain(note, language) for note in grade.notes if grade.verdict is not Verdict.UNGRADED]
    return _render((), language, notes=notes) if notes else ""


def grade_text(grade: Grade, language: Language) -> str:
    """Return an exercise's checks and points as plain text."""
    # In a notebook's kernel rich would draw into the notebook, and capture nothing.
    console = Console(width=_WIDTH, color_system=None, highlight=False, force_jupyter=False)
    # Why nothing could be graded is for instructors: it could hold what a check is about.
    notes = () if grade.verdict is Verdict.UNGRADED else grade.notes
    with console.capture() as capture:
        for note in notes:
            console.print(explain(note, language), markup=False)
        console.print(render_grade(grade, language))
    return printable("\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n")


def _render(
    results: tuple[CheckResult, ...],
    language: Language,
    *,
    grade: Grade | None = None,
    notes: list[str] | None = None,
) -> str:
    return printable(
        _template().render(
            results=list(with_titles(results)), language=language, grade=grade, notes=notes or []
        )
    )


def _grids(difference: Difference | None) -> list[tuple[str, TensorView, list[list[tuple[int, str]]]]]:
    """Return the tensors that can be drawn, each with the key of its heading and its rows."""
    if difference is None or difference.aspect not in ("values", "shape"):
        return []
    pairs = (("tensor.yours", difference.actual), ("tensor.expected", difference.expected))
    drawn = [(key, view, rows) for key, view in pairs if (rows := grid_rows(view)) is not None]
    return drawn if len(drawn) == len(pairs) else []


def _list_of_places(difference: Difference | None, language: Language) -> list[str]:
    """Return the first wrong elements of a tensor that is too large to be drawn."""
    if difference is None or _grids(difference):
        return []
    return [
        text(
            "tensor.place",
            language,
            index=f"[{', '.join(map(str, place.index))}]",
            actual=place.actual,
            expected=place.expected,
        )
        for place in difference.first
    ]
