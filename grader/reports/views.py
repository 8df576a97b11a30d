"""What one reader may see of a check: an instructor everything, a student of a hidden check its kind.

Nothing else shows a check: every format lays out a `CheckView`, and what its reader may not see is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from grader.messages.sentences import bilingual, explain, in_every_language, index_text, shape_text, text
from grader.model import (
    PADDED,
    Attachment,
    CheckKind,
    CheckResult,
    Difference,
    Explanation,
    Grade,
    InputWindow,
    Language,
    TensorView,
    Text,
    Verdict,
    counted_verdicts,
    summary_verdict,
)
from grader.reports.hidden import told_to_student
from grader.reports.signs import SIGNS, Sign, verdict_text

LONGEST_OUTPUT = 4000
WIDEST_GRID = 12
TALLEST_WINDOW = 12

Row = list[tuple[str, bool]]
"""Cells side by side, each with whether it is marked: as wrong, or in a window as padding."""


@dataclass(frozen=True, slots=True)
class Block:
    """One image and channel of a tensor."""

    index: str
    """Where it is in the tensor, as it is written in code; empty where there is no other."""
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Grid:
    """A tensor that is small enough to be drawn."""

    is_actual: bool
    """Whether it is what was returned, and not what was expected."""
    form: str
    """Its dtype and shape."""
    blocks: list[Block]

    @property
    def name(self) -> Text:
        """Return whose it is."""
        return bilingual("tensor.yours" if self.is_actual else "tensor.expected")

    @property
    def rows(self) -> list[Row]:
        """Return its blocks below each other, an empty row between."""
        return _below_each_other(self.blocks)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the input that the first wrong element is made from."""

    sentence: Text
    rows: list[Row]
    """Empty where it is too large to be drawn."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as it is shown; what its reader may not see is not in it."""

    name: str
    """The check's function; empty where the reader may not know it."""
    title: Text
    hidden: bool
    verdict: Verdict
    earned: float
    points: float
    mistake: Text | None = None
    """What was probably done, or that it is the same mistake as at an earlier check of the exercise."""
    mistake_id: str = ""
    """The misconception's name, for an instructor."""
    why: Text | None = None
    code: str = ""
    """The student's own lines that an exception went through, with signs that point into them."""
    place: str = ""
    """The last of these lines."""
    is_told: bool = False
    """Whether it is said of the file as a whole why it did not pass."""
    call: str = ""
    output: str = ""
    difference: Difference | None = None
    seconds: float | None = None
    """None where the reader may not know it: how long a hidden check took is a submission's to choose by its input."""
    kind: CheckKind = "check"
    answer: str = ""
    """What was answered to a question."""
    is_read: bool = False
    """Whether that needs no person, and is graded where it is handed in."""
    rubric: Text | None = None
    """What gives how many points, for an instructor."""
    attachments: tuple[Attachment, ...] = ()
    """The submission's pictures and files, for an instructor."""

    @property
    def passed(self) -> bool:
        """Return whether it passed."""
        return self.verdict is Verdict.PASSED

    @property
    def has_details(self) -> bool:
        """Return whether there is more to say than that it passed."""
        return not self.passed or self.kind == "question"

    @property
    def sign(self) -> Sign:
        """Return the verdict at a glance."""
        return SIGNS[self.verdict]

    @property
    def verdict_text(self) -> Text:
        """Return what the verdict is called."""
        return verdict_text(self.verdict, is_read=self.is_read)

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Return both tensors to be drawn side by side, the returned one first; nothing where one is too large."""
        difference = self.difference
        if difference is None or difference.aspect not in ("values", "shape"):
            return ()
        grids = []
        for is_actual, tensor in ((True, difference.actual), (False, difference.expected)):
            blocks = _blocks(tensor, difference.wrong)
            if blocks is None:
                return ()
            form = f"{tensor.dtype or ''} {shape_text(tensor.shape)}".strip()
            grids.append(Grid(is_actual, form, blocks))
        return tuple(grids)

    @property
    def places(self) -> list[Text]:
        """Return the first wrong elements as sentences, where the tensors are not drawn."""
        if self.difference is None or self.grids:
            return []
        return [
            bilingual(
                "tensor.place", index=index_text(place.index), actual=place.actual, expected=place.expected
            )
            for place in self.difference.first
        ]

    @property
    def window(self) -> Window | None:
        """Return what the first wrong element is made from; None where the check does not say."""
        if self.difference is None or self.difference.window is None or not self.difference.first:
            return None
        window, index = self.difference.window, index_text(self.difference.first[0].index)
        padded = [flat for flat, cell in enumerate(window.view.cells or ()) if cell == PADDED]
        rows = _below_each_other(_blocks(window.view, padded) or [])
        return Window(
            in_every_language(lambda language: _window_sentence(window, index, bool(padded), language)),
            rows if len(rows) <= TALLEST_WINDOW else [],
        )


def _blocks(tensor: TensorView, marked: Iterable[int]) -> list[Block] | None:
    """Return a small tensor image by image and channel by channel; None where it is too large to be drawn.

    The last axis is the channel. The cells at the flat positions `marked` are marked.
    """
    if not tensor.cells or tensor.shape is None:
        return None
    wrong = set(marked)
    cells = [(cell, flat in wrong) for flat, cell in enumerate(tensor.cells)]
    shape = tensor.shape if len(tensor.shape) == 4 else (1, *tensor.shape, 1)
    if len(shape) != 4:
        return [Block("", [cells])]
    images, height, width, channels = shape
    if width > WIDEST_GRID:
        return None
    blocks = []
    for image in range(images):
        of_image = cells[image * height * width * channels :]
        for channel in range(channels):
            index = f"[{image}, :, :, {channel}]" if images * channels > 1 else ""
            starts = [channel + y * width * channels for y in range(height)]
            rows = [of_image[start : start + width * channels : channels] for start in starts]
            blocks.append(Block(index, rows))
    return blocks


def _below_each_other(blocks: list[Block]) -> list[Row]:
    rows: list[Row] = []
    for block in blocks:
        rows += [[], *block.rows] if rows else block.rows
    return rows


def _window_sentence(window: InputWindow, index: str, is_padded: bool, language: Language) -> str:
    sentence = text(
        "tensor.window",
        language,
        index=index,
        first_row=window.rows[0],
        last_row=window.rows[1] - 1,
        first_column=window.columns[0],
        last_column=window.columns[1] - 1,
    )
    return f"{sentence} ({text('tensor.window_padded', language, sign=PADDED)})" if is_padded else sentence


class View(Protocol):
    """What one kind of reader may see of an exercise's checks."""

    def __call__(self, results: Sequence[CheckResult], told: Sequence[Note] = ()) -> Iterator[CheckView]:
        """Yield the checks; `told` is what is said of the file already, and is not said of each check again."""


