"""Stand in for modules that a course's environment does not have. This runs inside of the sandbox.

Students draw what they compute: `import matplotlib.pyplot as plt` at the top of an honest answer must not cost it all of
its points. Everything in a stand-in can be called, indexed, unpacked and entered, does nothing, and gives more of the
same.
"""

from __future__ import annotations

import importlib
import opcode
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any

_PROGRESS_BARS = frozenset(["tqdm", "trange", "tqdm_notebook", "tnrange"])
_UNPACK, _UNPACK_REST = opcode.opmap["UNPACK_SEQUENCE"], opcode.opmap["UNPACK_EX"]


class _Nothing:
    """Stands in place of anything that a module would have."""

    def __init__(self, name: str, items: Any = ()) -> None:
        self.__dict__.update(_name=name, _items=items)

    def __repr__(self) -> str:
        return f"<no {self._name}>"

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return _Nothing(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        """Keep what is set: `bar.n = 0`, later read."""
        self.__dict__[name] = value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        last = self._name.rpartition(".")[2]
        if last in _PROGRESS_BARS and args:
            # A loop over a progress bar is one over what it was given.
            return _Nothing(self._name, range(*args) if last in ("trange", "tnrange") else args[0])
        return _Nothing(f"{self._name}()")

    def __iter__(self) -> Iterator[Any]:
        # `fig, ax = plt.subplots()` gets as many as it asks for, a loop what there is.
        count = _unpacked(sys._getframe(1))
        return iter([_Nothing(f"{self._name}[]")] * count if count else self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return False

    def __getitem__(self, key: object) -> Any:
        return _Nothing(f"{self._name}[]")

    def __setitem__(self, key: object, value: object) -> None:
        """Forget the item."""

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        """Let an exception pass."""

    def __mro_entries__(self, bases: tuple[type, ...]) -> tuple[type, ...]:
        return ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: type) -> bool:
        return False

    def __or__(self, other: object) -> Any:
        return self

    __ror__ = __or__


def _unpacked(frame: FrameType) -> int:
    """Return how many values the caller takes apart what it iterates over into; 0 where it only iterates."""
    code, place = frame.f_code.co_code, frame.f_lasti
    operation, count = code[place], code[place + 1]
    if operation == _UNPACK_REST:
        # `*rest, last = ...`: how many come after the rest stands in front.
        after = code[place - 1] if code[place - 2] == opcode.EXTENDED_ARG else 0
        return count + after
    return count if operation == _UNPACK else 0


class _StandIn(ModuleType):
    """Stands in for a module that is not there."""

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return _Nothing(f"{self.__name__}.{name}")


class StandInFinder(Loader, MetaPathFinder):
    """Finds what none of Python's other finders has found, for it is the last of them."""

    def __init__(self, modules: Sequence[str], is_asked: Callable[[str], bool]) -> None:
        """Stand in for these modules where a file for which `is_asked` imports them, and not for a library."""
        self._modules = tuple(modules)
        self._is_asked = is_asked

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return how to make a stand-in, if this is one of the modules or lies in one."""
        if not self._stands_in_for(name) or not self._is_asked(_importing_file(sys._getframe(1))):
            return None
        return ModuleSpec(name, self, is_package=True)

    def _stands_in_for(self, name: str) -> bool:
        if isinstance(sys.modules.get(name.rpartition(".")[0]), _StandIn):
            return True
        # `google.colab` needs a `google`, which may be there or not.
        return any(f"{module}.".startswith(f"{name}.") for module in self._modules)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return an empty stand-in."""
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is no code."""


def _importing_file(frame: FrameType | None) -> str:
    """Return the file whose code an import stands in."""
    machinery = ("<frozen importlib", importlib.__file__)
    while frame is not None and frame.f_code.co_filename.startswith(machinery):
        frame = frame.f_back
    return "" if frame is None else frame.f_code.co_filename
