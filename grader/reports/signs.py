"""How each verdict looks: one row for each."""

from __future__ import annotations

from dataclasses import dataclass

from grader.messages.sentences import bilingual
from grader.model import Grade, Text, Verdict


@dataclass(frozen=True, slots=True)
class Sign:
    """How a verdict looks."""

    mark: str
    """What stands before a check: `✗` says that the student has something to mend."""
    style: str
    """The terminal's style."""
    fill: str
    """The colour of its bar in a chart."""
    dark_fill: str = ""
    """The colour on a dark page, where that is another."""
    letter: str = ""
    """What stands beside the points in a table; `cli.legend` explains the letters."""
    junit: str = "error"
    """The element of JUnit's XML; empty where a check passed."""


SIGNS = {
    Verdict.PASSED: Sign("✓", "green", "#2f7fc1", junit=""),
    Verdict.PARTIAL: Sign("◐", "green", "#7fb0dd", junit=""),
    Verdict.WAITING: Sign("…", "cyan", "#5aa6a6", letter="…", junit="skipped"),
    Verdict.FAILED: Sign("✗", "red", "#e08a2e", junit="failure"),
    Verdict.ERROR: Sign("✗", "red", "#b3572b", letter="E"),
    Verdict.TIMEOUT: Sign("✗", "magenta", "#8e6bbf", "#a98bdb", "T"),
    Verdict.MEMORY: Sign("✗", "magenta", "#6f4aa8", "#8a68c9", "M"),
    Verdict.CRASHED: Sign("✗", "magenta", "#4b2f7d", "#7c5bbf", "C"),
    Verdict.FORBIDDEN: Sign("✗", "magenta", "#a8324a", letter="F", junit="failure"),
    Verdict.NOT_ATTEMPTED: Sign("✗", "yellow", "#9aa4b1", junit="failure"),
    Verdict.SKIPPED: Sign("–", "dim", "#c3cad3", junit="skipped"),
    Verdict.UNGRADED: Sign("!", "bold yellow", "#e6c300", letter="!", junit="skipped"),
}
"""In the order in which charts and tables show them."""


def verdict_text(verdict: Verdict, *, is_read: bool = False) -> Text:
    """Return what a verdict is called; an answer that was read waits for no person."""
    return bilingual("question.read_here" if is_read else f"verdict.{verdict}")


def grade_text(grade: Grade) -> Text:
    """Return what a grade is called: its verdict, or that nothing was handed in."""
    if grade.verdict is Verdict.NOT_ATTEMPTED and not grade.path:
        return bilingual("report.no_file")
    return verdict_text(grade.verdict, is_read=grade.verdict is Verdict.WAITING and not grade.waiting)
