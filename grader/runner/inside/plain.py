"""Serve one submission in a plain process, without a sandbox: this runs where no other is, on a student's own machine."""

from __future__ import annotations

import json
import os
import sys

from grader.runner.inside import libraries, worker
from grader.runner.inside.doors import Doors
from grader.runner.inside.preload import preload


def main() -> None:
    """Import what the course names, then answer requests from the standard input."""
    config = json.loads(os.environ.pop("GRADER_PLAIN"))
    os.dup2(0, worker.REQUEST)
    os.dup2(1, worker.REPLY)
    if sys.platform == "win32":
        import msvcrt

        for pipe in (worker.REQUEST, worker.REPLY):
            msvcrt.setmode(pipe, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    # What is printed, also by a library, goes where errors go.
    os.dup2(2, 1)
    preload(config["preload"])
    libraries.settle()
    doors = Doors()
    doors.place(config["banned"])
    worker.serve(worker.prepare(config["optional_modules"], doors), os.getcwd())
