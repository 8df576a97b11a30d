"""Keep the reference's answers, computed once per distinct call.

A call is known by its function and arguments, and by the last call before it in its check in which an object took part:
the same question to a model before and after training is not the same, and objects share what is inside of them, so that
an optimizer's step changes a model. What is not known yet is asked of the real reference, which is started only then;
calls with objects are made there again first, so that it holds the same ones.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.checks.remote import Caller
from grader.course.files import FAMILIES, files_of, name_in_course
from grader.course.languages import is_written_in
from grader.errors import CourseError, Fault, RunnerError, SubmissionError
from grader.judge.submission import SubmissionCaller
from grader.model import Exercise, Explanation, Source, Unit, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Reply
from grader.runner.session import Runner

_INPUTS = """
import numpy

def calls(exercise, most):
    import family
    rng = numpy.random.default_rng(0)
    made = list(family.inputs(exercise, rng)) if hasattr(family, "inputs") else []
    chosen = sorted(rng.permutation(len(made))[:most].tolist())
    return [[made[place][0], list(made[place][1])] for place in chosen]
"""
"""What is executed in front of a family to learn its inputs."""

Recordings = dict[str, Reply | SubmissionError]
"""Key of a call -> what came of it."""


@dataclass
class _Answered:
    """Holds a call in which an object took part."""

    call: Call
    key: str
    is_real: bool
    """Whether the real reference was asked, in this check."""


@dataclass
class RecordedCaller:
    """Calls the reference, and answers from its recordings where it can."""

    recordings: Recordings
    open_real: Callable[[], Caller]
    scope: str
    """What the answers depend on beside the call: the exercise."""
    _past: str = ""
    """The key of this check's last call in which an object took part."""
    _last: _Answered | None = None
    """The call that was made last in this check."""
    _log: list[_Answered] = field(default_factory=list)
    _real: Caller | None = None
    _numbers: dict[int, int] = field(default_factory=dict)
    """The number that the check knows an object by -> the real one."""
    _known: dict[int, int] = field(default_factory=dict)
    """The real number of an object -> the one that the check knows, which is the same in every run."""

    def begin_check(self, name: str = "", *, is_hidden: bool = False) -> None:
        """Forget the objects of the last check; which check comes makes no difference."""
        self._past, self._log, self._numbers, self._known, self._last = "", [], {}, {}, None

    def call(self, call: Call) -> Reply:
        """Return the reference's answer.

        Raises:
            SubmissionError: the reference raised, as it did the first time.
        """
        parts = [call.operation, call.function, call.method, call.args, call.kwargs, call.target]
        before = self._last.key if self._last is not None and call.is_about_last else ""
        key = hashlib.sha256(wire.encode([self.scope, *parts, self._past, before])).hexdigest()
        is_real = call.is_timed or key not in self.recordings
        if is_real:
            self._catch_up()
            if self._last is not None and call.is_about_last and not self._last.is_real:
                self._last.is_real = True
                self._ask(self._last.call, self._last.key)
            answer = self._ask(call, key)
            if not call.is_timed:
                self.recordings[key] = answer
        else:
            answer = self.recordings[key]
        answered = _Answered(call, key, is_real)
        if call.is_named:
            self._last = answered
        if call.handles or (isinstance(answer, Reply) and wire.handles_in(answer.value)):
            self._past = key
            self._log.append(answered)
        if isinstance(answer, SubmissionError):
            # The same object each time: without this its traceback, and all that hangs on it, grows with the class.
            raise answer.with_traceback(None)
        return answer

    def _ask(self, call: Call, key: str) -> Reply | SubmissionError:
        """Make a call for real; objects in the answer get numbers that are the same in every run."""
        if self._real is None:
            self._real = self.open_real()
        try:
            reply = self._real.call(call.mapped(_renumbered(self._numbers)))
        except SubmissionError as error:
            if error.verdict is not Verdict.ERROR:
                # It looped, died or took too much memory: whoever asked for its answer is not to blame.
                raise RunnerError("runner.reference_died", {"why": error.explanation}) from error
            return error
        outward = {}
        for index, handle in enumerate(wire.handles_in(reply.value)):
            new = int(hashlib.sha256(f"{key} {index}".encode()).hexdigest()[:12], 16)
            number = self._known.setdefault(handle.number, new)
            outward[handle.number] = number
            self._numbers[number] = handle.number
        return replace(reply, value=wire.map_values(reply.value, _renumbered(outward)))

    def _catch_up(self) -> None:
        """Make the calls with objects for real that were answered from the recordings."""
        for answered in self._log:
            if not answered.is_real:
                answered.is_real = True
                self._ask(answered.call, answered.key)


def _renumbered(numbers: dict[int, int]) -> Callable[[Any], Any]:
    return wire.for_handles(lambda handle: replace(handle, number=numbers.get(handle.number, handle.number)))


def allowed_inputs(runner: Runner, exercise: Exercise, most: int) -> list[Call]:
    """Return calls that an exercise's statement allows, as its family yields them: so many, drawn where there are more.

    Raises:
        CourseError: the family cannot be asked for them.
    """
    (path,) = files_of(exercise).family
    family = Unit(path.name, path.read_text(encoding="utf-8-sig"), "family")
    source = Source((Unit("inputs.py", _INPUTS, "inputs"), family))
    try:
        with closing(SubmissionCaller(runner, source, exercise, is_limited=False)) as caller:
            made = caller.call(Call("calls", (exercise.slug, most))).value
    except SubmissionError as error:
        explanation = Explanation("verify.no_inputs", {"exercise": exercise.id, "why": error.explanation})
        fault = Fault(name_in_course(path), line_of_function(path, "inputs"), explanation)
        raise CourseError((fault,)) from error
    return [Call(name, tuple(arguments)) for name, arguments in made]


