"""The wrong results that are known of an exercise, in place of its solutions: what names a mistake in a released course.

A file beside the visible checks has for each call that they compare with a literal what is right, which is that literal, and
what every known mistake gives: arrays and texts. It is read like an answer of the sandbox, for it may be damaged.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks import tensors
from grader.checks.remote import Observed
from grader.course.files import files_of
from grader.errors import SubmissionError
from grader.judge.agreement import agree, dtype_of
from grader.judge.diagnosis import Diagnoser, digest_of
from grader.judge.evidence import Evidence, Outcome, letters, state_of
from grader.messages.printable import printable
from grader.model import Exercise, Explanation, Grade, Misconception, Text, Verdict
from grader.runner.call import Call
from grader.runner.inside import blocks, wire
from grader.runner.replies import UNREADABLE, Candidate, Reply, TooSlow

LARGEST = 1_000_000
"""Bytes of an exercise's file."""
_FORMAT = 1
UNKNOWN, RIGHT = "-", "r"
"""Stand for an outcome in a mistake's row: one that is not in the file, and the right one."""
_DIGITS = 7
"""Digits of a wrong number: more than known mistakes are compared with."""

Row = tuple[str, ...]
"""What a mistake gives to each call: the name of an outcome, `UNKNOWN` or `RIGHT`."""


@dataclass(frozen=True)
class Mistake:
    """What is known of a wrong answer, or of several that give the same."""

    row: Row
    functions: tuple[str, ...]
    text: Text
    """Empty where several sentences would fit: it is never named, and keeps others from being named."""
    memory: bool
    works_only: bool


@dataclass
class Known:
    """The content of an exercise's file."""

    calls: list[str]
    """What each call is known by, and those before it that it depends on."""
    right: list[Any]
    """What is right at each of them, packed; None where no check says it."""
    outcomes: dict[str, Any]
    """Name -> a wrong outcome, packed."""
    mistakes: list[Mistake]

    def encoded(self) -> bytes:
        """Return the file: a line for each call, outcome and mistake, and rows of words that no row of numbers is in."""
        lines = {
            "calls": [[f"c{call}", right] for call, right in zip(self.calls, self.right, strict=True)],
            "outcomes": [[name, outcome] for name, outcome in self.outcomes.items()],
            "mistakes": [
                [" ".join(item.row), " ".join(item.functions), item.memory, item.works_only, dict(item.text)]
                for item in self.mistakes
            ],
        }
        parts = [f'"format": {_FORMAT}']
        for name, group in lines.items():
            shown = ",\n".join(json.dumps(line, ensure_ascii=False) for line in group)
            parts.append(f'"{name}": [\n{shown}\n]')
        content = ",\n".join(parts)
        return f"{{\n{content}\n}}\n".encode()


class DamagedFile(ValueError):
    """A file of known mistakes cannot be read."""


