"""Checks -> the code of their cells.

A visible check is shown as plain Python that a student runs in their own kernel, with the literals as the author laid them
out. A check that needs the judge (for a layer's description or the reference) is not, and neither is any hidden check: their
cells say what is checked, and fail where anything but the judge would grade them.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.messages.sentences import points_text, text
from grader.model import Exercise, Language, Text
from grader.nbgrader.statements import bound_names, first_line, last_line, names_in, needed_by

_PLAIN = ("assert_tensor", "assert_equal", "expect", "assert_layer")
"""What a check may use of `grader` to be shown as plain Python."""

_TOOLS = {
    "assert_tensor": """
def assert_tensor(actual, expected, rtol=1e-5, atol=1e-5, dtype=None):
    assert not isinstance(actual, (list, tuple)), {kind}
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, {shape}.format(actual=actual.shape, expected=expected.shape)
    if dtype is not None:
        wanted = expected.dtype if dtype == "same" else np.dtype(dtype)
        assert actual.dtype == wanted, {dtype}.format(actual=actual.dtype, expected=wanted)
    if actual.dtype.kind in "biu" and expected.dtype.kind in "biu":
        np.testing.assert_array_equal(actual, expected)
    else:
        np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)
""",
    "assert_equal": """
def assert_equal(actual, expected, **texts):
    assert actual == expected, {equal}.format(what=texts[{language}], actual=repr(actual), expected=repr(expected))
""",
    "expect": """
def expect(condition, **texts):
    assert condition, texts[{language}]
""",
    "assert_layer": """
def assert_layer(layer, class_name, **settings):
    assert type(layer).__name__ == class_name, {layer}.format(actual=type(layer).__name__, expected=class_name)
    config = layer.get_config()
    for setting, wanted in settings.items():
        given = tuple(config[setting]) if isinstance(config[setting], list) else config[setting]
        assert given == wanted, {setting}.format(setting=setting, actual=given, expected=wanted)
""",
}
"""The source of each tool; a name in single braces stands for one of `_MESSAGES`, or for the language."""

_MESSAGES = {
    "kind": ("nbgrader.tool_kind", ""),
    "shape": ("nbgrader.tool_shape", "actual expected"),
    "dtype": ("nbgrader.tool_dtype", "actual expected"),
    "equal": ("nbgrader.tool_equal", "what actual expected"),
    "layer": ("nbgrader.tool_layer", "actual expected"),
    "setting": ("nbgrader.tool_setting", "setting actual expected"),
}
"""The tools' messages: the key of each sentence, and the names of the values that the tool fills in."""


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """What the cell of a check is made from."""

    name: str
    """The check's name, `test_batch`."""
    text: Text
    points: float
    visible: bool
    path: Path
    """The file that it is written in."""
    is_bonus: bool = False


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def visible(self) -> bool: ...


def cell_names(checks: Iterable[_Named]) -> list[str]:
    """Return the names of an exercise's checks' cells in nbgrader's gradebook.

    A visible and a hidden check may have the same name. Students see these names, so that the cases of a hidden check are
    numbered: what stands in the brackets may be what it is called with.
    """
    names, cases = [], Counter[str]()
    for check in checks:
        function, is_case, _ = check.name.partition("[")
        cases[function] += not check.visible
        hidden = f"hidden_{function}_{cases[function]}" if is_case else f"hidden_{function}"
        names.append(re.sub(r"[^\w-]+", "_", check.name) if check.visible else hidden)
    return names


def cell_points(points: float, *, is_bonus: bool) -> float:
    """Return the points of a check's cell: nbgrader adds what a bonus earns as extra credit, and to no maximum."""
    return 0.0 if is_bonus else points


def check_cell(exercise: Exercise, check: CheckInfo, language: Language) -> tuple[str, set[str]]:
    """Return a check's cell and the tools that it needs (see `tools_cell`)."""
    values = {"title": check.text.in_language(language), "points": points_text(check.points)}
    if not check.visible:
        return hidden_cell(language, **values), set()
    title = f"# {text('nbgrader.visible_cell', language, **values)}"
    plain = plain_check(
        check.path.read_text(encoding="utf-8-sig"), check.name, {*exercise.functions, *exercise.variables}
    )
    if plain is not None:
        code, tools = plain
        return f"{title}\n{code}", tools
    lines = [
        title,
        "try:",
        "    from grader import check",
        "except ImportError:",
        f"    print({text('nbgrader.needs_grader', language)!r})",
        "else:",
        f"    check({exercise.id!r}, only={check.name!r})",
        _guard(language),
    ]
    return "\n".join(lines), set()


def hidden_cell(language: Language, **values: str) -> str:
    """Return a cell of which students see the title and points alone."""
    return f"# {text('nbgrader.hidden_cell', language, **values)}\n{_guard(language)}"


def _guard(language: Language) -> str:
    """Return lines that nbgrader takes out of the release, and that fail where it executes the cell itself."""
    message = repr(text("nbgrader.guard", language))
    return f"""### BEGIN HIDDEN TESTS
import os
assert os.environ.get("NBGRADER_EXECUTION") != "autograde", {message}
### END HIDDEN TESTS"""


