"""Collecting a course's checks with pytest: once, for as long as they are needed."""

from __future__ import annotations

import ast
import difflib
import math
import re
import sys
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.config import _prepareconfig

from grader.answers.cells import names_of
from grader.checks.spec import line_of, settle_text, spec_of, spec_problems, text_problems
from grader.course.files import check_files, files_of
from grader.errors import CourseError, Fault
from grader.judge.fixtures import FIXTURES, CheckFixtures
from grader.judge.run import (
    FIXTURES_MODULE,
    OWN_FIXTURES,
    CollectedChecks,
    Recorder,
    ending,
    function_name,
    is_visible,
    raised_at,
)
from grader.model import Course, Exercise, Explanation

_PLUGINS_LEFT_OUT = (
    "terminal cacheprovider capture logging doctest junitxml pastebin stepwise faulthandler debugging warnings "
    "unraisableexception threadexception legacypath setuponly setupplan subtests"
).split()


@contextmanager
def collected(course: Course, exercises: Sequence[Exercise]) -> Iterator[CollectedChecks]:
    """Collect the checks of these exercises; they are usable inside the `with`, and forgotten after it.

    Raises:
        CourseError: a file of checks cannot be imported, or a check is not written as it should be.
    """
    # A course's own pytest settings are for its authors: a judge runs the same way everywhere.
    arguments = ["-c", str(Path(__file__).with_name("judge.ini")), "--rootdir", str(course.root)]
    # Above it, pytest would look into each folder between the root of the disk and the course.
    arguments += ["--confcutdir", str(course.root)]
    arguments += [
        "--import-mode=importlib",
        "--disable-plugin-autoload",
        "--noconftest",
        "-p",
        FIXTURES_MODULE,
    ]
    for name in _PLUGINS_LEFT_OUT:
        arguments += ["-p", f"no:{name}"]
    broken, recorder = _BrokenFiles(), Recorder()
    # What `pytest.main` does, in its order, but for the loop over the items: that is the caller's.
    config = _prepareconfig(arguments, [broken, recorder])
    try:
        config.args = [str(path) for path in check_files(exercises)]
        config.stash[FIXTURES] = fixtures = CheckFixtures()
        config._do_configure()
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        try:
            items = _collect(session, exercises)
            faults = [*broken.faults, *_faults(course, exercises, items, has_sums=not broken.faults)]
            if faults:
                raise CourseError(tuple(faults))
            yield CollectedChecks(course, items, fixtures, recorder)
        finally:
            config.hook.pytest_sessionfinish(session=session, exitstatus=pytest.ExitCode.OK)
    finally:
        config._ensure_unconfigure()
        _forget(exercises)


_SECONDS = 5
"""The processor time in which a file of checks is to be imported, with all that it imports."""


class _BrokenFiles:
    """Hears from pytest which files cannot be imported."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Tell of a file that ends the collection, or comes to no end."""
        try:
            with ending(collector.path, collector.nodeid, _SECONDS):
                report = yield
        except (pytest.exit.Exception, SystemExit) as error:
            # `pytest.exit()` and `sys.exit()`.
            explanation = Explanation("course.check_file", {"error": f"{type(error).__name__}: {error}"})
            place = f"line {raised_at(error, collector.path)}"
            raise CourseError((Fault(collector.nodeid, place, explanation),)) from error
        if report.call.excinfo is not None and isinstance(report.call.excinfo.value, CourseError):
            raise report.call.excinfo.value
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            text = str(report.longrepr).strip()
            error = text.splitlines()[-1].removeprefix("E").strip() if text else ""
            # The traceback ends where the file's own line is; a syntax error says `line 7` itself.
            lines = re.findall(rf"{re.escape(Path(report.nodeid).name)}:(\d+): in |, line (\d+)$", text, re.M)
            place = f"line {next(filter(None, lines[-1]))}" if lines else ""
            key = "course.check_solution" if error.endswith("'solution'") else "course.check_file"
            self.faults.append(Fault(report.nodeid, place, Explanation(key, {"error": error})))


def _collect(session: pytest.Session, exercises: Sequence[Exercise]) -> dict[str, list[pytest.Function]]:
    """Return the checks of each exercise, the visible ones first."""
    session.config.hook.pytest_collection(session=session)
    items = [item for item in session.items if isinstance(item, pytest.Function)]
    return {
        exercise.id: [
            item for folder in _folders(exercise) for item in items if item.path.is_relative_to(folder)
        ]
        for exercise in exercises
    }


