"""Stand in for modules that a course's environment does not have. This runs inside of the sandbox.

Students draw what they compute: `import matplotlib.pyplot as plt` at the top of an honest answer must not cost it all of
its points. Everything in a stand-in can be called, calculated and compared with, indexed, unpacked and entered, does
nothing, and gives more of the same; as a number it is 0, as a condition false, as a series empty.
"""

from __future__ import annotations

import importlib
import linecache
import opcode
import re
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from types import FrameType, ModuleType
from typing import Any, Self

import numpy as np

_PROGRESS_BARS = re.compile(r"tqdm\w*|t(?:n|q)?range|track|progress_bar|master_bar")
_RANGES = frozenset(["trange", "tnrange"])
_UNPACK, _UNPACK_REST = opcode.opmap["UNPACK_SEQUENCE"], opcode.opmap["UNPACK_EX"]
_NEEDS_ITEM = re.compile(r"\b(?:next|max|min)\(")
"""Calls that raise where there is no item: `next(iter(loader))`."""
_EXCEPTION = re.compile(r"error|[A-Z]\w*(Warning|Error|Exception)")
"""What a module calls the classes that are raised: `cv2.error`, but not `mean_squared_error`."""

_OF_TWO = "add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift".split()
_OPERATORS = [
    *_OF_TWO,
    *(f"r{name}" for name in _OF_TWO),
    *"lt le eq ne gt ge neg pos abs invert round floor ceil trunc".split(),
    *"getitem next array_ufunc array_function".split(),
]
"""What gives a stand-in, whatever it is asked with."""
_VALUES = {"int": 0, "float": 0.0, "complex": 0j, "index": 0, "bytes": b"", "contains": False}
_STATEMENTS = "setitem delitem delattr exit".split()


class StandIn:
    """Stands in place of anything that a module would have.

    Each library has a subclass with the library's name, so that no message names this one.
    """

    _name = ""
    _items: Any = None
    """What a progress bar goes through."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what a class of the library would: students derive from it."""

    def __repr__(self) -> str:
        return f"<no {self._name}>"

    def __format__(self, form: str) -> str:
        for value in (repr(self), 0, 0.0):
            try:
                return format(value, form)
            except ValueError:
                continue
        return repr(self)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return self.__dict__.setdefault(name, stand_in(f"{self._name}.{name}"))

    def __setattr__(self, name: str, value: object) -> None:
        """Keep what is set: `bar.n = 0`, later read."""
        self.__dict__[name] = value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Give more of the same, what it decorates, or a loop over what a progress bar is given."""
        if len(args) == 1 and callable(args[0]) and _line(sys._getframe(1)).startswith("@"):
            # What it decorates is the student's own, and stays what it is.
            return args[0]
        called = stand_in(f"{self._name}()")
        last = self._name.rpartition(".")[2]
        items = args or tuple(kwargs[name] for name in ("iterable", "sequence") if name in kwargs)
        if items and _PROGRESS_BARS.fullmatch(last):
            # A loop over a progress bar is one over what it was given.
            called.__dict__["_items"] = range(*args) if last in _RANGES else items[0]
        return called

    def __iter__(self) -> Iterator[Any]:
        if self._items is not None:
            return iter(self._items)
        # `fig, ax = plt.subplots()` gets as many as it asks for, a loop none.
        frame = sys._getframe(1)
        count = _unpacked(frame) or bool(_NEEDS_ITEM.search(_line(frame)))
        return iter([stand_in(f"{self._name}[]") for _ in range(count)])

    def __len__(self) -> int:
        return 0 if self._items is None else len(self._items)

    def __bool__(self) -> bool:
        # `assert accuracy > 0.9` says nothing about the answer.
        return re.match(r"assert\b(?!.*\bnot\b)", _line(sys._getframe(1))) is not None

    def __enter__(self) -> Self:
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let an exception pass."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        raise StopAsyncIteration

    def __await__(self) -> Generator[Any, Any, Self]:
        yield from ()
        return self

    def __fspath__(self) -> str:
        return repr(self)

    def __reversed__(self) -> Iterator[Any]:
        return iter(())

    def __hash__(self) -> int:
        return id(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return stand_in, (self._name,)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.zeros((), dtype)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        others = [base for base in bases if isinstance(base, StandIn)]
        return (type(self),) if others[0] is self else ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: type) -> bool:
        return False


def _gives_more(name: str) -> Callable[..., Any]:
    end = "[]" if name == "getitem" else "()"
    return lambda self, *_, **__: stand_in(f"{self._name}{end}")


def _gives(value: object) -> Callable[..., Any]:
    return lambda *_, **__: value


_METHODS = {name: _gives_more(name) for name in _OPERATORS}
_METHODS |= {name: _gives(value) for name, value in _VALUES.items()}
_METHODS |= {name: _gives(None) for name in _STATEMENTS}
for _method, _function in _METHODS.items():
    setattr(StandIn, f"__{_method}__", _function)


@cache
def _class_of(library: str) -> type[StandIn]:
    return type(library, (StandIn,), {"_name": library})


def stand_in(name: str) -> Any:
    """Return what stands in for something, by its full name; for what is raised a class that can be."""
    last = name.rpartition(".")[2]
    raised = _EXCEPTION.fullmatch(last)
    if raised is not None:
        return type(last, (Warning if raised[1] == "Warning" else Exception,), {})
    made = _class_of(name.partition(".")[0])()
    made.__dict__["_name"] = name
    return made


_LAST_OUTPUTS = ("_", "__", "___", *(f"_{number}" for number in range(1, 100)))
IPYTHON = {
    "get_ipython": stand_in("IPython.get_ipython"),
    "display": stand_in("IPython.display"),
    **{name: stand_in(f"IPython.{name}") for name in ("In", "Out", *_LAST_OUTPUTS)},
}
"""What IPython adds to Python's own names. Shell lines and magics are calls of `get_ipython()`, and are never run."""


