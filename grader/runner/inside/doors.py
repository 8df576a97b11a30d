"""See what a call of a student's function executes of what its exercise bans. This runs inside of the sandbox.

However a function came by its name, TensorFlow is entered by three functions, with the type of the operation. Each of
these gets a door, and so does each function that a pattern of the course names, in the warm process, before a student's
file is executed: what the file keeps of it is the door. A door is code that has what it needs as constants, so that
neither a closure nor a frame shows what lies behind it, and whoever reads such code is seen. What is seen is reported at once.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from pkgutil import resolve_name
from types import CodeType, FrameType, FunctionType
from typing import Any

from grader.runner.inside.patterns import full_name, is_banned

_RAW = "tf.raw_ops."
_TENSORFLOW = "tensorflow.python."
_ENTRIES = {"TFE_Py_FastPathExecute": 1, "TFE_Py_Execute": 2, "TFE_Py_ExecuteCancelable": 2}
"""What enters TensorFlow's runtime, and which argument is the operation's type."""
_SESSION = f"{_TENSORFLOW}client.session:BaseSession._extend_graph"
_LITE = "tensorflow.lite.python.interpreter:_interpreter_wrapper.InterpreterWrapper"
_CORRELATE = {"correlate": "np.convolve", "correlate2": "np.correlate"}
"""What all of NumPy's convolutions end in, and the name by which it is banned."""
_CALLS = ("__call__", "call", "forward")
"""The methods in which a layer computes; to make one is no use of it."""
_LOOKED_BEHIND = frozenset(["object.__getattr__", "object.__setattr__", "gc.get_referents", "ctypes.cdata"])
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


def _code(template: str, **constants: Any) -> CodeType:
    """Return the code of a door, with objects in the place of the texts that are its constants."""
    (code,) = (item for item in compile(template, __file__, "exec").co_consts if isinstance(item, CodeType))
    values = [constants.get(item, item) if isinstance(item, str) else item for item in code.co_consts]
    return code.replace(co_consts=tuple(values))


