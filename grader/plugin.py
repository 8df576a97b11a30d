"""The pytest plugin: the fixtures of checks, and replaying collected checks for one submission after another.

Two ways to run the same checks. Authors run plain pytest, with `--submission FILE` (or the reference, when none is
given). A judge collects the checks once and runs them again and again with `with_checks`.
"""

from __future__ import annotations

import hashlib
import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from grader.checks import CURRENT_CHECK, CheckSpec, Observed, RemoteCode, line_of, spec_of, spec_problems
from grader.errors import CheckFailed, CourseError, Fault, GraderError, RunnerError, SubmissionError
from grader.model import CheckResult, Course, Exercise, Explanation, Verdict

__all__ = ["CollectedChecks", "check_files", "with_checks"]

# What a check's own code raises when it meets a value that it did not expect. The reference passes the same check, so
# it is the submission's value that could not be used.
_UNUSABLE_VALUE = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)

_OWN_FIXTURES = frozenset(["submission", "reference", "rng"])
_PLUGINS_LEFT_OUT = (
    "terminal cacheprovider capture logging doctest junitxml pastebin stepwise faulthandler debugging warnings "
    "unraisableexception threadexception legacypath setuponly setupplan subtests"
).split()


@dataclass
class Arena:
    """What the fixtures hand out: replaced for each submission."""

    submission: RemoteCode | None = None
    reference: RemoteCode | None = None


ARENA = pytest.StashKey[Arena]()


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> RemoteCode:
    """Return the student's functions, in their sandbox."""
    return _remote(request, "submission")


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> RemoteCode:
    """Return the reference's functions, in a sandbox of their own."""
    return _remote(request, "reference")


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return a generator seeded by the check's name: every student gets the same numbers."""
    return _generator(request.node)


def _generator(item: pytest.Item) -> np.random.Generator:
    return np.random.default_rng(check_seed(item.path, item.name))


def check_seed(path: Path, name: str) -> int:
    """Return the seed of a check."""
    return int.from_bytes(hashlib.sha256(f"{path.stem}::{name}".encode()).digest()[:8], "big")


