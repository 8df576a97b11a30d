"""Results -> points. Pure."""

from __future__ import annotations

from grader.model import CheckResult, Verdict, summary_verdict

__all__ = ["score"]


def score(results: tuple[CheckResult, ...]) -> tuple[float, Verdict]:
    """Return the points of an exercise's checks together, and their gravest verdict.

    A check earns its points when it passed and nothing otherwise: no evidence, no points. An exercise with an ungraded
    check is ungraded as a whole; what its other checks earned is kept beside that.
    """
    earned = sum(result.earned for result in results if result.verdict is Verdict.PASSED)
    return earned, summary_verdict([result.verdict for result in results])
