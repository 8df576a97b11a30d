"""A new exercise in a course: its folders, and its entry in course.yml."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.authoring.libraries import imports_of, library_of
from grader.authoring.rendering import render
from grader.course.files import ExerciseFiles
from grader.course.languages import is_written_in
from grader.course.load import Outline, read_outline
from grader.course.names import folder_name
from grader.course.yaml import FILE_NAME, with_item
from grader.errors import RequestError, file_errors_as
from grader.files.write import write_file
from grader.messages.sentences import text
from grader.model import Language

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Place:
    """Where a course's next exercise goes."""

    def __init__(self, root: Path, slug: str) -> None:
        """Find it; nothing is written yet.

        Raises:
            CourseError: course.yml is not as it has to be.
            RequestError: the slug is none, or taken.
        """
        if not _SLUG.fullmatch(slug):
            plain = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
            raise RequestError("authoring.bad_slug", {"slug": slug, "example": plain or "stride"})
        self.root = root
        self.outline: Outline = read_outline(root)
        if slug in self.outline.slugs:
            raise RequestError("authoring.slug_taken", {"slug": slug})
        self.slug = slug
        number = len(self.outline.slugs) + 1
        self.id = f"ex{number:02d}"
        name = folder_name(number, slug)
        self.folders = root / "exercises" / name, root / "solutions" / name
        for folder in self.folders:
            if folder.exists():
                raise RequestError("authoring.folder_there", {"folder": str(folder)})
        self.files = ExerciseFiles(self.id, *self.folders, self.outline.languages)

    def write(
        self,
        titles: Mapping[Language, str],
        points: float,
        files: Mapping[Path, str],
        **fields: Any,
    ) -> list[Path]:
        """Write an exercise's files, and name it with these fields in course.yml; return what was written.

        Raises:
            RequestError: something cannot be written.
        """
        course = self.root / FILE_NAME
        entry = {"slug": self.slug, "title": dict(titles), "points": whole(points), **fields}
        with file_errors_as(RequestError, "request.unwritable", course):
            extended = with_item(course.read_text(encoding="utf-8-sig"), "exercises", entry)
        for path, content in files.items():
            write_file(path, content)
        write_file(course, extended)
        return [course, *files]


def whole(points: float) -> float:
    """Return points as people write them: 3, and not 3.0."""
    return int(points) if points == int(points) else points


def language_of(words: str, languages: Sequence[Language]) -> Language | None:
    """Return which of some languages a text is in: the first that it may be written in, or None."""
    # A script of its own says more than Latin letters, which any language may have.
    candidates = sorted(languages, key=lambda code: is_written_in("a", code))
    return next((code for code in candidates if is_written_in(words, code)), None)


def sort_titles(given: Sequence[str], languages: Sequence[Language]) -> dict[Language, str]:
    """Return titles by language: each is taken for the first one left that it may be written in.

    A course whose languages all have a script of their own has titles in Latin letters too: "Softmax".

    Raises:
        RequestError: a title is in none of them.
    """
    titles: dict[Language, str] = {}
    for title in given:
        left = [code for code in languages if code not in titles]
        is_foreign = language_of(title, languages) is None
        language = next(iter(left), None) if is_foreign else language_of(title, left)
        if language is None:
            raise RequestError("authoring.title_extra", {"title": title, "languages": ", ".join(languages)})
        titles[language] = title
    return {
        code: titles.get(code) or f"TODO(author): {text('authoring.todo_title', code)}" for code in languages
    }


def _signature(function: str, annotation: str) -> tuple[str, ast.arguments]:
    """Return the name and the parameters of a function that is given as `softmax` or as `attention(q, k, v)`.

    Raises:
        RequestError: no function can be called so.
    """
    called = function if "(" in function else f"{function}(x)"
    try:
        node = ast.parse(f"def {called}: ...").body[0]
    except SyntaxError:
        node = ast.Pass()
    if not isinstance(node, ast.FunctionDef) or not node.args.args or node.name.startswith("_"):
        raise RequestError("authoring.bad_function", {"name": function})
    for item in _named(node.args):
        if item.arg not in _defaults(node.args):
            item.annotation = item.annotation or ast.parse(annotation, mode="eval").body
    return node.name, node.args


def _named(parameters: ast.arguments) -> list[ast.arg]:
    return [*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs]


def _without_annotations(parameters: ast.arguments) -> str:
    shown = copy.deepcopy(parameters)
    for item in _named(shown):
        item.annotation = None
    return ast.unparse(shown)


def _defaults(parameters: ast.arguments) -> dict[str, str]:
    """Return the parameters that have a default, each with it as Python writes it."""
    positional = [*parameters.posonlyargs, *parameters.args]
    given = zip(reversed(positional), reversed(parameters.defaults), strict=False)
    kept = zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
    return {item.arg: ast.unparse(value) for item, value in [*given, *kept] if value is not None}


def new_exercise(
    root: Path, slug: str, given: Sequence[str], function: str | None, reader: Language
) -> list[Path]:
    """Write all files of an exercise, with what is the same everywhere in them; return what was written.

    Raises:
        CourseError: course.yml is not as it has to be.
        RequestError: the slug is none or taken, or something cannot be written.
    """
    place = Place(root, slug)
    languages = place.outline.languages
    titles = sort_titles(given, languages)
    library = library_of(place.outline.preload)
    name, parameters = _signature(function or slug.replace("-", "_"), library.annotation)
    shown = titles.get("en") or titles[languages[0]]
    if shown not in given:
        shown = next(iter(given), slug)
    names = [item.arg for item in _named(parameters)]
    defaults = _defaults(parameters)
    keywords = {item.arg for item in parameters.kwonlyargs}
    values = {
        "id": place.id,
        "function": name,
        "parameters": names,
        "defaults": defaults,
        "signature": ast.unparse(parameters),
        "shown": _without_annotations(parameters),
        "arguments": ", ".join(f"{item}={item}" if item in keywords else item for item in names),
        "width": max(len("return"), *map(len, names)),
        "title": shown.rstrip("."),
        "languages": languages,
        "imports": imports_of(place.outline.preload),
        "library": library,
    }
    files = place.files
    written = {
        path: render("statement.md", code, **values | {"title": titles[code]})
        for code, path in files.statements.items()
    }
    templates = {
        files.stub: "stub.py",
        files.solution: "solution.py",
        files.visible_checks: "visible.py",
        files.hidden_checks: "hidden.py",
        files.misconceptions: "misconceptions.py",
    }
    written |= {path: render(template, reader, **values) for path, template in templates.items()}
    fields = {} if library.tensors == "numpy" else {"tensors": library.tensors}
    return place.write(titles, 10, written, **fields)
