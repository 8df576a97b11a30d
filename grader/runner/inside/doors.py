"""See what a call of a student's function executes of what its exercise bans. This runs inside of the sandbox.

However a function came by its name, TensorFlow is entered by three functions, with the type of the operation. Each of
these gets a door, and so does each function that a pattern of the course names, in the warm process, before a student's
file is executed: what the file keeps of it is the door. A door is code that has what it needs as constants, so that
neither a closure nor a frame shows what lies behind it. What is seen is reported at once.
"""

from __future__ import annotations

import builtins
import gc
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import partial
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from inspect import signature
from pkgutil import resolve_name
from types import CodeType, FrameType, FunctionType, MethodDescriptorType
from typing import Any

from grader.runner.inside.patterns import compiled, full_name, is_banned, short_name

_RAW = "tensorflow.raw_ops."
_ENTRIES = {"TFE_Py_FastPathExecute": 1, "TFE_Py_Execute": 2, "TFE_Py_ExecuteCancelable": 2}
"""What enters TensorFlow's runtime, and which argument is the operation's type."""
_LITE = "tensorflow.lite.python.interpreter:_interpreter_wrapper.InterpreterWrapper"
_CORRELATE = {"correlate": "numpy.convolve", "correlate2": "numpy.correlate"}
"""What all of NumPy's convolutions end in, and the name by which it is banned."""
_ANYWHERE = ("torch", "torch.nn.functional", "torch.Tensor")
"""What is watched of `*.softmax`, which names a function or a method wherever it is: NumPy's and TensorFlow's cannot be."""
_SETTLED = frozenset(["numpy", "tensorflow", "keras"])
"""The libraries that are loaded before any student's file: what is loaded of them later is their own business."""
_COMPUTING = ("__call__", "call", "forward")
"""The methods in which a layer computes; to make one is no use of it."""
_ENTRY = """
def door(*args):
    if ("STATE" or 0)[0] is not None and args["PLACE"] not in ("STATE" or 0)[0].harmless:
        ("LOOK" or 0)(args["PLACE"], args)
    return ("ORIGINAL" or 0)(*args)
"""
_FUNCTION = """
def door(*args, **kwargs):
    if ("STATE" or 0)[0] is not None:
        ("LOOK" or 0)(args)
    return ("ORIGINAL" or 0)(*args, **kwargs)
"""


