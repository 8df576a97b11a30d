"""A notebook that was written for Otter Assign, in the format of its version 1 or later, taken apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

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
from grader.course.yaml import parse_texts
from grader.errors import CourseError, RequestError

_BOUNDARY = re.compile(
    r"\A\s*#\s*(ASSIGNMENT CONFIG|(?:BEGIN|END) (?:QUESTION|PROMPT|SOLUTION|TESTS))\b[^\n]*\n?"
)
_TEST_CONFIG = re.compile(
    r"\A\s*(\"\"\"|''')\s*#\s*BEGIN TEST CONFIG\s*\n(.*?)\1;?\s*#\s*END TEST CONFIG[^\n]*\n?", re.S
)
_OLD_TEST_CONFIG = re.compile(r"\A\s*#\s*BEGIN TEST CONFIG\s*\n(.*?)#\s*END TEST CONFIG[^\n]*\n?", re.S)
_LEFT_OUT = re.compile(r"#\s*IGNORE\s*$|^\s*import otter\b|^\s*grader\s*=\s*otter\.")
"""Lines that no student's code needs here: what Otter leaves out itself, and Otter."""
_READ = {"name", "points", "manual", "hidden", "success_message", "failure_message"}
"""What is brought over of a question's settings and a test's, or listed by itself."""
_OF_FILES = {"generate", "init_cell", "check_all_cell", "check_cell", "export", "export_cell", "run_tests"}
_OF_FILES |= {"solutions_pdf", "template_pdf", "save_environment", "colab", "export_environment"}
"""Settings that say only which files and cells Otter makes."""
_HIDDEN = re.compile(r"\A\s*#\s*HIDDEN\b[^\n]*\n?", re.IGNORECASE)


@dataclass(slots=True)
class _Asked:
    """A question, as far as it was read."""

    cell: int
    config: Mapping[str, Any]
    tests: list[tuple[Cell, Mapping[str, Any], str]] = field(default_factory=list)
    solutions: list[Cell] = field(default_factory=list)
    """Of a question that a person grades."""
    has_prompt: bool = False

    @property
    def is_manual(self) -> bool:
        """Return whether a person grades it."""
        return str(self.config.get("manual", "")).lower() == "true"


def read_otter(path: Path) -> Notebook:
    """Return what an Otter notebook is made of.

    Raises:
        RequestError: it is no notebook, or none with Otter's questions.
    """
    notebook = Notebook(path.name)
    cells = read_notebook_cells(path)
    note_files(notebook, path, cells)
    inside: list[str] = []
    asked = _Asked(0, {})
    has_question = False
    for cell in cells:
        if cell.has_attachments:
            notebook.note(cell.number, "authoring.lost_attachment")
        boundary = _BOUNDARY.match(cell.source) if cell.kind in ("raw", "markdown") else None
        if boundary is not None:
            word, _, what = boundary[1].partition(" ")
            if word == "ASSIGNMENT":
                _config(notebook, cell, cell.source[boundary.end() :])
                continue
            inside = [*inside, what] if word == "BEGIN" else inside[:-1]
            asked.has_prompt |= what == "PROMPT"
            if (word, what) == ("BEGIN", "QUESTION"):
                has_question = True
                asked = _Asked(cell.number, _config(notebook, cell, cell.source[boundary.end() :]))
            elif (word, what) == ("END", "QUESTION"):
                _question(notebook, asked)
                asked = _Asked(0, {})
        elif cell.kind != "raw" and not _is_ignored(cell):
            _cell(notebook, cell, inside, asked)
    if not has_question:
        raise RequestError("authoring.no_otter", {"file": str(path)})
    return notebook


