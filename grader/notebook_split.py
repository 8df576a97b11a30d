"""One notebook for several exercises: which cells belong to which.

Function names repeat among exercises, so a heading decides: the cells after one that names an exercise belong to it,
until the next that does; what stands before the first is everybody's. Without such a heading an exercise gets the
whole notebook if one of its functions is defined in it. Metadata is not looked at: it gets lost, copied and doubled.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

from grader.course import parse_exercise_name
from grader.errors import SubmissionError
from grader.model import Course, Exercise, Explanation, Source, Verdict
from grader.notebooks import read_notebook

__all__ = ["split_notebook"]

_FENCE = re.compile(
    r"^ {0,3}(```+|~~~+).*?^ {0,3}\1[`~]*[ \t]*$|^ {0,3}(?:```+|~~~+).*\Z", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<hashes>.+?)[ \t]*#*[ \t]*$"
    r"|^(?P<underlined>[^\n]+)\n {0,3}(?:=+|-+)[ \t]*$"
    r"|<h[1-6][^>]*>(?P<tag>.*?)</h[1-6]>",
    re.MULTILINE | re.IGNORECASE,
)
_DEFINED = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


def split_notebook(course: Course, text: str, name: str) -> dict[str, Source]:
    """Return exercise -> its part of a notebook, for the exercises that the notebook holds something of.

    The cells keep their numbers, so that a place in an error is the place in the notebook.

    Raises:
        SubmissionError: the text is no notebook.

    """
    cells = _cells(text)
    parts: dict[str, set[int]] = {}
    shared: set[int] = set()
    current: Exercise | None = None
    for number, (kind, source) in enumerate(cells):
        if kind == "code":
            (shared if current is None else parts[current.id]).add(number)
            continue
        for heading in _headings(source) if kind == "markdown" else ():
            named = _exercise_of(course, heading)
            if named is not None:
                current = named
                parts.setdefault(named.id, set())
    if not parts:
        defined = {name for kind, source in cells if kind == "code" for name in _defined(source)}
        parts = {exercise.id: set() for exercise in course.exercises if defined & set(exercise.functions)}
    order = [exercise.id for exercise in course.exercises if exercise.id in parts]
    return {id: read_notebook(_only(cells, shared | parts[id]), name) for id in order}


def _cells(text: str) -> list[tuple[str, str]]:
    """Return the kind and the source of every cell."""
    # Imported here as in grader.notebooks: it takes a second or two.
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook: Any = nbformat.reads(text, as_version=4)
        return [
            (
                str(cell.get("cell_type")),
                source if isinstance(source := cell.get("source", ""), str) else "".join(source),
            )
            for cell in notebook.cells
        ]
    except Exception as error:  # nbformat raises whatever the damage makes it raise
        explanation = Explanation("submission.bad_notebook", {"error": str(error)[:300]})
        raise SubmissionError(Verdict.ERROR, explanation) from error


def _only(cells: list[tuple[str, str]], wanted: set[int]) -> str:
    """Return a notebook of the code cells, those that are not wanted left empty."""
    import nbformat

    kept = [
        nbformat.v4.new_code_cell(source if number in wanted else "")
        for number, (kind, source) in enumerate(cells)
        if kind == "code"
    ]
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=kept)))


def _headings(markdown: str) -> Iterator[str]:
    """Yield the headings of a cell, as plain text; what looks like one in a fenced block is none."""
    for found in _HEADING.finditer(_FENCE.sub("", markdown)):
        heading = next(group for group in found.groups() if group is not None)
        heading = re.sub(r"<[^>]*>|!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        yield re.sub(r"[*`~]", "", heading).strip()


def _exercise_of(course: Course, heading: str) -> Exercise | None:
    """Return the exercise that a heading names: by `ex03`, its slug or its title, alone or before more text."""
    folded = " ".join(heading.casefold().split())
    number = re.match(r"ex0*\d+(?![0-9a-z])", folded.replace("_", " "))
    if number is not None:
        # Its number goes before the rest of the heading, which may name another one.
        return parse_exercise_name(course, number[0])
    for exercise in course.exercises:
        titles = (exercise.title.en, exercise.title.ko, exercise.slug, exercise.slug.replace("-", "_"))
        if folded in {" ".join(title.casefold().split()) for title in titles}:
            return exercise
    starting = [
        (len(title), exercise)
        for exercise in course.exercises
        for title in (exercise.title.en.casefold(), exercise.title.ko.casefold(), exercise.slug)
        if re.match(rf"{re.escape(title)}(?![\w-])", folded)
    ]
    return max(starting, key=lambda item: item[0])[1] if starting else None


def _defined(source: str) -> Iterator[str]:
    """Yield the names that a cell binds outside of functions; a cell with magics is not Python as a whole."""
    for found in _DEFINED.finditer(source):
        yield found[1] or found[2]
