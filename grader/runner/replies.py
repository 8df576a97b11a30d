"""Make values of what a worker answers: the one place where an answer's fields are believed or not.

A submission may have written any byte of an answer. Reading one raises something of `UNREADABLE` where it is not what it
should be, and whatever is kept of it has a type, a length and printable characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grader.errors import SubmissionError
from grader.messages.printable import printable
from grader.model import Explanation, Frame, Misconception, Text, Verdict
from grader.runner.call import Call
from grader.runner.folders import without_folders
from grader.runner.inside import wire
from grader.runner.inside.blocks import ProtocolFault
from grader.runner.inside.values import plain_name

UNREADABLE = (ValueError, TypeError, LookupError, OverflowError, RecursionError, MemoryError)
"""What reading an answer may raise, every field of which a submission may have forged."""
_MOST_TYPES = 50
_MOST_FRAMES = 10
_LONGEST_MESSAGE = 2000
_MOST_FAILURES = 501
"""Statements that a worker reports."""
_LARGEST = 1 << 32
"""Numbers of lines and columns are smaller."""
_LONGEST_NAME = 200
_LACKING = {
    "network": r"\.keras/datasets|name resolution|[Nn]ame or service not known|nodename nor servname|urlopen error|URL fetch failure"
    r"|Max retries exceeded|Network is unreachable|Failed to establish a new connection",
    "input": r"EOF when reading a line|raw_input was called",
    "file": r"\[Errno 2\]|NOT_FOUND.*[Nn]o such file|^Parent directory .* does not exist|^The provided filename .* does not exist",
    "space": r"\[Errno (?:27|28|122)\]",
    "threads": r"can't start new thread|\[Errno 11\]|failed to create thread|Resource temporarily unavailable",
    "graphics": r"[Nn]o CUDA|CUDA driver|not compiled with (?:CUDA|XPU)|unknown device.*GPU|device specification.*GPU|NVIDIA driver|CUDA device"
    r"|without ATen_cuda|requires CUDA|access accelerator device|not linked with support for \w+ devices"
    r"|Unknown backend:? '?(?:gpu|cuda|rocm|tpu|metal)\b|_cuda_set",
    "display": r"no display name|[Cc]annot connect to X server|could not connect to display",
    "library": r"lib[\w.+-]+\.so[\w.]*: cannot open shared object file",
    "permission": r"\[Errno (?:1|13|30)\]",
}
"""What the sandbox does not have or allow: a name, and how the exceptions read that come of it, also where a library
wrapped them."""
_LACKING_BY_TYPE = {"PermissionError": "permission", "FileNotFoundError": "file"}
"""The same for exceptions that say nothing of the kind: a library's own."""
_MEMORY_ERRORS = frozenset(["MemoryError", "ResourceExhaustedError"])


@dataclass(frozen=True, slots=True)
class Reply:
    """Holds what a call returned."""

    value: Any
    """Plain data, `numpy.ndarray`, `wire.Handle`, or `wire.Opaque` for an array of what is no number."""
    changed: tuple[int, ...] = ()
    """Positions of the array arguments whose content the call changed."""
    seconds: float = 0.0
    output: str = ""
    """What was printed meanwhile."""
    cpu_seconds: float = 0.0
    """What it took of the processors, all threads together, of a call that is timed; no worker has said so."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known wrong answer that may explain a submission."""

    key: str
    """What it is asked by."""
    misconception: Misconception
    is_family: bool = False
    """Whether it is the exercise's family's, and not its own."""
    memory: bool = False
    """Whether it keeps something between calls."""
    works_only: bool = False
    """Whether its text says that the answer works for some inputs only."""
    is_pair: bool = False
    """Whether it is two mistakes at once, which are asked for only where none alone explains an answer."""


