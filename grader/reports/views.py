"""What one reader may see of a check: an instructor everything, a student nothing of a hidden check's input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from grader.messages.sentences import explain, in_every_language, index_text, shape_text, text
from grader.model import (
    PADDED,
    CheckResult,
    Difference,
    Language,
    Misconception,
    TensorView,
    Text,
    Verdict,
)

__all__ = [
    "MOST_LINES",
    "Block",
    "CheckView",
    "Grid",
    "View",
    "explain_result",
    "grid_rows",
    "instructor_view",
    "places",
    "student_view",
    "window_rows",
    "window_sentence",
    "with_titles",
]


LONGEST_OUTPUT = 4000

Row = list[tuple[int, str]]
"""Cells side by side, each with its flat position."""


@dataclass(frozen=True, slots=True)
class Block:
    """One image and channel of a tensor."""

    index: str
    """Where it is in the tensor, as it is written in code; empty where there is no other."""
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Grid:
    """A tensor that is small enough to be drawn."""

    key: str
    """Whose it is, as a sentence of the catalogue."""
    form: str
    """Its dtype and shape."""
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as it is shown; what its reader may not see is not in it."""

    name: str
    title: Text
    hidden: bool
    verdict: Verdict
    earned: float
    points: float
    why: Text | None = None
    call: str = ""
    output: str = ""
    difference: Difference | None = None
    mistake: Misconception | None = None
    repeated: bool = False
    """The mistake was explained at an earlier check of the exercise."""

    @property
    def passed(self) -> bool:
        """Return whether it passed."""
        return self.verdict is Verdict.PASSED

    @property
    def sign(self) -> str:
        """Return the verdict at a glance."""
        return {Verdict.PASSED: "✓", Verdict.SKIPPED: "–", Verdict.UNGRADED: "!"}.get(self.verdict, "✗")

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Return the tensors as rows of cells, the returned one first; nothing where one is too large."""
        if self.difference is None or self.difference.aspect not in ("values", "shape"):
            return ()
        mine = _grid("tensor.yours", self.difference.actual)
        wanted = _grid("tensor.expected", self.difference.expected)
        return () if mine is None or wanted is None else (mine, wanted)

    @property
    def window(self) -> list[Row] | None:
        """Return the part of the input that the first wrong element is made from, as rows of cells."""
        return window_rows(self.difference)


def _grid(key: str, view: TensorView) -> Grid | None:
    rows = grid_rows(view)
    if rows is None:
        return None
    parts: list[list[Row]] = [[]]
    for row in rows:
        if row:
            parts[-1].append(row)
        else:
            parts.append([])
    shape = view.shape or ()
    names = [""]
    if len(parts) > 1:
        names = [f"[{image}, :, :, {channel}]" for image in range(shape[0]) for channel in range(shape[3])]
    blocks = [Block(name, part) for name, part in zip(names, parts, strict=True)]
    return Grid(key, f"{view.dtype or ''} {shape_text(shape)}".strip(), blocks)


View = Callable[[Sequence[CheckResult]], Iterator[CheckView]]


def instructor_view(results: Sequence[CheckResult]) -> Iterator[CheckView]:
    """Yield the checks with all that is known of them."""
    for result, repeated in _with_repetition(results):
        why = result.explanation
        yield CheckView(
            name=result.name,
            title=result.title,
            hidden=not result.visible,
            verdict=result.verdict,
            earned=result.earned,
            points=result.points,
            why=None if why is None or _passed(result) else in_every_language(partial(explain, why)),
            call="" if _passed(result) else result.call,
            output="" if _passed(result) else result.output.strip()[:LONGEST_OUTPUT],
            difference=None if why is None or _passed(result) else why.difference,
            mistake=result.misconception,
            repeated=repeated,
        )


def student_view(results: Sequence[CheckResult]) -> Iterator[CheckView]:
    """Yield the checks as their student may see them.

    Of a hidden check that is the property, the verdict, and the misconception's explanation: no call, no output, no
    values, and nothing of our own fault, whose text could hold them.
    """
    for result, repeated in _with_repetition(results):
        is_bare = _passed(result) or not result.visible
        difference = None if result.explanation is None else result.explanation.difference
        yield CheckView(
            name=result.name if result.visible else "",
            title=result.title,
            hidden=not result.visible,
            verdict=result.verdict,
            earned=result.earned,
            points=result.points,
            why=in_every_language(partial(explain_result, result)) if explain_result(result, "en") else None,
            call="" if is_bare or result.verdict is Verdict.FORBIDDEN else result.call,
            output="" if is_bare else result.output.strip()[:LONGEST_OUTPUT],
            difference=None if is_bare else difference,
            mistake=None if _passed(result) else result.misconception,
            repeated=repeated,
        )


def _passed(result: CheckResult) -> bool:
    return result.verdict is Verdict.PASSED


def _with_repetition(results: Sequence[CheckResult]) -> Iterator[tuple[CheckResult, bool]]:
    named: set[str] = set()
    for result in with_titles(results):
        mistake = result.misconception.id if result.misconception is not None else None
        yield result, mistake in named
        if mistake is not None:
            named.add(mistake)


def places(difference: Difference, language: Language) -> list[str]:
    """Return the first wrong elements as sentences, for tensors that are too large to be drawn."""
    return [
        text(
            "tensor.place",
            language,
            index=index_text(place.index),
            actual=place.actual,
            expected=place.expected,
        )
        for place in difference.first
    ]


MOST_LINES = 12


def explain_result(result: CheckResult, language: Language) -> str:
    """Return why a check did not pass, as far as a student may know it.

    Of a hidden check that failed on a value a student reads the property alone: neither the call, nor what the code
    printed, nor the text of its exceptions, all of which could carry the hidden input out. Nor why a hidden check could
    not be graded: our own fault may tell what the check is about.
    """
    if result.verdict is Verdict.PASSED or result.explanation is None:
        return ""
    if not result.visible and result.verdict in (Verdict.FAILED, Verdict.UNGRADED):
        return ""
    return explain(result.explanation, language, with_values=result.visible)


def with_titles(results: Sequence[CheckResult]) -> Iterator[CheckResult]:
    """Yield results that name another check by its title: a function's name says nothing to who never saw the file."""
    titles = {result.name: result.title for result in results}
    for result in results:
        why = result.explanation
        title = titles.get(str(why.values.get("after"))) if why is not None else None
        if why is not None and title is not None:
            result = replace(result, explanation=replace(why, values={**why.values, "after": title}))
        yield result


