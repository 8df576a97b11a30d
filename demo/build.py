"""Write the demo class: a folder for each student with the files that class.yml names.

A source of class.yml becomes a student's file: `reference` and `stub` are the exercise's own files,
`misconception:<id>` is the reference with that misconception's functions or classes in place of its own, and `file:<name>`
lies in `answers/`. `as: ipynb` makes a notebook of it, with what notebooks have: text, a magic, a cell that raises.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from grader.course.load import load_course
from grader.course.yaml import parse_yaml
from grader.errors import CourseError
from grader.messages.sentences import sentences_of
from grader.model import Course, Exercise, Language, Verdict

DEMO = Path(__file__).resolve().parent
ROOT = DEMO.parent
CLASS_FILE = DEMO / "class.yml"
SUBMISSIONS = ROOT / "build" / "demo" / "submissions"

_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


class ClassError(Exception):
    """class.yml is wrong; the text holds every fault, one a line."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    answer: Annotated[str, Field(pattern=r"^(reference|stub|misconception:[a-z0-9-]+|file:[\w.-]+)$")]
    suffix: Annotated[Literal["py", "ipynb"], Field(alias="as")] = "py"
    points: Annotated[float, Field(ge=0)]
    verdict: Annotated[Verdict, Field(strict=False)]
    given: dict[str, Annotated[float, Field(ge=0)]] = {}
    """What a person gives to questions; the points above have it already."""


_CLASS: TypeAdapter[dict[str, dict[str, _Entry]]] = TypeAdapter(dict[str, dict[str, _Entry]])


@dataclass(frozen=True, slots=True)
class Answer:
    """One student's file for one exercise, and the score that it must get."""

    student: str
    exercise: str
    file: str
    """Its name in the student's folder."""
    content: bytes
    points: float
    verdict: Verdict
    given: dict[str, float]
    """Question -> what a person gives for its answer, as a part of the points."""


@dataclass(frozen=True, slots=True)
class DemoClass:
    """The students, those who handed in nothing included, and all their files."""

    students: tuple[str, ...]
    answers: tuple[Answer, ...]


def load_class(course: Course, path: Path = CLASS_FILE) -> DemoClass:
    """Return the class that a file describes.

    Raises:
        ClassError: with every fault, each with its place.

    """
    try:
        entries = parse_yaml(path, _CLASS, path.name)
    except CourseError as error:
        raise ClassError("\n".join(sentences_of(error, "en"))) from error
    exercises = {exercise.id: exercise for exercise in course.exercises}
    answers: list[Answer] = []
    faults: list[str] = []
    for student, row in entries.items():
        if not student or "/" in student or student.startswith((".", "__")):
            faults.append(f"{student!r}: a student's name is the name of a folder")
        for name, entry in row.items():
            try:
                if name not in exercises:
                    raise ClassError(f"there is no such exercise; there are {', '.join(exercises)}")
                language = "ko" if "ko" in course.languages else course.language
                answers.append(_answer(student, exercises[name], entry, path.parent / "answers", language))
            except ClassError as error:
                faults.append(f"{student}.{name}: {error}")
    if faults:
        raise ClassError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return DemoClass(tuple(entries), tuple(answers))


def _answer(student: str, exercise: Exercise, entry: _Entry, answers: Path, language: Language) -> Answer:
    if entry.points > exercise.points:
        raise ClassError(f"{entry.points:g} points are more than the exercise's {exercise.points:g}")
    if (entry.verdict is Verdict.PASSED) != (entry.points == exercise.points):
        raise ClassError(f"{entry.verdict} with {entry.points:g} of {exercise.points:g} points")
    content, suffix = _content(exercise, entry.answer, answers)
    if entry.suffix == "ipynb" and suffix == "py":
        content, suffix = _as_notebook(content, exercise, language), "ipynb"
    file = f"{exercise.id}.{suffix}"
    return Answer(student, exercise.id, file, content, float(entry.points), entry.verdict, dict(entry.given))


def _content(exercise: Exercise, source: str, answers: Path) -> tuple[bytes, str]:
    """Return the bytes of a source and the suffix of its file."""
    kind, _, name = source.partition(":")
    assert exercise.solution_folder is not None
    if kind == "stub":
        return (exercise.exercise_folder / "stub.py").read_bytes(), "py"
    if kind == "reference":
        return (exercise.solution_folder / "solution.py").read_bytes(), "py"
    if kind == "misconception":
        return with_misconception(exercise.solution_folder, name).encode(), "py"
    path = answers / name
    if not name.startswith(f"{exercise.id}_"):
        raise ClassError(f"answers/{name} is for another exercise")
    if not path.is_file():
        raise ClassError(f"there is no file answers/{name}")
    return path.read_bytes(), path.suffix.removeprefix(".")


