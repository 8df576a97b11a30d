"""What a student is told of a hidden check: one of a few kinds, each with a sentence that is the same for everybody.

A submission may do what it likes with a hidden input: raise one of many exceptions, print, die of a signal, and a worker may
answer anything at all. Whatever of that is shown carries the input out, so that nothing is, but the kind. `docs/security.md`
counts the bits of this list, and a test holds it to that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from grader.messages.sentences import points_count, points_text, text
from grader.model import CheckResult, Explanation, Language, Verdict

_KINDS: dict[Verdict, tuple[Verdict, str]] = {
    Verdict.PASSED: (Verdict.PASSED, ""),
    # The check's property is its title; in what a value is wrong may be a number that the student chose.
    Verdict.FAILED: (Verdict.FAILED, ""),
    Verdict.ERROR: (Verdict.ERROR, "check.hidden_error"),
    Verdict.MEMORY: (Verdict.ERROR, "check.hidden_error"),
    Verdict.CRASHED: (Verdict.ERROR, "check.hidden_error"),
    Verdict.NOT_ATTEMPTED: (Verdict.ERROR, "check.hidden_error"),
    Verdict.TIMEOUT: (Verdict.TIMEOUT, "check.hidden_timeout"),
    Verdict.FORBIDDEN: (Verdict.FORBIDDEN, "check.hidden_forbidden"),
    # Our own fault may tell what the check is about.
    Verdict.UNGRADED: (Verdict.UNGRADED, ""),
}
"""Each verdict as a student reads it, and the sentence with it. What is skipped follows from another check's verdict; those
of questions are never a hidden check's."""


def hidden_points_text(points: float, language: Language) -> str:
    """Return how many points there are beyond those of the checks that students have."""
    values = {"count": points_count(points), "points": points_text(points)}
    return text("report.hidden_points", language, **values)


def told_to_student(results: Sequence[CheckResult], notes: Collection[Explanation]) -> Iterator[CheckResult]:
    """Yield an exercise's results as their student may know them; `notes` is what they read of the file as a whole."""
    errors = (
        result
        for result in results
        if result.visible and _KINDS.get(result.verdict, ("",))[0] is Verdict.ERROR
        if result.explanation not in notes
    )
    # One alone: with more of them, which one a hidden check is like would be one more thing to choose.
    first = next(errors, None)
    for result in results:
        yield result if result.visible else _told(result, first, notes)


def _told(result: CheckResult, first: CheckResult | None, notes: Collection[Explanation]) -> CheckResult:
    told = replace(result, call="", output="", attachments=())
    if result.verdict is Verdict.SKIPPED:
        return told
    verdict, key = _KINDS.get(result.verdict, _KINDS[Verdict.UNGRADED])
    told = replace(told, verdict=verdict, explanation=Explanation(key) if key else None)
    if verdict not in (Verdict.ERROR, Verdict.TIMEOUT):
        return told if verdict is Verdict.FAILED else replace(told, misconception=None)
    if result.misconception is not None and verdict is Verdict.ERROR:
        return replace(told, explanation=None)
    told = replace(told, misconception=None)
    if result.explanation in notes:
        return replace(told, explanation=result.explanation)
    if first is not None and _is_same_code(result, first):
        # What that was is told there, once.
        return replace(
            told, verdict=first.verdict, explanation=Explanation("check.as_at", {"check": first.title})
        )
    return told


def _is_same_code(one: CheckResult, other: CheckResult) -> bool:
    """Return whether two checks failed at the same place in the same way, whatever the exception says of its values."""
    return one.verdict is other.verdict and _without_text(one) == _without_text(other)


def _without_text(result: CheckResult) -> Explanation | None:
    why = result.explanation
    return None if why is None else replace(why, values={**why.values, "message": "", "near": "", "code": ""})
