"""Runs nbgrader's commands one after another in one process: importing it takes longer than most of them.

    python nbgrader_commands.py FILE    a list of [folder, [argument, ...]] as JSON

Prints a line of JSON for each: the exit code, and what it logged.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any


def run(folder: str, arguments: list[str]) -> tuple[int, str]:
    from nbgrader.apps import NbGraderApp
    from nbgrader.validator import Validator
    from traitlets.config import Application, SingletonConfigurable

    kinds: list[Any] = [Application, *Application.__subclasses__()]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in {*kinds, SingletonConfigurable}:
        kind._instance = None
    os.chdir(folder)
    output = io.StringIO()
    # It took the stream when it was imported.
    Validator.stream = output
    code = 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            NbGraderApp.launch_instance(argv=arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except Exception:
            code = 1
            traceback.print_exc(file=output)
    return code, output.getvalue()


def main() -> None:
    warnings.simplefilter("ignore")
    for folder, arguments in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        code, output = run(folder, arguments)
        print(json.dumps({"arguments": arguments, "code": code, "output": output}), flush=True)


if __name__ == "__main__":
    main()