def _line(frame: FrameType) -> str:
    """Return the line of the student's code that a frame is at."""
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()


def _unpacked(frame: FrameType) -> int:
    """Return how many values the caller takes apart what it iterates over into; 0 where it only iterates."""
    code, place = frame.f_code.co_code, frame.f_lasti
    operation, count = code[place], code[place + 1]
    if operation == _UNPACK_REST:
        # `*rest, last = ...`: how many come after the rest stands in front.
        after = code[place - 1] if code[place - 2] == opcode.EXTENDED_ARG else 0
        return count + after
    return count if operation == _UNPACK else 0


class _StandInModule(ModuleType):
    """Stands in for a module that is not there."""

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "0.0.0"
        if name[:2] == "__":
            raise AttributeError(name)
        return vars(self).setdefault(name, stand_in(f"{self.__name__}.{name}"))


class StandInFinder(Loader, MetaPathFinder):
    """Finds what none of Python's other finders has found where it is the last of them."""

    def __init__(self, modules: Sequence[str], is_asked: Callable[[str], bool]) -> None:
        """Stand in for these modules where a file for which `is_asked` imports them, and not for a library."""
        self._modules = tuple(modules)
        self._is_asked = is_asked
        self._replaced: set[str] = set()

    def replace(self, name: str) -> None:
        """Stand in for a package that is installed, whoever asks."""
        for module in [module for module in sys.modules if f"{module}.".startswith(f"{name}.")]:
            del sys.modules[module]
        self._replaced.add(name)
        sys.modules[name] = module_from_spec(ModuleSpec(name, self, is_package=True))

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return how to make a stand-in, if this is one of the modules or lies in one."""
        if not self._stands_in_for(name):
            return None
        is_replaced = name.partition(".")[0] in self._replaced
        if not is_replaced and not self._is_asked(_importing_file(sys._getframe(1))):
            return None
        return ModuleSpec(name, self, is_package=True)

    def _stands_in_for(self, name: str) -> bool:
        if isinstance(sys.modules.get(name.rpartition(".")[0]), _StandInModule):
            return True
        # `google.colab` needs a `google`, which may be there or not.
        return any(f"{module}.".startswith(f"{name}.") for module in self._modules)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return an empty stand-in."""
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is no code."""


def _importing_file(frame: FrameType | None) -> str:
    """Return the file whose code an import stands in."""
    machinery = ("<frozen importlib", importlib.__file__)
    while frame is not None and frame.f_code.co_filename.startswith(machinery):
        frame = frame.f_back
    return "" if frame is None else frame.f_code.co_filename