def _cell(notebook: Notebook, cell: Cell, inside: Sequence[str], asked: _Asked) -> None:
    """Take a cell that lies inside of these blocks."""
    if "TESTS" in inside:
        asked.tests.append((cell, *_test(notebook, cell)))
    elif "SOLUTION" in inside and asked.is_manual:
        # What a person reads has no stub; the author's answer is what it is graded by.
        asked.solutions.append(cell)
    elif "PROMPT" in inside or not cell.source.strip():
        # A stub is made of the solution.
        return
    elif cell.kind == "code" and "SOLUTION" in inside:
        notebook.content.append(_answer(notebook, cell, has_prompt=asked.has_prompt))
    elif cell.kind == "code":
        notebook.give(cell.number, _without_marks(without_magics(notebook, cell)))
    elif "SOLUTION" not in inside:
        notebook.content.append(cell.source)


def _is_ignored(cell: Cell) -> bool:
    return bool(re.match(r"\s*(##\s*)?#\s*IGNORE\b|\s*##\s*IGNORE\s*##", cell.source, re.IGNORECASE))


def _config(notebook: Notebook, cell: Cell, text: str) -> Mapping[str, Any]:
    """Return what a cell says of the assignment, a question or a test, and note what is not brought over."""
    try:
        read = parse_texts(text, notebook.file)
    except CourseError:
        read = None
    if not isinstance(read, Mapping):
        if text.strip():
            notebook.note(cell.number, "authoring.lost_config")
        return {}
    lost = [f"{key}: {value}" for key, value in read.items() if key not in _READ | _OF_FILES]
    if lost:
        notebook.note(cell.number, "authoring.lost_settings", settings=", ".join(lost))
    return read


def _question(notebook: Notebook, asked: _Asked) -> None:
    """Take a question's tests, with the points that Otter gives each, or what a person grades."""
    config, tests = asked.config, asked.tests
    name = str(config.get("name") or f"question-{asked.cell}")
    said = config.get("points")
    each = fraction(said["each"]) if isinstance(said, Mapping) and "each" in said else None
    total = None if said is None or isinstance(said, Mapping) else fraction(said)
    if asked.is_manual:
        kinds = [kind_of(cell.source) if cell.kind == "code" else "text" for cell in asked.solutions]
        kind = max(kinds, key=("text", "code", "plot").index, default="text")
        rubric = "\n\n".join(_without_solution_marks(cell.source) for cell in asked.solutions)
        worth = Fraction(1) if total is None else total
        notebook.questions.append(Question(asked.cell, name, worth, kind, rubric))
        return
    own = [fraction(item["points"]) if "points" in item else each for _, item, _ in tests]
    given = sum((points for points in own if points is not None), Fraction(0))
    left = [points for points in own if points is None]
    if total is None:
        total = Fraction(1) if len(left) == len(own) else given
    share = max(total - given, Fraction(0)) / len(left) if left else Fraction(0)
    for number, ((test, item, code), points) in enumerate(zip(tests, own, strict=True), start=1):
        is_hidden = str(item.get("hidden", "")).lower() == "true"
        worth = share if points is None else points
        called = str(item.get("name") or (f"{name}-{number}" if len(tests) > 1 else name))
        notebook.tests.append(Test(test.number, called, worth, code, is_hidden))


def _test(notebook: Notebook, cell: Cell) -> tuple[Mapping[str, Any], str]:
    """Return what a cell of tests says of itself, and its test as a statement that raises where it is not passed."""
    code = cell.source
    config: dict[str, Any] = {}
    if found := _TEST_CONFIG.match(code) or _OLD_TEST_CONFIG.match(code):
        text = re.sub(r"^\s*#\s?", "", found[found.lastindex or 1], flags=re.MULTILINE)
        config = dict(_config(notebook, cell, text))
        for key in ("success_message", "failure_message"):
            if key in config:
                notebook.note(cell.number, "authoring.lost_message", text=str(config[key]))
        code = code[found.end() :]
    if found := _HIDDEN.match(code):
        config["hidden"] = "true"
        code = code[found.end() :]
    code = _without_marks("\n".join(line for line in code.splitlines() if not re.match(r"\s*[%!]", line)))
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return config, code
    functions = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]
    if len(functions) == 1 and len(tree.body) == 1:
        lines = code.splitlines()[functions[0].body[0].lineno - 1 : functions[0].end_lineno]
        # Otter's tests may ask for all of the student's names as one dictionary.
        return config, re.sub(r"\benv\[(['\"])(\w+)\1\]", r"\2", _dedented("\n".join(lines)))
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and cell.is_printing:
        notebook.note(cell.number, "authoring.lost_output")
    elif isinstance(last, ast.Expr) and (cell.shown is not None or not _is_assertion(last)):
        expression = ast.get_source_segment(code, last.value) or ""
        before = code.splitlines()[: last.lineno - 1]
        return config, "\n".join([*before, _shown_test(notebook, cell, expression)])
    return config, code


