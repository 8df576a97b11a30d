"""Expressions that are a dotted name, however they are written: `tf.nn`, `getattr(tf, "nn")`, `vars(tf)["nn"]`."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

COMPUTED = "?"
"""In place of a part that is known only when the code runs: `getattr(tf.nn, name)` is `tf.nn.?`."""
LONGEST_TEXT = 200
"""The number of characters up to which a text may be a name."""
_DEEPEST = 50
"""Texts that are put together of texts are read so far down."""


@dataclass
class DottedName:
    """A dotted name that is read from its end; without recursion, because a chain may have thousands of parts."""

    parts: list[str] = field(default_factory=list)
    """Its parts, the last one first."""
    others: list[ast.AST] = field(default_factory=list)
    """The other expressions that Python evaluates with it, such as the arguments of `getattr`."""
    given: list[tuple[str, int]] = field(default_factory=list)
    """The names that `:=` gives to parts of it, each with the number of parts that follow."""
    module: str | None = None
    """The module that it begins with, where it begins with an import or with `sys.modules` and not with a name."""

    def take(self, node: ast.expr) -> ast.expr | None:
        """Take the last part of an expression, and return the expression before it; None when there is no part to take."""
        if isinstance(node, ast.Attribute):
            self.parts.append(node.attr)
            return node.value
        if isinstance(node, ast.NamedExpr):
            self.given.append((node.target.id, len(self.parts)))
            return node.value
        if isinstance(node, ast.Subscript):
            return self._item(node.value, node.slice, [node.slice])
        if isinstance(node, ast.Call) and not node.keywords and node.args:
            return self._called(node.func, node.args)
        return None

    def _called(self, function: ast.expr, given: list[ast.expr]) -> ast.expr | None:
        """Take a part that is looked up by a call: of `getattr`, `dict.get`, `import_module` and the like."""
        name = function.attr if isinstance(function, ast.Attribute) else None
        if isinstance(function, ast.Name) and function.id == "getattr" and len(given) >= 2:
            return self._member(given[0], given[1], given[1:])
        if isinstance(function, ast.Attribute) and name in ("__getattribute__", "__getattr__"):
            owner = function.value if len(given) == 1 else given[0]
            return self._member(owner, given[-1], given[-1:])
        if isinstance(function, ast.Attribute) and name in ("get", "__getitem__", "pop", "setdefault"):
            return self._item(function.value, given[0], given)
        if name == "import_module" or (isinstance(function, ast.Name) and function.id == "__import__"):
            text = constant_text(given[0])
            if text is not None and self.module is None:
                # The function itself may be banned too.
                self.others += [function, *given]
                self.module = text if name else text.partition(".")[0]
                return ast.Constant(None)
        return None

    def _item(self, namespace: ast.expr, key: ast.expr, others: list[ast.expr]) -> ast.expr | None:
        """Take an item of a namespace: of `vars(x)`, `x.__dict__`, `globals()` or `sys.modules`."""
        if isinstance(namespace, ast.Attribute) and namespace.attr == "__dict__":
            return self._member(namespace.value, key, others)
        text = constant_text(key)
        if isinstance(namespace, ast.Attribute) and namespace.attr == "modules" and text is not None:
            self.module = text
            self.others += [namespace, *others]
            return ast.Constant(None)
        if not isinstance(namespace, ast.Call) or not isinstance(namespace.func, ast.Name):
            return None
        if namespace.func.id == "vars" and len(namespace.args) == 1:
            return self._member(namespace.args[0], key, others)
        if namespace.func.id in ("vars", "globals", "locals") and not namespace.args and text is not None:
            self.others += [namespace.func, *others]
            return ast.copy_location(ast.Name(text, ast.Load()), namespace)
        return None

    def _member(self, owner: ast.expr, key: ast.expr, others: list[ast.expr]) -> ast.expr:
        self.parts.append(constant_text(key) or COMPUTED)
        self.others += others
        return owner


def constant_text(node: ast.expr, depth: int = 0) -> str | None:
    """Return the text of an expression of constants; None where it is anything else, or too long to be a name."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) and len(node.value) <= LONGEST_TEXT else None
    pieces: list[ast.expr] = []
    between = ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        pieces = [node.left, node.right]
    elif isinstance(node, ast.JoinedStr):
        pieces = node.values
    elif isinstance(node, ast.FormattedValue) and node.conversion == -1 and node.format_spec is None:
        pieces = [node.value]
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
        and isinstance(node.func.value, ast.Constant)
        and len(node.args) == 1
        and isinstance(node.args[0], ast.List | ast.Tuple)
    ):
        pieces, between = node.args[0].elts, str(node.func.value.value)
    if not pieces or depth > _DEEPEST or len(pieces) > LONGEST_TEXT:
        return None
    texts = [constant_text(piece, depth + 1) for piece in pieces]
    whole = between.join(text for text in texts if text is not None)
    return whole if None not in texts and len(whole) <= LONGEST_TEXT else None
