"""What reading a student's file costs the judge and the parent, for files written to be dear: CPU seconds, and megabytes.

Run by `.venv/bin/python benchmarks/hostile_sources.py [WORDS]`; WORDS choose the files by their names. Each file has the
largest size that is read (256 KiB) and is read in a process of its own, by every part of the program that reads it.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grader.answers.file import read_source
from grader.answers.helpers import imported_helpers
from grader.answers.notebook import write_notebook
from grader.answers.split import split_notebook, split_script
from grader.answers.untouched import defines, is_untouched
from grader.bans.search import find_absent, find_forbidden
from grader.course.load import load_course
from grader.errors import SubmissionError
from grader.judge.loading import Loading
from grader.model import Course, Explanation, Frame, Source, Verdict
from grader.runner.replies import Loaded, LoadFailure
from tests.support.hostile_sources import SOURCES

COURSE = Path(__file__).resolve().parent.parent / "tests" / "tiny_course"
LIMIT = 30


def costs(course: Course, code: str) -> dict[str, float]:
    """Return the CPU seconds of each part that reads a file."""
    found: dict[str, float] = {}
    exercise = course.exercises[0]
    path = Path(tempfile.mkdtemp()) / "ex01.py"
    path.write_text(code)

    def timed(name: str, function: Callable[[], Any]) -> Any:
        started = _cpu()
        try:
            return function()
        except SubmissionError as error:
            found[f"({name}: {error.explanation.key})"] = 0.0
            return None
        except Exception as error:
            found[f"({name}: {type(error).__name__})"] = 0.0
            return None
        finally:
            found[name] = _cpu() - started

    source: Source | None = timed("read", lambda: read_source(code.encode(), "ex01.py"))
    timed("untouched", lambda: (is_untouched(exercise, path), defines(exercise, path)))
    timed("split", lambda: split_script(course, code))
    notebook = write_notebook([code])
    timed("notebook", lambda: read_source(notebook.encode(), "ex01.ipynb"))
    timed("split notebook", lambda: split_notebook(course, notebook))
    if source is not None:
        timed("modules", lambda: imported_helpers(source, lambda file: None))
        banned = {name: ["tf.nn.max_pool*", "numpy.max"] for name in exercise.functions}
        timed("bans", lambda: find_forbidden(source, banned))
        timed("absent", lambda: find_absent(source, exercise.functions, ["seaborn", "wandb"]))
        loading, loaded = Loading(), Loaded(tuple(f"suma{n}l" for n in range(20000)))
        timed("missing", lambda: loading.missing("another", source, loaded))
        timed("missing, near", lambda: loading.missing("sumal", source, loaded))
        why = Explanation("submission.raised", {"type": "E", "message": "", "place": "", "denied": False})
        name = source.units[0].name
        failures = tuple(LoadFailure(name, why, line, (Frame(name, line),)) for line in range(1, 1000))
        timed("notes", lambda: loading.notes(source, Loaded((), failures)))
        timed("raised", lambda: loading.raised(SubmissionError(Verdict.ERROR, why), "sum_all", source))
    return found


def _cpu() -> float:
    """Return the CPU seconds of this process and of those that it started."""
    return sum(os.times()[:4])


def measured(name: str, pipe: Any) -> None:
    """Send what one file costs."""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    course = load_course(COURSE)
    read_source(write_notebook(["%time x = 1\n!ls\n"]).encode(), "a.ipynb")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = costs(course, SOURCES[name]())
    pipe.send((found, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))


def main() -> None:
    """Read each file, and print what it cost."""
    words = sys.argv[1:]
    for name in SOURCES:
        if words and (words[0] == "not") == any(word in name for word in words):
            continue
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=measured, args=(name, theirs))
        process.start()
        theirs.close()
        try:
            found, memory = ours.recv()
        except EOFError:
            print(f"{name:40} died")
            continue
        process.join()
        dear = {part: round(seconds, 2) for part, seconds in found.items() if seconds >= 0.5}
        keys = [part for part in found if part.startswith("(")]
        print(
            f"{name:40} {sum(found.values()):7.2f} s {memory:6.0f} MiB  {dear or ''} {' '.join(keys)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
