"""Find the known mistake that gives just what a submission gave.

The evidence is every call of the functions that a mistake replaces, in every check that ran, passed or failed, and a few
more that no check made (`probes`). Where the submission was right the mistake must be right, and where it was wrong give
the same: one contradiction refutes. It is asked where the reference runs and never beside a student, and what it returns is
kept, so that a class with a thousand wrong answers asks it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from itertools import groupby, islice
from typing import Any, Protocol

from grader.checks.remote import Observed
from grader.errors import SubmissionError
from grader.judge.agreement import ENOUGH
from grader.judge.evidence import Finding, Outcome, finding, letters, shown, weight_of_calls
from grader.judge.symptoms import beside, is_one_number, joined, relation, symptom
from grader.model import CheckResult, Exercise, Explanation, Misconception, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Candidate, Reply

_LONGEST_WAIT = 30.0
"""Seconds that one call may take, whatever the patience."""
_LONGEST_MESSAGE = 5.0
"""Seconds that the submission took for what is asked in one message, times those who are asked."""
_LARGEST_MESSAGE = 16 << 20
"""Bytes of the outcomes in one message."""
_LARGEST_KEPT = 16 << 10
"""Bytes of an outcome that is kept of every known mistake, for the rest of the class."""
_SHAPES = frozenset(
    "IndexError AxisError InvalidArgumentError KeyError TypeError AttributeError NameError".split()
)
"""Exceptions that a dozen mistakes raise alike."""

_FEW = 8
"""So many known mistakes are asked all calls that are left at once."""

_DEAR = 0.2
"""Seconds of processor time of a right answer's call on layers that are not spent once more for each student's own values: Keras compiles
for every training, whatever its size, and layers are called and described in a tenth of it."""
_MOST_DEAR = 32
"""So many known mistakes of a function are asked what is dear, the first in their order; the others stay silent. At a
second each they cost a class half a minute once, whatever is handed in."""

_MOST_HELD = 256 << 20
"""Bytes of calls whose replays are kept."""


class CallSequence(tuple[Observed, ...]):
    """Calls that are asked one after another: all on the same layers, or one."""

    @cached_property
    def ordered(self) -> list[Call]:
        """Return the calls, in which a layer is known by its place, whoever made it."""
        places: dict[int, int] = {}

        @wire.for_handles
        def numbered(handle: wire.Handle) -> wire.Handle:
            return wire.Handle(places.get(handle.number, handle.number), "")

        calls = []
        for observed in self:
            calls.append(observed.call.mapped(numbered))
            for handle in wire.handles_in(observed.outcome):
                places.setdefault(handle.number, len(places))
        return calls

    @cached_property
    def digests(self) -> list[str]:
        """Return what each beginning is known by: that of one call first, all calls last."""
        return list(digests_of(self.ordered))

    @property
    def digest(self) -> str:
        """Return what the calls are known by."""
        return self.digests[-1]

    def until(self, count: int) -> CallSequence:
        """Return the first so many calls."""
        if count == len(self):
            return self
        beginning = CallSequence(self[:count])
        beginning.ordered, beginning.digests = self.ordered[:count], self.digests[:count]
        return beginning


class Impostor(Protocol):
    """Answers as the reference, and as everything that is known to be wrong."""

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every known mistake, in the order in which they are named."""

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Outcome]]:
        """Make the same calls of several known mistakes; the empty key is the reference."""


