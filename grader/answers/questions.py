"""What a student answers to the questions that a person grades: found by a heading, by a name, or by nbgrader's cell.

Nothing here is executed, and nothing is believed: an answer is text that a person reads.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from grader.answers.file import read_cells_in
from grader.answers.notebook import Cell
from grader.answers.python import check_cost, parsed
from grader.course.files import files_of
from grader.course.names import question_id
from grader.course.stub import PLACEHOLDERS, assigned
from grader.errors import SubmissionError
from grader.model import Exercise, Question

MOST_ANSWER = 20_000
"""Characters of an answer that are kept."""
_LONGEST_LINE = 300
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_CODE_PLACEHOLDER = "# YOUR CODE HERE\nraise NotImplementedError()"
_PLACEHOLDERS = ("YOUR ANSWER HERE", _CODE_PLACEHOLDER)
"""What nbgrader puts in the place of an answer."""


def answers_of(exercise: Exercise, raw: bytes, name: str) -> dict[str, str]:
    """Return question -> answer, of what a file of this name holds; empty where there is none."""
    if not exercise.questions:
        return {}
    try:
        cells = read_cells_in(raw, name)
    except SubmissionError:
        # Whatever is wrong with the file is said where it is executed.
        cells = []
    return answers_in(exercise, cells)


def answers_in(exercise: Exercise, cells: Sequence[Cell]) -> dict[str, str]:
    """Return question -> answer, of what the cells of a notebook hold, or the one of a Python file.

    An answer is the cell that nbgrader knows by the question, also by the name that it had before it was imported, else what stands below the question's heading, else what is
    bound to its name: a text, a function, a class. What the stub has is no answer.
    """
    stub = files_of(exercise).stub
    ids = [question.id for question in exercise.questions]
    given = stub.read_text(encoding="utf-8-sig") if stub.is_file() else ""
    known = _bound([given], ids)
    codes = [cell.source for cell in cells if cell.kind == "code" and not cell.is_check]
    try:
        check_cost(codes)
    except SubmissionError:
        # It is not executed either, and is told so there.
        codes = []
    bound = _bound(codes, ids)
    sections = _sections(exercise.questions, cells)
    found = {}
    for question in exercise.questions:
        dump, text = bound.get(question.id, ("", ""))
        by_name = "" if question.id in known and known[question.id][0] == dump else text
        marked = [
            cell.source for cell in cells if _asks(cell, question) and not _is_untouched(cell.source, given)
        ]
        texts = [*marked[-1:], sections.get(question.id, ""), by_name]
        if question.is_short:
            texts.reverse()
        answers = (_answer(question, text) for text in texts)
        found[question.id] = next(filter(None, answers), "")
    return found


def _asks(cell: Cell, question: Question) -> bool:
    """Return whether a cell is a question's, in a notebook that `grader` made or in the one that the question is from."""
    is_own = cell.name == question.name or (cell.name != "" and question_id(cell.name) == question.id)
    return is_own and not cell.is_check


def _is_untouched(source: str, given: str) -> bool:
    """Return whether a cell of code has its placeholder, and nothing else that students are not given."""
    source = source.strip()
    lines = source.removesuffix(_CODE_PLACEHOLDER).splitlines()
    own = {line for line in lines if line.strip() and not line.startswith("#")}
    return source.endswith(_CODE_PLACEHOLDER) and own <= {*given.splitlines()}


def _answer(question: Question, text: str) -> str:
    """Return a text without what is no answer: a prompt that was copied, and nbgrader's placeholder.

    Of a choice or a number it is the value alone that a variable gets.
    """
    text = text.strip()
    if question.is_short:
        return _value(question.id, text[:MOST_ANSWER])
    for copied in (*(question.prompt or {}).values(), *_PLACEHOLDERS):
        text = text.removeprefix(copied.strip()).strip()
    return text[:MOST_ANSWER]


def _value(name: str, text: str) -> str:
    """Return what a text sets a variable to last, or the text itself where it sets none."""
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    values = [node.value for node in statements if name in assigned(node)]  # type: ignore[attr-defined]  # it assigns
    value = values[-1] if values else None
    if isinstance(value, ast.Constant) and (value.value in PLACEHOLDERS or isinstance(value.value, str)):
        return value.value.strip() if isinstance(value.value, str) else ""
    is_empty = values and value is None
    return "" if is_empty else text if value is None else ast.get_source_segment(text, value) or ""