def with_misconception(folder: Path, name: str) -> str:
    """Return the reference's file with a misconception's definitions after, and so in place of, its own.

    Raises:
        ClassError: the exercise has no such misconception.

    """
    parsed = ast.parse((folder / "misconceptions.py").read_text(encoding="utf-8")).body
    wrong = [node for node in parsed if isinstance(node, _DEFINITIONS) and name in _misconceptions(node)]
    if not wrong:
        raise ClassError(f"there is no misconception {name!r} in {folder.name}")
    helpers = _helpers(parsed, wrong)
    for definition in wrong:
        definition.decorator_list = []
    reference = (folder / "solution.py").read_text(encoding="utf-8")
    return "\n\n".join([reference, *(ast.unparse(_without_text(node)) for node in [*helpers, *wrong])]) + "\n"


def _misconceptions(definition: ast.FunctionDef | ast.ClassDef) -> list[str]:
    """Return the ids in a definition's `@misconception("id", ...)`."""
    calls = [item for item in definition.decorator_list if isinstance(item, ast.Call)]
    return [item.args[0].value for item in calls if item.args and _is_text(item.args[0])]  # type: ignore[attr-defined]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _helpers(parsed: list[ast.stmt], wrong: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return what the functions need of their module, in its order: imports, names, helping functions."""
    bound = {name: node for node in parsed if not _is_misconception(node) for name in _names_bound_by(node)}
    waiting: list[ast.stmt] = list(wrong)
    needed: set[int] = set()
    while waiting:
        used = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        found = [bound[name] for name in sorted(used & bound.keys()) if id(bound[name]) not in needed]
        needed |= {id(node) for node in found}
        waiting += found
    return [_import_as_name(node) for node in parsed if id(node) in needed]


def _is_misconception(node: ast.stmt) -> bool:
    return isinstance(node, _DEFINITIONS) and bool(_misconceptions(node))


def _names_bound_by(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (item.asname or item.name for item in node.names)
    elif isinstance(node, _DEFINITIONS):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _import_as_name(node: ast.stmt) -> ast.stmt:
    """Return `correct = max_pool` for `from solution import max_pool as correct`: it is the same file now."""
    if not isinstance(node, ast.ImportFrom) or node.module != "solution":
        return node
    here = ", ".join(item.asname or item.name for item in node.names)
    (assignment,) = ast.parse(f"{here} = {', '.join(item.name for item in node.names)}").body
    return assignment


def _without_text(node: ast.stmt) -> ast.stmt:
    """Return a function without its docstring, unless that is all it has."""
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) and len(node.body) > 1:
        node.body = node.body[1:]
    return node


def _as_notebook(content: bytes, exercise: Exercise, language: Language) -> bytes:
    """Return a student's notebook of a file: its definitions in cells of their own, among the usual other cells."""
    try:
        parts = _split(content.decode())
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ClassError(f"only a readable file can be made a notebook: {error}") from error
    # The cell that raises was run before the one that makes XXX, and stayed where it was.
    cells = [
        _markdown(f"# {exercise.title[language]}\n\n제출용 노트북"),
        _code("!pip install -q tensorflow\n%matplotlib inline"),
        _code(parts[0]),
        _code("XXX.reshape(1, 4, 4)", raised=("NameError", "name 'XXX' is not defined")),
        *(_code(part) for part in parts[1:]),
        _markdown("- 끝"),
        _code("%%time\nXXX = np.arange(16).reshape(1, 4, 4, 1)"),
        _code(""),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _split(source: str) -> list[str]:
    """Return a file in pieces: what stands before the first definition, then each definition with what follows it."""
    lines = source.splitlines()
    starts = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            start = node.lineno - 1
            # A comment right above a definition goes with it.
            while start and lines[start - 1].startswith("#"):
                start -= 1
            starts.append(start)
    borders = [0, *starts, len(lines)]
    return ["\n".join(lines[first:last]).strip("\n") for first, last in pairwise(borders)]


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str, *, raised: tuple[str, str] | None = None) -> dict[str, Any]:
    outputs = []
    if raised is not None:
        name, value = raised
        outputs = [
            {"output_type": "error", "ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}
        ]
    lines = text.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": outputs, "source": lines}


@cache
def demo_course() -> Course:
    """Return the course of this project."""
    return load_course(ROOT)


def write_class(demo: DemoClass, folder: Path) -> None:
    """Write a class's files; a student who handed in nothing gets an empty folder."""
    for student in demo.students:
        (folder / student).mkdir(parents=True, exist_ok=True)
    for answer in demo.answers:
        (folder / answer.student / answer.file).write_bytes(answer.content)


def main() -> int:
    """Write the class to the folder that the first argument names, or to build/demo/submissions."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS
    try:
        demo = load_class(demo_course())
    except ClassError as error:
        print(error, file=sys.stderr)
        return 2
    write_class(demo, folder)
    print(f"{len(demo.answers)} files of {len(demo.students)} students in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