def _is_assertion(statement: ast.Expr) -> bool:
    """Return whether a statement raises by itself where it is not passed, as `np.testing.assert_allclose` does."""
    return isinstance(statement.value, ast.Call) and "assert" in ast.unparse(statement.value.func).lower()


def _shown_test(notebook: Notebook, cell: Cell, expression: str) -> str:
    """Return a statement that tests that an expression shows what it showed when the author ran the cell."""
    if cell.shown is None:
        notebook.note(cell.number, "authoring.lost_not_run", expression=expression)
        return expression
    if cell.shown == "True":
        return f"assert {expression}"
    try:
        ast.literal_eval(cell.shown)
    except (ValueError, SyntaxError):
        # NumPy shows an array as `array([1, 2])`.
        if re.fullmatch(r"array\([\s\d.,eE+\-\[\]]*\)", cell.shown):
            return f"assert np.array_equal({expression}, np.{cell.shown})"
        return f"assert repr({expression}) == {cell.shown!r}"
    return f"assert {expression} == {cell.shown}"


def _dedented(code: str) -> str:
    lines = code.splitlines()
    width = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[width:] if not line[:width].strip() else line for line in lines)


def _without_marks(code: str) -> str:
    """Return code without what Otter leaves out of every version of it."""
    code = re.sub(r"^[^\n]*#\s*BEGIN IGNORE.*?#\s*END IGNORE[^\n]*$\n?", "", code, flags=re.M | re.S)
    kept = [re.sub(r"\s*#\s*SEED\s*$", "", line) for line in code.splitlines() if not _LEFT_OUT.search(line)]
    return "\n".join(kept).strip("\n")


def _without_solution_marks(text: str) -> str:
    """Return a solution without what says that it is one."""
    kept = [line for line in text.splitlines() if not re.search(r"#\s*(BEGIN|END) (SOLUTION|PROMPT)", line)]
    return re.sub(
        r"\A\W*SOLUTION\W*|\s*#\s*SOLUTION( NO PROMPT)?\s*$", "", "\n".join(kept), flags=re.MULTILINE
    ).strip()


def _answer(notebook: Notebook, cell: Cell, *, has_prompt: bool) -> Answer:
    """Take a cell of a solution: which of its lines students do not get is marked in comments.

    Where students get a prompt in its place they get none of it.
    """
    lines: list[str] = []
    removed: set[int] = set()
    prompt: list[str] | None = None
    is_inside = False
    for line in _without_marks(without_magics(notebook, cell)).splitlines():
        if re.search(r"#\s*(BEGIN|END) SOLUTION\b", line):
            is_inside = bool(re.search(r"#\s*BEGIN SOLUTION\b", line))
        elif re.search(r"(\"\"\"|''');?\s*#\s*(BEGIN|END) PROMPT", line):
            if prompt and any(
                text.strip() not in ("pass", "...") and text.strip()[:1] != "#" for text in prompt
            ):
                notebook.note(cell.number, "authoring.lost_prompt", text=" ".join(prompt[0].split()))
            prompt = [] if "BEGIN PROMPT" in line else None
        elif prompt is not None:
            prompt.append(line)
        elif not re.match(r"\s*##\s*solution\s*##\s*$", line, re.IGNORECASE):
            plain = re.sub(r"\s*#\s*SOLUTION( NO PROMPT)?\s*$", "", line)
            lines.append(plain)
            if is_inside or has_prompt or plain != line:
                removed.add(len(lines))
    return Answer(cell.number, "\n".join(lines), frozenset(removed))