def _bound(codes: Iterable[str], names: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return name -> what codes bind it to outside of functions, as a syntax tree and as its text."""
    found: dict[str, tuple[str, str]] = {}
    for code in codes:
        tree = parsed(code)
        # As Python counts them; to split a line of megabytes `ast` takes minutes.
        lines = code.encode("utf-8", "replace").splitlines(keepends=True)
        for node in _statements(tree.body if tree is not None else []):
            targets: Sequence[ast.expr] = ()
            value: ast.AST | None = node
            if isinstance(node, ast.Assign):
                targets, value = node.targets, node.value
            elif isinstance(node, ast.AnnAssign | ast.AugAssign):
                targets, value = [node.target], node.value
            bound = [target.id for target in targets if isinstance(target, ast.Name)]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                bound = [node.name]
            for name in bound if value is not None else ():
                if name in names and value is not None:
                    dump, text = found.get(name, ("", "")) if isinstance(node, ast.AugAssign) else ("", "")
                    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
                    added = str(value.value) if is_text else _source(lines, node)  # type: ignore[attr-defined]  # a constant
                    found[name] = (dump + ast.dump(value), text + added)
    return found


def _statements(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield statements in order, and those that are executed as a part of them."""
    waiting = [*nodes][::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            parts = ("body", "handlers", "orelse", "finalbody")
            waiting += [item for part in parts for item in getattr(node, part, ())][::-1]


def _source(lines: Sequence[bytes], node: Any) -> str:
    """Return the text of a statement."""
    rows = lines[node.lineno - 1 : node.end_lineno]
    rows = [*rows[:-1], rows[-1][: node.end_col_offset]] if rows else []
    return b"".join(
        [row[node.col_offset :] if not number else row for number, row in enumerate(rows)]
    ).decode()


def _sections(questions: Sequence[Question], cells: Sequence[Cell]) -> dict[str, str]:
    """Return question -> what stands below its heading, until another heading of no lower level.

    In code a heading is a comment at the margin that names a question. A text is what is no code, where there is any.
    """
    # A file of a million lines costs one look at each, however many questions there are.
    any_heading = _heading_of(questions)

    def asked(heading: str) -> Question | None:
        heading = _folded(re.sub("[*`~]", "", heading).strip().strip("#-=% "))
        if any_heading.fullmatch(heading) is None:
            return None
        return next(question for question in questions if _heading_of([question]).fullmatch(heading))

    parts: dict[str, list[tuple[str, str]]] = {}
    current: Question | None = None
    level, is_comment = 0, False
    for cell in cells:
        if cell.is_check:
            continue
        for kind, depth, line in _lines(cell):
            question = asked(line) if depth else None
            if question is not None:
                current, level, is_comment = question, depth, kind == "comment"
                parts.setdefault(question.id, [])
            elif kind not in ("code", "comment") and 0 < depth <= level:
                current = None
            elif is_comment and kind == "code" and line.strip() and current and current.kind == "text":
                # In a Python file a text is a paragraph of comments.
                current = None
            elif current is not None:
                parts[current.id].append((kind, line))
        if current is not None:
            parts[current.id].append((cell.kind, ""))
            if cell.name == f"{current.name}_prompt":
                # It asks: the options in it are nobody's answer.
                parts[current.id].clear()
    return {
        question.id: _joined(parts[question.id], question) for question in questions if question.id in parts
    }


def _lines(cell: Cell) -> Iterator[tuple[str, int, str]]:
    """Yield a cell's lines with what they are (code, comment, markdown), and the level where one may be a heading."""
    is_fenced = False
    for line in cell.source.splitlines():
        is_short = len(line) <= _LONGEST_LINE
        if cell.kind == "code":
            is_comment = line.startswith("#")
            yield "comment" if is_comment else "code", int(is_comment and is_short), line
            continue
        is_fenced ^= _FENCE.match(line) is not None
        heading = _HEADING.fullmatch(line) if is_short and not is_fenced else None
        yield cell.kind, len(heading[1]) if heading else 0, line


def _joined(lines: Sequence[tuple[str, str]], question: Question) -> str:
    # A comment beside a variable is no choice and no number.
    is_code = ("code", "comment") if question.is_short else ("code",)
    texts = [(kind, line) for kind, line in lines if kind not in is_code]
    if question.kind not in ("code", "plot") and any(line.strip() for _, line in texts):
        return "\n".join(re.sub(r"^#+ ?", "", line) if kind == "comment" else line for kind, line in texts)
    return "\n".join(line for _, line in lines)


def _heading_of(questions: Sequence[Question]) -> re.Pattern[str]:
    """Return what matches a heading that names one of some questions: by id or title, with a number and points around it."""
    names = {
        name
        for question in questions
        for name in (question.id, question.id.replace("_", " "), *question.title.values())
    }
    any_name = "|".join(re.escape(_folded(name).rstrip(".?!:")) for name in sorted(names))
    return re.compile(
        rf"(?:(?:question|q|질문|문항)\.?\s*)?(?:\d+\s*[.:)\-]?\s*)?[:.\-]?\s*(?:{any_name})\s*[.?!:]*\s*(?:[(\[].*[)\]])?"
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
