"""What a released course knows of wrong answers: their results in the calls that its visible checks compare."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import PurePosixPath

from grader.checks.remote import Observed
from grader.course.files import files_of
from grader.judge.diagnosis import CallSequence, functions_of, sequences_of
from grader.judge.evidence import Outcome
from grader.judge.reference_side import ReferenceSide
from grader.judge.stored import (
    LARGEST,
    RIGHT,
    UNKNOWN,
    Known,
    Mistake,
    Secrets,
    are_alike,
    as_compared,
    is_right,
    known_as,
    numbers_in,
    packed,
    right_of,
)
from grader.model import Course, Exercise, Text
from grader.release.hidden import Hidden, read_hidden
from grader.release.likeness import SHORTEST
from grader.runner.replies import Candidate

_SECONDS = 5.0
"""How long a known mistake may take for one call."""

_MOST_INPUTS = 100
_LEAST_INPUTS = 20
"""So many inputs at least have to be the same for two mistakes to be the same."""

_Row = dict[int, str]
"""Call, by its place in the file -> the name of what a mistake gives."""


@dataclass
class KnownMistakes:
    """The files of a release that name mistakes."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path -> content."""
    explanations: frozenset[str] = frozenset()
    """The texts in them: what students may read of `solutions/`, and in these files alone."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Exercise -> how many mistakes have no room in its file, so that they are not named."""

    @property
    def folders(self) -> set[str]:
        """Return the folders of the exercises in which mistakes are named."""
        return {PurePosixPath(path).parent.name for path in self.files}


def known_mistakes(course: Course, side: ReferenceSide) -> KnownMistakes:
    """Return the files of a course whose reference was proved."""
    made = KnownMistakes()
    hidden = read_hidden(course)
    rehearsed = [(exercise, *side.rehearse(exercise)) for exercise in course.exercises]
    secrets = Secrets(observed.outcome for *_, observations in rehearsed for observed in observations)
    for exercise, visible, _ in rehearsed:
        gathered = _Gathered(course, exercise, hidden, secrets)
        gathered.ask(side, [calls for calls in visible if calls])
        known, left_out = gathered.within(LARGEST)
        if any(item.text for item in known.mistakes):
            path = files_of(exercise).known_mistakes.relative_to(course.root).as_posix()
            made.files[path] = known.encoded()
            made.explanations |= {text for item in known.mistakes for text in item.text.values()}
        if left_out:
            made.left_out[exercise.id] = left_out
    return made


