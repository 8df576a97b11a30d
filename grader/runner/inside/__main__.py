"""Make the package `grader` out of this folder and start the warm process: the first code that runs in the sandbox.

The file is run by its path, and no folder of Python's is searched for the package: where `grader` is installed, its
trusted side would be found there too.
"""

from __future__ import annotations

import json
import os
import sys
from types import ModuleType


def _make_package(name: str, folders: list[str]) -> ModuleType:
    package = sys.modules[name] = ModuleType(name)
    package.__path__ = folders
    return package


def main() -> None:
    """Make the package, with what an author of misconceptions imports and nothing else, and start what is asked for."""
    is_plain = sys.argv[1:] == ["plain"]
    if not is_plain:
        import resource

        # A judge that starts this while it grades is held to a limit of its own.
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
    package = _make_package("grader", [])
    _make_package("grader.runner.inside", [os.path.dirname(os.path.abspath(__file__))])
    if not is_plain:
        # NumPy itself may lie in one. Python's own folders come first. A plain process sees what its user's Python sees.
        packages = json.loads(os.environ["GRADER_ZYGOTE"])["packages"]
        sys.path += [folder for folder in packages if folder not in sys.path]
    # All imports are made here: a worker may not read these files any more.
    from grader.runner.inside import misconceptions

    sys.modules["grader.misconceptions"] = misconceptions
    vars(package).update(misconceptions=misconceptions, misconception=misconceptions.misconception)
    if is_plain:
        from grader.runner.inside import plain

        plain.main()
    else:
        from grader.runner.inside import warm

        warm.main()


if __name__ == "__main__":
    main()
