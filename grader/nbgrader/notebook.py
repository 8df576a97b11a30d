"""One exercise -> the notebook that an instructor keeps in `source/`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course.files import files_of
from grader.judge.run import CollectedChecks, is_visible
from grader.messages.sentences import points_text, text
from grader.model import Course, Exercise, Language, Question
from grader.nbgrader.answer_cells import BEGIN_SOLUTION, END_SOLUTION, student_cells
from grader.nbgrader.check_cells import (
    CheckInfo,
    cell_names,
    cell_points,
    check_cell,
    hidden_cell,
    tools_cell,
)
from grader.release.notebooks import environment_lines

NOTEBOOK_FORMAT = 1
"""The version of the notebooks that are written here, in their metadata."""
SCHEMA = 3
"""The version of nbgrader's cell metadata."""


def notebook_name(exercise: Exercise) -> str:
    """Return the name of an exercise's notebook, and of its assignment where it has one of its own."""
    return exercise.exercise_folder.name


def checks_of(checks: CollectedChecks, exercise: Exercise) -> tuple[CheckInfo, ...]:
    """Return an exercise's checks, the visible ones first."""
    return tuple(
        CheckInfo(item.name, spec.text, points, is_visible(item, exercise), item.path, spec.is_bonus)
        for item, spec, points in checks.with_points(exercise)
    )


def source_notebook(
    course: Course, exercise: Exercise, checks: Sequence[CheckInfo], language: Language
) -> str:
    """Return the text of an exercise's notebook; the same exercise gives the same text."""
    readme = files_of(exercise).statement(language)
    code = student_cells(exercise)
    cells = [_locked(exercise, "statement", readme.read_text(encoding="utf-8-sig").strip(), is_code=False)]
    if course.runner.environment:
        cells.append(_locked(exercise, "environment", environment_lines(course)))
    if code.given:
        cells.append(_cell(exercise, "given", code.given))
    for function, source in code.functions.items():
        cells.append(_cell(exercise, f"solution_{function}", source, {"solution": True}))
    for question in exercise.questions:
        cells += _question(exercise, question, language)
    tools: set[str] = set()
    graded = []
    for check, name in zip(checks, cell_names(checks), strict=True):
        source, used = check_cell(exercise, check, language)
        tools |= used
        points = cell_points(check.points, is_bonus=check.is_bonus)
        graded.append(_cell(exercise, name, source, {"grade": True, "locked": True, "points": points}))
    cells.append(_locked(exercise, "about_checks", text("nbgrader.about_checks", language), is_code=False))
    if tools:
        cells.append(
            _locked(
                exercise,
                "check_tools",
                tools_cell(tools, language, language if language in course.languages else course.language),
            )
        )
    cells += graded
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "grader": {"format": NOTEBOOK_FORMAT, "course": course.id, "exercise": exercise.id, "digest": ""},
    }
    notebook = new_notebook(cells=cells, metadata=metadata)
    notebook.metadata.grader.digest = digest_of(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def _question(exercise: Exercise, question: Question, language: Language) -> list[Any]:
    """Return the cell that asks a question, and the one that is answered in and graded by hand; its solution is the rubric."""
    values = {"title": question.title.in_language(language), "points": points_text(question.points)}
    prompt = "" if question.prompt is None else question.prompt.in_language(language)
    asked = f"### {text('nbgrader.question', language, **values)}\n\n{prompt}".strip()
    if question.is_short:
        return _short(exercise, question, asked, language)
    rubric = "" if question.rubric is None else question.rubric.in_language(language)
    is_code = question.kind != "text"
    lines = [f"# {line}" if is_code else line for line in rubric.splitlines()]
    source = "\n".join([BEGIN_SOLUTION, *lines, END_SOLUTION])
    marks = {"grade": True, "solution": True, "points": question.points}
    return [
        _locked(exercise, f"{question.name}_prompt", asked, is_code=False),
        _cell(exercise, question.name, source, marks, is_code=is_code),
    ]


def _short(exercise: Exercise, question: Question, asked: str, language: Language) -> list[Any]:
    """Return the cell that asks for a choice or a number, the one with the variable, and the one that is graded."""
    options = "\n".join(f"- {name}) {title.in_language(language)}" for name, title in question.options)
    asked = f"{asked}\n\n{options}\n\n{text('nbgrader.set', language, name=question.id)}"
    right = list(question.answer) if isinstance(question.answer, tuple) else question.answer
    source = [f"{question.id} = None", BEGIN_SOLUTION, f"{question.id} = {right!r}", END_SOLUTION]
    values = {"title": question.title.in_language(language), "points": points_text(question.points)}
    marks = {"grade": True, "locked": True, "points": question.points}
    return [
        _locked(exercise, f"{question.name}_prompt", re.sub(r"\n{3,}", "\n\n", asked), is_code=False),
        _cell(exercise, f"solution_{question.id}", "\n".join(source), {"solution": True}),
        _cell(exercise, question.name, hidden_cell(language, **values), marks),
    ]


def digest_of(notebook: Any) -> str:
    """Return a digest of what an instructor may change in a notebook; outputs and what editors add do not count."""
    cells = [
        [cell.get("cell_type"), cell.get("source"), cell.get("metadata", {}).get("nbgrader")]
        for cell in notebook.cells
    ]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def written_by_us(content: str) -> bool:
    """Return whether a notebook is one that `source_notebook` made and that nobody has changed since."""
    try:
        notebook = nbformat.reads(content, as_version=4)
        about = notebook.metadata.get("grader", {})
        return bool(about.get("digest") == digest_of(notebook))
    except Exception:  # nbformat raises whatever the damage makes it raise
        return False


def _locked(exercise: Exercise, name: str, source: str, *, is_code: bool = True) -> Any:
    return _cell(exercise, name, source, {"locked": True}, is_code=is_code)


def _cell(
    exercise: Exercise, name: str, source: str, marks: dict[str, Any] | None = None, *, is_code: bool = True
) -> Any:
    """Return a cell; `marks` is nbgrader's metadata of it, None for a cell that nbgrader does not treat."""
    metadata: dict[str, Any] = {}
    if marks is not None:
        about = {"grade": False, "solution": False, "locked": False, "task": False, **marks}
        metadata["nbgrader"] = {**about, "grade_id": name, "schema_version": SCHEMA}
    make = new_code_cell if is_code else new_markdown_cell
    return make(source, id=_cell_id(f"{exercise.id}-{name}"), metadata=metadata)


def _cell_id(name: str) -> str:
    """Return an id that nbformat takes: at most 64 letters, digits, dashes and underscores."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if plain == name and len(name) <= 64:
        return name
    return f"{plain[:47]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
