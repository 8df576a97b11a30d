"""Collected checks, run for one submission after another."""

from __future__ import annotations

import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol

from grader.checks.assertions import CURRENT_CHECK
from grader.checks.attachments import attachments_of
from grader.checks.remote import Caller, Observed, RemoteCode, forget_returned
from grader.checks.spec import CheckSpec, line_of, spec_of
from grader.errors import CheckFailed, CourseError, Fault, GraderError, RunnerError, SubmissionError
from grader.judge.fixtures import CheckFixtures, check_generator
from grader.judge.reference import RecordedCaller
from grader.judge.submission import SubmissionCaller
from grader.messages.printable import printable
from grader.model import CheckResult, Course, Exercise, Explanation, Text, Verdict
from grader.platforms import limited_processor_time
from grader.scoring import shares

# What a check's own code raises when it meets a value that it did not expect. The reference passes the same check, so
# it is the submission's value that could not be used.
_UNUSABLE_VALUE = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    RecursionError,
    StopIteration,
)

_NOT_RAISED = re.compile(r"DID NOT RAISE (?:<class ')?([^<>']+)")
"""What `pytest.raises` says where nothing was raised."""
OWN_FIXTURES = frozenset(["submission", "reference", "rng"])
FIXTURES_MODULE = "grader.judge.plugin"
"""Where the fixtures are."""