class _Rule:
    """What one function may not use, and what was found out of that."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        self.place = ("", 0)
        self.harmless: set[str | bytes] = set()
        self.inside: dict[str, str] = {}
        self.noted: set[str] = set()
        self._known: dict[str, bool] = {}

    def bans(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = is_banned(name, self.patterns)
        return self._known[name]


class Doors(MetaPathFinder):
    """Holds the doors of a process, and which function of the student's is being called."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        """What cannot be watched in this version of a library, so that something banned might be used unseen."""
        self._state: list[_Rule | None] = [None]
        self._rules: dict[str, _Rule] = {}
        self._units: Container[str] = ()
        self._report: Callable[[dict[str, Any]], None] = lambda message: None
        self._patterns: list[str] = []
        self._last_module = ""
        self._settled: frozenset[str] = frozenset()
        self._names: dict[FunctionType, list[tuple[str, str, type | None]]] = {}
        """Function -> the names by which it is banned: whole, its last part, and whose objects it is to be called with."""
        self._doors: list[FunctionType] = []
        self._originals: dict[int, FunctionType] = {}
        self._placed: list[tuple[Any, str, object]] = []

    def place(self, banned: Iterable[Iterable[str]]) -> None:
        """Place the doors of the libraries that are loaded, and of what these sets of patterns mean in them; before a fork."""
        sets = [tuple(patterns) for patterns in banned]
        # The expressions take milliseconds to be made.
        _ = [compiled(patterns) for patterns in sets]
        self._patterns = sorted(_in_full(pattern for patterns in sets for pattern in patterns))
        roots = {pattern.partition(".")[0].replace("keras", "tensorflow") for pattern in self._patterns}
        for library, place in (("numpy", self._place_in_numpy), ("tensorflow", self._place_in_tensorflow)):
            # What a student's file loads it may keep before there are doors.
            with suppress(ImportError):
                import_module(library if library in roots else "sys")
            try:
                place() if library in sys.modules else None
            except (ImportError, AttributeError, LookupError, TypeError) as error:
                self.missing.append(f"{library} {sys.modules[library].__version__}: {error}")
        self.place_new()
        self._settled = _SETTLED & sys.modules.keys()

    def _place_in_numpy(self) -> None:
        multiarray = sys.modules["numpy"].convolve._implementation.__globals__["multiarray"]
        for name, public in _CORRELATE.items():
            self._replace(getattr(multiarray, name), public, "")

    def _place_in_tensorflow(self) -> None:
        self._operation = import_module("tensorflow.python.framework.op_def_registry").get
        context = import_module("tensorflow.python.eager.context")
        self._context = context.context
        _ = [
            getattr(context.Context, name)
            for name in ("has_function", "get_function_def", "list_function_names")
        ]
        entries: Any = import_module("tensorflow.python._pywrap_tfe")
        for name, place in _ENTRIES.items():
            original = getattr(entries, name)
            self._originals[id(original)] = self._made(_ENTRY, self._look, original, place)
        self._door(
            resolve_name("tensorflow.python.client.session:BaseSession._extend_graph"), self._look_at_graph
        )
        lite = resolve_name(_LITE)
        look = partial(self._called, [("tensorflow.lite.Interpreter", "", None)])
        self._set(lite, "Invoke", self._made(_FUNCTION, look, lite.Invoke))

    def place_new(self) -> None:
        """Place the doors of what was loaded since the last time."""
        new = []
        for name in reversed(sys.modules):
            if name == self._last_module:
                break
            new.append(name)
        self._last_module = next(reversed(sys.modules))
        roots = {name.partition(".")[0] for name in new} - sys.stdlib_module_names - self._settled
        for pattern in self._patterns if roots else ():
            owner, _, last = pattern.rpartition(".")
            library = owner.partition(".")[0]
            is_whole = last == "*" and library not in _SETTLED
            modules = [name for name in new if f"{name}.".startswith(f"{owner}.")] if is_whole else [owner]
            for module in modules if library in roots else ():
                for name, value in _members(module):
                    if fnmatchcase(name, last) and (not is_whole or _is_of(value, library, module)):
                        self._place_at(value, f"{module}.{name}", name)
        for holder in list(sys.modules.values()) if self._originals else ():
            for name, item in list(getattr(holder, "__dict__", {}).items()):
                if id(item) in self._originals:
                    self._set(holder, name, self._originals[id(item)])
        self._originals = {}

    def _place_at(self, value: Any, name: str, last: str) -> None:
        """Place the doors of what is banned by this name; of a class those of its methods in which a layer computes."""
        own, root = getattr(value, "_implementation", value), name.partition(".")[0]
        bases = value.__mro__ if isinstance(value, type) else ()
        methods = [
            vars(base).get(item) for base in bases for item in _COMPUTING if base.__module__.startswith(root)
        ]
        for function in methods if bases else [own]:
            if any(function is item for item in gc.callbacks):
                # The collector calls it, in the middle of anybody's call.
                continue
            if isinstance(function, FunctionType):
                if function not in self._names:
                    self._names[function] = []
                    self._door(function, partial(self._called, self._names[function]))
                self._names[function].append((name, "" if bases else last, value if bases else None))
                self._names[function].sort(key=lambda item: len(item[0]))
            elif isinstance(function, MethodDescriptorType):
                owner = resolve_name(name.rpartition(".")[0])
                with suppress(TypeError):
                    look = partial(self._called, [(name, last, None)])
                    self._set(owner, last, self._made(_FUNCTION, look, function))
            elif callable(function) and type(function).__name__ != "ufunc":
                self._replace(value, name, last)

    def _door(self, function: Any, look: Callable[..., None]) -> None:
        """Put a door into a function itself, so that all that refers to it goes by the door."""
        old = function.__code__
        behind = FunctionType(
            old, function.__globals__, old.co_name, function.__defaults__, function.__closure__
        )
        behind.__kwdefaults__ = function.__kwdefaults__
        # Keras reads the parameters of a layer's method.
        function.__signature__ = signature(function)
        self._doors.append(function)
        function.__code__ = self._made(_FUNCTION, look, behind).__code__.replace(co_freevars=old.co_freevars)

    def _replace(self, original: Any, name: str, last: str) -> None:
        """Have a door take the place of what is no Python function, wherever a module has it."""
        look = partial(self._called, [(name, last, None)])
        self._originals[id(original)] = self._made(_FUNCTION, look, original)

    def _made(self, template: str, look: object, original: object, place: int = 0) -> FunctionType:
        """Return a function with objects in the place of the texts that are its constants."""
        constants = {"STATE": self._state, "LOOK": look, "ORIGINAL": original, "PLACE": place}
        (code,) = (
            item for item in compile(template, __file__, "exec").co_consts if isinstance(item, CodeType)
        )
        values = [constants.get(item, item) if isinstance(item, str) else item for item in code.co_consts]
        self._doors.append(FunctionType(code.replace(co_consts=tuple(values)), {"__builtins__": builtins}))
        return self._doors[-1]

    def _set(self, owner: Any, name: str, door: object) -> None:
        setattr(owner, name, door)
        self._placed.append((owner, name, getattr(owner, name)))

    def begin(
        self,
        banned: Mapping[str, Iterable[str]],
        units: Container[str],
        report: Callable[[dict[str, Any]], None],
    ) -> None:
        """Take an exercise's bans, before the student's file is executed; `report` is told of each use at once."""
        self._rules = {function: _Rule(patterns) for function, patterns in banned.items()}
        self._units, self._report = units, report
        asked = _in_full(item for rule in self._rules.values() for item in rule.patterns) - {*self._patterns}
        if asked:
            # The warm process was not told of them.
            self._patterns, self._last_module, self._settled = [*asked], "", frozenset()
            self.place_new()
        # The student's own modules are found first.
        sys.meta_path.insert(1, self)
        sys.addaudithook(self._hear)

    def enter(self, name: str, function: Any) -> None:
        """Watch a call until its reply is encoded: that may execute more of the student's code."""
        rule = self._rules.get(name)
        if rule is not None:
            code = getattr(function, "__code__", None)
            rule.place = (code.co_filename, code.co_firstlineno) if code is not None else ("", 0)
            self.place_new()
            self._state[0] = rule

    def leave(self) -> None:
        """End the watch; a door that is not in its place any more is a use too, for nobody knows of what."""
        rule = self._state[0]
        if rule is not None:
            for owner, name, door in self._placed:
                if getattr(owner, name, None) is not door:
                    self._note(f"{owner.__name__}.{name}")
            if self not in sys.meta_path:
                self._note("sys.meta_path")
            rule.noted.clear()
            self._state[0] = None

    def find_spec(self, name: str, path: Any = None, target: object = None) -> None:
        """Find nothing; note that a library is imported that is banned as a whole."""
        rule, root = self._state[0], name.partition(".")[0]
        if rule is not None and root not in _SETTLED | sys.stdlib_module_names:
            whole = tuple(full_name(item)[:-1] for item in rule.patterns if item.endswith(".*"))
            if f"{name}.".startswith(whole) and PathFinder.find_spec(name, path) is not None:
                self._note(name)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Note that somebody looks behind a door, or puts something else into a function (PEP 578)."""
        if event in ("object.__getattr__", "object.__setattr__"):
            is_meant = (
                args[1] == "__code__" and self._is_door(args[0]) and not self._is_library(sys._getframe(1))
            )
        elif event == "gc.get_referents":
            is_meant = any(map(self._is_door, args[0]))
        else:
            is_meant = event == "ctypes.cdata" and not self._is_library(sys._getframe(1))
        if is_meant:
            self._note("__code__" if event.startswith("object.") else event)

    def _is_door(self, value: object) -> bool:
        return any(value is door for door in self._doors)

    def _is_library(self, frame: FrameType) -> bool:
        file = frame.f_code.co_filename
        return file not in self._units and frame.f_globals.get("__file__") == file

    def _called(self, names: Iterable[tuple[str, str, type | None]], args: tuple[Any, ...]) -> None:
        """Judge the call of a function."""
        rule = self._state[0]
        for name, last, kind in names:
            if (
                rule is not None
                and rule.bans(name)
                and (kind is None or (args and isinstance(args[0], kind)))
            ):
                frame = sys._getframe(1)
                while frame.f_back is not None and frame.f_code.co_filename == __file__:
                    frame = frame.f_back
                # What a library's code calls by its name is that library's business; what it was given is the student's.
                if not last or last not in frame.f_code.co_names or not self._is_library(frame):
                    self._note(name)
                return

    def _look(self, given: str | bytes, args: tuple[Any, ...]) -> None:
        """Judge an operation that is about to be executed; remember a type that is harmless whatever it is given."""
        rule, name = self._state[0], _text(given)
        definition = self._operation(name)
        if rule is None:
            return
        if rule.bans(_RAW + name):
            self._note(_RAW + name)
        elif definition is None or any("func" in item.type for item in definition.attr):
            for function in {name, *map(_text, _flat(args))}:
                self._note(self._inside(rule, function))
        elif "Iterator" in name or "Dataset" in name:
            # Nothing in its arguments names the functions that it calls.
            for function in self._context().list_function_names():
                self._note(self._inside(rule, _text(function)))
        else:
            rule.harmless.add(given)

    def _look_at_graph(self, args: tuple[Any, ...]) -> None:
        """Judge what a session is about to execute, without any operation of Python's."""
        rule = self._state[0]
        if rule is not None:
            graph = args[0].graph.as_graph_def()
            inner = [node for function in graph.library.function for node in function.node_def]
            banned = "tensorflow.compat.v1.Session" if rule.bans("tensorflow.compat.v1.Session") else ""
            self._note(_banned_node(rule, [*graph.node, *inner]) or banned)

    def _inside(self, rule: _Rule, function: str) -> str:
        """Return what is banned in a traced function and in those that it calls; empty where there is nothing."""
        if function not in rule.inside:
            rule.inside[function] = ""
            if function and self._context().has_function(function):
                nodes = self._context().get_function_def(function).node_def
                values = [value for node in nodes for value in node.attr.values()]
                names = [item.name for value in values for item in (value.func, *value.list.func)]
                names += [node.op for node in nodes if self._operation(node.op) is None]
                inner = [self._inside(rule, name) for name in names]
                rule.inside[function] = _banned_node(rule, nodes) or next(filter(None, inner), "")
        return rule.inside[function]

    def _note(self, name: str) -> None:
        rule = self._state[0]
        noted = rule.noted if rule is not None else set()
        if name and name not in noted:
            noted.add(name)
            frame: FrameType | None = sys._getframe(1)
            while frame is not None and frame.f_code.co_filename not in self._units:
                frame = frame.f_back
            place = (frame.f_code.co_filename, frame.f_lineno) if frame else rule.place if rule else ("", 0)
            self._report({"used": [short_name(name), *place]})


