"""Another grader's notebook becomes an exercise."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.answers.cells import names_of
from grader.authoring.exercise import Place, language_of, sort_titles, whole
from grader.authoring.foreign_tests import (
    Body,
    NotTranslatable,
    bound_first,
    needed_statements,
    statements_in,
    translate,
    unbound,
)
from grader.authoring.parts import Notebook, Test
from grader.authoring.rendering import arguments, render
from grader.authoring.stubs import Code, is_removed, is_shown, prepares, stub_and_solution
from grader.course.names import question_id
from grader.errors import Fault, RequestError
from grader.messages.sentences import text
from grader.model import Language

_HEAD = '"""{kind} checks of {id}, brought over from {file}."""\n'
_MOST_IN_NAME = 40
_SAID = ("tensor", "unchanged")
"""Of these assertions a statement says what they ask: that a result is no list, and that arguments stay as they are."""


@dataclass(frozen=True, slots=True)
class Check:
    """A test as a check of an exercise."""

    name: str
    points: Fraction
    is_hidden: bool
    texts: Mapping[Language, str]
    body: Body


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a notebook."""

    id: str
    written: tuple[Path, ...]
    checks: int
    questions: int
    points: Fraction
    notes: tuple[Fault, ...]
    """What could not be brought over."""


def import_notebook(root: Path, notebook: Notebook, slug: str) -> Imported:
    """Write a notebook's exercise at the end of a course.

    Raises:
        CourseError: course.yml is not as it has to be.
        RequestError: the slug is none or taken, or nothing of the notebook can be checked.
    """
    place = Place(root, slug)
    languages = place.outline.languages
    code = Code(notebook)
    if not code.names and not notebook.questions:
        raise RequestError("authoring.no_answer", {"file": notebook.file})
    conversion = _Conversion(notebook, code, languages)
    checks = conversion.checks()
    questions = _questions(notebook, languages)
    if not checks and not questions:
        raise RequestError("authoring.no_tests", {"file": notebook.file})
    read = conversion.read
    stub, solution = stub_and_solution(code, notebook.content, read)
    for question in questions:
        if question.get("kind", "text") == "text":
            # Who hands in a Python file answers here.
            stub = f'{stub.rstrip()}\n\n{question["id"]} = ""\n'.lstrip()
    title, statement = _statement(notebook, code, read)
    title = title or slug.replace("-", " ").capitalize()
    titles = sort_titles([title], languages)
    own = language_of(statement or title, languages) or languages[0]
    files = {
        path: _in_language(
            place.id,
            titles[language],
            language,
            statement,
            own,
            list(code.first),
            [item["id"] for item in questions],
            {name for check in checks for name in check.body.asked},
        )
        for language, path in place.files.statements.items()
    }
    files[place.files.stub] = stub
    files[place.files.solution] = solution
    for path, is_hidden in ((place.files.visible_checks, False), (place.files.hidden_checks, True)):
        chosen = [check for check in checks if check.is_hidden is is_hidden]
        files[path] = _check_file(place.id, notebook.file, chosen, is_hidden, conversion.given)
    if checks:
        files[place.files.misconceptions] = render(
            "no_misconceptions.py", languages[0], id=place.id, names=list(code.first), languages=languages
        )
    points = sum((check.points for check in checks), Fraction(0))
    points += sum((Fraction(str(question["points"])) for question in questions), Fraction(0))
    written = place.write(titles, float(points), files, **({"questions": questions} if questions else {}))
    notes = sorted(notebook.notes, key=lambda note: int(note.place.split()[-1]))
    return Imported(place.id, tuple(written), len(checks), len(questions), points, tuple(notes))