def window_sentence(difference: Difference, language: Language) -> str:
    """Return which part of the input the first wrong element is made from; empty where the check does not say."""
    window = difference.window
    if window is None or not difference.first:
        return ""
    sentence = text(
        "tensor.window",
        language,
        index=index_text(difference.first[0].index),
        first_row=window.rows[0],
        last_row=window.rows[1] - 1,
        first_column=window.columns[0],
        last_column=window.columns[1] - 1,
    )
    if PADDED in (window.view.cells or ()):
        sentence += f" ({text('tensor.window_padded', language, sign=PADDED)})"
    return sentence


def window_rows(difference: Difference | None) -> list[list[tuple[int, str]]] | None:
    """Return that part of the input as rows of cells; None where there is none, or it is too large to be drawn."""
    if difference is None or difference.window is None or not difference.first:
        return None
    rows = grid_rows(difference.window.view)
    return rows if rows is not None and len(rows) <= MOST_LINES else None


def grid_rows(view: TensorView) -> list[list[tuple[int, str]]] | None:
    """Return a small tensor as rows of (flat position, cell): its images below each other, an empty row between.

    The last axis is the channel: channels stand below each other too. None where a tensor is too large to be drawn.
    """
    if view.cells is None or view.shape is None or not view.cells:
        return None
    shape = view.shape if len(view.shape) == 4 else (1, *view.shape[:2], 1) if len(view.shape) == 2 else None
    if shape is None:
        return [[(flat, cell) for flat, cell in enumerate(view.cells)]]
    images, height, width, channels = shape
    if width > 12:
        return None
    rows: list[list[tuple[int, str]]] = []
    for image in range(images):
        for channel in range(channels):
            if rows:
                rows.append([])
            for y in range(height):
                flats = [((image * height + y) * width + x) * channels + channel for x in range(width)]
                rows.append([(flat, view.cells[flat]) for flat in flats])
    return rows