class StoredMistakes:
    """Answers as everything that is known to be wrong, from the file."""

    def __init__(self, known: Known) -> None:
        try:
            outcomes: dict[str, Outcome] = {name: unpacked(item) for name, item in known.outcomes.items()}
            rights: list[Outcome] = [TooSlow() if right is None else unpacked(right) for right in known.right]
            self._given: dict[str, dict[str, Outcome]] = {"": dict(zip(known.calls, rights, strict=True))}
            self._candidates = []
            for number, item in enumerate(known.mistakes):
                own = {UNKNOWN: TooSlow(), **outcomes}
                self._given[str(number)] = {
                    call: right if name == RIGHT else own[name]
                    for call, right, name in zip(known.calls, rights, item.row, strict=True)
                }
                misconception = Misconception(f"known-{number}", item.text, item.functions, line=number + 1)
                self._candidates.append(
                    Candidate(str(number), misconception, memory=item.memory, works_only=item.works_only)
                )
        except UNREADABLE as error:
            raise DamagedFile(str(error)) from error

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every known mistake, in the order in which they are named."""
        return tuple(self._candidates)

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Outcome]]:
        """Return what is known of the calls; of one that no check compares nothing is."""
        digests = [known_as(calls[: place + 1]) for calls in sequences for place in range(len(calls))]
        return [[self._given[key].get(digest, TooSlow()) for digest in digests] for key in candidates]


def read_known(path: Path) -> StoredMistakes:
    """Return what a file knows; nothing where there is none.

    Raises:
        DamagedFile: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise DamagedFile("too large")
        document = json.loads(content)
        if document["format"] != _FORMAT:
            raise DamagedFile("another format")
        calls = {_word(call)[1:]: right for call, right in document["calls"]}
        mistakes = [
            Mistake(
                tuple(_word(row).split()),
                tuple(_word(functions).split()),
                Text({_word(code): printable(_word(text)) for code, text in texts.items()}),
                bool(memory),
                bool(works_only),
            )
            for row, functions, memory, works_only, texts in document["mistakes"]
        ]
        outcomes = {_word(name): outcome for name, outcome in document["outcomes"]}
        return StoredMistakes(Known(list(calls), list(calls.values()), outcomes, mistakes))
    except FileNotFoundError:
        return StoredMistakes(Known([], [], {}, []))
    except (*UNREADABLE, AttributeError, OSError) as error:
        raise DamagedFile(str(error)) from error


def known_as(calls: Iterable[Call]) -> str:
    """Return what the last of some calls is known by."""
    return digest_of(calls)[:16]


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} in place of a text")
    return value


def named_from_file(exercise: Exercise, grade: Grade, evidence: Evidence) -> Grade:
    """Return a grade with the mistakes named that the exercise's file knows; with a note where it is damaged."""
    path = files_of(exercise).known_mistakes
    try:
        known = read_known(path)
        diagnoser = Diagnoser(lambda exercise: known, is_alone=True)
        checks = diagnoser.diagnose(exercise, grade.checks, comparable(evidence))
    except DamagedFile:
        note = Explanation("naming.damaged", {"file": f"{path.parent.name}/{path.name}"})
        return replace(grade, notes=(*grade.notes, note))
    return replace(grade, checks=checks)


def comparable(evidence: Iterable[Sequence[Observed]]) -> Evidence:
    """Return evidence in which a layer's description has what the check asks for, and no more."""
    return tuple(
        tuple(replace(observed, outcome=_compared(observed, observed.outcome)) for observed in calls)
        for calls in evidence
    )


def _compared(observed: Observed, value: Any) -> Any:
    """Return what a check compares of a value: of a layer's description the settings that it asks for."""
    if observed.call.operation != "describe" or isinstance(value, SubmissionError):
        return value
    return _with_keys(value, observed.expected.value if isinstance(observed.expected, Reply) else {})


def _with_keys(value: Any, wanted: Any) -> Any:
    if not isinstance(value, Mapping) or not isinstance(wanted, Mapping):
        return value
    return {key: _with_keys(value.get(key), item) for key, item in wanted.items()}


def right_of(observed: Observed) -> Reply | SubmissionError | None:
    """Return what is right of a call that the reference answered: what the check says itself; None where it does not.

    Nothing else of the reference goes into the file.
    """
    return observed.expected if is_right(observed, _replied(observed)) else None


def _replied(observed: Observed) -> Outcome:
    outcome = observed.outcome
    return outcome if isinstance(outcome, SubmissionError) else Reply(outcome, observed.changed)


def is_right(observed: Observed, outcome: Outcome) -> bool:
    """Return whether an outcome is what the check says is right."""
    if observed.expected is None or isinstance(outcome, TooSlow):
        return False
    given = as_compared(observed, outcome)
    return state_of(observed, given, observed.expected, has_numbers=True)[0] == "same"  # type: ignore[arg-type]  # TooSlow is dealt with


def as_compared(observed: Observed, outcome: Outcome) -> Outcome:
    """Return an outcome with what the check compares of it."""
    if not isinstance(outcome, Reply):
        return outcome
    return replace(outcome, value=_compared(observed, outcome.value))


