"""A Python file -> units: what IPython, nbconvert and Colab write into scripts is read as in a notebook's cell."""

from __future__ import annotations

import ast
import re

from grader.answers.kinds import check_conflict, refused
from grader.answers.newer import needed_python
from grader.answers.notebook import TRANSPARENT, as_python, skipped_lines, this_python
from grader.answers.python import check_cost, parses
from grader.model import Explanation, Source, Unit

_LITERAL = r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_CELL_MAGIC = re.compile(
    rf"^get_ipython\(\)\.run_cell_magic\('(?:{TRANSPARENT})', {_LITERAL}, {_LITERAL}\)[ \t]*$", re.MULTILINE
)
"""What `jupyter nbconvert --to script` makes of a cell below `%%time`: its third argument is the cell."""
_LINE_MAGIC = re.compile(
    rf"^([ \t]*)get_ipython\(\)\.run_line_magic\('(?:time|prun)', {_LITERAL}\)[ \t]*$", re.MULTILINE
)
_COLAB = re.compile(
    r"^# Commented out IPython magic to ensure Python compatibility\.\n((?:#[^\n]*(?:\n|\Z))+)", re.MULTILINE
)
"""What Colab makes of a cell with magics: a cell below `%%time` is a comment as a whole."""


def read_script(text: str, name: str) -> Source:
    """Return a Python file's code; a cell that nbconvert has in a text is a unit of its own.

    Raises:
        SubmissionError: it is more code than is read or would take long to be read, has marks of a merge conflict, or
            needs a newer Python.
    """
    check_cost([text])
    text = _COLAB.sub(_uncommented, text)
    text = _LINE_MAGIC.sub(lambda found: found[1] + _one_line(found[2], found[0]), text)
    pieces, label, start = list[tuple[str, str]](), name, 0
    for found in _CELL_MAGIC.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        pieces.append((label, _placed(text, start, found.start())))
        pieces.append((f"{name} [line {line}]", ast.literal_eval(found[2])))
        label, start = f"{name} [below line {line}]", found.end()
    pieces.append((label, _placed(text, start, len(text))))
    units, notes = list[Unit](), list[Explanation]()
    for label, piece in pieces:
        code = _python(piece)
        units.append(Unit(label, code))
        for number, skipped in skipped_lines(code).items():
            values = {"place": f"{label}:{number}", "line": skipped}
            notes.append(Explanation("submission.line_skipped", values))
    return Source(tuple(units), tuple(notes))


def _placed(text: str, start: int, end: int) -> str:
    """Return a part of a text whose lines keep their numbers."""
    return "\n" * text.count("\n", 0, start) + text[start:end]


def _one_line(literal: str, instead: str) -> str:
    code = str(ast.literal_eval(literal))
    return instead.strip() if "\n" in code else code


def _uncommented(found: re.Match[str]) -> str:
    """Return what Colab commented out of a cell, where the student means it to be executed."""
    lines = found[1].splitlines(keepends=True)
    is_whole = re.match(rf"# %%(?:{TRANSPARENT})\b", lines[0]) is not None
    for number, line in enumerate(lines):
        timed = re.match(r"#[ \t]+%(?:time|prun)[ \t]+(?=[^\s-])", line)
        if is_whole and number > 0:
            lines[number] = re.sub(r"\A# ?", "", line)
        elif timed is not None:
            lines[number] = line[timed.end() :]
    return found[0][: -len(found[1])] + "".join(lines)


def _python(code: str) -> str:
    """Return a code as Python: magics and shell lines become calls that do nothing."""
    if parses(code):
        return code
    check_conflict(code)
    (python,) = as_python([code])
    if python is not None and parses(python):
        return python
    needed = needed_python(code)
    if needed:
        raise refused("submission.newer_python", needed=needed, version=this_python())
    return code