class _Rule:
    """What one function may not use, and what was found out of that."""

    def __init__(self, patterns: Iterable[str], place: tuple[str, int] = ("", 0)) -> None:
        self.patterns = [full_name(pattern) for pattern in patterns]
        self.place = place
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
        """The doors without which something banned could be used unseen: this version of a library has no place for them."""
        self._state: list[_Rule | None] = [None]
        self._rules: dict[str, _Rule] = {}
        self._units: Container[str] = ()
        self._report: Callable[[dict[str, Any]], None] = lambda message: None
        self._patterns: list[str] = []
        self._modules: set[str] = set()
        """The modules that were looked through."""
        self._names: dict[int, list[tuple[str, str, type | None]]] = {}
        """Function -> the names by which it is banned, its own, and the class whose objects it has to be called with."""
        self._behind: list[object] = []
        """The doors whose code nobody has a reason to read, and what they are made of."""
        self._placed: list[tuple[Any, str, object]] = []

    # --- in the warm process ---

    def place(self, patterns: Iterable[str]) -> None:
        """Place the doors of the libraries that are loaded, and of what these patterns mean in them."""
        self._patterns = [full_name(pattern) for pattern in patterns]
        self._originals: dict[int, object] = {}
        if "tensorflow" in sys.modules:
            self._try(self._place_entries)
            self._try(self._place_session)
            self._try(self._place_lite)
        if "numpy" in sys.modules:
            self._try(self._place_correlate)
        self._place_new()

    def _try(self, place: Callable[[], None]) -> None:
        try:
            place()
        except (ImportError, AttributeError, LookupError, TypeError) as error:
            name = place.__name__.removeprefix("_place_")
            self.missing.append(f"{name} ({type(error).__name__}: {error})")

    def _place_entries(self) -> None:
        entries: Any = import_module(f"{_TENSORFLOW}_pywrap_tfe")
        self._operation = import_module(f"{_TENSORFLOW}framework.op_def_registry").get
        self._context = import_module(f"{_TENSORFLOW}eager.context").context
        for method in ("has_function", "get_function_def", "list_function_names"):
            getattr(import_module(f"{_TENSORFLOW}eager.context").Context, method)
        for name, place in _ENTRIES.items():
            original = getattr(entries, name)
            code = _code(_ENTRY, STATE=self._state, PLACE=place, LOOK=self._look, ORIGINAL=original)
            self._originals[id(original)] = self._made(code)

    def _place_session(self) -> None:
        self._door(resolve_name(_SESSION), self._look_at_session)

    def _place_lite(self) -> None:
        wrapper = resolve_name(_LITE)
        look = partial(self._called, [("tf.lite.Interpreter", "", None)])
        code = _code(_FUNCTION, STATE=self._state, LOOK=look, ORIGINAL=wrapper.Invoke)
        self._set(wrapper, "Invoke", self._made(code))

    def _place_correlate(self) -> None:
        multiarray = sys.modules["numpy"].convolve._implementation.__globals__["multiarray"]
        for name, public in _CORRELATE.items():
            self._replace(getattr(multiarray, name), public, "")

    def _place_new(self) -> None:
        """Place the doors of what was loaded since the last time."""
        if len(sys.modules) == len(self._modules):
            return
        new = set(sys.modules) - self._modules
        self._modules = set(sys.modules)
        roots = {name.partition(".")[0] for name in new} - sys.stdlib_module_names
        for pattern in self._patterns:
            owner, _, last = pattern.rpartition(".")
            library = owner.partition(".")[0]
            if library not in roots:
                continue
            modules = [
                sys.modules[name] for name in new if last == "*" and f"{name}.".startswith(f"{owner}.")
            ]
            for module in modules or [_resolved(owner)]:
                for name, value in list(getattr(module, "__dict__", {}).items()):
                    if (last != "*" or _is_of(value, library, module)) and fnmatchcase(name, last):
                        self._place_value(
                            value, f"{getattr(module, '__name__', owner) if modules else owner}.{name}"
                        )
        self._spread()

    def _place_value(self, value: Any, name: str) -> None:
        own = getattr(value, "_implementation", value)
        root, last = name.partition(".")[0], name.rpartition(".")[2]
        if isinstance(value, type):
            bases = [base for base in value.__mro__ if base.__module__.partition(".")[0] == root]
            for method in (vars(base).get(name) for base in bases for name in _CALLS):
                if isinstance(method, FunctionType):
                    self._name(method, name, "", value)
        elif isinstance(own, FunctionType):
            self._name(own, name, last, None)
        elif (
            callable(value)
            and type(value).__name__ not in ("ufunc", "module")
            and not isinstance(value, FunctionType)
        ):
            self._replace(value, name, last)

    def _name(self, function: FunctionType, name: str, last: str, kind: type | None) -> None:
        """Give a function a door, or the door that it has another name."""
        known = self._names.get(id(function))
        if known is None:
            known = self._names[id(function)] = []
            self._door(function, partial(self._called, known))
        if (name, last, kind) not in known:
            known.append((name, last, kind))
            known.sort(key=lambda item: len(item[0]))

    def _door(self, function: Any, look: Callable[..., None]) -> None:
        """Put a door into a function itself, so that all that refers to it goes by the door."""
        from inspect import signature

        old = function.__code__
        behind = FunctionType(
            old, function.__globals__, function.__name__, function.__defaults__, function.__closure__
        )
        behind.__kwdefaults__ = function.__kwdefaults__
        # Keras reads the parameters of a layer's method.
        function.__signature__ = signature(function)
        code = _code(_FUNCTION, STATE=self._state, LOOK=look, ORIGINAL=behind)
        self._behind += [function, code]
        function.__code__ = code.replace(co_freevars=old.co_freevars)

    def _replace(self, original: Any, name: str, last: str) -> None:
        """Have a door take the place of what is no Python function, wherever a module has it."""
        look = partial(self._called, [(name, last, None)])
        code = _code(_FUNCTION, STATE=self._state, LOOK=look, ORIGINAL=original)
        self._originals[id(original)] = self._made(code)

    def _made(self, code: CodeType) -> FunctionType:
        door = FunctionType(code, {"__builtins__": builtins})
        self._behind += [door, code]
        return door

    def _spread(self) -> None:
        for module in list(sys.modules.values()) if self._originals else ():
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if id(value) in self._originals:
                    self._set(module, name, self._originals[id(value)])
        self._originals = {}

    def _set(self, owner: Any, name: str, door: object) -> None:
        setattr(owner, name, door)
        self._placed.append((owner, name, getattr(owner, name)))

    # --- in a fork ---

    def begin(
        self,
        banned: Mapping[str, Iterable[str]],
        units: Container[str],
        report: Callable[[dict[str, Any]], None],
    ) -> None:
        """Take the bans of an exercise, before the student's file is executed; `report` is told of each use at once."""
        self._rules = {function: _Rule(patterns) for function, patterns in banned.items()}
        self._units, self._report = units, report
        self._ids = {id(item) for item in self._behind}
        # What the student's own modules are called is asked first.
        sys.meta_path.insert(1, self)
        sys.addaudithook(self._hear)

    def look_for_new(self) -> None:
        """Place the doors of what the student's file has imported."""
        if self._rules:
            self._place_new()

    def enter(self, name: str, function: Any) -> None:
        """Watch a call until its reply is encoded: that may execute more of the student's code."""
        rule = self._rules.get(name)
        if rule is not None:
            code = getattr(function, "__code__", None)
            rule.place = (code.co_filename, code.co_firstlineno) if code is not None else ("", 0)
            self._place_new()
            self._state[0] = rule

    def leave(self) -> None:
        """End the watch; say of each door that is not in its place any more that it was replaced."""
        rule = self._state[0]
        if rule is None:
            return
        for owner, name, door in self._placed:
            if getattr(owner, name, None) is not door:
                self._note(f"{getattr(owner, '__name__', '')}.{name}")
        if self not in sys.meta_path:
            self._note("sys.meta_path")
        rule.noted.clear()
        self._state[0] = None

    def find_spec(self, name: str, path: Any = None, target: object = None) -> None:
        """Find nothing; note that a library is imported that is banned as a whole."""
        rule = self._state[0]
        root = name.partition(".")[0]
        if rule is not None and root not in ("tensorflow", "keras", *sys.stdlib_module_names):
            whole = [f"{pattern[:-1]}" for pattern in rule.patterns if pattern.endswith(".*")]
            if f"{name}.".startswith(tuple(whole)) and PathFinder.find_spec(name, path) is not None:
                self._note(name)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Note that somebody looks behind a door, or puts something in its place (PEP 578)."""
        if event not in _LOOKED_BEHIND:
            return
        is_attribute = event.startswith("object.")
        if event == "ctypes.cdata":
            is_meant = not self._is_library(sys._getframe(1))
        elif is_attribute:
            is_meant = (
                id(args[0]) in self._ids and args[1] == "__code__" and not self._is_library(sys._getframe(1))
            )
        else:
            is_meant = any(id(item) in self._ids for item in args)
        if is_meant:
            self._note("__code__" if is_attribute else event)

    # --- what a door sees ---

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

    def _is_library(self, frame: FrameType) -> bool:
        file = frame.f_code.co_filename
        return file not in self._units and frame.f_globals.get("__file__") == file

    def _look(self, given: str | bytes, args: tuple[Any, ...]) -> None:
        """Judge an operation that is about to be executed; remember a type that is harmless whatever it is given."""
        rule = self._state[0]
        if rule is None:
            return
        name = _text(given)
        definition = self._operation(name)
        if rule.bans(_RAW + name):
            self._note(_RAW + name)
        elif definition is None:
            self._note_inside(rule, [name])
        elif any("func" in item.type for item in definition.attr):
            self._note_inside(rule, map(_text, _flat(args)))
        elif "Iterator" in name or "Dataset" in name:
            # Nothing in its arguments names the functions that it calls.
            self._note_inside(rule, self._context().list_function_names())
        else:
            rule.harmless.add(given)

    def _note_inside(self, rule: _Rule, functions: Iterable[str]) -> None:
        for function in functions:
            self._note(self._inside(rule, _text(function)))

    def _inside(self, rule: _Rule, function: str) -> str:
        """Return what is banned in a traced function and in those that it calls; empty where there is nothing."""
        if function not in rule.inside:
            rule.inside[function] = ""
            if function and self._context().has_function(function):
                nodes = self._context().get_function_def(function).node_def
                inner = (self._inside(rule, name) for name in _functions_of(nodes, self._operation))
                rule.inside[function] = _banned_node(rule, nodes) or next(filter(None, inner), "")
        return rule.inside[function]

    def _look_at_session(self, args: tuple[Any, ...]) -> None:
        """Judge a session's graph: it is executed without any operation of Python's."""
        rule = self._state[0]
        if rule is not None:
            graph = args[0].graph.as_graph_def()
            inner = [node for function in graph.library.function for node in function.node_def]
            self._note(_banned_node(rule, [*graph.node, *inner]))
            if rule.bans("tf.compat.v1.Session"):
                self._note("tf.compat.v1.Session")

    def _note(self, name: str) -> None:
        rule = self._state[0]
        if not name or (rule is not None and name in rule.noted):
            return
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename not in self._units:
            frame = frame.f_back
        place = (frame.f_code.co_filename, frame.f_lineno) if frame else rule.place if rule else ("", 0)
        if rule is not None:
            rule.noted.add(name)
        self._report({"used": [_short(name), *place]})


def _resolved(owner: str) -> Any:
    """Return a module or class by its full name; None where it is not there."""
    root, *parts = owner.split(".")
    value: Any = sys.modules.get(root)
    for part in parts:
        value = getattr(value, part, None)
    return value


def _is_of(value: Any, library: str, module: Any) -> bool:
    """Return whether something in a module is its library's own, and not imported from elsewhere."""
    is_compiled = str(getattr(module, "__file__", "")).endswith(".so")
    return is_compiled or str(getattr(value, "__module__", "")).partition(".")[0] == library


def _banned_node(rule: _Rule, nodes: Iterable[Any]) -> str:
    return next((_RAW + node.op for node in nodes if rule.bans(_RAW + node.op)), "")


def _functions_of(nodes: Any, operation: Callable[[str], Any]) -> Iterator[str]:
    """Yield the functions that nodes of a graph call."""
    for node in nodes:
        for value in node.attr.values():
            yield from (item.name for item in (value.func, *value.list.func))
        if operation(node.op) is None:
            yield node.op


def _text(value: Any) -> str:
    name = value if isinstance(value, str | bytes) else getattr(value, "name", "")
    return name.decode() if isinstance(name, bytes) else str(name)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from _flat(value) if isinstance(value, list | tuple) else (value,)


def _short(name: str) -> str:
    """Return a name as a course writes it."""
    for long, short in (("tensorflow.", "tf."), ("numpy.", "np.")):
        name = short + name.removeprefix(long) if name.startswith(long) else name
    return name
