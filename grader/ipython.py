"""Checks in the user's own kernel: `%load_ext grader` and `%check ex3`, or `from grader import check`.

Nothing is confined here: what is called is the code that the user is writing, in the process that it was written in.
"""

from __future__ import annotations

import argparse
import linecache
import os
import shlex
import sys
import tempfile
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.bans.search import find_forbidden
from grader.course.files import files_of, require_solutions
from grader.course.load import find_course, load_course
from grader.course.names import find_exercise
from grader.errors import GraderError, RequestError
from grader.judge.collect import collected
from grader.judge.evidence import BoundedEvidence
from grader.judge.grades import grade_of
from grader.judge.run import function_name
from grader.judge.stored import named_from_file
from grader.messages.sentences import language_from_environment, languages, sentences_of, text
from grader.model import Course, Exercise, Grade, Language, Source, Submission, Unit
from grader.reports.cells import grade_html, grade_text
from grader.runner.local import LocalCaller
from grader.scoring import hidden_points


@dataclass(frozen=True)
class Checked:
    """What came of an exercise's checks; a notebook draws it."""

    grade: Grade
    language: Language
    hidden: float = 0.0
    """The points of hidden checks, which are not run here."""

    @property
    def passed(self) -> bool:
        """Return whether every check passed that is no bonus."""
        return self.grade.verdict.is_fine

    def __repr__(self) -> str:
        shown = grade_text(self.grade, self.language, self.hidden)
        return f"{shown}\n{text('interactive.unconfined', self.language)}"

    def _repr_html_(self) -> str:
        shown = grade_html(self.grade, self.language, self.hidden)
        return f'{shown}<div style="opacity: 0.7">{text("interactive.unconfined", self.language)}</div>'


class _Stopped(KeyboardInterrupt):
    """The user stopped the kernel while checks ran: IPython shows a sentence, and no frame of ours. Cells that wait stop too."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def check(
    exercise: str | int,
    /,
    *,
    course: str | Path | None = None,
    everything: bool = False,
    only: str | None = None,
    language: Language | None = None,
    namespace: Mapping[str, Any] | None = None,
) -> Checked | None:
    """Check the functions that you have defined; show what came of it, and return it outside of IPython.

    `course` is the course's folder (default: the nearest above the working directory), `everything` adds the hidden
    checks where you have them, `only` names one check. With `only`, a check that does not pass raises AssertionError.
    """
    shell = _shell()
    given = namespace if namespace is not None else shell.user_ns if shell is not None else _caller_globals()
    chosen_language: Language = language or language_from_environment() or "en"
    try:
        folder = Path(course).expanduser() if course is not None else find_course(Path.cwd())
        loaded = load_course(folder)
        chosen_language = language or language_from_environment() or loaded.language
        chosen = find_exercise(loaded, str(exercise))
        grade = run_checks(loaded, chosen, given, everything=everything, only=only)
    except GraderError as error:
        # Not to stderr: nbgrader takes what stands there for a failed cell.
        print("\n".join(sentences_of(error, chosen_language)))
        return None
    except KeyboardInterrupt:
        if shell is None:
            raise
        raise _Stopped(text("interactive.stopped", chosen_language)) from None
    hidden = hidden_points(chosen, grade) if only is None else 0.0
    checked = Checked(grade, chosen_language, hidden)
    if shell is None:
        return checked
    from IPython.display import display

    display(checked)  # type: ignore[no-untyped-call]
    if only is not None and not checked.passed:
        raise AssertionError(text("interactive.not_passed", chosen_language))
    return None


def run_checks(
    course: Course,
    exercise: Exercise,
    namespace: Mapping[str, Any],
    *,
    everything: bool = False,
    only: str | None = None,
) -> Grade:
    """Run an exercise's checks on the functions of a namespace, in this process.

    Raises:
        CourseError: the checks cannot be run.
        RequestError: the hidden checks are asked for and not there, or no check has the name that is asked for.
    """
    if everything:
        require_solutions([exercise])
    wanted = exercise if everything else replace(exercise, solution_folder=None)
    source = _source(namespace)
    caller = LocalCaller(
        namespace,
        seed=exercise.seed,
        tensors=exercise.tensors,
        forbidden=find_forbidden(source, exercise.banned),
        name_file=_cell_name,
    )
    with collected(course, [wanted]) as checks, tempfile.TemporaryDirectory() as folder:
        if only is not None:
            checks.items[wanted.id] = [
                item for item in checks.items[wanted.id] if only in (item.name, function_name(item))
            ]
            if not checks.items[wanted.id]:
                raise RequestError("interactive.no_check", {"check": only, "exercise": wanted.id})
        if wanted.data_folder is not None:
            os.symlink(wanted.data_folder, os.path.join(folder, "data"))
        # What it writes is not the user's.
        reference = LocalCaller(
            _reference(wanted), seed=exercise.seed, tensors=exercise.tensors, folder=folder
        )
        evidence, results = BoundedEvidence(), []
        for result, calls in checks.run(wanted, caller, reference, caller.take_output):
            results.append(result)
            evidence.append(calls)
        grade = grade_of(Submission("", exercise.id, None), results)
        return named_from_file(wanted, grade, tuple(evidence)) if wanted.solution_folder is None else grade


def _reference(exercise: Exercise) -> dict[str, Any]:
    """Return the reference's functions: it is the instructor's own code."""
    if exercise.solution_folder is None:
        return {}
    path = files_of(exercise).solution
    module = types.ModuleType("solution")
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


def _source(namespace: Mapping[str, Any]) -> Source:
    """Return what the user has executed in IPython, cell by cell; it is looked through for banned names."""
    cells = namespace.get("In")
    units = [
        Unit(f"In[{number}]", str(cell))
        for number, cell in enumerate(cells if isinstance(cells, list) else [])
    ]
    return Source(tuple(units))


def _shell() -> Any:
    """Return the running IPython, if this is one; it is not imported for that."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _caller_globals() -> Mapping[str, Any]:
    main = sys.modules["__main__"]
    return vars(main)