class _Gathered:
    """What is known of one exercise."""

    def __init__(self, course: Course, exercise: Exercise, hidden: Hidden, secrets: Secrets) -> None:
        self._course = course
        self._exercise = exercise
        self._hidden = hidden
        self._secrets = secrets
        self._places: dict[str, int] = {}
        """What a call is known by -> its place in the file."""
        self._right: list[object] = []
        self._names: dict[str, str] = {}
        """An outcome, packed, as a text -> its name."""
        self._outcomes: dict[str, object] = {}
        self._rows: list[tuple[Candidate, _Row]] = []
        self._equals: dict[str, Text] = {}
        """Mistake, by its key -> the sentence of one that is the same in this exercise."""

    def ask(self, side: ReferenceSide, visible: Sequence[tuple[Observed, ...]]) -> None:
        """Ask all known mistakes what the visible checks ask, each call twice: what is random is not kept."""
        sequences = [
            sequence for calls in visible for sequence in sequences_of(calls) if any(map(right_of, sequence))
        ]
        if not sequences:
            return
        known = [item for item in side.impostor(self._exercise).candidates() if not item.is_pair]
        for (is_remembering, functions), items in groupby(sorted(known, key=_kind), key=_kind):
            concerned = [sequence for sequence in sequences if _concerns(sequence, functions)]
            # Who remembers is asked all calls in their order.
            together = [CallSequence(chain.from_iterable(concerned))]
            self._keep(side, list(items), together if is_remembering else concerned)
        order = [item.key for item in known]
        self._rows.sort(key=lambda row: order.index(row[0].key))
        self._find_equals(side)

    def _find_equals(self, side: ReferenceSide) -> None:
        """Find mistakes that are the same in this exercise: no input that the statement allows tells them apart.

        They share the sentence of the first, as in a grade. Hidden checks are not asked, so that this tells nothing of them.
        """
        grouped = defaultdict[object, list[Candidate]](list)
        for candidate, row in self._rows:
            if not candidate.memory:
                grouped[_kind(candidate), tuple(sorted(row.items()))].append(candidate)
        groups = [group for group in grouped.values() if len({self._text(item) for item in group}) > 1]
        inputs = side.allowed_inputs(self._exercise, _MOST_INPUTS) if groups else []
        for functions in {item.misconception.functions for group in groups for item in group}:
            calls = [call for call in inputs if call.function in functions]
            if len(calls) < _LEAST_INPUTS:
                continue
            equal = [group for group in groups if group[0].misconception.functions == functions]
            for start in range(0, len(calls), _LEAST_INPUTS):
                keys = [item.key for group in equal for item in group]
                now = [calls[start : start + _LEAST_INPUTS]]
                rows = side.impostor(self._exercise).ask(keys, now, _SECONDS) if keys else []
                given = dict(zip(keys, rows, strict=True))
                equal = [part for group in equal for part in _told_apart(group, given)]
            for first, *others in equal:
                self._equals |= {item.key: self._text(first) for item in others}

    def _keep(
        self, side: ReferenceSide, candidates: Sequence[Candidate], sequences: Sequence[CallSequence]
    ) -> None:
        """Keep what mistakes give to some calls."""
        keys, calls = [item.key for item in candidates], [sequence.ordered for sequence in sequences]
        once, again = (side.impostor(self._exercise).ask(keys, calls, _SECONDS) for _ in range(2))
        asked = [
            (observed, functions, self._index(sequence.until(place + 1)))
            for sequence in sequences
            for place, (observed, functions) in enumerate(
                zip(sequence, map(frozenset, functions_of(sequence)), strict=True)
            )
        ]
        for candidate, first, second in zip(candidates, once, again, strict=True):
            row = {
                index: self._name(observed, *outcomes)
                for (observed, functions, index), *outcomes in zip(asked, first, second, strict=True)
                if right_of(observed) is not None and functions & {*candidate.misconception.functions}
            }
            if any(name not in (RIGHT, UNKNOWN) for name in row.values()):
                self._rows.append((candidate, row))

    def _index(self, sequence: CallSequence) -> int:
        digest = known_as(sequence.ordered)
        if digest not in self._places:
            self._places[digest] = len(self._places)
            right = right_of(sequence[-1])
            self._right.append(None if right is None else packed(right, None))
        return self._places[digest]

    def _name(self, observed: Observed, once: Outcome, again: Outcome) -> str:
        """Return the name of what a mistake gives to a call."""
        if is_right(observed, once):
            return RIGHT
        outcome, same = (packed(as_compared(observed, given)) for given in (once, again))
        written = json.dumps(outcome, sort_keys=True)
        if outcome is None or written != json.dumps(same, sort_keys=True):
            return UNKNOWN
        if written not in self._names:
            is_secret = self._is_secret(outcome)
            self._names[written] = name = UNKNOWN if is_secret else f"a{len(self._names)}"
            self._outcomes |= {} if is_secret else {name: outcome}
        return self._names[written]

    def _is_secret(self, outcome: object) -> bool:
        """Return whether an outcome is what is right in a hidden check, or holds the numbers of one."""
        rows = [row for row in numbers_in(outcome) if len(row) >= SHORTEST and len({*row}) > 1]
        return any(self._secrets.has(row) or self._holds_hidden(row) for row in rows)

    def _holds_hidden(self, row: Sequence[float]) -> bool:
        return any(
            tuple(row[start : start + len(numbers)]) == numbers
            for numbers in self._hidden.numbers
            for start in range(len(row) - len(numbers) + 1)
        )

    def within(self, most: int) -> tuple[Known, int]:
        """Return the file's content in at most so many bytes, and how many mistakes are not named for that.

        The last in the order in which mistakes are named are left out first. What they share with others stays, so that
        none of the others is named in their place.
        """
        least, count = 0, len(self._rows)
        known = self._known(count)
        if len(known.encoded()) <= most:
            return known, 0
        while least < count:
            middle = (least + count + 1) // 2
            if len(self._known(middle).encoded()) <= most:
                least = middle
            else:
                count = middle - 1
        return self._known(least), len(self._rows) - least

    def _known(self, count: int) -> Known:
        """Return what is known, of the first mistakes in words and with results of their own."""
        kept = {name for _, row in self._rows[:count] for name in row.values()}
        grouped: dict[tuple[tuple[str, ...], tuple[str, ...], bool, bool], dict[Text, bool]] = {}
        for number, (candidate, row) in enumerate(self._rows):
            names = [row.get(place, UNKNOWN) for place in range(len(self._places))]
            shown = tuple(name if name in kept or name == RIGHT else UNKNOWN for name in names)
            functions = candidate.misconception.functions
            group = grouped.setdefault((shown, functions, candidate.memory, candidate.works_only), {})
            group.setdefault(self._text(candidate), number < count)
        mistakes = []
        for (shown, functions, memory, works_only), texts in grouped.items():
            (text, is_kept), *others = texts.items()
            mistakes.append(
                Mistake(shown, functions, text if is_kept and not others else Text({}), memory, works_only)
            )
        used = {name for item in mistakes for name in item.row}
        outcomes = {name: item for name, item in self._outcomes.items() if name in used}
        return Known(list(self._places), self._right, outcomes, mistakes)

    def _text(self, candidate: Candidate) -> Text:
        """Return a mistake's sentence: that of the mistake which it does not differ from, where there is one."""
        if candidate.key in self._equals:
            return self._equals[candidate.key]
        own = candidate.misconception
        named = (item.misconception for item, _ in self._rows if item.misconception.id == own.same_as)
        text = own.text if own.same_as is None else next(named, own).text
        return text.for_course(self._course.languages) or text


def _told_apart(
    group: Sequence[Candidate], given: Mapping[str, Sequence[Outcome]]
) -> Iterator[list[Candidate]]:
    """Yield those of a group that gave the same to all calls, where there are several."""
    parts: list[list[Candidate]] = []
    for candidate in group:
        own = given[candidate.key]
        same = (part for part in parts if all(map(are_alike, given[part[0].key], own)))
        part = next(same, None)
        if part is None:
            parts.append([candidate])
        else:
            part.append(candidate)
    return (part for part in parts if len(part) > 1)


def _kind(candidate: Candidate) -> tuple[bool, tuple[str, ...]]:
    return candidate.memory, candidate.misconception.functions


def _concerns(sequence: CallSequence, functions: Collection[str]) -> bool:
    return any(
        right_of(observed) is not None and {*functions} & {*concerned}
        for observed, concerned in zip(sequence, functions_of(sequence), strict=True)
    )