@dataclass
class CollectedChecks:
    """The checks of a course, imported once."""

    course: Course
    items: dict[str, list[pytest.Function]]
    """Exercise -> its checks, the visible ones first."""
    fixtures: CheckFixtures
    recorder: Recorder
    _plain: dict[pytest.Function, tuple[str, ...] | None] = field(default_factory=dict)
    _points: dict[pytest.Function, float] = field(init=False)
    _raised_at: dict[str, int] = field(default_factory=dict)
    """Check -> the line of its file that raised, when it was run last."""

    def __post_init__(self) -> None:
        """Share the points of parametrised checks, before anybody leaves a case out."""
        cases: dict[Callable[..., Any], list[pytest.Function]] = defaultdict(list)
        for item in (item for items in self.items.values() for item in items):
            cases[item.function].append(item)
        self._points = {
            item: points
            for items in cases.values()
            for item, points in zip(items, shares(_spec(items[0]).points, len(items)), strict=True)
        }

    def run(
        self,
        exercise: Exercise,
        submission: Caller,
        reference: Caller,
        take_output: Callable[[], str] = str,
        known: Mapping[int, tuple[CheckResult, tuple[Observed, ...]]] = MappingProxyType({}),
    ) -> Iterator[tuple[CheckResult, tuple[Observed, ...]]]:
        """Run an exercise's checks; yield the result of each, whatever happens, and the calls it made of the submission.

        `take_output` returns what was printed since it was last called. A check is not run of which it is `known`, by its
        place, what comes of it.
        """
        code = self.fixtures.submission = RemoteCode(submission, exercise.variables)
        self.fixtures.reference = RemoteCode(reference, exercise.variables)
        passed: dict[tuple[Path, str], bool] = {}
        checks = zip(self.items[exercise.id], self.blank_results(exercise), strict=True)
        for index, (item, blank) in enumerate(checks):
            code._begin()
            forget_returned()
            after = _spec(item).after
            calls: tuple[Observed, ...] | None = None
            if index in known:
                result, calls = known[index]
            elif after and not passed.get((item.path, after)):
                explanation = Explanation("check.skipped", {"after": after})
                result = replace(blank, verdict=Verdict.SKIPPED, explanation=explanation)
            else:
                for caller in (submission, reference):
                    if isinstance(caller, RecordedCaller | SubmissionCaller):
                        caller.begin_check(item.name, is_hidden=not blank.visible)
                code._last_call = ""
                started = time.perf_counter()
                with ExitStack() as stack:
                    # A student's answers must not make it seem that the check has no end.
                    if not (isinstance(submission, SubmissionCaller) and submission.is_limited):
                        file = item.path.relative_to(self.course.root).as_posix()
                        # What it computes itself is the smaller part of its time.
                        stack.enter_context(ending(item.path, file, exercise.limits.check_seconds / 2))
                    verdict, found = self._run_one(item)
                found = self._for_course(found)
                # What is printed while a figure is drawn for it is this check's too.
                attachments = () if verdict is Verdict.PASSED else attachments_of(code)
                result = replace(
                    blank,
                    earned=blank.points if verdict is Verdict.PASSED else 0,
                    verdict=verdict,
                    explanation=found,
                    call=code._last_call,
                    output=take_output(),
                    seconds=time.perf_counter() - started,
                    attachments=attachments,
                )
            place = item.path, function_name(item)
            passed[place] = passed.get(place, True) and result.verdict is Verdict.PASSED
            yield result, tuple(code._observed) if calls is None else calls

    def _for_course(self, found: Explanation | None) -> Explanation | None:
        """Return an explanation with an author's text of it in the course's languages, in their order."""
        what = None if found is None else found.values.get("what")
        if found is None or not isinstance(what, dict):
            return found
        ordered = dict(Text(what).for_course(self.course.languages))
        return replace(found, values=found.values | {"what": ordered})

    def blank_results(self, exercise: Exercise) -> tuple[CheckResult, ...]:
        """Return a result for each check of an exercise, none of which was run."""
        return tuple(
            CheckResult(
                name=item.name,
                title=spec.text,
                visible=is_visible(item, exercise),
                points=points,
                earned=0,
                verdict=Verdict.UNGRADED,
                kind="bonus" if spec.is_bonus else "check",
            )
            for item, spec, points in self.with_points(exercise)
        )

    def with_points(self, exercise: Exercise) -> Iterator[tuple[pytest.Function, CheckSpec, float]]:
        """Yield an exercise's checks with their points; the cases of a parametrised check share its own."""
        for item in self.items[exercise.id]:
            yield item, _spec(item), self._points[item]

    def place(self, exercise: Exercise, name: str) -> tuple[str, str]:
        """Return the file of a check, as faults call it, and its line: where it raised when it was run last, else its first."""
        item = next(item for item in self.items[exercise.id] if item.name == name)
        line = self._raised_at.get(name) or line_of(item.function)
        return item.path.relative_to(self.course.root).as_posix(), f"line {line}"

    def _note_line(self, item: pytest.Function, error: BaseException | None) -> None:
        self._raised_at.pop(item.name, None)
        line = raised_at(error, item.path)
        if line:
            self._raised_at[item.name] = line

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
        if isinstance(error, KeyboardInterrupt):
            raise error
        self._note_line(item, error)
        if self.recorder.phase != "call" and not isinstance(error, GraderError | CheckFailed):
            # A fixture or pytest itself: not the student's doing.
            values = {"type": type(error).__name__, "message": str(error)[:500]}
            return Verdict.UNGRADED, Explanation("check.broken", values)
        return _verdict_of(error, self.fixtures.submission)

    def _plain_arguments(self, item: pytest.Function) -> tuple[str, ...] | None:
        """Return the fixtures that a check asks for; None where pytest has more to do for it than to call it."""
        if item not in self._plain:
            self._plain[item] = _plain_arguments(item)
        return self._plain[item]

    def _call(self, item: pytest.Function, asked: tuple[str, ...]) -> tuple[Verdict, Explanation | None]:
        """Call a check as pytest would, without its protocol of three phases, which takes longer than most checks."""
        given: dict[str, Any] = {
            name: check_generator(item) if name == "rng" else getattr(self.fixtures, name) for name in asked
        }
        try:
            item.obj(**given)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # `pytest.skip`, `pytest.fail` and `sys.exit` raise what is no Exception.
            self._note_line(item, error)
            return _verdict_of(error, self.fixtures.submission)
        return Verdict.PASSED, None


