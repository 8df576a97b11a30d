"""Python source -> `Names`: one walk over each unit's syntax tree, without recursion."""

from __future__ import annotations

import ast
import gc
import warnings
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.util import resolve_name
from typing import Any

from grader.bans.dotted import LONGEST_TEXT, DottedName
from grader.bans.names import Binding, Names, Scope, Use, too_complex
from grader.model import Unit


def read_names(
    units: Iterable[Unit],
    stopped: Mapping[str, Collection[int]],
    *,
    package: str = "",
    helpers: Container[str] = (),
    wanted: Iterable[str] = (),
) -> Names:
    """Return what these units bind and refer to; `stopped` holds the lines of what was not executed to its end.

    `package` is what relative imports are relative to, `helpers` are the roots of the student's own modules, `wanted`
    are names that somebody asks for, which a star import may bring. A unit that is not Python is passed over: it cannot be executed either.

    Raises:
        SubmissionError: a unit is nested too deeply to be read.
    """
    names = Names(helpers)
    with _no_collection():
        for unit in units:
            tree = _parsed(unit)
            lines = stopped.get(unit.name, ())
            for statement in tree.body if tree is not None else []:
                is_certain = 0 not in lines and statement.lineno not in lines
                _Statement(names, unit.name, package, is_certain=is_certain).read(statement)
        for name in wanted:
            names.current(name)
        names.settle()
    return names


def imported_module(node: ast.ImportFrom, package: str) -> str:
    """Return the full name of the module that a statement imports from; empty where there is none."""
    if not node.level or (node.level == 1 and not package):
        # What lies beside an answer is known by its name alone.
        return node.module or ""
    with suppress(ImportError):
        return resolve_name("." * node.level + (node.module or ""), package)
    return ""


def package_of(unit: Unit) -> str:
    """Return the package that a student's module is in, or is."""
    return unit.module if unit.name.endswith("/__init__.py") else unit.module.rpartition(".")[0]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from going through a growing tree again and again: it takes most of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _parsed(unit: Unit) -> ast.Module | None:
    """Return a unit's syntax tree; None where it has none, so that it cannot be executed."""
    try:
        with warnings.catch_warnings():
            # Where warnings are errors, "\d" would be a SyntaxError here and none in the sandbox.
            warnings.simplefilter("ignore")
            return ast.parse(unit.code)
    except (RecursionError, MemoryError):
        raise too_complex(unit.name) from None
    except SyntaxError as error:
        if "integer string conversion" in str(error):
            # Python has a limit for the digits of a number, which a submission may lift for itself.
            raise too_complex(unit.name) from None
        return None
    except ValueError:
        # There is a null byte in it, which no compiler takes.
        return None


