"""Right answers, changed in one place: what `naming.py` hands in.

To the operators of `grader verify`'s mutants come changes that these do not make: a statement, a keyword or the end of a
slice left out, another function of the same kind, and a variable in place of the one that was bound beside it.
"""

from __future__ import annotations

import ast
import difflib
import random
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.verify.mutants import make_mutants

ANSWERS = Path(__file__).resolve().parent / "right_answers"
_ALIKE = (
    ("max", "min", "mean", "sum", "prod"),
    ("maximum", "minimum", "add"),
    ("zeros", "ones"),
    ("ceil", "floor"),
    ("reduce_max", "reduce_min", "reduce_sum"),
    ("stack", "concatenate"),
)


@dataclass(frozen=True)
class Change:
    """An answer that was right."""

    style: str
    """The file that it was made of."""
    code: str
    line: int
    before: str
    after: str

    @property
    def exercise(self) -> str:
        """Return the exercise that it answers."""
        return self.style.split("_")[0]


def changes(count: int, seed: int) -> list[Change]:
    """Return so many changes, as many of each answer as of the others, always the same ones of a seed."""
    rng = random.Random(seed)
    rows = []
    for path in sorted(ANSWERS.glob("*.py")):
        row = list(_changes_of(path))
        rng.shuffle(row)
        rows.append(row)
    chosen: list[Change] = []
    while len(chosen) < count and any(rows):
        chosen += [row.pop() for row in rows if row]
    return chosen[:count]


def _changes_of(path: Path) -> Iterator[Change]:
    source = ast.unparse(ast.parse(path.read_text(encoding="utf-8")))
    known = {source}
    codes = [mutant.source for mutant in make_mutants(source)] + list(_other_changes(source))
    for code in codes:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = ast.unparse(ast.parse(code))
        except SyntaxError:
            continue
        if code not in known:
            known.add(code)
            line, before, after = _difference(source, code)
            yield Change(path.stem, code, line, before, after)


def _difference(before: str, after: str) -> tuple[int, str, str]:
    """Return the line and the text that is another one, as it was and as it is."""
    one, other = before.splitlines(), after.splitlines()
    blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    start, stop, other_start, other_stop = changed[0][1], changed[-1][2], changed[0][3], changed[-1][4]
    was, now = one[start:stop], other[other_start:other_stop]
    return start + 1, "; ".join(map(str.strip, was)), "; ".join(map(str.strip, now))


def _other_changes(source: str) -> Iterator[str]:
    """Yield the source with one change more each time."""
    places = len(list(ast.walk(ast.parse(source))))
    for place in range(places):
        variant = 0
        while True:
            tree = ast.parse(source)
            node = list(ast.walk(tree))[place]
            if not _change(tree, node, variant):
                break
            yield ast.unparse(ast.fix_missing_locations(tree))
            variant += 1


def _change(tree: ast.Module, node: ast.AST, variant: int) -> bool:
    """Change a node in the variant of this number; return whether there is one."""
    if isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.If) and variant < len(node.body):
        if isinstance(node.body[variant], ast.Assign | ast.AugAssign | ast.Expr):
            node.body[variant] = ast.Pass()
        return True
    if isinstance(node, ast.Call):
        alike = [
            name
            for names in _ALIKE
            for name in names
            if _name(node.func) in names and name != _name(node.func)
        ]
        if variant < len(alike):
            if isinstance(node.func, ast.Attribute):
                node.func.attr = alike[variant]
            elif isinstance(node.func, ast.Name):
                node.func.id = alike[variant]
            return True
        if variant < len(alike) + len(node.keywords):
            node.keywords.pop(variant - len(alike))
            return True
        return False
    if isinstance(node, ast.Slice):
        bounds = [name for name in ("lower", "upper", "step") if getattr(node, name) is not None]
        if variant < len(bounds):
            setattr(node, bounds[variant], None)
            return True
        return False
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        others = _bound_beside(tree, node.id)
        if variant < len(others):
            node.id = others[variant]
            return True
    return False


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _bound_beside(tree: ast.Module, name: str) -> Sequence[str]:
    """Return the variables that are bound in the same statement, or in the one before or after it."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        bound = [_bound(statement) for statement in body]
        for index, names in enumerate(bound):
            if name in names:
                near = [
                    other
                    for names in bound[max(0, index - 1) : index + 2]
                    for other in names
                    if other != name
                ]
                return list(dict.fromkeys(near))[:2]
    return []


def _bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.For):
        targets: list[ast.expr] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        return []
    return [item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name)]