def are_alike(one: Outcome, other: Outcome) -> bool:
    """Return whether two mistakes give the same to a call."""
    if isinstance(one, Reply) and isinstance(other, Reply):
        is_same = agree(one.value, other.value) and dtype_of(one.value) == dtype_of(other.value)
        return is_same and one.changed == other.changed
    return isinstance(one, SubmissionError) and isinstance(other, SubmissionError) and agree(one, other)


def packed(outcome: Outcome, digits: int | None = _DIGITS) -> Any:
    """Return an outcome as JSON has it; None for one that has no place in a file."""
    if isinstance(outcome, SubmissionError) and outcome.verdict is Verdict.ERROR:
        return {"raised": list(outcome.type_names), "letters": letters(outcome)}
    if not isinstance(outcome, Reply):
        return None
    try:
        value = _packed(outcome.value, digits)
    except TypeError:
        return None
    return {"value": value, "changed": list(outcome.changed)} if outcome.changed else {"value": value}


def _packed(value: Any, digits: int | None) -> Any:
    short: Callable[[Any], Any] = partial(_short, digits=digits)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return short(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        # A shape in a word: it is no row of numbers.
        shape = "x".join(map(str, value.shape)) or "scalar"
        return {f"{value.dtype.name} {shape}": [short(item) for item in value.ravel().tolist()]}
    if isinstance(value, wire.Opaque):
        return {"opaque": value.type_name}
    if isinstance(value, list | tuple):
        return {"list" if isinstance(value, list) else "tuple": [_packed(item, digits) for item in value]}
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"dict": {key: _packed(item, digits) for key, item in value.items()}}
    raise TypeError(f"a {type(value).__name__} has no place in the file")


def _short(number: Any, digits: int | None) -> Any:
    return float(f"{number:.{digits}g}") if digits and isinstance(number, float) else number


def unpacked(item: Any) -> Reply | SubmissionError:
    """Return the outcome that a file has.

    Raises:
        UNREADABLE: it is none.
    """
    if "raised" in item:
        types = tuple(map(_word, item["raised"]))
        values = {"message": _word(item["letters"])}
        return SubmissionError(Verdict.ERROR, Explanation("submission.raised", values), type_names=types)
    return Reply(_unpacked(item["value"]), tuple(map(int, item.get("changed", []))))


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((name, content),) = value.items()
    if name == "opaque":
        return wire.Opaque(_word(content))
    if name in ("list", "tuple"):
        return [_unpacked(item) for item in content] if name == "list" else tuple(map(_unpacked, content))
    if name == "dict":
        return {key: _unpacked(item) for key, item in content.items()}
    dtype, shape = name.split()
    lengths = [] if shape == "scalar" else [int(length) for length in shape.split("x")]
    if dtype not in blocks.DTYPES or math.prod(lengths) != len(content):
        raise ValueError(f"no tensor is a {name}")
    return np.array(content, dtype).reshape(lengths)


class Secrets:
    """What is right in hidden checks."""

    def __init__(self, values: Iterable[Any]) -> None:
        self._by_size = defaultdict[int, list[np.ndarray]](list)
        for tensor in map(tensors.as_tensor, values):
            if tensor is not None:
                self._by_size[tensor.size].append(tensor.ravel())

    def has(self, row: Sequence[float]) -> bool:
        """Return whether numbers are those of one of the tensors, whatever its shape."""
        numbers = np.array(row, float)
        return any(agree(numbers, tensor) for tensor in self._by_size[numbers.size])


def numbers_in(item: Any) -> Iterator[list[float]]:
    """Yield the rows of numbers in a packed outcome: those of each array, and of a list."""
    if isinstance(item, dict):
        for content in item.values():
            yield from numbers_in(content)
    elif isinstance(item, list):
        row = [value for value in item if isinstance(value, int | float)]
        if row:
            yield row
        for content in item:
            yield from numbers_in(content)
