"""The sign, letter and style of each verdict."""

from __future__ import annotations

from grader.model import Verdict

__all__ = ["LETTERS", "SIGNS", "STYLES"]


STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.ERROR: "red",
    Verdict.TIMEOUT: "magenta",
    Verdict.MEMORY: "magenta",
    Verdict.CRASHED: "magenta",
    Verdict.FORBIDDEN: "magenta",
    Verdict.NOT_ATTEMPTED: "yellow",
    Verdict.SKIPPED: "dim",
    Verdict.UNGRADED: "bold yellow",
}

SIGNS = {Verdict.PASSED: "✓", Verdict.SKIPPED: "–", Verdict.UNGRADED: "!"}

LETTERS = {
    Verdict.UNGRADED: "!",
    Verdict.FORBIDDEN: "F",
    Verdict.TIMEOUT: "T",
    Verdict.MEMORY: "M",
    Verdict.CRASHED: "C",
    Verdict.ERROR: "E",
}