def instructor_view(results: Sequence[CheckResult], told: Sequence[Note] = ()) -> Iterator[CheckView]:
    """Yield an exercise's checks with all that is known of them."""
    return _views(results, told, is_instructor=True)


def student_view(results: Sequence[CheckResult], told: Sequence[Note] = ()) -> Iterator[CheckView]:
    """Yield an exercise's checks as their student may see them: of a hidden check its kind alone (`hidden.py`)."""
    notes = [note.explanation for note in told]
    return _views(tuple(told_to_student(results, notes)), told, is_instructor=False)


def student_grade(grade: Grade) -> Grade:
    """Return a grade with the verdict that its student may see: the gravest of its checks as they see them."""
    shown = counted_verdicts(student_view(grade.checks, notes_of(grade)))
    return replace(grade, verdict=summary_verdict(shown)) if shown else grade


def _views(
    results: Sequence[CheckResult], told: Sequence[Note], *, is_instructor: bool
) -> Iterator[CheckView]:
    notes = [note.explanation for note in told]
    # All cases of a parametrised check have its title.
    titles = {result.name.partition("[")[0]: result.title for result in results}
    explained: set[str] = set()
    raised: list[tuple[Explanation, Text]] = []
    for result in results:
        is_open = result.visible or is_instructor
        is_question = result.kind == "question"
        is_missed = is_question or result.verdict is not Verdict.PASSED
        is_told = result.explanation in notes
        was_called = result.verdict not in (Verdict.SKIPPED, Verdict.FORBIDDEN) and not is_told
        mistake = result.misconception if is_missed else None
        is_repeated = mistake is not None and mistake.id in explained
        if mistake is not None:
            explained.add(mistake.id)
        why = result.explanation if is_missed else None
        code = ""
        if why is not None and not is_told and _code_of(why):
            # The same exception is told once, and the same lines are shown once.
            same = next((title for earlier, title in raised if earlier == why), None)
            if all(_code_of(earlier) != _code_of(why) for earlier, _ in raised):
                code = _code_of(why)
            raised.append((why, result.title))
            if same is not None:
                why = Explanation("check.as_at", {"check": same})
        yield CheckView(
            name=result.name if is_open else "",
            title=result.title,
            hidden=not result.visible,
            verdict=result.verdict,
            earned=result.earned,
            points=result.points,
            mistake=bilingual("feedback.same_mistake") if is_repeated else mistake.text if mistake else None,
            mistake_id=mistake.id if mistake is not None and is_instructor else "",
            why=bilingual("check.see_notes") if is_told else _why(result.verdict, why, titles),
            code=code,
            # Which of the notes a hidden check is told by is nothing to be known.
            place="" if why is None or (is_told and not is_open) else str(why.values.get("place", "")),
            is_told=is_told,
            call=result.call if is_missed and was_called else "",
            output=result.output.strip()[:LONGEST_OUTPUT] if is_missed and not is_question else "",
            difference=why.difference if why is not None else None,
            seconds=result.seconds if is_open else None,
            kind=result.kind,
            answer=result.output if is_question else "",
            is_read=result.is_read,
            rubric=_rubric(result.explanation) if is_question and is_instructor else None,
            attachments=result.attachments if is_instructor else (),
        )