def read_reference(exercise: Exercise) -> Source:
    """Return the reference's source, and beside it that of its misconceptions and of its family.

    Raises:
        RunnerError: this version of the course has no solutions.
    """
    if exercise.solution_folder is None:
        raise RunnerError("runner.no_reference", {"exercise": exercise.id})
    units = []
    files = files_of(exercise)
    for path, module in [
        (files.solution, "solution"),
        (files.misconceptions, "misconceptions"),
        *((path, "family") for path in files.family),
    ]:
        if path.is_file():
            name = path.name if module != "family" else f"{FAMILIES}/{path.name}"
            units.append(Unit(name, path.read_text(encoding="utf-8-sig"), module))
    return Source(tuple(units))


_OF_AN_AUTHOR = {
    "submission.load_raised": "course.raised",
    "submission.load_no_module": "course.no_module",
}
"""What an author is told in place of what a student would be, whose remedy is another."""


def _not_executed(caller: SubmissionCaller, exercise: Exercise) -> tuple[Fault, ...]:
    """Return which statements of an author's files were not executed to their end, each file's first."""
    assert exercise.solution_folder is not None
    hidden = exercise.solution_folder.name
    units = [unit.name for unit in read_reference(exercise).units]
    try:
        failures = []
        for item in caller.loaded.failures:
            reached = (frame.line for frame in item.frames if frame.unit == item.unit)
            failures.append((item.unit, next(reached, item.line), item.explanation))
    except SubmissionError as error:
        index, line = error.statement or (0, 0)
        failures = [(units[index], line, error.explanation)]
    firsts = {unit: (line, why) for unit, line, why in reversed(failures)}
    return tuple(
        Fault(
            f"solutions/{unit if '/' in unit else f'{hidden}/{unit}'}",
            f"line {line}" if line else "",
            Explanation(_OF_AN_AUTHOR[why.key], why.values)
            if why.key in _OF_AN_AUTHOR
            else Explanation("course.not_executed", {"why": why}),
        )
        for unit, (line, why) in firsts.items()
    )


def _untold(caller: SubmissionCaller, exercise: Exercise) -> Iterator[Fault]:
    """Yield which known wrong answers, the exercise's own and its family's, are not explained in the course's languages."""
    files = files_of(exercise)
    known = {item.id: (files.misconceptions, item) for item in caller.misconceptions()}
    for path in files.family:
        for candidate in caller.candidates():
            known.setdefault(candidate.misconception.id, (path, candidate.misconception))
    languages = tuple(exercise.title)
    for path, item in known.values():
        foreign = [argument for argument in item.text if argument not in languages]
        missing = [code for code in languages if not is_written_in(item.text.get(code, ""), code)]
        values = {"id": item.id, "languages": ", ".join(languages if foreign else missing)}
        problems = [Explanation("course.mistake_language", {**values, "argument": name}) for name in foreign]
        if missing and not foreign:
            problems.append(Explanation("course.mistake_text", values))
        yield from (Fault(name_in_course(path), f"line {item.line}", problem) for problem in problems)


def line_of_function(file: Path, function: str) -> str:
    """Return the line at which a file defines a function; an empty text where it does not."""
    tree = ast.parse(file.read_bytes())
    lines = [item.lineno for item in tree.body if getattr(item, "name", None) == function]
    return f"line {lines[-1]}" if lines else ""


class ReferenceRunner:
    """Holds a runner of its own for the reference, started when it is first asked for."""

    def __init__(self, open_runner: Callable[[], Runner]) -> None:
        self._open_runner = open_runner
        self._runner: Runner | None = None
        self._open: tuple[str, SubmissionCaller] | None = None

    def caller(self, exercise: Exercise) -> SubmissionCaller:
        """Return the reference of an exercise. A runner holds one submission at a time, and so one reference."""
        if self._open is None or self._open[0] != exercise.id:
            if self._open is not None:
                self._open[1].close()
            if self._runner is None:
                self._runner = self._open_runner()
            caller = SubmissionCaller(self._runner, read_reference(exercise), exercise, is_limited=False)
            self._open = (exercise.id, caller)
            faults = _not_executed(caller, exercise) or tuple(_untold(caller, exercise))
            if faults:
                # Whoever asks again gets the same answer.
                self._open = None
                caller.close()
                raise CourseError(faults)
        return self._open[1]

    def allowed_inputs(self, exercise: Exercise, most: int) -> list[Call]:
        """Return calls that an exercise's statement allows; nothing where it has no family."""
        if exercise.family is None:
            return []
        if self._open is not None:
            self._open[1].close()
            self._open = None
        self._runner = self._runner or self._open_runner()
        return allowed_inputs(self._runner, exercise, most)

    def forget(self) -> None:
        """End the reference's process, and with it the layers that it has made; the next call starts it anew."""
        if self._open is not None:
            self._open[1].close()

    def close(self) -> None:
        """End the runner."""
        if self._open is not None:
            self._open[1].close()
        if self._runner is not None:
            self._runner.close()
        self._open = self._runner = None
