"""The fork that holds one submission: executes its file, then answers calls. Runs inside of the sandbox, confined.

Everything here shares a process with student code and is as untrustworthy as it: a submission can change what it
answers about itself, and nothing else. Requests come in on one pipe and replies go out on another, as frames of
`grader.runner.inside.wire`; what the code prints goes to a third.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import inspect
import linecache
import os
import random
import sys
import time
import types
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.runner.inside import wire
from grader.runner.inside.standins import StandInFinder

REQUEST = 10
REPLY = 11
MODULE = "submission"
_LONGEST_MESSAGE = 2000


def serve(folder: str, optional_modules: Sequence[str] = ()) -> None:
    """Answer requests until the pipe ends. Never returns."""
    import tempfile

    tempfile.tempdir = folder
    sys.path.insert(0, folder)
    session = _Session()
    sys.meta_path.append(StandInFinder(optional_modules, lambda file: file in session.units))
    _write({"ready": True})
    while True:
        request = _read()
        if request is None:
            os._exit(0)
        reply = session.answer(request)
        for stream in (sys.stdout, sys.stderr):
            # A student may have closed or replaced either: what it printed is then lost, and nothing else.
            with contextlib.suppress(BaseException):
                stream.flush()
        try:
            _write(reply, session.convert)
        except BaseException as error:
            _write({"number": request.get("number"), "error": describe_exception(error, {})})


def _read_exactly(count: int) -> bytes | None:
    chunks = []
    while count:
        chunk = os.read(REQUEST, min(count, 1 << 20))
        if not chunk:
            return None
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _read() -> dict[str, Any] | None:
    head = _read_exactly(wire.HEAD_SIZE)
    if head is None:
        return None
    text_length, body_length = wire.lengths(head, 1 << 32)
    text, body = _read_exactly(text_length), _read_exactly(body_length)
    if text is None or body is None:
        return None
    request: dict[str, Any] = wire.decode(text, body)
    return request


def _write(message: dict[str, Any], convert: wire.Convert | None = None) -> None:
    view = memoryview(wire.encode(message, convert))
    while view:
        view = view[os.write(REPLY, view) :]


class _Session:
    """One submission: its namespace and the objects that stay here."""

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self.modules: dict[str, types.ModuleType] = {}
        self.functions: dict[str, Any] = {}
        """What calls go to, by name."""
        self.main = types.ModuleType(MODULE)
        self.units: dict[str, str] = {}
        self.seed: int | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        number = request.get("number")
        try:
            result = getattr(self, f"do_{request['op']}")(request)
        except BaseException as error:
            # SystemExit and KeyboardInterrupt of the student's end the call, not this process.
            return {"number": number, "error": describe_exception(error, self.units)}
        return {"number": number, **result}

    def do_load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Execute the units in order; one that raises does not stop the next."""
        self.seed = request.get("seed")
        seed_generators(self.seed)
        failures = []
        for name, code, module_name in request["units"]:
            module = self.modules.get(module_name)
            if module is None:
                module = self.modules[module_name] = types.ModuleType(module_name)
                module.__dict__["__builtins__"] = builtins
                sys.modules[module_name] = module
            self.units[name] = code
            linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
            module.__file__ = name
            try:
                execute(code, name, module.__dict__)
            except BaseException as error:
                stopped_at = {"unit": name, "line": line_reached(error, name)}
                failures.append({**describe_exception(error, self.units), **stopped_at})
        self.main = next(iter(self.modules.values()), self.main)
        self.functions = self.main.__dict__
        names = [name for name, value in self.functions.items() if callable(value) and name[:1] != "_"]
        return {"functions": names, "failures": failures, "misconceptions": self.describe_misconceptions()}

    def registry(self) -> dict[str, Any]:
        """Return what `grader.misconceptions.misconception` marked."""
        found: dict[str, Any] = {}
        for module in self.modules.values():
            found.update(module.__dict__.get("__misconceptions__", {}))
        return found

    def describe_misconceptions(self) -> list[dict[str, Any]]:
        return [
            {
                "id": id,
                "texts": entry["texts"],
                "same_as": entry["same_as"],
                "functions": list(entry["functions"]),
                "line": min(item.__code__.co_firstlineno for item in entry["functions"].values()),
            }
            for id, entry in self.registry().items()
        ]

    def do_select(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let a misconception answer from now on, or with an empty name the reference again."""
        replaced = self.registry()[request["misconception"]]["functions"] if request["misconception"] else {}
        self.functions = {**self.main.__dict__, **replaced}
        return {}

    def do_call(self, request: dict[str, Any]) -> dict[str, Any]:
        target = request["target"]
        function = self.objects[target] if target is not None else self.functions[request["function"]]
        arguments = [self.resolve(value) for value in request["args"]]
        keywords = {name: self.resolve(value) for name, value in request["kwargs"].items()}
        given = [*arguments, *keywords.values()]
        before = [value.copy() if isinstance(value, np.ndarray) else None for value in given]
        seed_generators(self.seed)
        started = time.perf_counter()
        value = function(*arguments, **keywords)
        seconds = time.perf_counter() - started
        changed = [
            index
            for index, (copy, now) in enumerate(zip(before, given, strict=True))
            if copy is not None and (copy.shape != now.shape or copy.tobytes() != now.tobytes())
        ]
        return {"value": value, "changed": changed, "seconds": seconds}

    def do_describe(self, request: dict[str, Any]) -> dict[str, Any]:
        layer = self.objects[request["target"]]
        shape = request["input_shape"]
        if shape is not None and not layer.built:
            layer.build(tuple(shape))
        return {"value": describe_layer(layer, tuple(shape) if shape is not None else None)}

    def resolve(self, value: Any) -> Any:
        """Return an argument with the handles in it replaced by their objects."""
        if isinstance(value, wire.Handle):
            return self.objects[value.number]
        if isinstance(value, list | tuple):
            return type(value)(self.resolve(item) for item in value)
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        return value

    def convert(self, value: object) -> object:
        """Return a plain value for an object of a foreign library."""
        for plain in (bool, int, float, str):
            if isinstance(value, plain):
                return plain(value)
        if isinstance(value, dict):
            return dict(value)
        if isinstance(value, tuple):
            return tuple(value)
        if isinstance(value, list):
            return list(value)
        if _is_layer(value):
            known = [number for number, item in enumerate(self.objects) if item is value]
            if not known:
                self.objects.append(value)
            number = known[0] if known else len(self.objects) - 1
            return wire.Handle(number, type(value).__name__)
        numpy_method = getattr(value, "numpy", None)
        if callable(numpy_method) and hasattr(value, "dtype"):
            with contextlib.suppress(Exception):
                array = numpy_method()
                if isinstance(array, np.ndarray | np.generic):
                    return array
        return wire.Opaque(type(value).__name__)


def seed_generators(seed: int | None) -> None:
    """Seed Python's, NumPy's and Keras's generators, where an exercise asks for it."""
    if seed is None:
        return
    random.seed(seed)
    np.random.seed(seed)
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.set_random_seed(seed)


def _is_layer(value: object) -> bool:
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.layers.Layer)