def _code_of(explanation: Explanation) -> str:
    """Return the student's lines that an explanation is about; of a process that ended, the value is its exit code."""
    code = explanation.values.get("code", "")
    return code if isinstance(code, str) else ""


def _why(verdict: Verdict, why: Explanation | None, titles: Mapping[str, Text]) -> Text | None:
    """Return why a check did not pass."""
    if why is None:
        return None
    if verdict is Verdict.SKIPPED and "after" in why.values:
        # A function's name says nothing to who never saw the file, and may be a hidden one's.
        title = titles.get(str(why.values["after"]))
        if title is None:
            return bilingual("check.skipped_alone")
        why = replace(why, values={**why.values, "after": title})
    return _explained(why)


def _rubric(explanation: Explanation | None) -> Text | None:
    rubric = None if explanation is None else explanation.values.get("rubric")
    return None if rubric is None else Text(rubric)


def _explained(why: Explanation) -> Text:
    return in_every_language(lambda language: explain(why, language))


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is said of a file as a whole."""

    explanation: Explanation

    @property
    def text(self) -> Text:
        """Return it as a sentence."""
        return _explained(self.explanation)

    @property
    def code(self) -> str:
        """Return the student's line that it is about, with a line below that points into it; empty where there is none."""
        return _code_of(self.explanation)


def notes_of(grade: Grade, *, is_instructor: bool = False) -> list[Note]:
    """Return what there is to say of the file as a whole.

    Why it could not be graded is for the instructor: our own fault may tell what a check is about. So is what the file
    did after a hidden check's input was in its reach.
    """
    if is_instructor:
        return [Note(note) for note in grade.notes]
    notes = () if grade.verdict is Verdict.UNGRADED else grade.notes
    return [Note(note) for note in notes if not note.values.get("after_hidden")]
