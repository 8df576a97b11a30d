"""Make of what an author passes to a function what can be sent to another process; a function is sent as its source.

What cannot be sent is the author's mistake, and is told with the line of the check.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import linecache
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, get_args

import numpy as np

from grader.errors import CourseError, Fault
from grader.model import Explanation, Tensors
from grader.runner.inside import wire
from grader.runner.inside.kinds import KINDS
from grader.runner.inside.libraries import LIBRARIES
from grader.runner.inside.values import Tensor

_AS_THEY_ARE = (
    type(None),
    bool,
    int,
    float,
    str,
    bytes,
    list,
    dict,
    np.ndarray,
    np.generic,
    wire.Handle,
    wire.Opaque,
    *KINDS,
)
_PACKAGE = Path(__file__).parents[1]
_DEEPEST = 20
"""How many functions of an author's may need each other."""


def sendable(value: Any) -> Any:
    """Return what is sent of a value in a call.

    Raises:
        CourseError: it cannot be sent; with the file and line of the check.
    """
    if type(value) in _AS_THEY_ARE or isinstance(value, np.ndarray | np.generic):
        return value
    made = _of_library(value)
    if made is not None:
        return made
    if hasattr(type(value), "__array__"):
        return np.asarray(value)
    if callable(value):
        return _code(value, 0)
    raise _refused(value)


def _of_library(value: Any) -> Any:
    """Return what a library of the author's made: a tensor arrives as one, a table as one; None for anything else."""
    for library in LIBRARIES:
        plain = library.to_plain(value)
        if plain is not None:
            is_tensor = isinstance(plain, np.ndarray) and library.NAME in get_args(Tensors)
            return Tensor(plain, library.NAME) if is_tensor else plain
    return None


def author_error(key: str, **values: Any) -> CourseError:
    """Return what is wrong with a check, with its file and line."""
    file, line = _place_of_check()
    return CourseError((Fault(file, f"line {line}", Explanation(key, values)),))


def _refused(value: Any, name: str = "") -> CourseError:
    key = "course.cannot_send_name" if name else "course.cannot_send"
    return author_error(key, type=type(value).__name__, name=name)


def _place_of_check() -> tuple[str, int]:
    """Return the file, below the course's folder, and line of the author's code that is executed."""
    frame = sys._getframe(1)
    while frame.f_back is not None and Path(frame.f_code.co_filename).is_relative_to(_PACKAGE):
        frame = frame.f_back
    return "/".join(Path(frame.f_code.co_filename).parts[-3:]), frame.f_lineno


def _code(value: Callable[..., Any], depth: int, name: str = "") -> wire.Code:
    """Return a function as source: a library's as its import, an author's own with the values that it uses."""
    imported = _imported(value)
    if imported:
        return wire.Code(imported, getattr(value, "__name__", ""), {})
    node = _definition(value.__code__) if isinstance(value, FunctionType) and depth < _DEEPEST else None
    if node is None or not isinstance(value, FunctionType):
        raise _refused(value, name)
    defaults = list(_defaults(value, node))
    for index, (owner, place, _) in enumerate(defaults):
        owner[place] = ast.Name(f"_default_{index}", ast.Load())
    names = dict(_used(value, node))
    names |= {f"_default_{index}": default for index, (_, _, default) in enumerate(defaults)}
    sent = {name: _of_name(name, item, depth) for name, item in names.items() if item is not value}
    text = ast.unparse(ast.fix_missing_locations(node))
    if isinstance(node, ast.Lambda):
        text = f"{_LAMBDA} = {text}"
    return wire.Code(text, _LAMBDA if isinstance(node, ast.Lambda) else node.name, sent)


_LAMBDA = "function"


def _of_name(name: str, value: Any, depth: int) -> Any:
    if isinstance(value, ModuleType) and not value.__name__.startswith(("grader", "pytest")):
        return wire.Code(f"import {value.__name__} as {name}", name, {})
    if callable(value):
        return _code(value, depth + 1, name)
    if type(value) not in _AS_THEY_ARE and not isinstance(value, np.ndarray | np.generic):
        raise _refused(value, name)
    return wire.map_values(value, sendable)


def _imported(value: Any) -> str:
    """Return the import of what a library or Python itself defines; empty for an author's own."""
    name = getattr(value, "__name__", "")
    modules = (getattr(value, "__module__", None), "numpy" if isinstance(value, np.ufunc) else None)
    for module in filter(None, modules):
        if module.split(".")[0] in ("grader", "pytest", "__main__") or not name.isidentifier():
            continue
        file = getattr(sys.modules.get(module), "__file__", None) or ""
        is_library = module in sys.stdlib_module_names or "site-packages" in file or module == "builtins"
        is_library |= module.split(".")[0] in (*sys.stdlib_module_names, "numpy")
        if is_library and getattr(importlib.import_module(module), name, None) is value:
            return f"from {module} import {name}"
    return ""


def _definition(code: CodeType) -> ast.FunctionDef | ast.Lambda | None:
    """Return the definition that a function's code was compiled of, without decorators and annotations."""
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            if first == code.co_firstlineno:
                return _bare(node)
        if isinstance(node, ast.Lambda) and code.co_name == "<lambda>" and _is_of(node, code):
            return node
    return None


def _is_of(node: ast.Lambda, code: CodeType) -> bool:
    """Return whether a lambda is the one: there may be several in a line, and what it returns is where its body is."""
    body = node.body
    extent = (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset)
    return node.lineno == code.co_firstlineno and extent in code.co_positions()


def _bare(node: ast.FunctionDef) -> ast.FunctionDef:
    node.decorator_list, node.returns = [], None
    for item in ast.walk(node.args):
        if isinstance(item, ast.arg):
            item.annotation = None
    return node


def _used(function: FunctionType, node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield what the names stand for that a function uses and does not make, Python's own left out."""
    inner = inspect.getclosurevars(function).nonlocals
    own = {item.arg for item in ast.walk(node) if isinstance(item, ast.arg)}
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load) and item.id not in own:
            if item.id in inner:
                yield item.id, inner[item.id]
            elif item.id in function.__globals__:
                yield item.id, function.__globals__[item.id]


def _defaults(
    function: FunctionType, node: ast.FunctionDef | ast.Lambda
) -> Iterator[tuple[list[Any], int, Any]]:
    """Yield where each default stands in a definition, and its value."""
    for index, value in enumerate(function.__defaults__ or ()):
        yield node.args.defaults, index, value
    named = function.__kwdefaults__ or {}
    for index, argument in enumerate(node.args.kwonlyargs):
        if argument.arg in named:
            yield node.args.kw_defaults, index, named[argument.arg]
