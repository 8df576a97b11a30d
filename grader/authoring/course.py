"""A new course in an empty folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from grader.authoring.libraries import LIBRARIES
from grader.authoring.rendering import render
from grader.course.languages import LANGUAGE_CODE
from grader.errors import RequestError, file_errors_as
from grader.files.write import write_file
from grader.model import Language

_MAY_LIE_THERE = {".git"}
"""What an empty folder may hold."""


def read_languages(names: str) -> tuple[Language, ...]:
    """Return the languages that `en,ko` names, the course's own first.

    Raises:
        RequestError: one is no language's code, or stands there twice.
    """
    languages = tuple(name.strip() for name in names.split(","))
    for name in languages:
        if not re.match(LANGUAGE_CODE, name) or languages.count(name) > 1:
            raise RequestError("authoring.bad_languages", {"given": names})
    return languages


def new_course(
    folder: Path, library: str, languages: Sequence[Language], title: str | None, reader: Language
) -> list[Path]:
    """Write what a course has before its first exercise; return the files.

    Raises:
        RequestError: the folder is not empty, or cannot be written.
    """
    with file_errors_as(RequestError, "request.unwritable", folder):
        if folder.exists() and (
            not folder.is_dir() or any(item.name not in _MAY_LIE_THERE for item in folder.iterdir())
        ):
            raise RequestError("authoring.not_empty", {"folder": str(folder)})
        for name in ("exercises", "solutions"):
            (folder / name).mkdir(parents=True)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", folder.resolve().name).strip(".-_")
    values = {
        "id": plain or "course",
        "title": title,
        "languages": languages,
        "library": LIBRARIES[library],
        "name": library,
    }
    written = []
    for name in ("course.yml", "README.md", ".gitignore"):
        written.append(folder / name)
        write_file(folder / name, render(name.removeprefix("."), reader, **values))
    return written


def is_installed(library: str) -> bool:
    """Return whether this Python can import a library."""
    return find_spec(library) is not None
