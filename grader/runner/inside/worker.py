"""Hold one submission in a confined fork: execute its file, then answer calls. This runs inside of the sandbox.

Everything here shares a process with student code and is as untrustworthy as it: a submission can change what it
answers about itself, and nothing else. Requests come in on one pipe and replies go out on another, as frames of
`grader.runner.inside.wire`; what the code prints goes to a third.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import copy
import difflib
import dis
import inspect
import io
import itertools
import linecache
import operator
import os
import random
import signal
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any

import numpy as np

from grader.runner.inside import libraries, matplotlib, wire
from grader.runner.inside.doors import Doors
from grader.runner.inside.helpers import MODULE, HelperFinder
from grader.runner.inside.misconceptions import (
    WITHOUT_A_KNOB,
    Family,
    candidates,
    first_line,
    without_a_knob,
)
from grader.runner.inside.standins import IPYTHON, StandIn, StandInFinder
from grader.runner.inside.values import Frame, Series, Tensor
from grader.runner.inside.written import Written

REQUEST = 10
REPLY = 11
CHECK = "<check>"
"""The file, in tracebacks, of a function that a check passes."""
_LONGEST_MESSAGE = 2000
_RAISE = dis.opmap["RAISE_VARARGS"]
_HAS_TIMER = hasattr(signal, "setitimer")
"""Windows has none, and waits for every known wrong answer."""
_MOST_FAILURES = 500
"""Statements that may raise; after that no unit is executed any further than to its next."""
_MOST_STEPS = 1000
"""Statements of one submission that are executed one by one; a unit with more than are left is executed as a whole."""
_PLAIN: dict[type, Callable[[Any], object]] = {
    **{kind: kind for kind in (int, float, complex, bytes, dict, tuple, list, set, frozenset)},
    # A member of an enumeration of texts says of itself which member it is, and is equal to its text.
    str: str.__str__,
    bytearray: bytes,
    datetime: lambda value: datetime.combine(value.date(), value.timetz()),
    date: lambda value: date(value.year, value.month, value.day),
    timedelta: lambda value: timedelta(value.days, value.seconds, value.microseconds),
}
"""Type -> what makes a value of it of one of a class that is derived from it."""
_START = 0
"""Seeds the generators of an exercise that asks for no seed: a fork would have the numbers of its warm process."""
OPERATIONS: dict[str, Callable[..., Any]] = {
    "__getattr__": getattr,
    "__setattr__": setattr,
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__contains__": operator.contains,
    "__len__": len,
    "__bool__": bool,
    "__iter__": iter,
    "__next__": next,
    "__str__": str,
    "__enter__": lambda owner: owner.__enter__(),
    "__exit__": lambda owner: owner.__exit__(None, None, None),
}
"""What a check may do with an object that stays here, beside calling it and its methods."""
_METHODS = types.MethodType | types.BuiltinMethodType | types.MethodWrapperType


def prepare(optional_modules: Sequence[str] = (), doors: Doors | None = None) -> Worker:
    """Return what is to hold a submission, once what it imports is looked for; `doors` see what is banned.

    A warm process does it before it forks: whoever goes through all modules writes to thousands of pages, which each
    fork would copy.
    """
    worker = Worker(_write, doors)
    sys.meta_path.insert(0, HelperFinder(worker.helpers, optional_modules))
    finder = StandInFinder(optional_modules, worker.units.__contains__)
    sys.meta_path.append(finder)
    # The installed one's `get_ipython()` has nothing to give outside of a kernel.
    finder.replace("IPython")
    return worker


def serve(worker: Worker, folder: str) -> None:
    """Answer requests until the pipe ends, and never return."""
    tempfile.tempdir = folder
    sys.path.insert(0, folder)
    sys.stderr = io.TextIOWrapper(_Errors(), "utf-8", "backslashreplace", write_through=True)
    _write({"ready": True})
    while True:
        request = _read()
        if request is None:
            os._exit(0)
        reply = worker.answer(request)
        for stream in (sys.stdout, sys.stderr):
            # A student may have closed or replaced either: what it printed is then lost, and nothing else.
            with contextlib.suppress(BaseException):
                stream.flush()
        try:
            frame = wire.encode(reply, worker.convert)
        except BaseException as error:
            frame = wire.encode({"number": request.get("number"), "error": describe_exception(error, {})})
        worker.leave()
        _send(frame)


class _Errors(io.RawIOBase):
    """Writes to the same pipe as what is printed, between marks: a warning is no output of a call."""

    def writable(self) -> bool:
        """Return that it takes text."""
        return True

    def fileno(self) -> int:
        """Return what a library writes to by itself."""
        return 2

    def write(self, data: Any, /) -> int:
        """Write it all at once, so that nothing comes between the marks."""
        view = memoryview(wire.ERRORS_BEGIN + bytes(data) + wire.ERRORS_END)
        while view:
            view = view[os.write(2, view) :]
        return len(data)


_RECEIVED = bytearray()
"""What was read of a request and not taken yet."""


def _read_exactly(count: int) -> bytes | None:
    while len(_RECEIVED) < count:
        # As much as a pipe holds: most requests are read at once.
        chunk = os.read(REQUEST, 1 << 16)
        if not chunk:
            return None
        _RECEIVED.extend(chunk)
    taken = bytes(_RECEIVED[:count])
    del _RECEIVED[:count]
    return taken


def _read() -> dict[str, Any] | None:
    head = _read_exactly(wire.HEAD_SIZE)
    if head is None:
        return None
    text_length, body_length = wire.lengths(head, 1 << 32)
    text, body = _read_exactly(text_length), _read_exactly(body_length)
    if text is None or body is None:
        return None
    request: dict[str, Any] = wire.decode(text, body, is_request=True)
    return request


def _write(message: dict[str, Any]) -> None:
    _send(wire.encode(message))


def _send(frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(REPLY, view) :]


class Worker:
    """Holds one submission: its namespace, and the objects that stay here."""

    def __init__(
        self, announce: Callable[[dict[str, Any]], None] = lambda message: None, doors: Doors | None = None
    ) -> None:
        """Take what tells the judge which statement comes next: of one that ends the process nothing else is known.

        There are doors in the sandbox alone: what is told of them at once nothing in this process can take back.
        """
        self._announce = announce
        self._doors = doors
        self.objects: list[Any] = []
        self.numbers: dict[int, int] = {}
        """The number of each object by its identity; what is kept is never freed, so no two have the same."""
        self.modules: dict[str, types.ModuleType] = {}
        self.functions: dict[str, Any] = {}
        """What calls go to, by name."""
        self.main = types.ModuleType(MODULE)
        self.units: dict[str, str] = {}
        self.helpers: dict[str, str] = {}
        """The files of the modules that may be imported, each with its code."""
        self.seed: int | None = None
        self.tensors = "numpy"
        """The library whose tensors the code is given for arrays."""
        self.written = Written()

    def leave(self) -> None:
        """End the watch of a call."""
        if self._doors is not None:
            self._doors.leave()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a request, whatever the student's code does."""
        number = request.get("number")
        try:
            result = getattr(self, f"do_{request['op']}")(request)
        except BaseException as error:
            # SystemExit and KeyboardInterrupt of the student's end the call, not this process.
            return {"number": number, "error": describe_exception(error, self.units)}
        return {"number": number, **result}

    def do_load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Execute the units in order, statement by statement; one that raises costs itself, and the next is executed."""
        self.seed, self.tensors = request.get("seed"), request.get("tensors", "numpy")
        self.written = Written(request.get("largest_file", 0))
        seed_generators(_START if self.seed is None else self.seed)
        for name, code in request.get("helpers", ()):
            self.helpers[name] = code
            self._keep(name, code)
        if self._doors is not None and request.get("banned"):
            self._doors.begin(request["banned"], self.units, self._announce)
        failures: list[dict[str, Any]] = []
        left = _MOST_STEPS
        for index, (name, code, module_name, left_out) in enumerate(request["units"]):
            module = self.modules.get(module_name)
            if module is None:
                module = self.modules[module_name] = types.ModuleType(module_name)
                module.__dict__["__builtins__"] = {**vars(builtins), **IPYTHON}
                if self.helpers:
                    module.__dict__.update(__package__=module_name, __path__=[])
                sys.modules[module_name] = module
            self._keep(name, code)
            module.__file__ = name
            try:
                steps = statements(code, name, left)
            except BaseException as error:
                failures.append({**describe_exception(error, self.units), "unit": name, "line": 0})
                continue
            left -= len(steps)
            for step in steps:
                if step.line in left_out:
                    continue
                self._announce({"at": [index, step.line]})
                try:
                    step.execute(module.__dict__)
                    libraries.settle()
                    if self._doors is not None:
                        self._doors.place_new()
                except BaseException as error:
                    is_last = len(failures) >= _MOST_FAILURES
                    failure = describe_exception(error, self.units)
                    failures.append({**failure, "unit": name, "line": 0 if is_last else step.line})
                    if is_last:
                        break
        self.main = next(iter(self.modules.values()), self.main)
        self.functions = self.main.__dict__
        variables = request.get("variables", ())
        names = [
            name
            for name, value in self.functions.items()
            if (callable(value) or name in variables) and name[:1] != "_"
        ]
        return {"functions": names, "failures": failures, "misconceptions": self.describe_misconceptions()}

    def _keep(self, name: str, code: str) -> None:
        """Keep a file's code: what is said of an exception has its lines."""
        self.units[name] = code
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)

    def registry(self) -> dict[str, Any]:
        """Return what `grader.misconceptions.misconception` marked."""
        registry: dict[str, Any] = {}
        for module in self.modules.values():
            registry.update(module.__dict__.get("__misconceptions__", {}))
        return registry

    def describe_misconceptions(self) -> list[dict[str, Any]]:
        """Return the marked misconceptions as plain data."""
        return [
            {
                "id": id,
                "texts": entry["texts"],
                "same_as": entry["same_as"],
                "functions": list(entry["functions"]),
                "line": first_line(entry["functions"].values()),
            }
            for id, entry in self.registry().items()
        ]

    @cached_property
    def candidates(self) -> dict[str, dict[str, Any]]:
        """Return every known wrong answer by its key, in the order in which they are named."""
        found = candidates(self.registry(), self.families, self.main.__dict__)
        return {item["key"]: item for item in found}

    @property
    def families(self) -> list[Family]:
        """Return what `grader.misconceptions.family` made."""
        made = (module.__dict__.get("__family__") for module in self.modules.values())
        return [item for item in made if item]

    def replaced(self, key: str) -> dict[str, Any]:
        """Return the functions that a known wrong answer has other than the reference; with an empty key none."""
        if key == WITHOUT_A_KNOB:
            return {**without_a_knob(self.families, self.main.__dict__)}
        return {**self.candidates[key]["functions"]} if key else {}

    def do_candidates(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe every known wrong answer, those of the family too."""
        found = self.candidates.values()
        return {"candidates": [{**item, "functions": list(item["functions"])} for item in found]}

    def do_select(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let a known wrong answer answer from now on, or with an empty key the reference again."""
        self.functions = {**self.main.__dict__, **self.replaced(request["misconception"])}
        return {}

    def do_ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask known wrong answers with an alarm set."""
        with _alarm():
            return self._ask(request)

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make the same calls of several known wrong answers; what several return is sent once.

        Calls that follow each other on the same layers are a sequence, in which layers are known by their order. Who takes
        longer than `seconds` for a call is not waited for.
        """
        outcomes: list[Any] = []
        places: dict[Any, int] = {}
        answered: list[int] = []
        objects, numbers, functions = self.objects, self.numbers, self.functions
        sequences = request["sequences"]
        untouched = copy.deepcopy(sequences)
        for key in request["candidates"]:
            replaced = self.replaced(key)
            self.functions = {**self.main.__dict__, **replaced}
            for function in replaced.values():
                # A family's has it, and a class may have a method of this name.
                if isinstance(function, types.FunctionType):
                    getattr(function, "forget", int)()
            for sequence, kept in zip(sequences, untouched, strict=True):
                self.objects, self.numbers = [], {}
                for index, call in enumerate(sequence):
                    outcome = self._outcome(call, request["seconds"])
                    place = places.setdefault(_likeness(outcome), len(outcomes))
                    if place == len(outcomes):
                        outcomes.append(outcome)
                    answered.append(place)
                    if outcome.get("changed") != [] or _has_parts(call):
                        # It has written to its arguments or a part of one, or may have before it raised: the next gets
                        # them as they were.
                        sequence[index] = copy.deepcopy(kept[index])
        self.objects, self.numbers, self.functions = objects, numbers, functions
        # One list: many short ones take as long to read as the outcomes do.
        return {"outcomes": outcomes, "places": answered}

    def _outcome(self, call: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return what comes of a call of the author's own code, as plain data."""
        printed = io.StringIO()
        try:
            _set_timer(seconds)
            with contextlib.redirect_stdout(printed):
                answer = getattr(self, f"do_{call['op']}")(call)
            value = answer["value"]
            is_plain = type(value) is np.ndarray and value.dtype.kind in "biufc"
            value = value.copy() if is_plain else wire.copied(value, self.convert)
            _set_timer(0)
        except _TooSlow:
            return {"slow": True}
        except BaseException as error:
            return {"error": describe_exception(error, self.units)}
        return {"value": value, "changed": answer.get("changed", []), "output": printed.getvalue()}

    def do_call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a function, an object or a method; say which array arguments it changed."""
        target, method = request["target"], request["method"]
        owner = None if target is None else self.objects[target]
        if method in OPERATIONS:
            function: Any = partial(OPERATIONS[method], owner)
        elif target is None:
            function = self.functions[request["function"]]
        else:
            function = getattr(owner, method) if method else owner
        resolve = partial(self.resolve, tensors="numpy" if method in OPERATIONS else self.tensors)
        arguments, keywords = wire.map_values((request["args"], request["kwargs"]), resolve)
        values = [*arguments, *keywords.values()]
        given = [*request["args"], *request["kwargs"].values()]
        before = [
            _content(value) if isinstance(sent, _CHANGEABLE) else None
            for value, sent in zip(values, given, strict=True)
        ]
        if method not in OPERATIONS:
            seed_generators(self.seed)
            self.written.begin()
            for library in libraries.LIBRARIES if target is None else ():
                library.begin()
        if self._doors is not None:
            self._doors.enter(request["maker"] or request["function"], function)
        # What a name hangs on is not to depend on who else uses the machine.
        started = time.process_time()
        value = function(*arguments, **keywords)
        seconds = time.process_time() - started
        if method == "__getattr__" and isinstance(value, _METHODS) and value.__self__ is owner:
            value = wire.Handle(target, type(owner).__name__, "method")
        changed = [
            index
            for index, (then, now) in enumerate(zip(before, values, strict=True))
            if then is not None and then != _content(now)
        ]
        return {"value": value, "changed": changed, "seconds": seconds}

    def resolve(self, value: Any, tensors: str = "numpy") -> Any:
        """Return what a function gets of a value in a request: what the value stands for, an array as a library's tensor."""
        if isinstance(value, wire.Handle):
            return self.objects[value.number]
        if isinstance(value, wire.Code):
            names = wire.map_values(value.names, self.resolve)
            exec(compile(value.source, CHECK, "exec", dont_inherit=True), names)
            return names[value.name]
        if isinstance(value, Frame | Series):
            return libraries.BY_NAME["pandas"].from_plain(value)
        if isinstance(value, Tensor):
            value, tensors = value.array, value.library
        elif not isinstance(value, np.ndarray):
            return value
        if value.dtype.kind == "O" and None not in value.ravel().tolist():
            return value.astype(str)
        is_tensor = tensors != "numpy" and value.dtype.kind in "biufc"
        return libraries.BY_NAME[tensors].from_plain(value) if is_tensor else value

    def do_value(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what a variable holds."""
        return {"value": self.functions[request["function"]]}

    def do_files(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the names of the files that the last call wrote."""
        return {"value": self.written.names()}

    def do_read(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what is in a file that the last call wrote."""
        return {"value": self.written.read(request["args"][0])}

    def do_describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe a layer, or the figure that was left open."""
        layer = self.layer(request)
        if layer is None:
            return {"value": {}}
        library = next(library for library in libraries.LIBRARIES if library.is_layer(layer))
        (shape,) = request["args"]
        return {"value": library.describe(layer, None if shape is None else tuple(shape))}

    def do_picture(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return a figure as the bytes of a picture."""
        return {"value": matplotlib.picture(self.layer(request))}

    def layer(self, request: dict[str, Any]) -> Any:
        """Return the layer that a request is about: the figure that was left open where it names none."""
        target = request["target"]
        return matplotlib.left_open() if target is None else self.objects[target]

    def convert(self, value: object) -> object:
        """Return a plain value for an object of a foreign library."""
        if isinstance(value, StandIn):
            library = type(value)._name
            if library == "IPython":
                return None
            raise ModuleNotFoundError(f"No module named {library!r}", name=library)
        plain = libraries.to_plain(value)
        if plain is not None:
            return plain
        if type(value) in wire.KEYED:
            # Its keys are objects, which stay here.
            return self.handle(value, "object")
        for kind, make in _PLAIN.items():
            if isinstance(value, kind):
                return make(value)
        is_layer = any(library.is_layer(value) for library in libraries.LIBRARIES)
        return self.handle(value, "layer" if is_layer else "object")

    def handle(self, value: object, kind: wire.Kind) -> wire.Handle:
        """Return the handle of an object, which stays here."""
        number = self.numbers.setdefault(id(value), len(self.objects))
        if number == len(self.objects):
            self.objects.append(value)
        return wire.Handle(number, "type" if isinstance(value, type) else type(value).__name__, kind)


_CHANGEABLE = (np.ndarray, Tensor, Frame, Series)
"""Arguments whose content a call may change in place, and that are looked at afterwards."""


def _content(value: Any) -> object:
    """Return what an array, a tensor or a table holds."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    # An object that was put into a table is known by its identity.
    return wire.encode(libraries.to_plain(value), id)


class _TooSlow(BaseException):
    """A known wrong answer takes longer than it is worth."""


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    """Raise `_TooSlow` whenever a timer that was set has run down."""

    def stop(number: int, frame: types.FrameType | None) -> None:
        raise _TooSlow

    if not _HAS_TIMER:
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGPROF, signal.SIGALRM)}
    try:
        yield
    finally:
        _set_timer(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _set_timer(seconds: float) -> None:
    """Count what is computed, whoever else uses the machine, and the clock at ten times the limit: for who waits."""
    if _HAS_TIMER:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, 10 * seconds)


def _likeness(outcome: dict[str, Any]) -> Any:
    """Return what two equal outcomes have in common; those without a tensor are each their own."""
    value = outcome.get("value")
    if type(value) is not np.ndarray:
        return id(outcome)
    return value.dtype.str, value.shape, value.tobytes(), tuple(outcome["changed"]), outcome["output"]


def seed_generators(seed: int | None) -> None:
    """Seed the generators of Python, NumPy and every library, where an exercise asks for it."""
    if seed is None:
        return
    random.seed(seed)
    np.random.seed(seed)
    for library in libraries.LIBRARIES:
        library.seed(seed)


@dataclass(frozen=True, slots=True)
class Step:
    """A statement outside of functions, or one name of an import, which is executed by itself."""

    line: int
    """The line that its statement begins at (of a decorated function its `def`); 0 for a whole unit."""
    code: types.CodeType

    def execute(self, names: dict[str, Any]) -> None:
        """Execute it; it may await outside of functions, as a notebook's cell may in Jupyter.

        There are no sockets for an event loop here, so an await that has to wait for one raises.
        """
        if not self.code.co_flags & inspect.CO_COROUTINE:
            exec(self.code, names)
            return
        coroutine = eval(self.code, names)
        with contextlib.suppress(StopIteration):
            while True:
                coroutine.send(None)


def statements(code: str, name: str, most: int) -> list[Step]:
    """Return a unit's statements in order, or as one where they are more than `most`; all are compiled beforehand."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(code, name, "exec", flags=flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    parts = [(statement, part) for statement in tree.body for part in _parts(statement)]
    if len(parts) > most:
        return [Step(0, compile(tree, name, "exec", flags=flags, dont_inherit=True))]
    steps = []
    for statement, part in parts:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
        compiled = compile(ast.Module([part], []), name, "exec", flags=flags, dont_inherit=True)
        steps.append(Step(statement.lineno, compiled))
    return steps


def _parts(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield an import name by name, so that one that is not there costs no other, and any other statement whole."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        yield statement
        return
    for alias in statement.names:
        part = copy.copy(statement)
        part.names = [alias]
        yield part


def describe_exception(error: BaseException, units: dict[str, str]) -> dict[str, Any]:
    """Return an exception as plain data: its type, its text, and its places in the student's own source."""
    try:
        message = str(error)[:_LONGEST_MESSAGE]
    except BaseException:
        message = ""
    places: list[tuple[str, int, str]] = []
    columns: list[tuple[int, int]] = []
    near, is_stated = "", False
    trace = error.__traceback__
    while trace is not None and len(places) < 50:
        name = trace.tb_frame.f_code.co_filename
        if name in units:
            places.append((name, trace.tb_lineno or 0, trace.tb_frame.f_code.co_name))
            columns.append(_columns(trace))
            near = _near(error, trace.tb_frame)
        is_stated = name in units and trace.tb_frame.f_code.co_code[trace.tb_lasti] == _RAISE
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename in units:
        places.append((str(error.filename), int(error.lineno or 0), ""))
        offsets = error.offset, error.end_offset if error.end_lineno == error.lineno else 0
        line = str(error.text or "")
        begin, end = (len(line[: max(int(offset or 0) - 1, 0)].encode()) for offset in offsets)
        columns.append((begin, end))
        message = str(error.msg)[:_LONGEST_MESSAGE]
    missing = {"module": str(error.name)} if isinstance(error, ModuleNotFoundError) and error.name else {}
    return {
        **missing,
        "near": near,
        # By a `raise` of the student's own, and not by what that code calls.
        "stated": is_stated,
        "types": [kind.__name__ for kind in type(error).__mro__[:-2]] or [type(error).__name__],
        "message": message,
        # The first one is the statement outside of functions, the last one where it raised.
        "places": [*places[:1], *places[1:][-9:]],
        "columns": [*columns[:1], *columns[1:][-9:]],
    }


def _has_parts(call: dict[str, Any]) -> bool:
    """Return whether an argument of a call holds others, of which nobody notes whether they are written to."""
    values = (*call["args"], *call["kwargs"].values())
    return any(
        isinstance(value, list | dict)
        or (isinstance(value, tuple) and not all(isinstance(item, int | float | str) for item in value))
        for value in values
    )


def _columns(trace: types.TracebackType) -> tuple[int, int]:
    """Return the bytes of its line at which what raised begins and ends; the end is 0 where it is on another line."""
    positions = next(itertools.islice(trace.tb_frame.f_code.co_positions(), trace.tb_lasti // 2, None), None)
    line, last_line, begin, end = positions or (None, None, None, None)
    return begin or 0, (end or 0) if line == last_line else 0


def _near(error: BaseException, frame: types.FrameType) -> str:
    """Return the name that may have been meant by one that is not there; empty where none is like it."""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        names = [*frame.f_locals, *frame.f_globals, *vars(builtins)]
    elif isinstance(error, AttributeError) and isinstance(error.obj, types.ModuleType):
        names = list(vars(error.obj))
    else:
        return ""
    wanted, names = (
        str(error.name or ""),
        [name for name in names if isinstance(name, str) and name[:1] != "_"],
    )
    return next(iter(difflib.get_close_matches(wanted[:100], names, n=1, cutoff=0.75)), "")
