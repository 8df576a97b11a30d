"""How alike the answers of a class are, by winnowed fingerprints of their tokens.

The result is a list for a person to look at; it never changes a grade.

Winnowing: Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003. Pygments
reads the tokens, also of code that is not valid Python. One name is like any other, one number and one text too, and comments
are left out. What the stub and the visible checks hold, and what much of the class writes, is not counted.

A short exercise has few good answers, and students who worked alone hand in the same. So pairs are ranked by what is rare:
the tokens that they share with hardly anybody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, Number, String, Whitespace

GRAM = 10
"""The number of tokens in a gram: shorter equal passages are not seen."""
WINDOW = 6
"""One gram in so many neighbours is kept as a fingerprint: an equal passage of GRAM + WINDOW - 1 tokens is always found."""
FEWEST_TOKENS = 30
"""An answer with fewer tokens of its own is not compared."""
COMMON_SHARE = 0.3
"""A gram of more than this share of the class is how the exercise is solved, and no sign of copying."""
SMALLEST_CLASS = 8
"""In a class of fewer students no gram is taken for common."""
RARE_SHARE = 0.04
"""A gram of at most this share of the class is rare ..."""
RARE_COUNT = 4
"""... and so is a gram of at most this many students: a small group may have worked on one answer."""
FEWEST_CONTAINED = 60
"""From so many tokens on, the share of one answer that is in the other counts: padding a copy hides nothing."""
MOST_PAIRS = 500
"""So many pairs, those that share most of what is rare, are compared in full."""

Ints = NDArray[np.uint64]
Mask = NDArray[np.bool_]
"""For each token of an answer, whether something is true of it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an answer that the other answer has, too, by the positions of its characters."""

    start: int
    end: int
    is_rare: bool = True
    """Whether hardly anybody else has it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students' answers to one exercise."""

    first: str
    second: str
    similarity: float
    """The share, 0 to 1, of both answers' own tokens that the other has, too; or of one answer's, where that is more and
    these are at least FEWEST_CONTAINED."""
    shared: int
    """The number of the first answer's own tokens that the second has, too."""
    rare: int
    """The number of those that hardly anybody else has."""
    first_passages: tuple[Passage, ...]
    second_passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The answers of a class to one exercise."""

    pairs: tuple[Pair, ...]
    """The pairs that are alike; those that share most of what is rare come first."""
    too_short: tuple[str, ...]
    """The students whose code of their own is too short to be compared."""


@dataclass(frozen=True, slots=True)
class _Lexed:
    count: int
    spans: tuple[tuple[int, int], ...]
    """Where each token begins and ends in the text."""
    grams: Ints
    """The hash of every run of GRAM tokens, by its first token."""
    prints: frozenset[int]
    """The fingerprints: the grams that winnowing keeps."""


def tokens(code: str) -> Iterator[tuple[str, int, int]]:
    """Yield each token with where it begins and ends; a name, a text or a number is given as those words."""
    for start, kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens_unprocessed(code):
        if kind in Whitespace or kind in Comment or kind in String.Doc or not value.strip():
            continue
        form = value
        if kind in Name and kind not in Name.Builtin:
            form = "a name"
        elif kind in String:
            form = "a text"
        elif kind in Number:
            form = "a number"
        yield form, start, start + len(value)


def compare(answers: Mapping[str, str], given: Sequence[str] = (), *, least: float = 0.5) -> tuple[Pair, ...]:
    """Return the pairs of students whose answers are alike, as `compare_all` finds them."""
    return compare_all(answers, given, least=least).pairs


def compare_all(answers: Mapping[str, str], given: Sequence[str] = (), *, least: float = 0.5) -> Compared:
    """Compare the answers of a class with each other: student -> code.

    `given` is the code that all students have: the stub and the visible checks. Pairs of a smaller similarity than `least`
    are left out.
    """
    vocabulary: dict[str, int] = {}
    lexed = {student: _lex(code, vocabulary) for student, code in answers.items()}
    left_out = {int(gram) for text in given for gram in _lex(text, vocabulary).grams}
    common, rare = _spread(list(lexed.values()))
    left_out |= common
    own = {
        student: item
        for student, item in lexed.items()
        if item.count - _covered(item, left_out).sum() >= FEWEST_TOKENS
    }
    pairs = []
    for first, second in _candidates(own, left_out, rare, least):
        pair = _pair(first, second, own[first], own[second], left_out, rare)
        if pair.similarity >= least:
            pairs.append(pair)
    ranked = sorted(
        pairs, key=lambda pair: (-pair.rare, -pair.similarity, -pair.shared, pair.first, pair.second)
    )
    return Compared(tuple(ranked), tuple(sorted(answers.keys() - own.keys())))


def _lex(code: str, vocabulary: dict[str, int]) -> _Lexed:
    """Return an answer's tokens; `vocabulary` gives each form of a token a number, and grows."""
    forms: list[int] = []
    spans: list[tuple[int, int]] = []
    for form, start, end in tokens(code):
        # The lexer cuts a text in quotes into several tokens.
        if form == "a text" and forms and forms[-1] == vocabulary.get(form) and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
            continue
        forms.append(vocabulary.setdefault(form, len(vocabulary) + 1))
        spans.append((start, end))
    codes = np.asarray(forms, dtype=np.uint64)
    grams = _grams(codes)
    return _Lexed(len(codes), tuple(spans), grams, _winnow(grams))