def describe_layer(layer: Any, input_shape: tuple[int | None, ...] | None = None) -> dict[str, Any]:
    """Return a Keras layer or model as plain data."""
    inner = [item for item in getattr(layer, "layers", []) if type(item).__name__ != "InputLayer"]
    output_shape = None
    with contextlib.suppress(Exception):
        output_shape = tuple(layer.output.shape)
    if output_shape is None and input_shape is not None:
        with contextlib.suppress(Exception):
            output_shape = tuple(layer.compute_output_shape(input_shape))
    weights = [np.asarray(weight) for weight in layer.get_weights()]
    return {
        "class_name": type(layer).__name__,
        "module": type(layer).__module__,
        "name": str(layer.name),
        "built": bool(layer.built),
        # A model's own configuration repeats those of its layers.
        "config": {} if inner else _plain(layer.get_config()),
        "weights": weights,
        "parameters": int(sum(weight.size for weight in weights)),
        "output_shape": output_shape,
        "layers": [describe_layer(item) for item in inner],
    }


def _plain(value: Any, depth: int = 0) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if depth < 8 and isinstance(value, dict):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if depth < 8 and isinstance(value, list | tuple):
        return tuple(_plain(item, depth + 1) for item in value)
    return str(value)[:200]


def execute(code: str, name: str, names: dict[str, Any]) -> None:
    """Execute a unit; a notebook's cell may await outside of functions, as it may in Jupyter.

    There are no sockets for an event loop here, so an await that has to wait for one raises, and what stands above it is
    done.
    """
    compiled = compile(code, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    if not compiled.co_flags & inspect.CO_COROUTINE:
        exec(compiled, names)
        return
    coroutine = eval(compiled, names)
    with contextlib.suppress(StopIteration):
        while True:
            coroutine.send(None)


def line_reached(error: BaseException, unit: str) -> int:
    """Return the line of a unit's top level at which an exception stopped it; 0 if none of it was executed."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == unit:
            return trace.tb_lineno or 0
        trace = trace.tb_next
    return 0


def describe_exception(error: BaseException, units: dict[str, str]) -> dict[str, Any]:
    """Return an exception as plain data: its type, its text, and its places in the student's own source."""
    try:
        message = str(error)[:_LONGEST_MESSAGE]
    except BaseException:
        message = ""
    places: list[tuple[str, int, str]] = []
    trace = error.__traceback__
    while trace is not None and len(places) < 50:
        name = trace.tb_frame.f_code.co_filename
        if name in units:
            places.append((name, trace.tb_lineno or 0, trace.tb_frame.f_code.co_name))
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename in units:
        places.append((str(error.filename), int(error.lineno or 0), ""))
        message = str(error.msg)[:_LONGEST_MESSAGE]
    missing = {"module": str(error.name)} if isinstance(error, ModuleNotFoundError) and error.name else {}
    return {
        **missing,
        "types": [kind.__name__ for kind in type(error).__mro__[:-2]] or [type(error).__name__],
        "message": message,
        "places": places[-10:],
    }
