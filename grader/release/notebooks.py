"""Exercises as notebooks for students: the statement with its pictures, the stub, and a cell that checks."""

from __future__ import annotations

import base64
import hashlib
import json
import mimetypes
import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.course.files import files_of, name_in_course
from grader.messages.sentences import languages, text
from grader.model import Course, Exercise, Language

FOLDER = "notebooks"
"""Where the notebooks in further languages lie, each language's in a folder of its own."""
_LINK = re.compile(r"(!?)\[([^\]\n]*)\]\((?!\w+:|[#/])([^)\s]+)((?:\s+\"[^\"\n]*\")?)\)")
"""A picture or a link of Markdown that leads to a file: its text, the file, and its title."""
_ATTACHED = {f"image/{kind}" for kind in ("png", "jpeg", "gif", "webp", "bmp")}
"""The kinds of pictures that JupyterLab shows of those that come with a cell; of any other it is the file that is shown."""
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)


def notebooks_of(
    course: Course, files: Mapping[str, bytes], wanted: Sequence[Language], install: str | None
) -> dict[str, bytes]:
    """Return path -> notebook: of the first language beside the course's files, of every other in a folder of its own."""
    return {
        f"{folder}{exercise.id}.ipynb": notebook_of(course, exercise, files, language, folder, install)
        for language, folder in zip(wanted, ["", *(f"{FOLDER}/{code}/" for code in wanted[1:])], strict=True)
        for exercise in course.exercises
    }


def environment_lines(course: Course) -> str:
    """Return code that sets what the runner's environment has, before anything is imported; empty where it has nothing.

    TensorFlow's banners would go to stderr, which `nbgrader validate` takes for a failed check.
    """
    lines = [
        f"os.environ.setdefault({name!r}, {value!r})" for name, value in course.runner.environment.items()
    ]
    # Jupyter would show the value of the last line.
    return "\n".join(["import os", "", *lines[:-1], f"_ = {lines[-1]}"]) if lines else ""


def is_as_released(notebook: Path) -> bool:
    """Return whether nobody has written anything into the cells of a notebook that was released."""
    try:
        document = json.loads(notebook.read_text(encoding="utf-8"))
        return bool(document["metadata"]["grader"]["digest"] == _digest(document["cells"]))
    except (OSError, ValueError, LookupError, TypeError):
        return False


def released_as(notebook: Path) -> tuple[Language, str | None]:
    """Return the language that a notebook was released in, empty where it does not say, and what it has students install."""
    try:
        about = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["grader"]
        language, install = about.get("language", ""), about.get("install")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return "", None
    return str(language), None if install is None else str(install)


def notebook_of(
    course: Course,
    exercise: Exercise,
    files: Mapping[str, bytes],
    language: Language,
    folder: str,
    install: str | None,
) -> bytes:
    """Return an exercise as the notebook that lies in a folder of the release."""
    # What is said around the statement is in a language that the program speaks.
    spoken = language if language in languages() else "en"
    given = files_of(exercise)
    statement, pictures = _statement(exercise, files, name_in_course(given.statement(language)), folder)
    setup = text(
        "notebook.setup",
        spoken,
        install=install or text("notebook.address", spoken),
        course=course.id,
    )
    check = f"%check {exercise.id}" + (
        f" --lang {language}" if language != course.language and spoken == language else ""
    )
    cells = [
        _cell("markdown", statement, **({"attachments": pictures} if pictures else {})),
        _cell("code", f"{setup}\n%load_ext grader\n\n{environment_lines(course)}".strip()),
        _cell("code", files[name_in_course(given.stub)].decode().strip()),
        _cell("markdown", text("notebook.check", spoken)),
        _cell("code", check),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"{exercise.id}-{number}"
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "grader": {
                "course": course.id,
                "exercise": exercise.id,
                "digest": _digest(cells),
                "language": language,
                "install": install,
            },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def _cell(kind: str, source: str, **more: object) -> dict[str, Any]:
    cell = {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True), **more}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _digest(cells: Sequence[Mapping[str, Any]]) -> str:
    """Return a digest of what is written in the cells; outputs and what editors add do not count."""
    written = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def _statement(
    exercise: Exercise, files: Mapping[str, bytes], name: str, folder: str
) -> tuple[str, dict[str, dict[str, str]]]:
    """Return the statement for a notebook that lies in a folder, and the pictures that it shows, which come with it."""
    up = "../" * folder.count("/")
    pictures: dict[str, dict[str, str]] = {}

    def linked(found: re.Match[str]) -> str:
        mark, shown, target, title = found.groups()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.partition("#")[0]))
        kind, _ = mimetypes.guess_type(path)
        if mark and path in files and kind in _ATTACHED:
            packed = path.replace("/", "-")
            pictures[packed] = {kind: base64.b64encode(files[path]).decode()}
            return f"![{shown}](attachment:{packed}{title})"
        return f"{mark}[{shown}]({up}{path}{title})"

    def moved(fenced: str) -> str:
        # A release has every exercise's data in the folder `data` beside the answers.
        return re.sub(r"""(?<=["'])data/""", f"{up}data/", fenced) if exercise.data_folder else fenced

    statement = files[name].decode("utf-8").strip()
    parts, at = [], 0
    for fence in _FENCE.finditer(statement):
        parts += [_LINK.sub(linked, statement[at : fence.start()]), moved(fence[0])]
        at = fence.end()
    return "".join([*parts, _LINK.sub(linked, statement[at:])]), pictures