def _grams(codes: Ints) -> Ints:
    """Return the hash of every run of GRAM tokens; the arithmetic wraps around, which is what a hash wants."""
    if len(codes) < GRAM:
        return np.empty(0, dtype=np.uint64)
    with np.errstate(over="ignore"):
        factors = np.cumprod(np.full(GRAM, 0x9E3779B97F4A7C15, dtype=np.uint64))
        hashes = (sliding_window_view(codes, GRAM) * factors).sum(axis=1, dtype=np.uint64)
        hashes ^= hashes >> np.uint64(29)
        mixed: Ints = hashes * np.uint64(0xBF58476D1CE4E5B9)
    return mixed


def _winnow(grams: Ints) -> frozenset[int]:
    """Return the smallest hash of every window of WINDOW grams."""
    if len(grams) <= WINDOW:
        return frozenset(map(int, grams[:1])) if len(grams) else frozenset()
    return frozenset(map(int, sliding_window_view(grams, WINDOW).min(axis=1)))


def _spread(lexed: Sequence[_Lexed]) -> tuple[set[int], set[int]]:
    """Return the grams that much of the class has, and those that hardly anybody has."""
    if not lexed:
        return set(), set()
    every = np.concatenate([np.unique(item.grams) for item in lexed])
    grams, counts = np.unique(every, return_counts=True)
    most = max(RARE_COUNT, RARE_SHARE * len(lexed))
    rare = {int(gram) for gram in grams[counts <= most]}
    if len(lexed) < SMALLEST_CLASS:
        return set(), rare
    return {int(gram) for gram in grams[counts > max(2, COMMON_SHARE * len(lexed))]}, rare


def _candidates(
    own: Mapping[str, _Lexed], left_out: set[int], rare: set[int], least: float
) -> list[tuple[str, str]]:
    """Return the pairs that may be alike, at most MOST_PAIRS of them: those that share most of what is rare."""
    prints = {student: item.prints - left_out for student, item in own.items()}
    index: dict[int, list[str]] = {}
    for student in sorted(prints):
        for mark in prints[student]:
            index.setdefault(mark, []).append(student)
    shared: Counter[tuple[str, str]] = Counter()
    shared_rare: Counter[tuple[str, str]] = Counter()
    for mark, holders in index.items():
        pairs = list(combinations(holders, 2))
        shared.update(pairs)
        if mark in rare:
            shared_rare.update(pairs)
    ranked = []
    for (first, second), count in shared.items():
        share = count / min(len(prints[first]), len(prints[second]))
        # Fingerprints are a sample: the share of them may be far from the share of tokens.
        if share >= least / 2:
            ranked.append((-shared_rare[first, second], -share, first, second))
    return [(first, second) for _, _, first, second in sorted(ranked)[:MOST_PAIRS]]


def _covered(item: _Lexed, grams: set[int]) -> Mask:
    """Return which tokens lie in one of these grams."""
    covered = np.zeros(item.count, dtype=bool)
    for at, gram in enumerate(item.grams.tolist()):
        if gram in grams:
            covered[at : at + GRAM] = True
    return covered


def _pair(first: str, second: str, a: _Lexed, b: _Lexed, left_out: set[int], rare: set[int]) -> Pair:
    """Compare two answers. A student's own tokens are those that lie in no gram that is `left_out`."""
    shared = (set(a.grams.tolist()) & set(b.grams.tolist())) - left_out
    own_a, own_b = ~_covered(a, left_out), ~_covered(b, left_out)
    same_a, same_b = _covered(a, shared) & own_a, _covered(b, shared) & own_b
    rare_a, rare_b = _covered(a, shared & rare) & own_a, _covered(b, shared & rare) & own_b
    similarity = float(same_a.sum() + same_b.sum()) / float(own_a.sum() + own_b.sum())
    for same, own in ((same_a, own_a), (same_b, own_b)):
        if same.sum() >= FEWEST_CONTAINED:
            similarity = max(similarity, float(same.sum()) / float(own.sum()))
    return Pair(
        first,
        second,
        similarity,
        int(same_a.sum()),
        int(rare_a.sum()),
        _passages(a, same_a, rare_a),
        _passages(b, same_b, rare_b),
    )


def _passages(item: _Lexed, same: Mask, rare: Mask) -> tuple[Passage, ...]:
    """Return the runs of equal tokens as passages of the text; what is rare is a passage of its own."""
    kinds = np.concatenate(([0], same.astype(np.int8) + rare, [0]))
    edges = np.flatnonzero(np.diff(kinds))
    return tuple(
        Passage(item.spans[start][0], item.spans[end - 1][1], bool(kinds[start + 1] == 2))
        for start, end in pairwise(edges.tolist())
        if kinds[start + 1]
    )