class _Statement:
    """The reading of one statement of the top level, with all that is in it.

    A node is visited with its scope and with whether it is `late`: in the body of a function, which runs when the file
    has been executed.
    """

    def __init__(self, names: Names, unit: str, package: str, *, is_certain: bool) -> None:
        self._names = names
        self._unit = unit
        self._package = package
        self._is_certain = is_certain
        self._waiting: list[tuple[Any, Scope | None, bool]] = []
        """The nodes to visit, and the actions (without a scope) to do, the last one first."""
        self._uses: list[Use] = []
        """What the statement refers to: each name that it binds depends on all of this."""
        self._replaced: dict[str, Binding] = {}
        """The new bindings that it makes of the module's names."""
        self._touched: set[int] = set()
        """The ids of the module's bindings that it made or changed."""

    def read(self, statement: ast.stmt) -> None:
        """Read the statement."""
        # A loop or a condition may not run: what it binds is added to what was bound before.
        self._is_certain = self._is_certain and isinstance(statement, _REPLACING)
        self._push([statement], self._names.module, False)
        while self._waiting:
            item, scope, late = self._waiting.pop()
            if scope is None:
                item()
            elif (handler := _HANDLERS.get(type(item))) is not None:
                handler(self, item, scope, late)
            else:
                self._parts(item, scope, late)

    def _push(self, nodes: Iterable[ast.AST | None], scope: Scope, late: bool) -> None:
        """Visit these nodes next, in this order."""
        self._waiting += [(node, scope, late) for node in reversed(list(nodes)) if node is not None]

    def _after(self, action: Callable[[], object]) -> None:
        """Do an action when all nodes have been visited that are pushed from now on."""
        self._waiting.append((action, None, False))

    def _parts(self, node: ast.AST, scope: Scope, late: bool) -> None:
        parts: list[ast.AST] = []
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                parts += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:
                parts.append(value)
        self._push(parts, scope, late)

    # --- what binds a name ---

    def _bind(self, name: str, scope: Scope, late: bool, *, replaces: bool = False) -> Binding:
        """Return the binding of a name in a scope; with `replaces` a new one, where the statement certainly runs."""
        while scope.outer.get(name) == "nonlocal" and scope.parent is not None:
            scope = scope.parent
        if scope.kind != "module" and scope.outer.get(name) != "global":
            if name not in scope.names:
                scope.names[name] = self._names.new()
            return scope.names[name]
        if replaces and self._is_certain and scope.kind == "module":
            if name not in self._replaced:
                self._replaced[name] = self._names.rebind(name)
            binding = self._replaced[name]
        else:
            binding = self._names.current(name)
        binding.is_bound = True
        if id(binding) not in self._touched:
            self._touched.add(id(binding))
            binding.uses.append(self._uses)
        return binding

    def _import(self, node: ast.Import, scope: Scope, late: bool) -> None:
        for item in node.names:
            root = item.name.partition(".")[0]
            self._names.imported.add(root)
            binding = self._bind(item.asname or root, scope, late, replaces=True)
            binding.full_names.add(item.name if item.asname else root)

    def _import_from(self, node: ast.ImportFrom, scope: Scope, late: bool) -> None:
        module = imported_module(node, self._package)
        for item in node.names:
            if item.name == "*":
                self._names.stars |= {module: self._imported(node, module)} if module else {}
                continue
            binding = self._bind(item.asname or item.name, scope, late, replaces=True)
            # What a package imports of itself has no module before its name.
            full_name = f"{module}.{item.name}".lstrip(".")
            if module or node.level:
                self._names.imported.add(full_name.partition(".")[0])
                binding.full_names.add(full_name)
                # An imported function may be the answer itself.
                binding.uses.append([self._imported(node, full_name)])

    def _imported(self, node: ast.ImportFrom, full_name: str) -> Use:
        """Return the use of something by an import."""
        root, *path = full_name.split(".")
        binding = self._names.new()
        binding.full_names.add(root)
        return Use(root, tuple(path), self._names.module, self._unit, node.lineno, binding, is_renamed=True)

    def _function(self, node: Any, scope: Scope, late: bool) -> None:
        inner, arguments = Scope("function", scope), node.args
        is_lambda = isinstance(node, ast.Lambda)
        if not is_lambda:
            self._after(lambda: self._bind(node.name, scope, late, replaces=True))
        self._push([node.body] if is_lambda else node.body, inner, True)
        if not is_lambda:
            self._push([*node.decorator_list, node.returns], scope, late)
        plain = [*arguments.posonlyargs, *arguments.args]
        missing = len(plain) - len(arguments.defaults)
        given = [*zip(plain[missing:], arguments.defaults, strict=True)]
        given += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        for argument in [*plain, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
            if argument is not None:
                self._bind(argument.arg, inner, True)
                self._push([argument.annotation], scope, late)
        for argument, default in given:
            use = self._refer(default, scope, late, is_renamed=True) if default is not None else None
            if use is not None:
                self._bind(argument.arg, inner, True).values.append(use)

    def _class(self, node: ast.ClassDef, scope: Scope, late: bool) -> None:
        self._after(lambda: self._bind(node.name, scope, late, replaces=True))
        self._push(node.body, Scope("class", scope), late)
        self._push([*node.decorator_list, *node.bases, *node.keywords], scope, late)

    def _comprehension(self, node: Any, scope: Scope, late: bool) -> None:
        inner, first = Scope("comprehension", scope), node.generators[0]
        parts: list[ast.AST] = [first.target, *first.ifs]
        for generator in node.generators[1:]:
            parts += [generator.iter, generator.target, *generator.ifs]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._push(parts, inner, late)
        # The first iterable is evaluated outside of the comprehension.
        self._push([first.iter], scope, late)

    def _assign(self, node: ast.Assign, scope: Scope, late: bool) -> None:
        pairs: list[tuple[str, ast.expr]] = []
        others: list[ast.expr] = []
        for target in node.targets:
            together = _pairs(target, node.value)
            pairs += together or []
            others += [] if together else [target]
        # A name in a class is reached through the class: giving something such a name is a use of it.
        renamed = {id(value) for _, value in pairs} if scope.kind != "class" else set()
        given: dict[int, Use | None] = {}

        def bind() -> None:
            for name, value in pairs:
                binding, use = self._bind(name, scope, late, replaces=True), given.get(id(value))
                binding.values += [use] if use is not None else []

        self._push(others, scope, late)
        self._after(bind)
        if not renamed:
            self._push([node.value], scope, late)
        for value in {id(value): value for _, value in pairs}.values() if renamed else ():
            given[id(value)] = self._refer(value, scope, late, is_renamed=True)

    def _annotated(self, node: ast.AnnAssign, scope: Scope, late: bool) -> None:
        self._push([node.annotation], scope, late)
        if node.value is not None:
            self._assign(ast.Assign([node.target], node.value), scope, late)
        elif scope.kind == "function":
            self._push([node.target], scope, late)

    def _loop(self, node: Any, scope: Scope, late: bool) -> None:
        self._push([node.iter, node.target, *node.body, *node.orelse], scope, late)

    def _named(self, node: Any, scope: Scope, late: bool) -> None:
        """Bind the name that an `except` or a pattern gives."""
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name is not None:
            self._bind(name, scope, late)
        self._parts(node, scope, late)

    def _outer(self, node: Any, scope: Scope, late: bool) -> None:
        kind = "global" if isinstance(node, ast.Global) else "nonlocal"
        scope.outer.update(dict.fromkeys(node.names, kind))

    # --- what refers to a name ---

    def _text(self, node: ast.Constant, scope: Scope, late: bool) -> None:
        """Note a text that could be a dotted name: it may be looked up in a module that is passed on as a value."""
        value = node.value
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            parts = tuple(value.split("."))
            if all(part.isidentifier() for part in parts):
                self._uses.append(Use("", parts, scope, self._unit, node.lineno, None))

    def _expression(self, node: ast.Expr, scope: Scope, late: bool) -> None:
        if not isinstance(node.value, ast.Constant):
            self._push([node.value], scope, late)

    def _call(self, node: ast.Call, scope: Scope, late: bool) -> None:
        if isinstance(node.func, ast.Attribute) and (node.args or node.keywords):
            self._change(node.func.value, scope, late)
        self._refer(node, scope, late)

    def _name(self, node: ast.Name, scope: Scope, late: bool) -> None:
        if isinstance(node.ctx, ast.Load):
            self._refer(node, scope, late)
        else:
            self._bind(node.id, scope, late, replaces=isinstance(node.ctx, ast.Store))

    def _place(self, node: Any, scope: Scope, late: bool) -> None:
        if isinstance(node.ctx, ast.Load):
            self._refer(node, scope, late)
        else:
            self._change(node.value, scope, late)
            self._parts(node, scope, late)

    def _change(self, node: ast.AST, scope: Scope, late: bool) -> None:
        """Note that what a name stands for is changed by this statement."""
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            use = Use(node.id, (), scope, self._unit, node.lineno, self._then(node.id, late))
            self._names.changes.append((use, self._uses))

    def _then(self, name: str, late: bool) -> Binding | None:
        """Return what a name is bound to when this statement runs; None where it is used later."""
        binding = self._names.current(name)
        return None if late else binding

    def _refer(self, node: ast.expr, scope: Scope, late: bool, *, is_renamed: bool = False) -> Use | None:
        """Note the dotted name that an expression is or begins with, and return it; visit what else is in it."""
        first, name = node, DottedName()
        while (inner := name.take(node)) is not None:
            node = inner
        path = tuple(reversed(name.parts))
        self._push(name.others, scope, late)
        use = None
        if isinstance(node, ast.Name):
            use = Use(node.id, path, scope, self._unit, node.lineno, self._then(node.id, late), is_renamed)
        elif name.module is not None:
            binding = self._names.new()
            binding.full_names.add(name.module)
            self._names.imported.add(name.module.partition(".")[0])
            use = Use(name.module, path, self._names.module, self._unit, first.lineno, binding, is_renamed)
        elif path:
            use = Use("", path, scope, self._unit, first.lineno, None)
            self._push([node], scope, late)
        elif node is first and isinstance(node, _DOTTED):
            self._parts(node, scope, late)
        else:
            self._push([node], scope, late)
        if use is not None:
            self._uses.append(use)
        use = use if use is not None and use.root else None
        for target, parts in name.given:
            binding = self._bind(target, _enclosing(scope), late)
            if use is not None:
                binding.values.append(replace(use, path=path[: len(path) - parts], is_renamed=True))
        return use


def _enclosing(scope: Scope) -> Scope:
    """Return the scope that `:=` binds in."""
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """Return the names of a target, each with its value; None where the code does not show which is which."""
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    sequence = ast.Tuple | ast.List
    if not isinstance(target, sequence) or not isinstance(value, sequence):
        return None
    names = [item.id for item in target.elts if isinstance(item, ast.Name)]
    if not len(names) == len(target.elts) == len(value.elts):
        return None
    if any(isinstance(item, ast.Starred) for item in value.elts):
        return None
    return [*zip(names, value.elts, strict=True)]


_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_REPLACING = _DEFINITIONS | ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign
"""The statements of the top level whose names certainly get a new value when they run."""
_DOTTED = ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.NamedExpr
"""The expressions that `_refer` handles: of one without a dotted name it visits the parts."""
_HANDLERS: dict[type[ast.AST], Callable[[_Statement, Any, Scope, bool], object]] = {
    node_type: handler
    for handler, *node_types in (
        (_Statement._import, ast.Import),
        (_Statement._import_from, ast.ImportFrom),
        (_Statement._function, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
        (_Statement._class, ast.ClassDef),
        (_Statement._comprehension, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
        (_Statement._assign, ast.Assign),
        (_Statement._annotated, ast.AnnAssign),
        (_Statement._loop, ast.For, ast.AsyncFor),
        (_Statement._named, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
        (_Statement._outer, ast.Global, ast.Nonlocal),
        (_Statement._text, ast.Constant),
        (_Statement._expression, ast.Expr),
        (_Statement._call, ast.Call),
        (_Statement._name, ast.Name),
        (_Statement._place, ast.Attribute, ast.Subscript),
        (_Statement._refer, ast.NamedExpr),
    )
    for node_type in node_types
}
"""What handles each kind of node; of any other kind the parts are visited."""
