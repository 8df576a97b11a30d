"""Tests that read a student's names -> checks that ask `submission` for them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from grader.answers.cells import names_of
from grader.authoring.parts import Test
from grader.authoring.rendering import arguments
from grader.model import Language

_ALWAYS_THERE = frozenset(dir(builtins))
_NEVER = {
    *("get_ipython", "globals", "locals", "inspect", "mock", "patch", "exec", "eval"),
    *("capsys", "redirect_stdout", "contextlib.redirect_stdout", "sys.stdout"),
}
"""What a test asks for that lives with the student's code: it would have to look into its process."""
_ASSERTIONS = {"assert_equal", "assertEqual", "assert_equals"}
_NEARLY = {"assert_almost_equal", "assertAlmostEqual"}
_RAISES = {"assert_raises", "assertRaises"}


class NotTranslatable(Exception):
    """A test that cannot become a check; its text is the reason, as code shows it."""


@dataclass(frozen=True, slots=True)
class Body:
    """The statements of a check."""

    lines: str
    described: str
    """What its docstring says of it; empty without one."""
    asked: frozenset[str]
    """The names of `grader` that it uses."""


def needed_statements(
    wanted: Collection[str], statements: Sequence[tuple[ast.stmt, str]]
) -> list[tuple[ast.stmt, str]]:
    """Return the statements, in their order, that bind wanted names or what these need."""
    missing, needed = set(wanted), set[int]()
    for place in reversed(range(len(statements))):
        node = statements[place][0]
        names = names_of(ast.Module([node], []))
        # What is drawn depends on the seed that was set before.
        is_seed = isinstance(node, ast.Expr) and bool(needed)
        if names.bound & missing or names.has_star or is_seed:
            needed.add(place)
            missing |= names.used
    return [statement for place, statement in enumerate(statements) if place in needed]


def unbound(code: str) -> set[str]:
    """Return the names that code uses and does not bind itself."""
    tree = ast.parse(code)
    return set(names_of(tree).used) - _bound_anywhere(tree) - _ALWAYS_THERE


def bound_first(code: str) -> set[str]:
    """Return the names that code binds before it uses them."""
    bound, used = set[str](), set[str]()
    for node in ast.parse(code).body:
        names = names_of(ast.Module([node], []))
        used |= names.used
        bound |= names.bound - used
    return bound


def _bound_anywhere(tree: ast.AST) -> set[str]:
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
    return found


def statements_in(code: str) -> list[tuple[ast.stmt, str]]:
    """Return the statements of code, each with its text."""
    lines = code.splitlines()
    return [(node, "\n".join(lines[node.lineno - 1 : node.end_lineno])) for node in ast.parse(code).body]


def translate(test: Test, prepared: str, remote: Collection[str], text: Mapping[Language, str]) -> Body:
    """Return a test as the body of a check; `remote` are the names that the submission answers for.

    `prepared` is what earlier cells did for it; `text` is what is said where the test itself says nothing.

    Raises:
        NotTranslatable: it does what cannot be done from another process.
    """
    code = "\n".join(filter(None, [prepared, test.setup, test.code]))
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise NotTranslatable(str(error.msg)) from error
    bound = _bound_anywhere(tree)
    asked = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)}
    for name in sorted((bound & set(remote)) | (asked & _NEVER)):
        raise NotTranslatable(name)
    return _Translation(code, tree, frozenset(remote), test.is_hidden, text).body()


