"""Import the modules that a student handed in beside an answer. This runs inside of the sandbox.

They are never files there: their code comes with the answer's, and what is installed always goes before them.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

MODULE = "submission"
"""What an answer's own module is called."""


def is_installed(name: str, folders: Sequence[str]) -> bool:
    """Return whether a module of the top level is Python's own, or is in one of these folders."""
    return name in sys.stdlib_module_names or PathFinder.find_spec(name, folders) is not None


def files_of_module(name: str) -> tuple[str, str]:
    """Return the files that a module may be, the one first that Python takes first."""
    base = name.replace(".", "/")
    return f"{base}/__init__.py", f"{base}.py"


class HelperFinder(Loader, MetaPathFinder):
    """Finds a student's modules; it is asked first, and leaves to the other finders what is installed."""

    def __init__(self, files: Mapping[str, str], optional_modules: Sequence[str]) -> None:
        """Find the modules in these files, file -> code, which may come later.

        No module is hidden that is found as of now, or that may be imported where it is absent.
        """
        self._files = files
        self._folders = tuple(sys.path)
        self._optional = {name.partition(".")[0] for name in optional_modules}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return how to make a module, if it is one of the student's."""
        # An answer may import what lies beside it as a part of its own package.
        own = name.removeprefix(f"{MODULE}.")
        file = next((file for file in files_of_module(own) if file in self._files), None)
        # A folder is a package without a file of its own.
        folder = own.replace(".", "/") + "/"
        is_folder = file is None and any(item.startswith(folder) for item in self._files)
        if (file is None and not is_folder) or not self._is_free(name):
            return None
        spec = ModuleSpec(name, self, origin=file, is_package=is_folder or str(file).endswith("/__init__.py"))
        spec.has_location = file is not None
        return spec

    def _is_free(self, name: str) -> bool:
        """Return whether nothing of the name is installed; what is in an installed package is never the student's."""
        parent = name.rpartition(".")[0]
        if parent == MODULE:
            return True
        if parent:
            return getattr(getattr(sys.modules.get(parent), "__spec__", None), "loader", None) is self
        return name not in self._optional and not is_installed(name, self._folders)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to Python to make a module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Execute a module's file."""
        file = module.__spec__.origin if module.__spec__ is not None else None
        if file is not None:
            # The trusted side reads this module's rules too, and has no use for what stands in.
            from grader.runner.inside.standins import IPYTHON

            module.__dict__["__builtins__"] = {**vars(builtins), **IPYTHON}
            exec(compile(self._files[file], file, "exec", dont_inherit=True), module.__dict__)
