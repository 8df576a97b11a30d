"""Collecting a course's checks with pytest: once, for as long as they are needed."""

from __future__ import annotations

import ast
import math
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from grader.checks.spec import line_of, settle_text, spec_of, spec_problems, text_problems
from grader.course.files import check_files
from grader.errors import CourseError, Fault
from grader.judge.fixtures import ARENA, Arena
from grader.judge.run import FIXTURES_MODULE, CollectedChecks, Recorder, is_visible
from grader.model import Course, Exercise, Explanation

__all__ = ["forget_checks", "with_checks"]

_PLUGINS_LEFT_OUT = (
    "terminal cacheprovider capture logging doctest junitxml pastebin stepwise faulthandler debugging warnings "
    "unraisableexception threadexception legacypath setuponly setupplan subtests"
).split()


class _Collector:
    """Takes over pytest's loop over the collected items."""

    def __init__(
        self, course: Course, exercises: Sequence[Exercise], serve: Callable[[CollectedChecks], None]
    ) -> None:
        self.course = course
        self.exercises = exercises
        self.serve = serve
        self.recorder = Recorder()
        self.faults: list[Fault] = []
        self.raised: BaseException | None = None
        self.served = False

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[ARENA] = Arena()
        config.pluginmanager.register(self.recorder)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            text = str(report.longrepr).strip()
            error = text.splitlines()[-1].removeprefix("E").strip() if text else ""
            # The traceback ends where the file's own line is; a syntax error says `line 7` itself.
            lines = re.findall(rf"{re.escape(Path(report.nodeid).name)}:(\d+): in |, line (\d+)$", text, re.M)
            place = f"line {next(filter(None, lines[-1]))}" if lines else ""
            explanation = Explanation("course.check_file", {"error": error})
            self.faults.append(Fault(report.nodeid, place, explanation))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.served = True
        try:
            checks = self._checked(session)
            self.serve(checks)
        except BaseException as error:
            # Handed on by `with_checks`: pytest would make an "internal error" of it.
            self.raised = error
        return True

    def _checked(self, session: pytest.Session) -> CollectedChecks:
        items: dict[str, list[pytest.Function]] = {exercise.id: [] for exercise in self.exercises}
        for item in session.items:
            exercise = self._exercise_of(item)
            if exercise is not None and isinstance(item, pytest.Function):
                items[exercise.id].append(item)
        all_imported = not self.faults
        for exercise in self.exercises:
            is_whole = all_imported
            own = sorted(items[exercise.id], key=lambda item: not is_visible(item, exercise))
            items[exercise.id] = own
            total = 0.0
            earlier: dict[Path, set[str]] = {}
            for item in own:
                before = earlier.setdefault(item.path, set())
                problems = spec_problems(item.function, before, self.course.languages)
                before.add(item.name)
                file = item.path.relative_to(self.course.root).as_posix()
                place = f"line {line_of(item.function)}"
                self.faults += [Fault(file, place, problem) for problem in problems]
                is_whole = is_whole and not problems
                settle_text(item.function, self.course.languages)
                spec = spec_of(item.function)
                total += spec.points if spec is not None and not problems else 0
            for path in earlier:
                self.faults += _text_faults(self.course, path)
            is_sum = math.isclose(total, exercise.points)
            if exercise.solution_folder is not None and is_whole and not is_sum:
                values = {"exercise": exercise.id, "sum": f"{total:g}", "points": f"{exercise.points:g}"}
                place = f"exercises[{exercise.number - 1}].points"
                self.faults.append(Fault("course.yml", place, Explanation("course.points_sum", values)))
        if self.faults:
            raise CourseError(tuple(self.faults))
        return CollectedChecks(self.course, items, session.config.stash[ARENA], self.recorder)

    def _exercise_of(self, item: pytest.Item) -> Exercise | None:
        for exercise in self.exercises:
            if exercise.exercise_folder in item.path.parents or exercise.solution_folder in item.path.parents:
                return exercise
        return None


def _text_faults(course: Course, path: Path) -> list[Fault]:
    file = path.relative_to(course.root).as_posix()
    tree = ast.parse(path.read_bytes())
    return [Fault(file, f"line {line}", problem) for line, problem in text_problems(tree, course.languages)]


def with_checks(
    course: Course, exercises: Sequence[Exercise], serve: Callable[[CollectedChecks], None]
) -> None:
    """Collect the checks of these exercises and call `serve` with them; they stay usable until it returns.

    Raises:
        CourseError: a file of checks cannot be imported, or a check is not written as it should be.
        Anything that `serve` raises.

    """
    collector = _Collector(course, exercises, serve)
    arguments = [str(path) for path in check_files(exercises)]
    # A course's own pytest settings are for its authors: a judge runs the same way everywhere.
    arguments += ["-c", str(Path(__file__).with_name("judge.ini")), "--rootdir", str(course.root)]
    arguments += ["--import-mode=importlib", "--disable-plugin-autoload", "--noconftest"]
    for name in _PLUGINS_LEFT_OUT:
        arguments += ["-p", f"no:{name}"]
    arguments += ["-p", FIXTURES_MODULE]
    pytest.main(arguments, plugins=[collector])
    if collector.raised is not None:
        raise collector.raised
    if collector.faults or not collector.served:
        nothing = Fault("course.yml", "", Explanation("course.check_file", {"error": "pytest"}))
        raise CourseError(tuple(collector.faults) or (nothing,))


def forget_checks(exercises: Sequence[Exercise]) -> None:
    """Forget the modules that were imported from these exercises' folders: collected again, they are read again."""
    folders = {folder for item in exercises for folder in (item.exercise_folder, item.solution_folder)}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and folders.intersection(Path(file).parents):
            del sys.modules[name]