def _questions(notebook: Notebook, languages: Sequence[Language]) -> list[dict[str, Any]]:
    """Return the questions that a person grades, as course.yml has them."""
    found: list[dict[str, Any]] = []
    names: set[str] = set()
    for question in notebook.questions:
        if not question.points:
            values = {"name": question.name, "points": 0.0}
            notebook.note(question.cell, "authoring.lost_points", **values)
            continue
        id = _unique(question_id(question.name), names)
        title = dict.fromkeys(languages, question.name)
        item: dict[str, Any] = {"id": id, "title": title, "points": whole(float(question.points))}
        if question.kind != "text":
            item["kind"] = question.kind
        for field, words in (("prompt", question.prompt), ("rubric", question.rubric)):
            if words:
                item[field] = dict.fromkeys(languages, words)
        found.append(item)
    return found


class _Conversion:
    """The tests of a notebook, becoming checks."""

    def __init__(self, notebook: Notebook, code: Code, languages: Sequence[Language]) -> None:
        self.notebook, self.code, self.languages = notebook, code, languages
        self.statements = [
            (node, source)
            for item in notebook.content
            if not isinstance(item, str) and item.cell in code.trees
            for node, source in statements_in(item.solution)
            if not is_removed(item, node) and (not isinstance(node, ast.Expr) or prepares(node))
        ]
        """What students are given."""
        self.remote = set(code.names)
        for node, _ in self.statements:
            names = names_of(ast.Module([node], []))
            # What is made with a student's code is the student's too.
            if names.used & self.remote:
                self.remote |= names.bound
        self.given: list[str] = []
        """What checks need of what students are given, in its order."""
        self.read: set[str] = set()

    def checks(self) -> list[Check]:
        """Return the tests that can become checks; the others are noted."""
        checks: list[Check] = []
        needed: set[str] = set()
        earlier: list[tuple[ast.stmt, str]] = []
        names: set[str] = set()
        for test in self.notebook.tests:
            remote = set(self.remote)
            try:
                used = unbound("\n".join([test.setup, test.code]))
                # What the lecture made of a student's code, a test may make for itself.
                remote -= bound_first("\n".join([test.setup, test.code])) - self.code.names
            except SyntaxError:
                used = set()
            before = [
                pair
                for pair in needed_statements(used - remote, earlier)
                if not isinstance(pair[0], ast.Assert)
            ]
            prepared = "\n".join(source for _, source in before)
            kind = "hidden" if test.is_hidden else "visible"
            fallback = {
                language: text(f"authoring.check_{kind}", language, name=test.name.removesuffix("-hidden"))
                for language in self.languages
            }
            if used:
                earlier += _bindings(test)
            try:
                if not test.points:
                    raise NotTranslatable("0")
                for name in sorted(used - remote - self._known(used, before)):
                    raise NotTranslatable(name)
                body = translate(test, prepared, remote, fallback)
            except NotTranslatable as error:
                key = "authoring.lost_test" if test.points else "authoring.lost_points"
                values = {"name": test.name, "points": float(test.points), "why": str(error)}
                self.notebook.note(test.cell, key, **values)
                continue
            needed |= used | unbound_quietly(prepared)
            name = _unique(_function_name(test.name), names)
            checks.append(Check(name, test.points, test.is_hidden, self._texts(test, body, fallback), body))
        local = [
            pair for pair in self.statements if not names_of(ast.Module([pair[0]], [])).bound & self.remote
        ]
        self.read = needed & self.remote
        self.given = [source for _, source in needed_statements(needed - self.remote, local)]
        return checks

    def _known(self, used: set[str], before: Sequence[tuple[ast.stmt, str]]) -> set[str]:
        """Return the names that a check has besides the student's: what is given, and what earlier tests made."""
        bound = [names_of(ast.Module([node], [])) for node, _ in [*self.statements, *before]]
        known = {"np"}.union(*(names.bound for names in bound))
        return known | used if any(names.has_star for names in bound) else known

    def _texts(self, test: Test, body: Body, fallback: Mapping[Language, str]) -> dict[Language, str]:
        """Return what is said of a check: its docstring, where students may read that, in the language that it is in."""
        texts = dict(fallback)
        if body.described and not test.is_hidden:
            own = language_of(body.described, self.languages)
            if own is not None:
                texts[own] = body.described.rstrip(".")
        else:
            self.notebook.note(test.cell, "authoring.lost_text", name=test.name)
        return texts