class Diagnoser:
    """Compares submissions with what is known to go wrong in a course's exercises."""

    def __init__(
        self,
        open_impostor: Callable[[Exercise], Impostor],
        *,
        patience: float = float("inf"),
        is_alone: bool = False,
        asked_of_all: Callable[[Exercise], Sequence[tuple[Observed, ...]]] = lambda exercise: (),
    ) -> None:
        """Take `open_impostor(exercise) -> Impostor`, called when a check has failed.

        A call that took longer than `patience` seconds of processor time is not repeated, nor are those after it on the same layers; but
        what the checks ask of a right answer (`asked_of_all`) is, however slow: it is asked once for a class. On layers
        a call of a function that is dear to a right answer is repeated there alone, however quick it was.
        Where the calls of the checks are all there is (`is_alone`), no probe ends chance agreement, and of several mistakes
        that are left none is named.
        """
        self._open_impostor = open_impostor
        self.patience = patience
        self.is_alone = is_alone
        self._asked_of_all = asked_of_all
        self._common: dict[str, dict[str, CallSequence]] = {}
        self._dear: dict[str, frozenset[str]] = {}
        self._known: dict[str, tuple[Candidate, ...]] = {}
        self._answers: dict[tuple[str, str], dict[str, Sequence[Outcome]]] = {}
        """Exercise and sequence of calls, and each beginning of one -> candidate -> what it gave, at least to these."""
        self._held = 0
        """About how many bytes these hold."""

    def diagnose(
        self, exercise: Exercise, results: Sequence[CheckResult], evidence: Sequence[tuple[Observed, ...]]
    ) -> tuple[CheckResult, ...]:
        """Return the results, with the mistake named at each failed check that it explains.

        An exercise has one story: of the mistakes that explain what a function gave the first in their order is told, and
        nothing where none does.
        """
        if not any(result.verdict in (Verdict.FAILED, Verdict.ERROR) for result in results):
            return tuple(results)
        try:
            story = _Story(self, exercise, results, evidence)
            return story.told()
        except SubmissionError:
            # What is known cannot be asked (a mistake loops, or is too large), and explains nothing.
            return tuple(results)

    def known(self, exercise: Exercise) -> tuple[Candidate, ...]:
        """Return the mistakes that are known of an exercise."""
        if exercise.id not in self._known:
            self._known[exercise.id] = self._open_impostor(exercise).candidates()
        return self._known[exercise.id]

    def repeated(self, exercise: Exercise, calls: Sequence[Observed]) -> Iterator[CallSequence]:
        """Yield the calls of a check as sequences that are repeated, whatever the load of the machine for the most part."""
        for sequence in sequences_of(calls):
            dear = self._dear_functions(exercise) if len(sequence) > 1 else ()
            slow = [place for place, item in enumerate(sequence) if self._is_slow(item, dear)]
            if slow:
                common = self._common_sequences(exercise)
                counts = (
                    count for count in range(len(sequence), 0, -1) if sequence.digests[count - 1] in common
                )
                longest = next(counts, 0)
                sequence = sequence.until(len(sequence) if longest > slow[-1] else max(longest, slow[0]))
            if sequence:
                yield sequence

    def _common_sequences(self, exercise: Exercise) -> dict[str, CallSequence]:
        """Return what the checks ask of a right answer: the digest of each beginning, and the sequence that begins so."""
        if exercise.id not in self._common:
            self._common[exercise.id] = {
                digest: sequence
                for calls in self._asked_of_all(exercise)
                for sequence in sequences_of(calls)
                for digest in sequence.digests
            }
        return self._common[exercise.id]

    def _dear_functions(self, exercise: Exercise) -> frozenset[str]:
        """Return the functions that took a right answer long where layers take part: they train."""
        if exercise.id not in self._dear:
            sequences = self._common_sequences(exercise).values()
            self._dear[exercise.id] = frozenset(
                item.call.function
                for sequence in sequences
                for item in sequence
                if item.seconds > _DEAR and item.call.target is None and len(sequence) > 1
            )
        return self._dear[exercise.id]

    def is_dear(self, exercise: Exercise, sequence: CallSequence) -> bool:
        """Return whether a sequence takes so long that few mistakes are asked it."""
        dear = self._dear_functions(exercise) if len(sequence) > 1 else ()
        return any(self._is_slow(item, dear) for item in sequence)

    def _is_slow(self, item: Observed, dear: Collection[str]) -> bool:
        return item.seconds > self.patience or (item.call.target is None and item.call.function in dear)

    def _asked_for(self, exercise: Exercise, sequence: CallSequence) -> CallSequence:
        """Return what is asked for the answers to a sequence: where it is dear, what costs no more beside it.

        Every mistake ends the same check at another place, and all these beginnings are answered by one longer one.
        """
        if len(sequence) == 1 or not self.is_dear(exercise, sequence):
            return sequence
        whole, count = self._common_sequences(exercise).get(sequence.digest, sequence), len(sequence)
        # A description may be too large to be asked of many at once.
        while count < len(whole) and whole[count].seconds <= _DEAR and whole[count].call.operation == "call":
            count += 1
        return whole.until(count)

    def known_answers(self, exercise: Exercise, sequence: CallSequence) -> Mapping[str, Sequence[Outcome]]:
        """Return what those gave to a sequence who were asked it already."""
        return self._answers.get((exercise.id, sequence.digest), {})

    def answers(
        self, exercise: Exercise, keys: Sequence[str], sequences: Sequence[CallSequence], *, size: int = 0
    ) -> list[dict[str, Sequence[Outcome]]]:
        """Return for each sequence what each candidate gave to it; what is not known yet is asked at once.

        `size` is about that of an outcome: what is large is not kept of everybody.
        """
        if self._held > _MOST_HELD:
            # Calls with values of the students' own are asked for once: a class of them would fill the memory.
            self._answers.clear()
            self._held = 0
        found = []
        for sequence in sequences:
            place = exercise.id, sequence.digest
            if place not in self._answers:
                self._held += weight_of_calls(sequence) + min(size, _LARGEST_KEPT) * len(keys)
            known = self._answers.setdefault(place, {})
            found.append(known if size <= _LARGEST_KEPT else dict(known))
        asked = [
            (self._asked_for(exercise, sequence), answers)
            for sequence, answers in zip(sequences, found, strict=True)
            if any(key not in answers for key in keys)
        ]
        seconds = [max(1e-5, sum(observed.seconds for observed in sequence)) for sequence, _ in asked]
        if sum(seconds) * len(keys) <= _LONGEST_MESSAGE:
            self._ask(exercise, keys, asked, _LARGEST_MESSAGE // max(size, 1))
        else:
            for each, taken in zip(asked, seconds, strict=True):
                self._ask(exercise, keys, [each], int(_LONGEST_MESSAGE / taken))
        # What is kept may be the answers to more: to what begins so and took somebody else long.
        return [
            {key: answers[key][: len(sequence)] for key in keys}
            for sequence, answers in zip(sequences, found, strict=True)
        ]

    def _ask(
        self,
        exercise: Exercise,
        keys: Sequence[str],
        asked: Sequence[tuple[CallSequence, dict[str, Sequence[Outcome]]]],
        most: int,
    ) -> None:
        """Ask what is not known yet, of at most so many candidates in one message."""
        is_dear = any(self.is_dear(exercise, sequence) for sequence, _ in asked)
        missing = [key for key in keys if any(key not in answers for _, answers in asked)]
        calls = [sequence.ordered for sequence, _ in asked]
        for start in range(0, len(missing), max(1, most)):
            chosen = missing[start : start + max(1, most)]
            names = ["" if key == AGAIN else key for key in chosen]
            # What is asked although it is slow is waited for.
            wait = _LONGEST_WAIT if is_dear else min(self.patience, _LONGEST_WAIT)
            rows = self._open_impostor(exercise).ask(names, calls, wait)
            for key, row in zip(chosen, rows, strict=True):
                position = 0
                for sequence, answers in asked:
                    given = answers[key] = row[position : position + len(sequence)]
                    if is_dear and key not in ("", AGAIN):
                        given = list(map(_slimmed, sequence, given))
                    position += len(sequence)
                    # Whoever ends the same check sooner is answered by this.
                    for beginning in map(sequence.until, range(1, len(sequence) + 1)) if is_dear else ():
                        if self.is_dear(exercise, beginning):
                            self._answers.setdefault((exercise.id, beginning.digest), {})[key] = given


AGAIN = "again"
"""Stands for the reference where it is asked the same once more."""


class _Story:
    """What is said of one submission to one exercise."""

    def __init__(
        self,
        diagnoser: Diagnoser,
        exercise: Exercise,
        results: Sequence[CheckResult],
        evidence: Sequence[tuple[Observed, ...]],
    ) -> None:
        self._diagnoser = diagnoser
        self._exercise = exercise
        self._results = results
        sequences = [
            (check, sequence)
            for check, calls in enumerate(evidence)
            for sequence in diagnoser.repeated(exercise, calls)
        ]
        self._sequences = [sequence for _, sequence in sequences]
        right = diagnoser.answers(exercise, ["", AGAIN], self._sequences)
        self._findings: list[list[Finding | None]] = []
        """For each sequence what its calls say."""
        for (check, sequence), answers in zip(sequences, right, strict=True):
            functions = functions_of(sequence)
            once, again = answers[""], answers[AGAIN]
            self._findings.append(
                [finding(check, *four) for four in zip(functions, sequence, once, again, strict=True)]
            )
        self._has_died = any(
            isinstance(observed.outcome, SubmissionError) and observed.outcome.verdict is not Verdict.ERROR
            for sequence in self._sequences
            for observed in sequence
        )

    def told(self) -> tuple[CheckResult, ...]:
        """Return the results with what is known of them."""
        wrong = [item for item in self._all(self._findings) if item.state != "same" and self._is_failed(item)]
        if not wrong:
            return tuple(self._results)
        told = list(self._results)
        for functions, mistake in self._named(wrong):
            for item in wrong:
                if functions & {*item.functions} and told[item.check].misconception is None:
                    told[item.check] = replace(told[item.check], misconception=mistake)
        return tuple(self._with_relation(index, result) for index, result in enumerate(told))

    def _is_failed(self, item: Finding) -> bool:
        return item.check < len(self._results) and self._results[item.check].verdict in (
            Verdict.FAILED,
            Verdict.ERROR,
        )

    def _named(self, wrong: list[Finding]) -> Iterator[tuple[frozenset[str], Misconception]]:
        """Yield the mistake that is told, with the functions of which it is; in another one it may be written otherwise.

        One of two functions may use the other, and then two names would be two stories of one mistake. Of hidden checks
        which one is told says something of their inputs too.
        """
        told = ""
        tried: dict[str, None] = {}
        while functions := [name for item in wrong for name in item.functions if name not in tried]:
            tried[functions[0]] = None
            found = self._survivors(functions[0])
            chosen = next((item for item in found if told in ("", item.misconception.id)), None)
            if chosen is not None:
                explained, told = frozenset(chosen.misconception.functions), chosen.misconception.id
                yield explained, chosen.misconception
                wrong = [item for item in wrong if not explained & {*item.functions}]
        symptoms = ((name, self._symptom(name)) for name in tried if not told)
        for function, mistake in symptoms:
            if mistake is not None:
                yield frozenset([function]), mistake
                return

    def _symptom(self, function: str) -> Misconception | None:
        asked = [item for item in self._all(self._findings) if item.function == function]
        return symptom(asked, is_alone=self._diagnoser.is_alone)

    def _survivors(self, function: str) -> list[Candidate]:
        """Return the mistakes that give just what the submission gave, in the order in which they are named."""
        known = [
            item for item in self._diagnoser.known(self._exercise) if function in item.misconception.functions
        ]
        plain = [item for item in known if not item.memory and not item.is_pair]
        if is_one_number([item for item in self._all(self._findings) if item.function == function]):
            plain = []
        found = self._agreeing(function, plain)
        if (not found or self._diagnoser.is_alone) and not self._has_died:
            found += self._remembering(function, [item for item in known if item.memory])
        if not self._diagnoser.is_alone:
            pairs = [item for item in known if item.is_pair] if plain else []
            return found or self._agreeing(function, pairs) or self._agreeing_in_values(function, plain)
        texts = {item.misconception.text for item in found}
        return found if len(texts) == 1 and all(texts) else []

    def _agreeing(self, function: str, candidates: list[Candidate]) -> list[Candidate]:
        """Return who agrees on all calls: first on the most telling one, and who is left then on all others."""
        candidates = self._not_refuted(candidates)
        telling = self._telling(function, candidates) if candidates else None
        if telling is None:
            return []
        # No layer is trained in vain: what comes after the first wrong call is asked of who is left.
        first = self._first_wrong(telling, function)
        sequence, findings = self._sequences[telling], self._findings[telling][:first]
        size = max((item.size for item in self._all([findings])), default=0)
        candidates = candidates[: self._most([telling])]
        keys = [item.key for item in candidates]
        (answers,) = self._diagnoser.answers(self._exercise, keys, [sequence.until(first)], size=size)
        left = self._agreeing_at(telling, candidates, answers)
        kept = []
        for concerned, together in groupby(left, key=lambda item: item.misconception.functions):
            known = {telling: answers} if first == len(sequence) else {}
            kept += self._agreeing_elsewhere(frozenset(concerned), list(together), known)
        if kept and not self._has_values(kept) and len({item.misconception.id for item in kept}) > 1:
            return []
        return kept

    def _not_refuted(self, candidates: list[Candidate]) -> list[Candidate]:
        """Return whom nothing refutes that was asked for another submission: who is left is asked what is new.

        What is dear is left out: the few that are asked it are the first of all.
        """
        for index in sorted(range(len(self._sequences)), key=self._dullness):
            if len(candidates) <= _FEW:
                break
            if not self._is_dear(index):
                known = self._diagnoser.known_answers(self._exercise, self._sequences[index])
                candidates = self._agreeing_at(index, candidates, known) if known else candidates
        return candidates

    def _agreeing_at(
        self, index: int, candidates: list[Candidate], answers: Mapping[str, Sequence[Outcome]]
    ) -> list[Candidate]:
        """Return who agrees on a sequence, and who was not asked it."""
        # Equal outcomes are one object, and looked at once.
        memo: dict[tuple[Any, ...], bool] = {}
        left = []
        for item in candidates:
            functions, given = item.misconception.functions, answers.get(item.key)
            if given is not None:
                likeness = (functions, *map(id, given))
                if likeness not in memo:
                    memo[likeness] = self._is_agreeing(frozenset(functions), [(index, given)])
            if given is None or memo[likeness]:
                left.append(item)
        return left

    def _agreeing_in_values(self, function: str, candidates: list[Candidate]) -> list[Candidate]:
        """Return who agrees on all values, where what is wrong beside them can be told."""
        more = beside([item for item in self._all(self._findings) if item.function == function])
        if not more:
            return []
        story = copy(self)
        story._findings = [
            [item and replace(item, is_of_values=True) for item in sequence] for sequence in self._findings
        ]
        return [
            replace(item, misconception=joined(item.misconception, more))
            for item in story._agreeing(function, candidates)
        ]

    def _agreeing_elsewhere(
        self,
        functions: frozenset[str],
        candidates: list[Candidate],
        known: Mapping[int, Mapping[str, Sequence[Outcome]]],
    ) -> list[Candidate]:
        """Return who agrees on all other calls as well; where many are left, they are asked call by call."""
        others = [index for index in range(len(self._sequences)) if index not in known]
        others = [index for index in others if self._concerns(index, functions)]
        others.sort(key=lambda index: (self._is_dear(index), self._dullness(index)))
        given_by = {
            item.key: [(index, answers[item.key]) for index, answers in known.items()] for item in candidates
        }
        while others and candidates:
            count = 1 if len(candidates) > _FEW else len(others)
            now, others = others[:count], others[count:]
            candidates = candidates[: self._most(now)]
            keys = [item.key for item in candidates]
            found = self._diagnoser.answers(self._exercise, keys, [self._sequences[index] for index in now])
            for item in candidates:
                given_by[item.key] += [
                    (index, each[item.key]) for index, each in zip(now, found, strict=True)
                ]
            candidates = [
                item for item in candidates if self._is_agreeing(functions, given_by[item.key][-count:])
            ]
        kept = [item for item in candidates if self._is_enough(item, given_by[item.key])]
        # Who crashes where the submission does not is less like it than who gives the same there.
        return sorted(
            kept,
            key=lambda item: sum(
                found.fits(answer) is None for found, answer in self._pairs(functions, given_by[item.key])
            ),
        )

    def _remembering(self, function: str, candidates: list[Candidate]) -> list[Candidate]:
        """Return who keeps something and agrees, given all calls in their order: first up to the first wrong one."""
        kept = []
        for concerned, together in groupby(candidates, key=lambda item: item.misconception.functions):
            functions, left = frozenset(concerned), list(together)
            indices = [index for index in range(len(self._sequences)) if self._concerns(index, functions)]
            wrong = next(at for at, index in enumerate(indices, start=1) if self._is_wrong(index, function))
            for some in (indices[:wrong], indices):
                if not left:
                    break
                left = left[: self._most(some)]
                calls = CallSequence(observed for index in some for observed in self._sequences[index])
                (found,) = self._diagnoser.answers(self._exercise, [item.key for item in left], [calls])
                given_by = {item.key: self._divided(some, found[item.key]) for item in left}
                left = [item for item in left if self._is_agreeing(functions, given_by[item.key])]
            kept += [item for item in left if self._is_enough(item, given_by[item.key])]
        return kept

    def _is_dear(self, index: int) -> bool:
        return self._diagnoser.is_dear(self._exercise, self._sequences[index])

    def _most(self, indices: Sequence[int]) -> int | None:
        """Return how many mistakes are asked some sequences; None where they cost little."""
        return _MOST_DEAR if any(map(self._is_dear, indices)) else None

    def _divided(
        self, indices: Sequence[int], given: Sequence[Outcome]
    ) -> list[tuple[int, Sequence[Outcome]]]:
        """Return for each sequence the part that belongs to it."""
        rest = iter(given)
        return [(index, list(islice(rest, len(self._sequences[index])))) for index in indices]

    def _dullness(self, index: int) -> tuple[bool, int]:
        """Return what puts calls first that were wrong, and among these and the others those that are little work."""
        findings = list(self._all([self._findings[index]]))
        return all(item.state == "same" for item in findings), sum(item.size for item in findings)

    def _concerns(self, index: int, functions: frozenset[str]) -> bool:
        return any(functions & {*item.functions} for item in self._all([self._findings[index]]))

    def _is_wrong(self, index: int, function: str) -> bool:
        return any(
            item.state != "same" and function in item.functions for item in self._all([self._findings[index]])
        )

    def _first_wrong(self, index: int, function: str) -> int:
        """Return how many calls of a sequence there are up to the first that a function has made wrong."""
        return next(
            place
            for place, item in enumerate(self._findings[index], start=1)
            if item is not None and item.state != "same" and function in item.functions
        )

    def _telling(self, function: str, candidates: Sequence[Candidate]) -> int | None:
        """Return the sequence that refutes most for the least work: one that is wrong in enough places, and small."""
        choices = []
        for index, findings in enumerate(self._findings):
            wrong = [
                item
                for item in self._all([findings])
                if function in item.functions and item.state != "same" and not item.observed.is_probe
            ]
            if wrong:
                count = max(len(item.differences) for item in wrong)
                # What was asked for another submission costs nothing.
                first = self._first_wrong(index, function)
                calls = self._sequences[index].until(first)
                known = self._diagnoser.known_answers(self._exercise, calls)
                is_new = any(item.key not in known for item in candidates)
                size = sum(item.size for item in wrong)
                is_dear = self._is_dear(index)
                choices.append((is_dear, is_new, count < ENOUGH, -min(count, ENOUGH), size, index))
        return min(choices)[-1] if choices else None

    def _pairs(
        self, functions: frozenset[str], given_by: Sequence[tuple[int, Sequence[Outcome]]]
    ) -> Iterator[tuple[Finding, Outcome]]:
        for index, given in given_by:
            # Of a sequence its beginning may be all that was asked.
            for item, answer in zip(self._findings[index], given, strict=False):
                if item is not None and functions & {*item.functions}:
                    yield item, answer

    def _is_agreeing(
        self, functions: frozenset[str], given_by: Sequence[tuple[int, Sequence[Outcome]]]
    ) -> bool:
        return all(item.fits(answer) is not False for item, answer in self._pairs(functions, given_by))

    def _is_enough(self, candidate: Candidate, given_by: Sequence[tuple[int, Sequence[Outcome]]]) -> bool:
        """Return whether what agrees is no accident: three different wrong numbers, or the same exception told alike."""
        functions = frozenset(candidate.misconception.functions)
        asked = [pair for pair in self._pairs(functions, given_by) if pair[0].fits(pair[1])]
        if len(set().union(*(item.differences for item, _ in asked))) >= ENOUGH:
            return True
        crashed = [(item, answer) for item, answer in asked if item.state == "crashed"]
        if not crashed:
            return False
        has_message = all(item.has_message_of(answer) for item, answer in crashed)
        if sum(item.state == "same" and isinstance(item.right, Reply) for item, _ in asked) >= 2:
            return has_message or candidate.works_only
        return has_message and not any(_says_little(answer) for _, answer in crashed)

    def _has_values(self, candidates: Sequence[Candidate]) -> bool:
        """Return whether a wrong value is among the evidence, and not exceptions alone."""
        functions = {name for item in candidates for name in item.misconception.functions}
        return any(
            item.state == "differs" for item in self._all(self._findings) if functions & {*item.functions}
        )

    def _with_relation(self, index: int, result: CheckResult) -> CheckResult:
        """Return a result without a relation beside a named mistake, and with one that a probe has confirmed.

        Of a mistake that is a relation in words, a visible check says more.
        """
        why = result.explanation
        if why is None or why.difference is None:
            return result
        if result.misconception is not None and result.misconception.line:
            # What stands in no file is a symptom, and as true as a relation.
            shown = None
        else:
            shown = why.difference.relation or self._confirmed(index)
        difference = replace(why.difference, relation=shown)
        return replace(result, explanation=replace(why, difference=difference))

    def _confirmed(self, index: int) -> Explanation | None:
        """Return how a check's value is made of the right one, where that holds for every other wrong value too."""
        wrong = [
            item
            for item in self._all(self._findings)
            if item.state == "differs" and isinstance(item.right, Reply) and item.has_numbers
        ]
        here = [item for item in wrong if item.check == index and item.observed.tolerance is not None]
        alike = [item for item in wrong if here and item.function == here[-1].function]
        if not any(item.observed.is_probe for item in alike):
            return None
        found = relation(here[-1])
        return found if found and all(relation(item) == found for item in alike) else None

    @staticmethod
    def _all(findings: Iterable[Sequence[Finding | None]]) -> Iterator[Finding]:
        return (item for sequence in findings for item in sequence if item is not None)


def _slimmed(observed: Observed, outcome: Outcome) -> Outcome:
    """Return what is compared of an outcome: what is dear is kept of every mistake, and a network's weights are large."""
    return replace(outcome, value=shown(observed, outcome)) if isinstance(outcome, Reply) else outcome


def _says_little(answer: Outcome) -> bool:
    """Return whether an exception's text says nothing of what was done: a dozen mistakes raise it."""
    if not isinstance(answer, SubmissionError):
        return True
    message = str(answer.explanation.values.get("message", "")).lower()
    about_shapes = ("shape", "axis", "axes", "broadcast", "dimension", "index", "size", "align")
    is_shape = bool(_SHAPES & set(answer.type_names)) or any(word in message for word in about_shapes)
    return is_shape or not letters(answer)


def sequences_of(calls: Sequence[Observed]) -> Iterator[CallSequence]:
    """Yield the calls of a check as sequences: a layer or a figure remembers what was done to it, a function does not."""
    if any(observed.has_state for observed in calls):
        yield CallSequence(calls)
    else:
        for observed in calls:
            alone = CallSequence((observed,))
            alone.ordered = [observed.call]
            yield alone


def functions_of(sequence: CallSequence) -> list[tuple[str, ...]]:
    """Return for each call the functions that it shows: the one that is called, or all that a layer went through.

    The last one that a layer was given to comes first, and the one that made it last.
    """
    behind: dict[int, tuple[str, ...]] = {}
    functions = []
    for observed in sequence:
        call, target = observed.call, observed.call.target
        shown = (call.function,) if target is None else behind.get(target.number, ("",))
        functions.append(shown)
        if target is None:
            for handle in call.handles:
                behind[handle.number] = tuple(dict.fromkeys((*shown, *behind.get(handle.number, ()))))
        for handle in wire.handles_in(observed.outcome):
            behind.setdefault(handle.number, shown)
    return functions


def digests_of(calls: Iterable[Call]) -> Iterator[str]:
    """Yield what each beginning of calls in which a layer is known by its place is known by."""
    digest = hashlib.sha256()
    for call in calls:
        digest.update(wire.encode([call.operation, call.function, call.args, call.kwargs, call.target]))
        yield digest.hexdigest()


def digest_of(calls: Iterable[Call]) -> str:
    """Return what all of these calls are known by."""
    return list(digests_of(calls))[-1]