def _cell_name(file: str) -> str | None:
    """Return what IPython calls the cell of a file; None for any other file."""
    shell = _shell()
    known = getattr(getattr(shell, "compile", None), "_filename_map", None)
    if known is None:
        return _old_cell_name(file, shell)
    return f"In[{known[file]}]" if file in known else None


def _old_cell_name(file: str, shell: Any) -> str | None:
    """Return what IPython 7, which Colab has, calls a cell: it keeps no numbers, but what it executed."""
    kept = getattr(linecache, "_ipython_cache", {}).get(file)
    if kept is None:
        return "In" if file.startswith("<ipython-input-") else None
    code = "".join(kept[2]).strip()
    cells = getattr(shell, "user_ns", {}).get("In", ())
    numbers = [number for number, cell in enumerate(cells) if str(cell).strip() == code]
    return f"In[{numbers[-1]}]" if numbers else "In"


def load_ipython_extension(ipython: Any) -> None:
    """Add `%check` to IPython: `%load_ext grader`."""
    ipython.register_magic_function(_magic, "line", "check")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a line instead of ending the kernel."""

    def error(self, message: str) -> Any:
        raise ValueError(message)


def _magic(line: str) -> None:
    """Check the functions that you have defined: %check EXERCISE [--course DIR] [--all] [--lang CODE]."""
    parser = _Parser(prog="%check", add_help=False)
    parser.add_argument("exercise")
    parser.add_argument("--course")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--lang", choices=languages())
    try:
        given = parser.parse_args(shlex.split(line, comments=True))
    except ValueError:
        print(text("interactive.usage", language_from_environment() or "en", line=f"%check {line}".strip()))
        return
    check(given.exercise, course=given.course, everything=given.all, language=given.lang)
