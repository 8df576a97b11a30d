"""What several students did alike: the misconceptions of a class, and equal wrong outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.model import CheckResult, Difference, Grade, Misconception, Verdict
from grader.reports.views import CheckView, instructor_view


@dataclass(frozen=True, slots=True)
class MistakeFigures:
    """A misconception and who has it."""

    exercise: str
    misconception: Misconception
    students: tuple[str, ...]
    share: float
    """Of the students of the class."""
    example: CheckView
    """A check that shows it, with the tensors where there are any."""


@dataclass(frozen=True, slots=True)
class SameOutput:
    """Students whose code returns the same wrong tensor to the same check."""

    exercise: str
    check: CheckView
    """One of theirs, for the check's name, title and tensors."""
    students: tuple[str, ...]


def mistake_figures(grades: Sequence[Grade]) -> tuple[MistakeFigures, ...]:
    """Return the misconceptions that were named, the most common first."""
    students = {grade.student for grade in grades}
    holders: dict[tuple[str, str], dict[str, None]] = {}
    examples: dict[tuple[str, str], CheckResult] = {}
    for grade in grades:
        for result in grade.checks:
            if result.misconception is None:
                continue
            key = (grade.exercise, result.misconception.id)
            holders.setdefault(key, {})[grade.student] = None
            if key not in examples or _tells_more(result, examples[key]):
                examples[key] = result
    figures = []
    for key, who in holders.items():
        misconception = examples[key].misconception
        assert misconception is not None
        (example,) = instructor_view([examples[key]])
        share = len(who) / len(students)
        figures.append(MistakeFigures(key[0], misconception, tuple(sorted(who)), share, example))
    return tuple(
        sorted(figures, key=lambda item: (-len(item.students), item.exercise, item.misconception.id))
    )


def _difference(result: CheckResult) -> Difference | None:
    return result.explanation.difference if result.explanation is not None else None


def _tells_more(new: CheckResult, old: CheckResult) -> bool:
    """Return whether a result shows a mistake better: with tensors small enough to be drawn, in a visible check."""
    return _telling(new) > _telling(old)


def _telling(result: CheckResult) -> tuple[bool, bool]:
    difference = _difference(result)
    return difference is not None and difference.actual.cells is not None, result.visible


def same_outputs(grades: Sequence[Grade]) -> tuple[SameOutput, ...]:
    """Return the groups of students whose code returns the same wrong tensor to a check, the largest first.

    That says nothing of where it comes from: a common misunderstanding gives the same numbers too. Tensors too large
    to be kept whole count as the same where all that is kept of them is.
    """
    members: dict[tuple[object, ...], dict[str, tuple[str, str]]] = {}
    examples: dict[tuple[object, ...], CheckResult] = {}
    for grade in grades:
        for result in grade.checks:
            difference = _difference(result)
            if result.verdict is not Verdict.FAILED or difference is None or difference.actual.shape is None:
                continue
            key = (grade.exercise, result.name, *_fingerprint(difference))
            members.setdefault(key, {})[grade.student] = (grade.group, "" if grade.group else grade.student)
            examples.setdefault(key, result)
    groups = [
        SameOutput(str(key[0]), view, tuple(sorted(who)))
        for key, who in members.items()
        # What a group hands in together is no likeness.
        if len({*who.values()}) > 1
        for view in instructor_view([examples[key]])
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.students), group.exercise, group.check.name)))


def _fingerprint(difference: Difference) -> tuple[object, ...]:
    view = difference.actual
    if view.cells is not None:
        return view.shape, view.dtype, view.cells
    return view.shape, view.dtype, difference.wrong_count, difference.first, difference.largest_error