@dataclass(frozen=True, slots=True)
class TooSlow:
    """Stands for the outcome of a call that was not waited for."""


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """Names a statement of the submission that raised when it was executed."""

    unit: str
    explanation: Explanation
    line: int = 0
    """The line that the statement begins at; 0 if none of the unit can be relied on to have been executed."""
    frames: tuple[Frame, ...] = ()
    """The places in the student's source that it went through."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Holds what executing the submission's units gave."""

    functions: tuple[str, ...]
    """The names that can be asked for: of functions and classes, and of the exercise's variables."""
    failures: tuple[LoadFailure, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """Names something that a call used while it was watched, and where."""

    name: str
    place: str
    """The place in the student's source; empty where it is not known."""


def read_use(value: Any) -> Use:
    """Return what a worker says that was used: a lie hurts only who tells it."""
    name, unit, line = _sequence(value)
    place = f"{unit}:{_integer(line)}" if unit else ""
    return Use(printable(str(name)[:_LONGEST_NAME]), printable(place[:_LONGEST_NAME]))


def read_loaded(answer: dict[str, Any]) -> Loaded:
    """Return what executing the units gave."""
    failures = []
    for item in _sequence(answer.get("failures"))[:_MOST_FAILURES]:
        item = as_mapping(item)
        explanation = _exception_explanation("submission.load_raised", "submission.load_no_module", item)
        unit = _text(item.get("unit"))
        failures.append(LoadFailure(unit, explanation, _integer(item.get("line")), _frames(item)))
    return Loaded(
        tuple(_text(name) for name in _sequence(answer.get("functions"))),
        tuple(failures),
        tuple(_misconception(as_mapping(item)) for item in _sequence(answer.get("misconceptions", []))),
    )


def _frames(error: dict[str, Any]) -> tuple[Frame, ...]:
    """Return the places in the student's source that an exception went through."""
    columns = [*_sequence(error.get("columns", [])), *[(0, 0)] * _MOST_FRAMES]
    frames = []
    for place, column in zip(_sequence(error.get("places"))[:_MOST_FRAMES], columns, strict=False):
        (unit, line, function), (begin, end) = _sequence(place), _sequence(column)
        name = _text(function)[:_LONGEST_NAME]
        frames.append(
            Frame(
                printable(_text(unit)[:_LONGEST_NAME]),
                _integer(line),
                name if name.isidentifier() else "",
                _integer(begin),
                _integer(end),
            )
        )
    return tuple(frames)


def read_statement(value: Any) -> tuple[int, int]:
    """Return which statement a worker says that it executes: the number of its unit, and its line."""
    index, line = (_integer(item) for item in _sequence(value))
    return index, line


def _integer(value: Any) -> int:
    return value if type(value) is int and abs(value) < _LARGEST else 0


def _text(value: Any) -> str:
    """Return a value that has to be a text: to write a large one of another kind would take long."""
    if not isinstance(value, str):
        raise ProtocolFault("a text was expected")
    return value


def _misconception(item: dict[str, Any]) -> Misconception:
    same_as = item.get("same_as")
    return Misconception(
        _text(item.get("id")),
        Text({_text(code): _text(text) for code, text in as_mapping(item.get("texts", {})).items()}),
        tuple(_text(name) for name in _sequence(item.get("functions", []))),
        None if same_as is None else _text(same_as),
        line if isinstance(line := item.get("line"), int) else 0,
    )


def read_candidates(answer: dict[str, Any]) -> tuple[Candidate, ...]:
    """Return the known wrong answers, in the order in which they are named."""
    found = [as_mapping(item) for item in _sequence(answer.get("candidates"))]
    return tuple(
        Candidate(
            str(item["key"]),
            _misconception(item),
            bool(item["family"]),
            bool(item["memory"]),
            bool(item["works_only"]),
            bool(item["pair"]),
        )
        for item in found
    )


def read_outcomes(answer: dict[str, Any], count: int) -> list[list[Reply | SubmissionError | TooSlow]]:
    """Return what each of so many known wrong answers gave to the calls; equal outcomes are one object."""
    outcomes = [_outcome(as_mapping(item)) for item in _sequence(answer.get("outcomes"))]
    given = [outcomes[place] for place in _sequence(answer.get("places"))]
    width = len(given) // max(count, 1)
    return [given[place * width : (place + 1) * width] for place in range(count)]


def _outcome(item: dict[str, Any]) -> Reply | SubmissionError | TooSlow:
    if "slow" in item:
        return TooSlow()
    if "error" in item:
        return read_error(as_mapping(item["error"]))
    changed = tuple(_integer(index) for index in _sequence(item.get("changed", [])))
    return Reply(item.get("value"), changed, output=_text(item.get("output", "")))


def is_left_open(value: Any) -> bool:
    """Return whether a variable holds what a stub sets it to: `None` or `...`."""
    return value is None or (isinstance(value, wire.Handle) and value.type_name == "ellipsis")


def read_reply(answer: dict[str, Any], call: Call) -> Reply:
    """Return what a call gave; a description has to be a mapping."""
    value, changed, seconds = answer.get("value"), answer.get("changed"), answer.get("seconds")
    if call.operation == "files":
        value = [_text(name) for name in _sequence(value)]
    elif call.operation in ("read", "picture") and not isinstance(value, bytes):
        raise ProtocolFault("a file's bytes were expected")
    return Reply(
        as_mapping(value) if call.operation == "describe" else value,
        tuple(index for index in changed if isinstance(index, int)) if isinstance(changed, list) else (),
        float(seconds) if isinstance(seconds, int | float) else 0.0,
    )


def as_mapping(value: Any) -> dict[str, Any]:
    """Return a value that has to be a mapping."""
    if not isinstance(value, dict):
        raise ProtocolFault("a mapping was expected")
    return value


def _sequence(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ProtocolFault("a list was expected")
    return list(value)


def _exception_explanation(key: str, key_of_missing: str, error: dict[str, Any]) -> Explanation:
    types = _type_names(error) or ("Exception",)
    frames = _frames(error)
    place = f"{frames[-1].unit}:{frames[-1].line}" if frames else ""
    message = _plain_message(_text(error.get("message", ""))[:_LONGEST_MESSAGE])
    near = _text(error.get("near", ""))[:_LONGEST_NAME]
    if key == "submission.load_raised" and types[0] == "SystemExit":
        return Explanation("submission.load_ended", {"place": place})
    if key == "submission.raised" and types[0] == "RecursionError":
        return Explanation("submission.recursion", {"place": place})
    module = error.get("module")
    if isinstance(module, str) and re.fullmatch(r"\w+(\.\w+)*", module[:200]):
        return Explanation(key_of_missing, {"module": module[:200], "place": place})
    return Explanation(
        key,
        {
            "type": types[0],
            "message": without_folders(printable(message)),
            "place": place,
            "denied": _lacking(types, message),
            **({"near": near} if near.isidentifier() else {}),
        },
    )


def _plain_message(message: str) -> str:
    """Return an exception's text without colours, and without what Keras and TensorFlow write around it."""
    message = re.sub(r"\x1b\[[0-9;]*m", "", message)
    message = re.sub(r"\AException encountered when calling [\w.]+\(\)\.\s+", "", message)
    message = re.sub(r"\s+Arguments received by [\w.]+\(\):\s.*\Z", "", message, flags=re.DOTALL)
    message = re.sub(r"\s+; NodeDef: .*\Z| \(Variable: <tf\.Variable .*\Z", "", message, flags=re.DOTALL)
    message = re.sub(r"\{\{function_node [^}]*\}\} ?", "", message)
    return re.sub(r" \[Op:\w+\](?: name: ?\S*)?\s*\Z", "", message)


def _lacking(types: tuple[str, ...], message: str) -> str | bool:
    """Return what of `_LACKING` an exception comes of; False where it is another one."""
    found = (name for name, text in _LACKING.items() if re.search(text, message, re.DOTALL))
    return next(found, next((lacking for name, lacking in _LACKING_BY_TYPE.items() if name in types), False))


def _type_names(error: dict[str, Any]) -> tuple[str, ...]:
    return tuple(plain_name(_text(name)) for name in _sequence(error.get("types"))[:_MOST_TYPES])


def read_error(error: dict[str, Any]) -> SubmissionError:
    """Return the verdict that an exception in the submission earns."""
    explanation = _exception_explanation("submission.raised", "submission.no_module", error)
    types = _type_names(error)
    found = _verdict(types, explanation, is_stated=error.get("stated") is True)
    found.frames = _frames(error)
    return found


def _verdict(types: tuple[str, ...], explanation: Explanation, *, is_stated: bool) -> SubmissionError:
    if _MEMORY_ERRORS & set(types):
        return SubmissionError(Verdict.MEMORY, Explanation("submission.memory_error"), type_names=types)
    # A library says by the same type that it lacks something: PyTorch of a data type, Keras of a method.
    if "NotImplementedError" in types and is_stated:
        return SubmissionError(
            Verdict.NOT_ATTEMPTED, Explanation("submission.not_attempted"), type_names=types
        )
    return SubmissionError(Verdict.ERROR, explanation, type_names=types)
