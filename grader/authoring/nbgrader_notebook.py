"""A notebook that was written for nbgrader, taken apart."""

from __future__ import annotations

import re
from pathlib import Path

from grader.authoring.parts import (
    Answer,
    Cell,
    Notebook,
    Question,
    Test,
    fraction,
    kind_of,
    note_files,
    read_notebook_cells,
    without_magics,
)

_NOT_SOLVED = re.compile(r"#\s*YOUR CODE HERE\s*\n\s*raise NotImplementedError")


def read_nbgrader(path: Path) -> Notebook:
    """Return what an nbgrader notebook, in its source version, is made of.

    Raises:
        RequestError: it is no notebook.
    """
    notebook = Notebook(path.name)
    cells = read_notebook_cells(path)
    note_files(notebook, path, cells)
    for cell in cells:
        if cell.has_attachments:
            notebook.note(cell.number, "authoring.lost_attachment")
        is_graded, is_answer = (bool(cell.settings.get(name)) for name in ("grade", "solution"))
        if cell.settings.get("task") or (is_graded and is_answer):
            _question(notebook, cell)
        elif cell.kind == "markdown" and not is_answer:
            notebook.content.append(cell.source)
        elif cell.kind == "code" and cell.source.strip():
            if is_graded:
                _tests(notebook, cell)
            elif is_answer:
                notebook.content.append(_answer(notebook, cell))
            else:
                notebook.give(cell.number, without_magics(notebook, cell))
    return notebook


def _name(cell: Cell) -> str:
    return str(cell.settings.get("grade_id") or f"cell-{cell.number}")


def _question(notebook: Notebook, cell: Cell) -> None:
    """Take a question that a person grades; what its cell leaves to students is a part of what they are given."""
    asked, rubric = "", cell.source
    if cell.settings.get("task"):
        asked, *scheme = re.split(r"^.*BEGIN MARK SCHEME.*$", cell.source, maxsplit=1, flags=re.MULTILINE)
        rubric = "".join(scheme)
    elif re.search(r"BEGIN SOLUTION", cell.source):
        source = without_magics(notebook, cell) if cell.kind == "code" else cell.source
        asked, rubric = ("\n".join(lines.values()) for lines in _regions(source, "SOLUTION"))
    asked = asked.strip()
    if cell.kind == "code":
        # Comments ask, and the rest is executed before the answer.
        lines = asked.splitlines()
        asked = "\n".join(line.lstrip("# ") for line in lines if line.startswith("#"))
        notebook.give(cell.number, "\n".join(line for line in lines if not line.startswith("#")).strip())
    notebook.content.append(asked)
    lines = [
        line for line in rubric.splitlines() if not re.search(r"(BEGIN|END) (SOLUTION|MARK SCHEME)", line)
    ]
    points = fraction(cell.settings.get("points", 0))
    kind = kind_of(cell.source) if cell.kind == "code" else "text"
    rubric = "\n".join(lines).strip()
    notebook.questions.append(Question(cell.number, _name(cell), points, kind, rubric, asked))


def _answer(notebook: Notebook, cell: Cell) -> Answer:
    if _NOT_SOLVED.search(cell.source):
        notebook.note(cell.number, "authoring.not_solved")
    outside, inside = _regions(without_magics(notebook, cell), "SOLUTION")
    lines = sorted([*outside, *inside])
    # Where no region is marked all of the cell is the solution.
    removed = inside or outside
    texts = {**outside, **inside}
    numbers = {line: place for place, line in enumerate(lines, start=1)}
    return Answer(
        cell.number,
        "\n".join(texts[line] for line in lines),
        frozenset(numbers[line] for line in removed),
    )


def _regions(code: str, what: str) -> tuple[dict[int, str], dict[int, str]]:
    """Return the lines outside and inside of marked regions by their numbers."""
    outside: dict[int, str] = {}
    inside: dict[int, str] = {}
    is_inside = False
    for number, line in enumerate(code.splitlines(), start=1):
        if f"BEGIN {what}" in line or f"END {what}" in line:
            is_inside = f"BEGIN {what}" in line
        else:
            (inside if is_inside else outside)[number] = line
    return outside, inside


def _tests(notebook: Notebook, cell: Cell) -> None:
    """Take a cell of tests; where some are hidden, they and the others share the points."""
    points = fraction(cell.settings.get("points", 0))
    name = _name(cell)
    code = without_magics(notebook, cell)
    if re.search(r"^\s*#+\s*(HASHED )?AUTOTEST\b", code, flags=re.MULTILINE):
        notebook.note(cell.number, "authoring.lost_autotest", name=name, points=float(points))
        return
    outside, inside = _regions(code, "HIDDEN TESTS")
    visible, hidden = ("\n".join(lines.values()).strip("\n") for lines in (outside, inside))
    if "assert" not in visible and "raise" not in visible and hidden:
        # What stands before the hidden tests prepares them.
        notebook.tests.append(Test(cell.number, name, points, hidden, True, setup=visible))
        return
    if hidden:
        points /= 2
        notebook.note(cell.number, "authoring.points_halved", name=name)
    notebook.tests.append(Test(cell.number, name, points, visible, False))
    if hidden:
        # What the visible half binds is there for later cells, this one too.
        notebook.tests.append(Test(cell.number, f"{name}-hidden", points, hidden, True))