def tools_cell(tools: set[str], language: Language, own: Language) -> str:
    """Return the cell with the assertions that plain checks call, in NumPy alone; `own` is that of the author's texts."""
    messages = {
        name: repr(text(key, language, **{field: f"{{{field}}}" for field in fields.split()}))
        for name, (key, fields) in _MESSAGES.items()
    }
    parts = [f"# {text('nbgrader.tools', language)}\nimport numpy as np"]
    parts += [
        _TOOLS[name].rstrip("\n").format(language=repr(own), **messages) for name in _PLAIN if name in tools
    ]
    return "\n\n".join(parts)


def plain_check(source: str, name: str, functions: Iterable[str]) -> tuple[str, set[str]] | None:
    """Return a check as a function without parameters and its call, and the tools that it uses.

    None where it cannot be written so: it uses the reference, a random generator, a layer's description or a file.
    """
    source = _without_windows(source)
    tree = ast.parse(source)
    makers = {bound: [node] for node in tree.body for bound in bound_names(node)}
    check = makers.get(name, [None])[0]
    if not isinstance(check, ast.FunctionDef) or [item.arg for item in check.args.args] != ["submission"]:
        return None
    needed = needed_by(check.body, makers)
    imports = [node for node in needed if isinstance(node, ast.Import | ast.ImportFrom)]
    tools: set[str] = set()
    for node in list(imports):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "grader":
            # Only what the check and its helpers use of it matters, and annotations of `submission` do not.
            used = {alias.name for alias in node.names} & names_in([*check.body, *needed])
            if not used <= {*_PLAIN, "Submission"} or any(alias.asname for alias in node.names):
                return None
            tools |= used & set(_PLAIN)
            imports.remove(node)
    helpers = [node for node in needed if not isinstance(node, ast.Import | ast.ImportFrom)]
    if not all(_is_plain(node, set(functions)) for node in [*helpers, *check.body]):
        return None
    if any(_spans_lines(node, source) for node in helpers):
        return None
    lines = _without_submission(source, tree)
    numbers = sorted({number for node in helpers for number in range(first_line(node), last_line(node) + 1)})
    body = [f"    {lines[number - 1]}".rstrip() for number in numbers]
    has_text = ast.get_docstring(check) is not None
    # It begins after the docstring, and not with the first statement: a comment above that is shown, too.
    start = last_line(check.body[0]) if has_text else check.body[0].lineno - 1
    body += lines[start : last_line(check)]
    short = f"check_{name.removeprefix('test_')}"
    parts = [
        "\n".join(ast.unparse(node) for node in imports),
        f"def {short}():\n" + "\n".join(body),
        f"{short}()",
    ]
    code = "\n\n".join(part for part in parts if part) + "\n"
    try:
        compile(code, name, "exec", dont_inherit=True)
    except SyntaxError:
        return None
    return code.rstrip("\n"), tools


def _without_windows(source: str) -> str:
    """Return a file without the `window=` of its assertions, which the tools of a notebook do not know."""
    raw = source.encode()
    starts = [0, *(index + 1 for index, byte in enumerate(raw) if byte == ord("\n"))]
    spans = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or names_in([call.func]) != {"assert_tensor"}:
            continue
        before: list[ast.expr] = [*call.args]
        for keyword in call.keywords:
            if keyword.arg == "window" and before:
                spans.append((_end_of(before[-1], starts), _end_of(keyword.value, starts)))
            before.append(keyword.value)
    for first, last in sorted(spans, reverse=True):
        raw = raw[:first] + raw[last:]
    return raw.decode()


def _end_of(node: ast.expr, starts: list[int]) -> int:
    """Return the offset in bytes at which an expression ends; `starts` are the offsets at which lines start."""
    return starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)


def _is_plain(node: ast.stmt, functions: set[str]) -> bool:
    """Return whether a statement does the same in a student's notebook, where `submission.f` is `f`."""
    called = {
        id(item.value): item.attr
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute) and item.attr in functions
    }
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and item.id == "submission" and id(item) not in called:
            return False
        if isinstance(item, ast.Name) and item.id in {"__file__", *functions}:
            return False
    return True


def _spans_lines(node: ast.stmt, source: str) -> bool:
    """Return whether indenting a statement would change a literal text of several lines that is not a docstring."""
    texts = {id(item.value) for item in ast.walk(node) if isinstance(item, ast.Expr)}
    for item in ast.walk(node):
        if (
            isinstance(item, ast.JoinedStr | ast.Constant)
            and item.lineno != item.end_lineno
            and id(item) not in texts
        ):
            segment = ast.get_source_segment(source, item) or ""
            if '"""' in segment or "'''" in segment:
                return True
    return False


def _without_submission(source: str, tree: ast.Module) -> list[str]:
    lines = source.splitlines()
    places = [
        (item.value.lineno, item.value.col_offset, item.value.end_col_offset or 0)
        for item in ast.walk(tree)
        if isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Name)
        and item.value.id == "submission"
    ]
    for line, start, end in sorted(places, reverse=True):
        # The syntax tree counts columns in bytes.
        raw = lines[line - 1].encode()
        lines[line - 1] = (raw[:start] + raw[end + 1 :]).decode()
    return lines