def _in_full(patterns: Iterable[str]) -> set[str]:
    """Return patterns with the full names of libraries, and what those mean that name no library."""
    named = {full_name(pattern) for pattern in patterns}
    anywhere = {f"{owner}.{item[2:]}" for item in named if item.startswith("*.") for owner in _ANYWHERE}
    return named | anywhere


def _members(owner: str) -> list[tuple[str, Any]]:
    """Return what is in a module or class, by its full name; nothing where it is not there."""
    root, *parts = owner.split(".")
    value: Any = sys.modules.get(root)
    for part in parts:
        value = getattr(value, part, None)
    inherited: dict[str, Any] = {}
    for base in value.__mro__[:0:-1] if isinstance(value, type) else ():
        inherited |= {
            name: item for name, item in vars(base).items() if isinstance(item, MethodDescriptorType)
        }
    return list((inherited | dict(getattr(value, "__dict__", {}))).items())


def _is_of(value: Any, library: str, module: str) -> bool:
    """Return whether something in a module is its library's own, and not imported from elsewhere."""
    is_compiled = str(getattr(sys.modules[module], "__file__", "")).endswith(".so")
    return is_compiled or str(getattr(value, "__module__", "")).partition(".")[0] == library


def _banned_node(rule: _Rule, nodes: Iterable[Any]) -> str:
    return next((_RAW + node.op for node in nodes if rule.bans(_RAW + node.op)), "")


def _text(value: Any) -> str:
    name = value if isinstance(value, str | bytes) else getattr(value, "name", "")
    return name.decode(errors="replace") if isinstance(name, bytes) else str(name)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from _flat(value) if isinstance(value, list | tuple) else (value,)