def _faults(
    course: Course, exercises: Sequence[Exercise], items: dict[str, list[pytest.Function]], *, has_sums: bool
) -> Iterator[Fault]:
    """Yield what is wrong with how the checks are written; sums of points only where every file could be imported."""
    for exercise in exercises:
        total = sum(question.points for question in exercise.questions)
        is_whole = has_sums and exercise.solution_folder is not None
        earlier: dict[Path, set[str]] = defaultdict(set)
        # The cases of a parametrised check are one check.
        checks = {item.function: item for item in reversed(items[exercise.id])}
        for item in reversed(checks.values()):
            problems = spec_problems(item.function, earlier[item.path], course.languages)
            problems += _fixture_problems(item, is_visible=is_visible(item, exercise))
            settle_text(item.function, course.languages)
            spec = spec_of(item.function)
            earlier[item.path].add(function_name(item))
            if spec is not None and not problems:
                total += 0 if spec.is_bonus else spec.points
                continue
            is_whole = False
            file = item.path.relative_to(course.root).as_posix()
            yield from (Fault(file, f"line {line_of(item.function)}", problem) for problem in problems)
        named: list[Fault] = []
        for path in earlier:
            yield from _text_faults(course, path)
            # What the stub lacks is told once, however many checks ask for it.
            named += [fault for fault in _name_faults(course, exercise, path) if fault not in named]
        is_whole = is_whole and not named
        yield from named
        if is_whole and not math.isclose(total, exercise.points):
            # A judge starts without what reads course.yml.
            from grader.course.yaml import FILE_NAME, with_lines

            values = {"exercise": exercise.id, "sum": f"{total:g}", "points": f"{exercise.points:g}"}
            place = f"exercises[{exercise.number - 1}].points"
            fault = Fault(FILE_NAME, place, Explanation("course.points_sum", values))
            yield from with_lines(course.root / FILE_NAME, [fault])


def _text_faults(course: Course, path: Path) -> Iterator[Fault]:
    file = path.relative_to(course.root).as_posix()
    tree = ast.parse(path.read_bytes())
    return (Fault(file, f"line {line}", problem) for line, problem in text_problems(tree, course.languages))


def _fixture_problems(item: pytest.Function, *, is_visible: bool) -> Iterator[Explanation]:
    info = item._fixtureinfo
    if is_visible and "reference" in info.argnames:
        yield Explanation("course.check_reference", {"check": function_name(item)})
    for name in info.argnames:
        if name not in info.name2fixturedefs and name != "request":
            values = {"check": function_name(item), "name": name, "known": ", ".join(sorted(OWN_FIXTURES))}
            yield Explanation("course.check_fixture", values)


def _name_faults(course: Course, exercise: Exercise, path: Path) -> Iterator[Fault]:
    """Yield which checks replace others of their name, and which ask for what the stub or the reference does not define."""
    files = files_of(exercise)
    stub, solution = _defined(files.stub), _defined(files.solution)
    # What the stub defines and the solution does not is the solution's fault, which is told when it is called.
    known = {"submission": stub, "reference": None if stub is None or solution is None else stub | solution}
    file = path.relative_to(course.root).as_posix()
    tree = ast.parse(path.read_bytes())
    lines: dict[str, int] = {}
    for check in (item for item in tree.body if isinstance(item, ast.FunctionDef)):
        if check.name.startswith("test_") and check.name in lines:
            values = {"check": check.name, "line": lines[check.name]}
            yield Fault(file, f"line {check.lineno}", Explanation("course.check_twice", values))
        lines[check.name] = check.lineno
        taken = {item.arg for item in check.args.args}
        for node in ast.walk(check):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            code, name = node.value.id, node.attr
            names = known.get(code) if code in taken else None
            if names is None or name in names or name.startswith("_"):
                continue
            if code == "submission" and name in (solution or ()):
                stub_file = files.stub.relative_to(course.root).as_posix()
                yield Fault(stub_file, "", Explanation("course.stub_lacks", {"name": name}))
                continue
            near = difflib.get_close_matches(name, sorted(names), 1)
            values = {"check": check.name, "code": code, "name": name, "near": near[0] if near else ""}
            values["file"] = "stub.py" if code == "submission" else "solution.py"
            key = "course.check_name_near" if near else "course.check_name"
            yield Fault(file, f"line {node.lineno}", Explanation(key, values))


def _defined(path: Path) -> frozenset[str] | None:
    """Return the names that a file binds outside of functions; None where that cannot be told."""
    if not path.is_file():
        return None
    names = names_of(ast.parse(path.read_bytes()))
    return None if names.has_star else frozenset(names.bound)


def _folders(exercise: Exercise) -> list[Path]:
    """Return the folder of the visible checks, and that of the hidden ones."""
    return [folder for folder in (exercise.exercise_folder, exercise.solution_folder) if folder is not None]


def _forget(exercises: Sequence[Exercise]) -> None:
    """Forget the imported checks: collected again, they are read again."""
    folders = tuple(f"{folder}/" for exercise in exercises for folder in _folders(exercise))
    for name, module in list(sys.modules.items()):
        # Not `getattr`: a module that is imported when something of it is asked for stays as it is.
        file = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(file, str) and file.startswith(folders):
            del sys.modules[name]