class _Translation:
    def __init__(
        self,
        code: str,
        tree: ast.Module,
        remote: frozenset[str],
        is_hidden: bool,
        text: Mapping[Language, str],
    ) -> None:
        self.code, self.tree, self.remote = code, tree, remote
        self.is_hidden, self.text = is_hidden, text
        self.asked: set[str] = set()
        # Python counts columns in bytes.
        self._lines = [line.encode() for line in code.splitlines(keepends=True)]
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def body(self) -> Body:
        described = ""
        edits: list[tuple[int, int, str]] = []
        for place, node in enumerate(self.tree.body):
            if self._is_for_input(node, self.tree.body[place + 1 :]):
                self.asked.add("assert_unchanged")
                edits.append((*self._span(node), f"{self._source(node)}\nassert_unchanged(submission)"))
            elif (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                described = described or " ".join(node.value.value.split())
                edits.append((*self._span(node), ""))
            elif isinstance(node, ast.Expr) and _name(getattr(node.value, "func", None)) == "print":
                # Nobody reads what a check prints.
                edits.append((*self._span(node), ""))
            else:
                edits += self._edits(node)
        changed = self._changed(0, self._starts[-1], edits)
        lines = "\n".join(line for line in changed.splitlines() if line.strip())
        return Body(_indented(lines), described, frozenset(self.asked))

    def _is_for_input(self, node: ast.stmt, later: Sequence[ast.stmt]) -> bool:
        """Return whether a call is made for what it does to its arguments: its result is for nothing, and these are looked at later.

        A submission gets copies, which stay as they are whatever it does.
        """
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
            return False
        function = node.value.func
        given = {item.id for item in node.value.args if isinstance(item, ast.Name)} - self.remote
        is_remote = isinstance(function, ast.Name) and function.id in self.remote
        return is_remote and bool(given & names_of(ast.Module([*later], [])).used)

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        # What the parser made has an end.
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        first = self._starts[node.lineno - 1] + node.col_offset
        return first, self._starts[node.end_lineno - 1] + node.end_col_offset

    def _changed(self, first: int, last: int, edits: Sequence[tuple[int, int, str]]) -> str:
        raw = b"".join(self._lines)
        parts, place = [], first
        for begin, end, new in sorted(edits):
            parts += [raw[place:begin], new.encode()]
            place = end
        return b"".join([*parts, raw[place:last]]).decode()

    def _source(self, node: ast.stmt | ast.expr) -> str:
        """Return the code of a node, in which the submission is asked."""
        first, last = self._span(node)
        return self._changed(first, last, list(self._edits(node)))

    def _plain(self, node: ast.expr) -> str:
        return self._changed(*self._span(node), ())

    def _edits(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        """Yield what is changed in a node: from where, to where, into what."""
        if isinstance(node, ast.Name):
            if node.id in self.remote:
                first, last = self._span(node)
                yield first, last, f"submission.{node.id}"
            return
        if isinstance(node, ast.JoinedStr):
            # Before Python 3.12 nothing in an f-string knows its place.
            if names_of(ast.Module([ast.Expr(node)], [])).used & self.remote:
                yield *self._span(node), ast.unparse(_Asking(self.remote).visit(node))
            return
        new = self._replaced(node) if isinstance(node, ast.stmt) else None
        if new is not None and isinstance(node, ast.stmt):
            yield *self._span(node), new
            return
        if isinstance(node, ast.Call) and _name(node.func) == "round" and node.args:
            # One of NumPy's numbers comes back as an array without axes, which Python does not round.
            rounded, *others = node.args
            yield *self._span(rounded), f"float({self._source(rounded)})"
            children: Iterable[ast.AST] = others
        else:
            children = ast.iter_child_nodes(node)
        for child in children:
            yield from self._edits(child)

    def _replaced(self, node: ast.stmt) -> str | None:
        """Return what a statement becomes where it is not kept as it is."""
        if isinstance(node, ast.ImportFrom | ast.Import):
            modules = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [item.name for item in node.names]
            )
            return "" if any(name.partition(".")[0] == "nose" for name in modules) else None
        if isinstance(node, ast.Assert):
            return self._assert(node)
        if isinstance(node, ast.Try):
            return self._try(node)
        if isinstance(node, ast.With):
            return self._with(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            return self._call(node.value)
        return None

    def _assert(self, node: ast.Assert) -> str | None:
        said = node.msg
        message = said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else None
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            return self._equal(test.left, test.comparators[0], message)
        if (
            isinstance(test, ast.Call)
            and _name(test.func) in ("allclose", "array_equal")
            and len(test.args) == 2
        ):
            actual, expected = self._ordered(*test.args)
            # What is no literal may have another shape, and be compared all the same.
            if _is_literal(expected):
                tolerance = {str(item.arg): self._source(item.value) for item in test.keywords}
                if _name(test.func) == "allclose":
                    tolerance = {"rtol": "1e-05", "atol": "1e-08"} | tolerance
                if set(tolerance) <= {"rtol", "atol"}:
                    return self._tensor(actual, expected, tolerance)
        return None

    def _equal(self, left: ast.expr, right: ast.expr, message: str | None) -> str:
        actual, expected = self._ordered(left, right)
        plain = " ".join(self._plain(actual).split())
        said = message or f"`{plain}`"
        shown = self.text if self.is_hidden else dict.fromkeys(self.text, said)
        self.asked.add("assert_equal")
        return f"assert_equal({self._source(actual)}, {self._source(expected)}, {arguments(shown)})"

    def _tensor(self, actual: ast.expr, expected: ast.expr, tolerance: Mapping[str, str]) -> str:
        self.asked.add("assert_tensor")
        wanted = self._source(expected)
        if isinstance(expected, ast.List):
            wanted = f"np.array({wanted})"
        more = "".join(f", {name}={value}" for name, value in tolerance.items())
        return f"assert_tensor({self._source(actual)}, {wanted}{more})"

    def _ordered(self, left: ast.expr, right: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Return two values that are compared, the student's first."""
        asks = [bool(names_of(ast.Module([ast.Expr(node)], [])).used & self.remote) for node in (left, right)]
        return (right, left) if asks == [False, True] or _is_literal(left) else (left, right)

    def _try(self, node: ast.Try) -> str | None:
        """Return a `try` that wants an exception as `raises` does it."""
        if len(node.handlers) != 1 or node.finalbody:
            return None
        handler = node.handlers[0]
        kind = _name(handler.type)
        ends = [*node.body[1:], *node.orelse]
        is_wanted = bool(ends) and all(_is_failure(item) for item in ends[-1:])
        if not kind or not is_wanted or not all(isinstance(item, ast.Pass) for item in handler.body):
            return None
        calls = [item for item in node.body if not _is_failure(item)]
        return self._raises(kind, "\n".join(map(self._source, calls)), node.col_offset)

    def _raises(self, kind: str, inside: str, column: int) -> str:
        self.asked.add("raises")
        return f'with raises(submission, "{kind}"):\n{indent(inside, " " * (column + 4))}'

    def _with(self, node: ast.With) -> str | None:
        call = node.items[0].context_expr
        is_raises = (
            isinstance(call, ast.Call) and _name(call.func) in {"raises", *_RAISES} and len(call.args) == 1
        )
        if not is_raises or len(node.items) > 1 or node.items[0].optional_vars is not None:
            return None
        assert isinstance(call, ast.Call)
        kind = _name(call.args[0])
        inside = "\n".join(map(self._source, node.body))
        return self._raises(kind, inside, node.col_offset) if kind else None

    def _call(self, call: ast.Call) -> str | None:
        name = _name(call.func)
        if name in _ASSERTIONS and len(call.args) >= 2 and _is_plain(call.func):
            return self._equal(call.args[0], call.args[1], None)
        if name in _NEARLY and len(call.args) >= 2 and _is_plain(call.func):
            places = self._plain(call.args[2]) if len(call.args) > 2 else "7"
            actual, expected = self._ordered(*call.args[:2])
            return self._tensor(actual, expected, {"rtol": "0", "atol": f"10.0 ** -({places})"})
        if name in ("assert_true", "assertTrue") and len(call.args) == 1:
            return f"assert {self._source(call.args[0])}"
        if name in ("assert_false", "assertFalse") and len(call.args) == 1:
            return f"assert not ({self._source(call.args[0])})"
        if name in _RAISES and len(call.args) >= 2 and _name(call.args[0]):
            given = [
                *map(self._source, call.args[2:]),
                *(f"{item.arg}={self._source(item.value)}" for item in call.keywords),
            ]
            return self._raises(
                _name(call.args[0]), f"{self._source(call.args[1])}({', '.join(given)})", call.col_offset
            )
        return None


class _Asking(ast.NodeTransformer):
    """Has a tree ask the submission."""

    def __init__(self, remote: frozenset[str]) -> None:
        self.remote = remote

    def visit_Name(self, node: ast.Name) -> ast.expr:  # the name that `ast` calls
        """Return what stands in the place of a name."""
        return ast.Attribute(ast.Name("submission"), node.id) if node.id in self.remote else node


def _name(node: ast.AST | None) -> str:
    """Return the last part of a name, empty where a node is none."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_plain(function: ast.expr) -> bool:
    """Return whether an assertion is one of unittest's or nose's, and not NumPy's, which compares tensors."""
    return isinstance(function, ast.Name) or _name(getattr(function, "value", None)) in (
        "self",
        "tools",
        "nose",
        "case",
    )


def _is_failure(node: ast.stmt) -> bool:
    """Return whether a statement says that a test is not passed."""
    return isinstance(node, ast.Raise) or (
        isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant) and not node.test.value
    )


def _is_literal(node: ast.expr) -> bool:
    """Return whether a value is a list or an array that is written out."""
    if isinstance(node, ast.Call) and _name(node.func) in ("array", "asarray") and node.args:
        node = node.args[0]
        return isinstance(node, ast.List)
    return isinstance(node, ast.List)


def _indented(code: str) -> str:
    """Return code inside of a function; what a text holds stays as it is."""
    inside = {
        line
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno
        for line in range(node.lineno + 1, node.end_lineno + 1)
    }
    shown = [
        line if number in inside else f"    {line}" for number, line in enumerate(code.splitlines(), start=1)
    ]
    return "\n".join(shown)