def _remote(request: pytest.FixtureRequest, role: str) -> RemoteCode:
    arena = request.config.stash.get(ARENA, None)
    if arena is None:
        from grader.standalone import standalone_arena

        arena = standalone_arena(request)
    code: RemoteCode | None = getattr(arena, role)
    assert code is not None
    return code


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for running checks under plain pytest."""
    group = parser.getgroup("grader", "checks of a grader course")
    group.addoption(
        "--submission", metavar="FILE", help="run the checks against this file (default: the reference)"
    )
    group.addoption(
        "--isolation",
        choices=("full", "reduced", "none"),
        default="full",
        help="the sandbox's level (default: full)",
    )


@dataclass
class CollectedChecks:
    """The checks of a course, imported once."""

    course: Course
    items: dict[str, list[pytest.Function]]
    """Exercise -> its checks, the visible ones first."""
    arena: Arena
    recorder: _Recorder
    faults: list[Fault] = field(default_factory=list)
    _plain: dict[pytest.Function, tuple[str, ...] | None] = field(default_factory=dict)

    def run(
        self,
        exercise: Exercise,
        submission: RemoteCode,
        reference: RemoteCode,
        before_check: Callable[[], None],
        take_output: Callable[[], str],
        evidence: list[tuple[Observed, ...]] | None = None,
        stop_at_first: bool = False,
    ) -> tuple[CheckResult, ...]:
        """Run an exercise's checks; one result for each, whatever happens.

        `evidence` gets for each check the calls that it made of the submission.
        """
        self.arena.submission, self.arena.reference = submission, reference
        results: list[CheckResult] = []
        verdicts: dict[tuple[Path, str], Verdict] = {}
        items = self.items[exercise.id]
        for item in items:
            spec = spec_of(item.function)
            assert spec is not None
            visible = is_visible(item, exercise)
            submission._observed.clear()
            earlier = verdicts.get((item.path, spec.after)) if spec.after else Verdict.PASSED
            if earlier is not Verdict.PASSED:
                explanation = Explanation("check.skipped", {"after": spec.after})
                result = _result(item, spec, visible, Verdict.SKIPPED, explanation)
            else:
                before_check()
                submission._last_call = ""
                started = time.perf_counter()
                verdict, found = self._run_one(item)
                result = _result(
                    item,
                    spec,
                    visible,
                    verdict,
                    found,
                    call=submission._last_call,
                    output=take_output(),
                    seconds=time.perf_counter() - started,
                )
            verdicts[item.path, item.name] = result.verdict
            if evidence is not None:
                evidence.append(tuple(submission._observed))
            results.append(result)
            if stop_at_first and result.verdict is not Verdict.PASSED:
                break
        return tuple(results)

    def blank_results(self, exercise: Exercise) -> tuple[CheckResult, ...]:
        """Return a result for each check of an exercise, none of which was run."""
        return tuple(
            _result(item, spec, is_visible(item, exercise), Verdict.UNGRADED, None)
            for item in self.items[exercise.id]
            if (spec := spec_of(item.function)) is not None
        )

    def _run_one(self, item: pytest.Function) -> tuple[Verdict, Explanation | None]:
        CURRENT_CHECK[:] = [item.name]
        asked = self._plain_arguments(item)
        if asked is not None:
            return self._call(item, asked)
        self.recorder.error = None
        self.recorder.phase = "call"
        # No next item: whichever check comes next, in whichever file, finds everything torn down.
        runtestprotocol(item, log=False, nextitem=None)
        error = self.recorder.error
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise error
        if self.recorder.phase != "call" and not isinstance(error, GraderError | CheckFailed):
            # A fixture or pytest itself: not the student's doing.
            values = {"type": type(error).__name__, "message": str(error)[:500]}
            return Verdict.UNGRADED, Explanation("check.broken", values)
        return _verdict_of(error)

    def _plain_arguments(self, item: pytest.Function) -> tuple[str, ...] | None:
        """Return the fixtures that a check asks for; None where pytest has more to do for it than to call it."""
        if item not in self._plain:
            self._plain[item] = _plain_arguments(item)
        return self._plain[item]

    def _call(self, item: pytest.Function, asked: tuple[str, ...]) -> tuple[Verdict, Explanation | None]:
        """Call a check as pytest would, without its protocol of three phases, which takes longer than most checks."""
        given: dict[str, Any] = {
            name: _generator(item) if name == "rng" else getattr(self.arena, name) for name in asked
        }
        try:
            item.obj(**given)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # `pytest.skip` and `pytest.fail` raise what is no Exception.
            return _verdict_of(error)
        return Verdict.PASSED, None


def _plain_arguments(item: pytest.Function) -> tuple[str, ...] | None:
    info = item._fixtureinfo
    is_plain = (
        item.cls is None
        and not hasattr(item, "callspec")
        and next(item.iter_markers(), None) is None
        and set(info.argnames) <= _OWN_FIXTURES
        and set(info.names_closure) <= _OWN_FIXTURES | {"request"}
        # A file may have a fixture of its own that is called as ours.
        and all(info.name2fixturedefs[name][-1].func.__module__ == __name__ for name in info.argnames)
    )
    return tuple(info.argnames) if is_plain else None


def _verdict_of(error: BaseException | None) -> tuple[Verdict, Explanation | None]:
    if error is None:
        return Verdict.PASSED, None
    if isinstance(error, CheckFailed):
        return Verdict.FAILED, error.explanation
    if isinstance(error, SubmissionError):
        return error.verdict, error.explanation
    if isinstance(error, RunnerError):
        return Verdict.UNGRADED, error.explanation
    if isinstance(error, AssertionError):
        return Verdict.FAILED, Explanation("check.assert", {"text": str(error)[:2000]})
    values = {"type": type(error).__name__, "message": str(error)[:500]}
    if isinstance(error, _UNUSABLE_VALUE):
        return Verdict.FAILED, Explanation("check.unusable", values)
    return Verdict.UNGRADED, Explanation("check.broken", values)


def _result(
    item: pytest.Function,
    spec: CheckSpec,
    visible: bool,
    verdict: Verdict,
    explanation: Explanation | None,
    *,
    call: str = "",
    output: str = "",
    seconds: float = 0.0,
) -> CheckResult:
    return CheckResult(
        name=item.name,
        title=spec.text,
        visible=visible,
        points=spec.points,
        earned=spec.points if verdict is Verdict.PASSED else 0,
        verdict=verdict,
        explanation=explanation,
        call=call,
        output=output,
        seconds=seconds,
    )


def is_visible(item: pytest.Item, exercise: Exercise) -> bool:
    """Return whether a check's file is one that students get."""
    return exercise.exercise_folder in item.path.parents


class _Recorder:
    """Keeps the exception of the item that runs, in place of pytest's formatted report."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.phase = "call"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[Any]) -> pytest.TestReport:
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
            self.phase = call.when
        when: Any = call.when
        outcome: Any = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome=outcome,
            longrepr=None,
            when=when,
        )


class _Collector:
    """Takes over pytest's loop over the collected items."""

    def __init__(
        self, course: Course, exercises: Sequence[Exercise], serve: Callable[[CollectedChecks], None]
    ) -> None:
        self.course = course
        self.exercises = exercises
        self.serve = serve
        self.recorder = _Recorder()
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
                problems = spec_problems(item.function, before)
                before.add(item.name)
                file = item.path.relative_to(self.course.root).as_posix()
                place = f"line {line_of(item.function)}"
                self.faults += [Fault(file, place, problem) for problem in problems]
                is_whole = is_whole and not problems
                spec = spec_of(item.function)
                total += spec.points if spec is not None and not problems else 0
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


def check_files(exercises: Sequence[Exercise]) -> list[Path]:
    """Return the files that hold the checks of these exercises."""
    files = []
    for exercise in exercises:
        for folder in (exercise.exercise_folder, exercise.solution_folder):
            if folder is not None:
                files += sorted(folder.glob("test_*.py"))
    return files


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
    arguments += ["-p", "grader.plugin"]
    pytest.main(arguments, plugins=[collector])
    if collector.raised is not None:
        raise collector.raised
    if collector.faults or not collector.served:
        nothing = Fault("course.yml", "", Explanation("course.check_file", {"error": "pytest"}))
        raise CourseError(tuple(collector.faults) or (nothing,))