def unbound_quietly(code: str) -> set[str]:
    """Return the names that code uses and does not bind; it was Python before."""
    return unbound(code) if code else set()


def _bindings(test: Test) -> Iterator[tuple[ast.stmt, str]]:
    """Yield the statements of a test that later cells may use."""
    for node, source in statements_in("\n".join([test.setup, test.code])):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom | ast.FunctionDef):
            yield node, source


def _function_name(name: str) -> str:
    plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()[:_MOST_IN_NAME]
    return plain if plain.startswith("test_") else f"test_{plain or 'cell'}"


def _unique(name: str, names: set[str]) -> str:
    found, number = name, 2
    while found in names:
        found, number = f"{name}_{number}", number + 1
    names.add(found)
    return found


def _statement(notebook: Notebook, code: Code, read: set[str]) -> tuple[str, str]:
    """Return an exercise's title, where a heading says one, and its statement."""
    parts = []
    for item in notebook.content:
        if isinstance(item, str):
            parts.append(item.strip())
        elif not item.removed and item.cell in code.trees and is_shown(item, code, read):
            parts.append(f"```python\n{item.solution}\n```")
    statement = "\n\n".join(filter(None, parts))
    heading = re.match(r"\A#\s+(.+)\n*", statement)
    if heading is None:
        return "", statement
    return heading[1].strip(), statement[heading.end() :]


def _in_language(
    id: str,
    title: str,
    language: Language,
    statement: str,
    own: Language,
    names: Sequence[str],
    questions: Sequence[str],
    asked: Collection[str],
) -> str:
    """Return a statement's file: the notebook's in its language, with what every statement has: tasks, and what checks ask."""
    heading = f"## {text('authoring.heading_tasks', language)}"
    if language != own:
        statement = f"TODO(author): {text('authoring.todo_translate', language, language=own)}"
    sentences = [text("authoring.task_define", language, name=name) for name in names]
    sentences += [text("authoring.task_answer", language, name=name) for name in questions]
    tasks = "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
    parts = [f"# {id}. {title}", statement]
    if not re.search(rf"^{heading}[ \t]*$", statement, flags=re.MULTILINE):
        parts.append(f"{heading}\n\n{tasks}")
    parts += [text(f"authoring.says_{name}", language) for name in _SAID if f"assert_{name}" in asked]
    return "\n\n".join(parts) + "\n"


def _check_file(id: str, file: str, checks: Sequence[Check], is_hidden: bool, given: Sequence[str]) -> str:
    """Return a file of checks, with what of the given code they need at its top."""
    used = set[str]().union(*(unbound(_as_function(check.body.lines)) for check in checks))
    needed = [source for _, source in needed_statements(used, statements_in("\n".join(given)))]
    if "np" in used and not any("np" in names_of(ast.parse(source)).bound for source in needed):
        needed.insert(0, "import numpy as np")
    asked = {"check", "Submission"}.union(*(check.body.asked for check in checks))
    imports = [source for source in needed if re.match(r"(import|from) ", source)]
    others = [source for source in needed if source not in imports]
    ours = f"from grader import {', '.join(sorted(asked, key=lambda name: (name.islower(), name)))}"
    head = [_HEAD.format(kind="Hidden" if is_hidden else "Visible", id=id, file=file)]
    if imports:
        head.append("\n".join(imports) + "\n")
    if checks:
        head.append(ours + "\n")
    if others:
        head.append("\n".join(others) + "\n")
    return "\n".join(head) + "".join(f"\n\n{_function(check)}" for check in checks)


def _as_function(bodies: str) -> str:
    return f"def check():\n{bodies}"


def _function(check: Check) -> str:
    texts = "".join(f"    {arguments({code: words})},\n" for code, words in check.texts.items())
    points = (
        f"{float(check.points):g}"
        if check.points == Fraction(f"{float(check.points):g}")
        else str(check.points)
    )
    points = points.replace("/", " / ")
    return (
        f"@check(\n    points={points},\n{texts})\n"
        f"def {check.name}(submission: Submission) -> None:\n{check.body.lines}\n"
    )
