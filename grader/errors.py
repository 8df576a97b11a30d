"""Whose fault it is.

    GraderError
    ├── CourseError         the course: course.yml, a statement, a check, the reference
    ├── RequestError        what was asked for: an unknown exercise, a folder that is not there
    ├── SubmissionError     the student's code; carries the verdict it earns
    ├── RunnerError         the sandbox or this program: nobody's points are touched
    └── GradebookError      the gradebook's file

Every class pickles, so that an error raised in a judge process reaches the command line whole.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from grader.model import Explanation, Frame, Verdict


class GraderError(Exception):
    """Any error that this program explains to its user."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where."""

    file: str
    """The file, relative to the course where it lies in the course."""
    place: str
    """The field (`exercises[3].points`), the line (`line 12`) or the function; empty for the whole file."""
    explanation: Explanation
    """What is wrong and what to do about it."""
    line: int = 0
    """The line of the file at which a field stands; 0 where `place` says it or nobody knows."""


class CourseError(GraderError):
    """The course is not what it should be; holds every fault that was found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "; ".join(
            f"{fault.file}{': ' if fault.place else ''}{fault.place}: {fault.explanation.key} {fault.explanation.values}"
            for fault in self.faults
        )


class _Explained(GraderError):
    """An error whose text is a sentence of the catalogue."""

    def __init__(self, key: str, values: dict[str, Any] | None = None) -> None:
        super().__init__(key, values or {})
        self.explanation = Explanation(key, values or {})

    def __str__(self) -> str:
        return f"{self.explanation.key} {self.explanation.values}"


class RequestError(_Explained):
    """What the user asked for cannot be done as asked."""


class RunnerError(_Explained):
    """The sandbox failed, or this program did: the check is left ungraded."""


class GradebookError(_Explained):
    """The gradebook cannot be opened or written."""


class SubmissionError(GraderError):
    """A call to the student's code did not come back with a value."""

    def __init__(
        self, verdict: Verdict, explanation: Explanation, *, type_names: tuple[str, ...] = ()
    ) -> None:
        super().__init__(verdict, explanation)
        self.verdict = verdict
        self.explanation = explanation
        self.type_names = type_names
        """Where the student's code raised: the exception's class name and those of its bases."""
        self.frames: tuple[Frame, ...] = ()
        """Where the student's code raised: the places in it, the outermost first."""
        self.statement: tuple[int, int] | None = None
        """Where executing the file ended: the number of the unit and the line that the statement begins at."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_submission_error, (self.verdict, self.explanation, self.type_names)


def _rebuild_submission_error(
    verdict: Verdict, explanation: Explanation, type_names: tuple[str, ...]
) -> SubmissionError:
    return SubmissionError(verdict, explanation, type_names=type_names)


def as_raised(error: SubmissionError) -> SubmissionError:
    """Return the error as an exception of the student's own type too, where that is one of Python's.

    What ends a loop is none: a check that goes through a student's results would take it for their end.
    """
    if error.verdict is Verdict.ERROR:
        for name in error.type_names:
            kind = getattr(builtins, name, None)
            if isinstance(kind, type) and issubclass(kind, Exception) and kind not in _NOT_RAISED:
                return _raised_class(name)(error)
    return error


_NOT_RAISED = (Exception, StopIteration, StopAsyncIteration, ExceptionGroup)


@cache
def _raised_class(name: str) -> Callable[[SubmissionError], SubmissionError]:
    kind = getattr(builtins, name)

    def copy(self: SubmissionError, error: SubmissionError) -> None:
        self.__dict__.update(vars(error))

    def message(self: SubmissionError) -> str:
        return str(self.explanation.values.get("message", ""))

    return type(name, (SubmissionError, kind), {"__init__": copy, "__str__": message})


class CheckFailed(AssertionError):
    """A check's own statement that the student's value is not the expected one."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation)
        self.explanation = explanation

    def __str__(self) -> str:
        return f"{self.explanation.key} {self.explanation.values}"


def reason(error: Exception) -> str:
    """Return why something could not be read or written, as the system says it."""
    return getattr(error, "strerror", None) or str(error)


@contextmanager
def file_errors_as(
    kind: type[RequestError | GradebookError], key: str, file: Path, **values: Any
) -> Iterator[None]:
    """Raise the error of this kind, with the file and the system's reason, where a file cannot be read or written."""
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        raise kind(key, {"file": str(file), "error": reason(error), **values}) from error


def is_our_fault(error: Exception, read_harmless: Callable[[], object]) -> bool:
    """Return whether an exception met while reading a file is this program's or machine's, and not the file's.

    `read_harmless` does the same with a file that nobody could object to: what that meets too, the file did not cause.
    """
    if isinstance(error, ImportError | OSError | MemoryError):
        return True
    try:
        read_harmless()
    except Exception:
        return True
    return False