def raised_at(error: BaseException | None, path: Path) -> int:
    """Return the line of a file at which an exception passed through it last; 0 where it did not."""
    trace = None if error is None else error.__traceback__
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@contextmanager
def ending(path: Path, file: str, seconds: float) -> Iterator[None]:
    """Hold a file of checks, which faults call `file`, to a limit of processor time, and have its `os._exit` raise.

    Only what the file itself does is ended, and never what is done for it elsewhere: no message is left half read.

    Raises:
        CourseError: it took longer, with the line where it was.
    """

    def stop(frame: FrameType | None) -> None:
        if frame is not None and frame.f_code.co_filename == str(path):
            explanation = Explanation("course.check_endless", {"seconds": seconds})
            raise CourseError((Fault(file, f"line {frame.f_lineno}", explanation),))

    leave = os._exit

    def end(status: int) -> NoReturn:
        if sys._getframe(1).f_code.co_filename == str(path):
            raise SystemExit(status)
        leave(status)

    os._exit = end
    try:
        with limited_processor_time(seconds, stop):
            yield
    finally:
        os._exit = leave


def _plain_arguments(item: pytest.Function) -> tuple[str, ...] | None:
    info = item._fixtureinfo
    is_plain = (
        item.cls is None
        and not hasattr(item, "callspec")
        and next(item.iter_markers(), None) is None
        and set(info.argnames) <= OWN_FIXTURES
        and set(info.names_closure) <= OWN_FIXTURES | {"request"}
        # A file may have a fixture of its own that is called as ours.
        and all(info.name2fixturedefs[name][-1].func.__module__ == FIXTURES_MODULE for name in info.argnames)
    )
    return tuple(info.argnames) if is_plain else None


def _verdict_of(
    error: BaseException | None, submission: RemoteCode | None
) -> tuple[Verdict, Explanation | None]:
    if error is None:
        return Verdict.PASSED, None
    if isinstance(error, CheckFailed):
        return Verdict.FAILED, error.explanation
    if isinstance(error, SubmissionError):
        return error.verdict, error.explanation
    if isinstance(error, RunnerError):
        return Verdict.UNGRADED, error.explanation
    if isinstance(error, CourseError):
        fault = error.faults[0]
        values = {"file": fault.file, "place": fault.place, "why": fault.explanation}
        return Verdict.UNGRADED, Explanation("check.course", values)
    expected = _NOT_RAISED.match(str(error)) if isinstance(error, pytest.fail.Exception) else None
    if expected is not None:
        values = {"expected": expected[1], "call": submission._last_call if submission else ""}
        return Verdict.FAILED, Explanation("check.no_exception", values)
    if isinstance(error, AssertionError):
        return Verdict.FAILED, Explanation("check.assert", {"text": printable(str(error)[:2000])})
    values = {"type": type(error).__name__, "message": printable(str(error)[:500])}
    if isinstance(error, _UNUSABLE_VALUE):
        return Verdict.FAILED, Explanation("check.unusable", values)
    return Verdict.UNGRADED, Explanation("check.broken", values)


def _spec(item: pytest.Function) -> CheckSpec:
    spec = spec_of(item.function)
    assert spec is not None
    return spec


def function_name(item: pytest.Function) -> str:
    """Return the name of a check's function: that of the check, but for the brackets of a case."""
    return item.originalname


def is_visible(item: pytest.Item, exercise: Exercise) -> bool:
    """Return whether a check's file is one that students get."""
    return exercise.exercise_folder in item.path.parents


class Recorder:
    """Keeps the exception of the item that runs, in place of pytest's formatted report."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.phase = "call"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[Any]) -> pytest.TestReport:
        """Keep the first exception of an item, and when it came."""
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
            self.phase = call.when
        when: Any = call.when
        outcome: Any = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(
            nodeid=item.nodeid, location=item.location, keywords={}, outcome=outcome, longrepr=None, when=when
        )
